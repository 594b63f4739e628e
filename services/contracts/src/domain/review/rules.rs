//! The rules of the contradictory part: what is read before closing, who examines, what a termination and a corrected
//! finding ask for.

use time::Duration;
use uuid::Uuid;

use super::{
    Ending, Event, Outcome, Review, Severity, State,
    act::{Act, HumanAct, Wanted},
    machine::{Corrected, MachineAct},
    table::{act, answered, concluded, decide, examined, grave, notified, raised, review, text},
};
use crate::domain::{
    ProcedureId, Side,
    fixtures::{NOW, person},
    person::role,
    procedure::Kind,
};

#[test]
fn nothing_is_closed_with_observations_that_the_examination_did_not_have() {
    let manager = person("responsable", role::MANAGER);
    let conclude = act(Act::Conclude, Outcome::NoAction, NOW);
    let unread = review(
        grave(),
        &[
            notified(),
            answered(),
            examined("examinateur", 1),
            answered(),
        ],
    );
    let refusal = decide(&unread, conclude.clone(), &manager, NOW).unwrap_err();
    assert_eq!(refusal.reason(), "OBSERVATIONS_UNREAD");
    let reviewer = person("examinateur", role::REVIEWER);
    let examine = act(Act::Examine, Outcome::NoAction, NOW);
    let again = decide(&unread, examine, &reviewer, NOW).unwrap();
    let read = unread.evolve(&Event::Human(again.event), NOW);
    assert!(decide(&read, conclude, &manager, NOW).is_ok());
}

#[test]
fn who_notified_does_not_examine() {
    let review = review(grave(), &[notified()]);
    let who = person("responsable", role::REVIEWER);
    let examine = act(Act::Examine, Outcome::NoAction, NOW);
    let refusal = decide(&review, examine, &who, NOW).unwrap_err();
    assert_eq!(refusal.reason(), "EXAMINER_NOTIFIED");
}

#[test]
fn a_termination_is_proposed_on_a_grave_breach_only() {
    let manager = person("responsable", role::MANAGER);
    let examined = [notified(), answered(), examined("examinateur", 1)];
    for (severity, expected) in [
        (Severity::Major, Err("GRAVE_BREACH_REQUIRED")),
        (Severity::Grave, Ok(Kind::Termination)),
    ] {
        let review = review(raised(5, true, true, severity), &examined);
        let conclude = HumanAct::Conclude {
            reasons: text("Manquement grave."),
            wanted: Wanted::Sanction {
                kind: Kind::Termination,
                procedure: ProcedureId(Uuid::from_u128(9)),
            },
        };
        let answer = decide(&review, conclude, &manager, NOW)
            .map(|decision| decision.sanction.unwrap().kind())
            .map_err(|refusal| refusal.reason());
        assert_eq!(answer, expected);
    }
}

#[test]
fn a_finding_corrected_down_bears_no_sanction_and_reopens_a_conclusion() {
    let corrected = Corrected {
        summary: "Une implantation n’est pas mise en œuvre.".into(),
        severity: Severity::Minor,
        opposable: true,
        penalty_eligible: true,
    };
    let amend = MachineAct::AmendFinding {
        finding: grave().finding,
        corrected: corrected.clone(),
        reason: "Double compte.".into(),
    };
    let human = [
        notified(),
        answered(),
        examined("examinateur", 1),
        concluded(Ending::NoAction),
    ];
    let concluded = review(grave(), &human);
    let manager = person("responsable", role::MANAGER);
    let reopen = |review: &Review| {
        let later = NOW + Duration::days(2);
        decide(
            review,
            act(Act::Reopen, Outcome::NoAction, later),
            &manager,
            later,
        )
    };
    assert_eq!(
        reopen(&concluded).unwrap_err().reason(),
        "NOTHING_TO_REOPEN"
    );
    let events = concluded.by_machine(amend.clone());
    let amended = concluded.evolve(&Event::Machine(events[0].clone()), NOW + Duration::DAY);
    assert_eq!(amended.by_machine(amend), vec![], "again changes nothing");
    assert!(amended.changed_after_conclusion() && amended.sanction_ground().is_none());
    let reopened = reopen(&amended).unwrap();
    let reopened = amended.evolve(&Event::Human(reopened.event), NOW + Duration::days(2));
    assert_eq!(reopened.state, State::Open);
    assert!(reopened.is_known_to(Side::Establishment));
    assert!(!reopened.is_answered(), "it is heard again");
}
