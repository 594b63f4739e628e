//! `cargo dev up`: the whole suite on this machine, and the loop run once on it.

use std::{fs, process::Command};

use anyhow::Context as _;

use crate::{
    args::Up,
    console,
    daemon::GRACE,
    foreground,
    infrastructure::{self, Purpose, TESTS},
    interrupt::Interrupt,
    lock::Lock,
    pid_file,
    ports::Ports,
    programs::Programs,
    setup::{self, Need},
    stack::{self, Servers, Stack},
    typesetter,
    workspace::Workspace,
};

pub(crate) fn run(
    workspace: &Workspace,
    interrupt: &Interrupt,
    options: &Up,
) -> anyhow::Result<()> {
    let demonstration = demonstration(options)?;
    let _lock = Lock::take(workspace, "up")?;
    pid_file::end_leftovers(&workspace.pids(), |name| !name.starts_with(TESTS), GRACE)?;

    let mut needs = vec![Need::Linker, Need::Protoc];
    needs.extend(infrastructure::needs());
    let tools = setup::run(workspace, &needs)?;
    let programs = Programs::build(workspace, interrupt, &stack::PACKAGES, options.release)?;

    let mut ports = Ports::default();
    // Dropped in the opposite order: the services stop first, Postgres last.
    let mut postgres =
        infrastructure::postgres(workspace, interrupt, &tools, Purpose::Stack, &mut ports)?;
    let mut nats = infrastructure::nats(workspace, interrupt, &tools, &mut ports)?;
    let mut stack = Stack::start(
        workspace,
        interrupt,
        &programs,
        &Servers {
            database_url: &postgres.url,
            nats_url: &nats.url,
        },
        &mut ports,
    )?;
    let addresses = stack.addresses();
    let mut healthy = || {
        stack.check()?;
        nats.check()?;
        postgres.check()
    };

    let mut demo = Command::new(programs.get("cpom")?);
    demo.current_dir(workspace.root()).args(&demonstration);
    foreground::run_while(&mut demo, interrupt, &mut healthy)?;
    if options.once {
        return Ok(());
    }

    for (name, address) in addresses {
        console::step(name, address);
    }
    console::step("up", "until Ctrl-C");
    // Nothing above waits for it; documents can be downloaded once it is there.
    typesetter::place_beside(
        programs.get("contracts")?,
        workspace,
        interrupt,
        &mut healthy,
    )?;
    while interrupt.tick().is_ok() {
        healthy()?;
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
