//! A nats-server per test, which can be killed and started again on the same port and files.

use std::{
    env,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A private nats-server with `JetStream`. Dies with the value.
#[derive(Debug)]
pub struct TestNats {
    port: u16,
    folder: PathBuf,
    child: Option<Child>,
}

const START_LIMIT: Duration = Duration::from_secs(10);

impl TestNats {
    /// Starts a server on a free port.
    #[expect(clippy::expect_used, reason = "a test without its broker cannot go on")]
    pub fn start() -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let folder = env::temp_dir().join(format!("cpom-nats-{}", kernel::new_id().simple()));
        let mut nats = Self { port, folder, child: None };
        nats.restart();
        nats
    }

    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Kills the server, as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _gone = child.kill();
            let _status = child.wait();
        }
    }

    /// Starts the server again with what it had stored.
    #[expect(clippy::expect_used, reason = "a test without its broker cannot go on")]
    pub fn restart(&mut self) {
        self.kill();
        let child = Command::new(binary())
            .args(["-a", "127.0.0.1", "-p", &self.port.to_string(), "-js", "-sd"])
            .arg(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("nats-server starts");
        self.child = Some(child);
        let deadline = Instant::now() + START_LIMIT;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            assert!(Instant::now() < deadline, "nats-server did not open its port");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for TestNats {
    fn drop(&mut self) {
        self.kill();
        let _left = std::fs::remove_dir_all(&self.folder);
    }
}

/// `CPOM_TEST_NATS_SERVER` when it is set, so that several versions can be tested; else what is installed.
fn binary() -> PathBuf {
    if let Some(chosen) = env::var_os("CPOM_TEST_NATS_SERVER") {
        return chosen.into();
    }
    let in_path = env::var_os("PATH").and_then(|path| {
        env::split_paths(&path).map(|folder| folder.join("nats-server")).find(|file| file.is_file())
    });
    let usual = Path::new("/usr/sbin/nats-server").to_path_buf();
    in_path.unwrap_or(usual)
}
