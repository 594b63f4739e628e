//! Who is party to a contract of several legal entities: those of its signed text, but for those that an amendment let
//! leave, and with those that one let join (CSP L6114-1, R6132-19-3).

use std::collections::BTreeSet;

use kernel::{Department, Finess};
use time::Date;

use super::Contract;
use crate::domain::signature::Party;

/// A signed amendment lets a party join or leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberMove {
    /// A legal entity, or the council of a département.
    pub party: Party,
    pub joins: bool,
    /// Whether it becomes the support establishment of its group.
    pub supports: bool,
    /// Day of effect of the amendment.
    pub effect_date: Date,
    /// Whether that day has come.
    pub in_effect: bool,
}

impl Contract {
    /// The legal entities that are party today.
    pub fn members(&self) -> BTreeSet<Finess> {
        entities(&self.parties(|moved| moved.in_effect))
    }

    /// The departmental councils that are party today.
    pub fn councils(&self) -> BTreeSet<Department> {
        councils(&self.parties(|moved| moved.in_effect))
    }

    /// Who signs what takes effect on a day: the agency and those who are party then.
    pub fn signatories_on(&self, day: Date) -> BTreeSet<Party> {
        let counts = |moved: &MemberMove| moved.effect_date <= day;
        let (parties, support) = (self.parties(counts), self.support(counts));
        self.text
            .signatories_among(entities(&parties), councils(&parties), support)
    }

    /// The support establishment of the group today, if it is the contract of one.
    pub fn support_establishment(&self) -> Option<Finess> {
        self.support(|moved| moved.in_effect)
    }

    /// The support establishment of the group, if it is the contract of one: that of the text, or the last one that moved.
    fn support(&self, counts: impl Fn(&MemberMove) -> bool) -> Option<Finess> {
        let grouping = self.text.content.grouping.as_ref()?;
        let last = self.moves.iter().rev().find_map(|moved| match moved.party {
            Party::LegalEntity(entity) if moved.supports && counts(moved) => Some(entity),
            _ => None,
        });
        Some(last.unwrap_or(grouping.support_entity))
    }

    /// Those of the text, and what moved of them; `moves` are in the order in which they take effect.
    fn parties(&self, counts: impl Fn(&MemberMove) -> bool) -> BTreeSet<Party> {
        let entities = self.text.legal_entities.iter().copied();
        let councils = self.text.content.departmental_councils.iter().copied();
        let mut parties: BTreeSet<Party> = entities
            .map(Party::LegalEntity)
            .chain(councils.map(Party::Department))
            .collect();
        for moved in self.moves.iter().filter(|moved| counts(moved)) {
            if moved.joins {
                parties.insert(moved.party);
            } else {
                parties.remove(&moved.party);
            }
        }
        parties
    }
}

fn entities(parties: &BTreeSet<Party>) -> BTreeSet<Finess> {
    let entity = |party: &Party| match party {
        Party::LegalEntity(entity) => Some(*entity),
        Party::Ars | Party::Department(_) | Party::Associated(_) => None,
    };
    parties.iter().filter_map(entity).collect()
}

fn councils(parties: &BTreeSet<Party>) -> BTreeSet<Department> {
    let council = |party: &Party| match party {
        Party::Department(council) => Some(*council),
        Party::Ars | Party::LegalEntity(_) | Party::Associated(_) => None,
    };
    parties.iter().filter_map(council).collect()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::domain::{
        ContractText,
        content::Grouping,
        fixtures::{contract, council, entity},
    };

    fn other() -> Finess {
        "750712184".parse().unwrap()
    }

    #[test]
    fn who_joins_is_a_member_once_the_amendment_is_in_effect_and_signs_from_its_day_on() {
        let mut shared = contract(&[]);
        let moved = |party, joins, effect_date, in_effect| MemberMove {
            party,
            joins,
            supports: false,
            effect_date,
            in_effect,
        };
        shared.moves = vec![
            moved(
                Party::LegalEntity(other()),
                true,
                date!(2026 - 06 - 01),
                true,
            ),
            moved(
                Party::Department(council()),
                true,
                date!(2026 - 06 - 01),
                true,
            ),
            moved(
                Party::LegalEntity(other()),
                false,
                date!(2027 - 01 - 01),
                false,
            ),
        ];
        assert_eq!(shared.members(), BTreeSet::from([entity(), other()]));
        assert_eq!(shared.councils(), BTreeSet::from([council()]));
        let signs = |day| {
            shared
                .signatories_on(day)
                .contains(&Party::LegalEntity(other()))
        };
        assert!(!signs(date!(2026 - 05 - 31)));
        assert!(signs(date!(2026 - 06 - 01)) && signs(date!(2026 - 12 - 31)));
        assert!(!signs(date!(2027 - 01 - 01)));
        shared.moves[2].in_effect = true;
        assert_eq!(shared.members(), BTreeSet::from([entity()]));
    }

    #[test]
    fn who_supports_the_group_signs_for_it_from_its_day_on() {
        let mut group = contract(&[]);
        let mut parts = group.text.clone().into_parts();
        parts.legal_entities.insert(other());
        parts.content.grouping = Some(Grouping {
            name: "GHT".into(),
            support_entity: entity(),
            request_date: date!(2026 - 03 - 01),
        });
        group.text = ContractText::new(parts).unwrap();
        group.moves = vec![MemberMove {
            party: Party::LegalEntity(other()),
            joins: true,
            supports: true,
            effect_date: date!(2027 - 01 - 01),
            in_effect: false,
        }];
        let before = group.signatories_on(date!(2026 - 12 - 31));
        assert_eq!(before, group.required_signatories());
        let after = group.signatories_on(date!(2027 - 01 - 01));
        let support = [Party::Ars, Party::LegalEntity(other())];
        assert_eq!(after, BTreeSet::from(support));
        assert_eq!(group.members(), BTreeSet::from([entity(), other()]));
    }

    #[test]
    fn without_moves_those_of_the_text_are_party() {
        let alone = contract(&[]);
        assert_eq!(alone.members(), alone.text.legal_entities);
        let day = date!(2026 - 06 - 01);
        assert_eq!(alone.signatories_on(day), alone.required_signatories());
    }
}
