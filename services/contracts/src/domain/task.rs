//! Something that happened to what a contract covers, for a person to look at. It tells; it changes no contract.

use std::collections::BTreeSet;

use kernel::{Finess, HumanActor, Reasons, Region};
use time::OffsetDateTime;

use super::{ContractId, Person, Refusal, TaskId, person::role};

/// A task on a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub id: TaskId,
    pub region: Region,
    pub contract: ContractId,
    pub kind: Kind,
    /// Name of the record that changed.
    pub subject: String,
    /// In words, in French.
    pub explanation: String,
    pub raised_at: OffsetDateTime,
    pub done: Option<Done>,
    /// Number of events so far; also the etag.
    pub version: i64,
}

/// How a person dealt with a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub note: Reasons,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// Why a task was raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    SiteClosed,
    SiteTransferred,
    PartyClosed,
    TacitRenewal,
    ProgrammingChanged,
}

/// What the registry says of a covered site since its last news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteNews {
    pub finess: Finess,
    pub legal_entity: Finess,
    pub open: bool,
}

impl SiteNews {
    /// What the news mean for a contract between these parties that covers the site; none when it is as agreed.
    pub fn concern(&self, parties: &BTreeSet<Finess>) -> Option<(Kind, String)> {
        let site = self.finess;
        if !self.open {
            let explanation = format!(
                "L’établissement {site} est fermé au répertoire FINESS : vérifier le périmètre du contrat."
            );
            return Some((Kind::SiteClosed, explanation));
        }
        if !parties.contains(&self.legal_entity) {
            let owner = self.legal_entity;
            let explanation = format!(
                "L’établissement {site} relève désormais de l’entité juridique {owner}, qui n’est pas partie au contrat."
            );
            return Some((Kind::SiteTransferred, explanation));
        }
        None
    }
}

/// What the closure of a party means.
pub fn party_closed(entity: Finess) -> (Kind, String) {
    let explanation =
        format!("L’entité juridique {entity}, partie au contrat, est fermée au répertoire FINESS.");
    (Kind::PartyClosed, explanation)
}

impl Task {
    /// Roles that deal with tasks.
    pub const ROLES: &'static [&'static str] = &[role::CONTRACT_MANAGER, role::MANAGER];

    /// A person has dealt with it and says how.
    pub fn complete(
        mut self,
        note: Reasons,
        person: &Person,
        at: OffsetDateTime,
    ) -> Result<Self, Refusal> {
        let method = "CompleteTask";
        person.entitled(method, Self::ROLES)?;
        if self.done.is_some() {
            return Err(Refusal::WrongState {
                method,
                resource: "task",
                state: "DONE",
            });
        }
        self.done = Some(Done {
            note,
            by: person.human().clone(),
            at,
        });
        self.version += 1;
        Ok(self)
    }
}

impl Kind {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SiteClosed => "SITE_CLOSED",
            Self::SiteTransferred => "SITE_TRANSFERRED",
            Self::PartyClosed => "PARTY_CLOSED",
            Self::TacitRenewal => "TACIT_RENEWAL",
            Self::ProgrammingChanged => "PROGRAMMING_CHANGED",
        }
    }
}
