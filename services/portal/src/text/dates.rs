//! Days and instants in French. Instants are shown in legal time of metropolitan France, which is said.

use kernel::{calendar::MONTHS, legal_time::in_zone};
use prost_types::Timestamp;
use time::{
    Date, OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description,
};

/// `1er mars 2026`.
pub(crate) use kernel::calendar::french as day;

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
    let local = in_zone(instant, "Europe/Paris");
    format!(
        "{} à {}\u{a0}h\u{a0}{:02}",
        day(local.date()),
        local.hour(),
        local.minute()
    )
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
