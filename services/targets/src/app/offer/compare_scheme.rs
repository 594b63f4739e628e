//! The scheme of a region beside its contracts: what answers what, and what answers nothing.

use proto::targets::v1 as pb;
use rpc::{Call, Error, Page};

use super::{day_of, region_of, require_scheme, scheme_in_effect};
use crate::{
    app::App,
    domain::{
        Objective,
        offer::coverage::{self, answers, count, objective_name},
    },
    grpc::{objectives::write_step, offer::schemes::write_objective},
    store::offer::{axis, committed},
};

/// Each objective of the scheme with the contracts that answer it.
pub(crate) async fn coverage(
    app: &App,
    call: &Call,
    request: &pb::GetSchemeCoverageRequest,
) -> Result<pb::SchemeCoverage, Error> {
    let region = region_of(call, &request.region)?;
    let as_of = day_of(call, region, &request.as_of)?;
    let pool = app.db.pool();
    let scheme = require_scheme(pool, region, as_of).await?;
    let committed = committed::in_effect(pool, region, as_of).await?;
    let titles = axis::titles(pool, &scheme.value.content.axes).await?;
    let objectives: Vec<pb::CoveredObjective> = scheme
        .value
        .content
        .objectives
        .iter()
        .map(|objective| {
            let name = objective_name(&scheme, &objective.id);
            let found = count(&committed, |one| {
                one.scheme_objective.as_deref() == Some(&name)
            });
            pb::CoveredObjective {
                objective: Some(write_objective(objective)),
                axis_title: titles.get(&objective.axis).cloned().unwrap_or_default(),
                contracts: number(found.contracts),
                contract_objectives: number(found.objectives),
            }
        })
        .collect();
    let without_contract = objectives.iter().filter(|row| row.contracts == 0).count();
    let all = count(&committed, |_| true).objectives;
    let free = count(&committed, |one| !answers(&scheme, one)).objectives;
    Ok(pb::SchemeCoverage {
        region: region.to_string(),
        as_of: as_of.to_string(),
        scheme: scheme.name(),
        scheme_version: scheme.value.content.scheme_version.clone(),
        objectives,
        without_contract: i32::try_from(without_contract).unwrap_or(i32::MAX),
        contract_objectives: number(all),
        contract_objectives_without_scheme: number(free),
    })
}

/// The objectives of contracts that answer one of the scheme, or nothing in it. Without a scheme, all answer nothing.
pub(crate) async fn list(
    app: &App,
    call: &Call,
    request: &pb::ListAnsweringObjectivesRequest,
) -> Result<pb::ListAnsweringObjectivesResponse, Error> {
    let region = region_of(call, &request.region)?;
    let as_of = day_of(call, region, &request.as_of)?;
    let page = Page::read(
        request.page_size,
        &request.page_token,
        &[&request.region, &request.as_of, &request.scheme_objective],
    )?;
    let after: Option<(String, String)> = page.key(0)?.zip(page.key(1)?);
    let pool = app.db.pool();
    let scheme = scheme_in_effect(pool, region, as_of).await?;
    let is_meant = |objective: &Objective| match request.scheme_objective.as_str() {
        "" => scheme
            .as_ref()
            .is_none_or(|scheme| !answers(scheme, objective)),
        name => objective.scheme_objective.as_deref() == Some(name),
    };
    let mut found: Vec<pb::AnsweringObjective> = committed::in_effect(pool, region, as_of)
        .await?
        .iter()
        .flat_map(|set| {
            let meant = set.objectives.iter().filter(|one| is_meant(one));
            meant.map(|objective| pb::AnsweringObjective {
                contract: set.contract.to_string(),
                target_set: set.target_set.to_string(),
                objective: objective.id.clone(),
                title: objective.title.clone(),
                indicator: objective.indicator.clone(),
                scheme_objective: objective.scheme_objective.clone().unwrap_or_default(),
            })
        })
        .collect();
    found.sort_by(|a, b| (&a.target_set, &a.objective).cmp(&(&b.target_set, &b.objective)));
    if let Some(after) = after {
        found.retain(|one| (&one.target_set, &one.objective) > (&after.0, &after.1));
    }
    found.truncate(usize::try_from(page.limit()).unwrap_or(usize::MAX));
    let next_page_token = page.next(&mut found, |one| {
        vec![one.target_set.clone(), one.objective.clone()]
    });
    Ok(pb::ListAnsweringObjectivesResponse {
        objectives: found,
        next_page_token,
    })
}

/// Objectives by the step of the pathway they serve.
pub(crate) async fn pathway(
    app: &App,
    call: &Call,
    request: &pb::GetPathwayReportRequest,
) -> Result<pb::PathwayReport, Error> {
    let region = region_of(call, &request.region)?;
    let as_of = day_of(call, region, &request.as_of)?;
    let committed = committed::in_effect(app.db.pool(), region, as_of).await?;
    let (steps, without_step) = coverage::by_step(&committed);
    Ok(pb::PathwayReport {
        region: region.to_string(),
        as_of: as_of.to_string(),
        steps: steps
            .into_iter()
            .map(|(step, found)| pb::PathwayStepObjectives {
                step: write_step(step).into(),
                objectives: number(found.objectives),
                contracts: number(found.contracts),
            })
            .collect(),
        without_step: number(without_step),
    })
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
