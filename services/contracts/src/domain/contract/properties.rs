//! Any sequence of acts, by anybody, at any time.

use kernel::Reasons;
use proptest::prelude::*;
use time::{Duration, macros::date};

use super::{
    Contract, Event, Opinion, OpinionSense, State,
    acts::{Act, Circumstances, Command},
};
use crate::domain::{
    Person,
    fixtures::{HASH, NOW, TARGETS, contract, drafted, entity, person, regime, registry, text},
    person::role,
    signature::{DocumentHash, Party},
};

#[derive(Debug, Clone)]
enum Step {
    Act {
        person: Person,
        command: Box<Command>,
    },
    TimePasses {
        days: i64,
    },
}

fn anybody() -> impl Strategy<Value = Person> {
    prop::sample::select(vec![
        role::CONTRACT_MANAGER,
        role::MANAGER,
        role::DIRECTOR_GENERAL,
        role::ESTABLISHMENT_DIRECTOR,
        role::REVIEWER,
    ])
    .prop_map(|role| person(role, role))
}

fn any_command() -> impl Strategy<Value = Command> {
    let reasons: Reasons = "Désaccord.".to_owned().try_into().unwrap();
    let again = reasons.clone();
    prop_oneof![
        2 => Just(Command::OpenNegotiation),
        1 => (0usize..12).prop_map(|n| Command::ProposeVersion {
            text: Box::new(text(n, date!(2031 - 03 - 31))),
            comment: String::new(),
            registry: registry(),
        }),
        4 => Just(Command::AgreeToVersion { overlaps: vec![] }),
        2 => Just(Command::RecordOpinion(Opinion {
            body: "Conseil de surveillance".into(),
            sense: OpinionSense::Unfavourable,
            date: date!(2026 - 03 - 01),
            comment: String::new(),
        })),
        2 => Just(Command::Freeze {
            target_set: TARGETS,
            of_contract: contract(&[]).id,
            sha256: HASH,
        }),
        4 => (any::<bool>(), prop::sample::select(vec![7u8, 7, 7, 8])).prop_map(|(ars, hash)| {
            Command::Sign {
                party: if ars { Party::Ars } else { Party::LegalEntity(entity()) },
                title: "Directrice".into(),
                sha256: DocumentHash([hash; 32]),
            }
        }),
        1 => Just(Command::Withdraw { reasons }),
        1 => Just(Command::Abandon { reasons: again }),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (anybody(), any_command()).prop_map(|(person, command)| Step::Act { person, command: Box::new(command) }),
        1 => (-400i64..2500).prop_map(|days| Step::TimePasses { days }),
    ]
}

/// Most sequences of independent steps die in the draft, so some begin further on.
fn any_beginning() -> impl Strategy<Value = Vec<Event>> {
    prop::sample::select(vec![
        vec![],
        vec![Event::NegotiationOpened],
        vec![Event::NegotiationOpened, Event::ConsultationOpened],
    ])
}

proptest! {
    #[test]
    fn histories_are_well_formed(
        beginning in any_beginning(),
        steps in prop::collection::vec(any_step(), 0..60),
    ) {
        let mut now = NOW;
        let mut history = vec![(drafted(), NOW)];
        history.extend(beginning.iter().map(|event| (event.clone(), NOW)));
        let mut current = contract(&beginning);
        for step in steps {
            let before = current.clone();
            let time_passed = matches!(step, Step::TimePasses { .. });
            let events = match step {
                Step::TimePasses { days } => {
                    now += Duration::days(days);
                    current.pass_time(now, None)
                }
                Step::Act { person, command } => {
                    let regime = regime();
                    let circumstances = Circumstances { regime: &regime, mandates: &[], now };
                    let act = command.act();
                    let listed = current.allowed_actions(Some(&person), &circumstances);
                    let place = Act::ALL.iter().position(|a| *a == act).unwrap();
                    match current.decide(*command, &person, &circumstances) {
                        Ok(events) => {
                            prop_assert_eq!(&listed[place].refusal, &None);
                            prop_assert!(!events.is_empty());
                            events
                        }
                        // What is refused by the guard is shown as refused, with the same words.
                        Err(refusal) => {
                            if let Some(shown) = &listed[place].refusal {
                                prop_assert_eq!(shown, &refusal);
                            }
                            vec![]
                        }
                    }
                }
            };
            current = events.iter().fold(current, |c, event| c.evolve(event, now));
            history.extend(events.iter().map(|event| (event.clone(), now)));
            prop_assert_eq!(current.version, i64::try_from(history.len()).unwrap());
            if events.is_empty() {
                prop_assert_eq!(&current, &before);
            }
            check_state(&current)?;
            if matches!(before.state, State::Expired { .. } | State::Abandoned { .. }) {
                prop_assert_eq!(&current, &before);
            }
            if time_passed {
                prop_assert_eq!(current.pass_time(now, None), vec![]);
            }
        }
        let id = current.id;
        let replayed = Contract::replay(id, history.iter().map(|(event, at)| (event, *at)));
        prop_assert_eq!(replayed, Some(current));
    }
}

fn check_state(contract: &Contract) -> Result<(), TestCaseError> {
    let required = contract.required_signatories();
    let signatures = contract.state.signatures();
    let frozen = contract.state.frozen();
    for signature in signatures {
        prop_assert_eq!(Some(signature.sha256), frozen.map(|f| f.sha256));
        let expected = match signature.party {
            Party::Ars => role::DIRECTOR_GENERAL,
            Party::LegalEntity(_) => role::ESTABLISHMENT_DIRECTOR,
            Party::Associated(_) => role::ASSOCIATED_PARTY,
            Party::Department(_) => role::DEPARTMENT_PRESIDENT,
        };
        prop_assert_eq!(signature.signatory.role(), expected);
    }
    match &contract.state {
        State::Negotiation { agreed_by } => prop_assert!(agreed_by.len() < 2),
        State::PartiallySigned { .. } => {
            prop_assert!(!signatures.is_empty() && signatures.len() < required.len());
        }
        State::Signed { .. } | State::InForce { .. } | State::Expired { .. } => {
            prop_assert_eq!(signatures.len(), required.len());
            prop_assert!(!contract.text.objectives.is_empty());
            prop_assert!(contract.text.objectives.len() <= 10);
        }
        _ => {}
    }
    Ok(())
}
