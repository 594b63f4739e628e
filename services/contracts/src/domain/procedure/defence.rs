//! Guard C13: the minister of defence is consulted before the termination of a contract that bears on the health support
//! of the armed forces (CSP L1435-3-1, L6114-1-1).
//!
//! The law gives no delay for the answer: the letter of the agency says until when it is awaited, and nothing is decided
//! before, unless the answer came. Where the minister says that the termination would compromise that mission, the contract
//! ends after a delay that is sufficient for its continuity, which somebody records: the law gives no figure for it either.

use kernel::{HumanActor, Reasons, legal_time::legal_day};
use time::Date;

use super::{Kind, Procedure, human::Circumstances};
use crate::domain::{denial::Denial, statement::Attachment};

/// The minister was consulted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultation {
    /// Day of the letter of the agency.
    pub asked_on: Date,
    /// Last day on which that letter awaits the answer.
    pub answer_by: Date,
    /// Reference of the letter.
    pub letter: String,
    pub attachments: Vec<Attachment>,
    pub by: HumanActor,
    /// None while the minister has not answered.
    pub answer: Option<Answer>,
}

/// What the minister answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub received_on: Date,
    pub text: Reasons,
    /// Last day of the delay that the continuity of the mission needs; none where the minister raised nothing.
    pub continuity_until: Option<Date>,
    pub attachments: Vec<Attachment>,
    pub by: HumanActor,
}

impl Consultation {
    /// The letter is sent, and awaits its answer from that day on.
    pub(super) fn check(&self, today: Date) -> Result<(), Denial> {
        let (day, asked) = (self.answer_by, self.asked_on);
        if asked > today {
            return Err(Denial::DateInFuture { day: asked, today });
        }
        if day < asked {
            return Err(Denial::DefenceDayOutOfRange { day, from: asked });
        }
        Ok(())
    }

    /// Last day on which an answer is awaited; none once it came.
    pub fn answer_due(&self) -> Option<Date> {
        self.answer.is_none().then_some(self.answer_by)
    }
}

impl Answer {
    /// It came, after the letter, and the delay ends after it came.
    pub(super) fn check(&self, consultation: &Consultation, today: Date) -> Result<(), Denial> {
        let (day, from) = (self.received_on, consultation.asked_on);
        if day > today {
            return Err(Denial::DateInFuture { day, today });
        }
        if day < from {
            return Err(Denial::DefenceDayOutOfRange { day, from });
        }
        match self.continuity_until {
            Some(until) if until < day => Err(Denial::DefenceDayOutOfRange {
                day: until,
                from: day,
            }),
            _ => Ok(()),
        }
    }
}

impl Procedure {
    /// The consultation is that of a termination, and is asked for once.
    pub(super) fn check_consultable(&self) -> Result<(), Denial> {
        if self.kind != Kind::Termination {
            return Err(Denial::DefenceNotConcerned);
        }
        match self.defence {
            Some(_) => Err(Denial::DefenceAlreadyConsulted),
            None => Ok(()),
        }
    }

    /// An answer answers a consultation, once.
    pub(super) fn check_answerable(&self) -> Result<&Consultation, Denial> {
        if self.kind != Kind::Termination {
            return Err(Denial::DefenceNotConcerned);
        }
        let consultation = self.defence.as_ref().ok_or(Denial::DefenceNotConsulted)?;
        match consultation.answer {
            Some(_) => Err(Denial::DefenceAlreadyAnswered),
            None => Ok(consultation),
        }
    }

    /// C13: a contract that bears on the health support of the armed forces is not terminated before the minister was
    /// consulted, nor while the answer is awaited. Who consulted without having to waits for the answer all the same.
    pub(super) fn check_defence(&self, circumstances: &Circumstances<'_>) -> Result<(), Denial> {
        if self.kind != Kind::Termination {
            return Ok(());
        }
        let Some(consultation) = &self.defence else {
            if circumstances.defence {
                return Err(Denial::DefenceNotConsulted);
            }
            return Ok(());
        };
        let today = legal_day(circumstances.now, self.region);
        match consultation.answer_due() {
            Some(until) if today <= until => Err(Denial::DefenceAnswerAwaited { until }),
            _ => Ok(()),
        }
    }

    /// C13: the contract goes on as long as the continuity of the mission needs it.
    pub(super) fn check_continuity(&self, last_day: Date) -> Result<(), Denial> {
        let answer = self.defence.as_ref().and_then(|c| c.answer.as_ref());
        match answer.and_then(|answer| answer.continuity_until) {
            Some(until) if last_day < until => Err(Denial::DefenceContinuity {
                day: last_day,
                until,
            }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::Finess;
    use time::{Duration, OffsetDateTime, macros::date};

    use super::*;
    use crate::domain::{
        Person, Refusal,
        fixtures::{NOW, person},
        person::role,
        procedure::{
            Event,
            act::{Act, HumanAct, Wanted},
            table::{act, director_general, entities, proposed, text},
        },
        review::Severity,
    };

    fn manager() -> Person {
        person("gestionnaire", role::CONTRACT_MANAGER)
    }

    /// Around a contract of a hospital of the armed forces, or of another one.
    fn around(
        entities: &BTreeSet<Finess>,
        defence: bool,
        now: OffsetDateTime,
    ) -> Circumstances<'_> {
        Circumstances {
            legal_entities: entities,
            ground: Some(Severity::Grave),
            defence,
            mandates: &[],
            now,
        }
    }

    fn decide(
        procedure: &Procedure,
        act: HumanAct,
        who: &Person,
        (defence, now): (bool, OffsetDateTime),
    ) -> Result<Event, &'static str> {
        procedure
            .by_human(act, who, &around(&entities(), defence, now))
            .map_err(|refusal: Refusal| refusal.reason())
    }

    /// Under notice since 12 March 2026, with what else was done on that day.
    fn under_notice(kind: Kind, more: Vec<HumanAct>) -> Procedure {
        let now = NOW + Duration::days(2);
        let first =
            [Act::Open, Act::SendNotice].map(|one| (act(one, kind, now), director_general()));
        let more = more.into_iter().map(|one| (one, manager()));
        let acts = first.into_iter().chain(more);
        acts.fold(proposed(kind), |procedure, (one, who)| {
            let event = decide(&procedure, one, &who, (true, now)).unwrap();
            procedure.evolve(&event, now)
        })
    }

    fn consult(asked_on: Date, answer_by: Date) -> HumanAct {
        HumanAct::ConsultDefence {
            asked_on,
            answer_by,
            letter: "ARS-2026-117".into(),
            attachments: vec![],
        }
    }

    fn answered(received_on: Date, continuity_until: Option<Date>) -> HumanAct {
        HumanAct::RecordDefenceAnswer {
            received_on,
            text: text("La mission prioritaire est en cause."),
            continuity_until,
            attachments: vec![],
        }
    }

    const ASKED: Date = date!(2026 - 03 - 11);
    const BY: Date = date!(2026 - 04 - 30);

    /// The answer to a termination on that last day, decided on that day of 2026 at noon.
    fn terminated(
        procedure: &Procedure,
        defence: bool,
        today: Date,
        last_day: Date,
    ) -> Result<(), &'static str> {
        let now = today.with_hms(10, 0, 0).unwrap().assume_utc();
        let wanted = HumanAct::Decide {
            reasons: text("Manquement grave."),
            sanction: Wanted::Termination { on: last_day },
            remedies: "Deux mois.".into(),
            algorithmic_notice: None,
        };
        decide(procedure, wanted, &director_general(), (defence, now)).map(|_| ())
    }

    #[test]
    fn a_contract_of_the_armed_forces_is_not_terminated_before_the_minister_is_consulted() {
        let last_day = date!(2026 - 12 - 31);
        let alone = under_notice(Kind::Termination, vec![]);
        let today = date!(2026 - 04 - 20);
        assert_eq!(
            terminated(&alone, true, today, last_day),
            Err("DEFENCE_NOT_CONSULTED")
        );
        assert_eq!(terminated(&alone, false, today, last_day), Ok(()));
        let asked = under_notice(Kind::Termination, vec![consult(ASKED, BY)]);
        for day in [today, BY] {
            assert_eq!(
                terminated(&asked, true, day, last_day),
                Err("DEFENCE_ANSWER_AWAITED")
            );
        }
        let after = BY.next_day().unwrap();
        assert_eq!(terminated(&asked, true, after, last_day), Ok(()));
        let nothing_raised = vec![consult(ASKED, BY), answered(ASKED, None)];
        let heard = under_notice(Kind::Termination, nothing_raised);
        assert_eq!(terminated(&heard, true, today, last_day), Ok(()));
    }

    #[test]
    fn the_contract_goes_on_as_long_as_the_mission_needs_it() {
        let until = date!(2026 - 10 - 31);
        let raised = vec![consult(ASKED, BY), answered(ASKED, Some(until))];
        let procedure = under_notice(Kind::Termination, raised);
        let today = date!(2026 - 04 - 20);
        let early = until.previous_day().unwrap();
        assert_eq!(
            terminated(&procedure, true, today, early),
            Err("DEFENCE_CONTINUITY")
        );
        assert_eq!(terminated(&procedure, true, today, until), Ok(()));
    }

    #[test]
    fn what_is_recorded_of_a_consultation_is_in_order() {
        let now = NOW + Duration::days(2);
        let of = |procedure: &Procedure, one| {
            decide(procedure, one, &manager(), (true, now)).map(|_| ())
        };
        let termination = under_notice(Kind::Termination, vec![]);
        let tomorrow = date!(2026 - 03 - 13);
        assert_eq!(
            of(&termination, consult(tomorrow, BY)),
            Err("DATE_IN_FUTURE")
        );
        assert_eq!(
            of(&termination, consult(ASKED, ASKED.previous_day().unwrap())),
            Err("DEFENCE_DAY_OUT_OF_RANGE")
        );
        assert_eq!(
            of(&termination, answered(ASKED, None)),
            Err("DEFENCE_NOT_CONSULTED")
        );
        let penalty = under_notice(Kind::Penalty, vec![]);
        assert_eq!(
            of(&penalty, consult(ASKED, BY)),
            Err("DEFENCE_NOT_CONCERNED")
        );
        let asked = under_notice(Kind::Termination, vec![consult(ASKED, BY)]);
        assert_eq!(
            of(&asked, consult(ASKED, BY)),
            Err("DEFENCE_ALREADY_CONSULTED")
        );
        for wrong in [
            answered(ASKED.previous_day().unwrap(), None),
            answered(ASKED, Some(ASKED.previous_day().unwrap())),
        ] {
            assert_eq!(of(&asked, wrong), Err("DEFENCE_DAY_OUT_OF_RANGE"));
        }
        assert_eq!(of(&asked, answered(tomorrow, None)), Err("DATE_IN_FUTURE"));
        let heard = vec![consult(ASKED, BY), answered(ASKED, None)];
        let heard = under_notice(Kind::Termination, heard);
        assert_eq!(
            of(&heard, answered(ASKED, None)),
            Err("DEFENCE_ALREADY_ANSWERED")
        );
    }

    #[test]
    fn the_answer_is_due_while_it_is_awaited() {
        let asked = under_notice(Kind::Termination, vec![consult(ASKED, BY)]);
        let due = |procedure: &Procedure| {
            let deadlines = procedure.deadlines().into_iter();
            deadlines
                .filter(|one| one.kind == crate::domain::deadline::Kind::DefenceAnswer)
                .map(|one| one.due)
                .collect::<Vec<_>>()
        };
        assert_eq!(due(&asked), [BY]);
        let heard = vec![consult(ASKED, BY), answered(ASKED, None)];
        assert_eq!(due(&under_notice(Kind::Termination, heard)), []);
    }
}
