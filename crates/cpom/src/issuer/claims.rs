//! What a token says, and what may be asked for.

use kernel::{Department, Finess, Region};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The `aud` of every token: the suite.
pub const AUDIENCE: &str = "cpom";

/// A day.
pub const MAX_LIFETIME_SECONDS: u32 = 86_400;

const DEFAULT_LIFETIME_SECONDS: u32 = 3_600;
const MAX_TEXT: usize = 200;
const MAX_LIST: usize = 2_000;
/// As many as there are.
const MAX_DEPARTMENTS: usize = 101;
/// Clocks of one machine agree; this is for containers beside it.
const CLOCK_SKEW_SECONDS: i64 = 5;

/// Whether a person, another organisation's system or a process of the suite holds the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Human,
    System,
    Service,
}

/// What `POST /token` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    pub sub: String,
    #[serde(default)]
    pub name: String,
    pub kind: Kind,
    pub roles: Vec<String>,
    /// INSEE codes, or `*`.
    pub regions: Vec<String>,
    /// Numbers of the legal entities and establishments that the holder acts for.
    #[serde(default)]
    pub finess: Vec<String>,
    /// INSEE codes of the départements whose council the holder presides or works for.
    #[serde(default)]
    pub departments: Vec<String>,
    #[serde(default = "default_lifetime")]
    pub lifetime_seconds: u32,
}

fn default_lifetime() -> u32 {
    DEFAULT_LIFETIME_SECONDS
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: String,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    pub name: String,
    pub kind: Kind,
    pub roles: Vec<String>,
    pub regions: Vec<String>,
    pub finess: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<String>,
    /// What an auditor is sent for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mission: Option<Mission>,
}

/// From when until when an auditor reads, and on whose order. Here it is as long as the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mission {
    pub id: String,
    pub opened_by: String,
    pub from: i64,
    pub until: i64,
}

/// Why a token was not signed.
#[derive(Debug, thiserror::Error)]
pub enum BadRequest {
    #[error("sub: 1 to {MAX_TEXT} characters are required")]
    Subject,
    #[error("name: at most {MAX_TEXT} characters")]
    Name,
    #[error("roles: 1 to 20 lower-case names are required, such as `reviewer`")]
    Roles,
    #[error("regions: at least one INSEE code or `*` is required ({0})")]
    Regions(String),
    #[error("finess: {0}")]
    Finess(String),
    #[error("departments: {0}")]
    Departments(String),
    #[error("lifetime_seconds: 1 to {MAX_LIFETIME_SECONDS}")]
    Lifetime,
    #[error("the token could not be signed")]
    Signature(#[from] jsonwebtoken::errors::Error),
}

impl TokenRequest {
    /// A request for one role, with the usual lifetime.
    pub fn new(kind: Kind, role: &str, sub: &str, name: &str, regions: &[&str]) -> Self {
        Self {
            sub: sub.to_owned(),
            name: name.to_owned(),
            kind,
            roles: vec![role.to_owned()],
            regions: regions.iter().map(|&region| region.to_owned()).collect(),
            finess: Vec::new(),
            departments: Vec::new(),
            lifetime_seconds: DEFAULT_LIFETIME_SECONDS,
        }
    }

    /// The claims of a token issued now.
    pub(super) fn claims(&self, iss: &str, now: OffsetDateTime) -> Result<Claims, BadRequest> {
        self.check()?;
        let now = now.unix_timestamp();
        let until = now + i64::from(self.lifetime_seconds);
        let is_auditor = self.roles.iter().any(|role| role == "auditor");
        let mission = is_auditor.then(|| Mission {
            id: "missions/development".to_owned(),
            opened_by: "development issuer".to_owned(),
            from: now - CLOCK_SKEW_SECONDS,
            until,
        });
        Ok(Claims {
            iss: iss.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: self.sub.clone(),
            iat: now,
            nbf: now - CLOCK_SKEW_SECONDS,
            exp: until,
            name: self.name.clone(),
            kind: self.kind,
            roles: self.roles.clone(),
            regions: self.regions.clone(),
            finess: self.finess.clone(),
            departments: self.departments.clone(),
            mission,
        })
    }

    pub(super) fn check(&self) -> Result<(), BadRequest> {
        if self.sub.is_empty() || self.sub.chars().count() > MAX_TEXT {
            return Err(BadRequest::Subject);
        }
        if self.name.chars().count() > MAX_TEXT {
            return Err(BadRequest::Name);
        }
        let is_role = |role: &String| {
            (1..=40).contains(&role.len())
                && role
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        if !(1..=20).contains(&self.roles.len()) || !self.roles.iter().all(is_role) {
            return Err(BadRequest::Roles);
        }
        if self.regions.is_empty() || self.regions.len() > Region::all().count() {
            return Err(BadRequest::Regions(
                "none, or more than there are".to_owned(),
            ));
        }
        for region in self.regions.iter().filter(|region| *region != "*") {
            region
                .parse::<Region>()
                .map_err(|error| BadRequest::Regions(error.to_string()))?;
        }
        if self.finess.len() > MAX_LIST {
            return Err(BadRequest::Finess(format!("at most {MAX_LIST} numbers")));
        }
        for number in &self.finess {
            number
                .parse::<Finess>()
                .map_err(|error| BadRequest::Finess(format!("{number}: {error}")))?;
        }
        if self.departments.len() > MAX_DEPARTMENTS {
            let most = format!("at most {MAX_DEPARTMENTS} codes");
            return Err(BadRequest::Departments(most));
        }
        for code in &self.departments {
            code.parse::<Department>()
                .map_err(|error| BadRequest::Departments(error.to_string()))?;
        }
        if !(1..=MAX_LIFETIME_SECONDS).contains(&self.lifetime_seconds) {
            return Err(BadRequest::Lifetime);
        }
        Ok(())
    }
}
