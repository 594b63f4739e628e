//! `DialogueService`.

use kernel::Reasons;
use proto::targets::v1::{self as pb, dialogue_service_server::DialogueService};
use tonic::{Request, Response, Status};

use super::{dialogues, projections};
use crate::{
    app::{
        App,
        planning::{
            change_dialogue::{self, Change},
            change_inflection,
            error::refused,
            open_dialogue, propose_inflection, read_dialogues, read_inflections,
        },
    },
    domain::planning::{RetainedProjection, dialogue::DialogueCommand, projection::project},
};

pub(crate) struct Dialogues(pub(crate) App);

/// What every request that changes a dialogue names.
macro_rules! change {
    ($request:ident) => {
        Change {
            name: &$request.name,
            etag: &$request.etag,
            request_id: &$request.request_id,
        }
    };
}

#[tonic::async_trait]
impl DialogueService for Dialogues {
    async fn open_dialogue(
        &self,
        request: Request<pb::OpenDialogueRequest>,
    ) -> Result<Response<pb::TerritoryDialogue>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            open_dialogue::run(&self.0, &call, &request).await?,
        ))
    }

    async fn get_dialogue(
        &self,
        request: Request<pb::GetDialogueRequest>,
    ) -> Result<Response<pb::TerritoryDialogue>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_dialogues::get(&self.0, &call, &request).await?,
        ))
    }

    async fn list_dialogues(
        &self,
        request: Request<pb::ListDialoguesRequest>,
    ) -> Result<Response<pb::ListDialoguesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_dialogues::list(&self.0, &call, &request).await?,
        ))
    }

    async fn invite_participants(
        &self,
        request: Request<pb::InviteParticipantsRequest>,
    ) -> Result<Response<pb::TerritoryDialogue>, Status> {
        let (call, request) = rpc::accept(request)?;
        let asked = DialogueCommand::Invite(dialogues::read_participants(&request.participants)?);
        Ok(Response::new(
            change_dialogue::run(&self.0, &call, change!(request), &request, asked).await?,
        ))
    }

    async fn record_session(
        &self,
        request: Request<pb::RecordSessionRequest>,
    ) -> Result<Response<pb::TerritoryDialogue>, Status> {
        let (call, request) = rpc::accept(request)?;
        let session = request.session.clone().unwrap_or_default();
        let asked = DialogueCommand::RecordSession(dialogues::read_session(&session)?);
        Ok(Response::new(
            change_dialogue::run(&self.0, &call, change!(request), &request, asked).await?,
        ))
    }

    async fn record_diagnosis(
        &self,
        request: Request<pb::RecordDiagnosisRequest>,
    ) -> Result<Response<pb::TerritoryDialogue>, Status> {
        let (call, request) = rpc::accept(request)?;
        let finding = request.finding.clone().unwrap_or_default();
        let asked = DialogueCommand::RecordDiagnosis(dialogues::read_finding(&finding)?);
        Ok(Response::new(
            change_dialogue::run(&self.0, &call, change!(request), &request, asked).await?,
        ))
    }

    async fn retain_projection(
        &self,
        request: Request<pb::RetainProjectionRequest>,
    ) -> Result<Response<pb::TerritoryDialogue>, Status> {
        let (call, request) = rpc::accept(request)?;
        let input = projections::read(&request.input.clone().unwrap_or_default())?;
        let reasons = Reasons::try_from(request.reasons.clone())
            .map_err(|error| rpc::Error::invalid("reasons", error))?;
        let retained =
            RetainedProjection::of(input, reasons, &call.human()?, call.at).map_err(refused)?;
        let asked = DialogueCommand::RetainProjection(Box::new(retained));
        Ok(Response::new(
            change_dialogue::run(&self.0, &call, change!(request), &request, asked).await?,
        ))
    }

    async fn close_dialogue(
        &self,
        request: Request<pb::CloseDialogueRequest>,
    ) -> Result<Response<pb::TerritoryDialogue>, Status> {
        let (call, request) = rpc::accept(request)?;
        let asked = DialogueCommand::Close {
            conclusion: request.conclusion.clone(),
            undecided: 0,
        };
        Ok(Response::new(
            change_dialogue::run(&self.0, &call, change!(request), &request, asked).await?,
        ))
    }

    async fn simulate_production(
        &self,
        request: Request<pb::SimulateProductionRequest>,
    ) -> Result<Response<pb::Projection>, Status> {
        let (_, request) = rpc::accept(request)?;
        let input = projections::read(&request.input.unwrap_or_default())?;
        let projection = project(&input).map_err(refused)?;
        Ok(Response::new(projections::write(
            &input.parameters,
            &projection,
        )))
    }

    async fn propose_inflection(
        &self,
        request: Request<pb::ProposeInflectionRequest>,
    ) -> Result<Response<pb::Inflection>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            propose_inflection::run(&self.0, &call, &request).await?,
        ))
    }

    async fn get_inflection(
        &self,
        request: Request<pb::GetInflectionRequest>,
    ) -> Result<Response<pb::Inflection>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_inflections::get(&self.0, &call, &request).await?,
        ))
    }

    async fn list_inflections(
        &self,
        request: Request<pb::ListInflectionsRequest>,
    ) -> Result<Response<pb::ListInflectionsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_inflections::list(&self.0, &call, &request).await?,
        ))
    }

    async fn record_position(
        &self,
        request: Request<pb::RecordPositionRequest>,
    ) -> Result<Response<pb::Inflection>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_inflection::record_position(&self.0, &call, &request).await?,
        ))
    }

    async fn agree_inflection(
        &self,
        request: Request<pb::AgreeInflectionRequest>,
    ) -> Result<Response<pb::Inflection>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_inflection::agree(&self.0, &call, &request).await?,
        ))
    }

    async fn drop_inflection(
        &self,
        request: Request<pb::DropInflectionRequest>,
    ) -> Result<Response<pb::Inflection>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            change_inflection::drop(&self.0, &call, &request).await?,
        ))
    }
}
