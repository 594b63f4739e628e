//! `cargo dev proto-lint`: the style of `proto/`, and what a change would break.
//!
//! buf wants every imported file, and `buf/validate/validate.proto` stands in a crate, not here: both
//! are laid side by side under `.cpom/proto`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::{
    args::ProtoLint,
    console, foreground,
    interrupt::Interrupt,
    setup::{self, PythonTool},
    workspace::{Workspace, create_folder, remove_folder},
};

/// The crate that carries the validation rules, and the file in it.
const RULES_CRATE: &str = "prost-protovalidate-types";
const RULES: &str = "buf/validate/validate.proto";

pub(crate) fn run(
    workspace: &Workspace,
    interrupt: &Interrupt,
    options: &ProtoLint,
) -> anyhow::Result<()> {
    let buf = setup::install_python_tool(workspace, &PythonTool::BUF)?;
    let rules = rules_file(workspace, interrupt)?;
    let now = fresh_folder(workspace, "now")?;
    copy_folder(&workspace.root().join("proto"), &now)?;
    add_rules(&rules, &now)?;
    foreground::run(Command::new(&buf).arg("lint").current_dir(&now), interrupt)?;

    let Some(revision) = &options.against else {
        return Ok(());
    };
    let before = fresh_folder(workspace, "before")?;
    if !check_out(workspace, revision, &before)? {
        console::step(
            "proto",
            format_args!("{revision} has no proto/: nothing to break"),
        );
        return Ok(());
    }
    add_rules(&rules, &before)?;
    let mut breaking = Command::new(&buf);
    breaking
        .arg("breaking")
        .arg("--against")
        .arg(&before)
        .current_dir(&now);
    foreground::run(&mut breaking, interrupt)
}

/// `validate.proto`, where cargo keeps the source of its crate.
fn rules_file(workspace: &Workspace, interrupt: &Interrupt) -> anyhow::Result<PathBuf> {
    let metadata = foreground::capture(
        workspace
            .cargo()
            .args(["metadata", "--format-version=1", "--locked"]),
        interrupt,
    )?;
    let metadata: Value = serde_json::from_str(&metadata).context("reading `cargo metadata`")?;
    let manifest = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == RULES_CRATE)
        .and_then(|package| package["manifest_path"].as_str())
        .with_context(|| format!("crate {RULES_CRATE} is not a dependency any more"))?;
    Ok(Path::new(manifest).with_file_name("proto").join(RULES))
}

fn fresh_folder(workspace: &Workspace, name: &str) -> anyhow::Result<PathBuf> {
    let folder = workspace.state().join("proto").join(name);
    remove_folder(&folder)?;
    create_folder(&folder)?;
    Ok(folder)
}

fn add_rules(rules: &Path, folder: &Path) -> anyhow::Result<()> {
    let place = folder.join(RULES);
    if let Some(parent) = place.parent() {
        create_folder(parent)?;
    }
    fs::copy(rules, &place).with_context(|| format!("copying {}", rules.display()))?;
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    create_folder(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}

/// The `proto/` of a git revision; `false` when that revision has none.
fn check_out(workspace: &Workspace, revision: &str, folder: &Path) -> anyhow::Result<bool> {
    let git = || {
        let mut git = Command::new("git");
        git.current_dir(workspace.root());
        git
    };
    let tree = git()
        .args(["rev-parse", "--quiet", "--verify", "--end-of-options"])
        .arg(format!("{revision}^{{commit}}"))
        .stdout(Stdio::null())
        .status()
        .context("could not run git")?;
    if !tree.success() {
        bail!("git knows no revision {revision}");
    }
    let archive = git()
        .args(["archive", "--format=tar", &format!("{revision}:proto")])
        .stderr(Stdio::null())
        .output()?;
    if !archive.status.success() {
        return Ok(false);
    }
    let file = folder.with_extension("tar");
    fs::write(&file, archive.stdout)?;
    let unpacked = Command::new("tar")
        .arg("-xf")
        .arg(&file)
        .arg("-C")
        .arg(folder)
        .status()?;
    fs::remove_file(&file)?;
    if !unpacked.success() {
        bail!("tar could not unpack the proto/ of {revision}");
    }
    Ok(true)
}
