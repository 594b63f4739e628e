//! Files on their way in and out.

use proto::contracts::v1::{
    Attachment, AttachmentHeader, DownloadAttachmentRequest, UploadAttachmentRequest,
    attachment_service_client::AttachmentServiceClient,
};
use rpc::client::Peer;
use testkit::Persona;
use tonic::Status;

use super::World;

/// What is told of a file with these bytes.
pub(crate) fn told((file_name, bytes): (&str, &[u8])) -> Attachment {
    let is_pdf = file_name.to_ascii_lowercase().ends_with(".pdf");
    let media_type = if is_pdf {
        "application/pdf"
    } else {
        "text/plain"
    };
    Attachment {
        file_name: file_name.into(),
        media_type: media_type.into(),
        size_bytes: i64::try_from(bytes.len()).unwrap(),
        sha256: hex::encode(objects::hash(bytes)),
    }
}

impl World {
    fn files(&self, who: &Persona) -> AttachmentServiceClient<Peer> {
        AttachmentServiceClient::new(self.service.peer(who))
    }

    /// Sends these messages.
    pub(crate) async fn upload(
        &self,
        who: &Persona,
        messages: Vec<UploadAttachmentRequest>,
    ) -> Result<Attachment, Status> {
        let messages = tokio_stream::iter(messages);
        let kept = self.files(who).upload_attachment(messages).await?;
        Ok(kept.into_inner())
    }

    /// Sends a file for a review or procedure.
    pub(crate) async fn keep_file(
        &self,
        who: &Persona,
        parent: &str,
        file: (&str, &[u8]),
    ) -> Result<Attachment, Status> {
        let messages = messages(parent, &told(file), file.1);
        self.upload(who, messages).await
    }

    /// The bytes of a file that a review or procedure names.
    pub(crate) async fn download(
        &self,
        who: &Persona,
        parent: &str,
        attachment: &Attachment,
    ) -> Result<Vec<u8>, Status> {
        let request = DownloadAttachmentRequest {
            parent: parent.into(),
            sha256: attachment.sha256.clone(),
        };
        let mut messages = self
            .files(who)
            .download_attachment(request)
            .await?
            .into_inner();
        let mut bytes = vec![];
        while let Some(message) = messages.message().await? {
            if let Some(told) = &message.attachment {
                assert_eq!(told, attachment);
            }
            bytes.extend(message.chunk);
        }
        Ok(bytes)
    }
}

/// The messages that send a file, whatever is told of it.
pub(crate) fn messages(
    parent: &str,
    told: &Attachment,
    bytes: &[u8],
) -> Vec<UploadAttachmentRequest> {
    let header = AttachmentHeader {
        parent: parent.into(),
        attachment: Some(told.clone()),
    };
    let mut messages = vec![UploadAttachmentRequest {
        header: Some(header),
        chunk: vec![],
    }];
    messages.extend(bytes.chunks(1_000).map(|chunk| UploadAttachmentRequest {
        header: None,
        chunk: chunk.to_vec(),
    }));
    messages
}
