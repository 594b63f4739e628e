//! When somebody is reminded of a deadline.

use time::Date;

/// The reminder that is due today, as the number of days before the last day (negative after it): of all whose day has
/// come, the latest. A process that was down for days therefore reminds once, with what is true now.
pub fn step(due: Date, today: Date, steps: &[i32]) -> Option<i32> {
    let left = (due - today).whole_days();
    let reached = |step: &&i32| left <= i64::from(**step);
    steps.iter().filter(reached).min().copied()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn the_latest_reminder_whose_day_has_come_is_the_one() {
        let steps = [30, 7, 1, -1];
        let due = date!(2026 - 04 - 10);
        let at = |today| step(due, today, &steps);
        assert_eq!(at(date!(2026 - 03 - 10)), None);
        assert_eq!(at(date!(2026 - 03 - 11)), Some(30));
        assert_eq!(at(date!(2026 - 04 - 02)), Some(30));
        assert_eq!(at(date!(2026 - 04 - 03)), Some(7));
        assert_eq!(at(date!(2026 - 04 - 10)), Some(1));
        assert_eq!(at(date!(2026 - 04 - 11)), Some(-1));
        assert_eq!(at(date!(2027 - 01 - 01)), Some(-1));
    }
}
