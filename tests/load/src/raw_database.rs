//! A copy of a service's database, on which the raw limit is measured.

use anyhow::Context as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use testkit::TestDatabase;

/// Clones a database that nobody is connected to, and returns the owner's address of the clone.
pub(crate) async fn clone_of(database: &TestDatabase) -> anyhow::Result<String> {
    let (server, source) = database.owner_url.rsplit_once('/').context("an address")?;
    let source = source.split('?').next().unwrap_or(source);
    let name = format!("raw_{}", kernel::new_id().simple());
    let admin = std::env::var("CPOM_TEST_DATABASE_URL")?;
    let mut connection = PgConnection::connect(&admin).await?;
    let command = format!("create database {name} template {source}");
    connection
        .execute(AssertSqlSafe(command))
        .await
        .context("cloning")?;
    Ok(format!("{server}/{name}"))
}

/// Writes what is dirty, so that one measurement does not pay for another.
pub(crate) async fn settle() -> anyhow::Result<()> {
    let admin = std::env::var("CPOM_TEST_DATABASE_URL")?;
    PgConnection::connect(&admin)
        .await?
        .execute("checkpoint")
        .await?;
    Ok(())
}
