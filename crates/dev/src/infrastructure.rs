//! The two servers everything needs: given by the environment, or private and ours.

use std::env;

use crate::{
    console,
    daemon::Daemon,
    interrupt::Interrupt,
    nats,
    ports::Ports,
    postgres,
    setup::{Need, Tools},
    workspace::Workspace,
};

pub(crate) const DATABASE_URL: &str = "CPOM_DATABASE_URL";
pub(crate) const NATS_URL: &str = "CPOM_NATS_URL";

/// Ports that stay the same from one `cargo dev up` to the next, unless somebody else has them.
const POSTGRES_PORT: u16 = 7431;
const NATS_PORTS: [u16; 2] = [7422, 7423];

/// What a private Postgres is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The local stack: what is committed is on the disk, as in production.
    Stack,
    /// The tests, which make hundreds of small databases: nothing waits for the disk (a power failure
    /// would lose data, a crash of a program does not), and every start is from nothing.
    Tests,
}

impl Purpose {
    /// Of its log and its pid file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Stack => "postgres",
            Self::Tests => TESTS,
        }
    }
}

/// The one server of the tests; all else that runs belongs to the stack.
pub(crate) const TESTS: &str = "test-postgres";

/// A server in use. Dropped, it stops if it is ours.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) daemon: Option<Daemon>,
    pub(crate) url: String,
}

impl Server {
    fn given(variable: &str, name: &str) -> Option<Self> {
        let url = given(variable)?;
        console::step(name, format_args!("the server {variable} gives"));
        Some(Self { daemon: None, url })
    }

    /// Fails when it is ours and has died.
    pub(crate) fn check(&mut self) -> anyhow::Result<()> {
        self.daemon.as_mut().map_or(Ok(()), Daemon::check)
    }
}

/// What must be set up: nothing for a server that the environment gives.
pub(crate) fn needs() -> Vec<Need> {
    [(Need::Postgres, DATABASE_URL), (Need::Nats, NATS_URL)]
        .into_iter()
        .filter(|(_, variable)| given(variable).is_none())
        .map(|(need, _)| need)
        .collect()
}

/// An administrator's access to a Postgres.
pub(crate) fn postgres(
    workspace: &Workspace,
    interrupt: &Interrupt,
    tools: &Tools,
    purpose: Purpose,
    ports: &mut Ports,
) -> anyhow::Result<Server> {
    if let Some(server) = Server::given(DATABASE_URL, "postgres") {
        return Ok(server);
    }
    let address = match purpose {
        Purpose::Stack => ports.near(POSTGRES_PORT)?,
        Purpose::Tests => ports.any()?,
    };
    let server = postgres::start(workspace, interrupt, tools.postgres()?, purpose, address)?;
    console::step("postgres", format_args!("ready on {address}"));
    Ok(server)
}

/// A NATS with its persistence.
pub(crate) fn nats(
    workspace: &Workspace,
    interrupt: &Interrupt,
    tools: &Tools,
    ports: &mut Ports,
) -> anyhow::Result<Server> {
    if let Some(server) = Server::given(NATS_URL, "nats") {
        return Ok(server);
    }
    let [clients, monitoring] = NATS_PORTS;
    let addresses = [ports.near(clients)?, ports.near(monitoring)?];
    let server = nats::start(workspace, interrupt, tools.nats()?, addresses)?;
    console::step("nats", format_args!("ready on {}", addresses[0]));
    Ok(server)
}

fn given(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|url| !url.is_empty())
}
