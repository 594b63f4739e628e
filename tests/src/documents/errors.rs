//! `docs/ERRORS.md`: every stable reason, and what a caller does about it.

use rpc::{COMMON_REASONS, ReasonDoc};
use tonic::Code;

use super::markdown::{GENERATED, cell, table};

const INTRODUCTION: &str = "\
Every refusal carries `google.rpc.ErrorInfo` with the domain `cpom` and one of these reasons. Reasons are part of the
interface: they do not change, so programs may branch on them. The message beside them is for people and may change.

Other details come with them where they help: `BadRequest` names each wrong field, `PreconditionFailure` says what
stands in the way, `ResourceInfo` what was not found, `RetryInfo` how long to wait before the same request is worth
sending again; `cpom.type.v1.Changes` tells what was done since the version of an etag, by whom and when. Repeating a
request with the same `request_id` never does anything twice.
";

pub(super) fn render() -> String {
    let of_targets = [
        targets::REASONS,
        targets::DATA_REASONS,
        targets::PLANNING_REASONS,
        targets::MEDICOSOCIAL_REASONS,
        targets::OFFER_REASONS,
    ]
    .concat();
    let services: [(&str, &[ReasonDoc]); 4] = [
        ("establishments", establishments::REASONS),
        ("contracts", contracts::REASONS),
        ("targets", &of_targets),
        ("controls", controls::REASONS),
    ];
    let mut text = format!("# Errors\n\n{GENERATED}\n{INTRODUCTION}");
    text.push_str(&section("Any method", &COMMON_REASONS));
    text.push_str(&section(
        "Histories and proofs, in every service",
        kit::REASONS,
    ));
    for (service, reasons) in services {
        text.push_str(&section(&format!("`{service}`"), reasons));
    }
    text
}

fn section(title: &str, reasons: &[ReasonDoc]) -> String {
    let mut rows: Vec<Vec<String>> = reasons
        .iter()
        .map(|doc| {
            vec![
                format!("`{}`", doc.reason),
                code(doc.code),
                cell(doc.remedy),
            ]
        })
        .collect();
    rows.sort();
    format!(
        "\n## {title}\n\n{}",
        table(&["Reason", "Code", "What to do"], &rows)
    )
}

/// As the specification of gRPC writes it: `FAILED_PRECONDITION`.
fn code(code: Code) -> String {
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_uppercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_written_as_the_specification_does() {
        assert_eq!(code(Code::FailedPrecondition), "FAILED_PRECONDITION");
        assert_eq!(code(Code::Ok), "OK");
    }

    #[test]
    fn no_service_gives_another_meaning_to_a_common_reason() {
        let own = [
            establishments::REASONS,
            contracts::REASONS,
            targets::REASONS,
            targets::DATA_REASONS,
            targets::PLANNING_REASONS,
            targets::MEDICOSOCIAL_REASONS,
            targets::OFFER_REASONS,
            controls::REASONS,
        ];
        for doc in own.concat() {
            assert!(
                COMMON_REASONS
                    .iter()
                    .all(|common| common.reason != doc.reason),
                "{doc:?}"
            );
        }
    }
}
