//! The two sides of a comparison: what was agreed, and what was realised.

use serde::{Deserialize, Serialize};

use super::quantity::Quantity;

/// What an objective counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Stays,
    Sessions,
    Days,
    Patients,
    Acts,
    Places,
    /// Implantations.
    Sites,
    Devices,
    Percent,
    Minutes,
}

impl Unit {
    /// Whether the figure counts activity, which varies by chance from year to year. Authorised sites,
    /// devices and places do not: two of three is two of three, however few they are.
    pub fn counts_activity(self) -> bool {
        match self {
            Self::Stays | Self::Sessions | Self::Days | Self::Patients | Self::Acts => true,
            Self::Places | Self::Sites | Self::Devices | Self::Percent | Self::Minutes => false,
        }
    }

    /// Whether the figure counts separate events, to which the Poisson law of [`super::byar`] applies.
    /// Days of one stay are not separate.
    pub fn counts_events(self) -> bool {
        self.counts_activity() && self != Self::Days
    }
}

/// The target of one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Point(Quantity),
    /// Both bounds conform.
    Band {
        min: Quantity,
        max: Quantity,
    },
}

/// An objective of a target set in effect, as the targets service published it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objective {
    /// Identifier within the set.
    pub id: String,
    pub title: String,
    /// FINESS number of the site or legal entity whose activity is measured.
    pub subject: String,
    pub indicator: String,
    pub unit: Unit,
    pub yearly: Vec<YearlyTarget>,
    pub opposable: bool,
    pub penalty_eligible: bool,
}

/// A target and its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearlyTarget {
    pub year: i32,
    pub target: Target,
}

impl Objective {
    /// The target of `year`, if the objective has one.
    pub fn target_of(&self, year: i32) -> Option<Target> {
        self.yearly
            .iter()
            .find(|yearly| yearly.year == year)
            .map(|yearly| yearly.target)
    }
}

/// What was realised in the year. Zero, missing and masked are three different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Realised {
    Exact(Quantity),
    /// Some months are masked (1 to 10 each): the figure lies between the two, both possible.
    Masked {
        lower: Quantity,
        upper: Quantity,
    },
    /// Months are missing; the others sum to this.
    Incomplete {
        so_far: Quantity,
    },
    /// Nothing was submitted. It is not zero.
    Missing,
}

/// What was realised, with the submitted values it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    pub realised: Realised,
    pub inputs: Vec<SubmittedValue>,
}

impl Measure {
    /// The measure of an objective for which nothing was submitted.
    pub fn missing() -> Self {
        Self {
            realised: Realised::Missing,
            inputs: Vec::new(),
        }
    }
}

/// A value that an establishment submitted, with where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittedValue {
    /// Indicator, subject and period, for example `MCO_STAYS 130786049 2024-05`.
    pub name: String,
    pub content: Submitted,
    /// Submission, batch and instant of reception.
    pub source: String,
}

/// What a submitted value says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submitted {
    Number(Quantity),
    Masked,
    Missing,
}
