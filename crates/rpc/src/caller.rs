//! The verified caller and its scope.

use kernel::{Actor, ActorKind, Department, Finess, Region};
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{Error, Mission, mission::AUDITOR};

/// Claims of a token.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Claims {
    pub(crate) sub: String,
    pub(crate) exp: i64,
    pub(crate) kind: ActorKind,
    #[serde(default)]
    pub(crate) roles: Vec<String>,
    /// INSEE codes, or `*`.
    #[serde(default)]
    pub(crate) regions: Vec<String>,
    /// Legal entities and establishments an establishment-side caller acts for.
    #[serde(default)]
    pub(crate) finess: Vec<Finess>,
    /// INSEE codes of the départements whose council the caller presides or works for.
    #[serde(default, deserialize_with = "departments")]
    pub(crate) departments: Vec<Department>,
    /// What an auditor is sent for.
    #[serde(default)]
    pub(crate) mission: Option<Mission>,
}

/// There are a hundred and one départements, and nobody presides more than one council.
const MOST_DEPARTMENTS: usize = 101;

fn departments<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Department>, D::Error> {
    let departments = Vec::<Department>::deserialize(deserializer)?;
    if departments.len() > MOST_DEPARTMENTS {
        return Err(D::Error::custom(format!(
            "departments: at most {MOST_DEPARTMENTS} codes"
        )));
    }
    Ok(departments)
}

/// Who calls, under which role, and what it may see.
#[derive(Debug, Clone)]
pub struct Caller {
    pub actor: Actor,
    /// None: every region.
    regions: Option<Vec<Region>>,
    finess: Vec<Finess>,
    departments: Vec<Department>,
    roles: Vec<String>,
    mission: Option<Mission>,
}

/// Roles whose scope is a list of FINESS numbers rather than a region.
const ESTABLISHMENT_ROLES: [&str; 2] = ["establishment_director", "establishment_system"];

/// Roles of the agency’s own people.
const AGENT_ROLES: [&str; 6] = [
    "contract_manager",
    "manager",
    "director_general",
    "controller",
    "reviewer",
    "registry_administrator",
];

/// Whether who acts under this role is told which person did something; others are told under which role it was done.
pub(crate) fn knows_persons(role: &str) -> bool {
    AGENT_ROLES.contains(&role)
}

/// Roles whose scope is a list of départements: who presides a departmental council, and who works for it.
const DEPARTMENT_ROLES: [&str; 2] = ["department_president", "department_manager"];

impl Caller {
    pub(crate) fn new(claims: &Claims, role: &str) -> Self {
        let everywhere = claims.regions.iter().any(|r| r == "*");
        let regions = claims
            .regions
            .iter()
            .filter_map(|r| r.parse().ok())
            .collect();
        Self {
            actor: Actor {
                subject: claims.sub.clone(),
                kind: claims.kind,
                role: role.to_owned(),
            },
            regions: (!everywhere).then_some(regions),
            finess: claims.finess.clone(),
            departments: claims.departments.clone(),
            roles: claims.roles.clone(),
            mission: claims.mission.clone(),
        }
    }

    /// Anybody, of whom nothing is known: the caller of a public method. It has no role and no scope.
    pub(crate) fn anonymous() -> Self {
        Self {
            actor: Actor {
                subject: "anonymous".to_owned(),
                kind: ActorKind::System,
                role: String::new(),
            },
            regions: Some(Vec::new()),
            finess: Vec::new(),
            departments: Vec::new(),
            roles: Vec::new(),
            mission: None,
        }
    }

    /// Every role of the token; [`Caller::actor`] has the one under which this call was allowed.
    pub fn roles(&self) -> &[String] {
        &self.roles
    }

    /// Whether the caller acts for establishments: it sees only what concerns its own.
    pub fn is_establishment(&self) -> bool {
        ESTABLISHMENT_ROLES.contains(&self.actor.role.as_str())
    }

    /// The FINESS numbers the caller acts for.
    pub fn finess(&self) -> &[Finess] {
        &self.finess
    }

    /// Whether the caller acts for this legal entity or establishment.
    pub fn represents(&self, finess: &Finess) -> bool {
        self.finess.contains(finess)
    }

    /// Whether the caller acts for a departmental council: it sees only what concerns its own département.
    pub fn is_department(&self) -> bool {
        DEPARTMENT_ROLES.contains(&self.actor.role.as_str())
    }

    /// The départements whose council the caller acts for.
    pub fn departments(&self) -> &[Department] {
        &self.departments
    }

    /// The contracts that the mission of an auditor is over; none when it is over all of its regions.
    pub fn contracts(&self) -> Option<&[String]> {
        let mission = self.mission.as_ref()?;
        let is_bound = self.actor.role == AUDITOR && !mission.contracts.is_empty();
        is_bound.then_some(mission.contracts.as_slice())
    }

    /// Whether the region is in the caller's scope.
    pub fn sees(&self, region: Region) -> bool {
        self.regions
            .as_ref()
            .is_none_or(|regions| regions.contains(&region))
    }

    /// Codes of the regions in scope, for a query; none for all of them.
    pub fn regions(&self) -> Option<Vec<String>> {
        let regions = self.regions.as_ref()?;
        Some(regions.iter().map(ToString::to_string).collect())
    }

    /// Refuses a region outside the scope.
    pub fn require_region(&self, region: Region, permission: &str) -> Result<(), Error> {
        if self.sees(region) {
            return Ok(());
        }
        Err(Error::Denied {
            permission: permission.to_owned(),
            explanation: format!("your token does not cover region {region}"),
        })
    }
}
