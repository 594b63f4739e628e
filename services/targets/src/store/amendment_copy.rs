//! Which amendments exist, and of which contracts.

use kernel::Region;
use sqlx::{PgConnection, PgExecutor};
use store::Error;

use crate::domain::{AmendmentId, ContractId};

/// Keeps that an amendment exists. Again changes nothing.
pub(crate) async fn keep(
    connection: &mut PgConnection,
    amendment: AmendmentId,
    contract: ContractId,
) -> Result<(), Error> {
    sqlx::query("insert into amendment_copy (id, contract) values ($1, $2) on conflict do nothing")
        .bind(amendment.0)
        .bind(contract.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether an amendment is one of a contract of the region.
pub(crate) async fn is_of_region(
    executor: impl PgExecutor<'_>,
    amendment: AmendmentId,
    region: Region,
) -> Result<bool, Error> {
    let known = sqlx::query_scalar(
        "select exists (
             select from amendment_copy as amendment
             join contract_copy as contract on contract.id = amendment.contract
             where amendment.id = $1 and contract.region = $2
         )",
    )
    .bind(amendment.0)
    .bind(region.code())
    .fetch_one(executor)
    .await?;
    Ok(known)
}
