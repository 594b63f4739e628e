//! The programs of the suite, built by cargo.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde_json::Value;

use crate::{console, foreground, interrupt::Interrupt, workspace::Workspace};

/// With one test among what is built, cargo chooses the features of third-party crates as it does for every test, so they
/// are not compiled once more for another choice.
const AS_FOR_TESTS: [&str; 2] = ["--test", "end_to_end"];

/// Where each program built stands, by its name.
#[derive(Debug)]
pub(crate) struct Programs(BTreeMap<String, PathBuf>);

impl Programs {
    /// Builds these programs of the workspace; cargo shows its progress itself.
    pub(crate) fn build(
        workspace: &Workspace,
        interrupt: &Interrupt,
        names: &[&str],
        release: bool,
    ) -> anyhow::Result<Self> {
        console::step("cargo", format_args!("building {}", names.join(", ")));
        let mut which: Vec<&str> = names.iter().flat_map(|name| ["--bin", name]).collect();
        which.extend(if release {
            ["--release"].as_slice()
        } else {
            AS_FOR_TESTS.as_slice()
        });
        Self::built(workspace, interrupt, &which)
    }

    /// Builds every program of the workspace.
    pub(crate) fn build_all(workspace: &Workspace, interrupt: &Interrupt) -> anyhow::Result<Self> {
        console::step("cargo", "building every program");
        let which: Vec<&str> = ["--bins"].into_iter().chain(AS_FOR_TESTS).collect();
        Self::built(workspace, interrupt, &which)
    }

    fn built(workspace: &Workspace, interrupt: &Interrupt, which: &[&str]) -> anyhow::Result<Self> {
        let mut build = workspace.cargo();
        build.args([
            "build",
            "--workspace",
            "--message-format=json-render-diagnostics",
        ]);
        build.args(which);
        let messages = foreground::capture(&mut build, interrupt)?;
        Ok(Self::from_messages(&messages))
    }

    /// Those that cargo says it built.
    pub(crate) fn from_messages(messages: &str) -> Self {
        let artifacts = messages
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        Self(
            artifacts
                .filter_map(|message| {
                    let program = message["executable"].as_str()?;
                    Some((
                        message["target"]["name"].as_str()?.to_owned(),
                        program.into(),
                    ))
                })
                .collect(),
        )
    }

    pub(crate) fn get(&self, name: &str) -> anyhow::Result<&Path> {
        let program = self.0.get(name).map(PathBuf::as_path);
        program.with_context(|| format!("cargo built no program named {name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_executed_is_a_program() {
        let programs = Programs::from_messages(concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"kernel"},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"cpom"},"executable":"/t/debug/cpom"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        ));
        assert_eq!(programs.get("cpom").unwrap(), Path::new("/t/debug/cpom"));
        assert!(programs.get("kernel").is_err());
    }
}
