//! A controller notes a remark or a deviation, during the mission.

use ::store::Db;
use kernel::legal_time::legal_day;
use proto::controls::v1 as pb;
use rpc::{Call, Error};

use crate::{
    domain::{
        EvidenceId, MissionId, RemarkId,
        mission::{Draft, Remark},
    },
    events::published,
    grpc::convert,
    store::{
        mission,
        mission_record::{self, By},
        target_set_copy,
    },
};

pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::RecordRemarkRequest,
) -> Result<pb::Remark, Error> {
    let by = call.human()?;
    let id: MissionId = convert::name("mission", &request.mission)?;
    let text = request
        .text
        .clone()
        .try_into()
        .map_err(|error| Error::invalid("text", error))?;
    let evidence: Vec<EvidenceId> = request
        .evidence
        .iter()
        .map(|name| convert::name("evidence", name))
        .collect::<Result<_, _>>()?;
    let mut unit = claim!(db, call, request);
    let opened = mission::lock(unit.connection(), id)
        .await?
        .ok_or_else(|| Error::NotFound(id.to_string()))?;
    call.caller
        .require_region(opened.region, &call.permission)?;
    let remarks = mission_record::remarks_of(unit.connection(), id).await?;
    let today = legal_day(call.at, opened.region);
    opened.require_recording(&by, today, ("remarks", remarks.len()))?;
    let files: Vec<EvidenceId> = mission_record::evidence_of(unit.connection(), id)
        .await?
        .into_iter()
        .map(|file| file.record.id)
        .collect();
    let targets = target_set_copy::of_controls(unit.connection(), &[opened.control])
        .await?
        .remove(&opened.control);
    let remark = Remark::check(Draft {
        id: RemarkId::generate(),
        is_deviation: request.kind() == pb::RemarkKind::Deviation,
        text,
        severity: convert::given_severity(request.severity()),
        legal_basis: request.legal_basis,
        objective: request.objective,
        opposable: request.opposable,
        evidence,
        objectives: targets.as_ref().map_or(&[], |targets| &targets.objectives),
        files: &files,
    })
    .map_err(|defects| convert::inconsistent("", defects))?;
    let recorded = By {
        mission: id,
        record: remark,
        author: by.actor().clone(),
        at: call.at,
    };
    mission_record::insert_remark(unit.connection(), &recorded).await?;
    let reply = convert::mission::remark(&(recorded, None));
    let state = opened.state.clone();
    let next = opened.next(state);
    mission::update(unit.connection(), &next).await?;
    unit.append(vec![published::remark_recorded(&next, &reply)?])
        .await?;
    unit.commit(&reply).await?;
    Ok(reply)
}
