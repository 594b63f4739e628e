//! Why a medico-social figure cannot be computed.

use kernel::Finess;
use time::Date;

use super::CapacityKind;
use crate::domain::Defect;

/// A record or a computation that the rules do not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MedicosocialRefusal {
    #[error("the capacities do not hold together; each violation names its field")]
    Capacities(Vec<Defect>),
    #[error(
        "{establishment}: the {kind} places of line {line} are not known on {day}; what is not known is not zero: record them first"
    )]
    CapacityUnknown {
        establishment: Finess,
        line: String,
        kind: &'static str,
        day: Date,
    },
    #[error("{establishment} has no place authorised and financed in this mode in {year}")]
    NoCapacity { establishment: Finess, year: i16 },
    #[error(
        "{establishment}: the activity of {year} is not complete; {indicators} must be submitted for the whole year first"
    )]
    ActivityUnknown {
        establishment: Finess,
        year: i16,
        indicators: String,
    },
    #[error(
        "no allowance of {establishment} is recorded for {year}; give the amounts, or record them with RecordAllowances"
    )]
    AllowanceUnknown { establishment: Finess, year: i16 },
    #[error(
        "no accounts of {establishment} with all groups of expenses are here for {year}; import its ERRD or compte administratif"
    )]
    AccountsUnknown { establishment: Finess, year: i16 },
    #[error("no rule of modulation is recorded for {year}; its parameters are dated rows")]
    NoModulationRule { year: i16 },
    #[error("{what} is zero: nothing can be compared with it")]
    NothingToCompare { what: &'static str },
    #[error(
        "the {section} allowance is not your authority’s: care is the agency’s, dependence the departmental council’s (CASF L314-2)"
    )]
    NotTheTariffAuthority { section: &'static str },
    #[error(
        "the computed proposal leaves the {section} allowance as it is: there is nothing to set aside"
    )]
    NothingToWaive { section: &'static str },
    #[error("the share that is set aside is above 0 % and at most 100 %")]
    WaiverOutOfRange,
    #[error("no coefficient of the tariff equation is recorded for {year}; it is a dated row")]
    NoEquationRule { year: i16 },
    #[error(
        "no value of the point is recorded for {department} in {year} with this option; record it with RecordPointValues"
    )]
    PointValueUnknown { department: String, year: i16 },
    #[error(
        "no amounts of care at home are recorded for {year}; record those of the arrêté with RecordHomeCareAmounts"
    )]
    HomeCareAmountsUnknown { year: i16 },
    #[error("{0} was not found among the territories of that version")]
    UnknownTerritory(String),
    #[error("{population} does not say how many people of these ages live in {territory}")]
    PopulationUnknown {
        population: String,
        territory: String,
    },
    #[error("the commune {commune} of {establishment} is in no territory of that version")]
    CommuneNotCovered {
        commune: String,
        establishment: Finess,
    },
    #[error("the scenario takes more places from {0} than it has")]
    TooFewPlaces(String),
}

impl MedicosocialRefusal {
    /// Places of this kind are not known on a day.
    pub(crate) fn unknown(
        establishment: Finess,
        line: &str,
        kind: CapacityKind,
        day: Date,
    ) -> Self {
        Self::CapacityUnknown {
            establishment,
            line: line.to_owned(),
            kind: kind.as_str(),
            day,
        }
    }
}
