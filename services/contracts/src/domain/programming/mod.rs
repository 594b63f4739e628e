//! Programming of the medico-social contracts: a joint decision of the agency and of departmental councils that says, over
//! several years, which contract is to be signed when (CASF L313-12 IV ter, L313-12-2). Each decision is one version of
//! its series; a postponement is another version, never a change of a published one.

pub mod acts;
#[cfg(test)]
mod properties;

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Department, Finess, HumanActor, Reasons, Region};
use time::{Date, Month, OffsetDateTime};

use super::{
    ContractText, MandateId, ProgrammingId, regime::RegimeKind, signature::Party, text::FieldDefect,
};

/// One version of the programming of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programming {
    pub id: ProgrammingId,
    pub series: Series,
    /// From 1 in its series.
    pub number: i32,
    pub horizon: Horizon,
    pub lines: Lines,
    /// What this version changes and why.
    pub comment: String,
    pub state: State,
    /// Number of events so far; also the etag.
    pub version: i64,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

/// What a decision is about, and who takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    pub region: Region,
    pub kind: RegimeKind,
    /// The councils that decide with the agency; none where it decides alone.
    pub councils: BTreeSet<Department>,
}

/// The years that a decision programs, and the day by which it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    pub first_year: i32,
    pub last_year: i32,
    pub due_date: Date,
}

/// A version of a series, as the day of its publication needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheduled {
    pub id: ProgrammingId,
    /// From 1 in its series.
    pub number: i32,
    pub horizon: Horizon,
    pub is_published: bool,
}

/// A dated rule: how many years are programmed, and when the decision is published in the year before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub horizon_years: i32,
    pub publish_month: Month,
    pub publish_day: u8,
    pub source: String,
}

/// A contract to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub legal_entity: Finess,
    pub establishments: BTreeSet<Finess>,
    /// Year in which the contract takes effect.
    pub planned_year: i32,
    pub note: String,
}

/// Lines that are well formed: made by [`Lines::new`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines(Vec<Line>);

/// Where a decision stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Approvals of the lines as they stand.
    Draft {
        approvals: Vec<Approval>,
    },
    Published {
        approvals: Vec<Approval>,
        publication: Publication,
    },
    Discarded {
        reasons: Reasons,
    },
}

/// An authority approved the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    pub authority: Party,
    pub by: HumanActor,
    /// In what quality.
    pub title: String,
    /// The act under which it was given; none for the holder of the office.
    pub mandate: Option<MandateId>,
    pub at: OffsetDateTime,
}

/// The act that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    pub act: String,
    pub date: Date,
}

/// A fact of the life of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Revised { lines: Lines, comment: String },
    Approved(Approval),
    Published(Publication),
    Discarded { reasons: Reasons },
}

/// What the programming in force says of a site of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    Programmed,
    OtherYear { planned_year: i32 },
    NotProgrammed,
}

impl Rule {
    /// The horizon of a decision that begins with a year.
    pub fn horizon(&self, first_year: i32) -> Horizon {
        let last_of_month = self.publish_month.length(first_year - 1);
        let day = self.publish_day.min(last_of_month);
        let due_date = Date::from_calendar_date(first_year - 1, self.publish_month, day);
        Horizon {
            first_year,
            last_year: first_year + self.horizon_years - 1,
            due_date: due_date.unwrap_or(Date::MIN),
        }
    }
}

impl Lines {
    /// Checks the form of lines: each year within the horizon, each site once. All defects are told.
    pub fn new(lines: Vec<Line>, horizon: Horizon) -> Result<Self, Vec<FieldDefect>> {
        let mut defects = Vec::new();
        let mut seen = BTreeSet::new();
        for (i, line) in lines.iter().enumerate() {
            if line.planned_year < horizon.first_year || line.planned_year > horizon.last_year {
                let explanation = format!(
                    "must lie between {} and {}, the years of this programming",
                    horizon.first_year, horizon.last_year
                );
                defects.push(FieldDefect::new(
                    format!("lines[{i}].planned_year"),
                    explanation,
                ));
            }
            for site in line
                .establishments
                .iter()
                .filter(|site| !seen.insert(**site))
            {
                let explanation = format!("establishments/{site} stands in an earlier line");
                defects.push(FieldDefect::new(
                    format!("lines[{i}].establishments"),
                    explanation,
                ));
            }
        }
        if lines.is_empty() {
            defects.push(FieldDefect::new(
                "lines",
                "at least one contract is programmed",
            ));
        }
        if defects.is_empty() {
            Ok(Self(lines))
        } else {
            Err(defects)
        }
    }

    /// The lines, in the order in which they were written.
    pub fn as_slice(&self) -> &[Line] {
        &self.0
    }

    /// The year of each programmed site.
    pub fn years(&self) -> BTreeMap<Finess, i32> {
        let of_line = |line: &Line| {
            let year = line.planned_year;
            line.establishments
                .iter()
                .map(move |site| (*site, year))
                .collect::<Vec<_>>()
        };
        self.0.iter().flat_map(of_line).collect()
    }
}

/// How each site of a contract stands to the years that are programmed.
pub fn fits<'a>(
    text: &'a ContractText,
    years: &'a BTreeMap<Finess, i32>,
) -> impl Iterator<Item = (Finess, Fit)> + 'a {
    let effect_year = text.effect_date.year();
    text.establishments.iter().map(move |site| {
        let fit = match years.get(site) {
            Some(year) if *year == effect_year => Fit::Programmed,
            Some(year) => Fit::OtherYear {
                planned_year: *year,
            },
            None => Fit::NotProgrammed,
        };
        (*site, fit)
    })
}

impl Series {
    /// Who approves: the agency and each council.
    pub fn authorities(&self) -> BTreeSet<Party> {
        let councils = self.councils.iter().copied().map(Party::Department);
        std::iter::once(Party::Ars).chain(councils).collect()
    }
}

impl Programming {
    /// Applies a fact recorded `at`. Total: a fact that no state expects only counts as one more version.
    #[must_use]
    pub fn evolve(mut self, event: &Event, at: OffsetDateTime) -> Self {
        self.version += 1;
        self.updated_at = at;
        self.state = match (self.state, event) {
            (State::Draft { .. }, Event::Revised { lines, comment }) => {
                self.lines = lines.clone();
                self.comment.clone_from(comment);
                State::Draft {
                    approvals: Vec::new(),
                }
            }
            (State::Draft { mut approvals }, Event::Approved(approval)) => {
                approvals.push(approval.clone());
                approvals.sort_by_key(|approval| approval.authority);
                State::Draft { approvals }
            }
            (State::Draft { approvals }, Event::Published(publication)) => State::Published {
                approvals,
                publication: publication.clone(),
            },
            (State::Draft { .. }, Event::Discarded { reasons }) => State::Discarded {
                reasons: reasons.clone(),
            },
            (state, _) => state,
        };
        self
    }

    /// Whether it was published after its day.
    pub fn is_late(&self) -> bool {
        let published = self.state.publication();
        published.is_some_and(|publication| publication.date > self.horizon.due_date)
    }
}

impl State {
    /// The text stored in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Draft { .. } => "DRAFT",
            Self::Published { .. } => "PUBLISHED",
            Self::Discarded { .. } => "DISCARDED",
        }
    }

    /// Approvals of the lines as they stand.
    pub fn approvals(&self) -> &[Approval] {
        match self {
            Self::Draft { approvals } | Self::Published { approvals, .. } => approvals,
            Self::Discarded { .. } => &[],
        }
    }

    /// The publication, once there is one.
    pub fn publication(&self) -> Option<&Publication> {
        match self {
            Self::Published { publication, .. } => Some(publication),
            Self::Draft { .. } | Self::Discarded { .. } => None,
        }
    }
}
