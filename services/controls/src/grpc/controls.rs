//! `ControlService`.

use ::store::Db;
use proto::controls::v1::{self as pb, control_service_server::ControlService};

use crate::app::{correct_finding, read_controls, read_findings, read_outcome, withdraw_finding};

#[derive(Debug)]
pub struct Controls(pub Db);

rpc::answers! {
    ControlService for Controls;

    fn get_control(db, call, request: pb::GetControlRequest) -> pb::Control {
        read_controls::get(db, &call, request).await?
    }
    fn list_controls(db, call, request: pb::ListControlsRequest) -> pb::ListControlsResponse {
        read_controls::list(db, &call, request).await?
    }
    fn get_finding(db, call, request: pb::GetFindingRequest) -> pb::Finding {
        read_findings::get(db, &call, request).await?
    }
    fn list_findings(db, call, request: pb::ListFindingsRequest) -> pb::ListFindingsResponse {
        read_findings::list(db, &call, request).await?
    }
    fn withdraw_finding(db, call, request: pb::WithdrawFindingRequest) -> pb::Finding {
        withdraw_finding::run(db, &call, request).await?
    }
    fn correct_finding(db, call, request: pb::CorrectFindingRequest) -> pb::Finding {
        correct_finding::run(db, &call, request).await?
    }
    fn explain_finding(db, call, request: pb::ExplainFindingRequest) -> pb::Explanation {
        read_outcome::explain(db, &call, request).await?
    }
    fn get_control_outcome(db, call, request: pb::GetControlOutcomeRequest) -> pb::ControlOutcome {
        read_outcome::get(db, &call, request).await?
    }
}
