//! What restricts a request, in French, from the fields of it that a service recorded.

use time::OffsetDateTime;

use super::dates;

/// A field, and what is said before its value.
const WORDS: [(&str, &str); 20] = [
    ("actor", "auteur : "),
    ("campaign", "campagne : "),
    ("contract", "contrat : "),
    ("end_time", "avant le "),
    ("establishment", "établissement : "),
    ("event", "fait : "),
    ("filter", "filtre : "),
    ("kind", "nature : "),
    ("legal_entity", "entité : "),
    ("mission", "mission : "),
    ("name", ""),
    ("outcome", "issue : "),
    ("parent", "dans "),
    ("query", "recherche : "),
    ("regime_kind", "régime : "),
    ("region", "région : "),
    ("root", "dossier : "),
    ("start_time", "à partir du "),
    ("state", "état : "),
    ("type", "type de fait : "),
];

/// Values that restrict nothing.
const NOTHING: [&str; 6] = ["\"\"", "None", "0", "Unspecified", "false", "[]"];

/// The criteria of a request; where a page of a list begins and ends is none. A text that the service wrote in another
/// way is shown whole.
pub(crate) fn of(request: &str) -> String {
    let fields = request
        .split_once(" { ")
        .and_then(|(_, rest)| rest.strip_suffix(" }"));
    let Some(fields) = fields else {
        return request.to_owned();
    };
    let told: Vec<String> = parted(fields).into_iter().filter_map(criterion).collect();
    told.join(", ")
}

/// The fields of a request: commas within quotes or brackets part nothing.
fn parted(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_u32, 0);
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (place, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(text[start..place].trim());
                start = place + 1;
            }
            _ => {}
        }
    }
    found.push(text[start..].trim());
    found
}

fn criterion(field: &str) -> Option<String> {
    let (name, value) = field.split_once(": ")?;
    let name = name.trim_start_matches("r#");
    if name == "request_id" || name.starts_with("page_") || NOTHING.contains(&value) {
        return None;
    }
    let value = value
        .strip_prefix("Some(")
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or(value);
    let value = instant(value).unwrap_or_else(|| unquoted(value));
    let known = WORDS.iter().find(|(field, _)| *field == name);
    Some(match known {
        Some(("region", before)) => format!("{before}{}", region(&value)),
        Some((_, before)) => format!("{before}{value}"),
        None => format!("{name} : {value}"),
    })
}

fn region(code: &str) -> String {
    code.parse::<kernel::Region>()
        .map_or_else(|_| code.to_owned(), |region| region.name().to_owned())
}

/// `Timestamp { seconds: 1577836800, nanos: 0 }`, as people read it.
fn instant(value: &str) -> Option<String> {
    let rest = value.strip_prefix("Timestamp { seconds: ")?;
    let seconds = rest.split(',').next()?.parse().ok()?;
    let instant = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    Some(dates::instant(instant))
}

/// A text without its quotes; anything else as it is.
fn unquoted(value: &str) -> String {
    value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .map_or_else(
            || value.to_owned(),
            |text| text.replace("\\\"", "\"").replace("\\\\", "\\"),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_reads_without_what_restricts_nothing() {
        for (request, expected) in [
            (
                "ListContractsRequest { region: \"zz\", state: InForce, page_size: 200, page_token: \"\", kind: Unspecified }",
                "région : zz, état : InForce",
            ),
            (
                "GetContractRequest { name: \"contracts/1\" }",
                "contracts/1",
            ),
            (
                "ListEventsRequest { filter: \"establishment=\\\"establishments/1\\\" AND a, b\", new_field: 3 }",
                "filtre : establishment=\"establishments/1\" AND a, b, new_field : 3",
            ),
            (
                "CreateSavedExportRequest { r#type: \"Contract\", root: \"\", request_id: \"0199\" }",
                "type de fait : Contract",
            ),
            ("ListReadsRequest { page_size: 0, page_token: \"\" }", ""),
            ("autrement", "autrement"),
        ] {
            assert_eq!(of(request), expected, "{request}");
        }
    }

    #[test]
    fn an_instant_is_a_day_and_an_hour() {
        let told = of(
            "CreateSavedExportRequest { start_time: Some(Timestamp { seconds: 1577836800, nanos: 0 }), end_time: None }",
        );
        assert!(told.starts_with("à partir du 1er janvier 2020"), "{told}");
    }
}
