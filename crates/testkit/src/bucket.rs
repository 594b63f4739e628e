//! An S3 server of another make: rclone, over a folder.

use std::{
    env, fs,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A private S3 server with one bucket, `evidence`. Dies with the value.
#[derive(Debug)]
pub struct TestBucket {
    port: u16,
    folder: PathBuf,
    program: Child,
}

const KEY: &str = "an-access-key";
const START_LIMIT: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

impl TestBucket {
    /// What the server takes requests with.
    pub const SECRET: &str = "a-secret-key";

    /// Starts a server on a free port.
    #[expect(clippy::expect_used, reason = "a test without its bucket cannot go on")]
    pub async fn start() -> Self {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            let folder = env::temp_dir().join(format!("cpom-s3-{}", kernel::new_id().simple()));
            fs::create_dir_all(folder.join("buckets/evidence")).expect("a folder for the bucket");
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
            let port = free.local_addr().expect("it has an address").port();
            drop(free);
            let mut server = Self {
                port,
                program: spawn(&folder, port),
                folder,
            };
            // Another test may have taken the port meanwhile: then it ends by itself.
            while server.runs() {
                if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                    return server;
                }
                assert!(Instant::now() < deadline, "rclone did not open its port");
                tokio::time::sleep(LOOK_AGAIN).await;
            }
            assert!(Instant::now() < deadline, "rclone ends by itself");
        }
    }

    /// The variables of the environment that lead to it, with this secret.
    pub fn variables(&self, secret: &str) -> Vec<(String, String)> {
        let address = format!("http://127.0.0.1:{}", self.port);
        [
            ("AWS_ENDPOINT_URL", address.as_str()),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_REGION", "eu-west-3"),
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", secret),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// Stops the server, as a power cut would.
    pub fn stop(&mut self) {
        let _gone = self.program.kill();
        let _status = self.program.wait();
    }

    fn runs(&mut self) -> bool {
        matches!(self.program.try_wait(), Ok(None))
    }
}

impl Drop for TestBucket {
    fn drop(&mut self) {
        self.stop();
        let _left = fs::remove_dir_all(&self.folder);
    }
}

#[expect(clippy::expect_used, reason = "a test without its bucket cannot go on")]
fn spawn(folder: &Path, port: u16) -> Child {
    let program = env::var_os("CPOM_TEST_S3_SERVER")
        .expect("CPOM_TEST_S3_SERVER is not set: run the tests with `cargo dev test`");
    let secret = TestBucket::SECRET;
    Command::new(program)
        .args(["serve", "s3"])
        .arg(folder.join("buckets"))
        .args(["--addr", &format!("127.0.0.1:{port}")])
        .args(["--auth-key", &format!("{KEY},{secret}")])
        // Nothing of whoever runs the tests.
        .arg("--config")
        .arg(folder.join("no.conf"))
        .arg("--cache-dir")
        .arg(folder.join("cache"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("rclone starts")
}
