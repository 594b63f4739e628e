//! Writes the documents that follow from the code, or with `--check` says which of them are out of date.

use std::{env, fs, process::ExitCode};

use anyhow::{Context as _, bail};
use cpom_tests::{documents, repository};

fn main() -> anyhow::Result<ExitCode> {
    let check = match env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => bail!("unknown argument {other}: only `--check` is known"),
    };
    let mut outdated = Vec::new();
    for document in documents::all()? {
        let file = repository::root().join(document.path);
        if fs::read_to_string(&file).unwrap_or_default() == document.content {
            continue;
        }
        if check {
            outdated.push(document.path);
            continue;
        }
        fs::write(&file, document.content).with_context(|| format!("writing {}", document.path))?;
        println!("{} written", document.path);
    }
    if outdated.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "out of date: {}; run `cargo run --package cpom-tests --bin docs` and commit the result",
        outdated.join(", ")
    );
    Ok(ExitCode::FAILURE)
}
