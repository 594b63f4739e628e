//! `AttachmentService`.

use std::{pin::Pin, time::Duration};

use futures::{Stream, StreamExt as _, stream};
use proto::contracts::v1::{self as pb, attachment_service_server::AttachmentService};
use rpc::{Broken, Error, Upload};
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
        let parts = |message: pb::UploadAttachmentRequest| (message.header, message.chunk);
        let mut upload = Upload::new(&call, messages, SILENCE, parts, refused);
        let header = upload.header().await?;
        let expected = Expected::allow(&self.0, &call, header).await?;
        let told = expected.size();
        let other_size = |received| Error::from(Unfit::Size { told, received });
        let bytes = upload.file(told, other_size).await?;
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

/// What is wrong with the course of an upload.
fn refused(broken: Broken) -> Error {
    Error::from(match broken {
        Broken::HeaderExpected => Unfit::HeaderExpected,
        Broken::ChunkExpected => Unfit::ChunkExpected,
        Broken::Stalled { seconds } => Unfit::Stalled { seconds },
    })
}
