//! A member of a territorial hospital group denounces the single contract of the group (CSP R6132-19-3): some years after
//! its signature, with some months’ notice; the director general sets the terms, the day of effect among them, and may
//! decide that the contract goes on between the others.
//!
//! It is the act of one member, which nobody else signs. It changes neither the members nor the perimeter: an amendment on
//! the members does, on the day that was set.

use kernel::{
    Finess, HumanActor, Reasons, Region,
    legal_time::{add_months, legal_day},
};
use time::{Date, OffsetDateTime};

use super::{
    Contract, ContractId, Person, Refusal, WithdrawalId,
    contract::State as ContractState,
    deadline::{Deadline, Kind},
    person::role,
    text::FieldDefect,
};

/// Figures of law, of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// After the signature of the contract.
    pub after_months: u32,
    pub notice_months: u32,
    /// For the director general, from the receipt of the notice.
    pub terms_months: u32,
    /// The texts they come from.
    pub source: String,
}

/// A notice of withdrawal and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    pub id: WithdrawalId,
    pub contract: ContractId,
    pub region: Region,
    /// Who leaves.
    pub entity: Finess,
    pub reasons: Reasons,
    pub notified_by: HumanActor,
    /// Day of receipt, from which the notice runs.
    pub received_on: Date,
    /// First day on which it may take effect.
    pub earliest: Date,
    /// Last day for the terms.
    pub terms_due: Date,
    /// None while the director general has not set them.
    pub terms: Option<Terms>,
    /// Number of events so far; also the etag.
    pub version: i64,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

/// What the director general decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub effect_date: Date,
    /// Whether the contract goes on between the other members.
    pub others_go_on: bool,
    /// The modalités.
    pub text: Reasons,
    pub reasons: Reasons,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// Terms that a director general wants.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub effect_date: Date,
    pub others_go_on: bool,
    pub text: Reasons,
    pub reasons: Reasons,
}

fn months(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// A member gives notice. `id` is the new withdrawal’s, `rule` that of today.
pub fn notify(
    id: WithdrawalId,
    contract: &Contract,
    rule: &Rule,
    (entity, reasons): (Finess, Reasons),
    person: &Person,
    at: OffsetDateTime,
) -> Result<Withdrawal, Refusal> {
    const ROLES: &[&str] = &[role::ESTABLISHMENT_DIRECTOR];
    let method = "GiveWithdrawalNotice";
    person.entitled(method, ROLES)?;
    if !person.directs(entity) {
        return Err(Refusal::OutsideMandate);
    }
    let ContractState::InForce(force) = &contract.state else {
        return Err(contract.state.refuses(method));
    };
    check_member(contract, entity)?;
    let today = legal_day(at, contract.region);
    let signed_on = legal_day(force.signed_at, contract.region);
    let from = add_months(signed_on, months(rule.after_months));
    if today < from {
        return Err(Refusal::WithdrawalTooEarly {
            from,
            source_text: rule.source.clone(),
        });
    }
    Ok(Withdrawal {
        id,
        contract: contract.id,
        region: contract.region,
        entity,
        reasons,
        notified_by: person.human().clone(),
        received_on: today,
        earliest: add_months(today, months(rule.notice_months)),
        terms_due: add_months(today, months(rule.terms_months)),
        terms: None,
        version: 1,
        created_at: at,
        updated_at: at,
    })
}

/// Only a member of a group leaves it so, and the support establishment once another member has become it.
fn check_member(contract: &Contract, entity: Finess) -> Result<(), Refusal> {
    let Some(support) = contract.support_establishment() else {
        let explanation = "this contract is not that of a group".to_owned();
        return Err(Refusal::GroupingNotPossible { explanation });
    };
    if !contract.members().contains(&entity) {
        return Err(Refusal::UnknownElement {
            what: "member",
            code: entity.to_string(),
        });
    }
    if support == entity {
        let explanation = format!(
            "legalEntities/{entity} is the support establishment of the group: another member becomes it first"
        );
        return Err(Refusal::GroupingNotPossible { explanation });
    }
    Ok(())
}

impl Withdrawal {
    /// The director general sets the terms: after the notice, and within the term of the contract.
    pub fn set_terms(
        mut self,
        wanted: Wanted,
        contract: &Contract,
        person: &Person,
        at: OffsetDateTime,
    ) -> Result<Self, Refusal> {
        const ROLES: &[&str] = &[role::DIRECTOR_GENERAL];
        let method = "SetWithdrawalTerms";
        person.entitled(method, ROLES)?;
        if !contract.state.binds() {
            return Err(contract.state.refuses(method));
        }
        if self.terms.is_some() {
            return Err(Refusal::WrongState {
                method,
                resource: "withdrawal",
                state: "TERMS_SET",
            });
        }
        let (day, earliest) = (wanted.effect_date, self.earliest);
        if day < earliest {
            return Err(Refusal::WithdrawalNoticeTooShort { earliest });
        }
        let last_day = contract.last_day();
        if day > last_day {
            let explanation = format!("must not be after the last day of the contract, {last_day}");
            let defect = FieldDefect::new("effect_date", explanation);
            return Err(Refusal::DateOutOfRange(defect));
        }
        self.terms = Some(Terms {
            effect_date: day,
            others_go_on: wanted.others_go_on,
            text: wanted.text,
            reasons: wanted.reasons,
            by: person.human().clone(),
            at,
        });
        self.version += 1;
        self.updated_at = at;
        Ok(self)
    }

    /// The terms, while they are not set.
    pub fn deadlines(&self) -> Vec<Deadline> {
        let deadline = self.terms.is_none().then_some(Deadline {
            due: self.terms_due,
            kind: Kind::WithdrawalTerms,
            rank: 0,
        });
        deadline.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::date};
    use uuid::Uuid;

    use super::*;
    use crate::domain::{
        ContractText,
        content::Grouping,
        contract::Event,
        fixtures::{self, NOW, entity, person},
    };

    fn support() -> Finess {
        "750712184".parse().unwrap()
    }

    /// Signed and in force since 10 March 2026, of two members when it is that of a group.
    fn in_force(is_group: bool) -> Contract {
        let mut contract = fixtures::in_force();
        if is_group {
            let mut parts = contract.text.clone().into_parts();
            parts.legal_entities.insert(support());
            parts.content.grouping = Some(Grouping {
                name: "GHT".into(),
                support_entity: support(),
                request_date: date!(2026 - 02 - 01),
            });
            contract.text = ContractText::new(parts).unwrap();
        }
        contract
    }

    fn rule() -> Rule {
        Rule {
            after_months: 36,
            notice_months: 6,
            terms_months: 6,
            source: "CSP R6132-19-3".into(),
        }
    }

    fn text(text: &str) -> Reasons {
        text.to_owned().try_into().unwrap()
    }

    fn at(day: Date) -> OffsetDateTime {
        day.with_hms(10, 0, 0).unwrap().assume_utc()
    }

    fn notified(contract: &Contract, who: Finess, day: Date) -> Result<Withdrawal, Refusal> {
        let id = WithdrawalId(Uuid::from_u128(8));
        let director = person("ana", role::ESTABLISHMENT_DIRECTOR);
        let notice = (who, text("Nouveau projet médical."));
        notify(id, contract, &rule(), notice, &director, at(day))
    }

    fn wanted(effect_date: Date) -> Wanted {
        Wanted {
            effect_date,
            others_go_on: true,
            text: text("Les activités partagées sont reprises."),
            reasons: text("Au vu de l’intérêt des patients."),
        }
    }

    #[test]
    fn a_member_gives_notice_three_years_after_the_signature_and_not_before() {
        let group = in_force(true);
        let early = notified(&group, entity(), date!(2029 - 03 - 09)).unwrap_err();
        assert_eq!(early.reason(), "WITHDRAWAL_TOO_EARLY");
        assert!(early.to_string().contains("2029-03-10"), "{early}");
        let given = notified(&group, entity(), date!(2029 - 03 - 10)).unwrap();
        assert_eq!(given.earliest, date!(2029 - 09 - 10));
        assert_eq!(given.terms_due, date!(2029 - 09 - 10));
        // Six months after 31 August end with February.
        let late = notified(&group, entity(), date!(2029 - 08 - 31)).unwrap();
        assert_eq!(late.earliest, date!(2030 - 02 - 28));
        assert_eq!(late.deadlines().len(), 1);
    }

    #[test]
    fn only_a_member_of_a_group_in_force_leaves_it_so() {
        let day = date!(2029 - 06 - 01);
        let refused = |contract: &Contract, who| notified(contract, who, day).unwrap_err().reason();
        assert_eq!(refused(&in_force(false), entity()), "GROUPING_NOT_POSSIBLE");
        assert_eq!(refused(&in_force(true), support()), "OUTSIDE_MANDATE");
        let mut ended = in_force(true);
        ended = ended.evolve(&Event::Expired, NOW);
        assert_eq!(refused(&ended, entity()), "WRONG_STATE");
        let mut led = in_force(true);
        let mut parts = led.text.clone().into_parts();
        if let Some(grouping) = parts.content.grouping.as_mut() {
            grouping.support_entity = entity();
        }
        led.text = ContractText::new(parts).unwrap();
        assert_eq!(refused(&led, entity()), "GROUPING_NOT_POSSIBLE");
        let mut stranger = in_force(true);
        let mut parts = stranger.text.clone().into_parts();
        parts.legal_entities.remove(&entity());
        parts.legal_entities.insert("060785011".parse().unwrap());
        stranger.text = ContractText::new(parts).unwrap();
        assert_eq!(refused(&stranger, entity()), "UNKNOWN_ELEMENT");
    }

    #[test]
    fn the_director_general_sets_the_terms_once_after_the_notice_and_within_the_term() {
        let group = in_force(true);
        let given = notified(&group, entity(), date!(2029 - 03 - 10)).unwrap();
        let general = person("dg", role::DIRECTOR_GENERAL);
        let now = given.created_at + Duration::days(30);
        let set = |given: Withdrawal, day, who: &Person| {
            let answer = given.set_terms(wanted(day), &group, who, now);
            answer.map_err(|refusal| refusal.reason())
        };
        let short = set(given.clone(), date!(2029 - 09 - 09), &general);
        assert_eq!(short, Err("WITHDRAWAL_NOTICE_TOO_SHORT"));
        let after = group.last_day().next_day().unwrap();
        let late = set(given.clone(), after, &general);
        assert_eq!(late, Err("DATE_OUT_OF_RANGE"));
        let manager = person("lou", role::MANAGER);
        let other = set(given.clone(), date!(2029 - 09 - 10), &manager);
        assert_eq!(other, Err("ROLE_NOT_ENTITLED"));
        let ended = set(given, date!(2029 - 09 - 10), &general).unwrap();
        assert_eq!((ended.version, ended.deadlines()), (2, vec![]));
        let again = set(ended, date!(2029 - 09 - 10), &general);
        assert_eq!(again, Err("WRONG_STATE"));
    }
}
