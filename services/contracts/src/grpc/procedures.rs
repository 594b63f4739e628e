//! `ProcedureService`.

use proto::contracts::v1::{
    AcknowledgeObservationsRequest, AnswerFormalNoticeRequest, DecideProcedureRequest,
    DropProcedureRequest, ExtendFormalNoticeRequest, FileAppealRequest, GetProcedureRequest,
    GrantFileAccessRequest, ListProceduresRequest, ListProceduresResponse, NotifyDecisionRequest,
    OpenProcedureRequest, Procedure, ProposeRefusalProcedureRequest, RecordAppealOutcomeRequest,
    RecordPaymentRequest, RecordProcedureHearingRequest, RecordProcedureReceiptRequest,
    ReferToFundRequest, RequestFileAccessRequest, SendFormalNoticeRequest,
    procedure_service_server::ProcedureService,
};
use tonic::{Request, Response, Status};

use crate::app::{
    App, acknowledge_observations, answer_formal_notice, decide_procedure, drop_procedure,
    extend_formal_notice, file_appeal, grant_file_access, notify_decision, open_procedure,
    propose_refusal_procedure, read_procedures, record_appeal_outcome, record_payment,
    record_procedure_hearing, record_procedure_receipt, refer_to_fund, request_file_access,
    send_formal_notice,
};

/// Answers `ProcedureService`.
#[derive(Debug, Clone)]
pub(crate) struct Procedures(pub(crate) App);

#[tonic::async_trait]
impl ProcedureService for Procedures {
    async fn get_procedure(
        &self,
        request: Request<GetProcedureRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_procedures::get(&self.0, &call, request).await?,
        ))
    }

    async fn list_procedures(
        &self,
        request: Request<ListProceduresRequest>,
    ) -> Result<Response<ListProceduresResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_procedures::list(&self.0, &call, request).await?,
        ))
    }

    async fn propose_refusal_procedure(
        &self,
        request: Request<ProposeRefusalProcedureRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            propose_refusal_procedure::run(&self.0, &call, request).await?,
        ))
    }

    async fn open_procedure(
        &self,
        request: Request<OpenProcedureRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            open_procedure::run(&self.0, &call, request).await?,
        ))
    }

    async fn send_formal_notice(
        &self,
        request: Request<SendFormalNoticeRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            send_formal_notice::run(&self.0, &call, request).await?,
        ))
    }

    async fn record_procedure_receipt(
        &self,
        request: Request<RecordProcedureReceiptRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            record_procedure_receipt::run(&self.0, &call, request).await?,
        ))
    }

    async fn answer_formal_notice(
        &self,
        request: Request<AnswerFormalNoticeRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            answer_formal_notice::run(&self.0, &call, request).await?,
        ))
    }

    async fn record_procedure_hearing(
        &self,
        request: Request<RecordProcedureHearingRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            record_procedure_hearing::run(&self.0, &call, request).await?,
        ))
    }

    async fn request_file_access(
        &self,
        request: Request<RequestFileAccessRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            request_file_access::run(&self.0, &call, request).await?,
        ))
    }

    async fn grant_file_access(
        &self,
        request: Request<GrantFileAccessRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            grant_file_access::run(&self.0, &call, request).await?,
        ))
    }

    async fn extend_formal_notice(
        &self,
        request: Request<ExtendFormalNoticeRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            extend_formal_notice::run(&self.0, &call, request).await?,
        ))
    }

    async fn acknowledge_observations(
        &self,
        request: Request<AcknowledgeObservationsRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            acknowledge_observations::run(&self.0, &call, request).await?,
        ))
    }

    async fn drop_procedure(
        &self,
        request: Request<DropProcedureRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            drop_procedure::run(&self.0, &call, request).await?,
        ))
    }

    async fn decide_procedure(
        &self,
        request: Request<DecideProcedureRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            decide_procedure::run(&self.0, &call, request).await?,
        ))
    }

    async fn notify_decision(
        &self,
        request: Request<NotifyDecisionRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            notify_decision::run(&self.0, &call, request).await?,
        ))
    }

    async fn record_payment(
        &self,
        request: Request<RecordPaymentRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            record_payment::run(&self.0, &call, request).await?,
        ))
    }

    async fn refer_to_fund(
        &self,
        request: Request<ReferToFundRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            refer_to_fund::run(&self.0, &call, request).await?,
        ))
    }

    async fn file_appeal(
        &self,
        request: Request<FileAppealRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            file_appeal::run(&self.0, &call, request).await?,
        ))
    }

    async fn record_appeal_outcome(
        &self,
        request: Request<RecordAppealOutcomeRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            record_appeal_outcome::run(&self.0, &call, request).await?,
        ))
    }
}
