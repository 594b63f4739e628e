//! A nats-server per test, which can be killed and started again on the same port and files.

use std::{
    env, fs,
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

/// A private nats-server with `JetStream`. Dies with the value.
#[derive(Debug)]
pub struct TestNats {
    port: u16,
    folder: PathBuf,
    child: Option<Child>,
}

const START_LIMIT: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

impl TestNats {
    /// Starts a server on a port that it chooses itself, so that two tests never get the same.
    #[expect(clippy::expect_used, reason = "a test without its broker cannot go on")]
    pub fn start() -> Self {
        let folder = env::temp_dir().join(format!("cpom-nats-{}", kernel::new_id().simple()));
        fs::create_dir_all(&folder).expect("a folder for nats-server");
        let mut child = spawn(&folder, "-1");
        let ports = folder.join(format!("nats-server_{}.ports", child.id()));
        let deadline = Instant::now() + START_LIMIT;
        let port = loop {
            if let Some(port) = fs::read(&ports).ok().and_then(|file| first_port(&file)) {
                break port;
            }
            let ended = child.try_wait().expect("nats-server can be asked");
            assert!(ended.is_none(), "nats-server ended by itself: {ended:?}");
            assert!(
                Instant::now() < deadline,
                "nats-server did not say its port"
            );
            thread::sleep(LOOK_AGAIN);
        };
        Self {
            port,
            folder,
            child: Some(child),
        }
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
        let port = self.port.to_string();
        let mut child = spawn(&self.folder, &port);
        let deadline = Instant::now() + START_LIMIT;
        loop {
            thread::sleep(LOOK_AGAIN);
            assert!(
                Instant::now() < deadline,
                "nats-server did not open its port again"
            );
            // The port may have been lent to somebody's connection for a moment.
            if child
                .try_wait()
                .expect("nats-server can be asked")
                .is_some()
            {
                child = spawn(&self.folder, &port);
            } else if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                break;
            }
        }
        self.child = Some(child);
    }

    /// Loses everything that was stored, as a disk that failed would, and starts the server again.
    pub fn lose_everything(&mut self) {
        self.kill();
        let _gone = fs::remove_dir_all(&self.folder);
        self.restart();
    }
}

impl Drop for TestNats {
    fn drop(&mut self) {
        self.kill();
        let _left = fs::remove_dir_all(&self.folder);
    }
}

#[expect(clippy::expect_used, reason = "a test without its broker cannot go on")]
fn spawn(folder: &Path, port: &str) -> Child {
    Command::new(binary())
        .args(["-a", "127.0.0.1", "-p", port, "-js", "-sd"])
        .arg(folder.join("jetstream"))
        .arg("--ports_file_dir")
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("nats-server starts")
}

/// The port in the file that nats-server writes: `{"nats":["nats://127.0.0.1:34903"]}`.
fn first_port(file: &[u8]) -> Option<u16> {
    let ports: Value = serde_json::from_slice(file).ok()?;
    ports["nats"][0].as_str()?.rsplit(':').next()?.parse().ok()
}

/// `CPOM_TEST_NATS_SERVER` when it is set, so that several versions can be tested; else what is installed.
fn binary() -> PathBuf {
    if let Some(chosen) = env::var_os("CPOM_TEST_NATS_SERVER") {
        return chosen.into();
    }
    let in_path = env::var_os("PATH").and_then(|path| {
        env::split_paths(&path)
            .map(|folder| folder.join("nats-server"))
            .find(|file| file.is_file())
    });
    let usual = Path::new("/usr/sbin/nats-server").to_path_buf();
    in_path.unwrap_or(usual)
}
