//! Who acts. The difference between a person and a machine is a type, because the law turns on it.

use serde::{Deserialize, Serialize};

/// Whether a person, another organisation's system, or the suite itself acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A named person who signed in.
    Human,
    /// A machine client of an establishment or an administration.
    System,
    /// A process of the suite: a consumer of events, a clock, a campaign.
    Service,
}

impl ActorKind {
    /// The text stored in the database and in events.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::System => "system",
            Self::Service => "service",
        }
    }
}

/// Somebody or something that acts, as the verified token (or the process itself) names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// Stable identifier: the token's `sub`, or `service:<process>`.
    pub subject: String,
    pub kind: ActorKind,
    /// The role under which this act was done (`contract_manager`, `reviewer` …).
    pub role: String,
}

impl Actor {
    /// A process of the suite acting by itself.
    pub fn service(process: &str) -> Self {
        Self {
            subject: format!("service:{process}"),
            kind: ActorKind::Service,
            role: "service".to_owned(),
        }
    }

    /// The proof that this is a person, or none.
    pub fn as_human(&self) -> Option<HumanActor> {
        (self.kind == ActorKind::Human).then(|| HumanActor(self.clone()))
    }
}

/// Proof that an act is done by a person. There is no way to make one from a machine's [`Actor`], so a
/// function that asks for it cannot be reached by a consumer of events, a clock or a service account.
/// This is how « les sanctions perdent leur caractère automatique » (circulaire DGOS/R5/2011/74)
/// stands in the types.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct HumanActor(Actor);

impl HumanActor {
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    pub fn role(&self) -> &str {
        &self.0.role
    }

    pub fn actor(&self) -> &Actor {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_person_is_human() {
        let person = Actor {
            subject: "p".into(),
            kind: ActorKind::Human,
            role: "reviewer".into(),
        };
        assert!(person.as_human().is_some());
        let system = Actor {
            kind: ActorKind::System,
            ..person
        };
        assert!(system.as_human().is_none());
        assert!(Actor::service("clock").as_human().is_none());
    }
}
