//! What changed between two versions of a text.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, read_contracts};
use crate::{domain::diff::diff, grpc::convert, store as rows};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::DiffVersionsRequest,
) -> Result<pb::DiffVersionsResponse, Error> {
    let contract = read_contracts::find(app, call, &request.name).await?;
    let (from, to) = (request.from_version, request.to_version);
    let mut connection = app.db.pool().acquire().await?;
    let versions = rows::contract::some_versions(&mut connection, contract.id, &[from, to]).await?;
    let text = |number: i32| {
        let version = versions.iter().find(|version| version.number == number);
        let missing = || Error::NotFound(format!("version {number} of {}", request.name));
        version.map(|version| &version.text).ok_or_else(missing)
    };
    let changes = diff(text(from)?, text(to)?);
    Ok(pb::DiffVersionsResponse {
        changes: changes.iter().map(convert::change).collect(),
    })
}
