//! A portal, and a browser that does what it is told and nothing more.

use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
};

use kernel::Clock;
use kit::Peers;
use portal::{Config, DEFINITION, Running};
use reqwest::{Client, Method, Response, header, redirect::Policy};
use testkit::TestDatabase;
use time::{Duration, macros::datetime};

use crate::provider::{CLIENT, Provider};

pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) provider: Provider,
    pub(crate) url: String,
    pub(crate) running: Running,
    _database: TestDatabase,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(true).await
    }

    pub(crate) async fn with(pkce: bool) -> Self {
        Self::configured(pkce, None, None, None).await
    }

    /// With an identity provider that does not answer.
    pub(crate) async fn nameless() -> Self {
        let nowhere = format!("http://{}", free_address());
        Self::configured(true, None, None, Some(nowhere)).await
    }

    /// With services that believe no token, as when it has ended under the session.
    pub(crate) async fn doubted() -> Self {
        Self::configured(true, None, Some(doubting().await), None).await
    }

    /// With the official files of a design system in a folder.
    pub(crate) async fn dressed(theme: PathBuf) -> Self {
        Self::configured(true, Some(theme), None, None).await
    }

    async fn configured(
        pkce: bool,
        theme: Option<PathBuf>,
        services: Option<String>,
        issuer: Option<String>,
    ) -> Self {
        let _already = rustls::crypto::ring::default_provider().install_default();
        let clock = Clock::manual(datetime!(2026-11-22 08:00 UTC));
        let provider = Provider::start(clock.clone()).await;
        let database = TestDatabase::new(&DEFINITION).await;
        let listen = free_address();
        let nobody = Some(services.unwrap_or_else(|| format!("http://{}", free_address())));
        let config = Config {
            listen,
            admin_listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            database_url: database.url.clone(),
            database_connections: 3,
            public_url: format!("http://{listen}"),
            provider: portal::Provider {
                issuer: issuer.unwrap_or_else(|| provider.url.clone()),
                client_id: CLIENT.to_owned(),
                client_secret: Some("un-secret".to_owned()),
                scopes: "openid".to_owned(),
                pkce,
                resource: None,
            },
            idle: Duration::minutes(30),
            lifetime: Duration::hours(8),
            theme,
            publisher: "Agence d’essai".to_owned(),
            contact: String::new(),
            director: String::new(),
            host: String::new(),
            peers: Peers {
                establishments: nobody.clone(),
                contracts: nobody.clone(),
                targets: nobody.clone(),
                controls: nobody,
            },
        };
        let running = portal::serve(config, clock.clone(), None).await.unwrap();
        Self {
            clock,
            provider,
            url: format!("http://{listen}"),
            running,
            _database: database,
        }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser {
            http: Client::builder()
                .redirect(Policy::none())
                .no_proxy()
                .build()
                .unwrap(),
            url: self.url.clone(),
            cookies: BTreeMap::new(),
        }
    }

    /// A browser in which somebody signed in.
    pub(crate) async fn signed_in(&self) -> Browser {
        let mut browser = self.browser();
        let away = browser.get("/connexion").await;
        let back = self.provider.agree(&location(&away));
        let arrived = browser.get(&back).await;
        assert_eq!(location(&arrived), "/travail");
        browser
    }
}

/// Where every call is answered that its token is worth nothing (code 16 of gRPC).
async fn doubting() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = || async { [("content-type", "application/grpc"), ("grpc-status", "16")] };
    let router = axum::Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
}

/// Keeps cookies, follows nothing.
#[derive(Clone)]
pub(crate) struct Browser {
    http: Client,
    url: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Response {
        self.send(Method::GET, path, None).await
    }

    /// A form with a file, as a browser sends it.
    pub(crate) async fn post_file(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        content: &[u8],
    ) -> Response {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!(
                "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.into_bytes());
        }
        let head = "--b\r\nContent-Disposition: form-data; name=\"pieces\"; filename=\"a.txt\"\r\n\
             Content-Type: text/plain\r\n\r\n";
        body.extend(head.as_bytes());
        body.extend(content);
        body.extend(b"\r\n--b--\r\n");
        let kind = "multipart/form-data; boundary=b";
        self.send(Method::POST, path, Some((kind, body))).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let kind = "application/x-www-form-urlencoded";
        self.send(Method::POST, path, Some((kind, body.into_bytes())))
            .await
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
    ) -> Response {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.url))
            .header(header::COOKIE, cookies.join("; "));
        if let Some((kind, body)) = body {
            request = request
                .header(header::CONTENT_TYPE, kind)
                .header(header::ORIGIN, &self.url)
                .body(body);
        }
        let answer = request.send().await.unwrap();
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(
                cookie.contains("Secure; HttpOnly; SameSite=Lax"),
                "{cookie}"
            );
            assert!(cookie.starts_with("__Host-") && cookie.contains("Path=/;"));
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    /// The token that forms of a page carry.
    pub(crate) async fn form_token(&mut self) -> String {
        let page = self.get("/aide").await.text().await.unwrap();
        let field = page.split_once(r#"name="jeton" value=""#).unwrap().1;
        field.split_once('"').unwrap().0.to_owned()
    }
}

pub(crate) fn location(answer: &Response) -> String {
    let location = answer.headers().get(header::LOCATION);
    location.unwrap().to_str().unwrap().to_owned()
}
