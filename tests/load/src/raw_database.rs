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

/// Statistics and visibility as autovacuum would have brought them by then. It leaves empty tables alone, and so does
/// this: a table that was analysed while empty is planned for as if it stayed so.
pub(crate) async fn vacuum(owner: &mut PgConnection) -> anyhow::Result<()> {
    let tables: Option<String> = sqlx::query_scalar(
        "select string_agg(format('%I.%I', schemaname, relname), ', ')
         from pg_stat_user_tables
         where pg_relation_size(relid) > 0",
    )
    .fetch_one(&mut *owner)
    .await?;
    if let Some(tables) = tables {
        owner
            .execute(AssertSqlSafe(format!("vacuum (analyze) {tables}")))
            .await?;
    }
    Ok(())
}
