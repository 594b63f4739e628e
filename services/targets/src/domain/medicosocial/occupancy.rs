//! Occupancy: realised days over the days that the places authorised and financed offered (CASF R314-160, R314-174).
//!
//! Absences of less than 72 hours, for a hospital stay or personal reasons, count as realised days. Residents beyond the
//! financed places make an occupancy above 100 %, which is real and never cut.

use kernel::{Decimal, Finess};

use super::{MedicosocialRefusal, ReceptionMode, Stretch};
use crate::domain::Realised;

/// The occupancy of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupancy {
    pub establishment: Finess,
    pub mode: ReceptionMode,
    pub year: i16,
    /// Percent, to two decimals.
    pub rate: Decimal,
    pub realised_days: Decimal,
    /// The submitted indicators that the days come from.
    pub indicators: &'static [&'static str],
    pub theoretical_days: Decimal,
    pub stretches: Vec<Stretch>,
}

/// The indicators whose sum is the realised days of a mode, the most detailed first.
pub fn indicators(mode: ReceptionMode) -> &'static [&'static [&'static str]] {
    match mode {
        ReceptionMode::Permanent => &[
            &["EHPAD_PRESENCE_DAYS", "EHPAD_SHORT_ABSENCE_DAYS"],
            &["EHPAD_DAYS"],
        ],
        ReceptionMode::Temporary => &[&["TEMPORARY_DAYS"]],
        ReceptionMode::Day => &[&["DAY_CARE_DAYS"]],
        ReceptionMode::Boarding => &[
            &["BOARDING_PRESENCE_DAYS", "BOARDING_SHORT_ABSENCE_DAYS"],
            &["BOARDING_DAYS"],
        ],
        ReceptionMode::SemiBoarding => &[&["SEMI_BOARDING_DAYS"]],
        ReceptionMode::Home => &[&["HOME_SUPPORT_DAYS"]],
    }
}

/// Computes an occupancy from the stretches of a year and the yearly figures of the indicators.
///
/// # Errors
/// [`MedicosocialRefusal::NoCapacity`], [`MedicosocialRefusal::ActivityUnknown`].
pub fn compute(
    establishment: Finess,
    mode: ReceptionMode,
    year: i16,
    stretches: Vec<Stretch>,
    figure: impl Fn(&str) -> Realised,
) -> Result<Occupancy, MedicosocialRefusal> {
    let theoretical_days: Decimal = stretches
        .iter()
        .map(|stretch| stretch.theoretical_days)
        .sum();
    let (realised_days, indicators) = indicators(mode)
        .iter()
        .find_map(|group| Some((sum(group, &figure)?, *group)))
        .ok_or_else(|| MedicosocialRefusal::ActivityUnknown {
            establishment,
            year,
            indicators: in_words(mode),
        })?;
    let rate = (realised_days * Decimal::ONE_HUNDRED)
        .checked_div(theoretical_days)
        .ok_or(MedicosocialRefusal::NoCapacity {
            establishment,
            year,
        })?;
    Ok(Occupancy {
        establishment,
        mode,
        year,
        rate: super::modulation::to_hundredths(rate),
        realised_days,
        indicators,
        theoretical_days,
        stretches,
    })
}

/// The sum of exact figures; none when one is not known exactly.
fn sum(group: &[&str], figure: &impl Fn(&str) -> Realised) -> Option<Decimal> {
    group
        .iter()
        .map(|code| match figure(code) {
            Realised::Exact(value) => Some(value),
            Realised::Masked { .. } | Realised::Incomplete { .. } | Realised::Missing => None,
        })
        .sum()
}

fn in_words(mode: ReceptionMode) -> String {
    indicators(mode)
        .iter()
        .map(|group| group.join(" and "))
        .collect::<Vec<_>>()
        .join(", or ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::medicosocial::capacity::{self, tests::both};
    use time::macros::date;

    fn occupancy(
        places: i32,
        year: i16,
        figure: impl Fn(&str) -> Realised,
    ) -> Result<Occupancy, MedicosocialRefusal> {
        let establishment: Finess = "010000040".parse().unwrap();
        let capacities = both(places, date!(2017 - 01 - 01));
        let stretches = capacity::stretches(establishment, &capacities, year)?;
        compute(
            establishment,
            ReceptionMode::Permanent,
            year,
            stretches,
            figure,
        )
    }

    fn declared(days: i64) -> impl Fn(&str) -> Realised {
        move |code| match code {
            "EHPAD_DAYS" => Realised::Exact(days.into()),
            _ => Realised::Missing,
        }
    }

    #[test]
    fn a_full_house_is_a_hundred_percent_in_any_year() {
        for (year, days) in [(2023, 365), (2024, 366)] {
            let occupancy = occupancy(80, year, declared(80 * days)).unwrap();
            assert_eq!(occupancy.rate, 100.into());
        }
    }

    #[test]
    fn more_residents_than_places_is_above_a_hundred_percent() {
        // Hautes-Alpes: 1,460 residents for 1,428 places.
        let occupancy = occupancy(1428, 2023, declared(1460 * 365)).unwrap();
        assert_eq!(occupancy.rate, "102.24".parse().unwrap());
    }

    #[test]
    fn short_absences_count_as_realised() {
        let occupancy = occupancy(80, 2023, |code| match code {
            "EHPAD_PRESENCE_DAYS" => Realised::Exact(27_000.into()),
            "EHPAD_SHORT_ABSENCE_DAYS" => Realised::Exact(740.into()),
            _ => Realised::Missing,
        })
        .unwrap();
        assert_eq!(occupancy.realised_days, 27_740.into());
        assert_eq!(occupancy.rate, 95.into());
        assert_eq!(occupancy.indicators.len(), 2);
    }

    #[test]
    fn presence_without_its_short_absences_is_not_enough() {
        let presence = |code: &str| match code {
            "EHPAD_PRESENCE_DAYS" => Realised::Exact(27_000.into()),
            _ => Realised::Missing,
        };
        let Err(MedicosocialRefusal::ActivityUnknown { indicators, .. }) =
            occupancy(80, 2023, presence)
        else {
            panic!("computed");
        };
        assert_eq!(
            indicators,
            "EHPAD_PRESENCE_DAYS and EHPAD_SHORT_ABSENCE_DAYS, or EHPAD_DAYS"
        );
    }

    #[test]
    fn without_places_there_is_no_occupancy() {
        assert!(matches!(
            occupancy(0, 2023, declared(1)),
            Err(MedicosocialRefusal::NoCapacity { .. })
        ));
    }
}
