//! `docs/EVENTS.md`: every event of the suite, with its subject, its fields and what they mean.

use std::{collections::HashMap, fmt::Write as _};

use anyhow::Context as _;
use prost_reflect::{DescriptorPool, FieldDescriptor, FileDescriptor, Kind, MessageDescriptor};
use protox::file::{ChainFileResolver, DescriptorSetFileResolver, IncludeFileResolver};

use super::markdown::{GENERATED, cell, table};
use crate::repository;

const INTRODUCTION: &str = "\
Events are published as CloudEvents 1.0 in structured JSON; `data` is the proto3 JSON of the message named by `type`.
`Nats-Msg-Id` is the id of the event, and `traceparent` the trace of the command that caused it. `actor` names a machine, or
commits to persons (`person:…`) whose identifiers stand beside it in `persons`, outside of what is hashed. Each aggregate numbers
its events from 1 (`aggregateversion`): a consumer applies them in that order and ignores what it has seen. New fields
may appear; consumers ignore those they do not know. The stream of a service is `CPOM_<SERVICE>`.
";

/// Kinds of aggregate of a service, each with its events.
type Kinds = &'static [(&'static str, &'static [&'static str])];

/// The kind of aggregate that each event belongs to.
const AGGREGATES: [(&str, Kinds); 4] = [
    (
        "establishments",
        &[
            (
                "legal_entity",
                &[
                    "LegalEntityRegistered",
                    "LegalEntityChanged",
                    "LegalEntityClosed",
                ],
            ),
            (
                "establishment",
                &[
                    "EstablishmentRegistered",
                    "EstablishmentChanged",
                    "EstablishmentClosed",
                ],
            ),
            ("registry_import", &["RegistryImported"]),
        ],
    ),
    (
        "contracts",
        &[
            (
                "contract",
                &[
                    "ContractDrafted",
                    "NegotiationOpened",
                    "VersionProposed",
                    "VersionAgreed",
                    "ConsultationOpened",
                    "OpinionRecorded",
                    "ContractFrozen",
                    "ContractSignedByParty",
                    "ContractSigned",
                    "SignatureWithdrawn",
                    "ContractInForce",
                    "ContractExpired",
                    "ContractAbandoned",
                    "PositionRecorded",
                    "TermExtended",
                    "NoticeOfTerminationGiven",
                    "NoticeOfTerminationLifted",
                    "ContractTerminated",
                    "ContractRenewed",
                    "ContractClosed",
                ],
            ),
            (
                "amendment",
                &[
                    "AmendmentProposed",
                    "AmendmentNegotiationOpened",
                    "AmendmentRevised",
                    "AmendmentAgreed",
                    "AmendmentConsultationOpened",
                    "AmendmentOpinionRecorded",
                    "ImpactAcknowledged",
                    "AmendmentFrozen",
                    "AmendmentSignedByParty",
                    "AmendmentSigned",
                    "AmendmentSignatureWithdrawn",
                    "AmendmentRejected",
                    "AmendmentWithdrawn",
                    "AmendmentInEffect",
                ],
            ),
            (
                "renewal",
                &[
                    "RenewalRequested",
                    "RenewalGranted",
                    "RenewalRefused",
                    "RenewalBySilence",
                    "TacitRenewalConfirmed",
                ],
            ),
            ("withdrawal", &["WithdrawalNotified", "WithdrawalTermsSet"]),
            (
                "evaluation",
                &[
                    "EvaluationPlanned",
                    "EvaluationReported",
                    "EvaluationConcluded",
                ],
            ),
            (
                "meeting",
                &[
                    "MeetingPlanned",
                    "MinutesRecorded",
                    "MeetingDecisionCompleted",
                ],
            ),
            ("step", &["StepCompleted"]),
            ("mandate", &["MandateRegistered", "MandateEnded"]),
            (
                "programming",
                &[
                    "ProgrammingDrafted",
                    "ProgrammingRevised",
                    "ProgrammingApproved",
                    "ProgrammingPublished",
                    "ProgrammingDiscarded",
                ],
            ),
            ("task", &["TaskRaised", "TaskCompleted"]),
            ("template", &["TemplatePublished"]),
            (
                "review",
                &[
                    "ReviewOpened",
                    "FindingAttached",
                    "FindingDetached",
                    "ReviewNotified",
                    "ObservationsSubmitted",
                    "ReviewExamined",
                    "ReviewConcluded",
                    "FindingAmended",
                    "ReviewReceived",
                    "ObservationPeriodExtended",
                    "ReviewHearingRecorded",
                    "ReviewContextAdded",
                    "MilestoneCompleted",
                    "ReviewReopened",
                ],
            ),
            (
                "procedure",
                &[
                    "ProcedureProposed",
                    "ProcedureOpened",
                    "FormalNoticeSent",
                    "FormalNoticeReceived",
                    "FormalNoticeAnswered",
                    "ProcedureHearingRecorded",
                    "FileAccessRequested",
                    "FileAccessGranted",
                    "FormalNoticeExtended",
                    "ObservationsAcknowledged",
                    "ProcedureDropped",
                    "ProcedureDecided",
                    "DecisionNotified",
                    "DecisionReceived",
                    "PenaltyPaid",
                    "PenaltyReferred",
                    "AppealFiled",
                    "AppealDecided",
                    "DefenceConsulted",
                    "DefenceAnswered",
                ],
            ),
            (
                "delivery_consent",
                &["DeliveryConsentGiven", "DeliveryConsentWithdrawn"],
            ),
        ],
    ),
    (
        "targets",
        &[
            (
                "target_set",
                &[
                    "TargetSetDrafted",
                    "ObjectivesReplaced",
                    "TargetSetAgreedBySide",
                    "TargetSetAgreed",
                    "TargetSetInEffect",
                    "TargetSetEnded",
                ],
            ),
            (
                "submission",
                &["SubmissionOpenedEvent", "IndicatorsReceived"],
            ),
            (
                "framework",
                &[
                    "FrameworkDrafted",
                    "FrameworkLinesReplaced",
                    "FrameworkAgreedBySide",
                    "FrameworkAgreed",
                ],
            ),
            (
                "dialogue",
                &[
                    "DialogueOpened",
                    "ParticipantsInvited",
                    "SessionRecorded",
                    "DiagnosisRecorded",
                    "ProjectionRetained",
                    "DialogueClosed",
                ],
            ),
            (
                "inflection",
                &[
                    "InflectionProposed",
                    "PositionRecorded",
                    "InflectionAgreed",
                    "InflectionDropped",
                ],
            ),
            ("capacity_recording", &["CapacitiesRecorded"]),
            ("axis_version", &["AxesRecorded"]),
            (
                "scheme",
                &["SchemeDrafted", "SchemeReplaced", "SchemeAdopted"],
            ),
            (
                "credit_envelope",
                &["CreditEnvelopeOpened", "CreditsRecorded"],
            ),
            ("credit_engagement", &["CreditsEngaged", "CreditsReleased"]),
            (
                "cooperation",
                &[
                    "CooperationRegistered",
                    "CooperationRevised",
                    "SavingsRecorded",
                    "CooperationEnded",
                ],
            ),
            (
                "project_call",
                &[
                    "ProjectCallOpened",
                    "ProjectCallScheduled",
                    "ProjectCallPublished",
                    "CandidateRegistered",
                    "CommissionOpinionRecorded",
                    "CandidateAuthorised",
                    "ProjectCallDropped",
                    "ProjectCallLinked",
                ],
            ),
            (
                "statement",
                &[
                    "WaitingListsRecorded",
                    "AllowancesRecorded",
                    "AllowanceTargetsRecorded",
                    "PointValuesRecorded",
                    "HomeCareAmountsRecorded",
                    "FundingsRecorded",
                ],
            ),
            ("modulation_waiver", &["ModulationWaived"]),
            ("nomenclature", &["NomenclatureImported"]),
            ("territory_version", &["TerritoriesImported"]),
            ("territory_outlines", &["OutlinesImported"]),
            ("population", &["PopulationImported"]),
            ("case_mix_import", &["CaseMixImported"]),
            ("finance_import", &["FinancesImported"]),
            ("published_rate_set", &["RatesPublished"]),
        ],
    ),
    (
        "controls",
        &[
            (
                "tolerance_policy",
                &[
                    "TolerancePolicyCreated",
                    "TolerancePolicySimulated",
                    "TolerancePolicyAdopted",
                    "TolerancePolicyReplaced",
                ],
            ),
            (
                "campaign",
                &[
                    "CampaignPlanned",
                    "CampaignFrozen",
                    "CampaignStarted",
                    "LateContractListed",
                    "CampaignMeasured",
                    "CampaignShared",
                    "CampaignClosed",
                ],
            ),
            ("control", &["ControlMeasured"]),
            (
                "finding",
                &["FindingRaised", "FindingCorrected", "FindingWithdrawn"],
            ),
            ("programme", &["ProgrammeRecorded"]),
            (
                "mission",
                &[
                    "MissionOpened",
                    "EvidenceAdded",
                    "RemarkRecorded",
                    "MissionReported",
                    "MissionCancelled",
                ],
            ),
        ],
    ),
];

/// Messages beside the events, which several of them hold.
const PARTS: [&str; 1] = ["cpom.contracts.v1.ProcedureGround"];

/// The kind of aggregate of an event by its full name; none for an event that is not documented.
pub fn aggregate_kind(event_type: &str) -> Option<&'static str> {
    let (package, name) = event_type.rsplit_once('.')?;
    let (_, kinds) = AGGREGATES
        .iter()
        .find(|(service, _)| package == format!("cpom.{service}.v1"))?;
    kinds
        .iter()
        .find(|(_, events)| events.contains(&name))
        .map(|(kind, _)| *kind)
}

pub(super) fn render() -> anyhow::Result<String> {
    let pool = commented_descriptors()?;
    let mut text = format!("# Events\n\n{GENERATED}\n{INTRODUCTION}");
    for (service, kinds) in AGGREGATES {
        let name = format!("cpom/{service}/v1/events.proto");
        let file = pool.get_file_by_name(&name).with_context(|| name.clone())?;
        let comments = Comments::of(&file);
        writeln!(text, "\n## `{service}`\n\n{}", comments.of_package())?;
        for message in file.messages().filter(|m| !PARTS.contains(&m.full_name())) {
            anyhow::ensure!(
                aggregate_kind(message.full_name()).is_some(),
                "{} belongs to no aggregate: name it in AGGREGATES",
                message.full_name()
            );
        }
        for (kind, events) in kinds {
            writeln!(text, "\n### Aggregate `{kind}`")?;
            for event in *events {
                let full_name = format!("cpom.{service}.v1.{event}");
                let message = pool
                    .get_message_by_name(&full_name)
                    .with_context(|| full_name.clone())?;
                text.push_str(&section(kind, &message, &comments));
            }
        }
    }
    Ok(text)
}

fn section(kind: &str, message: &MessageDescriptor, comments: &Comments) -> String {
    let subject = store::subject(kind, "<id>", message.full_name());
    let mut text = format!(
        "\n#### `{}`\n\n{}\n\nSubject: `{subject}`\n",
        message.name(),
        comments.of_path(message.path())
    );
    let rows: Vec<Vec<String>> = message
        .fields()
        .map(|field| {
            let meaning = cell(&comments.of_path(field.path()));
            vec![format!("`{}`", field.json_name()), kind_of(&field), meaning]
        })
        .collect();
    if !rows.is_empty() {
        text.push('\n');
        text.push_str(&table(&["Field", "Type", "Meaning"], &rows));
    }
    text
}

fn kind_of(field: &FieldDescriptor) -> String {
    let kind = match field.kind() {
        Kind::Message(message) if message.full_name() == "google.protobuf.Timestamp" => {
            "instant (RFC 3339)".to_owned()
        }
        Kind::Message(message) => format!("`{}`", message.full_name()),
        Kind::Enum(descriptor) => format!("`{}`", descriptor.full_name()),
        Kind::Int64 | Kind::Uint64 => "integer, as text".to_owned(),
        Kind::Int32 | Kind::Uint32 => "integer".to_owned(),
        Kind::Bool => "boolean".to_owned(),
        Kind::Bytes => "bytes, base64".to_owned(),
        _ => "text".to_owned(),
    };
    if field.is_list() {
        format!("list of {kind}")
    } else {
        kind
    }
}

/// The descriptors once more, with the comments that a compiled program does not carry.
fn commented_descriptors() -> anyhow::Result<DescriptorPool> {
    let mut resolver = ChainFileResolver::new();
    resolver.add(IncludeFileResolver::new(repository::root().join("proto")));
    resolver.add(DescriptorSetFileResolver::decode(
        proto::FILE_DESCRIPTOR_SET,
    )?);
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    let files = AGGREGATES.map(|(service, _)| format!("cpom/{service}/v1/events.proto"));
    compiler
        .include_imports(true)
        .include_source_info(true)
        .open_files(files)?;
    Ok(compiler.descriptor_pool())
}

/// Leading comments of a file by the path of what they stand before.
struct Comments(HashMap<Vec<i32>, String>);

/// Field number of `package` in `FileDescriptorProto`.
const PACKAGE: i32 = 2;

impl Comments {
    fn of(file: &FileDescriptor) -> Self {
        let locations = file
            .file_descriptor_proto()
            .source_code_info
            .iter()
            .flat_map(|info| &info.location);
        Self(
            locations
                .filter(|location| !location.leading_comments().is_empty())
                .map(|location| (location.path.clone(), tidy(location.leading_comments())))
                .collect(),
        )
    }

    fn of_package(&self) -> String {
        self.of_path(&[PACKAGE])
    }

    fn of_path(&self, path: &[i32]) -> String {
        self.0.get(path).cloned().unwrap_or_default()
    }
}

fn tidy(comment: &str) -> String {
    comment
        .lines()
        .map(str::trim)
        .collect::<Vec<_>>()
        .join("\n")
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_one_aggregate_and_a_comment() {
        let text = render().unwrap();
        for (service, kinds) in AGGREGATES {
            for (kind, events) in kinds {
                for event in *events {
                    assert_eq!(
                        aggregate_kind(&format!("cpom.{service}.v1.{event}")),
                        Some(*kind)
                    );
                    assert!(text.contains(&format!("#### `{event}`\n\n")), "{event}");
                    assert!(
                        !text.contains(&format!("#### `{event}`\n\n\n")),
                        "{event}: say what it is"
                    );
                }
            }
        }
        assert!(text.contains("`cpom.contracts.v1.review.<id>.review_opened`"));
        assert_eq!(aggregate_kind("cpom.contracts.v1.Nothing"), None);
    }
}
