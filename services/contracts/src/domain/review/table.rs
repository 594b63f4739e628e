//! Every state of the review against every human act, and the rules of a proposed sanction.

use std::collections::BTreeSet;

use kernel::{Finess, Reasons};
use time::{Duration, OffsetDateTime, macros::date};
use uuid::Uuid;

use super::{
    Ending, Event, Outcome, Review, Severity,
    act::{Act, HumanAct, Wanted},
    human::{Circumstances, Decision, HumanEvent},
    machine::{MachineAct, MachineEvent, Opening, RaisedFinding},
};
use crate::domain::{
    AmendmentId, CampaignId, ContractId, FindingId, Person, ProcedureId, Refusal, ReviewId, Side,
    delivery::{Channel, Claim},
    fixtures::{NOW, entity, person, region},
    person::role,
    procedure::Kind,
    statement::Minutes,
};

pub(super) fn text(text: &str) -> Reasons {
    text.to_owned().try_into().unwrap()
}

pub(super) fn opening() -> Opening {
    Opening {
        region: region(),
        contract: ContractId(Uuid::from_u128(1)),
        campaign: CampaignId(Uuid::from_u128(2)),
        year: 2025,
    }
}

pub(super) fn raised(
    id: u128,
    opposable: bool,
    eligible: bool,
    severity: Severity,
) -> RaisedFinding {
    RaisedFinding {
        finding: FindingId(Uuid::from_u128(id)),
        objective: "implantations".into(),
        summary: "Deux implantations autorisées ne sont pas mises en œuvre.".into(),
        severity,
        opposable,
        penalty_eligible: eligible,
        control: None,
    }
}

/// What a conclusion with that outcome asks for.
pub(super) fn wanted(outcome: Outcome, now: OffsetDateTime) -> Wanted {
    match outcome {
        Outcome::NoAction => Wanted::NoAction,
        Outcome::ActionPlan => Wanted::ActionPlan {
            milestones: vec![("Ouvrir l’unité".into(), now.date() + Duration::days(90))],
        },
        Outcome::AmendmentProposed => Wanted::Amendment {
            amendment: AmendmentId(Uuid::from_u128(8)),
            objectives: vec![],
        },
        Outcome::SanctionProposed => Wanted::Sanction {
            kind: Kind::Penalty,
            procedure: ProcedureId(Uuid::from_u128(9)),
        },
    }
}

pub(super) fn act(act: Act, outcome: Outcome, now: OffsetDateTime) -> HumanAct {
    match act {
        Act::Notify => HumanAct::Notify {
            message: text("Vos observations sont attendues."),
            channel: Channel::Portal,
            consented: true,
            months: 1,
        },
        Act::RecordReceipt => HumanAct::RecordReceipt(Claim::Consultation),
        Act::Extend => HumanAct::Extend {
            reasons: text("Pièces attendues."),
        },
        Act::SubmitObservations => HumanAct::SubmitObservations {
            text: text("Fermeture d’été."),
            attachments: vec![],
        },
        Act::RecordHearing => HumanAct::RecordHearing(Minutes {
            date: now.date(),
            participants: vec!["La directrice".into()],
            text: text("Entendue en ses explications."),
            attachments: vec![],
        }),
        Act::AddContext => HumanAct::AddContext {
            title: "Territoire".into(),
            text: text("Le taux de recours du territoire baisse."),
            references: vec![],
            attachments: vec![],
        },
        Act::Examine => HumanAct::Examine {
            analysis: text("L’écart est avéré."),
            recommended: outcome,
        },
        Act::Conclude => HumanAct::Conclude {
            reasons: text("Manquement répété."),
            wanted: wanted(outcome, now),
        },
        Act::CompleteMilestone => HumanAct::CompleteMilestone {
            rank: 1,
            note: text("Unité ouverte."),
        },
        Act::Reopen => HumanAct::Reopen {
            reasons: text("Étape non franchie."),
        },
    }
}

fn entities() -> BTreeSet<Finess> {
    BTreeSet::from([entity()])
}

pub(super) fn decide(
    review: &Review,
    act: HumanAct,
    who: &Person,
    now: OffsetDateTime,
) -> Result<Decision, Refusal> {
    let circumstances = Circumstances {
        legal_entities: &entities(),
        controllers: &BTreeSet::from(["contrôleuse".to_owned()]),
        now,
    };
    review.by_human(act, who, &circumstances)
}

/// A review with one finding, after these human events.
pub(super) fn review(finding: RaisedFinding, events: &[HumanEvent]) -> Review {
    let opened = Event::Machine(MachineEvent::Opened(opening()));
    let attached = Event::Machine(MachineEvent::FindingAttached(finding));
    let human: Vec<_> = events.iter().cloned().map(Event::Human).collect();
    let history = [opened, attached]
        .into_iter()
        .chain(human)
        .collect::<Vec<_>>();
    Review::replay(
        ReviewId(Uuid::from_u128(3)),
        history.iter().map(|e| (e, NOW)),
    )
    .unwrap()
}

pub(super) fn grave() -> RaisedFinding {
    raised(5, true, true, Severity::Grave)
}

pub(super) fn notified() -> HumanEvent {
    let by = person("responsable", role::MANAGER).human().clone();
    HumanEvent::Notified {
        message: text("Vos observations sont attendues."),
        channel: Channel::Portal,
        consented: true,
        months: 1,
        by,
    }
}

pub(super) fn answered() -> HumanEvent {
    let by = person("directrice", role::ESTABLISHMENT_DIRECTOR)
        .human()
        .clone();
    HumanEvent::ObservationsSubmitted {
        text: text("Fermeture d’été."),
        attachments: vec![],
        by,
    }
}

pub(super) fn examined(by: &str, answers_read: usize) -> HumanEvent {
    let by = person(by, role::REVIEWER).human().clone();
    let recommended = Outcome::ActionPlan;
    HumanEvent::Examined {
        analysis: text("L’écart est avéré."),
        recommended,
        answers_read,
        by,
    }
}

pub(super) fn concluded(ending: Ending) -> HumanEvent {
    let by = person("responsable", role::MANAGER).human().clone();
    HumanEvent::Concluded {
        ending,
        reasons: text("Sans suite."),
        by,
    }
}

#[test]
fn every_state_answers_every_act_as_the_table_says() {
    use Act::{
        AddContext, CompleteMilestone, Conclude, Examine, Extend, Notify, RecordHearing,
        RecordReceipt, SubmitObservations,
    };
    let plan = {
        let Wanted::ActionPlan { milestones } = wanted(Outcome::ActionPlan, NOW) else {
            panic!("an action plan")
        };
        let (title, due) = milestones[0].clone();
        let reached = None;
        let step = super::Milestone {
            title,
            due,
            reached,
        };
        Ending::ActionPlan {
            milestones: vec![step],
        }
    };
    let under_way = vec![
        RecordReceipt,
        Extend,
        SubmitObservations,
        RecordHearing,
        AddContext,
        Examine,
    ];
    let to_conclude = [&under_way[..], &[Conclude]].concat();
    let examined = examined("examinateur", 1);
    let table = [
        ("OPEN", vec![], vec![Notify, AddContext]),
        ("NOTIFIED", vec![notified(), answered()], under_way),
        (
            "EXAMINED",
            vec![notified(), answered(), examined.clone()],
            to_conclude,
        ),
        (
            "CONCLUDED",
            vec![
                notified(),
                answered(),
                examined.clone(),
                concluded(Ending::NoAction),
            ],
            vec![],
        ),
        (
            "CONCLUDED",
            vec![notified(), answered(), examined, concluded(plan)],
            vec![CompleteMilestone],
        ),
    ];
    for (state, events, possible) in table {
        let review = review(grave(), &events);
        assert_eq!(review.state.as_str(), state);
        for kind in Act::ALL {
            let who = person("somebody", kind.roles()[0]);
            let answer = decide(&review, act(kind, Outcome::NoAction, NOW), &who, NOW);
            let expected = possible.contains(&kind);
            assert_eq!(answer.is_ok(), expected, "{kind:?} in {state}: {answer:?}");
        }
    }
}

#[test]
fn the_establishment_has_a_month_from_date_to_date() {
    let who = person("responsable", role::MANAGER);
    let at = time::macros::datetime!(2026-01-31 12:00 UTC);
    let review = review(grave(), &[]);
    let notify = act(Act::Notify, Outcome::NoAction, at);
    let decision = decide(&review, notify, &who, at).unwrap();
    let notified = review.evolve(&Event::Human(decision.event), at);
    let delay = &notified.state.notification().unwrap().delay;
    assert_eq!(delay.due(region()), Some(date!(2026 - 02 - 28)));
}

#[test]
fn silence_lets_a_person_conclude_the_day_after_the_due_date() {
    let review = review(grave(), &[notified(), examined("examinateur", 0)]);
    let conclude = |now| {
        let who = person("responsable", role::MANAGER);
        decide(
            &review,
            act(Act::Conclude, Outcome::NoAction, now),
            &who,
            now,
        )
        .map(|_| ())
        .map_err(|refusal| refusal.reason())
    };
    let last_evening = time::macros::datetime!(2026-04-10 21:59:59 UTC);
    assert_eq!(conclude(last_evening), Err("OBSERVATION_PERIOD_RUNNING"));
    assert_eq!(conclude(last_evening + Duration::SECOND), Ok(()));
}

#[test]
fn a_sanction_is_proposed_only_on_a_finding_that_can_bear_one_and_by_a_second_person() {
    let propose = |finding, events: &[HumanEvent], who: &str| {
        let who = person(who, role::MANAGER);
        let review = review(finding, events);
        decide(
            &review,
            act(Act::Conclude, Outcome::SanctionProposed, NOW),
            &who,
            NOW,
        )
        .map(|decision| decision.sanction.is_some())
        .map_err(|refusal| refusal.reason())
    };
    let examined = [notified(), answered(), examined("examinateur", 1)];
    assert_eq!(propose(grave(), &examined, "responsable"), Ok(true));
    assert_eq!(
        propose(grave(), &examined, "examinateur"),
        Err("SECOND_PERSON_REQUIRED")
    );
    for harmless in [
        raised(5, false, true, Severity::Grave),
        raised(5, true, false, Severity::Grave),
        raised(5, true, true, Severity::Minor),
    ] {
        assert_eq!(
            propose(harmless, &examined, "responsable"),
            Err("NO_SANCTIONABLE_FINDING")
        );
    }
    assert_eq!(
        propose(grave(), &examined[..2], "responsable"),
        Err("WRONG_STATE")
    );
}

#[test]
fn who_conducted_the_campaign_does_not_examine() {
    let review = review(grave(), &[notified()]);
    let who = person("contrôleuse", role::REVIEWER);
    let refusal = decide(
        &review,
        act(Act::Examine, Outcome::NoAction, NOW),
        &who,
        NOW,
    )
    .unwrap_err();
    assert_eq!(refusal.reason(), "EXAMINER_IS_CONTROLLER");
}

#[test]
fn a_director_answers_for_their_own_entities_only() {
    let review = review(grave(), &[notified()]);
    let elsewhere: Finess = "750712184".parse().unwrap();
    let who = Person::new(
        person("d", role::ESTABLISHMENT_DIRECTOR).human().clone(),
        [role::ESTABLISHMENT_DIRECTOR.to_owned()],
        [elsewhere],
    );
    let answer = act(Act::SubmitObservations, Outcome::NoAction, NOW);
    assert_eq!(
        decide(&review, answer, &who, NOW).unwrap_err().reason(),
        "OUTSIDE_MANDATE"
    );
}

#[test]
fn a_machine_repeating_itself_changes_nothing() {
    let review = review(grave(), &[]);
    assert_eq!(
        review.by_machine(MachineAct::AttachFinding(grave())),
        vec![]
    );
    let unknown = FindingId(Uuid::from_u128(77));
    let detach = |finding| MachineAct::DetachFinding {
        finding,
        reason: "Erreur.".into(),
    };
    assert_eq!(review.by_machine(detach(unknown)), vec![]);
    let events = review.by_machine(detach(grave().finding));
    let detached = review.evolve(&Event::Machine(events[0].clone()), NOW);
    assert_eq!(detached.standing_findings().count(), 0);
    assert_eq!(detached.by_machine(detach(grave().finding)), vec![]);
}

#[test]
fn a_finding_withdrawn_after_the_conclusion_is_flagged_and_changes_nothing_else() {
    let human = [
        notified(),
        answered(),
        examined("examinateur", 1),
        concluded(Ending::NoAction),
    ];
    let concluded = review(grave(), &human);
    assert!(!concluded.changed_after_conclusion());
    let detach = MachineAct::DetachFinding {
        finding: grave().finding,
        reason: "Erreur de saisie.".into(),
    };
    let event = Event::Machine(concluded.by_machine(detach).remove(0));
    let after = concluded.clone().evolve(&event, NOW + Duration::DAY);
    assert!(after.changed_after_conclusion());
    assert_eq!(after.state, concluded.state);
}

#[test]
fn preparatory_documents_are_not_disclosed_to_the_establishment() {
    let examined = [notified(), answered(), examined("examinateur", 1)];
    let pending = review(grave(), &examined);
    assert!(pending.is_disclosed_to(Side::Ars) && !pending.is_disclosed_to(Side::Establishment));
    let manager = person("responsable", role::MANAGER);
    for (outcome, disclosed) in [
        (Outcome::ActionPlan, true),
        (Outcome::SanctionProposed, false),
    ] {
        let decision = decide(&pending, act(Act::Conclude, outcome, NOW), &manager, NOW).unwrap();
        let concluded = pending.clone().evolve(&Event::Human(decision.event), NOW);
        assert_eq!(
            concluded.is_disclosed_to(Side::Establishment),
            disclosed,
            "{outcome:?}"
        );
    }
}
