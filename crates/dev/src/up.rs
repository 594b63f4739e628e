//! `cargo dev up`: the whole suite on this machine, and the loop run once on it.

use std::{fs, process::Command};

use anyhow::Context as _;

use crate::{
    args::Up,
    console,
    daemon::GRACE,
    foreground,
    infrastructure::{Infrastructure, Place},
    interrupt::Interrupt,
    lock::Lock,
    pid_file,
    ports::Ports,
    postgres::Durability,
    programs::Programs,
    setup::{self, Need},
    stack::{self, Stack},
    test,
    workspace::Workspace,
};

pub(crate) fn run(
    workspace: &Workspace,
    interrupt: &Interrupt,
    options: &Up,
) -> anyhow::Result<()> {
    let place = Place {
        prefix: "",
        folder: workspace.state(),
        ports: [7431, 7422, 7423],
        durability: Durability::Full,
    };
    let demonstration = demonstration(options)?;
    let _lock = Lock::take(workspace, "up")?;
    pid_file::end_leftovers(
        &workspace.pids(),
        |name| !name.starts_with(test::PREFIX),
        GRACE,
    )?;

    let mut needs = vec![Need::Linker, Need::Protoc];
    needs.extend(Infrastructure::needs());
    let tools = setup::run(workspace, &needs)?;
    let programs = Programs::build(workspace, interrupt, &stack::PACKAGES, options.release)?;

    let mut ports = Ports::default();
    let mut servers =
        Infrastructure::start(workspace, interrupt, &tools, None, &place, &mut ports)?;
    let mut stack = Stack::start(workspace, interrupt, &programs, &servers, &mut ports)?;

    let mut demo = Command::new(programs.get("cpom")?);
    demo.current_dir(workspace.root()).args(&demonstration);
    foreground::run_while(&mut demo, interrupt, || {
        stack.check()?;
        servers.check()
    })?;
    if options.once {
        return Ok(());
    }

    stack.print_addresses();
    console::step("up", "until Ctrl-C");
    while interrupt.tick().is_ok() {
        stack.check()?;
        servers.check()?;
    }
    console::step("down", "stopping the services, then NATS, then Postgres");
    Ok(())
}

/// The arguments of the client that runs the loop. It prints the result itself.
fn demonstration(options: &Up) -> anyhow::Result<Vec<String>> {
    let mut arguments = vec!["demo".to_owned()];
    if let (Some(folder), Some(region)) = (&options.data, &options.region) {
        let folder = fs::canonicalize(folder)
            .with_context(|| format!("there is no folder {}", folder.display()))?;
        arguments.extend([
            "--data".to_owned(),
            folder.to_string_lossy().into_owned(),
            "--region".to_owned(),
            region.clone(),
        ]);
    }
    if options.json {
        arguments.push("--json".to_owned());
    }
    Ok(arguments)
}
