//! The portal as a program, and somebody who is signed in to it.

use std::{
    fs::File,
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use cpom_tests::suite::{Service, Suite, find_program, free_port};
use kernel::Clock;
use reqwest::header::{ACCEPT_ENCODING, COOKIE};
use sha2::{Digest as _, Sha256};
use testkit::{Persona, TestDatabase};

const START_LIMIT: Duration = Duration::from_secs(20);
const SECRET: &str = "load";

/// Somebody with a browser. The portal is killed with the value.
pub(super) struct Visitor {
    portal: Child,
    database: TestDatabase,
    http: reqwest::Client,
    url: String,
}

impl Visitor {
    /// Starts a portal over the services of the suite, with a session such as a sign-in leaves.
    pub(super) async fn sign_in(suite: &Suite, who: &Persona) -> anyhow::Result<Self> {
        let database = TestDatabase::new(&portal::DEFINITION).await;
        let listen = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let url = format!("http://{listen}");
        let mut program = Command::new(find_program("portal")?);
        program
            .arg("serve")
            .env("CPOM_LISTEN", listen.to_string())
            .env("CPOM_ADMIN_LISTEN", format!("127.0.0.1:{}", free_port()?))
            .env("CPOM_PORTAL_DATABASE_URL", &database.url)
            .env("CPOM_PORTAL_URL", &url)
            .env("CPOM_ISSUER", &url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create("/dev/null")?);
        for service in Service::ALL {
            let variable = format!("CPOM_{}_URL", service.name().to_uppercase());
            program.env(variable, suite.url(service)?);
        }
        let visitor = Self {
            portal: program.spawn().context("starting the portal")?,
            database,
            http: reqwest::Client::new(),
            url,
        };
        visitor.keep_session(&suite.setup.issuer.token(who)).await?;
        let limit = Instant::now() + START_LIMIT;
        while let Err(error) = visitor.page("/travail").await {
            anyhow::ensure!(
                Instant::now() < limit,
                "the portal does not answer: {error:#}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(visitor)
    }

    async fn keep_session(&self, token: &str) -> anyhow::Result<()> {
        let now = Clock::system().now();
        sqlx::query(
            "insert into session
                 (id_hash, subject, display_name, roles, regions, finess, access_token, id_token, form_token,
                  started_at, seen_at, ends_at)
             values ($1, 'load', 'Charge', '{contract_manager}', '{*}', '{}', $2, '', 'load', $3, $3, $4)",
        )
        .bind(Sha256::digest(SECRET).to_vec())
        .bind(token)
        .bind(now)
        .bind(now + time::Duration::hours(8))
        .execute(&mut self.database.owner().await)
        .await?;
        Ok(())
    }

    pub(super) fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// A page, whole.
    pub(super) async fn page(&self, path: &str) -> anyhow::Result<String> {
        let answer = self
            .http
            .get(format!("{}{path}", self.url))
            .header(COOKIE, format!("__Host-cpom-session={SECRET}"))
            .send()
            .await?;
        let (status, page) = (answer.status(), answer.text().await?);
        anyhow::ensure!(status.is_success(), "{path}: {status}");
        anyhow::ensure!(page.contains("</html>"), "{path} ends before its end");
        Ok(page)
    }

    /// What a browser receives at a first visit: the page, and the files that its head names, each compressed.
    pub(super) async fn first_visit_kilobytes(&self) -> anyhow::Result<f64> {
        let page = self.page("/").await?;
        let head = page.split("</head>").next().unwrap_or_default();
        let mut bytes = self.compressed_bytes("/").await?;
        for attribute in ["href=\"", "src=\""] {
            for rest in head.split(attribute).skip(1) {
                let path = rest.split('"').next().unwrap_or_default();
                if path.starts_with('/') {
                    bytes += self.compressed_bytes(path).await?;
                }
            }
        }
        Ok(f64::from(u32::try_from(bytes)?) / 1_000.0)
    }

    async fn compressed_bytes(&self, path: &str) -> anyhow::Result<usize> {
        let answer = self
            .http
            .get(format!("{}{path}", self.url))
            .header(ACCEPT_ENCODING, "gzip, br")
            .send()
            .await?
            .error_for_status()?;
        Ok(answer.bytes().await?.len())
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        let _gone = self.portal.kill();
        let _status = self.portal.wait();
    }
}
