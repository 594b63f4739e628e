//! A private nats-server with its persistence: own store, own ports, loopback only, with a password.

use std::{net::SocketAddr, path::Path, process::Command};

use rustix::process::Signal;

use crate::{
    daemon::Daemon,
    http,
    infrastructure::{Purpose, Server},
    interrupt::Interrupt,
    secret,
    workspace::{Workspace, create_folder},
};

const USER: &str = "cpom";

/// Starts `program` for the local stack; the second address answers readiness.
pub(crate) fn start(
    workspace: &Workspace,
    interrupt: &Interrupt,
    program: &Path,
    [address, monitor]: [SocketAddr; 2],
) -> anyhow::Result<Server> {
    let folder = workspace.data(Purpose::Stack).join("nats");
    create_folder(&folder)?;
    let password = secret::kept_in(&folder.join("password"))?;
    // In a file, since a command line can be read by every user of the machine.
    let settings = folder.join("nats.conf");
    secret::write_private(
        &settings,
        &configuration(address, monitor, &folder, &password),
    )?;
    let mut command = Command::new(program);
    command.arg("--config").arg(&settings);
    let mut daemon = Daemon::spawn(workspace, "nats", &command, Signal::TERM)?;
    daemon.wait_until(interrupt, || {
        http::get(monitor, "/healthz").is_ok_and(|(status, _)| status == 200)
    })?;
    Ok(Server {
        daemon: Some(daemon),
        url: format!("nats://{USER}:{password}@{address}"),
    })
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
