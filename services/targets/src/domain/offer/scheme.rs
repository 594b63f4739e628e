//! A regional scheme: axes, what it sets territory by territory, and the share of places in ordinary surroundings.
//!
//! | state | `Replace` | `Adopt` |
//! |---|---|---|
//! | draft | draft | adopted |
//! | adopted | refused: a revision is another scheme | refused |

use std::collections::{BTreeSet, HashSet};

use kernel::{Decimal, HumanActor};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use super::{Kept, Life, OfferRefusal, defect, sound};
use crate::domain::medicosocial::CarePublic;

/// A scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    pub content: Content,
    pub state: SchemeState,
}

/// Where a scheme stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchemeState {
    Draft,
    Adopted(Adoption),
}

/// The act by which a scheme counts (CSP L1434-3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoption {
    pub decision: String,
    /// Who recorded it.
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// What a scheme says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Which scheme, in a word: `SROMS_2012_2016`.
    pub scheme_version: String,
    pub title: String,
    pub valid_from: Date,
    pub valid_to: Date,
    pub source: String,
    /// `axisVersions/{version_id}`.
    pub axes: String,
    pub objectives: Vec<SchemeObjective>,
    pub home_shares: Vec<HomeShare>,
}

/// What is set for a territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemeObjective {
    /// Identifier within the scheme.
    pub id: String,
    /// Code of its axis.
    pub axis: String,
    pub title: String,
    /// Resource name.
    pub territory: String,
    /// FINESS category.
    pub category: String,
    pub public: CarePublic,
    pub baseline_places: i32,
    pub places_to_create: i32,
    /// Among the baseline.
    pub places_to_transform: i32,
    pub horizon: i16,
    /// In euros; none when the scheme names none.
    pub credits: Option<Decimal>,
    pub note: String,
}

/// The share of places in ordinary surroundings to reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeShare {
    /// Resource name.
    pub territory: String,
    pub public: CarePublic,
    pub percent: Decimal,
    pub horizon: i16,
}

/// What somebody asks of a scheme.
#[derive(Debug, Clone)]
pub enum SchemeCommand {
    Replace(Content),
    Adopt {
        decision: String,
        by: HumanActor,
        at: OffsetDateTime,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemeEvent {
    Drafted,
    Replaced(Content),
    Adopted(Adoption),
}

impl Scheme {
    pub fn draft(content: Content) -> Self {
        Self {
            content,
            state: SchemeState::Draft,
        }
    }

    /// The objective of that identifier.
    pub fn objective(&self, id: &str) -> Option<&SchemeObjective> {
        self.content
            .objectives
            .iter()
            .find(|objective| objective.id == id)
    }

    /// What it aims at for a territory and public.
    pub fn home_share(&self, territory: &str, public: CarePublic) -> Option<&HomeShare> {
        self.content
            .home_shares
            .iter()
            .find(|share| share.territory == territory && share.public == public)
    }
}

impl Life for Scheme {
    type Command = SchemeCommand;
    type Event = SchemeEvent;
    const COLLECTION: &'static str = "schemes";

    fn state(&self) -> &'static str {
        match self.state {
            SchemeState::Draft => "draft",
            SchemeState::Adopted(_) => "adopted",
        }
    }

    fn decide(&self, command: SchemeCommand) -> Result<SchemeEvent, OfferRefusal> {
        match (&self.state, command) {
            (SchemeState::Adopted(_), _) => Err(OfferRefusal::SchemeAdopted),
            (SchemeState::Draft, SchemeCommand::Replace(content)) => {
                Ok(SchemeEvent::Replaced(content))
            }
            (SchemeState::Draft, SchemeCommand::Adopt { decision, by, at }) => {
                Ok(SchemeEvent::Adopted(Adoption {
                    decision,
                    by: by.subject().to_owned(),
                    at,
                }))
            }
        }
    }

    fn evolve(self, event: &SchemeEvent) -> Self {
        match event {
            SchemeEvent::Drafted => self,
            SchemeEvent::Replaced(content) => Self {
                content: content.clone(),
                ..self
            },
            SchemeEvent::Adopted(adoption) => Self {
                state: SchemeState::Adopted(adoption.clone()),
                ..self
            },
        }
    }
}

/// The adopted scheme that counts on a day: of those that have begun and not ended, the one that began last.
pub fn in_effect(schemes: Vec<Kept<Scheme>>, day: Date) -> Option<Kept<Scheme>> {
    schemes
        .into_iter()
        .filter(|scheme| {
            let content = &scheme.value.content;
            matches!(scheme.value.state, SchemeState::Adopted(_))
                && content.valid_from <= day
                && day <= content.valid_to
        })
        .max_by_key(|scheme| scheme.value.content.valid_from)
}

/// Checks what a scheme says against the axes and territories it may name: all defects, not the first.
///
/// # Errors
/// [`OfferRefusal::Defects`].
pub fn check(
    content: &Content,
    axes: &BTreeSet<String>,
    territories: &BTreeSet<String>,
) -> Result<(), OfferRefusal> {
    let mut defects = Vec::new();
    if axes.is_empty() {
        let why = format!("{} is not recorded; see ListAxisVersions", content.axes);
        defects.push(defect("content.axes", "AXES_UNKNOWN", why));
    }
    if content.valid_to < content.valid_from {
        let why = "the last day is before the first";
        defects.push(defect("content.valid_to", "DATES_REVERSED", why));
    }
    let mut ids = HashSet::new();
    for (place, objective) in content.objectives.iter().enumerate() {
        let mut report = |field: &str, reason, why: String| {
            defects.push(defect(
                format!("content.objectives[{place}].{field}"),
                reason,
                why,
            ));
        };
        if !ids.insert(&objective.id) {
            let why = format!("two objectives are called {}", objective.id);
            report("id", "OBJECTIVE_TWICE", why);
        }
        if !axes.is_empty() && !axes.contains(&objective.axis) {
            let why = format!("{} has no axis {}", content.axes, objective.axis);
            report("axis", "AXIS_UNKNOWN", why);
        }
        if !territories.contains(&objective.territory) {
            report("territory", "TERRITORY_UNKNOWN", unknown_territory());
        }
        if objective.places_to_transform > objective.baseline_places {
            let why = format!(
                "there are {} places to transform from",
                objective.baseline_places
            );
            report("places_to_transform", "ABOVE_BASELINE", why);
        }
        if i32::from(objective.horizon) < content.valid_from.year() {
            let why = format!("the scheme begins in {}", content.valid_from.year());
            report("horizon", "HORIZON_BEFORE_SCHEME", why);
        }
    }
    let mut shares = HashSet::new();
    for (place, share) in content.home_shares.iter().enumerate() {
        let mut report = |field: &str, reason, why: String| {
            defects.push(defect(
                format!("content.home_shares[{place}].{field}"),
                reason,
                why,
            ));
        };
        if !shares.insert((&share.territory, share.public)) {
            let why = "the territory has a target for this public already".to_owned();
            report("territory", "SHARE_TWICE", why);
        }
        if !territories.contains(&share.territory) {
            report("territory", "TERRITORY_UNKNOWN", unknown_territory());
        }
        if share.percent > Decimal::ONE_HUNDRED {
            let why = "a share is 100 % at most".to_owned();
            report("percent", "ABOVE_ALL", why);
        }
    }
    sound(defects)
}

fn unknown_territory() -> String {
    "is no territory of the region; import its version first".to_owned()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn content() -> Content {
        Content {
            scheme_version: "SROMS_2012_2016".to_owned(),
            title: "SROMS".to_owned(),
            valid_from: date!(2012 - 01 - 30),
            valid_to: date!(2016 - 12 - 31),
            source: "RAA".to_owned(),
            axes: "axisVersions/a".to_owned(),
            objectives: vec![SchemeObjective {
                id: "sessad-83".to_owned(),
                axis: "AGEING".to_owned(),
                title: "SESSAD".to_owned(),
                territory: "t/83".to_owned(),
                category: "182".to_owned(),
                public: CarePublic::DisabledChildren,
                baseline_places: 40,
                places_to_create: 20,
                places_to_transform: 10,
                horizon: 2016,
                credits: Some(Decimal::new(300_000, 0)),
                note: String::new(),
            }],
            home_shares: Vec::new(),
        }
    }

    fn texts(texts: &[&str]) -> BTreeSet<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn fields(refusal: OfferRefusal) -> Vec<String> {
        match refusal {
            OfferRefusal::Defects(defects) => {
                defects.into_iter().map(|defect| defect.field).collect()
            }
            other => vec![other.to_string()],
        }
    }

    #[test]
    fn every_reference_that_does_not_hold_is_named_at_once() {
        let sound = check(&content(), &texts(&["AGEING"]), &texts(&["t/83"]));
        assert_eq!(sound, Ok(()));
        let mut wrong = content();
        wrong.objectives[0].places_to_transform = 41;
        wrong.objectives[0].horizon = 2011;
        let refusal = check(&wrong, &texts(&["OTHER"]), &texts(&["t/04"])).unwrap_err();
        let named = fields(refusal);
        let expected = ["axis", "territory", "places_to_transform", "horizon"]
            .map(|field| format!("content.objectives[0].{field}"));
        assert_eq!(named, expected);
    }

    #[test]
    fn the_adopted_scheme_that_began_last_counts_and_a_draft_never_does() {
        let adopted = |id: u128, valid_from| {
            let mut content = content();
            content.valid_from = valid_from;
            let adoption = Adoption {
                decision: "arrêté".to_owned(),
                by: "dg".to_owned(),
                at: OffsetDateTime::UNIX_EPOCH,
            };
            let scheme = Scheme {
                content,
                state: SchemeState::Adopted(adoption),
            };
            Kept::begun(uuid::Uuid::from_u128(id), region(), scheme)
        };
        let mut draft = adopted(3, date!(2014 - 01 - 01));
        draft.value.state = SchemeState::Draft;
        let all = vec![
            adopted(1, date!(2012 - 01 - 30)),
            adopted(2, date!(2013 - 01 - 01)),
            draft,
        ];
        let counts = |day| in_effect(all.clone(), day).map(|scheme| scheme.id.as_u128());
        assert_eq!(counts(date!(2012 - 06 - 01)), Some(1));
        assert_eq!(counts(date!(2015 - 06 - 01)), Some(2));
        assert_eq!(counts(date!(2017 - 01 - 01)), None);
    }

    fn region() -> kernel::Region {
        "93".parse().unwrap()
    }
}
