//! Where programs are.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::Need;
use crate::workspace::Workspace;

/// The oldest versions the suite is tested on.
const POSTGRES_SINCE: u32 = 15;
const NATS_SINCE: (u32, u32) = (2, 9);
const NODE_SINCE: u32 = 18;

/// A program found, and what it says of itself.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) name: &'static str,
    pub(super) program: PathBuf,
    pub(super) version: String,
}

/// Where `postgres` and `initdb` are.
#[derive(Clone, Debug)]
pub(crate) struct PostgresPrograms {
    pub(crate) folder: PathBuf,
    pub(crate) major: u32,
}

impl PostgresPrograms {
    pub(super) fn of(found: &Found) -> Option<Self> {
        // The links in the PATH are of no use: initdb looks for postgres beside its real place.
        let program = fs::canonicalize(&found.program).ok()?;
        let major = numbers(&found.version).first().copied()?;
        Some(Self {
            folder: program.parent()?.to_owned(),
            major,
        })
    }
}

/// The first acceptable program for a need.
pub(super) fn find(workspace: &Workspace, need: Need) -> Option<Found> {
    match need {
        Need::Linker => answering("cc", search_path("cc")?, &["--version"]),
        Need::Protoc => {
            let given = env::var_os("PROTOC").map(PathBuf::from);
            let protoc = answering(
                "protoc",
                given.or_else(|| search_path("protoc"))?,
                &["--version"],
            )?;
            has_google_protos(&protoc.program).then_some(protoc)
        }
        Need::Postgres => postgres_candidates()
            .into_iter()
            .filter(|program| program.with_file_name("initdb").is_file())
            .filter_map(|program| answering("postgres", program, &["--version"]))
            .find(|found| numbers(&found.version).first() >= Some(&POSTGRES_SINCE)),
        Need::Nats => {
            let private = [
                workspace.tools().join("usr/sbin/nats-server"),
                workspace.venv().join("bin/nats-server"),
            ];
            search_path("nats-server")
                .into_iter()
                .chain(private.into_iter().filter(|program| program.is_file()))
                .filter_map(|program| answering("nats-server", program, &["--version"]))
                .find(|found| match numbers(&found.version)[..] {
                    [major, minor, ..] => (major, minor) >= NATS_SINCE,
                    _ => false,
                })
        }
        Need::Python => {
            // Debian's Python comes without the means to fill an environment.
            let probe = [
                "-c",
                "import ensurepip, sys, venv; print(sys.version.split()[0])",
            ];
            answering("python", search_path("python3")?, &probe)
        }
        Need::Node => {
            search_path("npm")?;
            answering("node", search_path("node")?, &["--version"])
                .filter(|found| numbers(&found.version).first() >= Some(&NODE_SINCE))
        }
        Need::Chromium => {
            let given = env::var_os("CPOM_CHROMIUM").map(PathBuf::from);
            let program = given.or_else(|| search_path("chromium"))?;
            answering("chromium", program, &["--version"])
        }
    }
}

/// A program of the PATH, or of the folders of the system that a user's PATH lacks.
pub(crate) fn search_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from);
    env::split_paths(&path)
        .chain(system)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// Debian keeps its servers out of the PATH, one folder for each version: the newest first.
fn postgres_candidates() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut folders: Vec<PathBuf> = versions.map(|entry| entry.path()).collect();
    folders.sort_by_key(|folder| {
        folder
            .file_name()
            .and_then(|name| name.to_str()?.parse::<u32>().ok())
    });
    let packaged = folders
        .into_iter()
        .rev()
        .map(|folder| folder.join("bin/postgres"));
    search_path("postgres")
        .and_then(|program| fs::canonicalize(program).ok())
        .into_iter()
        .chain(packaged.filter(|program| program.is_file()))
        .collect()
}

/// protoc looks for Google's files in `include` beside its `bin`.
fn has_google_protos(protoc: &Path) -> bool {
    let Ok(real) = fs::canonicalize(protoc) else {
        return false;
    };
    let beside = real.ancestors().nth(2).map(|prefix| prefix.join("include"));
    beside
        .into_iter()
        .chain(env::var_os("PROTOC_INCLUDE").map(PathBuf::from))
        .any(|include| include.join("google/protobuf/descriptor.proto").is_file())
}

/// The program with the version it prints; `None` when it does not run.
fn answering(name: &'static str, program: PathBuf, arguments: &[&str]) -> Option<Found> {
    let output = Command::new(&program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text
        .lines()
        .next()?
        .split_whitespace()
        .find_map(version_word)?;
    output.status.success().then_some(Found {
        name,
        program,
        version,
    })
}

/// `v2.9.10`, `19beta1` and `12.2.0-14)` hold versions, `(Debian` does not.
fn version_word(word: &str) -> Option<String> {
    let version = word.trim_start_matches('v');
    let end =
        version.find(|character: char| !character.is_ascii_alphanumeric() && character != '.');
    let version = &version[..end.unwrap_or(version.len())];
    version
        .starts_with(|first: char| first.is_ascii_digit())
        .then(|| version.to_owned())
}

fn numbers(version: &str) -> Vec<u32> {
    version
        .split(|character: char| !character.is_ascii_digit())
        .map_while(|part| part.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_programs_say() {
        for (line, expected) in [
            (
                "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)",
                vec![15, 18],
            ),
            ("postgres (PostgreSQL) 19beta1", vec![19]),
            ("nats-server: v2.9.10", vec![2, 9, 10]),
            ("libprotoc 3.21.12", vec![3, 21, 12]),
            ("cc (Debian 12.2.0-14+deb12u1) 12.2.0", vec![12, 2, 0]),
        ] {
            let version = line.split_whitespace().find_map(version_word).unwrap();
            assert_eq!(numbers(&version), expected, "{line}");
        }
        assert_eq!("no version here".split(' ').find_map(version_word), None);
    }

    #[test]
    fn a_program_that_fails_or_does_not_exist_is_not_found() {
        assert!(answering("x", "/nonexistent".into(), &[]).is_none());
        assert!(answering("x", "/bin/sh".into(), &["-c", "echo 1.0; exit 1"]).is_none());
        let found = answering("x", "/bin/sh".into(), &["-c", "echo tool v1.2"]).unwrap();
        assert_eq!(found.version, "1.2");
    }
}
