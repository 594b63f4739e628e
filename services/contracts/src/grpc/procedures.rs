//! `ProcedureService`.

use proto::contracts::v1::{
    AcknowledgeObservationsRequest, AnswerFormalNoticeRequest, ConsultDefenceRequest,
    DecideProcedureRequest, DropProcedureRequest, ExtendFormalNoticeRequest, FileAppealRequest,
    GetProcedureRequest, GrantFileAccessRequest, ListProceduresRequest, ListProceduresResponse,
    NotifyDecisionRequest, OpenProcedureRequest, Procedure, ProposeRefusalProcedureRequest,
    RecordAppealOutcomeRequest, RecordDefenceAnswerRequest, RecordPaymentRequest,
    RecordProcedureHearingRequest, RecordProcedureReceiptRequest, ReferToFundRequest,
    RequestFileAccessRequest, SendFormalNoticeRequest, procedure_service_server::ProcedureService,
};

use crate::app::{
    App, acknowledge_observations, answer_formal_notice, consult_defence, decide_procedure,
    drop_procedure, extend_formal_notice, file_appeal, grant_file_access, notify_decision,
    open_procedure, propose_refusal_procedure, read_procedures, record_appeal_outcome,
    record_defence_answer, record_payment, record_procedure_hearing, record_procedure_receipt,
    refer_to_fund, request_file_access, send_formal_notice,
};

/// Answers `ProcedureService`.
#[derive(Debug, Clone)]
pub(crate) struct Procedures(pub(crate) App);

rpc::answers! {
    ProcedureService for Procedures;

    fn get_procedure(app, call, request: GetProcedureRequest) -> Procedure {
        read_procedures::get(app, &call, request).await?
    }
    fn list_procedures(app, call, request: ListProceduresRequest) -> ListProceduresResponse {
        read_procedures::list(app, &call, request).await?
    }
    fn propose_refusal_procedure(app, call, request: ProposeRefusalProcedureRequest) -> Procedure {
        propose_refusal_procedure::run(app, &call, request).await?
    }
    fn open_procedure(app, call, request: OpenProcedureRequest) -> Procedure {
        open_procedure::run(app, &call, request).await?
    }
    fn send_formal_notice(app, call, request: SendFormalNoticeRequest) -> Procedure {
        send_formal_notice::run(app, &call, request).await?
    }
    fn record_procedure_receipt(app, call, request: RecordProcedureReceiptRequest) -> Procedure {
        record_procedure_receipt::run(app, &call, request).await?
    }
    fn answer_formal_notice(app, call, request: AnswerFormalNoticeRequest) -> Procedure {
        answer_formal_notice::run(app, &call, request).await?
    }
    fn record_procedure_hearing(app, call, request: RecordProcedureHearingRequest) -> Procedure {
        record_procedure_hearing::run(app, &call, request).await?
    }
    fn request_file_access(app, call, request: RequestFileAccessRequest) -> Procedure {
        request_file_access::run(app, &call, request).await?
    }
    fn grant_file_access(app, call, request: GrantFileAccessRequest) -> Procedure {
        grant_file_access::run(app, &call, request).await?
    }
    fn extend_formal_notice(app, call, request: ExtendFormalNoticeRequest) -> Procedure {
        extend_formal_notice::run(app, &call, request).await?
    }
    fn acknowledge_observations(app, call, request: AcknowledgeObservationsRequest) -> Procedure {
        acknowledge_observations::run(app, &call, request).await?
    }
    fn drop_procedure(app, call, request: DropProcedureRequest) -> Procedure {
        drop_procedure::run(app, &call, request).await?
    }
    fn decide_procedure(app, call, request: DecideProcedureRequest) -> Procedure {
        decide_procedure::run(app, &call, request).await?
    }
    fn notify_decision(app, call, request: NotifyDecisionRequest) -> Procedure {
        notify_decision::run(app, &call, request).await?
    }
    fn record_payment(app, call, request: RecordPaymentRequest) -> Procedure {
        record_payment::run(app, &call, request).await?
    }
    fn refer_to_fund(app, call, request: ReferToFundRequest) -> Procedure {
        refer_to_fund::run(app, &call, request).await?
    }
    fn file_appeal(app, call, request: FileAppealRequest) -> Procedure {
        file_appeal::run(app, &call, request).await?
    }
    fn record_appeal_outcome(app, call, request: RecordAppealOutcomeRequest) -> Procedure {
        record_appeal_outcome::run(app, &call, request).await?
    }
    fn consult_defence(app, call, request: ConsultDefenceRequest) -> Procedure {
        consult_defence::run(app, &call, request).await?
    }
    fn record_defence_answer(app, call, request: RecordDefenceAnswerRequest) -> Procedure {
        record_defence_answer::run(app, &call, request).await?
    }
}
