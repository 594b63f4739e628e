use kernel::{Actor, ActorKind};
use proptest::prelude::*;
use time::macros::date;

use super::*;
use crate::domain::{
    catalogue::tests::some_indicators, contract::tests::a_contract, objective::tests::an_objective,
};

const TERM: Term = Term {
    effect_date: date!(2024 - 07 - 01),
    end_date: date!(2028 - 06 - 30),
};

fn a_person() -> HumanActor {
    let actor = Actor {
        subject: "p".into(),
        kind: ActorKind::Human,
        role: "contract_manager".into(),
    };
    actor.as_human().unwrap()
}

fn a_set(state: State) -> TargetSet {
    TargetSet {
        id: TargetSetId(uuid::Uuid::from_u128(2)),
        region: "93".parse().unwrap(),
        contract: ContractId(uuid::Uuid::from_u128(1)),
        carrier: Carrier::CONTRACT,
        objectives: vec![an_objective("a")],
        note: String::new(),
        state,
        version: 3,
    }
}

fn replace<'a>(contract: &'a Contract, catalogue: &'a Catalogue) -> Command<'a> {
    Command::Replace {
        objectives: vec![an_objective("b")],
        note: String::new(),
        contract,
        catalogue,
    }
}

fn agree<'a>(side: Side, contract: &'a Contract, catalogue: &'a Catalogue) -> Command<'a> {
    Command::Agree {
        side,
        by: a_person(),
        contract,
        catalogue,
    }
}

/// The name of what a command leads to from a state.
fn outcome(state: State, command: Command<'_>) -> String {
    let set = a_set(state);
    match set.decide(command) {
        Err(Refusal::WrongState { .. }) => "wrong state".to_owned(),
        Err(Refusal::ContractNotOpen { .. }) => "contract not open".to_owned(),
        Err(Refusal::NotAgreed(sides)) => format!("not agreed {}", sides.len()),
        Err(other) => format!("{other:?}"),
        Ok(events) => {
            let after = events.iter().fold(set, TargetSet::evolve);
            let sides: Vec<_> = after
                .state
                .agreed_by()
                .iter()
                .map(|side| side.as_str())
                .collect();
            format!(
                "{} events, {} {}",
                events.len(),
                after.state.as_str(),
                sides.join("+")
            )
        }
    }
}

#[test]
fn every_command_in_every_state_does_what_the_table_says() {
    let contract = a_contract(ContractState::Open);
    let catalogue = some_indicators();
    let table: [(State, [&str; 5]); 7] = [
        (
            State::Draft { agreed: None },
            [
                "1 events, draft ",
                "1 events, draft ars",
                "1 events, draft establishment",
                "not agreed 2",
                "1 events, ended ",
            ],
        ),
        (
            State::Draft {
                agreed: Some(Side::Ars),
            },
            [
                "1 events, draft ",
                "0 events, draft ars",
                "2 events, agreed ars+establishment",
                "not agreed 1",
                "1 events, ended ",
            ],
        ),
        (
            State::Draft {
                agreed: Some(Side::Establishment),
            },
            [
                "1 events, draft ",
                "2 events, agreed ars+establishment",
                "0 events, draft establishment",
                "not agreed 1",
                "1 events, ended ",
            ],
        ),
        (
            State::Agreed,
            [
                "1 events, draft ",
                "0 events, agreed ars+establishment",
                "0 events, agreed ars+establishment",
                "1 events, in_effect ars+establishment",
                "1 events, ended ",
            ],
        ),
        (
            State::InEffect(TERM),
            [
                "wrong state",
                "wrong state",
                "wrong state",
                "0 events, in_effect ars+establishment",
                "1 events, ended ars+establishment",
            ],
        ),
        (
            State::Ended {
                was_in_effect: Some(TERM),
            },
            [
                "wrong state",
                "wrong state",
                "wrong state",
                "wrong state",
                "0 events, ended ars+establishment",
            ],
        ),
        (
            State::Ended {
                was_in_effect: None,
            },
            [
                "wrong state",
                "wrong state",
                "wrong state",
                "wrong state",
                "0 events, ended ",
            ],
        ),
    ];
    for (state, expected) in table {
        let commands = [
            replace(&contract, &catalogue),
            agree(Side::Ars, &contract, &catalogue),
            agree(Side::Establishment, &contract, &catalogue),
            Command::TakeEffect(TERM),
            Command::End,
        ];
        let found = commands.map(|command| outcome(state, command));
        assert_eq!(found, expected, "{state:?}");
    }
}

#[test]
fn what_the_parties_sign_stands_still() {
    let catalogue = some_indicators();
    for (contract_state, _) in ContractState::ALL {
        if contract_state == ContractState::Open {
            continue;
        }
        let contract = a_contract(contract_state);
        for state in [
            State::Draft {
                agreed: Some(Side::Ars),
            },
            State::Draft { agreed: None },
        ] {
            let agreed = agree(Side::Establishment, &contract, &catalogue);
            assert_eq!(outcome(state, agreed), "contract not open");
        }
        assert_eq!(
            outcome(State::Agreed, replace(&contract, &catalogue)),
            "contract not open"
        );
        let drafted = TargetSet::draft(
            TargetSetId(uuid::Uuid::from_u128(2)),
            Carrier::CONTRACT,
            vec![an_objective("a")],
            String::new(),
            &contract,
            &catalogue,
        );
        assert_eq!(
            drafted.unwrap_err(),
            Refusal::ContractNotOpen {
                state: contract_state.as_str()
            }
        );
    }
}

#[test]
fn a_set_without_objectives_says_why() {
    let contract = a_contract(ContractState::Open);
    let draft = |note: &str| {
        TargetSet::draft(
            TargetSetId(uuid::Uuid::from_u128(2)),
            Carrier::CONTRACT,
            Vec::new(),
            note.to_owned(),
            &contract,
            &some_indicators(),
        )
    };
    assert_eq!(draft(" … ").unwrap_err(), Refusal::NoteRequired);
    assert!(draft("Établissement sans activité autorisée à ce jour").is_ok());
}

#[test]
fn nobody_agrees_to_objectives_that_the_contract_has_outgrown() {
    let mut contract = a_contract(ContractState::Open);
    contract.establishments.clear();
    let refusal = a_set(State::Draft { agreed: None })
        .decide(agree(Side::Ars, &contract, &some_indicators()))
        .unwrap_err();
    let Refusal::ObjectivesNoLongerFit(defects) = refusal else {
        panic!("{refusal:?}");
    };
    assert_eq!(defects[0].reason, "SUBJECT_OUTSIDE_CONTRACT");
}

#[test]
fn only_the_two_sides_agree() {
    assert_eq!(Side::of_role("contract_manager"), Some(Side::Ars));
    assert_eq!(Side::of_role("manager"), Some(Side::Ars));
    assert_eq!(
        Side::of_role("establishment_director"),
        Some(Side::Establishment)
    );
    for role in ["establishment_system", "reviewer", "service", "auditor", ""] {
        assert_eq!(Side::of_role(role), None, "{role}");
    }
}

proptest! {
    /// Whatever is asked in whatever order: versions count events, a set never takes effect without both
    /// sides, ended is final, and objectives never change once they are in effect.
    #[test]
    fn no_sequence_of_commands_breaks_the_rules(
        steps in prop::collection::vec((0usize..5, 0usize..ContractState::ALL.len()), 0..40),
    ) {
        let catalogue = some_indicators();
        let open = a_contract(ContractState::Open);
        let id = TargetSetId(uuid::Uuid::from_u128(2));
        let (mut set, _) =
            TargetSet::draft(id, Carrier::CONTRACT, vec![an_objective("a")], String::new(), &open, &catalogue).unwrap();
        for (command, contract_state) in steps {
            let contract = a_contract(ContractState::ALL[contract_state].0);
            let command = match command {
                0 => replace(&contract, &catalogue),
                1 => agree(Side::Ars, &contract, &catalogue),
                2 => agree(Side::Establishment, &contract, &catalogue),
                3 => Command::TakeEffect(TERM),
                _ => Command::End,
            };
            let before = set.clone();
            let Ok(events) = set.decide(command) else { continue };
            let after = events.iter().fold(set, TargetSet::evolve);
            prop_assert_eq!(after.version, before.version + i64::try_from(events.len()).unwrap());
            match before.state {
                State::Ended { .. } => prop_assert_eq!(&after, &before),
                State::InEffect(_) => prop_assert_eq!(&after.objectives, &before.objectives),
                State::Draft { .. } => prop_assert!(!matches!(after.state, State::InEffect(_))),
                State::Agreed => {}
            }
            if contract.state != ContractState::Open {
                prop_assert_eq!(&after.objectives, &before.objectives);
            }
            set = after;
        }
    }
}

#[test]
fn the_set_of_an_amendment_is_prepared_while_the_contract_is_in_force() {
    let catalogue = some_indicators();
    let carrier = Carrier {
        sequence: 2,
        amendment: Some(AmendmentId(uuid::Uuid::from_u128(3))),
    };
    for (state, is_possible) in [
        (ContractState::Open, false),
        (ContractState::Frozen, false),
        (ContractState::InForce, true),
        (ContractState::Expired, false),
    ] {
        let drafted = TargetSet::draft(
            TargetSetId(uuid::Uuid::from_u128(2)),
            carrier,
            vec![an_objective("a")],
            String::new(),
            &a_contract(state),
            &catalogue,
        );
        match drafted {
            Ok((set, _)) => assert_eq!((is_possible, set.carrier), (true, carrier)),
            Err(refusal) => {
                assert!(!is_possible);
                assert!(matches!(refusal, Refusal::ContractNotInForce { .. }));
            }
        }
    }
}

#[test]
fn a_set_that_is_followed_keeps_the_days_it_was_in_effect() {
    let ended = |last_day| {
        let set = a_set(State::InEffect(TERM));
        let events = set.decide(Command::EndOn(last_day)).unwrap();
        events.iter().fold(set, TargetSet::evolve).state
    };
    let was_in_effect = |end_date| State::Ended {
        was_in_effect: Some(Term { end_date, ..TERM }),
    };
    let mid_2025 = date!(2025 - 06 - 30);
    assert_eq!(ended(mid_2025), was_in_effect(mid_2025));
    assert_eq!(ended(date!(2030 - 01 - 01)), was_in_effect(TERM.end_date));
    assert_eq!(
        ended(date!(2024 - 06 - 30)),
        State::Ended {
            was_in_effect: None
        }
    );
    let draft = a_set(State::Draft { agreed: None });
    assert_eq!(draft.decide(Command::EndOn(mid_2025)), Ok(Vec::new()));
}
