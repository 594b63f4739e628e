//! The person who acts: proof of being human, roles, and the legal entities and departmental councils they act for.

use std::collections::BTreeSet;

use kernel::{Department, Finess, HumanActor};

use super::Refusal;

/// Roles of the token that matter to this service.
pub mod role {
    /// Somebody who signs for a third party associated to some clauses of a contract.
    pub const ASSOCIATED_PARTY: &str = "associated_party";
    pub const AUDITOR: &str = "auditor";
    pub const CONTRACT_MANAGER: &str = "contract_manager";
    pub const CONTROLLER: &str = "controller";
    /// Somebody who works for the president of a departmental council.
    pub const DEPARTMENT_MANAGER: &str = "department_manager";
    pub const DEPARTMENT_PRESIDENT: &str = "department_president";
    pub const DIRECTOR_GENERAL: &str = "director_general";
    pub const ESTABLISHMENT_DIRECTOR: &str = "establishment_director";
    pub const MANAGER: &str = "manager";
    pub const REVIEWER: &str = "reviewer";
    pub const SERVICE: &str = "service";

    /// Those who act for a departmental council.
    pub const COUNCIL: &[&str] = &[DEPARTMENT_PRESIDENT, DEPARTMENT_MANAGER];
}

/// The sides of a contract. Two of them agree to a text, the agency and the establishment; a council under joint
/// competence proposes its own money, takes positions, and holds the text by its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The regional health agency.
    Ars,
    /// The legal entities that hold the establishments.
    Establishment,
    /// The departmental councils (CASF L313-12 IV ter).
    Department,
}

impl Side {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ars => "ARS",
            Self::Establishment => "ESTABLISHMENT",
            Self::Department => "DEPARTMENT",
        }
    }

    /// The side that is stored under a text.
    pub fn from_text(text: &str) -> Option<Self> {
        [Self::Ars, Self::Establishment, Self::Department]
            .into_iter()
            .find(|side| side.as_str() == text)
    }

    /// The side on which a role stands.
    pub fn of_role(role: &str) -> Self {
        match role {
            role::ESTABLISHMENT_DIRECTOR => Self::Establishment,
            role::DEPARTMENT_PRESIDENT | role::DEPARTMENT_MANAGER => Self::Department,
            _ => Self::Ars,
        }
    }
}

/// Somebody who acts under a role, for the legal entities or the departmental councils of their token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    human: HumanActor,
    roles: BTreeSet<String>,
    entities: BTreeSet<Finess>,
    councils: BTreeSet<Department>,
}

impl Person {
    /// `roles` are all those of the token; `entities` the FINESS numbers it is limited to.
    pub fn new(
        human: HumanActor,
        roles: impl IntoIterator<Item = String>,
        entities: impl IntoIterator<Item = Finess>,
    ) -> Self {
        Self {
            human,
            roles: roles.into_iter().collect(),
            entities: entities.into_iter().collect(),
            councils: BTreeSet::new(),
        }
    }

    /// The départements whose council their token says they act for.
    #[must_use]
    pub fn for_councils(mut self, councils: impl IntoIterator<Item = Department>) -> Self {
        self.councils.extend(councils);
        self
    }

    /// The proof that this is a person.
    pub fn human(&self) -> &HumanActor {
        &self.human
    }

    /// The first of these roles that the person holds.
    pub fn role_among(&self, roles: &[&'static str]) -> Option<&'static str> {
        roles
            .iter()
            .copied()
            .find(|role| self.roles.contains(*role))
    }

    /// The role under which the person may call a method: the first of its roles that they hold.
    pub fn entitled(
        &self,
        method: &'static str,
        roles: &'static [&'static str],
    ) -> Result<&'static str, Refusal> {
        self.role_among(roles)
            .ok_or(Refusal::RoleNotEntitled { method, roles })
    }

    /// Whether the person holds a role.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.contains(role)
    }

    /// Whether the person presides the council of this département or works for it.
    pub fn serves(&self, council: Department) -> bool {
        self.role_among(role::COUNCIL).is_some() && self.councils.contains(&council)
    }

    /// Refuses who acts on the side of the establishments and directs none of these legal entities.
    pub fn check_directs(&self, side: Side, entities: &BTreeSet<Finess>) -> Result<(), Refusal> {
        if side == Side::Establishment && !entities.iter().any(|entity| self.directs(*entity)) {
            return Err(Refusal::OutsideMandate);
        }
        Ok(())
    }

    /// Whether the person directs this legal entity.
    pub fn directs(&self, entity: Finess) -> bool {
        self.has_role(role::ESTABLISHMENT_DIRECTOR) && self.entities.contains(&entity)
    }
}
