//! `cpom-typeset`: a request as JSON on standard input, a PDF on standard output.
//!
//! Ends with 2 and a list of defects on standard output when the template or its data are wrong.

use std::{
    io::{self, Read as _, Write as _},
    process::ExitCode,
};

use anyhow::Context as _;
use rustix::process::{Resource, Rlimit, setrlimit};
use typeset::{DEFECTIVE, Request};

/// Memory that a document may take, in bytes: a template that fills it ends this process and nothing else.
const MEMORY: u64 = 512 * 1024 * 1024;
/// Processor time that a document may take, in seconds, should nobody be there any more to end it.
const SECONDS: u64 = 60;

fn main() -> anyhow::Result<ExitCode> {
    limit(Resource::Data, MEMORY)?;
    limit(Resource::Cpu, SECONDS)?;
    let mut question = Vec::new();
    io::stdin().lock().read_to_end(&mut question)?;
    let request: Request =
        serde_json::from_slice(&question).context("the request on standard input")?;
    let (answer, code) = match typesetter::pdf(&request) {
        Ok(pdf) => (pdf, ExitCode::SUCCESS),
        Err(defects) => (serde_json::to_vec(&defects)?, ExitCode::from(DEFECTIVE)),
    };
    io::stdout().lock().write_all(&answer)?;
    Ok(code)
}

fn limit(resource: Resource, most: u64) -> io::Result<()> {
    let limits = Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    Ok(setrlimit(resource, limits)?)
}
