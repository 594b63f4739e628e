//! Days and instants in French. Instants are shown in legal time of metropolitan France, which is said.

use prost_types::Timestamp;
use time::{
    Date, Month, OffsetDateTime, format_description::well_known::Rfc3339,
    macros::format_description,
};

const MONTHS: [&str; 12] = [
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

/// Whether a text begins with the name of a month.
pub(crate) fn begins_with_month(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_alphabetic());
    MONTHS.contains(&&text[..end.unwrap_or(text.len())])
}

/// Whether a text ends with the name of a month.
pub(crate) fn ends_with_month(text: &str) -> bool {
    let last = text.rsplit([' ', '\u{a0}']).next();
    last.is_some_and(|word| MONTHS.contains(&word))
}

fn month(month: Month) -> &'static str {
    MONTHS[usize::from(u8::from(month)) - 1]
}

/// `1er mars 2026`.
pub(crate) fn day(date: Date) -> String {
    let number = date.day();
    let ordinal = if number == 1 { "er" } else { "" };
    format!("{number}{ordinal} {} {}", month(date.month()), date.year())
}

/// A day as the services write it (`YYYY-MM-DD`).
pub(crate) fn parse(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

/// A day of the wire in French; a text that is none stays as it is.
pub(crate) fn from_wire(text: &str) -> String {
    parse(text).map_or_else(|| text.to_owned(), day)
}

/// `22 novembre 2026 à 9 h 05`, in Paris.
pub(crate) fn instant(instant: OffsetDateTime) -> String {
    let zoned = jiff::tz::TimeZone::get("Europe/Paris")
        .ok()
        .zip(jiff::Timestamp::from_second(instant.unix_timestamp()).ok())
        .map(|(zone, timestamp)| timestamp.to_zoned(zone));
    match zoned {
        Some(zoned) => {
            let month = MONTHS[usize::from(zoned.month().unsigned_abs()) - 1];
            let ordinal = if zoned.day() == 1 { "er" } else { "" };
            format!(
                "{}{ordinal} {month} {} à {}\u{a0}h\u{a0}{:02}",
                zoned.day(),
                zoned.year(),
                zoned.hour(),
                zoned.minute()
            )
        }
        None => day(instant.date()),
    }
}

/// A text with the instants it holds (`2026-11-22T08:05:00Z`) in French.
pub(crate) fn in_words(text: &str) -> String {
    let word = |word: &str| {
        let bare = word.trim_end_matches([',', ';', '.', ')']);
        match OffsetDateTime::parse(bare, &Rfc3339) {
            Ok(found) => format!("{}{}", instant(found), &word[bare.len()..]),
            Err(_) => word.to_owned(),
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// An instant of the wire; a dash when there is none.
pub(crate) fn timestamp(value: Option<&Timestamp>) -> String {
    value
        .and_then(kit::from_timestamp)
        .map_or_else(|| "—".to_owned(), instant)
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn days_and_instants_are_french() {
        assert_eq!(day(date!(2026 - 03 - 01)), "1er mars 2026");
        assert_eq!(from_wire("2026-11-22"), "22 novembre 2026");
        assert_eq!(from_wire("bientôt"), "bientôt");
        // Paris is two hours ahead in summer.
        assert_eq!(
            instant(datetime!(2026-07-31 22:05 UTC)),
            "1er août 2026 à 0\u{a0}h\u{a0}05"
        );
        assert_eq!(
            in_words("lot 1, reçu le 2026-07-31T22:05:04.247151Z, vérifié"),
            "lot 1, reçu le 1er août 2026 à 0\u{a0}h\u{a0}05, vérifié"
        );
        assert_eq!(in_words("version 5, 2026"), "version 5, 2026");
    }
}
