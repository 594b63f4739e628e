//! A controller reports a mission, and each remark and deviation becomes a finding; or somebody cancels it.

use ::store::{Db, Unit};
use kernel::legal_time::legal_day;
use proto::controls::v1 as pb;
use rpc::{Call, Error, etag};

use super::append_one;
use crate::{
    domain::{
        Finding, FindingId, Mission, MissionId, RemarkId,
        finding::{self, Facts, Origin},
        mission::{Evidence, Remark},
    },
    events::published,
    grpc::convert,
    store::{campaign, finding as findings, inconsistent, mission, mission_record},
};

pub async fn report(
    db: &Db,
    call: &Call,
    request: pb::ReportMissionRequest,
) -> Result<pb::Mission, Error> {
    let by = call.human()?;
    let conclusions = request
        .conclusions
        .clone()
        .try_into()
        .map_err(|error| Error::invalid("conclusions", error))?;
    let mut unit = claim!(db, call, request);
    let opened = open(&mut unit, call, (&request.name, &request.etag)).await?;
    let today = legal_day(call.at, opened.region);
    let state = opened.report(&by, today, conclusions, call.at)?;
    let reported = opened.next(state);
    let year = campaign::find(unit.connection(), reported.campaign)
        .await?
        .ok_or_else(|| inconsistent(format!("{} is gone", reported.campaign)))?
        .campaign
        .year;
    let files: Vec<Evidence> = mission_record::evidence_of(unit.connection(), reported.id)
        .await?
        .into_iter()
        .map(|file| file.record)
        .collect();
    let remarks = mission_record::remarks_of(unit.connection(), reported.id).await?;
    let found: Vec<(RemarkId, Finding)> = remarks
        .iter()
        .map(|(remark, _)| {
            let facts = established(&reported, year, &remark.record, &files);
            let finding = Finding::raised(FindingId::generate(), facts, call.at);
            (remark.record.id, finding)
        })
        .collect();
    mission::update(unit.connection(), &reported).await?;
    let names: Vec<_> = found.iter().map(|(_, finding)| finding.id).collect();
    unit.append(vec![published::mission_reported(&reported, &names)?])
        .await?;
    let team = reported.controllers();
    for (remark, finding) in &found {
        let event = finding::Event::Raised(Box::new(finding.facts.clone()));
        let raised_by = append_one(&mut unit, published::finding(finding, &event, &team)?).await?;
        findings::insert_manual(unit.connection(), finding, *remark, raised_by).await?;
    }
    answer(unit, &reported).await
}

pub async fn cancel(
    db: &Db,
    call: &Call,
    request: pb::CancelMissionRequest,
) -> Result<pb::Mission, Error> {
    let by = call.human()?;
    let reasons = convert::reasons(&request.reasons)?;
    let mut unit = claim!(db, call, request);
    let opened = open(&mut unit, call, (&request.name, &request.etag)).await?;
    let state = opened.cancel(&by, reasons, call.at)?;
    let cancelled = opened.next(state);
    mission::update(unit.connection(), &cancelled).await?;
    unit.append(vec![published::mission_cancelled(&cancelled)?])
        .await?;
    answer(unit, &cancelled).await
}

/// The mission that a request names with its etag, locked.
async fn open(unit: &mut Unit, call: &Call, (name, tag): (&str, &str)) -> Result<Mission, Error> {
    let id: MissionId = convert::name("name", name)?;
    let opened = mission::lock(unit.connection(), id)
        .await?
        .ok_or_else(|| Error::NotFound(name.to_owned()))?;
    call.caller
        .require_region(opened.region, &call.permission)?;
    etag::check_telling(unit, &opened.id, tag, opened.version).await?;
    Ok(opened)
}

async fn answer(mut unit: Unit, mission: &Mission) -> Result<pb::Mission, Error> {
    let files = mission_record::evidence_of(unit.connection(), mission.id).await?;
    let remarks = mission_record::remarks_of(unit.connection(), mission.id).await?;
    let reply = convert::mission::message(mission, &files, &remarks);
    unit.commit(&reply).await?;
    Ok(reply)
}

/// What a remark amounts to as a finding.
fn established(mission: &Mission, year: i32, remark: &Remark, files: &[Evidence]) -> Facts {
    Facts {
        region: mission.region,
        campaign: mission.campaign,
        control: mission.control,
        contract: mission.contract,
        year,
        origin: Origin::Manual(mission.id),
        objective: remark.objective.clone(),
        severity: remark.note.severity(),
        opposable: remark.opposable,
        penalty_eligible: remark.penalty_eligible,
        direction: None,
        consecutive_years: 1,
        priority: false,
        legal_basis: remark.note.legal_basis().to_owned(),
        trace: remark.trace(mission.id, &mission.letter, files),
    }
}
