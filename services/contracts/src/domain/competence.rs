//! What the people of a departmental council may draft in a contract that they share with the agency: the money of their
//! own département (CASF L313-3, L314-2), the objectives and commitments that are marked as of its competence, alone or
//! with the agency, and nothing that is the agency’s, the establishment’s or another council’s.
//!
//! The rest of a text is shared by all parties: it is proposed by those who negotiate it, and the council holds it by its
//! signature (CASF L313-12 IV ter).

use std::collections::BTreeSet;

use kernel::Department;
use time::Date;

use super::{
    ContractText, Refusal,
    content::{Coded, FundingLine, FundingSource},
    diff::{Section, diff},
    mark::CompetenceMark,
};

/// Whose money a line is, of the councils of its text; none for what no council gives.
pub fn payer(line: &FundingLine, councils: &BTreeSet<Department>) -> Option<Department> {
    if line.source != FundingSource::Department {
        return None;
    }
    let only = || (councils.len() == 1).then(|| councils.first().copied());
    line.department.or_else(|| only().flatten())
}

/// Refuses a text that differs from another in more than what is of the competence of these councils on a day.
pub fn check(
    before: &ContractText,
    after: &ContractText,
    own: &BTreeSet<Department>,
    day: Date,
) -> Result<(), Refusal> {
    let strange = diff(before, after).into_iter().find(|change| {
        let is_own = |text: &ContractText| {
            let of = Councils {
                all: &text.content.departmental_councils,
                own,
                day,
            };
            of.own_element(text, change.section, &change.code)
        };
        !is_own(before) || !is_own(after)
    });
    match strange {
        None => Ok(()),
        Some(change) => Err(Refusal::OutsideCompetence {
            what: format!("{} {}", name(change.section), change.code),
        }),
    }
}

/// Some of the councils of a text, on a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Councils<'a> {
    pub(super) all: &'a BTreeSet<Department>,
    pub(super) own: &'a BTreeSet<Department>,
    pub(super) day: Date,
}

impl Councils<'_> {
    /// Whether a line of money is theirs.
    pub(super) fn pay(&self, line: &FundingLine) -> bool {
        payer(line, self.all).is_some_and(|council| self.own.contains(&council))
    }

    /// Whether what has this mark is of their competence.
    pub(super) fn are_competent(&self, mark: Option<CompetenceMark>) -> bool {
        let council = mark.and_then(|mark| mark.council(self.all, self.day));
        council.is_some_and(|council| self.own.contains(&council))
    }

    /// Whether an element of a text, if it has it, is theirs to draft.
    fn own_element(&self, text: &ContractText, section: Section, code: &str) -> bool {
        fn named<'t, T: Coded>(elements: &'t [T], code: &str) -> Option<&'t T> {
            elements.iter().find(|element| element.code() == code)
        }
        let content = &text.content;
        match section {
            Section::Funding => named(&content.funding, code).is_none_or(|line| self.pay(line)),
            Section::Objective => named(&text.objectives, code)
                .is_none_or(|objective| self.are_competent(objective.competence)),
            Section::Commitment => named(&content.commitments, code)
                .is_none_or(|commitment| self.are_competent(commitment.competence)),
            Section::Frame
            | Section::Perimeter
            | Section::Clause
            | Section::Annex
            | Section::AssociatedParty => false,
        }
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
    use crate::domain::{fixtures, mark::Authority, text::StrategicObjective};

    const DAY: Date = date!(2027 - 01 - 01);

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

    fn mark(authority: Authority, department: Option<&str>) -> CompetenceMark {
        CompetenceMark {
            authority,
            department: department.map(council),
            since: DAY,
        }
    }

    fn objective(code: &str, marked: Option<(Authority, Option<&str>)>) -> StrategicObjective {
        StrategicObjective {
            code: code.into(),
            axis: "A".into(),
            title: "Accueil de jour".into(),
            description: String::new(),
            competence: marked.map(|(authority, department)| mark(authority, department)),
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
        parts.objectives = vec![
            objective("O1", None),
            objective("O13", Some((Authority::Department, Some("13")))),
            objective("O84", Some((Authority::Joint, Some("84")))),
            objective("OA", Some((Authority::Ars, None))),
        ];
        change(&mut parts);
        ContractText::new(parts).unwrap()
    }

    fn checked(change: impl FnOnce(&mut crate::domain::text::TextParts)) -> Result<(), String> {
        let own = [council("13")].into();
        check(&text(|_| ()), &text(change), &own, DAY).map_err(|refusal| {
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
                parts.objectives.truncate(1);
                parts.content.departmental_councils.remove(&council("13"));
            }),
        );
    }

    #[test]
    fn a_council_drafts_the_objectives_of_its_competence_and_no_others() {
        let renamed =
            |place: usize| checked(move |parts| parts.objectives[place].title = "Autre".into());
        assert_eq!(renamed(1), Ok(()));
        for (place, code) in [(0, "O1"), (2, "O84"), (3, "OA")] {
            let message = renamed(place).unwrap_err();
            assert!(message.contains(&format!("objective {code}")), "{message}");
        }
        let shared = objective("ON", Some((Authority::Joint, Some("13"))));
        assert_eq!(checked(|parts| parts.objectives.push(shared)), Ok(()));
        let unmarked = objective("ON", None);
        assert!(checked(|parts| parts.objectives.push(unmarked)).is_err());
        assert_eq!(checked(|parts| drop(parts.objectives.remove(1))), Ok(()));
        // Neither by giving it away nor by taking it.
        let agency = Some(mark(Authority::Ars, None));
        assert!(checked(|parts| parts.objectives[1].competence = agency).is_err());
        let taken = Some(mark(Authority::Department, Some("13")));
        assert!(checked(|parts| parts.objectives[0].competence = taken).is_err());
        // Not before the day from which it is competent.
        let early = check(
            &text(|_| ()),
            &text(|parts| parts.objectives[1].title = "Autre".into()),
            &[council("13")].into(),
            date!(2026 - 12 - 31),
        );
        assert!(early.is_err());
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
