//! Every state against every command, and any sequence of them.

use super::*;
use crate::domain::{policy, tolerance};
use kernel::{Actor, ActorKind};
use proptest::prelude::*;
use time::macros::{date, datetime};

fn controller() -> HumanActor {
    let actor = Actor {
        subject: "c".into(),
        kind: ActorKind::Human,
        role: "controller".into(),
    };
    actor.as_human().unwrap()
}

const AT: OffsetDateTime = datetime!(2025-03-01 08:00 UTC);
const TODAY: Date = date!(2025 - 03 - 01);

fn frozen() -> Frozen {
    Frozen {
        freeze_time: AT,
        policy_version: 3,
        pmsi: PmsiData::default(),
        contracts: 2,
        target_sets: 1,
        target_sets_sha256: [7; 32],
    }
}

fn shared() -> Shared {
    Shared {
        message: message(),
        at: AT,
    }
}

fn message() -> Reasons {
    "Résultats de la campagne.".to_owned().try_into().unwrap()
}

/// A policy of 2023 and 2024, in effect since January 2025.
fn policy() -> Policy {
    let rules = tolerance::Draft {
        first_year: 2023,
        last_year: 2024,
        ..Default::default()
    };
    Policy {
        id: PolicyId::generate(),
        region: "93".parse().unwrap(),
        rules: rules.try_into().unwrap(),
        reasons: "concertation".into(),
        author: controller().actor().clone(),
        created_at: AT,
        simulations: vec![],
        state: policy::State::Adopted(policy::Adoption {
            effect_date: date!(2025 - 01 - 01),
            replace_date: None,
            adopter: controller().actor().clone(),
            at: AT,
        }),
        version: 3,
    }
}

fn campaign(state: State) -> Campaign {
    let region = "93".parse().unwrap();
    let campaign = Campaign::planned(CampaignId::generate(), region, 2024, PolicyId::generate());
    Campaign { state, ..campaign }
}

fn progress(measured: u64) -> Progress {
    Progress {
        contracts: 2,
        measured,
        ..Progress::default()
    }
}

/// A command without its person and policy, which the test lends.
#[derive(Debug, Clone, Copy)]
enum Asked {
    Freeze(Date),
    Start,
    Report(u64),
    Late,
    Share,
    Close { unread: u64, missions: u64 },
}

const CLOSE: Asked = Asked::Close {
    unread: 0,
    missions: 0,
};

fn decide(campaign: &Campaign, asked: Asked) -> Result<Vec<Event>, Refusal> {
    let (by, policy) = (&controller(), &policy());
    campaign.decide(&match asked {
        Asked::Freeze(today) => Command::Freeze {
            by,
            today,
            policy,
            frozen: frozen(),
        },
        Asked::Start => Command::Start { by },
        Asked::Report(measured) => Command::ReportMeasured {
            progress: progress(measured),
        },
        Asked::Late => Command::ListLate {
            contract: ContractId(uuid::Uuid::nil()),
            reason: LateReason::KnownAfterFreeze,
            control: ControlId(uuid::Uuid::nil()),
        },
        Asked::Share => Command::Share {
            by,
            message: message(),
            at: AT,
            progress: progress(2),
        },
        Asked::Close { unread, missions } => Command::Close {
            by,
            progress: progress(2),
            outstanding: Outstanding { unread, missions },
        },
    })
}

fn states() -> [State; 6] {
    [
        State::Planned,
        State::Frozen(frozen()),
        State::Running(frozen()),
        State::Measured(frozen()),
        State::Shared(frozen(), shared()),
        State::Closed(frozen(), shared()),
    ]
}

#[test]
fn every_state_answers_every_command() {
    let late = |control| {
        Ok(vec![Event::LateListed {
            contract: ContractId(uuid::Uuid::nil()),
            reason: LateReason::KnownAfterFreeze,
            control,
        }])
    };
    let listed = || late(Some(ControlId(uuid::Uuid::nil())));
    let measured = || {
        Ok(vec![Event::Measured {
            progress: progress(2),
        }])
    };
    for (place, state) in states().into_iter().enumerate() {
        let needs = |needed| {
            Err(Refusal::CampaignState {
                actual: state.as_str(),
                needed,
            })
        };
        let only = |at: usize, event: Event, needed| {
            if place == at {
                Ok(vec![event])
            } else {
                needs(needed)
            }
        };
        let start = if place == 0 {
            Err(Refusal::DataNotFrozen { year: 2024 })
        } else {
            only(1, Event::Started, "frozen")
        };
        let report = match place {
            0 | 1 => needs("running"),
            2 => measured(),
            _ => Ok(vec![]),
        };
        let late = match place {
            0 => Ok(vec![]),
            5 => late(None),
            _ => listed(),
        };
        for (asked, expected) in [
            (
                Asked::Freeze(TODAY),
                only(0, Event::Frozen(frozen()), "planned"),
            ),
            (Asked::Start, start),
            (Asked::Report(2), report),
            (Asked::Late, late),
            (Asked::Share, only(3, Event::Shared(shared()), "measured")),
            (CLOSE, only(4, Event::Closed, "shared")),
        ] {
            let campaign = campaign(state.clone());
            assert_eq!(
                decide(&campaign, asked),
                expected,
                "{} {asked:?}",
                state.as_str()
            );
        }
    }
}

#[test]
fn what_is_not_measured_is_neither_reported_nor_shared() {
    let running = campaign(State::Running(frozen()));
    assert_eq!(
        decide(&running, Asked::Report(1)),
        Err(Refusal::NotAllMeasured { remaining: 1 })
    );
    let share = Command::Share {
        by: &controller(),
        message: message(),
        at: AT,
        progress: progress(1),
    };
    assert_eq!(
        campaign(State::Measured(frozen())).decide(&share),
        Err(Refusal::NotAllMeasured { remaining: 1 })
    );
}

#[test]
fn a_campaign_is_not_closed_while_observations_are_unread_or_missions_open() {
    let campaign = campaign(State::Shared(frozen(), shared()));
    let close = |unread, missions| decide(&campaign, Asked::Close { unread, missions });
    assert_eq!(close(3, 1), Err(Refusal::UnreadObservations { reviews: 3 }));
    assert_eq!(close(0, 2), Err(Refusal::MissionsOpen { missions: 2 }));
    assert_eq!(close(0, 0), Ok(vec![Event::Closed]));
}

#[test]
fn a_year_is_controlled_once_it_is_over() {
    let planned = campaign(State::Planned);
    assert!(matches!(
        decide(&planned, Asked::Freeze(date!(2024 - 12 - 31))),
        Err(Refusal::YearNotOver { .. })
    ));
    assert!(decide(&planned, Asked::Freeze(date!(2025 - 01 - 01))).is_ok());
}

#[test]
fn data_are_frozen_under_a_policy_in_effect() {
    let with = |state| Policy { state, ..policy() };
    let freeze = |policy: &Policy| {
        campaign(State::Planned).decide(&Command::Freeze {
            by: &controller(),
            today: TODAY,
            policy,
            frozen: frozen(),
        })
    };
    assert!(freeze(&policy()).is_ok());
    for state in [policy::State::Draft, policy::State::Simulated] {
        assert!(matches!(
            freeze(&with(state)),
            Err(Refusal::PolicyNotInEffect { .. })
        ));
    }
}

#[test]
fn a_campaign_needs_a_policy_of_its_region_and_year() {
    let (paca, corse) = ("93".parse().unwrap(), "94".parse().unwrap());
    let policy = policy();
    let plan = |region, year| Campaign::plan(&controller(), region, year, &policy);
    assert!(plan(paca, 2024).is_ok());
    assert!(matches!(
        plan(paca, 2025),
        Err(Refusal::PolicyDoesNotCover { .. })
    ));
    assert!(matches!(
        plan(corse, 2024),
        Err(Refusal::PolicyOfOtherRegion { .. })
    ));
}

#[test]
fn the_steps_that_are_told_are_those_that_can_be_taken() {
    let policy = policy();
    let situation = Situation {
        today: TODAY,
        policy: &policy,
        progress: progress(2),
        outstanding: Outstanding {
            unread: 0,
            missions: 1,
        },
    };
    for state in states() {
        let campaign = campaign(state);
        let asked = [
            ("FreezeCampaign", Asked::Freeze(TODAY)),
            ("StartCampaign", Asked::Start),
            ("ShareCampaign", Asked::Share),
            (
                "CloseCampaign",
                Asked::Close {
                    unread: 0,
                    missions: 1,
                },
            ),
        ];
        let answered = asked.map(|(method, asked)| (method, decide(&campaign, asked).map(|_| ())));
        assert_eq!(campaign.steps(&situation), answered, "{:?}", campaign.state);
    }
}

fn any_command() -> impl Strategy<Value = Asked> {
    prop_oneof![
        (2023i32..2027).prop_map(|year| Asked::Freeze(days_of(year).0)),
        Just(Asked::Start),
        (0u64..4).prop_map(Asked::Report),
        Just(Asked::Late),
        Just(Asked::Share),
        (0u64..2, 0u64..2).prop_map(|(unread, missions)| Asked::Close { unread, missions }),
    ]
}

proptest! {
    /// Whatever is asked in whatever order: refusals change nothing, each event is one version, states
    /// follow each other, and what freezing fixed never changes.
    #[test]
    fn any_sequence_of_commands_keeps_the_order_of_states(
        commands in prop::collection::vec(any_command(), 0..40)
    ) {
        let mut campaign = campaign(State::Planned);
        let mut passed = vec!["planned"];
        for asked in commands {
            for event in decide(&campaign, asked).unwrap_or_default() {
                let before = campaign.clone();
                campaign = campaign.evolve(&event);
                prop_assert_eq!(campaign.version, before.version + 1);
                if before.state.frozen().is_some() {
                    prop_assert_eq!(campaign.state.frozen(), before.state.frozen());
                }
                if campaign.state != before.state {
                    passed.push(campaign.state.as_str());
                }
            }
        }
        let order = ["planned", "frozen", "running", "measured", "shared", "closed"];
        prop_assert!(order.starts_with(&passed), "{passed:?}");
    }
}
