//! Files in a bucket of a real S3 server of another make: the program `s3s-fs`, named by `CPOM_TEST_S3_SERVER`.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, what does not work should stop it"
)]

use std::{
    env, fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use bytes::Bytes;
use objects::{LARGEST_FILE, Objects, ObjectsError};
use tokio::net::TcpStream;

const KEY: &str = "an-access-key";
const SECRET: &str = "a-secret-key";

/// A server with one bucket, `evidence`. It ends with the value.
struct Server {
    program: Child,
    folder: PathBuf,
    port: u16,
}

impl Server {
    async fn start() -> Self {
        let path =
            env::var("CPOM_TEST_S3_SERVER").expect("CPOM_TEST_S3_SERVER names the program s3s-fs");
        let folder = env::temp_dir().join(format!("cpom-s3-{}", kernel::new_id().simple()));
        fs::create_dir_all(folder.join("evidence")).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let program = Command::new(path)
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            .args(["--access-key", KEY, "--secret-key", SECRET])
            .arg(&folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            program,
            folder,
            port,
        };
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(begin.elapsed() < Duration::from_secs(20), "it starts");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        server
    }

    /// Files in a folder of the bucket, for who has this secret.
    fn objects(&self, secret: &str) -> Objects {
        let _already = rustls::crypto::ring::default_provider().install_default();
        let variables = [
            (
                "AWS_ENDPOINT_URL",
                format!("http://127.0.0.1:{}", self.port),
            ),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "eu-west-3".to_owned()),
            ("AWS_ACCESS_KEY_ID", KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", secret.to_owned()),
            // Not every variable of the environment is about the bucket.
            ("AWS_PROFILE", "ars".to_owned()),
            ("PATH", "/bin".to_owned()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value));
        Objects::open_with("s3://evidence/paca/2024", variables).unwrap()
    }

    fn stop(&mut self) {
        let _gone = self.program.kill();
        let _status = self.program.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        let _left = fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test]
async fn what_was_put_is_got_by_its_hash_and_nothing_else_is() {
    let server = Server::start().await;
    let objects = server.objects(SECRET);
    let small = Bytes::from_static(b"finess;sejours\n130786049;12\n");
    let largest = Bytes::from(vec![7; LARGEST_FILE]);
    for bytes in [small, largest, Bytes::new()] {
        let hash = objects.put(bytes.clone()).await.unwrap();
        assert_eq!(hash, objects::hash(&bytes));
        assert_eq!(objects.put(bytes.clone()).await.unwrap(), hash);
        assert_eq!(objects.get(&hash).await.unwrap(), Some(bytes));
    }
    assert_eq!(objects.get(&[0; 32]).await.unwrap(), None);
}

#[tokio::test]
async fn bytes_that_were_changed_in_the_bucket_are_not_handed_out() {
    let server = Server::start().await;
    let objects = server.objects(SECRET);
    let hash = objects.put(Bytes::from_static(b"a report")).await.unwrap();
    let name = hex::encode(hash);
    let kept = server
        .folder
        .join(format!("evidence/paca/2024/{}/{name}", &name[..2]));
    assert_eq!(fs::read(&kept).unwrap(), b"a report");
    fs::write(kept, b"another report").unwrap();
    let damaged = objects.get(&hash).await.unwrap_err();
    assert!(matches!(damaged, ObjectsError::Damaged(_)), "{damaged}");
}

#[tokio::test]
async fn without_the_right_key_nothing_is_kept_and_nothing_is_said_to_be_missing() {
    let server = Server::start().await;
    let stranger = server.objects("another-secret");
    let bytes = Bytes::from_static(b"a report");
    let refused = stranger.put(bytes.clone()).await.unwrap_err();
    assert!(matches!(refused, ObjectsError::Bucket(_)), "{refused}");
    let refused = stranger.get(&objects::hash(&bytes)).await.unwrap_err();
    assert!(matches!(refused, ObjectsError::Bucket(_)), "{refused}");
    let kept = server.objects(SECRET).get(&objects::hash(&bytes)).await;
    assert_eq!(kept.unwrap(), None);
}

#[tokio::test]
async fn a_bucket_that_is_away_is_told_in_time() {
    let mut server = Server::start().await;
    let objects = server.objects(SECRET);
    server.stop();
    let begin = Instant::now();
    let away = objects.get(&[0; 32]).await.unwrap_err();
    assert!(matches!(away, ObjectsError::Bucket(_)), "{away}");
    assert!(
        begin.elapsed() < Duration::from_secs(15),
        "{:?}",
        begin.elapsed()
    );
}
