//! How e-mails leave: over SMTP, or into a folder where a developer reads them.

use std::{path::PathBuf, time::Duration};

use anyhow::Context as _;
use lettre::{
    AsyncFileTransport, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};

use crate::store::notice::Queued;

/// Longest wait for a mail server.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends e-mails from one address.
#[derive(Debug, Clone)]
pub struct Mailer {
    from: Mailbox,
    transport: Transport,
}

#[derive(Debug, Clone)]
enum Transport {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(AsyncFileTransport<Tokio1Executor>),
}

impl Mailer {
    /// From `CPOM_MAIL_URL` and `CPOM_MAIL_FROM`; none when no URL is set.
    ///
    /// # Errors
    /// When the URL or the address is not one.
    pub fn from_env() -> anyhow::Result<Option<Self>> {
        let Ok(url) = std::env::var("CPOM_MAIL_URL") else {
            return Ok(None);
        };
        let from = std::env::var("CPOM_MAIL_FROM").context("CPOM_MAIL_FROM is not set")?;
        Self::new(&url, &from).map(Some)
    }

    /// `url` is `smtp://host:port`, `smtps://login:password@host:port`, `smtp://…?tls=required`, or
    /// `file:///folder`, where each e-mail becomes a file.
    ///
    /// # Errors
    /// When the URL or the address is not one, or the folder cannot be made.
    pub fn new(url: &str, from: &str) -> anyhow::Result<Self> {
        let from = from
            .parse()
            .with_context(|| format!("CPOM_MAIL_FROM={from} is not an address"))?;
        let transport = if let Some(folder) = url.strip_prefix("file://") {
            let folder = PathBuf::from(folder);
            std::fs::create_dir_all(&folder)
                .with_context(|| format!("the mail folder {}", folder.display()))?;
            Transport::Folder(AsyncFileTransport::new(folder))
        } else {
            let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                .context("CPOM_MAIL_URL is not a URL of a mail server")?;
            Transport::Smtp(smtp.timeout(Some(PATIENCE)).build())
        };
        Ok(Self { from, transport })
    }

    /// Sends one e-mail. Its identifier stays the same however often it is sent.
    pub(super) async fn send(&self, queued: &Queued) -> anyhow::Result<()> {
        let domain = self.from.email.domain();
        let message = Message::builder()
            .from(self.from.clone())
            .to(queued.recipient.parse().context("the recipient")?)
            .message_id(Some(format!("<{}@{domain}>", queued.id)))
            .subject(&queued.content.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(queued.content.body.clone())?;
        match &self.transport {
            Transport::Smtp(smtp) => {
                smtp.send(message).await?;
            }
            Transport::Folder(folder) => {
                folder.send(message).await?;
            }
        }
        Ok(())
    }
}
