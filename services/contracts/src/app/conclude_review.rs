//! A person concludes with written reasons. No outcome has a legal effect by itself.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};
use time::Date;

use super::App;
use crate::{
    domain::{
        AmendmentId, ProcedureId,
        procedure::Kind,
        review::act::{HumanAct, Wanted},
    },
    grpc::convert,
};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::ConcludeReviewRequest,
) -> Result<pb::Review, Error> {
    let act = opened!(review_act::ReviewAct, app, call, request);
    let wanted = wanted(&request)?;
    let reasons = convert::reasons("reasons", request.reasons)?;
    act.carry_out(call, HumanAct::Conclude { reasons, wanted })
        .await
}

/// What the request asks for: the fields of one outcome go with no other.
fn wanted(request: &pb::ConcludeReviewRequest) -> Result<Wanted, Error> {
    let outcome = request.outcome();
    let foreign = |field, belongs| {
        let explanation = format!("goes with another outcome: {belongs}");
        Err(Error::invalid(field, explanation))
    };
    if outcome != pb::Outcome::ActionPlan && !request.milestones.is_empty() {
        return foreign("milestones", "an action plan");
    }
    if outcome != pb::Outcome::AmendmentProposed && !request.objectives.is_empty() {
        return foreign("objectives", "a proposed amendment");
    }
    let kind = request.procedure_kind();
    if outcome != pb::Outcome::SanctionProposed && kind != pb::ProcedureKind::Unspecified {
        return foreign("procedure_kind", "a proposed sanction");
    }
    match outcome {
        pb::Outcome::NoAction => Ok(Wanted::NoAction),
        pb::Outcome::ActionPlan => Ok(Wanted::ActionPlan {
            milestones: milestones(&request.milestones)?,
        }),
        pb::Outcome::AmendmentProposed => Ok(Wanted::Amendment {
            amendment: AmendmentId::generate(),
            objectives: request.objectives.clone(),
        }),
        pb::Outcome::SanctionProposed => Ok(Wanted::Sanction {
            kind: proposed_kind(kind)?,
            procedure: ProcedureId::generate(),
        }),
        pb::Outcome::Unspecified => Err(Error::invalid("outcome", "is required")),
    }
}

fn milestones(drafts: &[pb::MilestoneDraft]) -> Result<Vec<(String, Date)>, Error> {
    if drafts.is_empty() {
        let explanation = "an action plan has one milestone at least";
        return Err(Error::invalid("milestones", explanation));
    }
    let step = |(place, draft): (usize, &pb::MilestoneDraft)| {
        let field = format!("milestones[{place}].due_date");
        Ok((draft.title.clone(), convert::date(&field, &draft.due_date)?))
    };
    drafts.iter().enumerate().map(step).collect()
}

fn proposed_kind(kind: pb::ProcedureKind) -> Result<Kind, Error> {
    match kind {
        pb::ProcedureKind::Unspecified | pb::ProcedureKind::Penalty => Ok(Kind::Penalty),
        pb::ProcedureKind::Termination => Ok(Kind::Termination),
        pb::ProcedureKind::RefusalToSign => Err(Error::invalid(
            "procedure_kind",
            "a refusal to sign is not found by a control; propose it on the contract",
        )),
    }
}
