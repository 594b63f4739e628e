//! The two servers everything needs: given by the environment, or private and ours.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::{
    console,
    daemon::Daemon,
    interrupt::Interrupt,
    nats::Nats,
    ports::Ports,
    postgres::{Durability, Postgres},
    setup::{Need, Tools},
    workspace::{Workspace, create_folder, remove_folder},
};

pub(crate) const DATABASE_URL: &str = "CPOM_DATABASE_URL";
pub(crate) const NATS_URL: &str = "CPOM_NATS_URL";

/// Where private servers keep their data, and which ports they prefer.
#[derive(Debug)]
pub(crate) struct Place {
    /// Before each server's name, so that two instances of one checkout differ.
    pub(crate) prefix: &'static str,
    pub(crate) folder: PathBuf,
    pub(crate) ports: [u16; 3],
    pub(crate) durability: Durability,
}

/// Running servers. Dropped, the private ones stop: NATS first, then Postgres.
#[derive(Debug)]
pub(crate) struct Infrastructure {
    nats: Option<Daemon>,
    postgres: Option<Daemon>,
    /// An administrator's URL.
    pub(crate) database_url: String,
    pub(crate) nats_url: String,
}

impl Infrastructure {
    /// What must be set up for it: nothing for a server that the environment gives.
    pub(crate) fn needs() -> Vec<Need> {
        [(Need::Postgres, DATABASE_URL), (Need::Nats, NATS_URL)]
            .into_iter()
            .filter(|(_, variable)| given(variable).is_none())
            .map(|(need, _)| need)
            .collect()
    }

    /// Starts what the environment does not give. `nats` replaces the nats-server found.
    pub(crate) fn start(
        workspace: &Workspace,
        interrupt: &Interrupt,
        tools: &Tools,
        nats: Option<&Path>,
        place: &Place,
        ports: &mut Ports,
    ) -> anyhow::Result<Self> {
        create_folder(&place.folder)?;
        let [postgres_port, nats_port, monitor_port] = place.ports;
        let (postgres, database_url) = if let Some(url) = given(DATABASE_URL) {
            console::step("postgres", format_args!("the server {DATABASE_URL} gives"));
            (None, url)
        } else {
            let address = ports.near(postgres_port)?;
            let server = Postgres::start(
                workspace,
                interrupt,
                tools.postgres()?,
                &format!("{}postgres", place.prefix),
                &place.folder.join("postgres"),
                address,
                place.durability,
            )?;
            console::step("postgres", format_args!("ready on {address}"));
            (Some(server.daemon), server.url)
        };
        let (nats, nats_url) = if let Some(url) = given(NATS_URL) {
            console::step("nats", format_args!("the server {NATS_URL} gives"));
            (None, url)
        } else {
            let folder = place.folder.join("nats");
            if place.durability == Durability::Disposable {
                remove_folder(&folder)?;
            }
            let addresses = [ports.near(nats_port)?, ports.near(monitor_port)?];
            let server = Nats::start(
                workspace,
                interrupt,
                nats.map_or_else(|| tools.nats(), Ok)?,
                &format!("{}nats", place.prefix),
                &folder,
                addresses,
            )?;
            console::step("nats", format_args!("ready on {}", addresses[0]));
            (Some(server.daemon), server.url)
        };
        Ok(Self {
            nats,
            postgres,
            database_url,
            nats_url,
        })
    }

    /// Fails when a private server has died.
    pub(crate) fn check(&mut self) -> anyhow::Result<()> {
        self.nats
            .iter_mut()
            .chain(self.postgres.iter_mut())
            .try_for_each(Daemon::check)
    }
}

fn given(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|url| !url.is_empty())
}
