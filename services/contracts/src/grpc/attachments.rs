//! `AttachmentService`.

use std::{pin::Pin, time::Duration};

use futures::{Stream, StreamExt as _, stream};
use proto::contracts::v1::{self as pb, attachment_service_server::AttachmentService};
use rpc::{Call, Error};
use tonic::{Request, Response, Status, Streaming};

use crate::app::{
    App,
    attachments::{self, Expected, Unfit},
};

/// Longest wait for the next message.
const SILENCE: Duration = Duration::from_secs(30);
/// Bytes of one message.
const PIECE: usize = 64 * 1024;

/// Answers `AttachmentService`.
#[derive(Debug, Clone)]
pub(crate) struct Attachments(pub(crate) App);

#[tonic::async_trait]
impl AttachmentService for Attachments {
    async fn upload_attachment(
        &self,
        request: Request<Streaming<pb::UploadAttachmentRequest>>,
    ) -> Result<Response<pb::Attachment>, Status> {
        let (call, messages) = rpc::open(request)?;
        let mut upload = Upload {
            call: &call,
            messages,
        };
        let header = upload.header().await?;
        let expected = Expected::allow(&self.0, &call, header).await?;
        let bytes = upload.file(expected.size()).await?;
        Ok(Response::new(expected.keep(&self.0, &call, bytes).await?))
    }

    type DownloadAttachmentStream =
        Pin<Box<dyn Stream<Item = Result<pb::DownloadAttachmentResponse, Status>> + Send>>;

    async fn download_attachment(
        &self,
        request: Request<pb::DownloadAttachmentRequest>,
    ) -> Result<Response<Self::DownloadAttachmentStream>, Status> {
        let (call, request) = rpc::accept(request)?;
        let (attachment, bytes) = attachments::get(&self.0, &call, request).await?;
        let header = pb::DownloadAttachmentResponse {
            attachment: Some(attachment),
            chunk: Vec::new(),
        };
        let chunks: Vec<_> = bytes
            .chunks(PIECE)
            .map(|chunk| pb::DownloadAttachmentResponse {
                attachment: None,
                chunk: chunk.to_vec(),
            })
            .collect();
        let messages = stream::once(async { header }).chain(stream::iter(chunks));
        Ok(Response::new(Box::pin(messages.map(Ok))))
    }
}

/// An upload under way.
struct Upload<'a> {
    call: &'a Call,
    messages: Streaming<pb::UploadAttachmentRequest>,
}

impl Upload<'_> {
    /// What the first message says. Bytes beside it would be easy to lose, so there are none.
    async fn header(&mut self) -> Result<pb::AttachmentHeader, Status> {
        let first = self.next().await?;
        let alone = first.filter(|message| message.chunk.is_empty());
        let header = alone.and_then(|message| message.header);
        Ok(header.ok_or(Unfit::HeaderExpected).map_err(Error::from)?)
    }

    /// The bytes of all the others. Receiving stops as soon as there are more than were told.
    async fn file(&mut self, told: u64) -> Result<Vec<u8>, Status> {
        let mut file = Vec::new();
        while let Some(message) = self.next().await? {
            if message.header.is_some() {
                return Err(Error::from(Unfit::ChunkExpected).into());
            }
            file.extend_from_slice(&message.chunk);
            let received = file.len() as u64;
            if received > told {
                return Err(Error::from(Unfit::Size { told, received }).into());
            }
        }
        Ok(file)
    }

    async fn next(&mut self) -> Result<Option<pb::UploadAttachmentRequest>, Status> {
        let stalled = |_| {
            Error::from(Unfit::Stalled {
                seconds: SILENCE.as_secs(),
            })
        };
        let message = tokio::time::timeout(SILENCE, self.messages.message())
            .await
            .map_err(stalled)??;
        if let Some(message) = &message {
            self.call.validate(message)?;
        }
        Ok(message)
    }
}
