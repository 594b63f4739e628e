//! What each aggregate has due, from its facts alone.

use std::collections::BTreeSet;

use kernel::legal_time::add_months;
use time::Date;

use super::{Deadline, Kind};
use crate::domain::{
    Amendment, Contract, LegalRegime, Procedure, Renewal, Review,
    amendment::State as AmendmentState,
    contract::{State as ContractState, term::notice_day},
    follow_up::{Evaluation, EvaluationState, Meeting},
    procedure::{State as ProcedureState, defence::Consultation},
    renewal::State as RenewalState,
};

/// What was done already about the term of a contract, elsewhere than in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// A renewal was asked for, and not refused.
    pub renewal_requested: bool,
    /// The mid-term evaluation is planned: it has its own days.
    pub mid_term_planned: bool,
    /// Years whose yearly evaluation is planned: it has its own days.
    pub years_planned: BTreeSet<i32>,
}

/// What the deadlines of a contract hang on, beside its regime: as long as it stays the same, so do they.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    under_notice: bool,
    last_day: Date,
    extensions: u32,
}

/// Silence for a month on a request for documents is a refusal (CRPA R311-12, R311-13).
const FILE_ACCESS_MONTHS: i32 = 1;
/// The delay of a judicial appeal (CJA R421-1). The day that a délai franc adds and the roll to a working day are left
/// out: a reminder that is early is safe.
const APPEAL_MONTHS: i32 = 2;

fn once(kind: Kind, due: Option<Date>) -> Vec<Deadline> {
    let deadline = due.map(|due| Deadline { due, kind, rank: 0 });
    deadline.into_iter().collect()
}

impl Contract {
    /// None as long as nothing is signed and once the contract has ended: nothing is due then.
    pub fn course(&self) -> Option<Course> {
        let under_notice = match self.state {
            ContractState::Signed { .. } | ContractState::InForce(_) => false,
            ContractState::UnderNotice { .. } => true,
            _ => return None,
        };
        Some(Course {
            under_notice,
            last_day: self.last_day(),
            extensions: self.extensions,
        })
    }

    /// Its last day and, while no termination threatens, what has to be done before: the request for renewal, the
    /// extension, the evaluation at mid-term or of each year.
    pub fn deadlines(&self, regime: &LegalRegime, standing: &Standing) -> Vec<Deadline> {
        let Some(course) = self.course() else {
            return Vec::new();
        };
        let mut deadlines = once(Kind::ContractEnd, Some(course.last_day));
        if course.under_notice {
            return deadlines;
        }
        let request = regime.renewal.filter(|_| !standing.renewal_requested);
        let request = request.map(|rule| notice_day(course.last_day, rule.notice_months));
        deadlines.extend(once(Kind::ContractRenewalRequest, request));
        let extension = regime
            .extension
            .filter(|rule| course.extensions < rule.times);
        let extension = extension.map(|rule| notice_day(course.last_day, rule.notice_months));
        deadlines.extend(once(Kind::ContractExtension, extension));
        let months = regime
            .mid_term_months
            .filter(|_| !standing.mid_term_planned);
        let mid_term = months.map(|months| {
            let months = i32::try_from(months).unwrap_or(i32::MAX);
            add_months(self.text.effect_date, months)
        });
        deadlines.extend(once(Kind::ContractMidTerm, mid_term));
        deadlines.extend(self.years_to_evaluate(regime, standing, course.last_day));
        deadlines
    }

    /// Each year whose evaluation is due before the contract ends and is not planned; what comes later is of the final
    /// one. The rank is the year.
    fn years_to_evaluate(
        &self,
        regime: &LegalRegime,
        standing: &Standing,
        last_day: Date,
    ) -> Vec<Deadline> {
        let Some(rule) = regime.annual else {
            return Vec::new();
        };
        let years = self.text.effect_date.year()..=last_day.year();
        years
            .filter(|year| !standing.years_planned.contains(year))
            .map(|year| Deadline {
                due: rule.due(year),
                kind: Kind::ContractAnnual,
                rank: year,
            })
            .filter(|deadline| deadline.due <= last_day)
            .collect()
    }
}

impl Renewal {
    /// The answer of the agency, whose silence renews.
    pub fn deadlines(&self) -> Vec<Deadline> {
        let is_open = self.state == RenewalState::Requested;
        once(Kind::RenewalAnswer, is_open.then_some(self.answer_due_date))
    }
}

impl Amendment {
    /// Signatures, while it waits for them.
    pub fn deadlines(&self) -> Vec<Deadline> {
        let is_waiting = matches!(
            self.state,
            AmendmentState::ReadyToSign { .. } | AmendmentState::PartiallySigned { .. }
        );
        once(
            Kind::AmendmentSignature,
            is_waiting.then_some(self.effect_date),
        )
    }
}

impl Evaluation {
    /// The report, then the conclusion.
    pub fn deadlines(&self) -> Vec<Deadline> {
        let kind = match self.state {
            EvaluationState::Planned => Kind::EvaluationReport,
            EvaluationState::Reported { .. } => Kind::EvaluationConclusion,
            EvaluationState::Concluded { .. } => return Vec::new(),
        };
        once(kind, Some(self.plan.due_date))
    }
}

impl Meeting {
    /// The meeting itself, then what it decided that has a day and is not done.
    pub fn deadlines(&self) -> Vec<Deadline> {
        let Some(minutes) = &self.minutes else {
            return once(Kind::MeetingMinutes, Some(self.plan.date));
        };
        let pending = minutes.decisions.iter().zip(1..);
        let pending = pending.filter(|(decision, _)| decision.done_date.is_none());
        pending
            .filter_map(|(decision, rank)| {
                Some(Deadline {
                    due: decision.due_date?,
                    kind: Kind::MeetingDecision,
                    rank,
                })
            })
            .collect()
    }
}

impl Review {
    /// The answer while none came, and the milestones of the action plan that are not reached.
    pub fn deadlines(&self) -> Vec<Deadline> {
        let answer = self
            .state
            .notification()
            .filter(|_| self.state.conclusion().is_none() && !self.is_answered())
            .and_then(|notification| notification.delay.due(self.region));
        let plan = self
            .state
            .conclusion()
            .map_or(&[][..], |conclusion| conclusion.ending.milestones());
        let pending = plan.iter().zip(1..).filter(|(m, _)| m.reached.is_none());
        let milestones = pending.map(|(milestone, rank)| Deadline {
            due: milestone.due,
            kind: Kind::ReviewMilestone,
            rank,
        });
        once(Kind::ReviewObservations, answer)
            .into_iter()
            .chain(milestones)
            .collect()
    }
}

impl Procedure {
    /// The answer to the notice and that of the minister of defence, the file that was asked for, the payment and the appeal.
    pub fn deadlines(&self) -> Vec<Deadline> {
        let mut deadlines = Vec::new();
        if let ProcedureState::UnderNotice(_, notice) = &self.state {
            deadlines.extend(once(Kind::NoticeAnswer, notice.delay.due(self.region)));
        }
        if matches!(
            self.state,
            ProcedureState::Opened(_) | ProcedureState::UnderNotice(..)
        ) {
            let awaited = self.defence.as_ref().and_then(Consultation::answer_due);
            deadlines.extend(once(Kind::DefenceAnswer, awaited));
        }
        let is_over = matches!(
            self.state,
            ProcedureState::Dropped(..) | ProcedureState::Annulled(..)
        );
        let waits = self.file_requests.iter().find(|r| r.granted.is_none());
        let asked = waits.filter(|_| !is_over).map(|request| {
            let day = kernel::legal_time::legal_day(request.at, self.region);
            add_months(day, FILE_ACCESS_MONTHS)
        });
        deadlines.extend(once(Kind::FileAccess, asked));
        if let ProcedureState::Notified(.., delay) = &self.state {
            let owed = self.balance().is_some_and(|balance| !balance.is_zero());
            let payment = delay.due(self.region).filter(|_| owed);
            deadlines.extend(once(Kind::PenaltyPayment, payment));
            let received = delay.delivery.day(self.region);
            let appeal = received.filter(|_| self.appeals.is_empty());
            let appeal = appeal.map(|day| add_months(day, APPEAL_MONTHS));
            deadlines.extend(once(Kind::DecisionAppeal, appeal));
        }
        deadlines
    }
}

#[cfg(test)]
mod tests {
    use time::{Month, macros::date};
    use uuid::Uuid;

    use super::*;
    use crate::domain::{
        EvaluationId, MeetingId,
        contract::{Event, TermBasis},
        fixtures::{NOW, contract, person, regime, region, until_in_force},
        follow_up::{Decision, EvaluationKind, EvaluationPlan, MeetingKind, MeetingPlan, Minutes},
        person::role,
        regime::{AnnualRule, ExtensionRule, LegalRegime},
    };

    /// In force from 1 April 2026 to 31 March 2031, then what else happened.
    fn in_force(more: &[Event]) -> Contract {
        contract(&[&until_in_force()[..], more].concat())
    }

    fn due(deadlines: &[Deadline]) -> Vec<(Kind, Date)> {
        deadlines.iter().map(|d| (d.kind, d.due)).collect()
    }

    #[test]
    fn a_contract_in_force_has_its_end_its_renewal_and_its_mid_term_due() {
        let (contract, standing) = (in_force(&[]), Standing::default());
        assert_eq!(
            due(&contract.deadlines(&regime(), &standing)),
            [
                (Kind::ContractEnd, date!(2031 - 03 - 31)),
                (Kind::ContractRenewalRequest, date!(2030 - 03 - 31)),
                (Kind::ContractMidTerm, date!(2028 - 10 - 01)),
            ]
        );
        let done = Standing {
            renewal_requested: true,
            mid_term_planned: true,
            ..Default::default()
        };
        assert_eq!(
            due(&contract.deadlines(&regime(), &done)),
            [(Kind::ContractEnd, date!(2031 - 03 - 31))]
        );
    }

    #[test]
    fn each_year_is_evaluated_where_the_regime_says_so() {
        let regime = LegalRegime {
            renewal: None,
            mid_term_months: None,
            annual: Some(AnnualRule {
                month: Month::June,
                day: 30,
            }),
            ..regime()
        };
        let contract = in_force(&[]);
        let years = |standing: &Standing| {
            let due = contract.deadlines(&regime, standing).into_iter();
            due.filter(|deadline| deadline.kind == Kind::ContractAnnual)
                .map(|deadline| (deadline.rank, deadline.due))
                .collect::<Vec<_>>()
        };
        // The day of 2030 comes after the last day of the contract.
        let all = [
            (2026, date!(2027 - 06 - 30)),
            (2027, date!(2028 - 06 - 30)),
            (2028, date!(2029 - 06 - 30)),
            (2029, date!(2030 - 06 - 30)),
        ];
        assert_eq!(years(&Standing::default()), all);
        let planned = Standing {
            years_planned: [2026, 2028].into(),
            ..Default::default()
        };
        assert_eq!(years(&planned), [all[1], all[3]]);
    }

    #[test]
    fn an_extension_moves_what_is_due_and_uses_up_the_right_to_another() {
        let rule = ExtensionRule {
            months: 12,
            times: 1,
            total_months: 84,
            notice_months: 6,
        };
        let regime = LegalRegime {
            renewal: None,
            mid_term_months: None,
            extension: Some(rule),
            ..regime()
        };
        let standing = Standing::default();
        let announced = (Kind::ContractExtension, date!(2030 - 09 - 30));
        assert_eq!(
            due(&in_force(&[]).deadlines(&regime, &standing)),
            [(Kind::ContractEnd, date!(2031 - 03 - 31)), announced]
        );
        let extended = Event::TermExtended {
            last_day: date!(2032 - 03 - 31),
            basis: TermBasis::Extension,
            reasons: "transition".to_owned().try_into().unwrap(),
        };
        assert_eq!(
            due(&in_force(&[extended]).deadlines(&regime, &standing)),
            [(Kind::ContractEnd, date!(2032 - 03 - 31))]
        );
    }

    #[test]
    fn nothing_is_due_of_a_contract_that_is_not_signed_or_has_ended() {
        let draft = contract(&[]);
        assert_eq!(draft.course(), None);
        assert_eq!(draft.deadlines(&regime(), &Standing::default()), []);
        let ended = in_force(&[Event::Expired]);
        assert_eq!(ended.deadlines(&regime(), &Standing::default()), []);
    }

    #[test]
    fn an_evaluation_awaits_the_report_then_the_conclusion() {
        let contract = in_force(&[]);
        let plan = EvaluationPlan {
            kind: EvaluationKind::MidTerm,
            year: 2028,
            due_date: date!(2028 - 10 - 01),
        };
        let manager = person("lou", role::CONTRACT_MANAGER);
        let director = person("ana", role::ESTABLISHMENT_DIRECTOR);
        let id = EvaluationId(Uuid::from_u128(1));
        let say = |text: &str| text.to_owned().try_into().unwrap();
        let planned = Evaluation::plan(id, &contract, plan, &manager, NOW).unwrap();
        let day = date!(2028 - 10 - 01);
        assert_eq!(due(&planned.deadlines()), [(Kind::EvaluationReport, day)]);
        let reported = planned
            .report(say("bilan"), &contract, &director, NOW)
            .unwrap();
        assert_eq!(
            due(&reported.deadlines()),
            [(Kind::EvaluationConclusion, day)]
        );
        let concluded = reported.conclude(vec![], say("vu"), &contract, &manager, NOW);
        assert_eq!(concluded.unwrap().deadlines(), []);
    }

    #[test]
    fn a_meeting_is_due_then_each_of_its_decisions_by_its_rank() {
        let decision = |due_date, done_date| Decision {
            text: "publier".into(),
            owner: "ARS".into(),
            due_date,
            done_date,
            note: String::new(),
        };
        let day = date!(2027 - 01 - 15);
        let mut meeting = Meeting {
            id: MeetingId(Uuid::from_u128(1)),
            contract: in_force(&[]).id,
            region: region(),
            plan: MeetingPlan {
                kind: MeetingKind::Committee,
                date: day,
                agenda: String::new(),
            },
            minutes: None,
            version: 1,
            created_at: NOW,
        };
        assert_eq!(due(&meeting.deadlines()), [(Kind::MeetingMinutes, day)]);
        meeting.minutes = Some(Minutes {
            text: "dit".to_owned().try_into().unwrap(),
            attendees: vec![],
            decisions: vec![
                decision(Some(day), Some(day)),
                decision(None, None),
                decision(Some(day), None),
            ],
            by: person("lou", role::CONTRACT_MANAGER).human().clone(),
            at: NOW,
        });
        let pending = meeting.deadlines();
        assert_eq!(due(&pending), [(Kind::MeetingDecision, day)]);
        assert_eq!(pending[0].rank, 3);
    }
}
