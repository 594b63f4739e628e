//! A certified OpenID provider (npm `oidc-provider`), and two portals that trust it: one is told of people in JSON, the other
//! in a signed JWT.

use std::{
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::Context as _;
use cpom_tests::suite::free_port;
use kernel::Clock;
use portal::Provider;
use serde_json::{Value, json};
use testkit::TestDatabase;

use crate::stack::serve_portal;

/// The provider and its portals.
pub(crate) struct Certified {
    issuer: String,
    portals: Vec<portal::Running>,
    _databases: Vec<TestDatabase>,
    _child: Node,
}

/// The provider's process. Killed with the value.
struct Node(Child);

impl Drop for Node {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _status = self.0.wait();
    }
}

/// The clients: identifier, secret, whether userinfo is signed.
const CLIENTS: [(&str, &str, bool); 2] = [
    ("cpom-portal", "essai: 100 % d'encodage + un", false),
    ("cpom-portal-jwt", "essai: 100 % d'encodage + deux", true),
];

impl Certified {
    /// Starts the provider from `folder` with the packages of `modules`, then its portals.
    pub(crate) async fn start(
        peers: &kit::Peers,
        folder: &Path,
        modules: &str,
    ) -> anyhow::Result<Self> {
        let port = free_port()?;
        let issuer = format!("http://127.0.0.1:{port}");
        let mut addresses = Vec::new();
        for _ in CLIENTS {
            addresses.push(SocketAddr::from(([127, 0, 0, 1], free_port()?)));
        }
        let clients: Vec<Value> = CLIENTS
            .iter()
            .zip(&addresses)
            .map(|((id, secret, signed), address)| {
                let portal = format!("http://{address}");
                json!({ "id": id, "secret": secret, "portal": portal, "signed": signed })
            })
            .collect();
        let child = Command::new("node")
            .arg(folder.join("provider.mjs"))
            .arg(json!({ "issuer": issuer, "port": port, "clients": clients }).to_string())
            .env("CPOM_TEST_NODE_MODULES", modules)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting the certified provider")?;
        let child = Node(child);
        let mut is_there = false;
        for _ in 0..500 {
            is_there = tokio::net::TcpStream::connect(("127.0.0.1", port))
                .await
                .is_ok();
            if is_there {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        anyhow::ensure!(is_there, "the certified provider does not start");
        let (mut portals, mut databases) = (Vec::new(), Vec::new());
        for ((id, secret, _), listen) in CLIENTS.into_iter().zip(addresses) {
            let database = TestDatabase::new(&portal::DEFINITION).await;
            let provider = Provider {
                issuer: issuer.clone(),
                client_id: id.to_owned(),
                client_secret: Some(secret.to_owned()),
                scopes: "openid profile".to_owned(),
                pkce: true,
                resource: None,
            };
            let served = (listen, Clock::system());
            portals.push(serve_portal(peers, served, provider, &database).await?);
            databases.push(database);
        }
        Ok(Self {
            issuer,
            portals,
            _databases: databases,
            _child: child,
        })
    }

    /// Where everything is, for the journeys.
    pub(crate) fn told(&self) -> String {
        let address = |rank: usize| {
            let portal = self.portals.get(rank);
            portal.map(|portal| format!("http://{}", portal.address))
        };
        json!({ "issuer": self.issuer, "plain": address(0), "signed": address(1) }).to_string()
    }

    pub(crate) async fn stop(self) {
        for portal in self.portals {
            portal.stop().await;
        }
    }
}
