//! Who joins and leaves a contract of several legal entities by an amendment, and who signs it for that.

use std::collections::BTreeSet;

use kernel::{Department, Finess};
use time::Date;

use super::{Amendment, Changes, acts::Act};
use crate::domain::{
    Contract, ContractText, LegalRegime, Person, Refusal, Side, competence, mark::CompetenceMark,
    perimeter::RegistryView, signature::Party,
};

/// A party that joins, leaves, or becomes the support establishment of its group: it signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mover {
    pub party: Party,
    /// Whether it is party from the day of effect on.
    pub joins: bool,
    /// Whether it speaks for the group from that day on.
    pub supports: bool,
}

impl Changes {
    /// The parties that join or leave, and whoever becomes the support establishment.
    pub fn movers(&self) -> Vec<Mover> {
        let joining = self.add_legal_entities.iter().copied();
        // Once: who becomes the support establishment may join by the same amendment.
        let joining: BTreeSet<Finess> = joining.chain(self.support_entity).collect();
        let joining = parties(&joining, &self.add_departmental_councils);
        let leaving = parties(
            &self.remove_legal_entities,
            &self.remove_departmental_councils,
        );
        let moves = joining.into_iter().map(|party| (party, true));
        let support = self.support_entity.map(Party::LegalEntity);
        moves
            .chain(leaving.into_iter().map(|party| (party, false)))
            .map(|(party, joins)| Mover {
                party,
                joins,
                supports: Some(party) == support,
            })
            .collect()
    }

    /// Refuses who joins or leaves a contract that keeps its holders: that of one legal entity has no members; a
    /// territorial hospital group has its support establishment or another of its members, and of other contracts at least
    /// one of those who signed it stays. `contract` is as it was signed, `text` as it stands on the day of effect.
    pub fn check_members(
        &self,
        contract: &ContractText,
        text: &ContractText,
    ) -> Result<(), Refusal> {
        self.check_councils(text)?;
        self.check_support(text)?;
        let (joins, leaves) = (&self.add_legal_entities, &self.remove_legal_entities);
        if joins.is_empty() && leaves.is_empty() {
            return Ok(());
        }
        let holders = match &text.content.grouping {
            Some(grouping) => BTreeSet::from([grouping.support_entity]),
            None => contract.legal_entities.clone(),
        };
        let is_shared = contract.legal_entities.len() > 1;
        let stays =
            |holder: &Finess| text.legal_entities.contains(holder) && !leaves.contains(holder);
        let goes_on = self.support_entity.is_some() || holders.iter().any(stays);
        if !is_shared || !goes_on {
            return Err(holders_stay(&holders));
        }
        if let Some(stranger) = leaves.difference(&text.legal_entities).next() {
            return Err(Refusal::UnknownElement {
                what: "member",
                code: stranger.to_string(),
            });
        }
        match joins.intersection(&text.legal_entities).next() {
            Some(entity) => Err(Refusal::AlreadyMember {
                party: Party::LegalEntity(*entity),
            }),
            None => Ok(()),
        }
    }

    /// Refuses the arrival of a council that is party, and the departure of one that is not.
    fn check_councils(&self, text: &ContractText) -> Result<(), Refusal> {
        let councils = &text.content.departmental_councils;
        if let Some(known) = self.add_departmental_councils.intersection(councils).next() {
            return Err(Refusal::AlreadyMember {
                party: Party::Department(*known),
            });
        }
        let strangers = self.remove_departmental_councils.difference(councils);
        match strangers.into_iter().next() {
            Some(stranger) => Err(Refusal::UnknownElement {
                what: "departmental council",
                code: stranger.to_string(),
            }),
            None => Ok(()),
        }
    }

    /// Only a group has a support establishment; its members name another of themselves in their agreement (CSP L6132-2),
    /// and that one signs for all from then on (CSP R6132-19-3).
    fn check_support(&self, text: &ContractText) -> Result<(), Refusal> {
        let Some(support) = self.support_entity else {
            return Ok(());
        };
        let joins = self.add_legal_entities.contains(&support);
        let leaves = self.remove_legal_entities.contains(&support);
        let is_member = joins || (text.legal_entities.contains(&support) && !leaves);
        let explanation = match &text.content.grouping {
            None => "this contract is not that of a group".to_owned(),
            Some(grouping) if grouping.support_entity == support => {
                format!("legalEntities/{support} is its support establishment already")
            }
            Some(_) if !is_member => format!(
                "legalEntities/{support} must be a member of the group to become its support establishment"
            ),
            Some(_) => return Ok(()),
        };
        Err(Refusal::GroupingNotPossible { explanation })
    }

    /// Refuses that a council leaves while something is of its competence in the text that results: a site whose category
    /// needs its signature (CASF L313-12 IV ter), money it gives, an objective or a commitment (CASF L313-3).
    pub fn check_departures(
        &self,
        text: &ContractText,
        registry: &RegistryView,
        regime: &LegalRegime,
    ) -> Result<(), Refusal> {
        let leaving = &self.remove_departmental_councils;
        if leaving.is_empty() {
            return Ok(());
        }
        let (councils, after) = (&text.content.departmental_councils, self.apply(text));
        let leaves = |council: &Department| leaving.contains(council);
        let marked = |mark: Option<CompetenceMark>| {
            mark.and_then(|mark| mark.council(councils, Date::MAX))
                .filter(leaves)
        };
        let site = || {
            after.establishments.iter().find_map(|site| {
                let council = registry.establishments.get(site)?.council.filter(leaves)?;
                Some((council, format!("establishments/{site}")))
            })
        };
        let line = || {
            after.content.funding.iter().find_map(|line| {
                let council = competence::payer(line, councils).filter(leaves)?;
                Some((council, format!("funding line {}", line.code)))
            })
        };
        let objective = || {
            after.objectives.iter().find_map(|objective| {
                let council = marked(objective.competence)?;
                Some((council, format!("objective {}", objective.code)))
            })
        };
        let commitment = || {
            after.content.commitments.iter().find_map(|commitment| {
                let council = marked(commitment.competence)?;
                Some((council, format!("commitment {}", commitment.code)))
            })
        };
        let site = regime.departmental_councils.then(site).flatten();
        match site.or_else(line).or_else(objective).or_else(commitment) {
            Some((council, what)) => Err(Refusal::CouncilStillNeeded {
                party: Party::Department(council),
                what,
            }),
            None => Ok(()),
        }
    }
}

/// Legal entities, then departmental councils.
fn parties(entities: &BTreeSet<Finess>, councils: &BTreeSet<Department>) -> Vec<Party> {
    let entities = entities.iter().copied().map(Party::LegalEntity);
    let councils = councils.iter().copied().map(Party::Department);
    entities.chain(councils).collect()
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
    /// Who must sign: those who are party on the day of effect, with whoever joins, leaves or becomes the support
    /// establishment by it; of the third parties only those with a clause that changes. Once all have, it stays with those
    /// who did, whatever moves afterwards.
    pub fn required_signatories(&self, contract: &Contract) -> BTreeSet<Party> {
        if self.state.is_signed() {
            let given = self.state.signatures().iter();
            return given.map(|signature| signature.party).collect();
        }
        let clauses = &self.changes.clauses;
        let changes = |code: &String| {
            clauses.remove.contains(code) || clauses.put.iter().any(|clause| clause.code == *code)
        };
        let mut required = contract.signatories_on(self.effect_date);
        required.extend(self.changes.movers().iter().map(|mover| mover.party));
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
    use kernel::Decimal;
    use time::macros::date;

    use super::*;
    use crate::domain::{
        content::{FundingLine, FundingSource, Grouping},
        fixtures,
        mark::Authority,
    };

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
        let amended = changes.apply(&signed);
        assert_eq!(amended.legal_entities, BTreeSet::from([holder, third()]));
        let moved = |entity, joins| Mover {
            party: Party::LegalEntity(entity),
            joins,
            supports: false,
        };
        assert_eq!(
            changes.movers(),
            [moved(third(), true), moved(other(), false)]
        );
    }

    fn supported_by(support: Finess, joins: &[Finess], leaves: &[Finess]) -> Changes {
        Changes {
            support_entity: Some(support),
            ..moves(joins, leaves)
        }
    }

    #[test]
    fn another_member_becomes_the_support_establishment_and_the_earlier_one_may_leave() {
        let holder = fixtures::entity();
        let group = text(&[holder, other()], Some(holder));
        let changes = supported_by(other(), &[third()], &[holder]);
        assert!(!changes.is_empty());
        assert_eq!(checked(&changes, &group), Ok(()));
        assert_eq!(checked(&supported_by(other(), &[], &[]), &group), Ok(()));
        let joins = supported_by(third(), &[third()], &[]);
        assert_eq!(checked(&joins, &group), Ok(()));
        let mover = Mover {
            party: Party::LegalEntity(third()),
            joins: true,
            supports: true,
        };
        assert_eq!(joins.movers(), [mover], "who joins as support moves once");
        let amended = changes.apply(&group);
        let grouping = amended.content.grouping.as_ref().unwrap();
        assert_eq!(grouping.support_entity, other());
        assert_eq!(amended.legal_entities, BTreeSet::from([other(), third()]));
        // From then on that one stays.
        let holds = Err("AMENDMENT_CHANGES_HOLDER");
        let refusal = moves(&[], &[other()]).check_members(&group, &amended);
        assert_eq!(refusal.map_err(|refusal| refusal.reason()), holds);

        let refused = Err("GROUPING_NOT_POSSIBLE");
        assert_eq!(checked(&supported_by(holder, &[], &[]), &group), refused);
        assert_eq!(checked(&supported_by(third(), &[], &[]), &group), refused);
        let gone = supported_by(other(), &[], &[other()]);
        assert_eq!(checked(&gone, &group), refused);
        let shared = text(&[holder, other()], None);
        assert_eq!(checked(&supported_by(other(), &[], &[]), &shared), refused);
    }

    /// A text of two councils, with a site, a line and an objective of the first.
    fn of_councils() -> ContractText {
        let mark = CompetenceMark {
            authority: Authority::Joint,
            department: Some(fixtures::council()),
            since: date!(2027 - 01 - 01),
        };
        let mut parts = fixtures::text(2, date!(2031 - 03 - 31)).into_parts();
        parts.content.departmental_councils = [fixtures::council(), neighbour()].into();
        parts.objectives[1].competence = Some(mark);
        parts.content.funding = vec![FundingLine {
            code: "D13".into(),
            label: "Section dépendance".into(),
            source: FundingSource::Department,
            year: 2027,
            amount_eur: Decimal::from(100_000),
            condition: String::new(),
            reversible: false,
            department: Some(fixtures::council()),
        }];
        ContractText::new(parts).unwrap()
    }

    fn neighbour() -> Department {
        "84".parse().unwrap()
    }

    fn without(council: Department) -> Changes {
        Changes {
            remove_departmental_councils: [council].into(),
            ..Changes::default()
        }
    }

    #[test]
    fn a_council_leaves_once_nothing_is_of_its_competence() {
        let text = of_councils();
        let mut regime = fixtures::regime();
        regime.departmental_councils = true;
        let mut registry = fixtures::registry();
        let site = registry.establishments.get_mut(&fixtures::site()).unwrap();
        site.council = Some(fixtures::council());
        let refused = |changes: &Changes, registry: &RegistryView| {
            let refusal = changes.check_departures(&text, registry, &regime);
            refusal.map_err(|refusal| refusal.to_string())
        };
        assert_eq!(refused(&without(neighbour()), &registry), Ok(()));
        let mut changes = without(fixtures::council());
        let still = |what: &str, changes: &Changes, registry: &RegistryView| {
            let message = refused(changes, registry).unwrap_err();
            let named = message.contains(what) && message.contains("departments/13");
            assert!(named && message.contains("L313-12"), "{message}");
        };
        let of_site = format!("establishments/{}", fixtures::site());
        still(&of_site, &changes, &registry);
        changes.remove_establishments.insert(fixtures::site());
        still("funding line D13", &changes, &registry);
        changes.funding.remove.insert("D13".into());
        still("objective O2", &changes, &registry);
        changes.objectives.remove.insert("O2".into());
        assert_eq!(refused(&changes, &registry), Ok(()));
        // Where no category needs a council, its site does not keep it.
        changes.remove_establishments.clear();
        assert_eq!(refused(&changes, &fixtures::registry()), Ok(()));

        let amended = changes.apply(&text);
        let left = &amended.content.departmental_councils;
        assert_eq!(*left, BTreeSet::from([neighbour()]));
        let mover = Mover {
            party: Party::Department(fixtures::council()),
            joins: false,
            supports: false,
        };
        assert_eq!(changes.movers(), [mover]);
    }

    #[test]
    fn a_council_comes_once_and_leaves_what_it_is_party_to() {
        let text = of_councils();
        let of_checked = |changes: &Changes| checked(changes, &text);
        let stranger = without("06".parse().unwrap());
        assert_eq!(of_checked(&stranger), Err("UNKNOWN_ELEMENT"));
        let again = Changes {
            add_departmental_councils: [neighbour()].into(),
            ..without(neighbour())
        };
        assert_eq!(of_checked(&again), Err("ALREADY_MEMBER"));
        assert_eq!(of_checked(&without(neighbour())), Ok(()));
    }
}
