//! Deadlines as a calendar (RFC 5545): one entry a deadline, of a whole day.

use icalendar::{Calendar, Component as _, Event, Property};
use time::{Date, OffsetDateTime};

use crate::store::deadline::Listed;

/// The calendar at an instant. The same deadlines at the same instant give the same bytes, and the same deadline keeps
/// its identifier, so that a program that reads it again moves the entry instead of adding one.
pub(super) fn render(deadlines: &[Listed], at: OffsetDateTime) -> String {
    let mut calendar = Calendar::new();
    calendar
        .name("Échéances des CPOM")
        .append_property(("PRODID", "-//CPOM//Deadlines//FR"));
    for listed in deadlines {
        calendar.push(entry(listed, at));
    }
    calendar.to_string()
}

fn entry(listed: &Listed, at: OffsetDateTime) -> Event {
    let (meaning, due) = (listed.deadline.kind.meaning(), listed.deadline.due);
    let uid = format!(
        "{}/{}/{}@cpom",
        listed.subject, meaning.code, listed.deadline.rank
    );
    let summary = match &listed.contract {
        Some(contract) => format!("{} (contrat n°\u{a0}{})", meaning.title, contract.number),
        None => meaning.title.to_owned(),
    };
    let next_day = due.next_day().unwrap_or(due);
    Event::new()
        .uid(&uid)
        .summary(&summary)
        .description(meaning.basis)
        .append_property(("DTSTAMP", instant(at).as_str()))
        .append_property(whole_day("DTSTART", due))
        .append_property(whole_day("DTEND", next_day))
        .append_property(("CATEGORIES", meaning.code))
        .append_property(("TRANSP", "TRANSPARENT"))
        .done()
}

fn whole_day(name: &str, day: Date) -> Property {
    Property::new(name, digits(day))
        .add_parameter("VALUE", "DATE")
        .done()
}

fn digits(day: Date) -> String {
    format!(
        "{:04}{:02}{:02}",
        day.year(),
        u8::from(day.month()),
        day.day()
    )
}

fn instant(at: OffsetDateTime) -> String {
    let (hour, minute, second) = at.to_hms();
    format!("{}T{hour:02}{minute:02}{second:02}Z", digits(at.date()))
}
