//! `cargo dev check`: what a change must pass before its tests are worth running.

use crate::{
    args::ProtoLint,
    console, foreground,
    interrupt::Interrupt,
    proto_lint,
    setup::{self, Need},
    workspace::Workspace,
};

pub(crate) fn run(workspace: &Workspace, interrupt: &Interrupt) -> anyhow::Result<()> {
    setup::run(workspace, &[Need::Linker, Need::Protoc])?;
    let cargo = |step: &str, arguments: &[&str]| {
        console::step("check", step);
        foreground::run(workspace.cargo().args(arguments), interrupt)
    };
    cargo("format", &["fmt", "--all", "--check"])?;
    cargo(
        "clippy",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
    )?;
    console::step("check", "proto lint");
    proto_lint::run(workspace, interrupt, &ProtoLint { against: None })?;
    cargo(
        "regenerating the documents changes nothing",
        &[
            "run",
            "--quiet",
            "--package",
            "cpom-tests",
            "--bin",
            "docs",
            "--",
            "--check",
        ],
    )
}
