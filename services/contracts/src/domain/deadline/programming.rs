//! The day by which a programming is published: before 31 December of the year before its first one, and again each year
//! (CASF L313-12 IV ter; arrêté of 3 March 2017).

use kernel::legal_time::add_months;

use super::{Deadline, Kind};
use crate::domain::{ProgrammingId, programming::Scheduled};

/// What is due for each version of a series: the publication of a draft that programs years of which nothing is
/// published yet, and, when nobody prepares it, the yearly update of the last version that is. Versions that were
/// given up are left out of `series`.
pub fn of_series(series: &[Scheduled]) -> Vec<(ProgrammingId, Vec<Deadline>)> {
    let published = series.iter().filter(|version| version.is_published);
    let last = published.max_by_key(|version| version.number);
    let programmed = last.map(|version| version.horizon.first_year);
    let is_next = |version: &Scheduled| {
        !version.is_published && programmed.is_none_or(|year| version.horizon.first_year > year)
    };
    let is_prepared = series.iter().any(is_next);
    let due = |version: &Scheduled| {
        let due = version.horizon.due_date;
        let is_last = last.is_some_and(|last| last.id == version.id);
        let day = if is_next(version) {
            Some(due)
        } else if is_last && !is_prepared {
            Some(add_months(due, 12))
        } else {
            None
        };
        let deadline = day.map(|due| Deadline {
            due,
            kind: Kind::ProgrammingPublication,
            rank: 0,
        });
        (version.id, Vec::from_iter(deadline))
    };
    series.iter().map(due).collect()
}

#[cfg(test)]
mod tests {
    use time::{Date, Month, macros::date};
    use uuid::Uuid;

    use super::*;
    use crate::domain::programming::Horizon;

    fn version(number: i32, first_year: i32, is_published: bool) -> Scheduled {
        let due_date = Date::from_calendar_date(first_year - 1, Month::December, 31).unwrap();
        Scheduled {
            id: ProgrammingId(Uuid::from_u128(number.unsigned_abs().into())),
            number,
            horizon: Horizon {
                first_year,
                last_year: first_year + 4,
                due_date,
            },
            is_published,
        }
    }

    fn days(versions: &[Scheduled]) -> Vec<Option<Date>> {
        let due = of_series(versions).into_iter();
        due.map(|(_, due)| due.first().map(|deadline| deadline.due))
            .collect()
    }

    #[test]
    fn a_draft_is_published_by_its_day_and_then_updated_each_year() {
        let day = date!(2026 - 12 - 31);
        assert_eq!(days(&[version(1, 2027, false)]), [Some(day)]);
        let next = date!(2027 - 12 - 31);
        assert_eq!(days(&[version(1, 2027, true)]), [Some(next)]);
        let prepared = [version(1, 2027, true), version(2, 2028, false)];
        assert_eq!(days(&prepared), [None, Some(next)]);
    }

    #[test]
    fn a_correction_of_years_that_are_published_has_no_day_of_its_own() {
        let next = date!(2027 - 12 - 31);
        let corrected = [version(1, 2027, true), version(2, 2027, false)];
        assert_eq!(days(&corrected), [Some(next), None]);
        let corrected = [version(1, 2027, true), version(2, 2027, true)];
        assert_eq!(days(&corrected), [None, Some(next)]);
        assert_eq!(days(&[]), []);
    }
}
