//! A service in this process, over everything real.

use std::{future::Future, net::SocketAddr, path::PathBuf, time::Duration};

use kernel::Clock;
use kit::{Config, Definition, Peers, Routes, Running, Runtime};
use rpc::client::{Credentials, Peer};
use time::OffsetDateTime;
use transparency::SigningKey;

use crate::{Persona, TestDatabase, TestIssuer, TestNats};

/// What surrounds a service; several services may share one.
#[derive(Debug)]
pub struct Setup {
    pub nats: TestNats,
    pub issuer: TestIssuer,
    pub clock: Clock,
    /// Addresses of other services, given to those started afterwards.
    pub peers: Peers,
    service_token_file: PathBuf,
    objects: PathBuf,
    /// Folder of the keys, one for each service.
    checkpoint_keys: PathBuf,
}

/// What signs the checkpoints of a service in every test.
#[expect(clippy::expect_used, reason = "a test without its key cannot go on")]
pub fn checkpoint_key(service: &str) -> SigningKey {
    SigningKey::new(&format!("cpom.test/{service}"), &[5; 32]).expect("a name")
}

impl Setup {
    /// A broker, an issuer, and the machine's clock.
    pub async fn new() -> Self {
        Self::at(Clock::system()).await
    }

    /// The same with a clock that the test moves.
    pub async fn starting_at(now: OffsetDateTime) -> Self {
        Self::at(Clock::manual(now)).await
    }

    #[expect(
        clippy::expect_used,
        reason = "a test without its surroundings cannot go on"
    )]
    async fn at(clock: Clock) -> Self {
        let _already = rustls::crypto::ring::default_provider().install_default();
        let issuer = TestIssuer::start(clock.clone()).await;
        let unique = kernel::new_id().simple();
        let service_token_file = std::env::temp_dir().join(format!("cpom-service-token-{unique}"));
        let objects = std::env::temp_dir().join(format!("cpom-objects-{unique}"));
        std::fs::write(&service_token_file, issuer.token(&Persona::service())).expect("token file");
        let checkpoint_keys = service_token_file.with_extension("keys");
        std::fs::create_dir(&checkpoint_keys).expect("a folder for keys");
        Self {
            nats: TestNats::start(),
            issuer,
            clock,
            peers: Peers::default(),
            service_token_file,
            objects,
            checkpoint_keys,
        }
    }

    /// Moves the clock of the services; the token with which they call each other is renewed.
    ///
    /// # Errors
    /// When the token cannot be written.
    pub fn advance(&self, by: time::Duration) -> std::io::Result<()> {
        self.clock.advance(by);
        let token = self.issuer.token(&Persona::service());
        std::fs::write(&self.service_token_file, token)
    }

    /// Where the authority keeps its certificate, which those who verify signatures trust.
    pub fn signing_authority_dir(&self) -> PathBuf {
        self.checkpoint_keys.join("signing-authority")
    }

    /// The configuration of a service on free ports.
    #[expect(clippy::expect_used, reason = "a test without its key cannot go on")]
    pub fn config(&self, database: &TestDatabase) -> Config {
        let key_file = self.checkpoint_keys.join(database.service);
        let key = checkpoint_key(database.service).to_secret_text();
        std::fs::write(&key_file, key).expect("key file");
        let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
        Config {
            listen: any_port,
            admin_listen: any_port,
            database_url: database.url.clone(),
            database_connections: 6,
            nats_url: self.nats.url(),
            nats_replicas: 1,
            issuer: self.issuer.url(),
            jwks_url: self.issuer.jwks_url(),
            service_token_file: Some(self.service_token_file.clone()),
            peers: self.peers.clone(),
            objects_url: format!("file://{}", self.objects.display()),
            checkpoint_key_file: Some(key_file),
            signing_authority_dir: Some(self.signing_authority_dir()),
            seal_every: Duration::from_millis(200),
            drain: Duration::ZERO,
        }
    }

    /// Starts a service on a database of its own.
    pub async fn start<Starting>(
        &self,
        definition: &'static Definition,
        start: impl FnOnce(Runtime) -> Starting,
    ) -> (Running, TestDatabase)
    where
        Starting: Future<Output = anyhow::Result<Routes>>,
    {
        let database = TestDatabase::new(definition).await;
        (self.start_on(&database, definition, start).await, database)
    }

    /// Starts a service (again, or one more replica) on a database that is there.
    #[expect(
        clippy::expect_used,
        reason = "a test without its service cannot go on"
    )]
    pub async fn start_on<Starting>(
        &self,
        database: &TestDatabase,
        definition: &'static Definition,
        start: impl FnOnce(Runtime) -> Starting,
    ) -> Running
    where
        Starting: Future<Output = anyhow::Result<Routes>>,
    {
        let config = self.config(database);
        kit::serve(definition, config, self.clock.clone(), None, start)
            .await
            .expect("the service starts")
    }

    /// A channel to a running service with the token of a persona.
    #[expect(clippy::expect_used, reason = "a test without its client cannot go on")]
    pub fn peer(&self, running: &Running, persona: &Persona) -> Peer {
        let credentials = Credentials::Token(self.issuer.token(persona));
        rpc::client::peer(&format!("http://{}", running.address), credentials).expect("an address")
    }
}

impl Drop for Setup {
    fn drop(&mut self) {
        let _left = std::fs::remove_file(&self.service_token_file);
        let _none = std::fs::remove_dir_all(&self.objects);
        let _left = std::fs::remove_dir_all(&self.checkpoint_keys);
    }
}

/// One service with its own surroundings: the usual case.
#[derive(Debug)]
pub struct TestService {
    pub running: Running,
    pub database: TestDatabase,
    pub setup: Setup,
}

impl TestService {
    /// Starts a service.
    pub async fn start<Starting>(
        definition: &'static Definition,
        start: impl FnOnce(Runtime) -> Starting,
    ) -> Self
    where
        Starting: Future<Output = anyhow::Result<Routes>>,
    {
        Self::within(Setup::new().await, definition, start).await
    }

    /// Starts a service in surroundings that are there.
    pub async fn within<Starting>(
        setup: Setup,
        definition: &'static Definition,
        start: impl FnOnce(Runtime) -> Starting,
    ) -> Self
    where
        Starting: Future<Output = anyhow::Result<Routes>>,
    {
        let (running, database) = setup.start(definition, start).await;
        Self {
            running,
            database,
            setup,
        }
    }

    /// A channel with the token of a persona.
    pub fn peer(&self, persona: &Persona) -> Peer {
        self.setup.peer(&self.running, persona)
    }
}
