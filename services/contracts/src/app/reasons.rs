//! The reasons of what contracts refuse, part of the public interface.

use rpc::ReasonDoc;
use tonic::Code;

/// Reasons of what contracts refuse.
pub(super) const OWN: &[ReasonDoc] = &[
    ReasonDoc::new(
        "WRONG_STATE",
        Code::FailedPrecondition,
        "read the resource: its allowed_actions say what is possible",
    ),
    ReasonDoc::new(
        "ROLE_NOT_ENTITLED",
        Code::PermissionDenied,
        "let a person with one of the named roles do it",
    ),
    ReasonDoc::new(
        "HUMAN_REQUIRED",
        Code::PermissionDenied,
        "let a person do it: no machine ever can",
    ),
    ReasonDoc::new(
        "OUTSIDE_MANDATE",
        Code::PermissionDenied,
        "let somebody who directs a party to the contract do it",
    ),
    ReasonDoc::new(
        "OUTSIDE_COMPETENCE",
        Code::PermissionDenied,
        "propose the money of your own département and what is marked as of its competence, and let the agency or the establishment propose the rest",
    ),
    ReasonDoc::new(
        "ATTACHMENT_NOT_KEPT",
        Code::FailedPrecondition,
        "send the file with UploadAttachment, then the same request again",
    ),
    ReasonDoc::new(
        "ANNEX_FILE_NOT_KEPT",
        Code::FailedPrecondition,
        "send the file with UploadAttachment for the contract or the amendment, then the same request again",
    ),
    ReasonDoc::new(
        "PERIMETER_NOT_IN_REGISTRY",
        Code::FailedPrecondition,
        "correct the entities and sites that are named, or import them into the registry first",
    ),
    ReasonDoc::new(
        "ENTITY_NOT_IN_REGISTRY",
        Code::FailedPrecondition,
        "wait as RetryInfo says and send the same request again; import the entity if it stays so",
    ),
    ReasonDoc::new(
        "PERIMETER_OVERLAP",
        Code::FailedPrecondition,
        "change the dates or the perimeter: the named contract covers the site",
    ),
    ReasonDoc::new(
        "PERIMETER_EMPTY",
        Code::FailedPrecondition,
        "name at least one establishment",
    ),
    ReasonDoc::new(
        "NO_OBJECTIVE",
        Code::FailedPrecondition,
        "write at least one strategic objective",
    ),
    ReasonDoc::new(
        "TOO_MANY_OBJECTIVES",
        Code::FailedPrecondition,
        "propose a version with no more objectives than the regime allows",
    ),
    ReasonDoc::new(
        "TERM_TOO_LONG",
        Code::FailedPrecondition,
        "propose a version that ends on the named day at the latest",
    ),
    ReasonDoc::new(
        "ALREADY_AGREED",
        Code::FailedPrecondition,
        "wait for the other side, or propose another version",
    ),
    ReasonDoc::new(
        "UNKNOWN_CONSULTATION",
        Code::InvalidArgument,
        "name one of the consultations of the text",
    ),
    ReasonDoc::new(
        "OPINION_ALREADY_RECORDED",
        Code::FailedPrecondition,
        "nothing is left to do for this body",
    ),
    ReasonDoc::new(
        "OPINION_IN_FUTURE",
        Code::InvalidArgument,
        "give the day on which the body gave its opinion",
    ),
    ReasonDoc::new(
        "OPINIONS_MISSING",
        Code::FailedPrecondition,
        "record the opinions of the named bodies first",
    ),
    ReasonDoc::new(
        "TARGETS_NOT_AGREED",
        Code::FailedPrecondition,
        "let both sides agree to a target set of this contract first",
    ),
    ReasonDoc::new(
        "FOREIGN_TARGET_SET",
        Code::FailedPrecondition,
        "agree on a target set of this contract",
    ),
    ReasonDoc::new(
        "UNKNOWN_PARTY",
        Code::InvalidArgument,
        "sign for one of the required_signatories",
    ),
    ReasonDoc::new(
        "ALREADY_SIGNED",
        Code::FailedPrecondition,
        "wait for the other parties",
    ),
    ReasonDoc::new(
        "WRONG_SIGNATORY",
        Code::PermissionDenied,
        "let the director general sign for the agency, and each legal entity's director for it",
    ),
    ReasonDoc::new(
        "MANDATE_NOT_IN_FORCE",
        Code::PermissionDenied,
        "wait for the publication and the first day of the act, or record the one that holds today",
    ),
    ReasonDoc::new(
        "DOCUMENT_HASH_MISMATCH",
        Code::FailedPrecondition,
        "read the frozen document again and sign that one",
    ),
    ReasonDoc::new(
        "EXAMINER_IS_CONTROLLER",
        Code::PermissionDenied,
        "let a reviewer who had no part in the campaign examine",
    ),
    ReasonDoc::new(
        "OBSERVATION_PERIOD_RUNNING",
        Code::FailedPrecondition,
        "wait for the observations, or until the day after the due date",
    ),
    ReasonDoc::new(
        "NO_SANCTIONABLE_FINDING",
        Code::FailedPrecondition,
        "choose another outcome: no attached finding can bear a sanction",
    ),
    ReasonDoc::new(
        "SECOND_PERSON_REQUIRED",
        Code::PermissionDenied,
        "let somebody else than the examiner propose the sanction",
    ),
    ReasonDoc::new(
        "SIGNATORY_MISSING",
        Code::FailedPrecondition,
        "add the named departmental council to the text: the category of the site needs its signature",
    ),
    ReasonDoc::new(
        "DATE_OUT_OF_RANGE",
        Code::InvalidArgument,
        "give a day within the range that the message says",
    ),
    ReasonDoc::new(
        "OWN_MANDATE",
        Code::PermissionDenied,
        "let a colleague record it",
    ),
    ReasonDoc::new(
        "MANDATE_OUT_OF_PLACE",
        Code::InvalidArgument,
        "name the contract for an associated third party and for nobody else; delegate procedures for the agency only",
    ),
    ReasonDoc::new(
        "GROUPING_NOT_POSSIBLE",
        Code::FailedPrecondition,
        "correct what the message says of the territorial hospital group, or remove it from the text",
    ),
    ReasonDoc::new(
        "NOT_AN_AUTHORITY",
        Code::InvalidArgument,
        "approve for one of the required_approvals",
    ),
    ReasonDoc::new(
        "APPROVALS_MISSING",
        Code::FailedPrecondition,
        "let the named authorities approve first",
    ),
    ReasonDoc::new(
        "PROGRAMMING_UNDER_WAY",
        Code::AlreadyExists,
        "revise or discard the named draft",
    ),
    ReasonDoc::new(
        "COUNCIL_NOT_NAMED",
        Code::InvalidArgument,
        "name the council that speaks in `department`: one of the contract that you act for",
    ),
    ReasonDoc::new(
        "VERSION_REPLACED",
        Code::Aborted,
        "read the current version, then decide again",
    ),
    ReasonDoc::new(
        "UNKNOWN_ELEMENT",
        Code::InvalidArgument,
        "name an element that the text or the resource has",
    ),
    ReasonDoc::new(
        "NO_EXTENSION",
        Code::FailedPrecondition,
        "prepare a renewal or another contract: the regime knows no extension",
    ),
    ReasonDoc::new(
        "EXTENSIONS_EXHAUSTED",
        Code::FailedPrecondition,
        "negotiate another contract: no extension is left",
    ),
    ReasonDoc::new(
        "EXTENSION_TOO_LATE",
        Code::FailedPrecondition,
        "negotiate another contract: the day to announce an extension has passed",
    ),
    ReasonDoc::new(
        "EXTENSION_OUT_OF_RANGE",
        Code::InvalidArgument,
        "choose a last day within the range that the message says",
    ),
    ReasonDoc::new(
        "FINAL_EVALUATION_MISSING",
        Code::FailedPrecondition,
        "conclude the final evaluation first",
    ),
    ReasonDoc::new(
        "NO_RENEWAL",
        Code::FailedPrecondition,
        "prepare another contract: the regime knows no request for renewal",
    ),
    ReasonDoc::new(
        "NOT_A_SUCCESSOR",
        Code::FailedPrecondition,
        "name a signed contract of the same parties that takes effect later",
    ),
    ReasonDoc::new(
        "NOT_YOUR_COMMITMENT",
        Code::PermissionDenied,
        "let the side that owes the commitment tell it",
    ),
    ReasonDoc::new(
        "STEP_ALREADY_DONE",
        Code::AlreadyExists,
        "nothing is left to do: the contract shows it",
    ),
    ReasonDoc::new(
        "EVALUATION_PLANNED",
        Code::AlreadyExists,
        "use the evaluation that is planned",
    ),
    ReasonDoc::new(
        "RENEWAL_STANDS",
        Code::AlreadyExists,
        "use the request that stands",
    ),
    ReasonDoc::new(
        "WITHDRAWAL_TOO_EARLY",
        Code::FailedPrecondition,
        "give notice on the named day or later",
    ),
    ReasonDoc::new(
        "WITHDRAWAL_NOTICE_TOO_SHORT",
        Code::FailedPrecondition,
        "give the named day of effect or a later one",
    ),
    ReasonDoc::new(
        "WITHDRAWAL_STANDS",
        Code::AlreadyExists,
        "use the notice that stands",
    ),
    ReasonDoc::new(
        "AMENDMENT_EMPTY",
        Code::FailedPrecondition,
        "revise the amendment: it changes nothing yet",
    ),
    ReasonDoc::new(
        "AMENDED_TEXT_MALFORMED",
        Code::FailedPrecondition,
        "correct the changes: with them the text contradicts itself where the message says",
    ),
    ReasonDoc::new(
        "AMENDMENT_CHANGES_HOLDER",
        Code::FailedPrecondition,
        "keep the holders; another holder takes another contract",
    ),
    ReasonDoc::new(
        "ALREADY_MEMBER",
        Code::FailedPrecondition,
        "leave it out: it is party to the contract",
    ),
    ReasonDoc::new(
        "COUNCIL_STILL_NEEDED",
        Code::FailedPrecondition,
        "take out or change what the message names by the same amendment, or keep the council",
    ),
    ReasonDoc::new(
        "LATER_AMENDMENT_CONFLICT",
        Code::FailedPrecondition,
        "change what the message names, or amend later: a signed amendment takes effect after this one",
    ),
    ReasonDoc::new(
        "OWN_PROPOSAL",
        Code::PermissionDenied,
        "let the other side answer",
    ),
    ReasonDoc::new(
        "NOT_YOUR_PROPOSAL",
        Code::PermissionDenied,
        "reject it, or let the side that proposed it withdraw it",
    ),
    ReasonDoc::new(
        "IMPACT_NOT_ACKNOWLEDGED",
        Code::FailedPrecondition,
        "read GetImpactReview and acknowledge it first",
    ),
    ReasonDoc::new(
        "IMPACT_MOVED",
        Code::Aborted,
        "read GetImpactReview again and acknowledge what it says now",
    ),
    ReasonDoc::new(
        "NO_SIGNING_PROVIDER",
        Code::FailedPrecondition,
        "ask the operator to configure a provider of electronic signatures",
    ),
    ReasonDoc::new(
        "NO_TYPESETTER",
        Code::FailedPrecondition,
        "ask the operator to install the program that sets documents",
    ),
    ReasonDoc::new(
        "NOT_COMMUNICABLE",
        Code::FailedPrecondition,
        "wait for the last signature, or ask for the full document",
    ),
    ReasonDoc::new(
        "TEMPLATE_DEFECTIVE",
        Code::InvalidArgument,
        "correct the template where the message says",
    ),
    ReasonDoc::new(
        "DOCUMENT_DEFECTIVE",
        Code::FailedPrecondition,
        "publish a corrected version of the named template, or tell the operator",
    ),
    ReasonDoc::new(
        "AMENDMENT_AWAITING_SIGNATURE",
        Code::FailedPrecondition,
        "sign or withdraw the named amendment first",
    ),
];

/// Reasons of files that are not kept.
pub(super) const UNFIT: &[ReasonDoc] = &[
    ReasonDoc::new(
        "ATTACHMENT_HEADER_EXPECTED",
        Code::InvalidArgument,
        "send what the file is first, alone",
    ),
    ReasonDoc::new(
        "ATTACHMENT_CHUNK_EXPECTED",
        Code::InvalidArgument,
        "send only bytes after the first message",
    ),
    ReasonDoc::new(
        "ATTACHMENT_TOO_LARGE",
        Code::InvalidArgument,
        "send a smaller file, or several",
    ),
    ReasonDoc::new(
        "ATTACHMENT_SIZE_MISMATCH",
        Code::InvalidArgument,
        "send the whole file, with its size",
    ),
    ReasonDoc::new(
        "ATTACHMENT_HASH_MISMATCH",
        Code::InvalidArgument,
        "send the file again, with the hash of its bytes",
    ),
    ReasonDoc::new(
        "ATTACHMENT_TYPE_NOT_ACCEPTED",
        Code::InvalidArgument,
        "send the file as one of the accepted types",
    ),
    ReasonDoc::new(
        "ATTACHMENT_TYPE_MISMATCH",
        Code::InvalidArgument,
        "tell the type that the bytes have",
    ),
    ReasonDoc::new(
        "ATTACHMENTS_FULL",
        Code::ResourceExhausted,
        "name files that are kept already",
    ),
    ReasonDoc::new(
        "UPLOAD_STALLED",
        Code::DeadlineExceeded,
        "send the file again",
    ),
];
