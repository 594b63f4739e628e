//! Amendments that are signed and take effect later than one that is negotiated: the contract stays in order on their days.

use time::Date;

use super::{Changes, members::holders_stay};
use crate::domain::{
    Contract, ContractText, LegalRegime, Refusal, perimeter::RegistryView, text::FieldDefect,
};

/// A signed amendment that takes effect later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    pub number: i32,
    pub effect_date: Date,
    pub changes: Changes,
}

/// What the contract is measured by on a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure<'a> {
    pub(super) contract: &'a Contract,
    pub(super) regime: &'a LegalRegime,
    pub(super) registry: &'a RegistryView,
}

impl Measure<'_> {
    /// What is wrong once `changes` take effect on `text`, rule by rule, always in the same order.
    fn judge(self, changes: &Changes, text: &ContractText) -> [Result<(), Refusal>; 6] {
        let after = changes.apply(text);
        let formed = ContractText::new(after.clone().into_parts());
        [
            changes.check_departures(text, self.registry, self.regime),
            formed.map(drop).map_err(Refusal::AmendedTextMalformed),
            self.check_holder(&after),
            self.regime.check(&after),
            self.registry.check(&after, self.contract.region),
            self.registry.check_signatories(&after, self.regime),
        ]
    }

    /// The contract keeps a holder: of a group its support establishment, of other contracts one of those who signed it.
    fn check_holder(self, text: &ContractText) -> Result<(), Refusal> {
        let signed = &self.contract.text.legal_entities;
        let is_kept = match &text.content.grouping {
            Some(grouping) => text.legal_entities.contains(&grouping.support_entity),
            None => !signed.is_disjoint(&text.legal_entities),
        };
        if is_kept {
            Ok(())
        } else {
            Err(holders_stay(signed))
        }
    }
}

impl Changes {
    /// Refuses changes with which the contract would break a rule on the day that a signed amendment takes effect later: an
    /// eleventh objective then, money of a council that leaves by it, a site of an entity that does. What that amendment
    /// breaks without them is not theirs. `text` is the contract on their day, `later` are in the order of the fold.
    pub(super) fn check_later(
        &self,
        text: &ContractText,
        later: &[Later],
        measure: Measure<'_>,
    ) -> Result<(), Refusal> {
        let (mut without, mut with) = (text.clone(), self.apply(text));
        for next in later {
            let because = |cause: Refusal| Refusal::LaterAmendmentConflict {
                number: next.number,
                effect_date: next.effect_date,
                cause: Box::new(cause),
            };
            self.check_end(next).map_err(because)?;
            let (own, theirs) = (
                measure.judge(&next.changes, &with),
                measure.judge(&next.changes, &without),
            );
            for (own, theirs) in own.into_iter().zip(theirs) {
                if let (Err(cause), Ok(())) = (own, theirs) {
                    return Err(because(cause));
                }
            }
            (without, with) = (next.changes.apply(&without), next.changes.apply(&with));
        }
        Ok(())
    }

    /// A last day that moves stays after what is signed, and moves once.
    fn check_end(&self, next: &Later) -> Result<(), Refusal> {
        let Some(last_day) = self.end_date else {
            return Ok(());
        };
        let explanation = if last_day < next.effect_date {
            format!("{last_day} is before that day")
        } else if next.changes.end_date.is_some() {
            "is moved by that amendment".to_owned()
        } else {
            return Ok(());
        };
        let defect = FieldDefect::new("changes.end_date", explanation);
        Err(Refusal::DateOutOfRange(defect))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::{Decimal, Department, Finess};
    use time::macros::date;

    use super::*;
    use crate::domain::{
        amendment::Edits,
        content::{FundingLine, FundingSource},
        fixtures::{contract, council, entity, regime, registry, site},
        text::StrategicObjective,
    };

    fn other() -> Finess {
        "750712184".parse().unwrap()
    }

    fn objectives(codes: std::ops::Range<u8>) -> Changes {
        let objective = |rank: u8| StrategicObjective {
            code: format!("N{rank}"),
            axis: "A".into(),
            title: "Filière gériatrique".into(),
            description: String::new(),
            competence: None,
        };
        Changes {
            objectives: Edits {
                put: codes.map(objective).collect(),
                remove: BTreeSet::new(),
            },
            ..Changes::default()
        }
    }

    fn later(number: i32, changes: Changes) -> Later {
        Later {
            number,
            effect_date: date!(2027 - 01 - 01),
            changes,
        }
    }

    fn checked(
        changes: &Changes,
        text: &ContractText,
        later: &[Later],
    ) -> Result<(), (&'static str, String)> {
        let (mut contract, regime, mut registry) = (contract(&[]), regime(), registry());
        contract.text.clone_from(text);
        registry.legal_entities.insert(other(), true);
        let measure = Measure {
            contract: &contract,
            regime: &regime,
            registry: &registry,
        };
        let checked = changes.check_later(text, later, measure);
        checked.map_err(|refusal| (refusal.reason(), refusal.to_string()))
    }

    fn refused_for(refused: Result<(), (&'static str, String)>, what: &str) {
        let (reason, message) = refused.unwrap_err();
        assert_eq!(reason, "LATER_AMENDMENT_CONFLICT");
        let is_told = message.contains("2027-01-01") && message.contains(what);
        assert!(is_told, "{message}");
    }

    #[test]
    fn an_eleventh_objective_does_not_come_with_a_later_amendment() {
        let text = contract(&[]).text;
        let signed = [later(4, objectives(2..8))];
        // One of the contract, six that come later: three more are ten, four are eleven.
        assert_eq!(checked(&objectives(8..11), &text, &signed), Ok(()));
        let refused = checked(&objectives(8..12), &text, &signed);
        refused_for(refused, "amendment 4");
        assert_eq!(checked(&objectives(8..12), &text, &[]), Ok(()));
    }

    #[test]
    fn what_a_signed_amendment_breaks_without_it_is_not_its_fault() {
        let text = contract(&[]).text;
        let signed = [later(1, objectives(0..10))];
        assert_eq!(checked(&money(None), &text, &signed), Ok(()));
    }

    /// A line of a council, or of the agency.
    fn money(department: Option<Department>) -> Changes {
        let line = FundingLine {
            code: "D13".into(),
            label: "Section dépendance".into(),
            source: match department {
                Some(_) => FundingSource::Department,
                None => FundingSource::Fir,
            },
            year: 2027,
            amount_eur: Decimal::from(100_000),
            condition: String::new(),
            reversible: false,
            department,
        };
        Changes {
            funding: Edits {
                put: vec![line],
                remove: BTreeSet::new(),
            },
            ..Changes::default()
        }
    }

    #[test]
    fn money_of_a_council_that_leaves_later_does_not_come() {
        let mut parts = contract(&[]).text.into_parts();
        parts.content.departmental_councils = [council()].into();
        let text = ContractText::new(parts).unwrap();
        let mut leaves = Changes {
            remove_departmental_councils: [council()].into(),
            ..Changes::default()
        };
        let signed = [later(2, leaves.clone())];
        let line = money(Some(council()));
        refused_for(checked(&line, &text, &signed), "funding line D13");
        leaves.funding.remove.insert("D13".into());
        let takes_it_along = [later(2, leaves)];
        assert_eq!(checked(&line, &text, &takes_it_along), Ok(()));
    }

    #[test]
    fn a_holder_stays_on_every_day() {
        let with = |entities: [Finess; 2]| {
            let mut parts = contract(&[]).text.into_parts();
            parts.legal_entities.extend(entities);
            ContractText::new(parts).unwrap()
        };
        let mut shared = contract(&[]);
        shared.text = with([entity(), other()]);
        // One more has joined since.
        let text = with([other(), site()]);
        let leaves = |entity: Finess| Changes {
            remove_legal_entities: [entity].into(),
            ..Changes::default()
        };
        let (regime, registry) = (regime(), registry());
        let measure = Measure {
            contract: &shared,
            regime: &regime,
            registry: &registry,
        };
        let signed = [later(1, leaves(other()))];
        let refusal = leaves(entity()).check_later(&text, &signed, measure);
        let refusal = refusal.map_err(|refusal| (refusal.reason(), refusal.to_string()));
        refused_for(refusal, "keeps the holders");
        let alone = leaves(entity()).check_later(&text, &[], measure);
        assert_eq!(alone, Ok(()));
    }

    #[test]
    fn the_last_day_stays_after_what_is_signed_and_moves_once() {
        let text = contract(&[]).text;
        let ends = |end_date: Date| Changes {
            end_date: Some(end_date),
            ..Changes::default()
        };
        let signed = [later(1, money(None))];
        let early = checked(&ends(date!(2026 - 12 - 31)), &text, &signed);
        refused_for(early, "changes.end_date");
        assert_eq!(
            checked(&ends(date!(2027 - 01 - 01)), &text, &signed),
            Ok(())
        );
        let moved = [later(1, ends(date!(2029 - 12 - 31)))];
        let again = checked(&ends(date!(2030 - 12 - 31)), &text, &moved);
        refused_for(again, "is moved by that amendment");
    }
}
