//! Every call that is open to a council, about the records of another council.

use std::collections::BTreeSet;

use contracts::DEFINITION;
use proto::contracts::v1::{
    Amendment, ApproveProgrammingRequest, CheckContractProgrammingRequest, Contract,
    DiffVersionsRequest, DraftProgrammingRequest, EvaluationKind, ExportCalendarRequest,
    FundingSource, GetAmendmentDocumentRequest, GetAmendmentPdfRequest, GetAmendmentRequest,
    GetConsolidatedContractRequest, GetConsolidatedPdfRequest, GetContractPdfRequest,
    GetContractRequest, GetEvaluationRequest, GetFrozenDocumentRequest, GetImpactReviewRequest,
    GetMeetingRequest, GetProgrammingRequest, GetRenewalRequest, GetSignatureEvidenceRequest,
    GetVersionPdfRequest, ListAmendmentsRequest, ListContractVersionsRequest, ListDeadlinesRequest,
    ListEvaluationsRequest, ListMandatesRequest, ListMeetingsRequest, ListPositionsRequest,
    ListProgrammingsRequest, ListRenewalsRequest, MeetingKind, PlanEvaluationRequest,
    PlanMeetingRequest, ProgrammingLine, RecordPositionRequest, RegimeKind, RequestRenewalRequest,
    ReviseAmendmentRequest, SignAmendmentRequest, SignContractRequest, Stance,
    WithdrawAmendmentRequest, WithdrawFromAmendmentSignatureRequest, WithdrawFromSignatureRequest,
    deadline_service_client::DeadlineServiceClient, document_service_client::DocumentServiceClient,
    evidence_service_client::EvidenceServiceClient,
};
use rpc::Rules;
use testkit::{Persona, request_id};
use tonic::{Code, Status};

use super::{COUNCIL, amend, line, listed, money, officer, president, propose, signed};
use crate::support::{
    ENTITY, REGION, SITE, World, contract_manager, director, files::told, manager,
};

/// Calls that must answer as if there were no such record.
struct Walk(BTreeSet<&'static str>);

impl Walk {
    fn hidden<T: std::fmt::Debug>(&mut self, rpc: &'static str, answer: Result<T, Status>) {
        assert_eq!(answer.unwrap_err().code(), Code::NotFound, "{rpc}");
        self.0.insert(rpc);
    }

    fn empty(&mut self, rpc: &'static str, shown: usize) {
        assert_eq!(shown, 0, "{rpc}");
        self.0.insert(rpc);
    }
}

/// What exists around a contract of the council 13.
struct Records {
    contract: Contract,
    amendment: Amendment,
    evaluation: String,
    meeting: String,
    renewal: String,
    programming: String,
}

async fn records(world: &World) -> Records {
    let contract = signed(world).await;
    let own = line("D13", FundingSource::Department, COUNCIL);
    let amendment = amend(world, &contract, vec![own], &officer("13"))
        .await
        .unwrap();
    let mut agency = world.follow_up(&contract_manager());
    let evaluation = PlanEvaluationRequest {
        contract: contract.name.clone(),
        kind: EvaluationKind::MidTerm.into(),
        year: 2028,
        due_date: "2026-03-20".into(),
        request_id: request_id(),
    };
    let evaluation = agency
        .plan_evaluation(evaluation)
        .await
        .unwrap()
        .into_inner()
        .name;
    let planned = PlanMeetingRequest {
        contract: contract.name.clone(),
        kind: MeetingKind::Review.into(),
        date: "2026-04-20".into(),
        agenda: "Suivi".into(),
        request_id: request_id(),
    };
    let meeting = agency
        .plan_meeting(planned)
        .await
        .unwrap()
        .into_inner()
        .name;
    let renewal = RequestRenewalRequest {
        contract: contract.name.clone(),
        request: "Renouvellement demandé.".into(),
        request_id: request_id(),
    };
    let renewal = world.terms(&director()).request_renewal(renewal).await;
    let programming = DraftProgrammingRequest {
        region: REGION.into(),
        regime_kind: RegimeKind::Ehpad.into(),
        councils: vec![COUNCIL.into()],
        first_year: 2027,
        lines: vec![ProgrammingLine {
            legal_entity: format!("legalEntities/{ENTITY}"),
            establishments: vec![format!("establishments/{SITE}")],
            planned_year: 2028,
            note: String::new(),
        }],
        comment: String::new(),
        request_id: request_id(),
    };
    let mut preparing = world.programming(&contract_manager());
    let programming = preparing.draft_programming(programming).await;
    Records {
        contract: world.get(&contract, &manager()).await.unwrap(),
        amendment,
        evaluation,
        meeting,
        renewal: renewal.unwrap().into_inner().name,
        programming: programming.unwrap().into_inner().name,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_council_may_call_tells_it_nothing_of_another_one() {
    let world = World::new().await;
    let records = records(&world).await;
    let mut walk = Walk(BTreeSet::new());
    for who in [president("06"), officer("06")] {
        contracts_are_hidden(&world, &records, &who, &mut walk).await;
        negotiation_is_hidden(&world, &records, &who, &mut walk).await;
        amendments_are_hidden(&world, &records, &who, &mut walk).await;
        documents_are_hidden(&world, &records, &who, &mut walk).await;
        follow_up_is_hidden(&world, &records, &who, &mut walk).await;
        programming_is_hidden(&world, &records, &who, &mut walk).await;
    }
    let rules = Rules::parse(DEFINITION.authorization).unwrap();
    let of_councils: BTreeSet<&str> = rules
        .paths()
        .filter(|path| {
            let entitled = &rules.get(path).unwrap().roles;
            entitled.iter().any(|role| role.starts_with("department_"))
        })
        // The law is the same for everybody, and how somebody is reminded is their own.
        .filter(|path| !path.contains("RegimeService") && !path.contains("NoticePreferences"))
        .map(|path| path.trim_start_matches("/cpom.contracts.v1."))
        .collect();
    assert_eq!(walk.0, of_councils);

    // The same calls by the council itself find what they ask for.
    let own = president("13");
    let deadlines = ListDeadlinesRequest::default();
    let mut client = DeadlineServiceClient::new(world.service.peer(&own));
    let shown = client
        .list_deadlines(deadlines)
        .await
        .unwrap()
        .into_inner()
        .deadlines;
    assert!(
        shown.iter().any(|due| due.subject == records.meeting),
        "{shown:?}"
    );
    let meeting = GetMeetingRequest {
        name: records.meeting.clone(),
    };
    assert!(world.follow_up(&own).get_meeting(meeting).await.is_ok());
    let name = records.programming.clone();
    let mut client = world.programming(&own);
    assert!(
        client
            .get_programming(GetProgrammingRequest { name })
            .await
            .is_ok()
    );
}

async fn contracts_are_hidden(world: &World, records: &Records, who: &Persona, walk: &mut Walk) {
    let contract = &records.contract;
    let (name, etag) = (contract.name.clone(), contract.etag.clone());
    let mut client = world.contracts(who);
    let request = GetContractRequest { name: name.clone() };
    walk.hidden(
        "ContractService/GetContract",
        client.get_contract(request).await,
    );
    walk.empty(
        "ContractService/ListContracts",
        listed(world, who).await.len(),
    );
    let request = ListContractVersionsRequest { name: name.clone() };
    let answer = client.list_contract_versions(request).await;
    walk.hidden("ContractService/ListContractVersions", answer);
    let request = GetFrozenDocumentRequest { name: name.clone() };
    let answer = client.get_frozen_document(request).await;
    walk.hidden("ContractService/GetFrozenDocument", answer);
    let text = contract.text.clone().unwrap();
    let answer = propose(world, contract, text, who).await;
    walk.hidden("ContractService/ProposeVersion", answer);
    let request = SignContractRequest {
        name: name.clone(),
        etag: etag.clone(),
        party: COUNCIL.into(),
        signatory_title: "Présidente".into(),
        document_sha256: contract.document_sha256.clone(),
        request_id: request_id(),
    };
    walk.hidden(
        "ContractService/SignContract",
        client.sign_contract(request).await,
    );
    if who.has_role("department_president") {
        let request = WithdrawFromSignatureRequest {
            name,
            etag,
            reasons: "Refus.".into(),
            request_id: request_id(),
        };
        let answer = client.withdraw_from_signature(request).await;
        walk.hidden("ContractService/WithdrawFromSignature", answer);
    }
}

async fn negotiation_is_hidden(world: &World, records: &Records, who: &Persona, walk: &mut Walk) {
    let name = records.contract.name.clone();
    let mut client = world.negotiation(who);
    let request = DiffVersionsRequest {
        name: name.clone(),
        from_version: 1,
        to_version: 1,
    };
    walk.hidden(
        "NegotiationService/DiffVersions",
        client.diff_versions(request).await,
    );
    let request = RecordPositionRequest {
        name: name.clone(),
        text_version: 1,
        objective: "O1".into(),
        stance: Stance::Refused.into(),
        comment: String::new(),
        request_id: request_id(),
        department: String::new(),
    };
    walk.hidden(
        "NegotiationService/RecordPosition",
        client.record_position(request).await,
    );
    let request = ListPositionsRequest {
        name,
        text_version: 1,
    };
    walk.hidden(
        "NegotiationService/ListPositions",
        client.list_positions(request).await,
    );
}

async fn amendments_are_hidden(world: &World, records: &Records, who: &Persona, walk: &mut Walk) {
    let contract = records.contract.name.clone();
    let (name, etag) = (
        records.amendment.name.clone(),
        records.amendment.etag.clone(),
    );
    let mut client = world.amendments(who);
    let own = line("D06", FundingSource::Department, "departments/06");
    let answer = amend(world, &records.contract, vec![own], who).await;
    walk.hidden("AmendmentService/ProposeAmendment", answer);
    let request = GetAmendmentRequest { name: name.clone() };
    walk.hidden(
        "AmendmentService/GetAmendment",
        client.get_amendment(request).await,
    );
    let request = ListAmendmentsRequest {
        contract: contract.clone(),
        ..Default::default()
    };
    walk.hidden(
        "AmendmentService/ListAmendments",
        client.list_amendments(request).await,
    );
    let request = ReviseAmendmentRequest {
        name: name.clone(),
        etag: etag.clone(),
        effect_date: "2027-01-01".into(),
        changes: Some(money(vec![])),
        request_id: request_id(),
    };
    walk.hidden(
        "AmendmentService/ReviseAmendment",
        client.revise_amendment(request).await,
    );
    let request = WithdrawAmendmentRequest {
        name: name.clone(),
        etag: etag.clone(),
        reasons: "Retrait.".into(),
        request_id: request_id(),
    };
    walk.hidden(
        "AmendmentService/WithdrawAmendment",
        client.withdraw_amendment(request).await,
    );
    let file = told(("plan.pdf", b"%PDF-1.7\n".as_slice()));
    walk.hidden(
        "AttachmentService/DownloadAttachment",
        world.download(who, &name, &file).await,
    );
    let request = GetImpactReviewRequest { name: name.clone() };
    walk.hidden(
        "AmendmentService/GetImpactReview",
        client.get_impact_review(request).await,
    );
    let request = GetAmendmentDocumentRequest { name: name.clone() };
    let answer = client.get_amendment_document(request).await;
    walk.hidden("AmendmentService/GetAmendmentDocument", answer);
    let request = SignAmendmentRequest {
        name: name.clone(),
        etag: etag.clone(),
        party: COUNCIL.into(),
        signatory_title: "Présidente".into(),
        document_sha256: "0".repeat(64),
        request_id: request_id(),
    };
    walk.hidden(
        "AmendmentService/SignAmendment",
        client.sign_amendment(request).await,
    );
    if who.has_role("department_president") {
        let request = WithdrawFromAmendmentSignatureRequest {
            name,
            etag,
            reasons: "Refus.".into(),
            request_id: request_id(),
        };
        let answer = client.withdraw_from_amendment_signature(request).await;
        walk.hidden("AmendmentService/WithdrawFromAmendmentSignature", answer);
    }
    let request = GetConsolidatedContractRequest {
        name: contract,
        as_of: String::new(),
    };
    let answer = client.get_consolidated_contract(request).await;
    walk.hidden("AmendmentService/GetConsolidatedContract", answer);
}

async fn documents_are_hidden(world: &World, records: &Records, who: &Persona, walk: &mut Walk) {
    let (contract, amendment) = (&records.contract.name, &records.amendment.name);
    let mut client = DocumentServiceClient::new(world.service.peer(who));
    let request = GetContractPdfRequest {
        name: contract.clone(),
        ..Default::default()
    };
    walk.hidden(
        "DocumentService/GetContractPdf",
        client.get_contract_pdf(request).await,
    );
    let request = GetVersionPdfRequest {
        name: contract.clone(),
        text_version: 1,
    };
    walk.hidden(
        "DocumentService/GetVersionPdf",
        client.get_version_pdf(request).await,
    );
    let request = GetConsolidatedPdfRequest {
        name: contract.clone(),
        ..Default::default()
    };
    walk.hidden(
        "DocumentService/GetConsolidatedPdf",
        client.get_consolidated_pdf(request).await,
    );
    let request = GetAmendmentPdfRequest {
        name: amendment.clone(),
        ..Default::default()
    };
    walk.hidden(
        "DocumentService/GetAmendmentPdf",
        client.get_amendment_pdf(request).await,
    );
    let mut client = EvidenceServiceClient::new(world.service.peer(who));
    let request = GetSignatureEvidenceRequest {
        name: contract.clone(),
        party: "ars".into(),
    };
    let answer = client.get_signature_evidence(request).await;
    walk.hidden("EvidenceService/GetSignatureEvidence", answer);
}

async fn follow_up_is_hidden(world: &World, records: &Records, who: &Persona, walk: &mut Walk) {
    let contract = records.contract.name.clone();
    let mut client = world.follow_up(who);
    let request = GetEvaluationRequest {
        name: records.evaluation.clone(),
    };
    walk.hidden(
        "FollowUpService/GetEvaluation",
        client.get_evaluation(request).await,
    );
    let request = ListEvaluationsRequest {
        contract: contract.clone(),
    };
    walk.hidden(
        "FollowUpService/ListEvaluations",
        client.list_evaluations(request).await,
    );
    let request = GetMeetingRequest {
        name: records.meeting.clone(),
    };
    walk.hidden(
        "FollowUpService/GetMeeting",
        client.get_meeting(request).await,
    );
    let request = ListMeetingsRequest {
        contract: contract.clone(),
    };
    walk.hidden(
        "FollowUpService/ListMeetings",
        client.list_meetings(request).await,
    );
    let mut client = world.terms(who);
    let request = GetRenewalRequest {
        name: records.renewal.clone(),
    };
    walk.hidden("TermService/GetRenewal", client.get_renewal(request).await);
    let request = ListRenewalsRequest {
        contract: contract.clone(),
    };
    walk.hidden(
        "TermService/ListRenewals",
        client.list_renewals(request).await,
    );
    let mut client = DeadlineServiceClient::new(world.service.peer(who));
    let shown = client
        .list_deadlines(ListDeadlinesRequest::default())
        .await
        .unwrap();
    walk.empty(
        "DeadlineService/ListDeadlines",
        shown.into_inner().deadlines.len(),
    );
    let calendar = client
        .export_calendar(ExportCalendarRequest::default())
        .await
        .unwrap();
    let calendar = String::from_utf8(calendar.into_inner().content).unwrap();
    walk.empty(
        "DeadlineService/ExportCalendar",
        calendar.matches("BEGIN:VEVENT").count(),
    );
    let mut client = world.mandates(who);
    let request = ListMandatesRequest {
        party: COUNCIL.into(),
        ..Default::default()
    };
    let shown = client
        .list_mandates(request)
        .await
        .unwrap()
        .into_inner()
        .mandates;
    walk.empty("MandateService/ListMandates", shown.len());
}

async fn programming_is_hidden(world: &World, records: &Records, who: &Persona, walk: &mut Walk) {
    let name = records.programming.clone();
    let mut client = world.programming(who);
    let request = GetProgrammingRequest { name: name.clone() };
    walk.hidden(
        "ProgrammingService/GetProgramming",
        client.get_programming(request).await,
    );
    let shown = client
        .list_programmings(ListProgrammingsRequest::default())
        .await
        .unwrap();
    walk.empty(
        "ProgrammingService/ListProgrammings",
        shown.into_inner().programmings.len(),
    );
    let request = ApproveProgrammingRequest {
        name,
        etag: "\"1\"".into(),
        authority: COUNCIL.into(),
        title: "Présidente".into(),
        request_id: request_id(),
    };
    walk.hidden(
        "ProgrammingService/ApproveProgramming",
        client.approve_programming(request).await,
    );
    let request = CheckContractProgrammingRequest {
        contract: records.contract.name.clone(),
    };
    let answer = client.check_contract_programming(request).await;
    walk.hidden("ProgrammingService/CheckContractProgramming", answer);
}
