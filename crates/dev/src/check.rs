//! `cargo dev check`: what a change must pass before its tests are worth running.

use std::process::Command;

use crate::{
    args::ProtoLint,
    console, foreground,
    interrupt::Interrupt,
    programs::Programs,
    proto_lint,
    setup::{self, Need},
    typesetter,
    workspace::Workspace,
};

pub(crate) fn run(workspace: &Workspace, interrupt: &Interrupt) -> anyhow::Result<()> {
    setup::run(workspace, &[Need::Linker, Need::Protoc])?;
    let cargo = |step: &str, arguments: &[&str]| {
        console::step("check", step);
        foreground::run(workspace.cargo().args(arguments), interrupt)
    };
    cargo("format", &["fmt", "--all", "--check"])?;
    typesetter::check_format(workspace, interrupt)?;
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
    let programs = Programs::build_all(workspace, interrupt)?;
    console::step("check", "regenerating the documents changes nothing");
    let mut docs = Command::new(programs.get("docs")?);
    foreground::run(docs.arg("--check"), interrupt)
}
