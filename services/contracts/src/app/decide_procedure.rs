//! P5: a director general decides, with reasons, once the last delay is over.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, procedure_act::ProcedureAct};
use crate::{
    domain::{
        Refusal,
        denial::Denial,
        procedure::{
            CapCheck, Ground, Kind,
            act::{HumanAct, Wanted},
        },
    },
    grpc::convert,
    store as rows,
};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::DecideProcedureRequest,
) -> Result<pb::Procedure, Error> {
    let mut act = opened!(procedure_act::ProcedureAct, app, call, request);
    let reasons = convert::reasons("reasons", request.reasons.clone())?;
    let (kind, today) = (act.procedure.kind, act.today());
    let sanction = match kind {
        Kind::Termination => termination(&request)?,
        Kind::Penalty | Kind::RefusalToSign => penalty(&mut act, &request).await?,
    };
    let connection = act.unit.connection();
    let (remedies, computed) = rows::procedure::decision_texts(connection, kind, today).await?;
    let algorithmic_notice = computed.filter(|_| act.procedure.ground != Ground::Refusal);
    act.carry_out(
        call,
        HumanAct::Decide {
            reasons,
            sanction,
            remedies,
            algorithmic_notice,
        },
    )
    .await
}

fn termination(request: &pb::DecideProcedureRequest) -> Result<Wanted, Error> {
    for (field, text) in [
        ("amount_eur", &request.amount_eur),
        ("legal_entity", &request.legal_entity),
        ("base_eur", &request.base_eur),
        ("base_source", &request.base_source),
    ] {
        if !text.is_empty() {
            return Err(Error::invalid(
                field,
                "goes with a penalty, not with a termination",
            ));
        }
    }
    let on = convert::date("termination_date", &request.termination_date)?;
    Ok(Wanted::Termination { on })
}

/// The amount and all it is compared with. The penalties of the holder are locked until the end of the unit.
async fn penalty(
    act: &mut ProcedureAct,
    request: &pb::DecideProcedureRequest,
) -> Result<Wanted, Error> {
    if !request.termination_date.is_empty() {
        let explanation = "goes with a termination, not with a penalty";
        return Err(Error::invalid("termination_date", explanation));
    }
    let required = |field| move || Error::invalid(field, "is required for a penalty");
    let amount = convert::euros_from("amount_eur", &request.amount_eur)?;
    let base = convert::euros_from("base_eur", &request.base_eur)?;
    if request.base_source.trim().is_empty() {
        return Err(required("base_source")());
    }
    let finess = request.legal_entity.strip_prefix("legalEntities/");
    let entity = finess.ok_or_else(required("legal_entity"))?;
    let entity = convert::name("legal_entity", entity)?;
    let (kind, today) = (act.procedure.kind, act.today());
    let connection = act.unit.connection();
    let figures = rows::procedure::parameters(connection, kind, today).await?;
    let (basis_points, source) = figures
        .cap
        .ok_or_else(|| Refusal::from(Denial::NoCapOnRecord))?;
    let earlier = rows::procedure::lock_penalties_of(connection, entity, today.year()).await?;
    Ok(Wanted::Penalty {
        amount: amount.ok_or_else(required("amount_eur"))?,
        cap: CapCheck {
            entity,
            year: today.year(),
            basis_points,
            source,
            base: base.ok_or_else(required("base_eur"))?,
            base_source: request.base_source.clone(),
            earlier,
        },
    })
}
