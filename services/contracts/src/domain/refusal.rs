//! Everything the domain can answer instead of doing what was asked.

use kernel::Finess;
use time::Date;

use super::{
    ContractId, ProgrammingId, TargetSetId,
    denial::Denial,
    perimeter::Overlap,
    signature::{DocumentHash, Party},
    text::FieldDefect,
};

/// A refusal: what is wrong, where, and what to do. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{method} is not possible while the {resource} is {state}")]
    WrongState {
        method: &'static str,
        resource: &'static str,
        state: &'static str,
    },
    #[error("{method} is done by a person with one of these roles: {}", roles.join(", "))]
    RoleNotEntitled {
        method: &'static str,
        roles: &'static [&'static str],
    },
    #[error("{method} is an act of a person; a machine cannot do it")]
    HumanRequired { method: &'static str },
    #[error("you represent none of the parties of this contract")]
    OutsideMandate,
    #[error(
        "{what} is not of the competence of your département: the people of a council draft its own money, the lines of source DEPARTMENT that it gives, and the objectives and commitments that are marked as of its competence (CASF L313-3, L314-2); let those who negotiate propose the rest (CASF L313-12 IV ter)"
    )]
    OutsideCompetence { what: String },

    #[error(
        "the file {file_name:?} was not received for this with that hash, type and size: send its bytes with UploadAttachment first"
    )]
    AttachmentNotKept { file_name: String },
    #[error(
        "the file of annex {code:?} is kept neither for the contract nor for the amendment: send its bytes with UploadAttachment first"
    )]
    AnnexFileNotKept { code: String },

    #[error("the perimeter does not agree with the registry: {}", first_few(.0))]
    PerimeterNotInRegistry(Vec<FieldDefect>),
    #[error(
        "legalEntities/{entity} is not in this service's copy of the registry: an import of a moment ago may not have arrived yet, so try again; if it stays so, have the entity imported into the registry"
    )]
    EntityNotInRegistry { entity: Finess },
    #[error(
        "establishments/{} is already covered by contract {} from {} to {}, and a site is in one mandatory contract at a time (CSP L6114-1; CASF L313-12); change the dates or the perimeter",
        .0.establishment, .0.contract, .0.effect_date, .0.end_date
    )]
    PerimeterOverlap(Overlap),
    #[error("the text covers no establishment")]
    PerimeterEmpty,
    #[error("the text has no strategic objective")]
    NoObjective,
    #[error(
        "the text has {objectives} strategic objectives; regime {regime} allows at most {max} ({source_text})"
    )]
    TooManyObjectives {
        objectives: usize,
        max: u32,
        regime: String,
        source_text: String,
    },
    #[error(
        "the term ends on {end_date}; regime {regime} allows {max_months} months, that is until {last_day} at the latest ({source_text})"
    )]
    TermTooLong {
        end_date: Date,
        last_day: Date,
        max_months: u32,
        regime: String,
        source_text: String,
    },
    #[error("your side has already agreed to version {version}")]
    AlreadyAgreed { version: i32 },

    #[error("{body:?} is not one of the consultations of the text")]
    UnknownConsultation { body: String },
    #[error("the opinion of {body:?} on this version is already recorded")]
    OpinionAlreadyRecorded { body: String },
    #[error("an opinion cannot be dated {date}, after today")]
    OpinionInFuture { date: Date },
    #[error("these opinions are still missing: {}", bodies.join(", "))]
    OpinionsMissing { bodies: Vec<String> },
    #[error("the contract has no agreed target set; agree on one before freezing: {explanation}")]
    TargetsNotAgreed { explanation: String },
    #[error("the agreed target set {target_set} is that of another contract")]
    ForeignTargetSet { target_set: TargetSetId },
    #[error("{party} is not a party to this contract")]
    UnknownParty { party: Party },
    #[error("{party} has already signed")]
    AlreadySigned { party: Party },
    #[error(
        "you may not sign for {party}: its representative does, or somebody with a published delegation (CSP L6114-1, L1432-2)"
    )]
    WrongSignatory { party: Party },
    #[error(
        "your mandate for {party} does not hold on {day}: it is not published yet, has not begun, or has ended (CRPA L221-2; CSP L1432-2)"
    )]
    MandateNotInForce { party: Party, day: Date },
    #[error(
        "the document to sign is {expected}, not {given}: every party signs the same one (CSP L6114-1); read it again before signing"
    )]
    DocumentHashMismatch {
        expected: DocumentHash,
        given: DocumentHash,
    },

    #[error(
        "establishments/{establishment} is of a category that needs {party} to sign; add it to the departmental councils of the text (regime {regime}, CASF L313-12 IV ter)"
    )]
    SignatoryMissing {
        establishment: Finess,
        party: Party,
        regime: String,
    },
    #[error("{} {}", .0.field, .0.explanation)]
    DateOutOfRange(FieldDefect),
    #[error("nobody records a mandate for themselves; let a colleague do it")]
    OwnMandate,
    #[error("{explanation}")]
    MandateOutOfPlace { explanation: &'static str },
    #[error("a single contract of a territorial hospital group: {explanation} (CSP R6132-19-3)")]
    GroupingNotPossible { explanation: String },
    #[error(
        "{party} does not decide this programming: the agency and the councils it names do (CASF L313-12 IV ter)"
    )]
    NotAnAuthority { party: Party },
    #[error(
        "these authorities have not approved the lines as they stand: {}; a programming is a joint decision (CASF L313-12 IV ter)",
        missing.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    )]
    ApprovalsMissing { missing: Vec<Party> },
    #[error(
        "{programming} is already the draft of the next version of this programming; revise or discard that one"
    )]
    ProgrammingUnderWay { programming: ProgrammingId },
    #[error("version {given} is not the current one, {current}; read that before taking position")]
    VersionReplaced { given: i32, current: i32 },
    #[error(
        "say in `department` which council of this contract speaks, one that you act for: {}",
        among(.councils)
    )]
    CouncilNotNamed { councils: Vec<Party> },
    #[error("the text has no {what} {code:?}")]
    UnknownElement { what: &'static str, code: String },
    #[error(
        "regime {regime} knows no extension of the term; prepare a renewal or another contract"
    )]
    NoExtension { regime: String },
    #[error("the term was extended {times} times already, as often as regime {regime} allows")]
    ExtensionsExhausted { times: u32, regime: String },
    #[error(
        "an extension is announced by {notice_day} at the latest under regime {regime}; negotiate another contract"
    )]
    ExtensionTooLate { notice_day: Date, regime: String },
    #[error(
        "the extension to {last_day} must end after {after} and by {latest} at the latest (regime {regime})"
    )]
    ExtensionOutOfRange {
        last_day: Date,
        after: Date,
        latest: Date,
        regime: String,
    },
    #[error("the final evaluation is not concluded; a contract is closed after it (CSP D6114-8)")]
    FinalEvaluationMissing,

    #[error("the amendment changes nothing yet; revise it before agreeing")]
    AmendmentEmpty,
    #[error("with these changes the text is not well formed: {}", first_few(.0))]
    AmendedTextMalformed(Vec<FieldDefect>),
    #[error(
        "an amendment keeps the holders of the contract, {}; another holder needs another contract, signed by it (CSP L6114-1); of a contract of several legal entities, members join and leave, and its holder stays (CSP R6132-19-3)",
        holders.join(", ")
    )]
    AmendmentChangesHolder { holders: Vec<String> },
    #[error("{party} is a party to the contract already")]
    AlreadyMember { party: Party },
    #[error(
        "{party} does not leave the contract while {what} is of its competence: let that go, or change, by the same amendment (CASF L313-3, L313-12 IV ter)"
    )]
    CouncilStillNeeded { party: Party, what: String },
    #[error(
        "amendment {number}, signed, takes effect on {effect_date}; with these changes the contract would not be in order from then on: {cause}"
    )]
    LaterAmendmentConflict {
        number: i32,
        effect_date: Date,
        cause: Box<Refusal>,
    },
    #[error("{method} is for the other side: yours proposed the amendment")]
    OwnProposal { method: &'static str },
    #[error("only the side that proposed the amendment withdraws it; yours may reject it")]
    NotYourProposal,
    #[error(
        "nobody has acknowledged the impact of this revision; read it and acknowledge it first"
    )]
    ImpactNotAcknowledged,
    #[error("the impact is now {current}; read it again and acknowledge that one")]
    ImpactMoved { current: DocumentHash },
    #[error(
        "amendment {amendment} of this contract is waiting for signatures; numbers follow each other, so sign or withdraw that one first"
    )]
    AmendmentAwaitingSignature { amendment: String },

    #[error(
        "no provider of electronic signatures is configured, so nothing can be signed here (CRPA L212-3)"
    )]
    NoSigningProvider,

    #[error("no program that sets documents is installed, so none is made here")]
    NoTypesetter,
    #[error(
        "until every party has signed, the document is preparatory and is not communicated (CRPA L311-2)"
    )]
    NotCommunicable,
    #[error(
        "the template is not published: with the sample document {sample} it cannot be set: {defects}"
    )]
    TemplateDefective { sample: String, defects: String },
    #[error("the document cannot be set with template {template}: {defects}")]
    DocumentDefective { template: String, defects: String },

    #[error("regime {regime} knows no request for renewal; prepare another contract")]
    NoRenewal { regime: String },
    #[error(
        "commitment {commitment:?} is not one of your side: who owes it tells that its steps are done"
    )]
    NotYourCommitment { commitment: String },
    #[error("this step is already recorded as done")]
    StepAlreadyDone,
    #[error("this evaluation of {year} is already planned for the contract")]
    EvaluationPlanned { year: i32 },
    #[error("a request for renewal of this contract already stands")]
    RenewalStands,
    #[error("a member leaves the contract of its group from {from} on, not before ({source_text})")]
    WithdrawalTooEarly { from: Date, source_text: String },
    #[error(
        "the notice runs: the withdrawal takes effect on {earliest} at the earliest (CSP R6132-19-3)"
    )]
    WithdrawalNoticeTooShort { earliest: Date },
    #[error("this member has already given notice")]
    WithdrawalStands,
    #[error(
        "{successor} does not follow this contract: it must be signed, of the same parties, and take effect later"
    )]
    NotASuccessor { successor: ContractId },

    #[error("the person who examines cannot be one who conducted the campaign")]
    ExaminerIsController,
    #[error(
        "the establishment may still answer until {due_date}; conclude once it has, or from the day after"
    )]
    ObservationPeriodRunning { due_date: Date },
    #[error(
        "no attached finding can bear a sanction: one must be opposable, penalty eligible and at least major"
    )]
    NoSanctionableFinding,
    #[error(
        "the person who examined cannot also propose a sanction; a second person must conclude"
    )]
    SecondPersonRequired,

    #[error(transparent)]
    Denied(#[from] Denial),
}

/// Between which councils there is to choose.
fn among(councils: &[Party]) -> String {
    if councils.is_empty() {
        return "you act for none, so leave it empty".to_owned();
    }
    let names: Vec<String> = councils.iter().map(ToString::to_string).collect();
    names.join(", ")
}

/// The message names some; a long list would help nobody.
fn first_few(defects: &[FieldDefect]) -> String {
    const SHOWN: usize = 5;
    let shown = defects
        .iter()
        .take(SHOWN)
        .map(|defect| defect.explanation.clone());
    let more = defects.len().saturating_sub(SHOWN);
    let rest = (more > 0).then(|| format!("and {more} more"));
    shown.chain(rest).collect::<Vec<_>>().join("; ")
}

impl Refusal {
    /// Stable name, part of the public interface.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "WRONG_STATE",
            Self::RoleNotEntitled { .. } => "ROLE_NOT_ENTITLED",
            Self::HumanRequired { .. } => "HUMAN_REQUIRED",
            Self::OutsideMandate => "OUTSIDE_MANDATE",
            Self::OutsideCompetence { .. } => "OUTSIDE_COMPETENCE",
            Self::AttachmentNotKept { .. } => "ATTACHMENT_NOT_KEPT",
            Self::AnnexFileNotKept { .. } => "ANNEX_FILE_NOT_KEPT",
            Self::PerimeterNotInRegistry(_) => "PERIMETER_NOT_IN_REGISTRY",
            Self::EntityNotInRegistry { .. } => "ENTITY_NOT_IN_REGISTRY",
            Self::PerimeterOverlap(_) => "PERIMETER_OVERLAP",
            Self::PerimeterEmpty => "PERIMETER_EMPTY",
            Self::NoObjective => "NO_OBJECTIVE",
            Self::TooManyObjectives { .. } => "TOO_MANY_OBJECTIVES",
            Self::TermTooLong { .. } => "TERM_TOO_LONG",
            Self::AlreadyAgreed { .. } => "ALREADY_AGREED",
            Self::UnknownConsultation { .. } => "UNKNOWN_CONSULTATION",
            Self::OpinionAlreadyRecorded { .. } => "OPINION_ALREADY_RECORDED",
            Self::OpinionInFuture { .. } => "OPINION_IN_FUTURE",
            Self::OpinionsMissing { .. } => "OPINIONS_MISSING",
            Self::TargetsNotAgreed { .. } => "TARGETS_NOT_AGREED",
            Self::ForeignTargetSet { .. } => "FOREIGN_TARGET_SET",
            Self::UnknownParty { .. } => "UNKNOWN_PARTY",
            Self::AlreadySigned { .. } => "ALREADY_SIGNED",
            Self::WrongSignatory { .. } => "WRONG_SIGNATORY",
            Self::MandateNotInForce { .. } => "MANDATE_NOT_IN_FORCE",
            Self::DocumentHashMismatch { .. } => "DOCUMENT_HASH_MISMATCH",
            Self::SignatoryMissing { .. } => "SIGNATORY_MISSING",
            Self::DateOutOfRange(_) => "DATE_OUT_OF_RANGE",
            Self::OwnMandate => "OWN_MANDATE",
            Self::MandateOutOfPlace { .. } => "MANDATE_OUT_OF_PLACE",
            Self::GroupingNotPossible { .. } => "GROUPING_NOT_POSSIBLE",
            Self::NotAnAuthority { .. } => "NOT_AN_AUTHORITY",
            Self::ApprovalsMissing { .. } => "APPROVALS_MISSING",
            Self::ProgrammingUnderWay { .. } => "PROGRAMMING_UNDER_WAY",
            Self::VersionReplaced { .. } => "VERSION_REPLACED",
            Self::CouncilNotNamed { .. } => "COUNCIL_NOT_NAMED",
            Self::UnknownElement { .. } => "UNKNOWN_ELEMENT",
            Self::NoExtension { .. } => "NO_EXTENSION",
            Self::ExtensionsExhausted { .. } => "EXTENSIONS_EXHAUSTED",
            Self::ExtensionTooLate { .. } => "EXTENSION_TOO_LATE",
            Self::ExtensionOutOfRange { .. } => "EXTENSION_OUT_OF_RANGE",
            Self::FinalEvaluationMissing => "FINAL_EVALUATION_MISSING",
            Self::AmendmentEmpty => "AMENDMENT_EMPTY",
            Self::AmendedTextMalformed(_) => "AMENDED_TEXT_MALFORMED",
            Self::AmendmentChangesHolder { .. } => "AMENDMENT_CHANGES_HOLDER",
            Self::AlreadyMember { .. } => "ALREADY_MEMBER",
            Self::CouncilStillNeeded { .. } => "COUNCIL_STILL_NEEDED",
            Self::LaterAmendmentConflict { .. } => "LATER_AMENDMENT_CONFLICT",
            Self::OwnProposal { .. } => "OWN_PROPOSAL",
            Self::NotYourProposal => "NOT_YOUR_PROPOSAL",
            Self::ImpactNotAcknowledged => "IMPACT_NOT_ACKNOWLEDGED",
            Self::ImpactMoved { .. } => "IMPACT_MOVED",
            Self::AmendmentAwaitingSignature { .. } => "AMENDMENT_AWAITING_SIGNATURE",
            Self::NoSigningProvider => "NO_SIGNING_PROVIDER",
            Self::NoTypesetter => "NO_TYPESETTER",
            Self::NotCommunicable => "NOT_COMMUNICABLE",
            Self::TemplateDefective { .. } => "TEMPLATE_DEFECTIVE",
            Self::DocumentDefective { .. } => "DOCUMENT_DEFECTIVE",
            Self::NoRenewal { .. } => "NO_RENEWAL",
            Self::NotYourCommitment { .. } => "NOT_YOUR_COMMITMENT",
            Self::StepAlreadyDone => "STEP_ALREADY_DONE",
            Self::EvaluationPlanned { .. } => "EVALUATION_PLANNED",
            Self::RenewalStands => "RENEWAL_STANDS",
            Self::WithdrawalTooEarly { .. } => "WITHDRAWAL_TOO_EARLY",
            Self::WithdrawalNoticeTooShort { .. } => "WITHDRAWAL_NOTICE_TOO_SHORT",
            Self::WithdrawalStands => "WITHDRAWAL_STANDS",
            Self::NotASuccessor { .. } => "NOT_A_SUCCESSOR",
            Self::ExaminerIsController => "EXAMINER_IS_CONTROLLER",
            Self::ObservationPeriodRunning { .. } => "OBSERVATION_PERIOD_RUNNING",
            Self::NoSanctionableFinding => "NO_SANCTIONABLE_FINDING",
            Self::SecondPersonRequired => "SECOND_PERSON_REQUIRED",
            Self::Denied(denial) => denial.reason(),
        }
    }
}
