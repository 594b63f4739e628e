//! What is due, for whom and when. Every aggregate says so from its facts alone, without a clock: a deadline that passes
//! changes what people may do, and decides nothing.

use kernel::legal_time::add_months;
use time::Date;

use super::{Procedure, Review, Side, person::role, procedure::State as ProcedureState};

/// Something to be done by a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline {
    /// Last day, a legal day of the region.
    pub due: Date,
    pub kind: Kind,
    /// Tells apart two deadlines of the same kind and subject; 0 for a kind that has one.
    pub rank: i32,
}

/// What is due. The one place that says who acts, and under which text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    ReviewObservations,
    ReviewMilestone,
    NoticeAnswer,
    FileAccess,
    PenaltyPayment,
    DecisionAppeal,
}

/// What a kind of deadline means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// The text stored in the database and sent on the wire.
    pub code: &'static str,
    pub side: Side,
    pub role: &'static str,
    /// One line in French.
    pub title: &'static str,
    /// The text it comes from.
    pub basis: &'static str,
    /// Whether the establishment reads it too.
    pub is_shared: bool,
}

impl Kind {
    pub const ALL: [Self; 6] = [
        Self::ReviewObservations,
        Self::ReviewMilestone,
        Self::NoticeAnswer,
        Self::FileAccess,
        Self::PenaltyPayment,
        Self::DecisionAppeal,
    ];

    pub fn meaning(self) -> Meaning {
        let (code, (side, role), title, basis, is_shared) = match self {
            Self::ReviewObservations => (
                "REVIEW_OBSERVATIONS",
                ESTABLISHMENT,
                "Présenter des observations sur les écarts constatés",
                "CRPA L121-1, L122-1",
                true,
            ),
            Self::ReviewMilestone => (
                "REVIEW_MILESTONE",
                ESTABLISHMENT,
                "Franchir une étape du plan d’action",
                "Conclusion de l’examen contradictoire",
                true,
            ),
            Self::NoticeAnswer => (
                "NOTICE_ANSWER",
                ESTABLISHMENT,
                "Répondre à la mise en demeure",
                "CSP R6114-9, R6114-10",
                true,
            ),
            Self::FileAccess => (
                "FILE_ACCESS",
                (Side::Ars, role::CONTRACT_MANAGER),
                "Communiquer le dossier demandé",
                "CRPA L122-2, R311-13",
                true,
            ),
            Self::PenaltyPayment => (
                "PENALTY_PAYMENT",
                ESTABLISHMENT,
                "Payer la pénalité",
                "CSP R6114-10",
                true,
            ),
            Self::DecisionAppeal => (
                "DECISION_APPEAL",
                ESTABLISHMENT,
                "Saisir le tribunal administratif",
                "CJA R421-1",
                true,
            ),
        };
        Meaning {
            code,
            side,
            role,
            title,
            basis,
            is_shared,
        }
    }

    /// The kind of a stored code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.meaning().code == code)
    }
}

const ESTABLISHMENT: (Side, &str) = (Side::Establishment, role::ESTABLISHMENT_DIRECTOR);

/// Silence for a month on a request for documents is a refusal (CRPA R311-12, R311-13).
const FILE_ACCESS_MONTHS: i32 = 1;
/// The delay of a judicial appeal (CJA R421-1). The day that a délai franc adds and the roll to a working day are left
/// out: a reminder that is early is safe.
const APPEAL_MONTHS: i32 = 2;

fn once(kind: Kind, due: Option<Date>) -> Option<Deadline> {
    due.map(|due| Deadline { due, kind, rank: 0 })
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
    /// The answer to the notice, the file that was asked for, the payment and the appeal.
    pub fn deadlines(&self) -> Vec<Deadline> {
        let mut deadlines = Vec::new();
        if let ProcedureState::UnderNotice(_, notice) = &self.state {
            deadlines.extend(once(Kind::NoticeAnswer, notice.delay.due(self.region)));
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
