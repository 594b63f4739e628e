//! `cargo dev test`: every test, on servers of its own.

use std::ffi::OsStr;

use crate::{
    args::{NatsChoice, Test},
    daemon::GRACE,
    foreground,
    infrastructure::{self, Purpose, TESTS},
    interrupt::Interrupt,
    lock::Lock,
    pid_file,
    ports::Ports,
    programs::Programs,
    setup::{self, Need, PythonTool},
    typesetter,
    workspace::Workspace,
};

pub(crate) fn run(
    workspace: &Workspace,
    interrupt: &Interrupt,
    options: &Test,
) -> anyhow::Result<()> {
    let _lock = Lock::take(workspace, "test")?;
    pid_file::end_leftovers(&workspace.pids(), |name| name.starts_with(TESTS), GRACE)?;

    let mut needs = vec![Need::Linker, Need::Protoc];
    needs.extend(
        infrastructure::needs()
            .into_iter()
            .filter(|need| *need == Need::Postgres),
    );
    if options.browser {
        needs.extend([Need::Node, Need::Chromium]);
    }
    // Each test starts a nats-server of its own, which it can take away and bring back.
    let (tools, nats) = match options.nats {
        NatsChoice::Found => {
            needs.push(Need::Nats);
            let tools = setup::run(workspace, &needs)?;
            let nats = tools.nats()?.to_owned();
            (tools, nats)
        }
        NatsChoice::Current => {
            let tools = setup::run(workspace, &needs)?;
            (
                tools,
                setup::install_python_tool(workspace, &PythonTool::NATS)?,
            )
        }
    };

    // The client of another make: it calls the services as no code of this workspace does.
    let buf = setup::install_python_tool(workspace, &PythonTool::BUF)?;
    // The S3 server of another make.
    let rclone = setup::install_python_tool(workspace, &PythonTool::RCLONE)?;

    // The tests start the programs as well as call the libraries.
    let programs = Programs::build_all(workspace, interrupt)?;
    typesetter::place_beside(programs.get("contracts")?, workspace, interrupt, || Ok(()))?;

    let mut ports = Ports::default();
    let postgres =
        infrastructure::postgres(workspace, interrupt, &tools, Purpose::Tests, &mut ports)?;
    let mut tests = workspace.cargo();
    tests.arg("test");
    if options.browser {
        tests
            .args(["--workspace", "--test", "browser"])
            .env("CPOM_TEST_CHROMIUM", tools.chromium()?)
            .env(
                "CPOM_TEST_NODE_MODULES",
                setup::install_browser_tools(workspace)?.join("node_modules"),
            );
    }
    let chosen = options
        .cargo
        .iter()
        .any(|argument| chooses_packages(argument));
    if !chosen && !options.browser {
        tests.arg("--workspace");
    }
    tests
        .args(&options.cargo)
        .env("CPOM_TEST_DATABASE_URL", &postgres.url)
        .env("CPOM_TEST_NATS_SERVER", &nats)
        .env("CPOM_TEST_BUF", &buf)
        .env("CPOM_TEST_S3_SERVER", &rclone);
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
