//! `DialogueService`.

use kernel::Reasons;
use proto::targets::v1::{self as pb, dialogue_service_server::DialogueService};

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

rpc::answers! {
    DialogueService for Dialogues;

    fn open_dialogue(app, call, request: pb::OpenDialogueRequest) -> pb::TerritoryDialogue {
        open_dialogue::run(app, &call, &request).await?
    }
    fn get_dialogue(app, call, request: pb::GetDialogueRequest) -> pb::TerritoryDialogue {
        read_dialogues::get(app, &call, &request).await?
    }
    fn list_dialogues(app, call, request: pb::ListDialoguesRequest) -> pb::ListDialoguesResponse {
        read_dialogues::list(app, &call, &request).await?
    }
    fn invite_participants(app, call, request: pb::InviteParticipantsRequest)
        -> pb::TerritoryDialogue
    {
        let asked = DialogueCommand::Invite(dialogues::read_participants(&request.participants)?);
        change_dialogue::run(app, &call, change!(request), &request, asked).await?
    }
    fn record_session(app, call, request: pb::RecordSessionRequest) -> pb::TerritoryDialogue {
        let session = request.session.clone().unwrap_or_default();
        let asked = DialogueCommand::RecordSession(dialogues::read_session(&session)?);
        change_dialogue::run(app, &call, change!(request), &request, asked).await?
    }
    fn record_diagnosis(app, call, request: pb::RecordDiagnosisRequest) -> pb::TerritoryDialogue {
        let finding = request.finding.clone().unwrap_or_default();
        let asked = DialogueCommand::RecordDiagnosis(dialogues::read_finding(&finding)?);
        change_dialogue::run(app, &call, change!(request), &request, asked).await?
    }
    fn retain_projection(app, call, request: pb::RetainProjectionRequest) -> pb::TerritoryDialogue {
        let input = projections::read(&request.input.clone().unwrap_or_default())?;
        let reasons = Reasons::try_from(request.reasons.clone())
            .map_err(|error| rpc::Error::invalid("reasons", error))?;
        let retained =
            RetainedProjection::of(input, reasons, &call.human()?, call.at).map_err(refused)?;
        let asked = DialogueCommand::RetainProjection(Box::new(retained));
        change_dialogue::run(app, &call, change!(request), &request, asked).await?
    }
    fn close_dialogue(app, call, request: pb::CloseDialogueRequest) -> pb::TerritoryDialogue {
        let asked = DialogueCommand::Close {
            conclusion: request.conclusion.clone(),
            undecided: 0,
        };
        change_dialogue::run(app, &call, change!(request), &request, asked).await?
    }
    fn simulate_production(_, _, request: pb::SimulateProductionRequest) -> pb::Projection {
        let input = projections::read(&request.input.unwrap_or_default())?;
        let projection = project(&input).map_err(refused)?;
        projections::write(&input.parameters, &projection)
    }
    fn propose_inflection(app, call, request: pb::ProposeInflectionRequest) -> pb::Inflection {
        propose_inflection::run(app, &call, &request).await?
    }
    fn get_inflection(app, call, request: pb::GetInflectionRequest) -> pb::Inflection {
        read_inflections::get(app, &call, &request).await?
    }
    fn list_inflections(app, call, request: pb::ListInflectionsRequest)
        -> pb::ListInflectionsResponse
    {
        read_inflections::list(app, &call, &request).await?
    }
    fn record_position(app, call, request: pb::RecordPositionRequest) -> pb::Inflection {
        change_inflection::record_position(app, &call, &request).await?
    }
    fn agree_inflection(app, call, request: pb::AgreeInflectionRequest) -> pb::Inflection {
        change_inflection::agree(app, &call, &request).await?
    }
    fn drop_inflection(app, call, request: pb::DropInflectionRequest) -> pb::Inflection {
        change_inflection::drop(app, &call, &request).await?
    }
}
