//! A private Postgres: own data folder, own port, loopback only, never as root.

mod owner;

use std::{fs, net::SocketAddr, path::Path, process::Stdio};

use anyhow::{Context as _, bail};
use rustix::process::Signal;

use self::owner::Owner;
use crate::{
    daemon::{Daemon, tail},
    infrastructure::{Purpose, Server},
    interrupt::Interrupt,
    secret,
    setup::PostgresPrograms,
    workspace::{Workspace, create_folder, remove_folder},
};

/// Starts the server for a purpose. Its data are made at the first start.
pub(crate) fn start(
    workspace: &Workspace,
    interrupt: &Interrupt,
    programs: &PostgresPrograms,
    purpose: Purpose,
    address: SocketAddr,
) -> anyhow::Result<Server> {
    let owner = Owner::current()?;
    let folder = owner.reachable(&workspace.data(purpose).join("postgres"))?;
    let data = folder.join("data");
    let password_file = folder.join("password");
    let password = secret::kept_in(&password_file)?;
    owner.give(&password_file)?;
    if purpose == Purpose::Tests {
        remove_folder(&data)?;
    }
    if !data.join("PG_VERSION").is_file() {
        create_cluster(workspace, &owner, programs, &folder, &password_file)?;
    }
    let made_by = fs::read_to_string(data.join("PG_VERSION"))?;
    if made_by.trim() != programs.major.to_string() {
        bail!(
            "{} was made by PostgreSQL {}, and PostgreSQL {} is here now: remove that folder to \
                     start afresh",
            data.display(),
            made_by.trim(),
            programs.major
        );
    }

    let mut command = owner.command(&programs.folder.join("postgres"), &folder);
    command.arg("-D").arg(&data);
    let durable = if purpose == Purpose::Stack {
        "on"
    } else {
        "off"
    };
    for setting in [
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={}", address.port()),
        "unix_socket_directories=".to_owned(),
        // Four services with a pool each, the tests with one database each.
        "max_connections=300".to_owned(),
        "shared_buffers=256MB".to_owned(),
        "max_wal_size=2GB".to_owned(),
        "timezone=UTC".to_owned(),
        "log_timezone=UTC".to_owned(),
        format!("fsync={durable}"),
        format!("synchronous_commit={durable}"),
        format!("full_page_writes={durable}"),
    ] {
        command.args(["-c", &setting]);
    }
    // SIGINT is Postgres's fast shutdown: SIGTERM would wait for every client to leave.
    let mut daemon = Daemon::spawn(workspace, purpose.name(), &command, Signal::INT)?;
    let (pid, status_file) = (daemon.id().to_string(), data.join("postmaster.pid"));
    daemon.wait_until(interrupt, || is_ready(&status_file, &pid))?;
    Ok(Server {
        daemon: Some(daemon),
        url: format!("postgres://postgres:{password}@{address}/postgres"),
    })
}

/// The server writes `ready` on the eighth line of the file whose first line is its pid.
fn is_ready(status_file: &Path, pid: &str) -> bool {
    let text = fs::read_to_string(status_file).unwrap_or_default();
    let mut lines = text.lines();
    lines.next() == Some(pid) && lines.nth(6).is_some_and(|status| status.trim() == "ready")
}

/// Makes the cluster beside its place and moves it there, so that an interrupted start leaves nothing
/// half made.
fn create_cluster(
    workspace: &Workspace,
    owner: &Owner,
    programs: &PostgresPrograms,
    folder: &Path,
    password_file: &Path,
) -> anyhow::Result<()> {
    let (unfinished, log) = (folder.join("data.new"), workspace.log("initdb"));
    remove_folder(&unfinished)?;
    create_folder(&workspace.state().join("log"))?;
    let output = fs::File::create(&log)?;
    let status = owner
        .command(&programs.folder.join("initdb"), folder)
        .arg("--pgdata")
        .arg(&unfinished)
        .arg("--pwfile")
        .arg(password_file)
        .args([
            "--username=postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
        ])
        .args(["--locale=C.UTF-8", "--no-sync"])
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .status()
        .context("could not run initdb")?;
    if !status.success() {
        bail!("initdb failed ({status}):\n{}", tail(&log));
    }
    fs::rename(&unfinished, folder.join("data"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{env, net::TcpStream, process};

    use super::*;
    use crate::{
        ports::Ports,
        setup::{self, Need},
    };

    #[test]
    fn a_private_server_starts_answers_and_stops_and_keeps_its_data() {
        let root = env::temp_dir().join(format!("cpom-dev-postgres-{}", process::id()));
        let workspace = Workspace::at(root);
        let tools = setup::run(&workspace, &[Need::Postgres]).unwrap();
        let address = Ports::default().any().unwrap();
        let start = || {
            let programs = tools.postgres().unwrap();
            super::start(
                &workspace,
                &Interrupt::never(),
                programs,
                Purpose::Stack,
                address,
            )
            .unwrap()
        };
        let first = start();
        assert!(TcpStream::connect(address).is_ok());
        drop(first);
        assert!(
            TcpStream::connect(address).is_err(),
            "it outlives the launcher"
        );
        let log = fs::read_to_string(workspace.log("postgres")).unwrap();
        assert!(
            log.contains("database system is shut down"),
            "not stopped in order: {log}"
        );

        let made = |folder: &Path| {
            fs::metadata(folder.join("postgres/data/PG_VERSION"))
                .unwrap()
                .modified()
                .unwrap()
        };
        let before = made(&workspace.data(Purpose::Stack));
        drop(start());
        assert_eq!(made(&workspace.data(Purpose::Stack)), before);
        fs::remove_dir_all(workspace.root()).unwrap();
    }

    #[test]
    fn readiness_of_an_earlier_server_does_not_count() {
        let file = std::env::temp_dir().join(format!("cpom-dev-postmaster-{}", std::process::id()));
        fs::write(
            &file,
            "42\n/data\n1700000000\n5432\n\n127.0.0.1\n  12 34\nready   \n",
        )
        .unwrap();
        assert!(is_ready(&file, "42"));
        assert!(!is_ready(&file, "43"));
        fs::write(
            &file,
            "42\n/data\n1700000000\n5432\n\n127.0.0.1\n  12 34\nstarting\n",
        )
        .unwrap();
        assert!(!is_ready(&file, "42"));
        fs::remove_file(&file).unwrap();
    }
}
