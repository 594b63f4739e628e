//! The hunt for a way around: machines, clocks and people of every role do anything in any order, and
//! there is never a proposed sanction, nor a procedure, without the human acts the law asks for.

use std::collections::BTreeSet;

use proptest::prelude::*;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    Event, Outcome, Review, Severity,
    act::Act,
    human::{Circumstances, HumanEvent},
    machine::{Corrected, MachineAct, MachineEvent, RaisedFinding},
    table::{act, opening, raised},
};
use crate::domain::{
    FindingId, Person, Procedure, Refusal, ReviewId, Side,
    fixtures::{NOW, entity, person, region},
    person::role,
};

const CONTROLLER: &str = "contrôleuse";

#[derive(Debug, Clone)]
enum Step {
    Machine(MachineAct),
    Human {
        person: Person,
        act: Act,
        outcome: Outcome,
    },
    TimePasses {
        days: i64,
    },
}

/// Few people under many roles, so that the same person often comes back under another hat.
fn anybody() -> impl Strategy<Value = Person> {
    let subjects = prop::sample::select(vec!["camille", "dominique", CONTROLLER]);
    let roles = prop::sample::select(vec![
        role::REVIEWER,
        role::REVIEWER,
        role::MANAGER,
        role::MANAGER,
        role::CONTROLLER,
        role::DIRECTOR_GENERAL,
        role::CONTRACT_MANAGER,
        role::ESTABLISHMENT_DIRECTOR,
        role::AUDITOR,
        role::SERVICE,
    ]);
    (subjects, roles).prop_map(|(subject, role)| person(subject, role))
}

fn any_finding() -> impl Strategy<Value = RaisedFinding> {
    let severities = vec![
        Severity::Info,
        Severity::Minor,
        Severity::Major,
        Severity::Grave,
    ];
    (
        1u128..4,
        prop::bool::weighted(0.7),
        prop::bool::weighted(0.7),
        prop::sample::select(severities),
    )
        .prop_map(|(id, opposable, eligible, severity)| raised(id, opposable, eligible, severity))
}

fn any_machine_act() -> impl Strategy<Value = MachineAct> {
    let detach = |id| {
        let finding = FindingId(Uuid::from_u128(id));
        MachineAct::DetachFinding {
            finding,
            reason: "Erreur de saisie.".into(),
        }
    };
    let amend = |raised: RaisedFinding| MachineAct::AmendFinding {
        finding: raised.finding,
        corrected: Corrected {
            summary: raised.summary,
            severity: raised.severity,
            opposable: raised.opposable,
            penalty_eligible: raised.penalty_eligible,
        },
        reason: "Recalcul.".into(),
    };
    prop_oneof![
        3 => any_finding().prop_map(MachineAct::AttachFinding),
        1 => any_finding().prop_map(amend),
        1 => (1u128..4).prop_map(detach),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let outcomes = vec![
        Outcome::NoAction,
        Outcome::ActionPlan,
        Outcome::AmendmentProposed,
        Outcome::SanctionProposed,
        Outcome::SanctionProposed,
    ];
    prop_oneof![
        4 => any_machine_act().prop_map(Step::Machine),
        9 => (anybody(), prop::sample::select(Act::ALL.to_vec()), prop::sample::select(outcomes))
            .prop_map(|(person, act, outcome)| Step::Human { person, act, outcome }),
        2 => (-40i64..80).prop_map(|days| Step::TimePasses { days }),
    ]
}

/// What really happened, noted apart from the code under test.
#[derive(Debug, Default)]
struct Witness {
    standing: Vec<RaisedFinding>,
    withdrawn: Vec<FindingId>,
    notified: Option<(Person, OffsetDateTime)>,
    answered: bool,
    /// Something was said that no examination had before it.
    unread: bool,
    examiner: Option<Person>,
    concluded: Option<Outcome>,
    procedures: Vec<Procedure>,
}

impl Witness {
    fn machine(&mut self, act: MachineAct) {
        match act {
            MachineAct::AttachFinding(f) => {
                let known = self.standing.iter().any(|other| other.finding == f.finding)
                    || self.withdrawn.contains(&f.finding);
                if !known {
                    self.standing.push(f);
                }
            }
            MachineAct::DetachFinding { finding, .. } => {
                if self.standing.iter().any(|f| f.finding == finding) {
                    self.standing.retain(|f| f.finding != finding);
                    self.withdrawn.push(finding);
                }
            }
            MachineAct::AmendFinding {
                finding, corrected, ..
            } => {
                for f in self.standing.iter_mut().filter(|f| f.finding == finding) {
                    f.severity = corrected.severity;
                    f.opposable = corrected.opposable;
                    f.penalty_eligible = corrected.penalty_eligible;
                }
            }
        }
    }

    /// Everything the law asks before a sanction may be proposed.
    fn check_sanction(&self, proposer: &Person, now: OffsetDateTime) -> Result<(), TestCaseError> {
        prop_assert!(proposer.has_role(role::MANAGER));
        let examiner = self
            .examiner
            .as_ref()
            .expect("a sanction without an examination");
        prop_assert!(examiner.has_role(role::REVIEWER));
        prop_assert!(examiner.human().subject() != proposer.human().subject());
        prop_assert!(examiner.human().subject() != CONTROLLER);
        let (notifier, notified_at) = self
            .notified
            .as_ref()
            .expect("a sanction without a notification");
        prop_assert!(examiner.human().subject() != notifier.human().subject());
        prop_assert!(self.answered || now > *notified_at + Duration::days(28));
        let can_bear =
            |f: &RaisedFinding| f.opposable && f.penalty_eligible && f.severity >= Severity::Major;
        let on_solid_ground = self.standing.iter().any(can_bear);
        prop_assert!(on_solid_ground);
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn nothing_is_proposed_without_the_human_acts(
        steps in prop::collection::vec(any_step(), 0..80),
    ) {
        let id = ReviewId(Uuid::from_u128(3));
        let legal_entities = BTreeSet::from([entity()]);
        let controllers = BTreeSet::from([CONTROLLER.to_owned()]);
        let mut now = NOW;
        let mut history = vec![(Event::Machine(MachineEvent::Opened(opening())), now)];
        let mut review = Review::opened(id, &opening(), now);
        let mut witness = Witness::default();
        for step in steps {
            let before = review.clone();
            let mut events = Vec::new();
            match step {
                Step::TimePasses { days } => now += Duration::days(days),
                Step::Machine(act) => {
                    events.extend(review.by_machine(act.clone()).into_iter().map(Event::Machine));
                    witness.machine(act);
                }
                Step::Human { person, act: kind, outcome } => {
                    let circumstances = Circumstances {
                        legal_entities: &legal_entities,
                        controllers: &controllers,
                        now,
                    };
                    let listed = review.allowed_actions(Some(&person), &circumstances);
                    let shown = listed.into_iter().find(|a| a.method == kind.method()).unwrap();
                    match review.by_human(act(kind, outcome, now), &person, &circumstances) {
                        Err(refusal) => {
                            prop_assert!(shown.refusal.is_none_or(|shown| shown == refusal));
                            let not_entitled = matches!(refusal, Refusal::RoleNotEntitled { .. });
                            let entitled = person.role_among(kind.roles()).is_some();
                            prop_assert!(!(not_entitled && entitled));
                        }
                        Ok(decision) => {
                            prop_assert_eq!(shown.refusal, None);
                            match &decision.event {
                                HumanEvent::Notified { .. } => {
                                    witness.notified = Some((person.clone(), now));
                                    witness.answered = false;
                                }
                                HumanEvent::ObservationsSubmitted { .. }
                                | HumanEvent::HearingRecorded { .. } => {
                                    witness.answered = true;
                                    witness.unread = true;
                                }
                                HumanEvent::Examined { .. } => {
                                    witness.examiner = Some(person.clone());
                                    witness.unread = false;
                                }
                                HumanEvent::Concluded { ending, .. } => {
                                    prop_assert!(!witness.unread);
                                    witness.concluded = Some(ending.outcome());
                                }
                                HumanEvent::Reopened { .. } => {
                                    prop_assert_ne!(
                                        witness.concluded,
                                        Some(Outcome::SanctionProposed)
                                    );
                                    witness.concluded = None;
                                    witness.examiner = None;
                                    witness.notified = None;
                                }
                                HumanEvent::Received(_)
                                | HumanEvent::Extended { .. }
                                | HumanEvent::ContextAdded { .. }
                                | HumanEvent::MilestoneReached { .. } => {}
                            }
                            let proposes = matches!(decision.event, HumanEvent::Concluded { .. })
                                && witness.concluded == Some(Outcome::SanctionProposed);
                            prop_assert_eq!(decision.sanction.is_some(), proposes);
                            if let Some(proposal) = decision.sanction {
                                witness.check_sanction(&person, now)?;
                                prop_assert_eq!(proposal.proposer(), person.human());
                                prop_assert_eq!(proposal.region(), region());
                                witness.procedures.push(Procedure::propose(proposal, now));
                            }
                            events.push(Event::Human(decision.event));
                        }
                    }
                }
            }
            if events.is_empty() {
                prop_assert_eq!(&review, &before);
            }
            review = events.iter().fold(review, |r, event| r.evolve(event, now));
            history.extend(events.into_iter().map(|event| (event, now)));
            prop_assert_eq!(review.version, i64::try_from(history.len()).unwrap());
            prop_assert_eq!(review.standing_findings().count(), witness.standing.len());
            prop_assert!(witness.procedures.len() <= 1);
            let outcome = review.state.conclusion().map(|conclusion| conclusion.ending.outcome());
            prop_assert_eq!(outcome, witness.concluded);
            // Invariant 9: what is preparatory is not disclosed, and a proposed sanction is preparatory.
            let may_read = witness.concluded.is_some_and(|o| o != Outcome::SanctionProposed);
            prop_assert_eq!(review.is_disclosed_to(Side::Establishment), may_read);
            prop_assert!(!review.is_disclosed_to(Side::Department));
        }
        let replayed = Review::replay(id, history.iter().map(|(event, at)| (event, *at)));
        prop_assert_eq!(replayed, Some(review));
    }

    /// Whatever machines do, and however long one waits, nobody has been heard, nothing is concluded.
    #[test]
    fn machines_alone_leave_a_review_open(
        acts in prop::collection::vec(any_machine_act(), 0..40),
    ) {
        let mut review = Review::opened(ReviewId(Uuid::from_u128(3)), &opening(), NOW);
        for act in acts {
            let events = review.by_machine(act);
            review = events.into_iter().fold(review, |r, e| r.evolve(&Event::Machine(e), NOW));
        }
        prop_assert_eq!(review.state, super::State::Open);
    }
}
