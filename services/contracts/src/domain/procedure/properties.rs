//! The hunt for a sanction that the law does not allow: people of every role, under few names, do anything in any order
//! while the clock jumps, and the nine invariants of the procedure hold at every step. Machines have no act to try: the
//! compiler sees to that, and so do the grants of the database.

use proptest::prelude::*;
use time::{Duration, OffsetDateTime, macros::date};

use super::{
    Decision, Event, Kind, Procedure, Sanction, State,
    act::{Act, HumanAct, Wanted},
    human::Circumstances,
    table::{PROPOSER, act, entities, penalty, proposed},
};
use crate::domain::{
    Person, Refusal,
    delivery::{Channel, Claim},
    fixtures::{NOW, delegation, person},
    mandate::Matter,
    person::role,
    review::Severity,
};

#[derive(Debug, Clone)]
enum Step {
    Human {
        person: Person,
        act: Act,
        variant: u8,
    },
    TimePasses {
        days: i64,
    },
    /// The finding is withdrawn, corrected, or stands again.
    GroundBecomes(Option<Severity>),
}

fn anybody() -> impl Strategy<Value = Person> {
    let subjects = prop::sample::select(vec!["camille", "dominique", PROPOSER]);
    let roles = prop::sample::select(vec![
        role::DIRECTOR_GENERAL,
        role::DIRECTOR_GENERAL,
        role::DIRECTOR_GENERAL,
        role::ESTABLISHMENT_DIRECTOR,
        role::CONTRACT_MANAGER,
        role::MANAGER,
        role::MANAGER,
        role::REVIEWER,
        role::CONTROLLER,
        role::AUDITOR,
        role::SERVICE,
    ]);
    (subjects, roles).prop_map(|(subject, role)| person(subject, role))
}

/// Acts by the role that may do them more often than not, so that histories go far.
fn any_step() -> impl Strategy<Value = Step> {
    let acts = prop::sample::select(Act::ALL.to_vec());
    let any = (anybody(), acts.clone(), 0u8..).prop_map(|(person, act, variant)| Step::Human {
        person,
        act,
        variant,
    });
    let subjects = prop::sample::select(vec!["camille", "camille", PROPOSER]);
    let apt = (subjects, acts, 0u8..).prop_map(|(subject, act, variant)| {
        let roles = act.roles();
        let role = roles[usize::from(variant) % roles.len()];
        let person = person(subject, role);
        Step::Human {
            person,
            act,
            variant,
        }
    });
    let grounds = vec![Some(Severity::Grave), Some(Severity::Major), None];
    prop_oneof![
        2 => any,
        8 => apt,
        3 => (-5i64..45).prop_map(|days| Step::TimePasses { days }),
        1 => prop::sample::select(grounds).prop_map(Step::GroundBecomes),
    ]
}

/// The act with contents that vary: channels, consents, amounts over and under the cap, mentions of a computation.
fn varied(kind_of_act: Act, kind: Kind, variant: u8, now: OffsetDateTime) -> HumanAct {
    match (act(kind_of_act, kind, now), variant % 4) {
        (
            HumanAct::SendNotice {
                reasons,
                measures,
                months,
                ..
            },
            0,
        ) => HumanAct::SendNotice {
            reasons,
            measures,
            months,
            channel: Channel::RegisteredLetter,
            consented: true,
        },
        (
            HumanAct::SendNotice {
                reasons,
                measures,
                channel,
                months,
                ..
            },
            1,
        ) => HumanAct::SendNotice {
            reasons,
            measures,
            channel,
            months,
            consented: false,
        },
        (HumanAct::RecordReceipt(_), 0 | 1) => HumanAct::RecordReceipt(Claim::Letter {
            day: now.date() - Duration::days(2),
            proof: "1A 234".into(),
        }),
        (
            HumanAct::Decide {
                reasons,
                remedies,
                algorithmic_notice,
                sanction: Wanted::Penalty { .. },
            },
            0,
        ) => HumanAct::Decide {
            reasons,
            remedies,
            algorithmic_notice,
            sanction: penalty("60000", "0"),
        },
        (
            HumanAct::Decide {
                reasons,
                remedies,
                sanction,
                ..
            },
            2,
        ) => HumanAct::Decide {
            reasons,
            remedies,
            sanction,
            algorithmic_notice: Some("Un traitement algorithmique y a contribué.".into()),
        },
        (
            HumanAct::ConsultDefence {
                asked_on,
                letter,
                attachments,
                ..
            },
            0 | 1,
        ) => HumanAct::ConsultDefence {
            asked_on,
            answer_by: asked_on + Duration::days(20),
            letter,
            attachments,
        },
        (
            HumanAct::RecordDefenceAnswer {
                received_on,
                text,
                attachments,
                ..
            },
            0 | 1,
        ) => HumanAct::RecordDefenceAnswer {
            received_on,
            text,
            continuity_until: Some(received_on + Duration::days(200)),
            attachments,
        },
        (other, _) => other,
    }
}

/// What really happened, noted apart from the code under test.
#[derive(Debug, Default)]
struct Witness {
    opener: Option<Person>,
    /// Day from which the answer of the establishment is awaited.
    noticed: Option<(OffsetDateTime, bool)>,
    received: Option<time::Date>,
    extended: bool,
    said: usize,
    read: Option<(String, usize)>,
    file_awaited: bool,
    decisions: usize,
    /// As it was taken.
    decision: Option<Decision>,
    /// The minister of defence: last day on which the answer is awaited, whether it came, and until when the mission needs the
    /// contract.
    defence: Option<(time::Date, bool, Option<time::Date>)>,
}

/// The texts that a decision is to carry: remedies, and that a computation contributed.
fn texts_of(act: &HumanAct) -> Option<(String, Option<String>)> {
    match act {
        HumanAct::Decide {
            remedies,
            algorithmic_notice,
            ..
        } => Some((remedies.clone(), algorithmic_notice.clone())),
        _ => None,
    }
}

impl Witness {
    /// Invariant 7: the decision says what it had to say, and nothing that happens later changes a word of it; what was
    /// said and paid stays, in its order, whatever follows it.
    fn check_record(&self, before: &Procedure, after: &Procedure) -> Result<(), TestCaseError> {
        prop_assert_eq!(after.state.decision(), self.decision.as_ref());
        prop_assert!(after.observations.starts_with(&before.observations));
        prop_assert!(after.hearings.starts_with(&before.hearings));
        prop_assert!(after.payments.starts_with(&before.payments));
        prop_assert!(after.appeals.len() >= before.appeals.len());
        let asked_before = before
            .appeals
            .iter()
            .map(|appeal| (appeal.kind, &appeal.grounds));
        let asked_after = after
            .appeals
            .iter()
            .map(|appeal| (appeal.kind, &appeal.grounds));
        prop_assert!(asked_before.zip(asked_after).all(|(old, new)| old == new));
        Ok(())
    }

    fn note(&mut self, event: &Event, person: &Person, now: OffsetDateTime) {
        match event {
            Event::Opened { .. } => self.opener = Some(person.clone()),
            Event::NoticeSent {
                channel, consented, ..
            } => {
                let deemed = *channel == Channel::Portal && *consented;
                self.noticed = Some((now, deemed));
            }
            Event::NoticeReceived(receipt) => self.received = Some(receipt.day),
            Event::Answered { .. } | Event::HearingRecorded { .. } => self.said += 1,
            Event::FileRequested { .. } => self.file_awaited = true,
            Event::FileGranted { .. } => self.file_awaited = false,
            Event::Extended { .. } => self.extended = true,
            Event::Acknowledged { .. } => {
                self.read = Some((person.human().subject().to_owned(), self.said));
            }
            Event::Decided { .. } => self.decisions += 1,
            Event::DefenceConsulted(asked) => self.defence = Some((asked.answer_by, false, None)),
            Event::DefenceAnswered(answer) => {
                let (awaited, ..) = self.defence.expect("answered without a question");
                self.defence = Some((awaited, true, answer.continuity_until));
            }
            Event::Dropped { .. }
            | Event::DecisionNotified { .. }
            | Event::DecisionReceived(_)
            | Event::Paid(_)
            | Event::Referred { .. }
            | Event::AppealFiled { .. }
            | Event::AppealEnded { .. } => {}
        }
    }

    /// Invariants 1 to 6 at the instant of a decision.
    fn check_decision(
        &self,
        procedure: &Procedure,
        event: &Event,
        decider: &Person,
        (now, ground, defence): (OffsetDateTime, Option<Severity>, bool),
    ) -> Result<(), TestCaseError> {
        let Event::Decided {
            sanction, remedies, ..
        } = event
        else {
            return Ok(());
        };
        // 1 and 2: a director general or their delegate, who did not propose, on what another such person opened.
        let delegated_on = |person: &Person, day: time::Date| {
            person.human().subject() == "dominique"
                && person.has_role(role::MANAGER)
                && day <= date!(2027 - 03 - 10)
        };
        let today = kernel::legal_time::legal_day(now, procedure.region);
        let is_general = decider.has_role(role::DIRECTOR_GENERAL);
        prop_assert!(is_general || delegated_on(decider, today));
        prop_assert!(decider.human().subject() != PROPOSER);
        let opener = self.opener.as_ref().expect("decided without an opening");
        prop_assert!(
            opener.has_role(role::DIRECTOR_GENERAL) || delegated_on(opener, date!(2027 - 03 - 10))
        );
        prop_assert!(opener.human().subject() != PROPOSER);
        // 3: after one month from a receipt that is proven or deemed, two when extended.
        let (noticed_at, deemed) = self.noticed.expect("decided without a formal notice");
        prop_assert!(
            self.received.is_some() || deemed,
            "decided without a receipt"
        );
        let from = self.received.unwrap_or_else(|| noticed_at.date());
        let least = if self.extended { 59 } else { 28 };
        prop_assert!(
            now.date() > from + Duration::days(least),
            "{} after {from}",
            now.date()
        );
        // 4: everything read by the decider, within the cap, with remedies.
        let read = self
            .read
            .as_ref()
            .filter(|(who, _)| who == decider.human().subject());
        prop_assert!(self.said == 0 || read.is_some_and(|(_, read)| *read == self.said));
        prop_assert!(!self.file_awaited);
        prop_assert!(!remedies.is_empty());
        match sanction {
            Sanction::Penalty { amount, cap } => {
                prop_assert!(procedure.kind != Kind::Termination);
                prop_assert!(*amount > kernel::Decimal::ZERO && cap.earlier + amount <= cap.cap());
            }
            Sanction::Termination { on } => {
                prop_assert_eq!(procedure.kind, Kind::Termination);
                prop_assert!(*on >= now.date());
                // C13: the minister was asked where the law says so, and answered or was given the time to.
                prop_assert!(!defence || self.defence.is_some());
                if let Some((awaited, came, until)) = self.defence {
                    prop_assert!(came || today > awaited);
                    prop_assert!(until.is_none_or(|until| *on >= until));
                }
            }
        }
        // 5 and 6: on a finding that still bears one, grave for a termination.
        match procedure.kind {
            Kind::RefusalToSign => {}
            Kind::Penalty => prop_assert!(ground.is_some()),
            Kind::Termination => prop_assert_eq!(ground, Some(Severity::Grave)),
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_sequence_of_acts_and_clock_jumps_decides_what_the_law_does_not_allow(
        kind in prop::sample::select(vec![Kind::Penalty, Kind::Termination, Kind::RefusalToSign]),
        defence in any::<bool>(),
        steps in prop::collection::vec(any_step(), 0..60),
    ) {
        let legal_entities = entities();
        let mut procedure = proposed(kind);
        let (mut now, mut ground) = (NOW, Some(Severity::Grave));
        let mandates = [delegation("dominique", Matter::Procedures)];
        let mut witness = Witness::default();
        let mut history = Vec::new();
        for step in steps {
            let before = procedure.clone();
            match step {
                Step::TimePasses { days } => now += Duration::days(days),
                Step::GroundBecomes(becomes) => ground = becomes,
                Step::Human { person, act, variant } => {
                    let circumstances = Circumstances {
                        legal_entities: &legal_entities,
                        ground,
                        defence,
                        mandates: &mandates,
                        now,
                    };
                    let listed = procedure.allowed_actions(Some(&person), &circumstances);
                    let shown = listed.into_iter().find(|a| a.method == act.method()).unwrap();
                    let wanted = varied(act, kind, variant, now);
                    let texts = texts_of(&wanted);
                    match procedure.by_human(wanted, &person, &circumstances) {
                        Err(refusal) => {
                            // What is listed is what is answered; contents may be refused besides.
                            prop_assert!(shown.refusal.is_none_or(|shown| shown == refusal));
                        }
                        Ok(event) => {
                            prop_assert_eq!(shown.refusal, None);
                            prop_assert!(person.role_among(act.roles()).is_some());
                            witness.check_decision(&procedure, &event, &person, (now, ground, defence))?;
                            witness.note(&event, &person, now);
                            procedure = procedure.evolve(&event, now);
                            history.push((event, now));
                            if let Some((remedies, mention)) = texts {
                                let taken = procedure.state.decision().expect("a decision");
                                prop_assert_eq!(&taken.remedies, &remedies);
                                prop_assert_eq!(&taken.algorithmic_notice, &mention);
                                witness.decision = Some(taken.clone());
                            }
                            prop_assert_eq!(procedure.version, before.version + 1);
                        }
                    }
                }
            }
            // 7: append-only, and a decision is taken once.
            witness.check_record(&before, &procedure)?;
            prop_assert!(witness.decisions <= 1);
            prop_assert_eq!(procedure.state.decision().is_some(), witness.decisions == 1);
            // The penalty never grows, and nothing is paid beyond it.
            prop_assert!(procedure.penalty() <= before.penalty().or(procedure.penalty()));
            // 9: what is preparatory is not disclosed.
            let disclosed = procedure.is_disclosed_to(crate::domain::Side::Establishment);
            prop_assert!(!disclosed
                || matches!(procedure.state, State::Notified(..) | State::Annulled(..)));
            // A machine is told that it can do none of it.
            let circumstances = Circumstances {
                legal_entities: &legal_entities,
                ground,
                defence,
                mandates: &mandates,
                now,
            };
            let all_refused = procedure
                .allowed_actions(None, &circumstances)
                .into_iter()
                .all(|action| matches!(action.refusal, Some(Refusal::HumanRequired { .. })));
            prop_assert!(all_refused);
        }
        let replayed = proposed(kind).replay(history.iter().map(|(event, at)| (event, *at)));
        prop_assert_eq!(replayed, procedure);
    }
}
