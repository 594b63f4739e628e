//! The development issuer over real HTTP on loopback.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::{net::SocketAddr, os::unix::fs::PermissionsExt, path::PathBuf};

use cpom::{
    issuer::{AUDIENCE, Claims, Kind, Options, TokenRequest, bind},
    token::IssuerClient,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use kernel::Clock;
use serde_json::{Value, json};

struct TestIssuer {
    url: String,
    folder: PathBuf,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    served: Option<tokio::task::JoinHandle<anyhow::Result<()>>>,
}

impl TestIssuer {
    async fn start(folder: PathBuf) -> Self {
        let bound = bind(&options(&folder, "127.0.0.1:0"), Clock::system())
            .await
            .unwrap();
        let url = bound.url().to_owned();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let served = tokio::spawn(bound.serve(async {
            let _ = stopped.await;
        }));
        Self {
            url,
            folder,
            stop: Some(stop),
            served: Some(served),
        }
    }

    async fn stop(&mut self) {
        drop(self.stop.take());
        self.served.take().unwrap().await.unwrap().unwrap();
    }

    async fn get(&self, path: &str) -> Value {
        http()
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    async fn verified(&self, token: &str) -> Claims {
        let keys: JwkSet = serde_json::from_value(self.get("/jwks.json").await).unwrap();
        let id = decode_header(token).unwrap().kid.unwrap();
        let key = DecodingKey::from_jwk(keys.find(&id).unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&self.url]);
        validation.validate_nbf = true;
        decode::<Claims>(token, &key, &validation).unwrap().claims
    }
}

impl Drop for TestIssuer {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn options(folder: &std::path::Path, listen: &str) -> Options {
    Options {
        listen: listen.parse::<SocketAddr>().unwrap(),
        container_name: None,
        browser_url: None,
        state_dir: folder.join("state"),
        service_token_file: folder.join("run/service.jwt"),
    }
}

fn new_folder() -> PathBuf {
    std::env::temp_dir().join(format!("cpom-issuer-{}", kernel::new_id()))
}

fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn a_director() -> TokenRequest {
    let mut request = TokenRequest::new(
        Kind::Human,
        "establishment_director",
        "person:director",
        "Camille Martin",
        &["93"],
    );
    request.finess = vec!["130786049".to_owned()];
    request
}

#[tokio::test]
async fn a_token_verifies_against_the_published_keys_and_says_what_was_asked() {
    let issuer = TestIssuer::start(new_folder()).await;
    let configuration = issuer.get("/.well-known/openid-configuration").await;
    assert_eq!(configuration["issuer"], issuer.url.as_str());
    assert_eq!(
        configuration["jwks_uri"],
        format!("{}/jwks.json", issuer.url)
    );

    let token = IssuerClient::at(&issuer.url)
        .unwrap()
        .mint(&a_director())
        .await
        .unwrap();
    let claims = issuer.verified(&token).await;
    assert_eq!(claims.sub, "person:director");
    assert_eq!(claims.kind, Kind::Human);
    assert_eq!(claims.roles, ["establishment_director"]);
    assert_eq!(
        (claims.regions, claims.finess),
        (vec!["93".to_owned()], vec!["130786049".to_owned()])
    );
    assert_eq!(claims.exp - claims.iat, 3_600);
    assert_eq!(
        cpom::token::subject(&token).as_deref(),
        Some("person:director")
    );
}

#[tokio::test]
async fn the_published_key_never_holds_its_private_half_and_files_are_the_owner_s_alone() {
    let issuer = TestIssuer::start(new_folder()).await;
    let keys = issuer.get("/jwks.json").await;
    let key = keys["keys"][0].as_object().unwrap();
    assert_eq!(
        (key["kty"].as_str(), key["crv"].as_str()),
        (Some("EC"), Some("P-256"))
    );
    assert!(!key.contains_key("d"), "{key:?}");
    for file in ["state/issuer-es256.pem", "run/service.jwt"] {
        let mode = std::fs::metadata(issuer.folder.join(file))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[tokio::test]
async fn the_service_token_is_that_of_the_suite() {
    let issuer = TestIssuer::start(new_folder()).await;
    let token = std::fs::read_to_string(issuer.folder.join("run/service.jwt")).unwrap();
    let claims = issuer.verified(&token).await;
    assert_eq!(
        (claims.sub.as_str(), claims.kind),
        ("service:suite", Kind::Service)
    );
    assert_eq!(
        (claims.roles, claims.regions),
        (vec!["service".to_owned()], vec!["*".to_owned()])
    );
}

#[tokio::test]
async fn the_key_survives_a_restart() {
    let folder = new_folder();
    let mut first = TestIssuer::start(folder.clone()).await;
    let before = first.get("/jwks.json").await;
    first.stop().await;
    let again = TestIssuer::start(folder).await;
    assert_eq!(before, again.get("/jwks.json").await);
}

#[tokio::test]
async fn a_request_that_makes_no_sense_is_refused_with_its_field() {
    let issuer = TestIssuer::start(new_folder()).await;
    let client = IssuerClient::at(&issuer.url).unwrap();
    let wrong: [(&str, TokenRequest); 7] = [
        (
            "sub",
            TokenRequest {
                sub: String::new(),
                ..a_director()
            },
        ),
        (
            "roles",
            TokenRequest {
                roles: vec![],
                ..a_director()
            },
        ),
        (
            "regions",
            TokenRequest {
                regions: vec!["77".to_owned()],
                ..a_director()
            },
        ),
        (
            "finess",
            TokenRequest {
                finess: vec!["130786048".to_owned()],
                ..a_director()
            },
        ),
        (
            "departments",
            TokenRequest {
                departments: vec!["20".to_owned()],
                ..a_director()
            },
        ),
        (
            "lifetime_seconds",
            TokenRequest {
                lifetime_seconds: 86_401,
                ..a_director()
            },
        ),
        (
            "lifetime_seconds",
            TokenRequest {
                lifetime_seconds: 0,
                ..a_director()
            },
        ),
    ];
    for (field, request) in wrong {
        let error = client.mint(&request).await.unwrap_err().to_string();
        assert!(error.contains(field), "{error}");
    }
}

#[tokio::test]
async fn a_web_page_cannot_obtain_a_token() {
    let issuer = TestIssuer::start(new_folder()).await;
    let url = format!("{}/token", issuer.url);
    let body = json!(a_director()).to_string();
    // What a form or a `no-cors` fetch can send: never JSON.
    let simple = http()
        .post(&url)
        .header("content-type", "text/plain")
        .body(body.clone());
    assert_eq!(simple.send().await.unwrap().status(), 415);
    // What a name that was made to resolve to this machine sends.
    let rebound = http()
        .post(&url)
        .header("host", "evil.example")
        .json(&a_director());
    assert_eq!(rebound.send().await.unwrap().status(), 421);
    let preflight = http()
        .request(reqwest::Method::OPTIONS, &url)
        .send()
        .await
        .unwrap();
    assert!(
        !preflight
            .headers()
            .contains_key("access-control-allow-origin")
    );
}

#[tokio::test]
async fn it_refuses_to_listen_to_other_machines() {
    let folder = new_folder();
    let error = bind(&options(&folder, "0.0.0.0:0"), Clock::system())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("loopback"), "{error}");
    assert!(!folder.exists(), "nothing is written when it refuses");
}

#[tokio::test]
async fn in_a_container_it_answers_under_its_name() {
    let folder = new_folder();
    let options = Options {
        container_name: Some("issuer".to_owned()),
        ..options(&folder, "0.0.0.0:0")
    };
    let bound = bind(&options, Clock::system()).await.unwrap();
    let port = bound
        .url()
        .strip_prefix("http://issuer:")
        .unwrap()
        .to_owned();
    let served = tokio::spawn(bound.serve(std::future::pending()));
    let status = async |host: &str| {
        let request = http().get(format!("http://127.0.0.1:{port}/jwks.json"));
        request.header("host", host).send().await.unwrap().status()
    };
    assert_eq!(status(&format!("issuer:{port}")).await, 200);
    assert_eq!(status("other").await, 421);
    served.abort();
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_damaged_key_is_an_error_and_is_not_replaced_silently() {
    let folder = new_folder();
    std::fs::create_dir_all(folder.join("state")).unwrap();
    let key = folder.join("state/issuer-es256.pem");
    std::fs::write(&key, "-----BEGIN PRIVATE KEY-----\nnonsense\n").unwrap();
    let error = bind(&options(&folder, "127.0.0.1:0"), Clock::system())
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("delete it to make a new one"),
        "{error}"
    );
    assert!(std::fs::read_to_string(&key).unwrap().contains("nonsense"));
    std::fs::remove_dir_all(folder).unwrap();
}
