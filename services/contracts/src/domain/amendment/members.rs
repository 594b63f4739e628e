//! Who joins and leaves a contract of several legal entities by an amendment, and who signs it for that.

use std::collections::BTreeSet;

use kernel::Finess;

use super::{Amendment, Changes, acts::Act};
use crate::domain::{Contract, ContractText, Person, Refusal, Side, signature::Party};

impl Changes {
    /// Whether a party joins or leaves.
    pub fn moves_members(&self) -> bool {
        !self.add_legal_entities.is_empty()
            || !self.remove_legal_entities.is_empty()
            || !self.add_departmental_councils.is_empty()
    }

    /// The parties that join or leave: each of them signs.
    pub fn movers(&self) -> impl Iterator<Item = (Party, bool)> + '_ {
        let entities = |entities: &BTreeSet<Finess>| {
            let parties = entities.iter().copied().map(Party::LegalEntity);
            parties.collect::<Vec<_>>()
        };
        let councils = self.add_departmental_councils.iter().copied();
        let joining = entities(&self.add_legal_entities)
            .into_iter()
            .chain(councils.map(Party::Department));
        let leaving = entities(&self.remove_legal_entities).into_iter();
        joining
            .map(|party| (party, true))
            .chain(leaving.map(|party| (party, false)))
    }

    /// Refuses who joins or leaves a contract that keeps its holders: that of one legal entity has no members; of a
    /// territorial hospital group, the support establishment stays, and of other contracts at least one of those who
    /// signed it. `contract` is as it was signed, `text` as it stands on the day of effect.
    pub fn check_members(
        &self,
        contract: &ContractText,
        text: &ContractText,
    ) -> Result<(), Refusal> {
        let (joins, leaves) = (&self.add_legal_entities, &self.remove_legal_entities);
        if joins.is_empty() && leaves.is_empty() {
            return Ok(());
        }
        let holders = match &contract.content.grouping {
            Some(grouping) => BTreeSet::from([grouping.support_entity]),
            None => contract.legal_entities.clone(),
        };
        let is_shared = contract.legal_entities.len() > 1;
        let stays =
            |holder: &Finess| text.legal_entities.contains(holder) && !leaves.contains(holder);
        if !is_shared || !holders.iter().any(stays) {
            return Err(holders_stay(&holders));
        }
        if let Some(stranger) = leaves.difference(&text.legal_entities).next() {
            return Err(Refusal::UnknownElement {
                what: "member",
                code: stranger.to_string(),
            });
        }
        match joins.intersection(&text.legal_entities).next() {
            Some(entity) => Err(Refusal::AlreadyMember { entity: *entity }),
            None => Ok(()),
        }
    }
}

/// The refusal that names the holders of a contract.
pub(super) fn holders_stay(holders: &BTreeSet<Finess>) -> Refusal {
    Refusal::AmendmentChangesHolder {
        holders: holders
            .iter()
            .map(|entity| format!("legalEntities/{entity}"))
            .collect(),
    }
}

impl Amendment {
    /// Who must sign: those who are party on the day of effect, with whoever joins or leaves by it; of the third parties
    /// only those with a clause that changes.
    pub fn required_signatories(&self, contract: &Contract) -> BTreeSet<Party> {
        let clauses = &self.changes.clauses;
        let changes = |code: &String| {
            clauses.remove.contains(code) || clauses.put.iter().any(|clause| clause.code == *code)
        };
        let mut required = contract.signatories_on(self.effect_date);
        required.extend(self.changes.movers().map(|(party, _)| party));
        for party in &contract.text.content.associated_parties {
            if let Ok(code) = party.code.parse()
                && !party.clauses.iter().any(changes)
            {
                required.remove(&Party::Associated(code));
            }
        }
        required
    }

    /// The side of somebody who is no party yet and becomes one by signing; none for everybody else.
    pub(super) fn joins_by_signing(&self, act: Act, person: &Person) -> Option<Side> {
        let side = Side::of_role(person.role_among(act.roles())?);
        (act == Act::Sign && self.brings(side, person)).then_some(side)
    }

    /// Whether a person acts for somebody who joins by it.
    pub(crate) fn brings(&self, side: Side, person: &Person) -> bool {
        match side {
            Side::Ars => false,
            Side::Establishment => {
                let mut joining = self.changes.add_legal_entities.iter();
                joining.any(|entity| person.directs(*entity))
            }
            Side::Department => {
                let mut joining = self.changes.add_departmental_councils.iter();
                joining.any(|council| person.serves(*council))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::domain::{content::Grouping, fixtures};

    fn other() -> Finess {
        "750712184".parse().unwrap()
    }

    fn third() -> Finess {
        "130783293".parse().unwrap()
    }

    fn text(members: &[Finess], support: Option<Finess>) -> ContractText {
        let mut parts = fixtures::text(1, date!(2031 - 03 - 31)).into_parts();
        parts.legal_entities = members.iter().copied().collect();
        parts.content.grouping = support.map(|support_entity| Grouping {
            name: "GHT".into(),
            support_entity,
            request_date: date!(2026 - 03 - 01),
        });
        ContractText::new(parts).unwrap()
    }

    fn moves(joins: &[Finess], leaves: &[Finess]) -> Changes {
        Changes {
            add_legal_entities: joins.iter().copied().collect(),
            remove_legal_entities: leaves.iter().copied().collect(),
            ..Changes::default()
        }
    }

    fn checked(changes: &Changes, signed: &ContractText) -> Result<(), &'static str> {
        let refusal = changes.check_members(signed, signed);
        refusal.map_err(|refusal| refusal.reason())
    }

    #[test]
    fn members_join_and_leave_and_the_holder_stays() {
        let holder = fixtures::entity();
        let group = text(&[holder, other()], Some(holder));
        assert_eq!(checked(&moves(&[third()], &[]), &group), Ok(()));
        assert_eq!(checked(&moves(&[], &[other()]), &group), Ok(()));
        let holds = Err("AMENDMENT_CHANGES_HOLDER");
        assert_eq!(checked(&moves(&[], &[holder]), &group), holds);

        let shared = text(&[holder, other()], None);
        assert_eq!(checked(&moves(&[], &[holder]), &shared), Ok(()));
        assert_eq!(
            checked(&moves(&[third()], &[holder, other()]), &shared),
            holds
        );
        let stranger = Err("UNKNOWN_ELEMENT");
        assert_eq!(checked(&moves(&[], &[third()]), &shared), stranger);
        let known = Err("ALREADY_MEMBER");
        assert_eq!(checked(&moves(&[other()], &[]), &shared), known);

        let alone = text(&[holder], None);
        assert_eq!(checked(&moves(&[other()], &[]), &alone), holds);
        assert_eq!(checked(&Changes::default(), &alone), Ok(()));
    }

    #[test]
    fn the_text_has_the_members_of_its_day() {
        let holder = fixtures::entity();
        let signed = text(&[holder, other()], None);
        let changes = moves(&[third()], &[other()]);
        assert!(!changes.is_empty() && changes.moves_members());
        let amended = changes.apply(&signed);
        assert_eq!(amended.legal_entities, BTreeSet::from([holder, third()]));
        let movers: Vec<_> = changes.movers().collect();
        let joins = (Party::LegalEntity(third()), true);
        let leaves = (Party::LegalEntity(other()), false);
        assert_eq!(movers, [joins, leaves]);
    }
}
