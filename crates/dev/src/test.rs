//! `cargo dev test`: every test, on servers of its own.

use std::ffi::OsStr;

use crate::{
    args::{NatsChoice, Test},
    daemon::GRACE,
    foreground,
    infrastructure::{Infrastructure, Place},
    interrupt::Interrupt,
    lock::Lock,
    pid_file,
    ports::Ports,
    postgres::Durability,
    setup::{self, Need, PythonTool},
    workspace::Workspace,
};

/// Before the names of what belongs to the tests.
pub(crate) const PREFIX: &str = "test-";

pub(crate) fn run(
    workspace: &Workspace,
    interrupt: &Interrupt,
    options: &Test,
) -> anyhow::Result<()> {
    let place = Place {
        prefix: PREFIX,
        folder: workspace.state().join("test"),
        ports: [0, 0, 0],
        durability: Durability::Disposable,
    };
    let _lock = Lock::take(workspace, "test")?;
    pid_file::end_leftovers(&workspace.pids(), |name| name.starts_with(PREFIX), GRACE)?;

    let mut needs = vec![Need::Linker, Need::Protoc];
    needs.extend(Infrastructure::needs());
    if options.nats == NatsChoice::Current {
        needs.retain(|need| *need != Need::Nats);
    }
    let tools = setup::run(workspace, &needs)?;
    let current = match options.nats {
        NatsChoice::Found => None,
        NatsChoice::Current => Some(setup::install_python_tool(workspace, &PythonTool::NATS)?),
    };

    // The tests start the programs as well as call the libraries.
    let mut build = workspace.cargo();
    foreground::run(build.args(["build", "--workspace", "--bins"]), interrupt)?;

    let servers = Infrastructure::start(
        workspace,
        interrupt,
        &tools,
        current.as_deref(),
        &place,
        &mut Ports::default(),
    )?;
    let mut tests = workspace.cargo();
    tests.arg("test");
    if !options
        .cargo
        .iter()
        .any(|argument| chooses_packages(argument))
    {
        tests.arg("--workspace");
    }
    tests
        .args(&options.cargo)
        .env("CPOM_TEST_DATABASE_URL", &servers.database_url)
        .env("CPOM_TEST_NATS_URL", &servers.nats_url);
    foreground::run(&mut tests, interrupt)
}

/// Whether this argument of `cargo test` says which packages to test.
fn chooses_packages(argument: &OsStr) -> bool {
    let argument = argument.to_string_lossy();
    ["-p", "--package", "--workspace", "--all"].contains(&argument.as_ref())
        || argument.starts_with("--package=")
        || (argument.starts_with("-p") && !argument.starts_with("--"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_package_replaces_the_workspace() {
        for argument in ["-p", "-pbus", "--package", "--package=bus", "--workspace"] {
            assert!(chooses_packages(argument.as_ref()), "{argument}");
        }
        for argument in ["--", "--nocapture", "--release", "a_test_name"] {
            assert!(!chooses_packages(argument.as_ref()), "{argument}");
        }
    }
}
