//! Configuration, from the environment alone.

use std::{env, fs, net::SocketAddr, path::PathBuf};

use kit::{ConfigError, Peers};
use time::Duration;

/// Everything the portal needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// HTTP address of the pages (`CPOM_LISTEN`).
    pub listen: SocketAddr,
    /// HTTP address of `/livez`, `/readyz` and `/metrics` (`CPOM_ADMIN_LISTEN`).
    pub admin_listen: SocketAddr,
    /// Its own database, of sessions and saved searches (`CPOM_PORTAL_DATABASE_URL`).
    pub database_url: String,
    /// `CPOM_DATABASE_CONNECTIONS`.
    pub database_connections: u32,
    /// The address people type, without a final slash (`CPOM_PORTAL_URL`).
    pub public_url: String,
    /// How people sign in.
    pub provider: Provider,
    /// A session that nobody uses ends after this (`CPOM_PORTAL_IDLE_MINUTES`).
    pub idle: Duration,
    /// A session ends after this whatever happens (`CPOM_PORTAL_SESSION_HOURS`).
    pub lifetime: Duration,
    /// Official files of a design system, for those entitled to them (`CPOM_PORTAL_THEME_DIR`).
    pub theme: Option<PathBuf>,
    /// Who publishes the portal, for the legal pages (`CPOM_PORTAL_PUBLISHER`).
    pub publisher: String,
    /// Where to write to (`CPOM_PORTAL_CONTACT`).
    pub contact: String,
    /// Who answers for what is published (`CPOM_PORTAL_DIRECTOR`); who represents the publisher where it is empty.
    pub director: String,
    /// Whose machines serve it: name, address, telephone (`CPOM_PORTAL_HOST`); the publisher’s where it is empty.
    pub host: String,
    /// `CPOM_<SERVICE>_URL`.
    pub peers: Peers,
}

/// The identity provider and what it is asked.
#[derive(Debug, Clone)]
pub struct Provider {
    /// `CPOM_ISSUER`; its discovery document is under `/.well-known/openid-configuration`.
    pub issuer: String,
    /// `CPOM_PORTAL_CLIENT_ID`.
    pub client_id: String,
    /// From the file `CPOM_PORTAL_CLIENT_SECRET_FILE`; none for a public client.
    pub client_secret: Option<String>,
    /// Separated by spaces (`CPOM_PORTAL_SCOPES`).
    pub scopes: String,
    /// Proof key for code exchange (`CPOM_PORTAL_PKCE`, yes or no). ProConnect refuses parameters that it does not
    /// list, and lists none of PKCE's.
    pub pkce: bool,
    /// API for which the access token is asked (`CPOM_PORTAL_RESOURCE`, RFC 8707); none where the provider knows.
    pub resource: Option<String>,
}

impl Config {
    /// Reads the environment of the process.
    ///
    /// # Errors
    /// All missing or ill-formed variables, with what each is for.
    pub fn from_env() -> Result<Self, ConfigError> {
        let mut reader = Reader::default();
        let config = Self {
            listen: reader.address("CPOM_LISTEN", "127.0.0.1:7405"),
            admin_listen: reader.address("CPOM_ADMIN_LISTEN", "127.0.0.1:7415"),
            database_url: reader.required(
                "CPOM_PORTAL_DATABASE_URL",
                "postgres://login:password@host/database",
            ),
            database_connections: reader.number("CPOM_DATABASE_CONNECTIONS", 10),
            public_url: reader
                .required("CPOM_PORTAL_URL", "the address people type")
                .trim_end_matches('/')
                .to_owned(),
            provider: Provider {
                issuer: reader.required("CPOM_ISSUER", "the identity provider"),
                client_id: env::var("CPOM_PORTAL_CLIENT_ID")
                    .unwrap_or_else(|_| "cpom-portal".to_owned()),
                client_secret: reader.secret("CPOM_PORTAL_CLIENT_SECRET_FILE"),
                scopes: env::var("CPOM_PORTAL_SCOPES")
                    .unwrap_or_else(|_| "openid profile".to_owned()),
                pkce: env::var("CPOM_PORTAL_PKCE").as_deref() != Ok("no"),
                resource: env::var("CPOM_PORTAL_RESOURCE").ok(),
            },
            idle: Duration::minutes(reader.number("CPOM_PORTAL_IDLE_MINUTES", 30).into()),
            lifetime: Duration::hours(reader.number("CPOM_PORTAL_SESSION_HOURS", 8).into()),
            theme: env::var_os("CPOM_PORTAL_THEME_DIR").map(PathBuf::from),
            publisher: env::var("CPOM_PORTAL_PUBLISHER")
                .unwrap_or_else(|_| "Agence régionale de santé".to_owned()),
            contact: env::var("CPOM_PORTAL_CONTACT").unwrap_or_default(),
            director: env::var("CPOM_PORTAL_DIRECTOR").unwrap_or_default(),
            host: env::var("CPOM_PORTAL_HOST").unwrap_or_default(),
            peers: Peers {
                establishments: reader.peer("ESTABLISHMENTS"),
                contracts: reader.peer("CONTRACTS"),
                targets: reader.peer("TARGETS"),
                controls: reader.peer("CONTROLS"),
            },
        };
        reader.check_public_url(&config.public_url);
        if reader.wrong.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError(reader.wrong))
        }
    }
}

/// Reads variables and remembers what is wrong with them.
#[derive(Default)]
struct Reader {
    wrong: Vec<String>,
}

impl Reader {
    fn required(&mut self, name: &str, purpose: &str) -> String {
        env::var(name).unwrap_or_else(|_| {
            self.wrong.push(format!("{name} is not set ({purpose})"));
            String::new()
        })
    }

    fn peer(&mut self, service: &str) -> Option<String> {
        let name = format!("CPOM_{service}_URL");
        let url = self.required(&name, "http://host:port of the service");
        (!url.is_empty()).then_some(url)
    }

    fn address(&mut self, name: &str, default: &str) -> SocketAddr {
        let text = env::var(name).unwrap_or_else(|_| default.to_owned());
        text.parse().unwrap_or_else(|_| {
            self.wrong
                .push(format!("{name}={text} is not an address such as {default}"));
            SocketAddr::from(([127, 0, 0, 1], 0))
        })
    }

    fn number(&mut self, name: &str, default: u32) -> u32 {
        let Ok(text) = env::var(name) else {
            return default;
        };
        match text.parse() {
            Ok(number) if (1..=10_000).contains(&number) => number,
            _ => {
                self.wrong
                    .push(format!("{name}={text} is not a number from 1 to 10000"));
                default
            }
        }
    }

    fn secret(&mut self, name: &str) -> Option<String> {
        let path = env::var_os(name)?;
        match fs::read_to_string(&path) {
            Ok(secret) => Some(secret.trim().to_owned()),
            Err(error) => {
                self.wrong
                    .push(format!("{name}={}: {error}", path.display()));
                None
            }
        }
    }

    /// Session cookies are `Secure`: browsers send them over https, or to this very machine.
    fn check_public_url(&mut self, url: &str) {
        if url.is_empty() || url.starts_with("https://") || is_this_machine(url) {
            return;
        }
        self.wrong.push(format!(
            "CPOM_PORTAL_URL={url} must begin with https:// (only 127.0.0.1 and localhost may do without)"
        ));
    }
}

/// Whether browsers count the address as their own machine.
fn is_this_machine(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else {
        return false;
    };
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    host == "127.0.0.1" || host == "localhost"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for (url, allowed) in [
            ("https://portail.example", true),
            ("http://127.0.0.1:7405", true),
            ("http://localhost", true),
            ("http://portail.example", false),
            ("http://localhost.example", false),
            ("ftp://127.0.0.1", false),
        ] {
            let mut reader = Reader::default();
            reader.check_public_url(url);
            assert_eq!(reader.wrong.is_empty(), allowed, "{url}");
        }
    }
}
