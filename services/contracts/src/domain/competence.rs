//! What the people of a departmental council may draft in a contract that they share with the agency: the money of their
//! own département (CASF L313-3, L314-2), and nothing that is the agency’s, the establishment’s or another council’s.
//!
//! The rest of a text is shared by all parties: it is proposed by those who negotiate it, and the council holds it by its
//! signature (CASF L313-12 IV ter).

use std::collections::BTreeSet;

use kernel::Department;

use super::{
    ContractText, Refusal,
    content::{FundingLine, FundingSource},
    diff::{Section, diff},
};

/// Whose money a line is, of the councils of its text; none for what no council gives.
pub fn payer(line: &FundingLine, councils: &BTreeSet<Department>) -> Option<Department> {
    if line.source != FundingSource::Department {
        return None;
    }
    let only = || (councils.len() == 1).then(|| councils.first().copied());
    line.department.or_else(|| only().flatten())
}

/// Refuses a text that differs from another in more than the money of these councils.
pub fn check(
    before: &ContractText,
    after: &ContractText,
    own: &BTreeSet<Department>,
) -> Result<(), Refusal> {
    let is_own = |text: &ContractText, code: &str| {
        let lines = text.content.funding.iter();
        lines.filter(|line| line.code == code).all(|line| {
            let payer = payer(line, &text.content.departmental_councils);
            payer.is_some_and(|council| own.contains(&council))
        })
    };
    let strange = diff(before, after).into_iter().find(|change| {
        let code = &change.code;
        change.section != Section::Funding || !is_own(before, code) || !is_own(after, code)
    });
    match strange {
        None => Ok(()),
        Some(change) => Err(Refusal::OutsideCompetence {
            what: format!("{} {}", name(change.section), change.code),
        }),
    }
}

fn name(section: Section) -> &'static str {
    match section {
        Section::Frame => "the frame of the text,",
        Section::Perimeter => "the perimeter,",
        Section::Objective => "objective",
        Section::Commitment => "commitment",
        Section::Funding => "funding line",
        Section::Clause => "clause",
        Section::Annex => "annex",
        Section::AssociatedParty => "associated party",
    }
}

#[cfg(test)]
mod tests {
    use kernel::Decimal;
    use time::macros::date;

    use super::*;
    use crate::domain::fixtures;

    fn council(code: &str) -> Department {
        code.parse().unwrap()
    }

    fn line(code: &str, source: FundingSource, department: Option<&str>) -> FundingLine {
        FundingLine {
            code: code.into(),
            label: "Section dépendance".into(),
            source,
            year: 2027,
            amount_eur: Decimal::from(100_000),
            condition: String::new(),
            reversible: false,
            department: department.map(council),
        }
    }

    /// A text of two councils with a line of each of them and one of the agency.
    fn text(change: impl FnOnce(&mut crate::domain::text::TextParts)) -> ContractText {
        let mut parts = fixtures::text(1, date!(2030 - 12 - 31)).into_parts();
        parts.content.departmental_councils = [council("13"), council("84")].into();
        parts.content.funding = vec![
            line("A", FundingSource::Fir, None),
            line("D13", FundingSource::Department, Some("13")),
            line("D84", FundingSource::Department, Some("84")),
        ];
        change(&mut parts);
        ContractText::new(parts).unwrap()
    }

    fn checked(change: impl FnOnce(&mut crate::domain::text::TextParts)) -> Result<(), String> {
        let own = [council("13")].into();
        check(&text(|_| ()), &text(change), &own).map_err(|refusal| {
            assert_eq!(refusal.reason(), "OUTSIDE_COMPETENCE");
            refusal.to_string()
        })
    }

    #[test]
    fn a_council_writes_changes_and_takes_back_its_own_money() {
        assert_eq!(checked(|_| ()), Ok(()));
        assert_eq!(
            checked(|parts| parts.content.funding[1].amount_eur = Decimal::from(7)),
            Ok(())
        );
        let another = line("D13-2028", FundingSource::Department, Some("13"));
        assert_eq!(
            checked(|parts| {
                parts.content.funding.push(another);
            }),
            Ok(())
        );
        assert_eq!(
            checked(|parts| drop(parts.content.funding.remove(1))),
            Ok(())
        );
        assert_eq!(checked(|parts| parts.content.funding.reverse()), Ok(()));
    }

    #[test]
    fn a_council_leaves_alone_what_is_not_its_own_money() {
        let refused = |what: &str, answer: Result<(), String>| {
            let message = answer.unwrap_err();
            assert!(message.contains(what), "{message}");
        };
        refused(
            "funding line A",
            checked(|parts| parts.content.funding[0].amount_eur = Decimal::from(7)),
        );
        refused(
            "funding line D84",
            checked(|parts| drop(parts.content.funding.remove(2))),
        );
        // Neither by giving it away nor by taking it.
        refused(
            "funding line D13",
            checked(|parts| parts.content.funding[1].department = Some(council("84"))),
        );
        refused(
            "funding line D84",
            checked(|parts| parts.content.funding[2].department = Some(council("13"))),
        );
        refused(
            "funding line A",
            checked(|parts| {
                parts.content.funding[0] = line("A", FundingSource::Department, Some("13"));
            }),
        );
        refused(
            "objective O1",
            checked(|parts| parts.objectives[0].title = "Autre".into()),
        );
        refused("the frame", checked(|parts| parts.title = "Autre".into()));
        refused(
            "the perimeter, 13",
            checked(|parts| {
                parts.content.funding.remove(1);
                parts.content.departmental_councils.remove(&council("13"));
            }),
        );
    }

    #[test]
    fn a_line_that_names_nobody_is_that_of_the_only_council() {
        let anonymous = line("D", FundingSource::Department, None);
        let (one, two) = ([council("13")], [council("13"), council("84")]);
        assert_eq!(payer(&anonymous, &one.into()), Some(council("13")));
        assert_eq!(payer(&anonymous, &two.into()), None);
        assert_eq!(
            payer(&line("F", FundingSource::Fir, None), &one.into()),
            None
        );
    }
}
