//! The messages of an upload: a header, then bytes, within limits.

use proto::establishments::v1::{ImportHeader, ImportRegistryRequest};
use rpc::{Call, Error};
use tonic::{Status, Streaming};

use crate::app::{Limits, refusal::Refusal};

/// An upload under way.
pub(super) struct Upload<'a> {
    call: &'a Call,
    messages: Streaming<ImportRegistryRequest>,
    limits: Limits,
}

impl<'a> Upload<'a> {
    pub(super) fn new(
        call: &'a Call,
        messages: Streaming<ImportRegistryRequest>,
        limits: Limits,
    ) -> Self {
        Self {
            call,
            messages,
            limits,
        }
    }

    /// What the first message says. Bytes beside it would be easy to lose, so there are none.
    pub(super) async fn header(&mut self) -> Result<ImportHeader, Status> {
        let first = self.next().await?;
        let alone = first.filter(|message| message.chunk.is_empty());
        let header = alone.and_then(|message| message.header);
        Ok(header.ok_or(Refusal::HeaderExpected).map_err(Error::from)?)
    }

    /// The bytes of all the others, until the client says that there are no more.
    pub(super) async fn file(&mut self) -> Result<Vec<u8>, Status> {
        let limit = self.limits.file_bytes;
        let mut file = Vec::new();
        while let Some(message) = self.next().await? {
            if message.header.is_some() {
                return Err(Error::from(Refusal::ChunkExpected).into());
            }
            if file.len() + message.chunk.len() > limit {
                return Err(Error::from(Refusal::FileTooLarge { limit }).into());
            }
            file.extend_from_slice(&message.chunk);
        }
        Ok(file)
    }

    async fn next(&mut self) -> Result<Option<ImportRegistryRequest>, Status> {
        let silence = self.limits.silence;
        let stalled = |_| {
            Error::from(Refusal::UploadStalled {
                seconds: silence.as_secs(),
            })
        };
        let message = tokio::time::timeout(silence, self.messages.message())
            .await
            .map_err(stalled)??;
        if let Some(message) = &message {
            self.call.validate(message)?;
        }
        Ok(message)
    }
}
