//! The legal regimes of the CPOM. Each is a dated row with its source, never a constant: the law changed
//! in 2010, in 2020 and in 2025, and contracts made under each of them live side by side.

use kernel::legal_time::add_months;
use time::{Date, Month};

use super::{ContractText, Refusal};

/// The rules a contract was made under. A contract keeps the regime of the day it was drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalRegime {
    /// For example `R2020_2025`.
    pub code: String,
    /// Most strategic objectives in a text; none when the law sets no limit.
    pub max_objectives: Option<u32>,
    /// Longest term, in months.
    pub max_months: u32,
    /// First day on which a contract is drafted under this regime.
    pub valid_from: Date,
    /// Last such day; none while the regime is current.
    pub valid_to: Option<Date>,
    /// The texts it rests on.
    pub source: String,
    pub kind: RegimeKind,
    pub title: String,
    /// Whether the law imposes the contract: a site is in one mandatory contract in force at a time.
    pub mandatory: bool,
    /// Whether the categories of the sites may require the signature of departmental councils.
    pub departmental_councils: bool,
    /// Once at mid-term rather than every year, and after how many months.
    pub mid_term_months: Option<u32>,
    /// Every year, and by which day.
    pub annual: Option<AnnualRule>,
    pub renewal: Option<RenewalRule>,
    pub extension: Option<ExtensionRule>,
}

/// Which law a contract is made under; each kind has its own dated versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegimeKind {
    /// Health establishments (CSP L6114-1).
    Hospital,
    /// EHPAD and small units, signed by three parties (CASF L313-12 IV ter).
    Ehpad,
    /// Disability, SSIAD, autonomous day care (CASF L313-12-2).
    Disability,
    /// Voluntary (CASF L313-11).
    Optional,
}

/// The holder asks, and silence renews (CSP L6114-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenewalRule {
    /// Months before the last day by which to ask.
    pub notice_months: u32,
    /// Months the agency has to answer.
    pub answer_months: u32,
}

/// Each year of the contract is evaluated by a day of the year after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnnualRule {
    pub month: Month,
    pub day: u8,
}

/// How far a term may be extended (prorogation).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtensionRule {
    /// Longest extension, in months.
    pub months: u32,
    /// How many of them.
    pub times: u32,
    /// Longest term with all of them, in months.
    pub total_months: u32,
    /// Months before the last day by which it is announced.
    pub notice_months: u32,
}

/// Bodies of a territorial hospital group whose opinion its single contract needs (CSP R6132-19-3).
const GROUP_BODIES: [&str; 2] = ["Comité stratégique", "Commission médicale de groupement"];

impl RegimeKind {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hospital => "HOSPITAL",
            Self::Ehpad => "EHPAD",
            Self::Disability => "DISABILITY",
            Self::Optional => "OPTIONAL",
        }
    }
}

impl AnnualRule {
    /// The day by which a year is evaluated.
    pub fn due(self, year: i32) -> Date {
        let day = self.day.min(self.month.length(year + 1));
        Date::from_calendar_date(year + 1, self.month, day).unwrap_or(Date::MAX)
    }
}

impl LegalRegime {
    /// Guard C4 of the state machine: at least one objective and one site, no more objectives than the
    /// regime allows (ten since décret 2025-180), and a term within its limit (five years, CSP L6114-1).
    pub fn check(&self, text: &ContractText) -> Result<(), Refusal> {
        text.check_substance()?;
        let objectives = text.objectives.len();
        if let Some(max) = self.max_objectives
            && u32::try_from(objectives).is_ok_and(|count| count > max)
        {
            return Err(Refusal::TooManyObjectives {
                objectives,
                max,
                regime: self.code.clone(),
                source_text: self.source.clone(),
            });
        }
        self.check_grouping(text)?;
        let last_day = self.last_possible_day(text.effect_date);
        if text.end_date > last_day {
            return Err(Refusal::TermTooLong {
                end_date: text.end_date,
                last_day,
                max_months: self.max_months,
                regime: self.code.clone(),
                source_text: self.source.clone(),
            });
        }
        Ok(())
    }

    /// A single contract of a group: hospitals only, and the two bodies of the group give their opinion.
    fn check_grouping(&self, text: &ContractText) -> Result<(), Refusal> {
        if text.content.grouping.is_none() {
            return Ok(());
        }
        let refuse = |explanation: String| Err(Refusal::GroupingNotPossible { explanation });
        if self.kind != RegimeKind::Hospital {
            return refuse(format!("regime {} has none; remove the group", self.code));
        }
        match GROUP_BODIES
            .iter()
            .find(|body| !text.consultations.contains(**body))
        {
            Some(body) => refuse(format!("add {body:?} to the bodies that are consulted")),
            None => Ok(()),
        }
    }

    /// The last day a contract of the longest term has: sixty months from 1 January end on 31 December.
    pub fn last_possible_day(&self, effect_date: Date) -> Date {
        let months = i32::try_from(self.max_months).unwrap_or(i32::MAX);
        add_months(effect_date, months)
            .previous_day()
            .unwrap_or(effect_date)
    }
}
