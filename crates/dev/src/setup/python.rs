//! Tools that come as Python wheels, into an environment of this checkout, pinned by version and hash.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};

use super::Need;
use crate::{console, workspace::Workspace};

/// One tool, and the requirements file that pins it.
#[derive(Debug)]
pub(crate) struct PythonTool {
    program: &'static str,
    requirements: &'static str,
    pin: &'static str,
}

impl PythonTool {
    pub(crate) const BUF: Self = Self {
        program: "buf",
        requirements: "crates/dev/requirements/buf.txt",
        pin: include_str!("../../requirements/buf.txt"),
    };
    pub(crate) const NATS: Self = Self {
        program: "nats-server",
        requirements: "crates/dev/requirements/nats.txt",
        pin: include_str!("../../requirements/nats.txt"),
    };

    pub(crate) const RCLONE: Self = Self {
        program: "rclone",
        requirements: "crates/dev/requirements/rclone.txt",
        pin: include_str!("../../requirements/rclone.txt"),
    };

    /// The version the requirements file pins.
    fn version(&self) -> Option<&'static str> {
        self.pin.split_once("==")?.1.split_whitespace().next()
    }
}

pub(super) const NATS: PythonTool = PythonTool::NATS;

/// The program, installed unless the pinned version is there.
pub(crate) fn install(workspace: &Workspace, tool: &PythonTool) -> anyhow::Result<PathBuf> {
    let program = workspace.venv().join("bin").join(tool.program);
    let pinned = tool
        .version()
        .context("a requirements file pins no version")?;
    let there = Command::new(&program)
        .arg("--version")
        .output()
        .is_ok_and(|output| {
            let text = [output.stdout, output.stderr].concat();
            String::from_utf8_lossy(&text)
                .split_whitespace()
                .any(|word| word.trim_start_matches('v') == pinned)
        });
    if !there {
        super::run(workspace, &[Need::Python])?;
        console::step("pip", format_args!("installing {} {pinned}", tool.program));
        let venv = workspace.venv();
        if !venv.join("bin/pip").is_file() {
            quiet(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        }
        quiet(
            Command::new(venv.join("bin/pip"))
                .args([
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--no-deps",
                ])
                .args(["--require-hashes", "--requirement"])
                .arg(workspace.root().join(tool.requirements)),
        )?;
    }
    console::step(
        tool.program,
        format_args!("{pinned} ({})", program.display()),
    );
    Ok(program)
}

fn quiet(command: &mut Command) -> anyhow::Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .context("could not run Python")?;
    if !output.status.success() {
        bail!(
            "{command:?} failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirements_file_pins_one_version_by_hash() {
        for (tool, version) in [
            (PythonTool::BUF, "1.75.0"),
            (PythonTool::NATS, "2.15.1"),
            (PythonTool::RCLONE, "1.75.2"),
        ] {
            assert_eq!(tool.version(), Some(version));
            assert!(tool.pin.contains("--hash=sha256:"), "{}", tool.requirements);
        }
    }
}
