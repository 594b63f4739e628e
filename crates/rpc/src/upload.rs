//! Files that clients send in a stream: what the file is, alone in the first message, then its bytes.

use std::time::Duration;

use proto::Validate;
use tonic::{Status, Streaming};

use crate::{Call, Error};

/// What is wrong with the course of an upload; each service refuses it in its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The first message does not say what the file is, or carries bytes too, which would be easy to lose.
    HeaderExpected,
    /// A later message says again what the file is.
    ChunkExpected,
    /// No message came for so long.
    Stalled { seconds: u64 },
}

/// The header of a message, if it has one, and its bytes.
type Parts<H> = (Option<H>, Vec<u8>);

/// An upload under way: messages `M` that hold a header `H` or bytes.
pub struct Upload<'a, M, H> {
    call: &'a Call,
    messages: Streaming<M>,
    silence: Duration,
    parts: fn(M) -> Parts<H>,
    refuse: fn(Broken) -> Error,
}

impl<'a, M: Validate, H> Upload<'a, M, H> {
    /// `silence` is the longest wait for the next message, `parts` gives the header and the bytes of one.
    pub fn new(
        call: &'a Call,
        messages: Streaming<M>,
        silence: Duration,
        parts: fn(M) -> Parts<H>,
        refuse: fn(Broken) -> Error,
    ) -> Self {
        Self {
            call,
            messages,
            silence,
            parts,
            refuse,
        }
    }

    /// What the first message says.
    pub async fn header(&mut self) -> Result<H, Status> {
        match self.next().await? {
            Some((Some(header), chunk)) if chunk.is_empty() => Ok(header),
            _ => Err((self.refuse)(Broken::HeaderExpected).into()),
        }
    }

    /// The bytes of the next message; none once the client says that there are no more.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Status> {
        match self.next().await? {
            None => Ok(None),
            Some((None, chunk)) => Ok(Some(chunk)),
            Some((Some(_), _)) => Err((self.refuse)(Broken::ChunkExpected).into()),
        }
    }

    /// All the bytes. Receiving stops as soon as there are more than `most`: `too_many` says how many had come.
    pub async fn file(
        &mut self,
        most: u64,
        too_many: impl Fn(u64) -> Error,
    ) -> Result<Vec<u8>, Status> {
        let mut file = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            let received = (file.len() + chunk.len()) as u64;
            if received > most {
                return Err(too_many(received).into());
            }
            file.extend_from_slice(&chunk);
        }
        Ok(file)
    }

    async fn next(&mut self) -> Result<Option<Parts<H>>, Status> {
        let (silence, refuse) = (self.silence, self.refuse);
        let stalled = |_| {
            refuse(Broken::Stalled {
                seconds: silence.as_secs(),
            })
        };
        let message = tokio::time::timeout(silence, self.messages.message())
            .await
            .map_err(stalled)??;
        if let Some(message) = &message {
            self.call.validate(message)?;
        }
        Ok(message.map(self.parts))
    }
}
