//! Running the program.

use std::{env, io, path::PathBuf, process::Stdio, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, Command},
    sync::Semaphore,
    time::timeout,
};

use crate::{DEFECTIVE, Defect, Request};

/// The file name of the program.
pub const PROGRAM: &str = "cpom-typeset";
/// Documents that are set at a time, so that the memory they take together is known.
const TURNS: usize = 2;
/// Longest wait for a document, its turn included.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest answer, in bytes: some thousand pages.
const ANSWER_LIMIT: u64 = 16 * 1024 * 1024;
/// Longest complaint that is kept, in bytes.
const COMPLAINT_LIMIT: u64 = 4 * 1024;

/// Sets documents, two at a time. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Typesetter {
    folders: Vec<PathBuf>,
    patience: Duration,
    turns: Arc<Semaphore>,
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program is not there, or not yet.
    #[error("there is no {PROGRAM} in {}", .folder.display())]
    NotInstalled { folder: PathBuf },
    #[error("{} cannot be started: {source}", .program.display())]
    NotStarted { program: PathBuf, source: io::Error },
    /// The template or its data are wrong.
    #[error("the document cannot be set: {}", sentences(.0))]
    Defective(Vec<Defect>),
    #[error("the document was not set within {} ms", .0.as_millis())]
    TooLong(Duration),
    #[error("the document has more than {ANSWER_LIMIT} bytes")]
    TooLarge,
    /// The program ended without an answer: it wanted more memory than it may have, or it is broken.
    #[error("the program broke off: {0}")]
    Broken(String),
}

fn sentences(defects: &[Defect]) -> String {
    let sentences: Vec<String> = defects.iter().map(Defect::to_string).collect();
    sentences.join("; ")
}

impl Typesetter {
    /// The program that stands beside this one, whether it is there already or comes later. Cargo puts the programs of
    /// tests one folder deeper.
    ///
    /// # Errors
    /// When nobody knows where this program stands.
    pub fn beside_this_program() -> io::Result<Self> {
        let own = env::current_exe()?;
        let folders = own.ancestors().skip(1).take(2);
        Ok(Self::in_one_of(folders.map(PathBuf::from).collect()))
    }

    /// The program in the first of these folders that holds it when a document is asked for.
    pub fn in_one_of(folders: Vec<PathBuf>) -> Self {
        Self {
            folders,
            patience: PATIENCE,
            turns: Arc::new(Semaphore::new(TURNS)),
        }
    }

    fn program(&self) -> Result<PathBuf, Error> {
        let mut places = self.folders.iter().map(|folder| folder.join(PROGRAM));
        places
            .find(|place| place.is_file())
            .ok_or_else(|| Error::NotInstalled {
                folder: self.folders.first().cloned().unwrap_or_default(),
            })
    }

    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Sets a document.
    ///
    /// # Errors
    /// See [`Error`]. The process is gone when this returns, or when the future is dropped.
    pub async fn pdf(&self, request: &Request) -> Result<Vec<u8>, Error> {
        let asked = timeout(self.patience, self.ask(request)).await;
        asked.map_err(|_| Error::TooLong(self.patience))?
    }

    async fn ask(&self, request: &Request) -> Result<Vec<u8>, Error> {
        let _turn = self.turns.acquire().await.map_err(broken)?;
        let program = self.program()?;
        let child = Command::new(&program)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|source| Error::NotStarted { program, source })?;
        answer(child, request).await
    }
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::Broken(error.to_string())
}

async fn answer(mut child: Child, request: &Request) -> Result<Vec<u8>, Error> {
    let question = serde_json::to_vec(request).map_err(broken)?;
    let (Some(mut input), Some(output), Some(complaints)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(broken("its streams are closed"));
    };
    let write = async {
        // A program that ends early says why on its other streams.
        let _unread = input.write_all(&question).await;
        drop(input);
        Ok(())
    };
    let ((), answer, complaint) = tokio::try_join!(
        write,
        at_most(ANSWER_LIMIT + 1, output),
        at_most(COMPLAINT_LIMIT, complaints),
    )
    .map_err(broken)?;
    if answer.len() as u64 > ANSWER_LIMIT {
        return Err(Error::TooLarge);
    }
    let status = child.wait().await.map_err(broken)?;
    match status.code() {
        Some(0) => Ok(answer),
        Some(code) if code == i32::from(DEFECTIVE) => {
            let defects = serde_json::from_slice(&answer).map_err(broken)?;
            Err(Error::Defective(defects))
        }
        _ => {
            let complaint = String::from_utf8_lossy(&complaint);
            Err(broken(format_args!("{status}: {}", complaint.trim())))
        }
    }
}

/// Reads to the end, or to the limit: a program that says more is ended by its closed pipe.
async fn at_most(limit: u64, stream: impl AsyncRead + Unpin) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    stream.take(limit).read_to_end(&mut read).await?;
    Ok(read)
}
