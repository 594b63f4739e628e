//! Reads places in effect on a day within the caller's scope.

use std::collections::BTreeMap;

use kernel::{Region, legal_time::legal_day};
use proto::targets::v1 as pb;
use rpc::{Call, Error, Page};
use time::Date;

use crate::{
    app::{App, own_sites, target_sets},
    domain::medicosocial::{CapacityKind, CarePublic},
    grpc::{
        medicosocial::capacities::{self, read_kind, read_public, write_public},
        planning::reading::day,
        scalars::parse,
    },
    store::{
        medicosocial::capacity::{self, Filter},
        target_set,
    },
};

/// A page of places.
pub(crate) async fn list(
    app: &App,
    call: &Call,
    request: &pb::ListCapacitiesRequest,
) -> Result<pb::ListCapacitiesResponse, Error> {
    let (region, as_of) = asked(call, &request.region, &request.as_of)?;
    let (kind, public) = (request.kind(), request.public());
    let page = Page::read(
        request.page_size,
        &request.page_token,
        &[
            &request.region,
            &request.establishment,
            &request.as_of,
            kind.as_str_name(),
            public.as_str_name(),
            &request.plan,
        ],
    )?;
    let after = match (page.key(0)?, page.key(1)?, page.key(2)?) {
        (Some(establishment), Some(line), Some(kind)) => Some((establishment, line, kind)),
        _ => None,
    };
    let filter = Filter {
        establishments: own_sites::among(app, call, region, &request.establishment).await?,
        kind: read_kind(kind).map(CapacityKind::as_str),
        public: read_public(public).map(CarePublic::as_str),
        plan: Some(request.plan.clone()).filter(|plan| !plan.is_empty()),
        after,
    };
    let mut found =
        capacity::in_effect(app.db.pool(), region, as_of, &filter, page.limit()).await?;
    let next_page_token = page.next(&mut found, |capacity| {
        vec![
            capacity.establishment.to_string(),
            capacity.line.clone(),
            capacity.kind.as_str().to_owned(),
        ]
    });
    Ok(pb::ListCapacitiesResponse {
        capacities: found.iter().map(capacities::write).collect(),
        next_page_token,
    })
}

/// Places by national plan and public, and the objectives that serve each plan; for a council those of the contracts that
/// it signs.
pub(crate) async fn plan_report(
    app: &App,
    call: &Call,
    request: &pb::GetPlanReportRequest,
) -> Result<pb::PlanReport, Error> {
    let (region, as_of) = asked(call, &request.region, &request.as_of)?;
    let filter = Filter {
        establishments: own_sites::of(app, call, region).await?,
        ..Filter::default()
    };
    let councils = target_sets::councils(&call.caller);
    let found = capacity::in_effect(app.db.pool(), region, as_of, &filter, i64::MAX).await?;
    let mut rows: BTreeMap<(String, CarePublic), pb::PlanPlaces> = BTreeMap::new();
    for capacity in &found {
        let none = [String::new()];
        let plans = if capacity.plans.is_empty() {
            none.as_slice()
        } else {
            capacity.plans.as_slice()
        };
        for plan in plans {
            let row = rows
                .entry((plan.clone(), capacity.public))
                .or_insert_with(|| pb::PlanPlaces {
                    plan: plan.clone(),
                    public: write_public(capacity.public).into(),
                    ..Default::default()
                });
            let places = match capacity.kind {
                CapacityKind::Authorised => &mut row.authorised,
                CapacityKind::Installed => &mut row.installed,
                CapacityKind::Financed => &mut row.financed,
            };
            *places += i64::from(capacity.places);
        }
    }
    Ok(pb::PlanReport {
        region: region.to_string(),
        as_of: as_of.to_string(),
        rows: rows.into_values().collect(),
        objectives: target_set::plans(app.db.pool(), region, as_of, councils.as_deref())
            .await?
            .into_iter()
            .map(|(plan, objectives, contracts)| pb::PlanObjectives {
                plan,
                objectives,
                contracts,
            })
            .collect(),
    })
}

fn asked(call: &Call, region: &str, as_of: &str) -> Result<(Region, Date), Error> {
    let region: Region = parse("region", region)?;
    call.caller.require_region(region, &call.permission)?;
    let as_of = match as_of {
        "" => legal_day(call.at, region),
        text => day("as_of", text)?,
    };
    Ok((region, as_of))
}
