//! A service as the program that is shipped.

use std::{
    env,
    fs::{self, File},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use kit::Config;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// A running program. Killed with the value.
#[derive(Debug)]
pub struct Program {
    child: Child,
    log: PathBuf,
    ready_after: Duration,
}

const START_LIMIT: Duration = Duration::from_secs(20);
/// Lines of the log that are shown when a test fails, or always when this variable is set.
const LOG_TAIL_LINES: usize = 40;
const SHOW_LOGS: &str = "CPOM_TEST_SHOW_LOGS";

impl Program {
    /// Starts a service and waits until it is ready.
    pub async fn start(service: &str, config: &Config) -> anyhow::Result<Self> {
        let log = env::temp_dir().join(format!("cpom-{service}-{}.log", kernel::new_id().simple()));
        let program = find_program(service)?;
        let begin = Instant::now();
        let child = Command::new(program)
            .arg("serve")
            .envs(environment(service, config))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log)?)
            .spawn()
            .with_context(|| format!("starting {service}"))?;
        let mut program = Self {
            child,
            log,
            ready_after: Duration::ZERO,
        };
        let deadline = begin + START_LIMIT;
        while !is_ready(config.admin_listen).await {
            if let Some(status) = program.child.try_wait()? {
                bail!(
                    "{service} ended at once ({status}):\n{}",
                    program.log_tail()
                );
            }
            if Instant::now() > deadline {
                bail!("{service} does not become ready:\n{}", program.log_tail());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        program.ready_after = begin.elapsed();
        Ok(program)
    }

    /// From its start until `/readyz` said yes.
    pub fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// Memory that is really there, in megabytes.
    pub fn resident_megabytes(&self) -> anyhow::Result<f64> {
        self.megabytes("VmRSS:")
    }

    /// The most that ever was there since its start, in megabytes.
    pub fn peak_megabytes(&self) -> anyhow::Result<f64> {
        self.megabytes("VmHWM:")
    }

    fn megabytes(&self, of: &'static str) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(of));
        let kilobytes = line
            .and_then(|line| line.split_whitespace().next())
            .context(of)?;
        Ok(kilobytes.parse::<f64>()? / 1_024.0)
    }

    /// SIGKILL: nothing is finished, nothing is flushed.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    fn log_tail(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(LOG_TAIL_LINES)..].join("\n")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _status = self.child.wait();
        if std::thread::panicking() || env::var_os(SHOW_LOGS).is_some() {
            eprintln!("--- {}\n{}", self.log.display(), self.log_tail());
        }
        let _left = fs::remove_file(&self.log);
    }
}

/// Whether `/readyz` says yes.
async fn is_ready(admin: SocketAddr) -> bool {
    let Ok(mut connection) = TcpStream::connect(admin).await else {
        return false;
    };
    let request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let mut answer = String::new();
    connection.write_all(request.as_bytes()).await.is_ok()
        && connection.read_to_string(&mut answer).await.is_ok()
        && answer.starts_with("HTTP/1.1 200")
}

/// The configuration as the environment that the program reads.
fn environment(service: &str, config: &Config) -> Vec<(String, String)> {
    let mut variables = vec![
        ("CPOM_LISTEN".to_owned(), config.listen.to_string()),
        (
            "CPOM_ADMIN_LISTEN".to_owned(),
            config.admin_listen.to_string(),
        ),
        (
            format!("CPOM_{}_DATABASE_URL", service.to_uppercase()),
            config.database_url.clone(),
        ),
        (
            "CPOM_DATABASE_CONNECTIONS".to_owned(),
            config.database_connections.to_string(),
        ),
        ("CPOM_NATS_URL".to_owned(), config.nats_url.clone()),
        ("CPOM_OBJECTS_URL".to_owned(), config.objects_url.clone()),
        ("CPOM_ISSUER".to_owned(), config.issuer.clone()),
        ("CPOM_JWKS_URL".to_owned(), config.jwks_url.clone()),
    ];
    if let Some(file) = &config.service_token_file {
        variables.push((
            "CPOM_SERVICE_TOKEN_FILE".to_owned(),
            file.display().to_string(),
        ));
    }
    if let Some(file) = &config.checkpoint_key_file {
        variables.push((
            "CPOM_CHECKPOINT_KEY_FILE".to_owned(),
            file.display().to_string(),
        ));
    }
    if let Some(folder) = &config.signing_authority_dir {
        variables.push((
            "CPOM_SIGNING_AUTHORITY_DIR".to_owned(),
            folder.display().to_string(),
        ));
    }
    for peer in ["establishments", "contracts", "targets", "controls"] {
        if let Some(url) = config.peers.url(peer) {
            variables.push((format!("CPOM_{}_URL", peer.to_uppercase()), url.to_owned()));
        }
    }
    variables
}

/// A program of this workspace, built beside the one that runs now.
pub fn find_program(name: &str) -> anyhow::Result<PathBuf> {
    let here = env::current_exe()?;
    here.ancestors()
        .skip(1)
        .take(2)
        .map(|folder: &Path| folder.join(name))
        .find(|file| file.is_file())
        .with_context(|| format!("{name} is not built: run `cargo build --workspace --bins` first"))
}
