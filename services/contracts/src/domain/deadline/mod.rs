//! What is due, for whom and when. Every aggregate says so from its facts alone, without a clock: a deadline that passes
//! changes what people may do, and decides nothing.

mod programming;
mod rules;
mod steps;

use time::Date;

use super::{Side, person::role};

pub use programming::of_series;
pub use rules::{Course, Standing};
pub use steps::pending_steps;

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
    ContractRenewalRequest,
    ContractExtension,
    ContractMidTerm,
    ContractAnnual,
    ContractEnd,
    CommitmentStep,
    CommitmentStepArs,
    RenewalAnswer,
    WithdrawalTerms,
    AmendmentSignature,
    EvaluationReport,
    EvaluationConclusion,
    MeetingMinutes,
    MeetingDecision,
    ReviewObservations,
    ReviewMilestone,
    NoticeAnswer,
    FileAccess,
    PenaltyPayment,
    DecisionAppeal,
    DefenceAnswer,
    ProgrammingPublication,
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
    pub const ALL: [Self; 22] = [
        Self::ContractRenewalRequest,
        Self::ContractExtension,
        Self::ContractMidTerm,
        Self::ContractAnnual,
        Self::ContractEnd,
        Self::CommitmentStep,
        Self::CommitmentStepArs,
        Self::RenewalAnswer,
        Self::WithdrawalTerms,
        Self::AmendmentSignature,
        Self::EvaluationReport,
        Self::EvaluationConclusion,
        Self::MeetingMinutes,
        Self::MeetingDecision,
        Self::ReviewObservations,
        Self::ReviewMilestone,
        Self::NoticeAnswer,
        Self::FileAccess,
        Self::PenaltyPayment,
        Self::DecisionAppeal,
        Self::DefenceAnswer,
        Self::ProgrammingPublication,
    ];

    /// What a departmental council has a part in, whoever acts: the life of a contract that it signs (CASF L313-12 IV ter),
    /// and the programming that it decides with the agency.
    pub const OF_COUNCILS: [Self; 6] = [
        Self::ContractMidTerm,
        Self::ContractAnnual,
        Self::ContractEnd,
        Self::AmendmentSignature,
        Self::MeetingMinutes,
        Self::ProgrammingPublication,
    ];

    /// What it means, for whom, and under which text. The establishment reads every kind that is about a contract: a
    /// deadline that only the agency may know is told by a task. That of a programming is for those who prepare it, and the
    /// answer of the minister of defence for those who asked for it.
    pub fn meaning(self) -> Meaning {
        let (code, (side, role), title, basis) = match self {
            Self::ContractRenewalRequest => (
                "CONTRACT_RENEWAL_REQUEST",
                ESTABLISHMENT,
                "Demander le renouvellement du contrat",
                "CSP L6114-1",
            ),
            Self::ContractExtension => (
                "CONTRACT_EXTENSION",
                DIRECTOR_GENERAL,
                "Annoncer une prorogation du contrat",
                "Arrêté du 3 mars 2017, cahier des charges",
            ),
            Self::ContractMidTerm => (
                "CONTRACT_MID_TERM",
                CONTRACT_MANAGER,
                "Évaluer le contrat à mi-parcours",
                "CSP L6114-1, D6114-8 ; arrêté du 3 mars 2017",
            ),
            Self::ContractAnnual => (
                "CONTRACT_ANNUAL",
                CONTRACT_MANAGER,
                "Évaluer l’année écoulée du contrat",
                "CSP D6114-7, D6114-8",
            ),
            Self::ContractEnd => (
                "CONTRACT_END",
                CONTRACT_MANAGER,
                "Terme du contrat",
                "CSP L6114-1 ; CASF L313-11",
            ),
            Self::CommitmentStep => (
                "COMMITMENT_STEP",
                ESTABLISHMENT,
                "Franchir une étape d’un engagement du contrat",
                "CSP L6114-1 ; échéancier du contrat",
            ),
            Self::CommitmentStepArs => (
                "COMMITMENT_STEP_ARS",
                CONTRACT_MANAGER,
                "Franchir une étape d’un engagement de l’agence",
                "CSP L6114-1 ; échéancier du contrat",
            ),
            Self::RenewalAnswer => (
                "RENEWAL_ANSWER",
                DIRECTOR_GENERAL,
                "Répondre à la demande de renouvellement, que le silence accorde",
                "CSP L6114-1",
            ),
            Self::WithdrawalTerms => (
                "WITHDRAWAL_TERMS",
                DIRECTOR_GENERAL,
                "Fixer les modalités du retrait d’un membre du groupement",
                "CSP R6132-19-3",
            ),
            Self::AmendmentSignature => (
                "AMENDMENT_SIGNATURE",
                DIRECTOR_GENERAL,
                "Signer l’avenant avant sa date d’effet",
                "CSP L6114-1",
            ),
            Self::EvaluationReport => (
                "EVALUATION_REPORT",
                ESTABLISHMENT,
                "Remettre le rapport d’évaluation du contrat",
                "CSP D6114-7, D6114-8",
            ),
            Self::EvaluationConclusion => (
                "EVALUATION_CONCLUSION",
                CONTRACT_MANAGER,
                "Conclure l’évaluation du contrat",
                "CSP D6114-7, D6114-8",
            ),
            Self::MeetingMinutes => (
                "MEETING_MINUTES",
                CONTRACT_MANAGER,
                "Tenir la réunion et en établir le compte rendu",
                "Clause de suivi du contrat ; arrêté du 3 mars 2017",
            ),
            Self::MeetingDecision => (
                "MEETING_DECISION",
                CONTRACT_MANAGER,
                "Faire exécuter une décision de réunion",
                "Compte rendu de la réunion",
            ),
            Self::ReviewObservations => (
                "REVIEW_OBSERVATIONS",
                ESTABLISHMENT,
                "Présenter des observations sur les écarts constatés",
                "CRPA L121-1, L122-1",
            ),
            Self::ReviewMilestone => (
                "REVIEW_MILESTONE",
                ESTABLISHMENT,
                "Franchir une étape du plan d’action",
                "Conclusion de l’examen contradictoire",
            ),
            Self::NoticeAnswer => (
                "NOTICE_ANSWER",
                ESTABLISHMENT,
                "Répondre à la mise en demeure",
                "CSP R6114-9, R6114-10",
            ),
            Self::FileAccess => (
                "FILE_ACCESS",
                CONTRACT_MANAGER,
                "Communiquer le dossier demandé",
                "CRPA L122-2, R311-13",
            ),
            Self::PenaltyPayment => (
                "PENALTY_PAYMENT",
                ESTABLISHMENT,
                "Payer la pénalité",
                "CSP R6114-10",
            ),
            Self::DecisionAppeal => (
                "DECISION_APPEAL",
                ESTABLISHMENT,
                "Saisir le tribunal administratif",
                "CJA R421-1",
            ),
            Self::DefenceAnswer => (
                "DEFENCE_ANSWER",
                CONTRACT_MANAGER,
                "Recueillir l’avis du ministre de la défense avant la résiliation",
                "CSP L1435-3-1 ; jour fixé par la lettre de l’agence",
            ),
            Self::ProgrammingPublication => (
                "PROGRAMMING_PUBLICATION",
                CONTRACT_MANAGER,
                "Publier la programmation des contrats",
                "CASF L313-12, L313-12-2 ; arrêté du 3 mars 2017",
            ),
        };
        Meaning {
            code,
            side,
            role,
            title,
            basis,
            is_shared: !matches!(self, Self::ProgrammingPublication | Self::DefenceAnswer),
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
const CONTRACT_MANAGER: (Side, &str) = (Side::Ars, role::CONTRACT_MANAGER);
const DIRECTOR_GENERAL: (Side, &str) = (Side::Ars, role::DIRECTOR_GENERAL);
