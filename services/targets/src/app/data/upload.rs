//! Files that arrive in a stream: a header, then chunks.

use std::{io, time::Duration};

use proto::{Validate, targets::v1 as pb};
use rpc::{Broken, Call, Error};
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
pub(crate) struct Upload<'a, M: Part>(rpc::Upload<'a, M, M::Header>);

/// What is wrong with the course of an upload.
fn refused(broken: Broken) -> Error {
    Error::from(match broken {
        Broken::HeaderExpected => DataRefusal::HeaderExpected,
        Broken::ChunkExpected => DataRefusal::ChunkExpected,
        Broken::Stalled { seconds } => DataRefusal::UploadStalled { seconds },
    })
}

impl<'a, M: Part> Upload<'a, M> {
    pub(crate) fn new(call: &'a Call, messages: Streaming<M>) -> Self {
        Self(rpc::Upload::new(call, messages, SILENCE, M::take, refused))
    }

    /// What the first message says.
    pub(crate) async fn header(&mut self) -> Result<M::Header, Status> {
        self.0.header().await
    }

    /// The bytes of a small file.
    pub(crate) async fn file(mut self) -> Result<Uploaded, Status> {
        let too_large = |_| Error::from(DataRefusal::FileTooLarge { limit: FILE_BYTES });
        let bytes = self.0.file(FILE_BYTES as u64, too_large).await?;
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
        while let Some(chunk) = self.0.chunk().await? {
            sha256.update(&chunk);
            // A reader that has seen enough does not stop the upload: its checksum is still wanted.
            let _ = sender.send(chunk).await;
        }
        drop(sender);
        let result = work.await.map_err(Error::internal)?;
        Ok((result, hex::encode(sha256.finalize())))
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

/// Whether the bytes that came are those that were looked at.
pub(crate) fn check_bytes(expected: &str, received: &str) -> Result<(), DataRefusal> {
    if expected == received {
        return Ok(());
    }
    Err(DataRefusal::ChecksumMismatch {
        expected: expected.to_owned(),
        received: received.to_owned(),
    })
}

/// The command of an import: the header and the bytes of the file.
pub(crate) fn command(
    call: &Call,
    clock: &kernel::Clock,
    header: &impl Header,
    sha256: &str,
) -> Result<Command, Error> {
    call.upload_command(header.request_id(), header, sha256, clock.now())
}
