//! The development issuer, the four services and the portal, as processes.

use std::{
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};
use rustix::process::Signal;
use serde_json::{Map, Value, json};

use crate::{
    console,
    daemon::{Daemon, tail},
    database_url, http, infrastructure,
    interrupt::Interrupt,
    ports::Ports,
    programs::Programs,
    secret,
    workspace::{Workspace, create_folder},
};

/// The services, each with the ports it prefers: gRPC, then health and metrics.
const SERVICES: [(&str, [u16; 2]); 4] = [
    ("establishments", [7401, 7411]),
    ("contracts", [7402, 7412]),
    ("targets", [7403, 7413]),
    ("controls", [7404, 7414]),
];
const ADMIN_DATABASE_URL: &str = "CPOM_ADMIN_DATABASE_URL";
const ISSUER_PORT: u16 = 7400;
/// The portal: pages, then health and metrics.
const PORTAL: (&str, [u16; 2]) = ("portal", [7405, 7415]);

/// The packages whose programs make the stack.
pub(crate) const PACKAGES: [&str; 6] = [
    "establishments",
    "contracts",
    "targets",
    "controls",
    "portal",
    "cpom",
];

/// What the services run on.
#[derive(Debug)]
pub(crate) struct Servers<'a> {
    /// An administrator's.
    pub(crate) database_url: &'a str,
    pub(crate) nats_url: &'a str,
}

/// A running stack. Dropped, everything in it stops together.
#[derive(Debug)]
pub(crate) struct Stack {
    issuer: Daemon,
    issuer_address: SocketAddr,
    services: Vec<Service>,
    description: PathBuf,
}

#[derive(Debug)]
struct Service {
    name: &'static str,
    daemon: Daemon,
    grpc: SocketAddr,
    admin: SocketAddr,
}

impl Stack {
    /// Migrates every database, starts every process, and waits until all are ready.
    pub(crate) fn start(
        workspace: &Workspace,
        interrupt: &Interrupt,
        programs: &Programs,
        servers: &Servers<'_>,
        ports: &mut Ports,
    ) -> anyhow::Result<Self> {
        let folder = workspace.state().join("issuer");
        create_folder(&folder)?;
        let token = folder.join("service.jwt");
        if token.exists() {
            // One of an earlier start says nothing about this one.
            fs::remove_file(&token)?;
        }
        let issuer_address = ports.near(ISSUER_PORT)?;
        let mut command = Command::new(programs.get("cpom")?);
        command
            .args([
                "issuer",
                "--listen",
                &issuer_address.to_string(),
                "--state-dir",
            ])
            .arg(&folder)
            .arg("--service-token-file")
            .arg(&token);
        let mut issuer = Daemon::spawn(workspace, "issuer", &command, Signal::TERM)?;
        issuer.wait_until(interrupt, || {
            answers(issuer_address, JWKS) && token.is_file()
        })?;

        let mut addresses = Vec::new();
        for (name, [grpc, admin]) in SERVICES.into_iter().chain([PORTAL]) {
            addresses.push((name, ports.near(grpc)?, ports.near(admin)?));
        }
        let mut settings: Vec<(String, String)> = vec![
            ("CPOM_NATS_URL".into(), servers.nats_url.to_owned()),
            ("CPOM_ISSUER".into(), url(issuer_address)),
            ("CPOM_JWKS_URL".into(), url(issuer_address) + JWKS),
            (
                "CPOM_SERVICE_TOKEN_FILE".into(),
                token.to_string_lossy().into_owned(),
            ),
        ];
        for (name, grpc, _) in &addresses {
            settings.push((format!("CPOM_{}_URL", name.to_uppercase()), url(*grpc)));
        }

        let mut services = Vec::new();
        for (name, grpc, admin) in addresses {
            let program = programs.get(name)?;
            let password = secret::kept_in(&workspace.state().join(format!("{name}.password")))?;
            let login = format!("cpom_{name}");
            let database =
                database_url::for_login(servers.database_url, &login, &password, &login)?;
            let database = (
                format!("CPOM_{}_DATABASE_URL", name.to_uppercase()),
                database,
            );

            let mut migrate = Command::new(program);
            migrate
                .arg("migrate")
                .envs([database.clone()])
                .env(ADMIN_DATABASE_URL, servers.database_url);
            run_migration(workspace, name, &mut migrate)?;

            let key = folder.join(format!("{name}.checkpoint-key"));
            make_checkpoint_key(programs.get("cpom")?, name, &key)?;

            let mut serve = Command::new(program);
            serve
                .arg("serve")
                .env("CPOM_CHECKPOINT_KEY_FILE", &key)
                .env(
                    "CPOM_SIGNING_AUTHORITY_DIR",
                    folder.join("signing-authority"),
                )
                // A service runs on its own login, whatever the launcher was given.
                .env_remove(infrastructure::DATABASE_URL)
                .env_remove(ADMIN_DATABASE_URL)
                .envs(settings.iter().cloned())
                .envs([database])
                .env("CPOM_LISTEN", grpc.to_string())
                .env("CPOM_ADMIN_LISTEN", admin.to_string())
                // Its output goes to a file.
                .env("NO_COLOR", "1")
                .env(
                    "CPOM_LOG",
                    env::var_os("CPOM_LOG").unwrap_or_else(|| "human".into()),
                );
            let daemon = Daemon::spawn(workspace, name, &serve, Signal::TERM)?;
            services.push(Service {
                name,
                daemon,
                grpc,
                admin,
            });
        }
        for service in &mut services {
            let admin = service.admin;
            service
                .daemon
                .wait_until(interrupt, || answers(admin, "/readyz"))?;
            console::step(service.name, format_args!("ready on {}", url(service.grpc)));
        }

        let description = workspace.state().join("stack.json");
        let stack = Self {
            issuer,
            issuer_address,
            services,
            description,
        };
        let text = serde_json::to_string_pretty(&stack.describe())?;
        fs::write(&stack.description, text + "\n")
            .with_context(|| format!("writing {}", stack.description.display()))?;
        Ok(stack)
    }

    /// What the command-line client reads: the address of each service and of the issuer.
    fn describe(&self) -> Value {
        let mut description: Map<String, Value> = self
            .services
            .iter()
            .map(|service| (service.name.into(), url(service.grpc).into()))
            .collect();
        let admin: Map<String, Value> = self
            .services
            .iter()
            .map(|service| (service.name.into(), url(service.admin).into()))
            .collect();
        description.insert("issuer".into(), url(self.issuer_address).into());
        description.insert("jwks".into(), (url(self.issuer_address) + JWKS).into());
        description.insert("admin".into(), admin.into());
        json!(description)
    }

    /// Fails when one of the processes has died.
    pub(crate) fn check(&mut self) -> anyhow::Result<()> {
        self.issuer.check()?;
        self.services
            .iter_mut()
            .try_for_each(|service| service.daemon.check())
    }

    /// Where everything is, for people.
    pub(crate) fn addresses(&self) -> Vec<(&'static str, String)> {
        let of_service = |service: &Service| {
            let (address, admin) = (url(service.grpc), url(service.admin));
            let speaks = if service.name == PORTAL.0 {
                "open in a browser:"
            } else {
                "gRPC"
            };
            (
                service.name,
                format!("{speaks} {address}, health and metrics {admin}"),
            )
        };
        let issuer = (
            "issuer",
            format!("{} (development tokens)", url(self.issuer_address)),
        );
        self.services
            .iter()
            .map(of_service)
            .chain([issuer])
            .collect()
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // Whoever reads it would find nobody there.
        let _ = fs::remove_file(&self.description);
        for service in &self.services {
            service.daemon.ask_to_stop();
        }
    }
}

/// Where the issuer publishes its keys.
const JWKS: &str = "/jwks.json";

fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

fn answers(address: SocketAddr, path: &str) -> bool {
    http::get(address, path).is_ok_and(|(status, _)| status == 200)
}

/// Makes the key that signs the checkpoints of a service, at the first start.
fn make_checkpoint_key(program: &Path, name: &str, file: &Path) -> anyhow::Result<()> {
    let output = Command::new(program)
        .args(["audit", "key", "--name", &format!("cpom.local/{name}")])
        .arg(file)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not make the checkpoint key of {name}"))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        bail!("the checkpoint key of {name} could not be made: {why}");
    }
    Ok(())
}

/// Creates or updates the database of a service.
fn run_migration(workspace: &Workspace, name: &str, command: &mut Command) -> anyhow::Result<()> {
    let log = workspace.log(&format!("{name}.migrate"));
    create_folder(&workspace.state().join("log"))?;
    let output = fs::File::create(&log)?;
    let status = command
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .status()
        .with_context(|| format!("could not run the migration of {name}"))?;
    if !status.success() {
        bail!(
            "the migration of {name} failed ({status}); its log ends with\n{}\n\
             If the database comes from another branch, remove {} to start afresh.",
            tail(&log),
            workspace.state().display()
        );
    }
    Ok(())
}
