//! Files that arrive in a stream: a header, then chunks.

use std::{io, time::Duration};

use proto::{Validate, targets::v1 as pb};
use rpc::{Call, Error};
use sha2::{Digest as _, Sha256};
use store::Command;
use tokio::sync::mpsc;
use tonic::{Status, Streaming};

use crate::{domain::DataRefusal, files::Read};

/// Largest file that is held in memory: reference data.
const FILE_BYTES: usize = 64 * 1024 * 1024;
/// Longest silence between two messages.
const SILENCE: Duration = Duration::from_secs(30);
/// Chunks that wait to be read.
const WAITING: usize = 16;

/// What the first message of an upload says.
pub(crate) trait Header: prost::Message {
    fn request_id(&self) -> &str;
    fn is_dry_run(&self) -> bool;
}

/// A message of an upload.
pub(crate) trait Part: Validate {
    type Header: Header;
    fn take(self) -> (Option<Self::Header>, Vec<u8>);
}

macro_rules! part {
    ($message:ident, $header:ident) => {
        impl Part for pb::$message {
            type Header = pb::$header;
            fn take(self) -> (Option<pb::$header>, Vec<u8>) {
                (self.header, self.chunk)
            }
        }

        impl Header for pb::$header {
            fn request_id(&self) -> &str {
                &self.request_id
            }
            fn is_dry_run(&self) -> bool {
                self.dry_run
            }
        }
    };
}

part!(ImportNomenclatureRequest, NomenclatureHeader);
part!(ImportTerritoriesRequest, TerritoriesHeader);
part!(ImportOutlinesRequest, OutlinesHeader);
part!(ImportPopulationRequest, PopulationHeader);
part!(ImportCaseMixRequest, CaseMixHeader);
part!(ImportFinancesRequest, FinancesHeader);

/// An upload under way.
pub(crate) struct Upload<'a, M> {
    call: &'a Call,
    messages: Streaming<M>,
}

impl<'a, M: Part> Upload<'a, M> {
    pub(crate) fn new(call: &'a Call, messages: Streaming<M>) -> Self {
        Self { call, messages }
    }

    /// What the first message says.
    pub(crate) async fn header(&mut self) -> Result<M::Header, Status> {
        let header = self.next().await?.and_then(|message| match message.take() {
            (Some(header), chunk) if chunk.is_empty() => Some(header),
            _ => None,
        });
        Ok(header
            .ok_or(DataRefusal::HeaderExpected)
            .map_err(Error::from)?)
    }

    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Status> {
        match self.next().await?.map(Part::take) {
            None => Ok(None),
            Some((None, chunk)) => Ok(Some(chunk)),
            Some((Some(_), _)) => Err(Error::from(DataRefusal::ChunkExpected).into()),
        }
    }

    /// The bytes of a small file.
    pub(crate) async fn file(mut self) -> Result<Uploaded, Status> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            if bytes.len() + chunk.len() > FILE_BYTES {
                return Err(Error::from(DataRefusal::FileTooLarge { limit: FILE_BYTES }).into());
            }
            bytes.extend_from_slice(&chunk);
        }
        let sha256 = hex::encode(Sha256::digest(&bytes));
        Ok(Uploaded { bytes, sha256 })
    }

    /// Hands a large file over chunk by chunk to `work`, which runs on a thread of its own. Returns what the work gave
    /// and the SHA-256 of the bytes.
    pub(crate) async fn through<T: Send + 'static>(
        mut self,
        work: impl FnOnce(Chunks) -> T + Send + 'static,
    ) -> Result<(T, String), Status> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let work = tokio::task::spawn_blocking(move || {
            work(Chunks {
                receiver,
                current: io::Cursor::default(),
            })
        });
        let mut sha256 = Sha256::new();
        while let Some(chunk) = self.chunk().await? {
            sha256.update(&chunk);
            // A reader that has seen enough does not stop the upload: its checksum is still wanted.
            let _ = sender.send(chunk).await;
        }
        drop(sender);
        let result = work.await.map_err(Error::internal)?;
        Ok((result, hex::encode(sha256.finalize())))
    }

    async fn next(&mut self) -> Result<Option<M>, Status> {
        let stalled = |_| {
            let seconds = SILENCE.as_secs();
            Error::from(DataRefusal::UploadStalled { seconds })
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

/// A file that arrived.
pub(crate) struct Uploaded {
    pub(crate) bytes: Vec<u8>,
    pub(crate) sha256: String,
}

/// A file that was read.
pub(crate) struct File<T> {
    pub(crate) read: Read<T>,
    pub(crate) sha256: String,
}

/// The chunks of a file as one text, for a reader on a thread of its own.
pub(crate) struct Chunks {
    receiver: mpsc::Receiver<Vec<u8>>,
    current: io::Cursor<Vec<u8>>,
}

impl io::Read for Chunks {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = io::Read::read(&mut self.current, into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            match self.receiver.blocking_recv() {
                Some(chunk) => self.current = io::Cursor::new(chunk),
                None => return Ok(0),
            }
        }
    }
}

/// Reads a file that arrived, on a thread of its own.
pub(crate) async fn reading<T: Send + 'static>(
    bytes: Vec<u8>,
    read: impl FnOnce(&[u8]) -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(move || read(&bytes))
        .await
        .map_err(Error::internal)
}

/// The command of an import: the header and the bytes of the file.
pub(crate) fn command(
    call: &Call,
    clock: &kernel::Clock,
    header: &impl Header,
    sha256: &str,
) -> Result<Command, Error> {
    let command = call.command(header.request_id(), header)?;
    let fingerprint = Sha256::new()
        .chain_update(command.fingerprint)
        .chain_update(sha256)
        .finalize()
        .into();
    // The last byte may come minutes after the call began.
    Ok(Command {
        fingerprint,
        at: clock.now(),
        ..command
    })
}
