//! The messages of an upload: what the file is, then its bytes, within limits.

use std::time::Duration;

use proto::controls::v1::{EvidenceHeader, UploadEvidenceRequest};
use rpc::{Call, Error};
use tonic::{Status, Streaming};

use crate::app::evidence::Refusal;

/// Longest wait for the next message.
const SILENCE: Duration = Duration::from_secs(30);

/// An upload under way.
pub(super) struct Upload<'a> {
    call: &'a Call,
    messages: Streaming<UploadEvidenceRequest>,
}

impl<'a> Upload<'a> {
    pub(super) fn new(call: &'a Call, messages: Streaming<UploadEvidenceRequest>) -> Self {
        Self { call, messages }
    }

    /// What the first message says. Bytes beside it would be easy to lose, so there are none.
    pub(super) async fn header(&mut self) -> Result<EvidenceHeader, Status> {
        let first = self.next().await?;
        let alone = first.filter(|message| message.chunk.is_empty());
        let header = alone.and_then(|message| message.header);
        Ok(header.ok_or(Refusal::HeaderExpected).map_err(Error::from)?)
    }

    /// The bytes of all the others. Receiving stops as soon as there are more than were told.
    pub(super) async fn file(&mut self, header: &EvidenceHeader) -> Result<Vec<u8>, Status> {
        let told = header.size_bytes.unsigned_abs();
        let mut file = Vec::new();
        while let Some(message) = self.next().await? {
            if message.header.is_some() {
                return Err(Error::from(Refusal::ChunkExpected).into());
            }
            file.extend_from_slice(&message.chunk);
            let received = file.len() as u64;
            if received > told {
                return Err(Error::from(Refusal::Size { told, received }).into());
            }
        }
        Ok(file)
    }

    async fn next(&mut self) -> Result<Option<UploadEvidenceRequest>, Status> {
        let stalled = |_| {
            Error::from(Refusal::Stalled {
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
