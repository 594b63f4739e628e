//! How each refusal of medico-social computations appears on the wire.

use rpc::{Reason, ReasonDoc};
use tonic::Code;

use crate::{app::error::violations, domain::medicosocial::MedicosocialRefusal};

impl rpc::Refusal for MedicosocialRefusal {
    fn reason(&self) -> Reason {
        let precondition = |reason| Reason::new(reason, Code::FailedPrecondition);
        match self {
            Self::Capacities(_) => Reason::new("CAPACITIES_INVALID", Code::InvalidArgument),
            Self::CapacityUnknown {
                line, kind, day, ..
            } => precondition("CAPACITY_UNKNOWN")
                .with("line", line)
                .with("kind", kind)
                .with("day", day),
            Self::NoCapacity { year, .. } => precondition("NO_CAPACITY").with("year", year),
            Self::ActivityUnknown { year, .. } => {
                precondition("ACTIVITY_UNKNOWN").with("year", year)
            }
            Self::AllowanceUnknown { year, .. } => {
                precondition("ALLOWANCE_UNKNOWN").with("year", year)
            }
            Self::AccountsUnknown { year, .. } => {
                precondition("ACCOUNTS_UNKNOWN").with("year", year)
            }
            Self::NoModulationRule { year } => {
                precondition("NO_MODULATION_RULE").with("year", year)
            }
            Self::NotTheTariffAuthority { section } => {
                Reason::new("NOT_THE_TARIFF_AUTHORITY", Code::PermissionDenied)
                    .with("section", section)
            }
            Self::NothingToWaive { section } => {
                precondition("NOTHING_TO_WAIVE").with("section", section)
            }
            Self::WaiverOutOfRange => Reason::new("WAIVER_OUT_OF_RANGE", Code::InvalidArgument),
            Self::NoEquationRule { year } => precondition("NO_EQUATION_RULE").with("year", year),
            Self::PointValueUnknown { department, year } => precondition("POINT_VALUE_UNKNOWN")
                .with("department", department)
                .with("year", year),
            Self::HomeCareAmountsUnknown { year } => {
                precondition("HOME_CARE_AMOUNTS_UNKNOWN").with("year", year)
            }
            Self::NothingToCompare { .. } => {
                Reason::new("NOTHING_TO_COMPARE", Code::InvalidArgument)
            }
            Self::UnknownTerritory(territory) => {
                Reason::new("UNKNOWN_TERRITORY", Code::InvalidArgument).with("territory", territory)
            }
            Self::PopulationUnknown { territory, .. } => {
                precondition("POPULATION_UNKNOWN").with("territory", territory)
            }
            Self::CommuneNotCovered { commune, .. } => {
                precondition("COMMUNE_NOT_COVERED").with("commune", commune)
            }
            Self::TooFewPlaces(territory) => {
                Reason::new("TOO_FEW_PLACES", Code::InvalidArgument).with("territory", territory)
            }
        }
    }
}

/// The reasons of medico-social computations, for `docs/ERRORS.md`.
pub const MEDICOSOCIAL_REASONS: &[ReasonDoc] = &[
    ReasonDoc::new(
        "CAPACITIES_INVALID",
        Code::InvalidArgument,
        "correct the fields named in the violations",
    ),
    ReasonDoc::new(
        "CAPACITY_UNKNOWN",
        Code::FailedPrecondition,
        "record the places of that line and kind from that day on",
    ),
    ReasonDoc::new(
        "NO_CAPACITY",
        Code::FailedPrecondition,
        "record the authorised and financed places of that year",
    ),
    ReasonDoc::new(
        "ACTIVITY_UNKNOWN",
        Code::FailedPrecondition,
        "submit the indicators that are named for the whole year",
    ),
    ReasonDoc::new(
        "ALLOWANCE_UNKNOWN",
        Code::FailedPrecondition,
        "give the amounts, or record the allowance of that year with RecordAllowances",
    ),
    ReasonDoc::new(
        "ACCOUNTS_UNKNOWN",
        Code::FailedPrecondition,
        "import the ERRD or the compte administratif of that year with ImportFinances",
    ),
    ReasonDoc::new(
        "NO_MODULATION_RULE",
        Code::FailedPrecondition,
        "choose another year; the dated rules are in ListModulationParameters",
    ),
    ReasonDoc::new(
        "NOT_THE_TARIFF_AUTHORITY",
        Code::PermissionDenied,
        "let the director general decide on care, the president of the departmental council on dependence",
    ),
    ReasonDoc::new(
        "NOTHING_TO_WAIVE",
        Code::FailedPrecondition,
        "compute the proposal first: a section that it leaves as it is has nothing to set aside",
    ),
    ReasonDoc::new(
        "WAIVER_OUT_OF_RANGE",
        Code::InvalidArgument,
        "give a share above 0 and up to 100 percent",
    ),
    ReasonDoc::new(
        "NO_EQUATION_RULE",
        Code::FailedPrecondition,
        "choose another year: the coefficient of the equation is a dated row",
    ),
    ReasonDoc::new(
        "POINT_VALUE_UNKNOWN",
        Code::FailedPrecondition,
        "record the value of the point of the département, year and option with RecordPointValues",
    ),
    ReasonDoc::new(
        "HOME_CARE_AMOUNTS_UNKNOWN",
        Code::FailedPrecondition,
        "record the amounts of the arrêté of the year with RecordHomeCareAmounts",
    ),
    ReasonDoc::new(
        "NOTHING_TO_COMPARE",
        Code::InvalidArgument,
        "give a figure above zero",
    ),
    ReasonDoc::new(
        "UNKNOWN_TERRITORY",
        Code::InvalidArgument,
        "name a territory of the version that is asked for",
    ),
    ReasonDoc::new(
        "POPULATION_UNKNOWN",
        Code::FailedPrecondition,
        "use a population by the areas of these territories",
    ),
    ReasonDoc::new(
        "COMMUNE_NOT_COVERED",
        Code::FailedPrecondition,
        "use a version that covers the commune, or correct the commune of the places",
    ),
    ReasonDoc::new(
        "TOO_FEW_PLACES",
        Code::InvalidArgument,
        "take away no more places than there are",
    ),
];

/// Places that do not hold together name their fields; every other refusal is a refusal.
pub(crate) fn refused(refusal: MedicosocialRefusal) -> rpc::Error {
    match refusal {
        MedicosocialRefusal::Capacities(defects) => rpc::Error::Invalid(violations(&defects)),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use rpc::Refusal as _;
    use time::macros::date;

    use super::*;

    #[test]
    fn every_refusal_is_documented_with_its_code() {
        let establishment: kernel::Finess = "010000040".parse().unwrap();
        let text = String::new;
        let refusals = [
            MedicosocialRefusal::Capacities(Vec::new()),
            MedicosocialRefusal::CapacityUnknown {
                establishment,
                line: text(),
                kind: "financed",
                day: date!(2024 - 01 - 01),
            },
            MedicosocialRefusal::NoCapacity {
                establishment,
                year: 2024,
            },
            MedicosocialRefusal::ActivityUnknown {
                establishment,
                year: 2024,
                indicators: text(),
            },
            MedicosocialRefusal::AllowanceUnknown {
                establishment,
                year: 2024,
            },
            MedicosocialRefusal::AccountsUnknown {
                establishment,
                year: 2024,
            },
            MedicosocialRefusal::NoModulationRule { year: 2024 },
            MedicosocialRefusal::NotTheTariffAuthority { section: "care" },
            MedicosocialRefusal::NothingToWaive { section: "care" },
            MedicosocialRefusal::WaiverOutOfRange,
            MedicosocialRefusal::NoEquationRule { year: 2024 },
            MedicosocialRefusal::PointValueUnknown {
                department: text(),
                year: 2024,
            },
            MedicosocialRefusal::HomeCareAmountsUnknown { year: 2025 },
            MedicosocialRefusal::NothingToCompare { what: "" },
            MedicosocialRefusal::UnknownTerritory(text()),
            MedicosocialRefusal::PopulationUnknown {
                population: text(),
                territory: text(),
            },
            MedicosocialRefusal::CommuneNotCovered {
                commune: text(),
                establishment,
            },
            MedicosocialRefusal::TooFewPlaces(text()),
        ];
        assert_eq!(refusals.len(), MEDICOSOCIAL_REASONS.len());
        for refusal in refusals {
            let Reason { reason, code, .. } = refusal.reason();
            let documented = MEDICOSOCIAL_REASONS.iter().find(|doc| doc.reason == reason);
            assert_eq!(documented.map(|doc| doc.code), Some(code), "{refusal:?}");
        }
    }
}
