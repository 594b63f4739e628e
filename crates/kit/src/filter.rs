//! `ListEventsRequest.filter`: a subset of AIP-160.
//!
//! `field operator value`, joined by `AND`. A value is quoted, or a bare word.

use rpc::Error;
use store::history::Filter;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

/// The finest difference that instants of the history have.
const TICK: Duration = Duration::MICROSECOND;

/// Narrows a filter by a text.
///
/// # Errors
/// [`Error::Invalid`] on `filter`, saying which part is wrong and what would be right.
pub(crate) fn narrow(filter: &mut Filter, text: &str) -> Result<(), Error> {
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let comparison = comparison(rest)?;
        apply(filter, &comparison)?;
        rest = comparison.rest.trim_start();
        if rest.is_empty() {
            break;
        }
        rest = rest
            .strip_prefix("AND")
            .filter(|rest| rest.starts_with(char::is_whitespace))
            .ok_or_else(|| wrong(format!("expected AND before {rest:?}")))?
            .trim_start();
        if rest.is_empty() {
            return Err(wrong("nothing follows the last AND"));
        }
    }
    Ok(())
}

/// One comparison, and what follows it.
struct Comparison<'a> {
    field: &'a str,
    operator: &'a str,
    value: String,
    rest: &'a str,
}

const OPERATORS: [&str; 6] = ["<=", ">=", "=", ":", "<", ">"];
const FIELDS: &str =
    "contract, root, establishment, aggregate, actor, role, region, type, outcome, time";

fn wrong(what: impl ToString) -> Error {
    Error::invalid("filter", what)
}

fn comparison(text: &str) -> Result<Comparison<'_>, Error> {
    let end = text
        .find(|letter: char| !letter.is_ascii_lowercase() && letter != '_')
        .unwrap_or(text.len());
    let (field, rest) = text.split_at(end);
    if field.is_empty() {
        return Err(wrong(format!("expected a field at {text:?}: {FIELDS}")));
    }
    let rest = rest.trim_start();
    let operator = OPERATORS
        .into_iter()
        .find(|operator| rest.starts_with(operator))
        .ok_or_else(|| wrong(format!("{field} is followed by no operator: = : < <= > >=")))?;
    let (value, rest) = value(rest[operator.len()..].trim_start(), field)?;
    Ok(Comparison {
        field,
        operator,
        value,
        rest,
    })
}

/// A quoted value, with `\"` and `\\` in it, or a word.
fn value<'a>(text: &'a str, field: &str) -> Result<(String, &'a str), Error> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        if end == 0 {
            return Err(wrong(format!("{field} is compared with nothing")));
        }
        return Ok((text[..end].to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '"' => return Ok((value, &quoted[place + 1..])),
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            other => value.push(other),
        }
    }
    Err(wrong(format!(
        "the value of {field} lacks its closing quote"
    )))
}

fn apply(filter: &mut Filter, comparison: &Comparison<'_>) -> Result<(), Error> {
    let Comparison {
        field,
        operator,
        value,
        ..
    } = comparison;
    let slot = match (*field, *operator) {
        ("time", operator) => return bound(filter, operator, value),
        ("type", ":") => &mut filter.type_part,
        ("contract" | "root", "=") => &mut filter.root,
        ("establishment", "=") => &mut filter.establishment,
        ("aggregate", "=") => &mut filter.aggregate,
        ("actor", "=") => &mut filter.actor,
        ("role", "=") => &mut filter.role,
        ("region", "=") => &mut filter.region,
        ("type", "=") => &mut filter.event_type,
        ("outcome", "=") => &mut filter.outcome,
        (
            "contract" | "root" | "establishment" | "aggregate" | "actor" | "role" | "region"
            | "type" | "outcome",
            _,
        ) => {
            return Err(wrong(format!(
                "{field} is compared with = (type also with :)"
            )));
        }
        _ => return Err(wrong(format!("{field} is not a field: {FIELDS}"))),
    };
    // Two different values of one field: nothing is both.
    if slot.as_ref().is_some_and(|given| given != value) {
        return Err(wrong(format!("{field} is given twice")));
    }
    *slot = Some(value.clone());
    Ok(())
}

/// Narrows the period.
fn bound(filter: &mut Filter, operator: &str, value: &str) -> Result<(), Error> {
    let instant = OffsetDateTime::parse(value, &Rfc3339)
        .map_err(|_| wrong("time is compared with an instant such as \"2026-01-31T00:00:00Z\""))?;
    let after = instant.checked_add(TICK).unwrap_or(instant);
    let (start, end) = match operator {
        ">=" => (Some(instant), None),
        ">" => (Some(after), None),
        "<" => (None, Some(instant)),
        "<=" => (None, Some(after)),
        "=" => (Some(instant), Some(after)),
        _ => return Err(wrong("time is compared with = < <= > >=")),
    };
    filter.start = filter.start.max(start);
    filter.end = [filter.end, end].into_iter().flatten().min();
    Ok(())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn parse(text: &str) -> Result<Filter, Error> {
        let mut filter = Filter::default();
        narrow(&mut filter, text).map(|()| filter)
    }

    #[test]
    fn every_field_is_understood_alone_and_together() {
        let filter = parse(
            r#"contract = "contracts/1" AND type:Review AND actor="a \"b\" \\ c"
               AND time >= "2026-01-01T00:00:00Z" AND time < "2026-02-01T00:00:00+01:00" AND outcome=NO_ACTION"#,
        )
        .unwrap();
        assert_eq!(filter.root.as_deref(), Some("contracts/1"));
        assert_eq!(filter.type_part.as_deref(), Some("Review"));
        assert_eq!(filter.actor.as_deref(), Some(r#"a "b" \ c"#));
        assert_eq!(filter.outcome.as_deref(), Some("NO_ACTION"));
        assert_eq!(filter.start, Some(datetime!(2026-01-01 00:00 UTC)));
        assert_eq!(filter.end, Some(datetime!(2026-01-31 23:00 UTC)));
        assert!(parse("").unwrap().root.is_none());
        let narrowed = parse(r#"time > "2026-01-01T00:00:00Z" AND time >= "2025-01-01T00:00:00Z""#);
        assert_eq!(
            narrowed.unwrap().start,
            Some(datetime!(2026-01-01 00:00:00.000001 UTC))
        );
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_part() {
        for (text, part) in [
            ("colour = red", "colour is not a field"),
            ("actor > x", "actor is compared with ="),
            ("actor = ", "compared with nothing"),
            ("actor = \"x", "closing quote"),
            ("actor = x OR role = y", "expected AND"),
            ("actor = x AND", "expected AND"),
            ("actor = x AND ", "nothing follows"),
            ("actor = x AND actor = y", "given twice"),
            ("time : \"2026-01-01T00:00:00Z\"", "time is compared"),
            ("time = yesterday", "an instant such as"),
            ("= x", "expected a field"),
            ("actor", "no operator"),
        ] {
            let refused = parse(text).unwrap_err().to_string();
            assert!(refused.contains(part), "{text}: {refused}");
        }
    }
}
