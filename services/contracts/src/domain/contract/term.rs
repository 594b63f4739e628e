//! How a contract ends or goes on: the passing of time (C8, C18), extension, notice and termination (C10 to C13), closure
//! (C19).

use kernel::{
    Reasons,
    legal_time::{add_months, legal_day},
};
use time::{Date, OffsetDateTime};

use super::{Contract, Event, State, TermBasis, acts::Circumstances};
use crate::domain::{
    ContractId, Person, ProcedureId, Refusal,
    perimeter::{Overlap, check_overlaps},
    person::role,
    regime::ExtensionRule,
};

/// Months as the calendar counts them.
fn months(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// The day by which something is announced that must be so many months before the last day.
pub fn notice_day(last_day: Date, notice_months: u32) -> Date {
    add_months(last_day, -months(notice_months))
}

impl Contract {
    /// What the passing of time does: C8, and C18 once the last day is over. `successor` is the contract that the
    /// director general named when granting a renewal. Calling it twice adds nothing.
    pub fn pass_time(&self, now: OffsetDateTime, successor: Option<ContractId>) -> Vec<Event> {
        let today = legal_day(now, self.region);
        let takes_effect =
            matches!(self.state, State::Signed { .. }) && today >= self.text.effect_date;
        let was_in_force = matches!(self.state, State::InForce(_) | State::UnderNotice { .. });
        let ends = (takes_effect || was_in_force) && today > self.last_day();
        let end = match successor {
            Some(successor) => Event::Renewed { successor },
            None => Event::Expired,
        };
        let effect = takes_effect.then_some(Event::TookEffect);
        effect.into_iter().chain(ends.then_some(end)).collect()
    }

    /// Whether an extension can be asked for at all: the regime knows them, some are left, and it is announced in
    /// time (cahier des charges of the arrêté of 3 March 2017: six months).
    pub(super) fn check_extension(
        &self,
        circumstances: &Circumstances<'_>,
    ) -> Result<ExtensionRule, Refusal> {
        let regime = || circumstances.regime.code.clone();
        let rule = circumstances
            .regime
            .extension
            .ok_or_else(|| Refusal::NoExtension { regime: regime() })?;
        if self.extensions >= rule.times {
            return Err(Refusal::ExtensionsExhausted {
                times: rule.times,
                regime: regime(),
            });
        }
        let notice_day = notice_day(self.last_day(), rule.notice_months);
        if legal_day(circumstances.now, self.region) > notice_day {
            return Err(Refusal::ExtensionTooLate {
                notice_day,
                regime: regime(),
            });
        }
        Ok(rule)
    }

    /// The director general extends the term (prorogation).
    pub(super) fn extend(
        &self,
        last_day: Date,
        reasons: Reasons,
        overlaps: &[Overlap],
        circumstances: &Circumstances<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let rule = self.check_extension(circumstances)?;
        let longest_total = add_months(self.text.effect_date, months(rule.total_months))
            .previous_day()
            .unwrap_or(self.text.effect_date);
        let latest = add_months(self.last_day(), months(rule.months)).min(longest_total);
        if last_day <= self.last_day() || last_day > latest {
            return Err(Refusal::ExtensionOutOfRange {
                last_day,
                after: self.last_day(),
                latest,
                regime: circumstances.regime.code.clone(),
            });
        }
        check_overlaps(overlaps)?;
        Ok(vec![Event::TermExtended {
            last_day,
            basis: TermBasis::Extension,
            reasons,
        }])
    }

    /// C19: the file is closed once the final evaluation is concluded.
    pub(super) fn close(reasons: Reasons, evaluated: bool) -> Result<Vec<Event>, Refusal> {
        if evaluated {
            Ok(vec![Event::Closed { reasons }])
        } else {
            Err(Refusal::FinalEvaluationMissing)
        }
    }

    /// C10: a formal notice before termination runs. The procedure it belongs to was opened by the director general.
    pub fn give_notice(&self, procedure: ProcedureId, person: &Person) -> Result<Event, Refusal> {
        termination_step("SendFormalNotice", person)?;
        match &self.state {
            State::InForce(_) => Ok(Event::NoticeGiven { procedure }),
            state => Err(state.refuses("SendFormalNotice")),
        }
    }

    /// C12: the procedure ended without termination.
    pub fn lift_notice(&self, procedure: ProcedureId, person: &Person) -> Result<Event, Refusal> {
        termination_step("DropProcedure", person)?;
        match &self.state {
            State::UnderNotice {
                procedure: given, ..
            } if *given == procedure => Ok(Event::NoticeLifted { procedure }),
            state => Err(state.refuses("DropProcedure")),
        }
    }

    /// C13: the director general decided to terminate, after the notice of this very procedure.
    pub fn terminate(
        &self,
        procedure: ProcedureId,
        last_day: Date,
        person: &Person,
    ) -> Result<Event, Refusal> {
        termination_step("DecideProcedure", person)?;
        match &self.state {
            State::UnderNotice {
                procedure: given, ..
            } if *given == procedure => Ok(Event::Terminated {
                procedure,
                last_day,
            }),
            state => Err(state.refuses("DecideProcedure")),
        }
    }
}

/// The director general, or somebody to whom the procedure granted a delegation in force.
fn termination_step(method: &'static str, person: &Person) -> Result<(), Refusal> {
    const ROLES: &[&str] = &[role::DIRECTOR_GENERAL, role::MANAGER];
    person.entitled(method, ROLES).map(drop)
}
