//! The register of cooperations: who joins means with whom, under which contracts, and what it saves (CASF L312-7).
//!
//! | state | `Revise`, `Save` | `End` |
//! |---|---|---|
//! | active | active | ended |
//! | ended | savings may still be told; a revision is refused | refused |

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Decimal, Finess, HumanActor, Reasons};
use serde::{Deserialize, Serialize};
use time::Date;

use super::{Kept, Life, OfferRefusal, defect, sound};
use crate::domain::Defect;

/// How organisations join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CooperationKind {
    Gcsms,
    Merger,
    SharedFunctions,
    Agreement,
}

/// A cooperation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cooperation {
    pub content: Content,
    /// At most one for each year, by year.
    pub obtained: Vec<Obtained>,
    pub state: CooperationState,
}

/// Where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CooperationState {
    Active,
    Ended(Ending),
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// Last day.
    pub day: Date,
    pub reasons: String,
    pub by: String,
}

/// What is agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub kind: CooperationKind,
    pub title: String,
    pub purpose: String,
    pub members: Vec<Finess>,
    /// Resource names.
    pub contracts: Vec<String>,
    pub start: Date,
    /// The agreement or act it stands in.
    pub decision: String,
    pub expected: Vec<Expected>,
}

/// What a year should save, in euros; negative for a cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    pub year: i16,
    pub amount: Decimal,
    /// How it was estimated.
    pub basis: String,
}

/// What a year saved, in euros; negative for a cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obtained {
    pub year: i16,
    pub amount: Decimal,
    pub source: String,
    pub by: String,
}

/// What somebody asks.
#[derive(Debug, Clone)]
pub enum CooperationCommand {
    Revise(Content),
    Save(Obtained),
    End {
        day: Date,
        reasons: Reasons,
        by: HumanActor,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CooperationEvent {
    Registered,
    Revised(Content),
    Saved(Obtained),
    Ended(Ending),
}

impl Cooperation {
    pub fn register(content: Content) -> Self {
        Self {
            content,
            obtained: Vec::new(),
            state: CooperationState::Active,
        }
    }
}

impl Life for Cooperation {
    type Command = CooperationCommand;
    type Event = CooperationEvent;
    const COLLECTION: &'static str = "cooperations";

    fn state(&self) -> &'static str {
        match self.state {
            CooperationState::Active => "active",
            CooperationState::Ended(_) => "ended",
        }
    }

    fn decide(&self, command: CooperationCommand) -> Result<CooperationEvent, OfferRefusal> {
        match (&self.state, command) {
            // The accounts of the last year come after its end.
            (_, CooperationCommand::Save(obtained)) => {
                if i32::from(obtained.year) < self.content.start.year() {
                    let why = format!("the cooperation began on {}", self.content.start);
                    sound(vec![defect("saving.year", "YEAR_BEFORE_START", why)])?;
                }
                Ok(CooperationEvent::Saved(obtained))
            }
            (CooperationState::Ended(_), _) => Err(OfferRefusal::CooperationEnded),
            (CooperationState::Active, CooperationCommand::Revise(content)) => {
                Ok(CooperationEvent::Revised(content))
            }
            (CooperationState::Active, CooperationCommand::End { day, reasons, by }) => {
                if day < self.content.start {
                    let why = format!("the cooperation began on {}", self.content.start);
                    sound(vec![defect("end_date", "END_BEFORE_START", why)])?;
                }
                Ok(CooperationEvent::Ended(Ending {
                    day,
                    reasons: reasons.into(),
                    by: by.subject().to_owned(),
                }))
            }
        }
    }

    fn evolve(mut self, event: &CooperationEvent) -> Self {
        match event {
            CooperationEvent::Registered => {}
            CooperationEvent::Revised(content) => self.content = content.clone(),
            CooperationEvent::Saved(obtained) => {
                self.obtained.retain(|known| known.year != obtained.year);
                self.obtained.push(obtained.clone());
                self.obtained.sort_by_key(|known| known.year);
            }
            CooperationEvent::Ended(ending) => self.state = CooperationState::Ended(ending.clone()),
        }
        self
    }
}

/// Checks members and contracts against those that are known, and that a year is expected once: all defects.
///
/// # Errors
/// [`OfferRefusal::Defects`].
pub fn check(
    content: &Content,
    known_numbers: &BTreeSet<Finess>,
    known_contracts: &BTreeSet<String>,
) -> Result<(), OfferRefusal> {
    let mut defects: Vec<Defect> = Vec::new();
    for (place, member) in content.members.iter().enumerate() {
        if !known_numbers.contains(member) {
            let why = format!("the registry does not know {member}; import it first");
            defects.push(defect(
                format!("content.members[{place}]"),
                "MEMBER_UNKNOWN",
                why,
            ));
        }
    }
    for (place, contract) in content.contracts.iter().enumerate() {
        if !known_contracts.contains(contract) {
            let why = format!("{contract} is no contract of the region");
            defects.push(defect(
                format!("content.contracts[{place}]"),
                "CONTRACT_UNKNOWN",
                why,
            ));
        }
    }
    let mut years = BTreeSet::new();
    for (place, expected) in content.expected.iter().enumerate() {
        if !years.insert(expected.year) {
            let why = format!("{} stands twice", expected.year);
            defects.push(defect(
                format!("content.expected[{place}].year"),
                "YEAR_TWICE",
                why,
            ));
        }
    }
    sound(defects)
}

/// Savings of one year over cooperations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Savings {
    pub expected: Decimal,
    /// Of those that told it; none when nobody did.
    pub obtained: Option<Decimal>,
    pub expecting: i32,
    pub told: i32,
}

/// Savings by year. A cooperation that has not told a year adds nothing to what was obtained: it is counted as not told.
pub fn savings(cooperations: &[Kept<Cooperation>]) -> BTreeMap<i16, Savings> {
    let mut years: BTreeMap<i16, Savings> = BTreeMap::new();
    for cooperation in cooperations.iter().map(|kept| &kept.value) {
        for expected in &cooperation.content.expected {
            let year = years.entry(expected.year).or_default();
            year.expected += expected.amount;
            year.expecting += 1;
        }
        for obtained in &cooperation.obtained {
            let year = years.entry(obtained.year).or_default();
            year.obtained = Some(year.obtained.unwrap_or_default() + obtained.amount);
            year.told += 1;
        }
    }
    years
}
