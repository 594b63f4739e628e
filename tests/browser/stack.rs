//! The whole suite for a browser: services and portal in this process, the development issuer as the program it is, or in this
//! process too where the test moves the clock.

use std::{
    env,
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, ensure};
use cpom::{
    demo,
    issuer::{Kind, Options, TokenRequest, bind},
    stack::Stack as Addresses,
    token::IssuerClient,
};
use cpom_tests::suite::{Service, find_program, free_port};
use kernel::Clock;
use kit::{Config, Peers, Running};
use portal::Provider;
use serde_json::Map;
use testkit::{Setup, TestDatabase};
use tokio::task::JoinHandle;

use crate::{region, tariffs};

/// Everything that runs.
pub(crate) struct Stack {
    pub(crate) portal_url: String,
    portal: portal::Running,
    services: Vec<Running>,
    _databases: Vec<TestDatabase>,
    _setup: Setup,
    issuer: Issuer,
    pub(crate) peers: Peers,
    pub(crate) clock: Clock,
}

/// The development issuer. It ends with the value.
struct Issuer {
    run: Run,
    url: String,
    folder: PathBuf,
}

enum Run {
    Program(Child),
    Here(JoinHandle<anyhow::Result<()>>),
}

impl Drop for Issuer {
    fn drop(&mut self) {
        match &mut self.run {
            Run::Program(child) => {
                let _gone = child.kill();
                let _status = child.wait();
            }
            Run::Here(serving) => serving.abort(),
        }
        let _left = std::fs::remove_dir_all(&self.folder);
    }
}

impl Stack {
    /// Starts everything.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        Self::within(Setup::new().await, Issuer::start().await?).await
    }

    /// Starts everything so many days ago. The clock stands still until it is moved, and is never ahead of the machine’s:
    /// tokens of the future would be refused.
    pub(crate) async fn start_days_ago(days: i64) -> anyhow::Result<Self> {
        let then = Clock::system().now() - time::Duration::days(days);
        let setup = Setup::starting_at(then).await;
        let issuer = Issuer::start_here(setup.clock.clone()).await?;
        Self::within(setup, issuer).await
    }

    async fn within(mut setup: Setup, issuer: Issuer) -> anyhow::Result<Self> {
        let clock = setup.clock.clone();
        let mut places = Vec::new();
        for service in Service::ALL {
            let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
            let url = Some(format!("http://{address}"));
            match service {
                Service::Establishments => setup.peers.establishments = url,
                Service::Contracts => setup.peers.contracts = url,
                Service::Targets => setup.peers.targets = url,
                Service::Controls => setup.peers.controls = url,
            }
            places.push((
                service,
                address,
                TestDatabase::new(service.definition()).await,
            ));
        }
        let (mut services, mut databases) = (Vec::new(), Vec::new());
        for (service, listen, database) in places {
            let config = Config {
                listen,
                issuer: issuer.url.clone(),
                jwks_url: format!("{}/jwks.json", issuer.url),
                service_token_file: Some(issuer.token_file()),
                ..setup.config(&database)
            };
            services.push(run(service, config, clock.clone()).await?);
            databases.push(database);
        }
        let database = TestDatabase::new(&portal::DEFINITION).await;
        let listen = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let provider = Provider {
            issuer: issuer.url.clone(),
            client_id: "cpom-portal".to_owned(),
            client_secret: None,
            scopes: "openid profile".to_owned(),
            pkce: true,
            resource: None,
        };
        let served = (listen, clock.clone());
        let portal = serve_portal(&setup.peers, served, provider, &database).await?;
        databases.push(database);
        Ok(Self {
            portal_url: format!("http://{}", portal.address),
            portal,
            services,
            _databases: databases,
            peers: setup.peers.clone(),
            _setup: setup,
            issuer,
            clock,
        })
    }

    /// Where people are made up.
    pub(crate) fn issuer_url(&self) -> &str {
        &self.issuer.url
    }

    /// Loads the synthetic region, runs the loop and carries its planning out, as `cargo dev up` does, and once more to no effect.
    pub(crate) async fn demonstrate(&self) -> anyhow::Result<()> {
        let (plan, sites) = tokio::task::spawn_blocking(region::plan).await??;
        let addresses = self.addresses()?;
        let once = Box::pin(demo::carry_out(&addresses, plan.clone())).await?;
        let twice = Box::pin(demo::carry_out(&addresses, plan)).await?;
        let is_same = once.planning == twice.planning && once.reviews == twice.reviews;
        ensure!(
            is_same,
            "a second run changed something: {once:?}, {twice:?}"
        );
        tariffs::submit_days(&self.issuer.url, &self.peers, &sites).await
    }

    /// Lets days pass. The token with which services call each other is renewed; people sign in again.
    pub(crate) async fn let_pass(&self, days: i64) -> anyhow::Result<()> {
        self.clock.advance(time::Duration::days(days));
        let (role, sub) = ("service", "service:suite");
        let request = TokenRequest::new(Kind::Service, role, sub, "CPOM suite", &["*"]);
        let token = IssuerClient::at(&self.issuer.url)?.mint(&request).await?;
        std::fs::write(self.issuer.token_file(), token)?;
        Ok(())
    }

    /// Where everything listens, as the command-line client knows it.
    pub(crate) fn addresses(&self) -> anyhow::Result<Addresses> {
        let mut known = Map::new();
        for service in Service::ALL {
            let name = service.name();
            let url = self.peers.url(name).context("an address")?;
            known.insert(name.to_owned(), url.into());
        }
        known.insert("issuer".to_owned(), self.issuer.url.as_str().into());
        Ok(serde_json::from_value(known.into())?)
    }

    /// Stops everything in order.
    pub(crate) async fn stop(self) {
        self.portal.stop().await;
        for running in self.services {
            running.stop().await;
        }
    }
}

async fn run(service: Service, config: Config, clock: Clock) -> anyhow::Result<Running> {
    let definition = service.definition();
    let running = match service {
        Service::Establishments => {
            kit::serve(definition, config, clock, None, establishments::start).await
        }
        Service::Contracts => kit::serve(definition, config, clock, None, contracts::start).await,
        Service::Targets => kit::serve(definition, config, clock, None, targets::start).await,
        Service::Controls => kit::serve(definition, config, clock, None, controls::start).await,
    };
    running.with_context(|| format!("starting {}", service.name()))
}

/// A portal over the four services, for the people of a provider.
pub(crate) async fn serve_portal(
    peers: &Peers,
    (listen, clock): (SocketAddr, Clock),
    provider: Provider,
    database: &TestDatabase,
) -> anyhow::Result<portal::Running> {
    let config = portal::Config {
        listen,
        admin_listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        database_url: database.url.clone(),
        database_connections: 6,
        public_url: format!("http://{listen}"),
        provider,
        idle: time::Duration::minutes(30),
        lifetime: time::Duration::hours(8),
        theme: None,
        publisher: "Agence régionale de santé de démonstration".to_owned(),
        contact: String::new(),
        director: String::new(),
        host: String::new(),
        peers: peers.clone(),
    };
    portal::serve(config, clock, None).await
}

impl Issuer {
    async fn start() -> anyhow::Result<Self> {
        let folder = Self::folder();
        let listen = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let child = Command::new(find_program("cpom")?)
            .args(["issuer", "--listen", &listen.to_string(), "--state-dir"])
            .arg(&folder)
            .arg("--service-token-file")
            .arg(folder.join("service.jwt"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting the issuer")?;
        let issuer = Self {
            run: Run::Program(child),
            url: format!("http://{listen}"),
            folder,
        };
        for _ in 0..500 {
            let answers = tokio::net::TcpStream::connect(listen).await.is_ok();
            if answers && issuer.token_file().is_file() {
                return Ok(issuer);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        anyhow::bail!("the issuer does not start")
    }

    /// The same in this process, by a clock that the test moves.
    async fn start_here(clock: Clock) -> anyhow::Result<Self> {
        let folder = Self::folder();
        let options = Options {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            container_name: None,
            browser_url: None,
            state_dir: folder.clone(),
            service_token_file: folder.join("service.jwt"),
        };
        let bound = bind(&options, clock).await?;
        Ok(Self {
            url: bound.url().to_owned(),
            run: Run::Here(tokio::spawn(bound.serve(std::future::pending()))),
            folder,
        })
    }

    /// What it keeps, for this run.
    fn folder() -> PathBuf {
        env::temp_dir().join(format!("cpom-browser-{}", kernel::new_id().simple()))
    }

    fn token_file(&self) -> PathBuf {
        self.folder.join("service.jwt")
    }
}
