//! A private nats-server with its persistence: own store, own ports, loopback only, with a password.

use std::{net::SocketAddr, path::Path, process::Command};

use rustix::process::Signal;

use crate::{
    daemon::Daemon,
    http,
    interrupt::Interrupt,
    secret,
    workspace::{Workspace, create_folder},
};

const USER: &str = "cpom";

/// A running private server.
#[derive(Debug)]
pub(crate) struct Nats {
    pub(crate) daemon: Daemon,
    pub(crate) url: String,
}

impl Nats {
    /// Starts `program` with its store in `folder`. `monitor` answers readiness.
    pub(crate) fn start(
        workspace: &Workspace,
        interrupt: &Interrupt,
        program: &Path,
        name: &str,
        folder: &Path,
        [address, monitor]: [SocketAddr; 2],
    ) -> anyhow::Result<Self> {
        create_folder(folder)?;
        let password = secret::kept_in(&folder.join("password"))?;
        // In a file, since a command line can be read by every user of the machine.
        let settings = folder.join("nats.conf");
        secret::write_private(
            &settings,
            &configuration(address, monitor, folder, &password),
        )?;
        let mut command = Command::new(program);
        command.arg("--config").arg(&settings);
        let mut daemon = Daemon::spawn(workspace, name, &command, Signal::TERM)?;
        daemon.wait_until(interrupt, || {
            http::get(monitor, "/healthz").is_ok_and(|(status, _)| status == 200)
        })?;
        Ok(Self {
            daemon,
            url: format!("nats://{USER}:{password}@{address}"),
        })
    }
}

fn configuration(
    address: SocketAddr,
    monitor: SocketAddr,
    folder: &Path,
    password: &str,
) -> String {
    // A JSON string is also a string of this language.
    let store = serde_json::Value::from(folder.join("jetstream").to_string_lossy());
    format!(
        "listen: \"{address}\"\n\
         http: \"{monitor}\"\n\
         jetstream {{ store_dir: {store} }}\n\
         authorization {{ user: \"{USER}\", password: \"{password}\" }}\n"
    )
}
