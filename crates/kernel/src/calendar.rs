//! Days as they are written in French.

use time::Date;

/// The months, from January on.
pub const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// `1er mars 2026`.
pub fn french(day: Date) -> String {
    let ordinal = if day.day() == 1 { "er" } else { "" };
    let month = MONTHS[usize::from(u8::from(day.month())) - 1];
    format!("{}{ordinal} {month} {}", day.day(), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn only_the_first_of_a_month_is_an_ordinal() {
        assert_eq!(french(date!(2026 - 01 - 01)), "1er janvier 2026");
        assert_eq!(french(date!(2026 - 08 - 21)), "21 août 2026");
        assert_eq!(french(date!(2026 - 12 - 31)), "31 décembre 2026");
    }
}
