use proptest::prelude::*;
use time::macros::date;

use super::*;

fn person() -> HumanActor {
    kernel::Actor {
        subject: "p".to_owned(),
        kind: kernel::ActorKind::Human,
        role: "director_general".to_owned(),
    }
    .as_human()
    .unwrap()
}

fn need() -> Need {
    Need {
        title: "SESSAD".to_owned(),
        territory: "t/83".to_owned(),
        category: "182".to_owned(),
        public: CarePublic::DisabledChildren,
        places: 20,
        scheme_objective: None,
        rationale: "sous-équipement".to_owned(),
    }
}

fn calendar() -> Calendar {
    Calendar {
        publication: date!(2024 - 01 - 15),
        deadline: date!(2024 - 04 - 15),
        commission: date!(2024 - 05 - 20),
        notices: Vec::new(),
    }
}

fn candidate(id: &str, received: Date) -> CallCommand {
    CallCommand::Register(Candidate {
        id: id.to_owned(),
        finess: None,
        title: id.to_owned(),
        places: 20,
        received,
    })
}

fn specification() -> CallCommand {
    CallCommand::Publish(Specification {
        title: "Cahier des charges".to_owned(),
        reference: "RAA".to_owned(),
        sha256: "0".repeat(64),
        criteria: vec!["délai".to_owned()],
    })
}

fn opinion(ranking: &[&str]) -> CallCommand {
    CallCommand::Opine(Opinion {
        day: date!(2024 - 05 - 20),
        ranking: ranking.iter().map(|id| (*id).to_owned()).collect(),
        text: "avis".to_owned(),
    })
}

fn authorise(candidate: &str, reasons: &str) -> CallCommand {
    CallCommand::Authorise {
        candidate: candidate.to_owned(),
        places: 20,
        decision: "arrêté".to_owned(),
        reasons: reasons.to_owned(),
        by: person(),
        at: OffsetDateTime::UNIX_EPOCH,
    }
}

fn after(call: ProjectCall, commands: impl IntoIterator<Item = CallCommand>) -> ProjectCall {
    commands.into_iter().fold(call, |call, command| {
        let event = call.decide(command).unwrap();
        call.evolve(&event)
    })
}

fn published() -> ProjectCall {
    let schedule = CallCommand::Schedule(calendar());
    after(ProjectCall::open(need()), [schedule, specification()])
}

#[test]
fn a_candidate_answers_in_time_and_the_commission_ranks_who_answered() {
    let call = published();
    let late = call.decide(candidate("a", date!(2024 - 04 - 16)));
    assert!(matches!(late, Err(OfferRefusal::CandidateOutOfTime { .. })));
    let call = after(call, [candidate("a", date!(2024 - 04 - 15))]);
    let twice = call.decide(candidate("a", date!(2024 - 04 - 15)));
    assert!(matches!(twice, Err(OfferRefusal::Defects(_))));
    let stranger = call.decide(opinion(&["b"]));
    assert_eq!(
        stranger,
        Err(OfferRefusal::CandidateUnknown("b".to_owned()))
    );
}

#[test]
fn another_choice_than_the_first_of_the_ranking_has_its_reasons() {
    let day = date!(2024 - 03 - 01);
    let examined = after(
        published(),
        [
            candidate("a", day),
            candidate("b", day),
            opinion(&["a", "b"]),
        ],
    );
    let silent = examined.decide(authorise("b", " "));
    assert_eq!(
        silent,
        Err(OfferRefusal::ChoiceWithoutReasons("b".to_owned()))
    );
    let chosen = after(examined.clone(), [authorise("b", "proximité")]);
    assert_eq!(chosen.state(), "authorised");
    assert_eq!(after(examined, [authorise("a", "")]).state(), "authorised");
}

#[test]
fn a_delay_outside_the_dated_rule_is_told_and_blocks_nothing() {
    let rule = AnswerTime {
        minimum_days: 60,
        maximum_days: 120,
        source: "CASF R313-4-1".to_owned(),
    };
    let publication = date!(2024 - 01 - 15);
    assert_eq!(rule.notice(publication, date!(2024 - 04 - 15)), None);
    let told = rule.notice(publication, date!(2024 - 02 - 15)).unwrap();
    assert!(told.contains("31") && told.contains("R313-4-1"), "{told}");
}

fn any_command() -> impl Strategy<Value = CallCommand> {
    let reasons: Reasons = Reasons::try_from("infructueux".to_owned()).unwrap();
    prop_oneof![
        Just(CallCommand::Schedule(calendar())),
        Just(specification()),
        (0..3u8).prop_map(|n| candidate(&format!("c{n}"), date!(2024 - 02 - 01))),
        (0..3u8).prop_map(|n| opinion(&[&format!("c{n}")])),
        (0..3u8).prop_map(|n| authorise(&format!("c{n}"), "motif")),
        Just(CallCommand::Drop {
            reasons,
            by: person()
        }),
        Just(CallCommand::Link {
            recording: Some("capacityRecordings/x".to_owned()),
            amendment: None
        }),
    ]
}

proptest! {
    /// No history leads to an authorisation without a publication, a candidate, an opinion and a person.
    #[test]
    fn nobody_is_authorised_without_an_opinion_and_a_person(commands in proptest::collection::vec(any_command(), 0..40)) {
        let mut call = ProjectCall::open(need());
        for command in commands {
            let before = call.clone();
            if let Ok(event) = call.decide(command) {
                call = call.evolve(&event);
            }
            if let Some(authorised) = call.stage.authorised() {
                let publication = call.stage.publication().unwrap();
                prop_assert!(publication.candidates.iter().any(|known| known.id == authorised.authorisation.candidate));
                prop_assert!(call.stage.opinion().is_some());
                prop_assert_eq!(authorised.authorisation.by.as_str(), "p");
            }
            if before.state() == "dropped" {
                prop_assert_eq!(&call, &before);
            }
        }
    }
}
