//! What the tests in a browser need from npm, into a folder of this checkout, pinned by version and hash.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};

use crate::{
    console,
    workspace::{Workspace, create_folder},
};

/// The files that pin the packages.
const PINS: [&str; 2] = ["package.json", "package-lock.json"];

/// The folder whose `node_modules` holds the packages, installed unless they are those that are pinned.
pub(crate) fn install(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let pinned = workspace.root().join("tests/browser");
    let folder = workspace.state().join("browser");
    create_folder(&folder)?;
    let is_same = |name: &&str| {
        let there = fs::read(folder.join("node_modules/.pins").join(name));
        there.is_ok_and(|there| fs::read(pinned.join(name)).is_ok_and(|wanted| wanted == there))
    };
    if PINS.iter().all(is_same) {
        console::step(
            "npm",
            format_args!("packages as pinned ({})", folder.display()),
        );
        return Ok(folder);
    }
    console::step("npm", "installing the packages of the browser tests");
    for name in PINS {
        fs::copy(pinned.join(name), folder.join(name))
            .with_context(|| format!("copying {name}"))?;
    }
    let output = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(&folder)
        .stdin(Stdio::null())
        .output()
        .context("could not run npm")?;
    if !output.status.success() {
        bail!(
            "npm ci failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    // Written last: a folder that was installed by half is installed again.
    let kept = folder.join("node_modules/.pins");
    fs::create_dir_all(&kept)?;
    for name in PINS {
        fs::copy(pinned.join(name), kept.join(name))?;
    }
    Ok(folder)
}
