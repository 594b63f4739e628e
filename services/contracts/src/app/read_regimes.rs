//! Reading the regimes.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{grpc::convert, store as rows};

pub async fn get(
    app: &App,
    _call: &Call,
    request: pb::GetRegimeRequest,
) -> Result<pb::LegalRegime, Error> {
    let regimes = all(app, None).await?;
    regimes
        .into_iter()
        .find(|regime| regime.name == request.name)
        .ok_or(Error::NotFound(request.name))
}

pub async fn list(
    app: &App,
    _call: &Call,
    request: pb::ListRegimesRequest,
) -> Result<pb::ListRegimesResponse, Error> {
    let kind = convert::regime_kind_from(request.kind());
    let regimes = all(app, kind).await?;
    Ok(pb::ListRegimesResponse { regimes })
}

async fn all(
    app: &App,
    kind: Option<crate::domain::regime::RegimeKind>,
) -> Result<Vec<pb::LegalRegime>, Error> {
    let mut connection = app.db.pool().acquire().await?;
    let axes = rows::regime::axes(&mut connection).await?;
    let opinions = rows::regime::opinions(&mut connection).await?;
    let regimes = rows::regime::all(&mut connection).await?;
    Ok(regimes
        .iter()
        .filter(|regime| kind.is_none_or(|kind| kind == regime.kind))
        .map(|regime| convert::regime(regime, &axes, &opinions))
        .collect())
}
