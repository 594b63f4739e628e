//! Configuration, from the environment alone.

use std::{env, net::SocketAddr, path::PathBuf, time::Duration};

/// Everything a process needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// gRPC address (`CPOM_LISTEN`).
    pub listen: SocketAddr,
    /// HTTP address of `/livez`, `/readyz` and `/metrics` (`CPOM_ADMIN_LISTEN`).
    pub admin_listen: SocketAddr,
    /// Login of the service, not the owner of its tables (`CPOM_<SERVICE>_DATABASE_URL`).
    pub database_url: String,
    /// Connections of each of the two pools (`CPOM_DATABASE_CONNECTIONS`).
    pub database_connections: u32,
    /// `CPOM_NATS_URL`.
    pub nats_url: String,
    /// Copies that a NATS cluster keeps of a new stream (`CPOM_NATS_REPLICAS`).
    pub nats_replicas: usize,
    /// The `iss` that tokens must carry (`CPOM_ISSUER`).
    pub issuer: String,
    /// Where the issuer's keys are (`CPOM_JWKS_URL`).
    pub jwks_url: String,
    /// Token for calls to the other services, renewed by somebody else (`CPOM_SERVICE_TOKEN_FILE`).
    pub service_token_file: Option<PathBuf>,
    /// `CPOM_<SERVICE>_URL` of the other services.
    pub peers: Peers,
    /// Where files that people add are kept: `file:///folder` or `s3://bucket/folder` (`CPOM_OBJECTS_URL`).
    pub objects_url: String,
    /// Keys that sign checkpoints, one a line (`CPOM_CHECKPOINT_KEY_FILE`). Without them none is signed.
    pub checkpoint_key_file: Option<PathBuf>,
    /// Folder of the development authority that signs documents (`CPOM_SIGNING_AUTHORITY_DIR`). Without it, none is signed.
    pub signing_authority_dir: Option<PathBuf>,
    /// How often new events are sealed (`CPOM_SEAL_SECONDS`).
    pub seal_every: Duration,
    /// How long the load balancer needs to notice that a process leaves (`CPOM_DRAIN_SECONDS`).
    pub drain: Duration,
}

/// Addresses of the services.
#[derive(Debug, Clone, Default)]
pub struct Peers {
    pub establishments: Option<String>,
    pub contracts: Option<String>,
    pub targets: Option<String>,
    pub controls: Option<String>,
}

impl Peers {
    /// The address of a service by its name.
    pub fn url(&self, service: &str) -> Option<&str> {
        match service {
            "establishments" => self.establishments.as_deref(),
            "contracts" => self.contracts.as_deref(),
            "targets" => self.targets.as_deref(),
            "controls" => self.controls.as_deref(),
            _ => None,
        }
    }
}

/// What is wrong with the environment, all at once.
#[derive(Debug)]
pub struct ConfigError(pub Vec<String>);

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads the environment of the process.
    ///
    /// # Errors
    /// All missing or ill-formed variables, with what each is for.
    pub fn from_env(service: &str) -> Result<Self, ConfigError> {
        let mut wrong = Vec::new();
        let mut required = |name: &str, purpose: &str| {
            env::var(name).unwrap_or_else(|_| {
                wrong.push(format!("{name} is not set ({purpose})"));
                String::new()
            })
        };
        let database_variable = format!("CPOM_{}_DATABASE_URL", service.to_uppercase());
        let database_url = required(
            &database_variable,
            "postgres://login:password@host/database",
        );
        let nats_url = required("CPOM_NATS_URL", "nats://host:4222");
        let issuer = required("CPOM_ISSUER", "the iss of accepted tokens");
        let jwks_url = required("CPOM_JWKS_URL", "where the issuer's keys are");
        let mut address = |name: &str, default: &str| {
            let text = env::var(name).unwrap_or_else(|_| default.to_owned());
            text.parse().unwrap_or_else(|_| {
                wrong.push(format!("{name}={text} is not an address such as {default}"));
                SocketAddr::from(([127, 0, 0, 1], 0))
            })
        };
        let listen = address("CPOM_LISTEN", "127.0.0.1:50051");
        let admin_listen = address("CPOM_ADMIN_LISTEN", "127.0.0.1:9090");
        let mut number = |name: &str, default: u32| match env::var(name) {
            Ok(text) => text.parse().unwrap_or_else(|_| {
                wrong.push(format!("{name}={text} is not a whole number"));
                default
            }),
            Err(_) => default,
        };
        let database_connections = number("CPOM_DATABASE_CONNECTIONS", 10);
        let nats_replicas = usize::try_from(number("CPOM_NATS_REPLICAS", 1)).unwrap_or(1);
        let drain = Duration::from_secs(number("CPOM_DRAIN_SECONDS", 0).into());
        let seal_every = Duration::from_secs(number("CPOM_SEAL_SECONDS", 5).into());
        if !wrong.is_empty() {
            return Err(ConfigError(wrong));
        }
        let url = |service: &str| env::var(format!("CPOM_{service}_URL")).ok();
        Ok(Self {
            listen,
            admin_listen,
            database_url,
            database_connections,
            nats_url,
            nats_replicas,
            issuer,
            jwks_url,
            service_token_file: env::var_os("CPOM_SERVICE_TOKEN_FILE").map(PathBuf::from),
            peers: Peers {
                establishments: url("ESTABLISHMENTS"),
                contracts: url("CONTRACTS"),
                targets: url("TARGETS"),
                controls: url("CONTROLS"),
            },
            objects_url: env::var("CPOM_OBJECTS_URL").unwrap_or_else(|_| local_objects()),
            checkpoint_key_file: env::var_os("CPOM_CHECKPOINT_KEY_FILE")
                .filter(|file| !file.is_empty())
                .map(PathBuf::from),
            signing_authority_dir: env::var_os("CPOM_SIGNING_AUTHORITY_DIR")
                .filter(|folder| !folder.is_empty())
                .map(PathBuf::from),
            seal_every,
            drain,
        })
    }
}

/// `.cpom/objects` under the current folder.
fn local_objects() -> String {
    let folder = env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    format!("file://{}/.cpom/objects", folder.display())
}
