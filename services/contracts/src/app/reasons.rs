//! The reasons of what contracts refuse, part of the public interface.

use rpc::ReasonDoc;
use tonic::Code;

const fn doc(reason: &'static str, code: Code, remedy: &'static str) -> ReasonDoc {
    ReasonDoc {
        reason,
        code,
        remedy,
    }
}

/// Reasons of what contracts refuse.
pub(super) const OWN: &[ReasonDoc] = &[
    doc(
        "WRONG_STATE",
        Code::FailedPrecondition,
        "read the resource: its allowed_actions say what is possible",
    ),
    doc(
        "ROLE_NOT_ENTITLED",
        Code::PermissionDenied,
        "let a person with one of the named roles do it",
    ),
    doc(
        "HUMAN_REQUIRED",
        Code::PermissionDenied,
        "let a person do it: no machine ever can",
    ),
    doc(
        "OUTSIDE_MANDATE",
        Code::PermissionDenied,
        "let somebody who directs a party to the contract do it",
    ),
    doc(
        "OUTSIDE_COMPETENCE",
        Code::PermissionDenied,
        "propose the money of your own département and what is marked as of its competence, and let the agency or the establishment propose the rest",
    ),
    doc(
        "ATTACHMENT_NOT_KEPT",
        Code::FailedPrecondition,
        "send the file with UploadAttachment, then the same request again",
    ),
    doc(
        "ANNEX_FILE_NOT_KEPT",
        Code::FailedPrecondition,
        "send the file with UploadAttachment for the contract or the amendment, then the same request again",
    ),
    doc(
        "PERIMETER_NOT_IN_REGISTRY",
        Code::FailedPrecondition,
        "correct the entities and sites that are named, or import them into the registry first",
    ),
    doc(
        "ENTITY_NOT_IN_REGISTRY",
        Code::FailedPrecondition,
        "wait as RetryInfo says and send the same request again; import the entity if it stays so",
    ),
    doc(
        "PERIMETER_OVERLAP",
        Code::FailedPrecondition,
        "change the dates or the perimeter: the named contract covers the site",
    ),
    doc(
        "PERIMETER_EMPTY",
        Code::FailedPrecondition,
        "name at least one establishment",
    ),
    doc(
        "NO_OBJECTIVE",
        Code::FailedPrecondition,
        "write at least one strategic objective",
    ),
    doc(
        "TOO_MANY_OBJECTIVES",
        Code::FailedPrecondition,
        "propose a version with no more objectives than the regime allows",
    ),
    doc(
        "TERM_TOO_LONG",
        Code::FailedPrecondition,
        "propose a version that ends on the named day at the latest",
    ),
    doc(
        "ALREADY_AGREED",
        Code::FailedPrecondition,
        "wait for the other side, or propose another version",
    ),
    doc(
        "UNKNOWN_CONSULTATION",
        Code::InvalidArgument,
        "name one of the consultations of the text",
    ),
    doc(
        "OPINION_ALREADY_RECORDED",
        Code::FailedPrecondition,
        "nothing is left to do for this body",
    ),
    doc(
        "OPINION_IN_FUTURE",
        Code::InvalidArgument,
        "give the day on which the body gave its opinion",
    ),
    doc(
        "OPINIONS_MISSING",
        Code::FailedPrecondition,
        "record the opinions of the named bodies first",
    ),
    doc(
        "TARGETS_NOT_AGREED",
        Code::FailedPrecondition,
        "let both sides agree to a target set of this contract first",
    ),
    doc(
        "FOREIGN_TARGET_SET",
        Code::FailedPrecondition,
        "agree on a target set of this contract",
    ),
    doc(
        "UNKNOWN_PARTY",
        Code::InvalidArgument,
        "sign for one of the required_signatories",
    ),
    doc(
        "ALREADY_SIGNED",
        Code::FailedPrecondition,
        "wait for the other parties",
    ),
    doc(
        "WRONG_SIGNATORY",
        Code::PermissionDenied,
        "let the director general sign for the agency, and each legal entity's director for it",
    ),
    doc(
        "MANDATE_NOT_IN_FORCE",
        Code::PermissionDenied,
        "wait for the publication and the first day of the act, or record the one that holds today",
    ),
    doc(
        "DOCUMENT_HASH_MISMATCH",
        Code::FailedPrecondition,
        "read the frozen document again and sign that one",
    ),
    doc(
        "EXAMINER_IS_CONTROLLER",
        Code::PermissionDenied,
        "let a reviewer who had no part in the campaign examine",
    ),
    doc(
        "OBSERVATION_PERIOD_RUNNING",
        Code::FailedPrecondition,
        "wait for the observations, or until the day after the due date",
    ),
    doc(
        "NO_SANCTIONABLE_FINDING",
        Code::FailedPrecondition,
        "choose another outcome: no attached finding can bear a sanction",
    ),
    doc(
        "SECOND_PERSON_REQUIRED",
        Code::PermissionDenied,
        "let somebody else than the examiner propose the sanction",
    ),
    doc(
        "SIGNATORY_MISSING",
        Code::FailedPrecondition,
        "add the named departmental council to the text: the category of the site needs its signature",
    ),
    doc(
        "DATE_OUT_OF_RANGE",
        Code::InvalidArgument,
        "give a day within the range that the message says",
    ),
    doc(
        "OWN_MANDATE",
        Code::PermissionDenied,
        "let a colleague record it",
    ),
    doc(
        "MANDATE_OUT_OF_PLACE",
        Code::InvalidArgument,
        "name the contract for an associated third party and for nobody else; delegate procedures for the agency only",
    ),
    doc(
        "GROUPING_NOT_POSSIBLE",
        Code::FailedPrecondition,
        "correct what the message says of the territorial hospital group, or remove it from the text",
    ),
    doc(
        "NOT_AN_AUTHORITY",
        Code::InvalidArgument,
        "approve for one of the required_approvals",
    ),
    doc(
        "APPROVALS_MISSING",
        Code::FailedPrecondition,
        "let the named authorities approve first",
    ),
    doc(
        "PROGRAMMING_UNDER_WAY",
        Code::AlreadyExists,
        "revise or discard the named draft",
    ),
    doc(
        "COUNCIL_NOT_NAMED",
        Code::InvalidArgument,
        "name the council that speaks in `department`: one of the contract that you act for",
    ),
    doc(
        "VERSION_REPLACED",
        Code::Aborted,
        "read the current version, then decide again",
    ),
    doc(
        "UNKNOWN_ELEMENT",
        Code::InvalidArgument,
        "name an element that the text or the resource has",
    ),
    doc(
        "NO_EXTENSION",
        Code::FailedPrecondition,
        "prepare a renewal or another contract: the regime knows no extension",
    ),
    doc(
        "EXTENSIONS_EXHAUSTED",
        Code::FailedPrecondition,
        "negotiate another contract: no extension is left",
    ),
    doc(
        "EXTENSION_TOO_LATE",
        Code::FailedPrecondition,
        "negotiate another contract: the day to announce an extension has passed",
    ),
    doc(
        "EXTENSION_OUT_OF_RANGE",
        Code::InvalidArgument,
        "choose a last day within the range that the message says",
    ),
    doc(
        "FINAL_EVALUATION_MISSING",
        Code::FailedPrecondition,
        "conclude the final evaluation first",
    ),
    doc(
        "NO_RENEWAL",
        Code::FailedPrecondition,
        "prepare another contract: the regime knows no request for renewal",
    ),
    doc(
        "NOT_A_SUCCESSOR",
        Code::FailedPrecondition,
        "name a signed contract of the same parties that takes effect later",
    ),
    doc(
        "NOT_YOUR_COMMITMENT",
        Code::PermissionDenied,
        "let the side that owes the commitment tell it",
    ),
    doc(
        "STEP_ALREADY_DONE",
        Code::AlreadyExists,
        "nothing is left to do: the contract shows it",
    ),
    doc(
        "EVALUATION_PLANNED",
        Code::AlreadyExists,
        "use the evaluation that is planned",
    ),
    doc(
        "RENEWAL_STANDS",
        Code::AlreadyExists,
        "use the request that stands",
    ),
    doc(
        "WITHDRAWAL_TOO_EARLY",
        Code::FailedPrecondition,
        "give notice on the named day or later",
    ),
    doc(
        "WITHDRAWAL_NOTICE_TOO_SHORT",
        Code::FailedPrecondition,
        "give the named day of effect or a later one",
    ),
    doc(
        "WITHDRAWAL_STANDS",
        Code::AlreadyExists,
        "use the notice that stands",
    ),
    doc(
        "AMENDMENT_EMPTY",
        Code::FailedPrecondition,
        "revise the amendment: it changes nothing yet",
    ),
    doc(
        "AMENDED_TEXT_MALFORMED",
        Code::FailedPrecondition,
        "correct the changes: with them the text contradicts itself where the message says",
    ),
    doc(
        "AMENDMENT_CHANGES_HOLDER",
        Code::FailedPrecondition,
        "keep the holders; another holder takes another contract",
    ),
    doc(
        "ALREADY_MEMBER",
        Code::FailedPrecondition,
        "leave it out: it is party to the contract",
    ),
    doc(
        "COUNCIL_STILL_NEEDED",
        Code::FailedPrecondition,
        "take out or change what the message names by the same amendment, or keep the council",
    ),
    doc(
        "LATER_AMENDMENT_CONFLICT",
        Code::FailedPrecondition,
        "change what the message names, or amend later: a signed amendment takes effect after this one",
    ),
    doc(
        "OWN_PROPOSAL",
        Code::PermissionDenied,
        "let the other side answer",
    ),
    doc(
        "NOT_YOUR_PROPOSAL",
        Code::PermissionDenied,
        "reject it, or let the side that proposed it withdraw it",
    ),
    doc(
        "IMPACT_NOT_ACKNOWLEDGED",
        Code::FailedPrecondition,
        "read GetImpactReview and acknowledge it first",
    ),
    doc(
        "IMPACT_MOVED",
        Code::Aborted,
        "read GetImpactReview again and acknowledge what it says now",
    ),
    doc(
        "NO_SIGNING_PROVIDER",
        Code::FailedPrecondition,
        "ask the operator to configure a provider of electronic signatures",
    ),
    doc(
        "NO_TYPESETTER",
        Code::FailedPrecondition,
        "ask the operator to install the program that sets documents",
    ),
    doc(
        "NOT_COMMUNICABLE",
        Code::FailedPrecondition,
        "wait for the last signature, or ask for the full document",
    ),
    doc(
        "TEMPLATE_DEFECTIVE",
        Code::InvalidArgument,
        "correct the template where the message says",
    ),
    doc(
        "DOCUMENT_DEFECTIVE",
        Code::FailedPrecondition,
        "publish a corrected version of the named template, or tell the operator",
    ),
    doc(
        "AMENDMENT_AWAITING_SIGNATURE",
        Code::FailedPrecondition,
        "sign or withdraw the named amendment first",
    ),
];

/// Reasons of files that are not kept.
pub(super) const UNFIT: &[ReasonDoc] = &[
    doc(
        "ATTACHMENT_HEADER_EXPECTED",
        Code::InvalidArgument,
        "send what the file is first, alone",
    ),
    doc(
        "ATTACHMENT_CHUNK_EXPECTED",
        Code::InvalidArgument,
        "send only bytes after the first message",
    ),
    doc(
        "ATTACHMENT_TOO_LARGE",
        Code::InvalidArgument,
        "send a smaller file, or several",
    ),
    doc(
        "ATTACHMENT_SIZE_MISMATCH",
        Code::InvalidArgument,
        "send the whole file, with its size",
    ),
    doc(
        "ATTACHMENT_HASH_MISMATCH",
        Code::InvalidArgument,
        "send the file again, with the hash of its bytes",
    ),
    doc(
        "ATTACHMENT_TYPE_NOT_ACCEPTED",
        Code::InvalidArgument,
        "send the file as one of the accepted types",
    ),
    doc(
        "ATTACHMENT_TYPE_MISMATCH",
        Code::InvalidArgument,
        "tell the type that the bytes have",
    ),
    doc(
        "ATTACHMENTS_FULL",
        Code::ResourceExhausted,
        "name files that are kept already",
    ),
    doc(
        "UPLOAD_STALLED",
        Code::DeadlineExceeded,
        "send the file again",
    ),
];
