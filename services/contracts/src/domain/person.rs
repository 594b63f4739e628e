//! The person who acts: proof of being human, roles, and the legal entities they represent.

use std::collections::BTreeSet;

use kernel::{Finess, HumanActor};

/// Roles of the token that matter to this service.
pub mod role {
    /// Somebody who signs for a third party associated to some clauses of a contract.
    pub const ASSOCIATED_PARTY: &str = "associated_party";
    pub const AUDITOR: &str = "auditor";
    pub const CONTRACT_MANAGER: &str = "contract_manager";
    pub const CONTROLLER: &str = "controller";
    pub const DEPARTMENT_PRESIDENT: &str = "department_president";
    pub const DIRECTOR_GENERAL: &str = "director_general";
    pub const ESTABLISHMENT_DIRECTOR: &str = "establishment_director";
    pub const MANAGER: &str = "manager";
    pub const REVIEWER: &str = "reviewer";
    pub const SERVICE: &str = "service";
}

/// The two sides of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The regional health agency.
    Ars,
    /// The legal entities that hold the establishments.
    Establishment,
}

impl Side {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ars => "ARS",
            Self::Establishment => "ESTABLISHMENT",
        }
    }

    /// The side on which a role stands.
    pub fn of_role(role: &str) -> Self {
        if role == role::ESTABLISHMENT_DIRECTOR {
            Self::Establishment
        } else {
            Self::Ars
        }
    }
}

/// Somebody who acts under a role, for the legal entities of their mandate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    human: HumanActor,
    roles: BTreeSet<String>,
    entities: BTreeSet<Finess>,
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
        }
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

    /// Whether the person holds a role.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.contains(role)
    }

    /// Whether the person directs this legal entity.
    pub fn directs(&self, entity: Finess) -> bool {
        self.has_role(role::ESTABLISHMENT_DIRECTOR) && self.entities.contains(&entity)
    }
}
