//! A finding among its peers: context for the people who examine it.

use ::store::Db;
use kernel::legal_time::legal_day;
use proto::controls::v1 as pb;
use rpc::{Call, Error};
use time::format_description::well_known::Rfc3339;

use super::visibility;
use crate::{
    domain::{
        FindingId,
        peers::{self, Comparison, Measured},
    },
    grpc::convert,
    store::{campaign, finding, inconsistent, peer, secrecy_rule, target_set_copy},
};

pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::GetPeerComparisonRequest,
) -> Result<pb::PeerComparison, Error> {
    let id: FindingId = convert::name("finding", &request.finding)?;
    let finding = finding::find(db.pool(), &visibility(&call.caller), id)
        .await?
        .ok_or(Error::NotFound(request.finding))?;
    let facts = &finding.facts;
    let rule = secrecy_rule::on(db.pool(), legal_day(call.at, facts.region)).await?;
    let targets = target_set_copy::of_controls(db.pool(), &[facts.control]).await?;
    let objective = targets.get(&facts.control).and_then(|targets| {
        let mut objectives = targets.objectives.iter();
        objectives.find(|objective| objective.id == facts.objective)
    });
    let Some(objective) = objective else {
        return Ok(convert::peers::without_objective(&finding, &rule));
    };
    let campaign = campaign::find(db.pool(), facts.campaign)
        .await?
        .ok_or_else(|| inconsistent(format!("the campaign of {id} is gone")))?
        .campaign;
    let received_before = campaign
        .state
        .frozen()
        .and_then(|frozen| frozen.freeze_time.format(&Rfc3339).ok())
        .unwrap_or_default();

    let measured = peer::of(db.pool(), facts.campaign, objective).await?;
    let own = measured
        .iter()
        .find(|one| one.contract == facts.contract && one.objective == facts.objective);
    let others: Vec<&Measured> = measured
        .iter()
        .filter(|one| one.contract != facts.contract)
        .collect();
    let of_number = || peers::department(&objective.subject);
    let department = own.map_or_else(of_number, Measured::department);
    let department = department.map(|department| {
        let near = others
            .iter()
            .copied()
            .filter(|one| one.department() == Some(department));
        (department.to_string(), peers::group(near, &rule))
    });
    let comparison = Comparison {
        campaign: facts.campaign,
        contract: facts.contract,
        year: facts.year,
        title: objective.title.clone(),
        indicator: objective.indicator.clone(),
        received_before,
        ratio: own
            .and_then(|one| one.basis.as_ref())
            .and_then(peers::ratio),
        campaign_peers: peers::group(others.iter().copied(), &rule),
        department,
        rule,
    };
    // Who acts for an establishment reads what a group amounts to, and nobody else's figure.
    let names_others = !call.caller.is_establishment();
    Ok(convert::peers::comparison(
        &finding,
        &comparison,
        names_others,
    ))
}
