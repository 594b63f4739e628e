//! What does not fit between a target set and the levels above it.

use kernel::legal_time::legal_day;
use proto::targets::v1 as pb;
use rpc::{Call, Error};

use crate::{
    app::{App, target_sets},
    domain::{
        TargetSetId,
        planning::{
            InflectionId, SetInEffect,
            consistency::{Levels, warnings},
        },
    },
    grpc::{planning::cascade::write_warning, scalars::parse},
    store::{
        contract_copy,
        planning::{cascade::sets_in_effect, framework, inflection},
        target_set,
    },
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::ListConsistencyWarningsRequest,
) -> Result<pb::ListConsistencyWarningsResponse, Error> {
    let id: TargetSetId = parse("name", &request.name)?;
    let not_found = || Error::NotFound(request.name.clone());
    let pool = app.db.pool();
    let set = target_set::find(pool, id).await?.ok_or_else(not_found)?.set;
    let mut connection = pool.acquire().await?;
    let contract = contract_copy::find(&mut connection, set.contract)
        .await?
        .filter(|contract| target_sets::sees(call, contract))
        .ok_or_else(not_found)?;
    let mut origins: Vec<InflectionId> = set
        .objectives
        .iter()
        .filter_map(|objective| objective.inflection)
        .collect();
    origins.sort_unstable();
    origins.dedup();
    let inflections: Vec<_> = inflection::find_all(&mut *connection, &origins)
        .await?
        .into_iter()
        .map(|found| found.value)
        .collect();
    // A set to come is looked at on its first day, one in effect today.
    let day = legal_day(call.at, set.region).max(contract.term.effect_date);
    let framework = framework::in_effect(&mut *connection, set.region, day).await?;
    let mut others = sets_in_effect(&mut *connection, set.region, day).await?;
    others.retain(|other| other.contract != set.contract);
    let only_entity = match contract.legal_entities.as_slice() {
        [entity] => Some(*entity),
        _ => None,
    };
    let this = SetInEffect {
        contract: set.contract,
        only_entity,
        objectives: set.objectives,
    };
    let levels = Levels {
        inflections: &inflections,
        framework: framework.as_ref(),
        others: &others,
    };
    let found = warnings(&this, levels);
    Ok(pb::ListConsistencyWarningsResponse {
        warnings: found.iter().map(write_warning).collect(),
    })
}
