//! The program that sets documents: a workspace of its own (docs/adr/0022), placed beside the programs that run it.

use std::{fs, path::Path};

use anyhow::Context as _;

use crate::{console, foreground, interrupt::Interrupt, programs::Programs, workspace::Workspace};

const NAME: &str = "cpom-typeset";
const MANIFEST: &str = "crates/typesetter/Cargo.toml";

/// Builds it, and places it beside this program of the suite, where the services look for it. It is always optimised: a
/// compiler is slow otherwise, and one build serves all. Ended early when `healthy` fails.
pub(crate) fn place_beside(
    program: &Path,
    workspace: &Workspace,
    interrupt: &Interrupt,
    healthy: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    console::step("cargo", format_args!("building {NAME} (minutes, once)"));
    let folder = program.parent().context("a program stands in a folder")?;
    let mut build = workspace.cargo();
    build
        .args([
            "build",
            "--release",
            "--locked",
            "--manifest-path",
            MANIFEST,
        ])
        .arg("--message-format=json-render-diagnostics")
        .arg("--target-dir")
        .arg(folder.with_file_name("typesetter"));
    let programs =
        Programs::from_messages(&foreground::capture_while(&mut build, interrupt, healthy)?);
    // In one step: a service may be running the one that is there.
    let (place, new) = (folder.join(NAME), folder.join("cpom-typeset.new"));
    fs::copy(programs.get(NAME)?, &new)
        .and_then(|_| fs::rename(&new, &place))
        .with_context(|| format!("could not place {}", place.display()))
}

/// Checks its format. Its lints would take minutes of every check, for a program of two hundred lines.
pub(crate) fn check_format(workspace: &Workspace, interrupt: &Interrupt) -> anyhow::Result<()> {
    let mut format = workspace.cargo();
    format.args(["fmt", "--check", "--manifest-path", MANIFEST]);
    foreground::run(&mut format, interrupt)
}
