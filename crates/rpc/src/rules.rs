//! Authorization as data: which role may call which method. A method that is not listed is denied.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use serde::Deserialize;

/// Who may call one method.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name of the permission, told to those who lack it.
    pub permission: String,
    #[serde(default)]
    pub roles: Vec<String>,
    /// Open to everybody, without a token: what the law makes public. A token that is sent is not looked at.
    #[serde(default)]
    pub public: bool,
    /// Only a person, whatever the role.
    #[serde(default)]
    pub human: bool,
    /// Longest time to the answer's headers, when it is not the usual one.
    #[serde(default)]
    pub deadline_seconds: Option<u64>,
}

impl Rule {
    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.deadline_seconds.map(Duration::from_secs)
    }
}

/// The table of one service, from its `authorization.toml`.
#[derive(Debug, Clone)]
pub struct Rules(HashMap<String, Rule>);

/// The table is ill-formed.
#[derive(Debug, thiserror::Error)]
#[error("authorization.toml: {0}")]
pub struct RulesError(#[from] toml::de::Error);

/// Answered to anybody: health checks and reflection tell nothing about records.
const PUBLIC: [&str; 4] = [
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

impl Rules {
    /// Reads a table: one section per service, one line per method.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let services: HashMap<String, HashMap<String, Rule>> = toml::from_str(text)?;
        let rules = services
            .into_iter()
            .flat_map(|(service, methods)| {
                methods
                    .into_iter()
                    .map(move |(method, rule)| (format!("/{service}/{method}"), rule))
            })
            .collect();
        Ok(Self(rules))
    }

    /// The rule of a path such as `/cpom.contracts.v1.ContractService/SignContract`.
    pub fn get(&self, path: &str) -> Option<&Rule> {
        self.0.get(path)
    }

    /// Paths that have a rule.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Names of the services that have a method here.
    pub fn services(&self) -> BTreeSet<&str> {
        self.paths()
            .filter_map(|path| path.trim_start_matches('/').split('/').next())
            .collect()
    }

    /// The path, if it is one of this server's: what else clients ask for must not name spans and metrics.
    pub(crate) fn known<'a>(&self, path: &'a str) -> &'a str {
        if self.0.contains_key(path) || Self::is_public(path) {
            path
        } else {
            "/unknown"
        }
    }

    pub(crate) fn is_public(path: &str) -> bool {
        PUBLIC.contains(&path)
    }
}
