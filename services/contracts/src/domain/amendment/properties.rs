//! The fold, the diff and the impact, for any texts; the life of an amendment, whatever people try.

use std::collections::BTreeSet;

use kernel::{Decimal, Department, Reasons};
use proptest::prelude::*;
use time::{Date, Duration, macros::date};
use uuid::Uuid;

use super::{
    Acknowledgement, Amendment, Changes, Edits, Event, Proposal, Reason, State,
    acts::{Act, Circumstances, Command, propose},
    consolidated,
    impact::Impact,
};
use crate::domain::{
    AmendmentId, ContractText, Person, Side,
    content::{Commitment, FundingLine, FundingSource, Indicator, Owner, Step, YearValue},
    deadline::Standing,
    diff::diff,
    fixtures::{HASH, NOW, council, entity, in_force, person, regime, registry, site, text},
    person::role,
    signature::{DocumentHash, Party},
    text::StrategicObjective,
};

const START: Date = date!(2026 - 04 - 01);

fn code() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["A", "B", "C"]).prop_map(str::to_owned)
}

fn any_objective() -> impl Strategy<Value = StrategicObjective> {
    (code(), 0..3u8).prop_map(|(code, n)| StrategicObjective {
        code,
        axis: "A".into(),
        title: format!("Objectif {n}"),
        description: String::new(),
        competence: None,
    })
}

fn any_commitment() -> impl Strategy<Value = Commitment> {
    (code(), 0..3i64, 0..3u8).prop_map(|(code, value, n)| Commitment {
        code,
        competence: None,
        objective: String::new(),
        owner: Owner::Both,
        text: format!("Engagement {n}"),
        steps: vec![Step {
            title: "Bilan".into(),
            due_date: START + Duration::days(value * 100),
        }],
        indicators: vec![Indicator {
            code: "TX".into(),
            label: "Taux".into(),
            unit: "%".into(),
            source: "PMSI".into(),
            baseline: None,
            targets: vec![YearValue {
                year: 2028,
                value: Decimal::from(60 + value),
            }],
        }],
    })
}

fn any_line() -> impl Strategy<Value = FundingLine> {
    (code(), 2026..2029i32, 0..5i64).prop_map(|(code, year, amount)| FundingLine {
        code,
        label: "Aide".into(),
        source: FundingSource::Fir,
        year,
        amount_eur: Decimal::new(amount * 10_050, 2),
        condition: String::new(),
        reversible: true,
        department: None,
    })
}

/// Elements of distinct codes.
fn distinct<T: std::fmt::Debug + crate::domain::content::Coded>(
    element: impl Strategy<Value = T>,
) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(element, 0..4).prop_map(|elements| {
        let mut seen = BTreeSet::new();
        elements
            .into_iter()
            .filter(|e| seen.insert(e.code().to_owned()))
            .collect()
    })
}

prop_compose! {
    fn any_changes()(
        objectives in distinct(any_objective()),
        commitments in distinct(any_commitment()),
        funding in distinct(any_line()),
        removed in prop::collection::btree_set(code(), 0..2),
        end in prop::option::of(0..300i64),
    ) -> Changes {
        let kept = |code: &str| !removed.contains(code);
        Changes {
            objectives: Edits { put: objectives, remove: BTreeSet::new() },
            commitments: Edits {
                put: commitments.into_iter().filter(|c| kept(&c.code)).collect(),
                remove: removed.clone(),
            },
            funding: Edits { put: funding, remove: BTreeSet::new() },
            end_date: end.map(|days| date!(2030 - 01 - 01) + Duration::days(days)),
            ..Changes::default()
        }
    }
}

prop_compose! {
    fn any_amendment()(days in 0..1500i64, changes in any_changes()) -> (Date, Changes) {
        (START + Duration::days(days), changes)
    }
}

fn base() -> ContractText {
    text(1, date!(2031 - 03 - 31))
}

proptest! {
    #[test]
    fn the_fold_is_the_same_in_any_order_and_only_reads_what_has_effect(
        amendments in prop::collection::vec(any_amendment(), 0..8),
        days in 0..1600i64,
        turn in 0..8usize,
    ) {
        let as_of = START + Duration::days(days);
        let numbered: Vec<_> =
            amendments.iter().zip(1..).map(|((day, changes), n)| (*day, n, changes)).collect();
        let folded = consolidated(&base(), numbered.clone(), as_of);
        let mut turned = numbered.clone();
        turned.rotate_left(turn.min(numbered.len()));
        prop_assert_eq!(&folded, &consolidated(&base(), turned, as_of));
        let in_effect = numbered.iter().copied().filter(|(day, _, _)| *day <= as_of);
        prop_assert_eq!(&folded, &consolidated(&base(), in_effect, date!(2099 - 12 - 31)));
        prop_assert_eq!(&folded.legal_entities, &base().legal_entities);
    }

    #[test]
    fn one_more_day_reads_one_more_amendment(
        amendments in prop::collection::vec(any_amendment(), 1..6),
    ) {
        let mut numbered: Vec<_> =
            amendments.iter().zip(1..).map(|((day, changes), n)| (*day, n, changes)).collect();
        numbered.sort_by_key(|(day, n, _)| (*day, *n));
        let mut by_hand = base();
        for (_, _, changes) in &numbered {
            by_hand = changes.apply(&by_hand);
        }
        prop_assert_eq!(consolidated(&base(), numbered, date!(2099 - 12 - 31)), by_hand);
    }

    #[test]
    fn an_amendment_applied_twice_changes_nothing_more(changes in any_changes()) {
        let once = changes.apply(&base());
        prop_assert_eq!(changes.apply(&once), once);
    }

    #[test]
    fn the_difference_is_empty_exactly_when_nothing_changes(
        one in any_changes(),
        other in any_changes(),
    ) {
        let (a, b) = (one.apply(&base()), other.apply(&base()));
        prop_assert!(diff(&a, &a).is_empty());
        let sorted = |text: &ContractText| {
            let mut parts = text.clone().into_parts();
            parts.objectives.sort_by(|x, y| x.code.cmp(&y.code));
            parts.content.commitments.sort_by(|x, y| x.code.cmp(&y.code));
            parts.content.funding.sort_by(|x, y| x.code.cmp(&y.code));
            parts
        };
        prop_assert_eq!(diff(&a, &b).is_empty(), sorted(&a) == sorted(&b));
        prop_assert_eq!(diff(&a, &b).len(), diff(&b, &a).len());
    }

    #[test]
    fn the_impact_tells_every_euro_that_moves(changes in any_changes()) {
        let total = |text: &ContractText| -> Decimal {
            text.content.funding.iter().map(|line| line.amount_eur).sum()
        };
        let (before, after) = (base(), changes.apply(&base()));
        let impact = Impact::between(&before, &after);
        let told: Decimal = impact.money.iter().map(super::impact::Money::difference_eur).sum();
        prop_assert_eq!(told, total(&after) - total(&before));
        prop_assert!(impact.money.iter().all(|money| money.before_eur != money.after_eur));
        prop_assert!(impact.changes.is_empty() || before != after);
    }
}

fn proposal(side: Side) -> Proposal {
    let line = FundingLine {
        code: "F1".into(),
        label: "Aide".into(),
        source: FundingSource::Fir,
        year: 2027,
        amount_eur: Decimal::from(50_000),
        condition: String::new(),
        reversible: true,
        department: None,
    };
    let changes = Changes {
        funding: Edits {
            put: vec![line],
            remove: BTreeSet::new(),
        },
        ..Changes::default()
    };
    Proposal {
        contract: in_force().id,
        region: in_force().region,
        reason: Reason::Funding,
        title: "Aide à l’investissement".into(),
        effect_date: START,
        changes,
        consultations: BTreeSet::new(),
        side,
    }
}

fn anybody() -> impl Strategy<Value = Person> {
    prop::sample::select(vec![
        role::CONTRACT_MANAGER,
        role::MANAGER,
        role::DIRECTOR_GENERAL,
        role::ESTABLISHMENT_DIRECTOR,
        role::CONTROLLER,
    ])
    .prop_map(|role| person(role, role))
}

fn any_command() -> impl Strategy<Value = Command> {
    let reasons: Reasons = "Désaccord.".to_owned().try_into().unwrap();
    let (second, third) = (reasons.clone(), reasons.clone());
    prop_oneof![
        3 => Just(Command::OpenNegotiation),
        1 => any_changes().prop_map(|changes| Command::Revise {
            effect_date: START,
            changes: Box::new(changes),
            holders: BTreeSet::new(),
            text: Box::new(base()),
        }),
        5 => Just(Command::Agree {
            text: Box::new(base()),
            later: vec![],
            registry: registry(),
            overlaps: vec![],
        }),
        3 => prop::sample::select(vec![7u8, 7, 8]).prop_map(|given| Command::AcknowledgeImpact {
            given: DocumentHash([given; 32]),
            current: HASH,
        }),
        3 => prop::sample::select(vec![7u8, 7, 8]).prop_map(|impact| Command::Freeze {
            impact: DocumentHash([impact; 32]),
            number: 1,
            sha256: HASH,
            text: Box::new(base()),
            later: vec![],
            registry: registry(),
        }),
        5 => any::<bool>().prop_map(|ars| Command::Sign {
            party: if ars { Party::Ars } else { Party::LegalEntity(entity()) },
            title: "Directrice".into(),
            sha256: HASH,
        }),
        1 => Just(Command::WithdrawFromSignature { reasons }),
        1 => Just(Command::Reject { reasons: second }),
        1 => Just(Command::Withdraw { reasons: third }),
    ]
}

proptest! {
    #[test]
    fn nothing_is_signed_that_nobody_weighed_and_every_party_signs_once(
        by_establishment in any::<bool>(),
        steps in prop::collection::vec((anybody(), any_command()), 0..60),
    ) {
        let contract = in_force();
        let side = if by_establishment { Side::Establishment } else { Side::Ars };
        let id = AmendmentId(Uuid::from_u128(5));
        let mut current = Amendment::proposed(id, proposal(side), NOW);
        let regime = regime();
        let circumstances = Circumstances { contract: &contract, regime: &regime, mandates: &[], now: NOW };
        for (person, command) in steps {
            let before = current.clone();
            let act = command.act();
            let listed = current.allowed_actions(Some(&person), &circumstances);
            let place = Act::ALL.iter().position(|a| *a == act).unwrap();
            let events = match current.decide(command, &person, &circumstances) {
                Ok(events) => {
                    prop_assert_eq!(&listed[place].refusal, &None);
                    events
                }
                Err(refusal) => {
                    if let Some(shown) = &listed[place].refusal {
                        prop_assert_eq!(shown, &refusal);
                    }
                    continue;
                }
            };
            current = events.iter().fold(current, |a, event| a.evolve(event, NOW));
            if let Some(frozen) = current.state.frozen() {
                prop_assert!(current.acknowledged.as_ref().is_some_and(|read| read.impact == HASH));
                prop_assert_eq!(frozen.number, 1);
                let parties: BTreeSet<_> =
                    current.state.signatures().iter().map(|s| s.party).collect();
                prop_assert_eq!(parties.len(), current.state.signatures().len());
            }
            if matches!(current.state, State::Signed { .. } | State::InEffect { .. }) {
                prop_assert_eq!(
                    current.state.signatures().len(),
                    contract.required_signatories().len()
                );
            }
            let ended = matches!(
                before.state,
                State::Signed { .. }
                    | State::InEffect { .. }
                    | State::Rejected { .. }
                    | State::Withdrawn { .. }
            );
            prop_assert!(!ended, "{:?} went on", before.state);
        }
    }
}

#[test]
fn another_holder_takes_another_contract() {
    let contract = in_force();
    let manager = person("charge", role::CONTRACT_MANAGER);
    let refused = propose(
        proposal(Side::Ars),
        &[site()].into(),
        &contract.text,
        &contract,
        &manager,
    );
    assert_eq!(refused.unwrap_err().reason(), "AMENDMENT_CHANGES_HOLDER");
    let kept = propose(
        proposal(Side::Ars),
        &[entity()].into(),
        &contract.text,
        &contract,
        &manager,
    );
    assert_eq!(kept.unwrap().side, Side::Ars);
}

#[test]
fn an_amendment_has_effect_within_the_term_only() {
    let contract = in_force();
    let manager = person("charge", role::CONTRACT_MANAGER);
    for (day, allowed) in [
        (date!(2026 - 03 - 31), false),
        (date!(2026 - 04 - 01), true),
        (date!(2031 - 03 - 31), true),
        (date!(2031 - 04 - 01), false),
    ] {
        let mut dated = proposal(Side::Ars);
        dated.effect_date = day;
        let answer = propose(dated, &BTreeSet::new(), &contract.text, &contract, &manager);
        assert_eq!(answer.is_ok(), allowed, "{day}");
    }
}

#[test]
fn what_came_since_the_agreement_keeps_a_council_that_was_to_leave() {
    let manager = person("charge", role::MANAGER);
    let mut contract = in_force();
    let mut parts = contract.text.clone().into_parts();
    parts.content.departmental_councils.insert(council());
    contract.text = ContractText::new(parts).unwrap();
    let mut leaves = proposal(Side::Ars);
    leaves.changes = Changes {
        remove_departmental_councils: [council()].into(),
        ..Changes::default()
    };
    let mut amendment = Amendment::proposed(AmendmentId(Uuid::from_u128(5)), leaves, NOW);
    amendment.state = State::Consultation;
    amendment.acknowledged = Some(Acknowledgement {
        impact: HASH,
        by: manager.human().clone(),
    });
    let mut regime = regime();
    regime.departmental_councils = true;
    let circumstances = Circumstances {
        contract: &contract,
        regime: &regime,
        mandates: &[],
        now: NOW,
    };
    let frozen = |of_site: Option<Department>| {
        let mut registry = registry();
        registry.establishments.get_mut(&site()).unwrap().council = of_site;
        let command = Command::Freeze {
            impact: HASH,
            number: 1,
            sha256: HASH,
            text: Box::new(contract.text.clone()),
            later: vec![],
            registry,
        };
        let events = amendment.decide(command, &manager, &circumstances);
        events.map(drop).map_err(|refusal| refusal.reason())
    };
    assert_eq!(frozen(None), Ok(()));
    assert_eq!(frozen(Some(council())), Err("COUNCIL_STILL_NEEDED"));
}

#[test]
fn a_new_end_moves_what_has_to_be_done_before_it() {
    let mut contract = in_force();
    // It was extended since the signature, which the text does not say.
    contract.moved_last_day = Some(date!(2032 - 03 - 31));
    let changes = Changes {
        end_date: Some(date!(2030 - 12 - 31)),
        ..Changes::default()
    };
    let after = changes.apply(&contract.text);
    let (regime, standing) = (regime(), Standing::default());
    let impact = Impact::between(&contract.text, &after).with_course(
        &contract,
        changes.end_date,
        (&regime, &standing),
    );
    let moved = |what: &str| {
        let one = impact.deadlines.iter().find(|one| one.what == what);
        one.and_then(|one| Some((one.before?, one.after?)))
    };
    assert_eq!(
        moved("end"),
        Some((date!(2032 - 03 - 31), date!(2030 - 12 - 31)))
    );
    assert_eq!(
        moved("Demander le renouvellement du contrat"),
        Some((date!(2031 - 03 - 31), date!(2029 - 12 - 31)))
    );
    assert_eq!(impact.deadlines.len(), 2);
}

#[test]
fn a_signed_amendment_takes_effect_on_its_day_and_once() {
    let mut amendment =
        Amendment::proposed(AmendmentId(Uuid::from_u128(5)), proposal(Side::Ars), NOW);
    amendment.state = State::Signed {
        frozen: super::Frozen {
            number: 1,
            sha256: HASH,
            at_version: 1,
        },
        signatures: vec![],
        signed_at: NOW,
    };
    let eve = time::macros::datetime!(2026-03-31 21:59:59 UTC);
    assert_eq!(amendment.pass_time(eve), None);
    let midnight = eve + Duration::SECOND;
    assert_eq!(amendment.pass_time(midnight), Some(Event::TookEffect));
    let after = amendment.evolve(&Event::TookEffect, midnight);
    assert_eq!(after.pass_time(midnight), None);
}
