//! What a region plans, before anything is asked of a service. Requests have no identifier yet: it follows from the plan
//! when they are sent.

use kernel::Finess;
use proto::targets::v1::{
    Allowance, AllowanceTarget, Axis, Capacity, CommissionOpinion, CooperationContent,
    DiagnosisFinding, DialogueSession, DraftFrameworkRequest, InflectionProposal, ObtainedSaving,
    Participant, PointValue, Position, ProjectAuthorisation, ProjectCalendar, ProjectCandidate,
    ProjectNeed, ProjectSpecification, PublishRatesRequest, SchemeContent, WaitingList,
};

/// Everything that is planned beside the contracts of a region.
#[derive(Debug, Clone, Default)]
pub struct Planning {
    pub population: PopulationFile,
    pub case_mix: CaseMixFile,
    /// Versions of series, each after the one it corrects.
    pub rates: Vec<PublishRatesRequest>,
    pub framework: Option<DraftFrameworkRequest>,
    pub dialogues: Vec<PlannedDialogue>,
    /// Recorded together.
    pub places: Vec<Capacity>,
    pub waiting_lists: Vec<WaitingList>,
    pub allowances: Vec<Allowance>,
    pub allowance_targets: Vec<AllowanceTarget>,
    pub point_values: Vec<PointValue>,
    pub accounts: AccountsFile,
    pub scheme: Option<PlannedScheme>,
    pub calls: Vec<PlannedCall>,
    pub cooperations: Vec<PlannedCooperation>,
    pub envelopes: Vec<PlannedEnvelope>,
    pub programming: Option<PlannedProgramming>,
}

/// Who lives in the communes.
#[derive(Debug, Clone, Default)]
pub struct PopulationFile {
    pub id: String,
    pub year: i32,
    pub source: String,
    /// `year;area;sex;age_class;population`.
    pub content: String,
}

/// What establishments did for residents of the communes, in medicine, surgery and obstetrics.
#[derive(Debug, Clone, Default)]
pub struct CaseMixFile {
    pub source: String,
    /// `YYYY-MM-DD`.
    pub extraction_date: String,
    /// `finess;year;month;activity;…`.
    pub content: String,
}

/// What establishments spent, as an export of their ERRD.
#[derive(Debug, Clone, Default)]
pub struct AccountsFile {
    pub source: String,
    /// `YYYY-MM-DD`.
    pub extraction_date: String,
    /// `Finess EJ;Finess;Année;Dépenses Groupe I ERRD;…`.
    pub content: String,
}

/// The dialogue of a territory. Evidence from the case-mix that names no reference is of the import of this planning.
#[derive(Debug, Clone, Default)]
pub struct PlannedDialogue {
    /// Resource name.
    pub territory: String,
    pub title: String,
    pub participants: Vec<Participant>,
    pub sessions: Vec<DialogueSession>,
    pub diagnosis: Vec<DiagnosisFinding>,
    pub inflections: Vec<PlannedInflection>,
}

/// A change of activity, what is said of it, and whether the agency retains it.
#[derive(Debug, Clone, Default)]
pub struct PlannedInflection {
    pub proposal: InflectionProposal,
    pub positions: Vec<Position>,
    pub is_agreed: bool,
}

/// The regional scheme, under a version of the axes.
#[derive(Debug, Clone, Default)]
pub struct PlannedScheme {
    /// Identifier of the version of the axes.
    pub axes_id: String,
    pub axes: Vec<Axis>,
    pub content: SchemeContent,
    /// The act that adopts it; none while it waits for its director general.
    pub decision: Option<String>,
}

/// A call for projects, from its need to the places that were opened.
#[derive(Debug, Clone, Default)]
pub struct PlannedCall {
    pub need: ProjectNeed,
    /// Identifier of the objective it answers, told when the scheme is adopted.
    pub answers: String,
    pub calendar: ProjectCalendar,
    pub specification: ProjectSpecification,
    pub candidates: Vec<ProjectCandidate>,
    pub opinion: CommissionOpinion,
    pub authorisation: ProjectAuthorisation,
    /// Recorded under the act of the authorisation.
    pub places: Vec<Capacity>,
}

/// A cooperation with what it saved.
#[derive(Debug, Clone, Default)]
pub struct PlannedCooperation {
    pub content: CooperationContent,
    pub savings: Vec<ObtainedSaving>,
}

/// Credits of a year and origin, and one engagement.
#[derive(Debug, Clone, Default)]
pub struct PlannedEnvelope {
    pub year: i32,
    pub origin: String,
    pub title: String,
    pub amount: String,
    pub decision: String,
    pub engaged: String,
    pub purpose: String,
    /// FINESS number of whom it is for.
    pub beneficiary: String,
    pub engagement_decision: String,
}

/// The contracts of EHPAD to be signed, decided with one council.
#[derive(Debug, Clone, Default)]
pub struct PlannedProgramming {
    /// INSEE code.
    pub department: String,
    pub contracts: Vec<ProgrammedContract>,
    pub comment: String,
}

/// One of these contracts.
#[derive(Debug, Clone)]
pub struct ProgrammedContract {
    pub legal_entity: Finess,
    pub establishments: Vec<Finess>,
    /// Years after the first that is programmed.
    pub after: i32,
}
