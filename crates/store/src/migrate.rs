//! Databases, roles and migrations: the work of the `migrate` command, never of a running service.

use std::borrow::Cow;

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, PgPool,
    Row as _,
    migrate::{Migrate as _, Migrator},
    postgres::PgConnectOptions,
};

use crate::Error;

/// The tables that every service has. A service's own migrations are numbered from 1001.
pub static SHARED: Migrator = sqlx::migrate!("./migrations");

/// The login of a service; also the name of its database.
pub fn login_role(service: &str) -> String {
    format!("cpom_{service}")
}

/// Where sqlx records what it applied.
const APPLIED: &str = "_sqlx_migrations";

fn together(own: &Migrator) -> Migrator {
    let mut all: Vec<_> = SHARED.iter().chain(own.iter()).cloned().collect();
    all.sort_by_key(|migration| migration.version);
    Migrator {
        migrations: Cow::Owned(all),
        ..Migrator::DEFAULT
    }
}

/// Creates what is missing of the roles, the login, and the database `database`, and migrates it.
/// `admin_url` names a role that may create roles and databases; `password` becomes the login's.
/// Doing it again changes nothing.
pub async fn provision(
    admin_url: &str,
    database: &str,
    login: &str,
    password: &str,
    own: &Migrator,
) -> Result<(), Error> {
    let options: PgConnectOptions = admin_url.parse().map_err(Error::from)?;
    let options = options.options([("client_min_messages", "warning")]);
    let mut admin = options.connect().await?;
    // Several services may be set up at the same time on one server.
    admin
        .execute("select pg_advisory_lock(hashtext('cpom-provision'))")
        .await?;
    let prepared = prepare(&mut admin, database, login, password).await;
    admin
        .execute("select pg_advisory_unlock(hashtext('cpom-provision'))")
        .await?;
    prepared?;
    admin.close().await?;

    let mut owner = options.database(database).connect().await?;
    owner
        .execute("create extension if not exists btree_gist")
        .await?;
    together(own)
        .run(&mut owner)
        .await
        .map_err(|e| Error::Database(e.into()))?;
    // A service compares what was applied with what it was built with.
    owner
        .execute(AssertSqlSafe(format!(
            "grant select on {APPLIED} to cpom_app, cpom_machine"
        )))
        .await?;
    owner.close().await?;
    Ok(())
}

async fn prepare(
    admin: &mut PgConnection,
    database: &str,
    login: &str,
    password: &str,
) -> Result<(), Error> {
    for group in ["cpom_app", "cpom_machine"] {
        if !exists(
            admin,
            "select exists (select from pg_roles where rolname = $1)",
            group,
        )
        .await?
        {
            admin
                .execute(AssertSqlSafe(format!("create role {group} nologin")))
                .await?;
        }
    }
    let (login_name, password) = (identifier(login), literal(password));
    let known = exists(
        admin,
        "select exists (select from pg_roles where rolname = $1)",
        login,
    )
    .await?;
    let verb = if known { "alter" } else { "create" };
    admin
        .execute(AssertSqlSafe(format!(
            "{verb} role {login_name} login password {password}"
        )))
        .await?;
    admin
        .execute(AssertSqlSafe(format!(
            "grant cpom_app, cpom_machine to {login_name}"
        )))
        .await?;
    if !exists(
        admin,
        "select exists (select from pg_database where datname = $1)",
        database,
    )
    .await?
    {
        let name = identifier(database);
        admin
            .execute(AssertSqlSafe(format!("create database {name}")))
            .await?;
        admin
            .execute(AssertSqlSafe(format!(
                "revoke connect on database {name} from public"
            )))
            .await?;
        admin
            .execute(AssertSqlSafe(format!(
                "grant connect on database {name} to {login_name}"
            )))
            .await?;
    }
    Ok(())
}

async fn exists(admin: &mut PgConnection, query: &'static str, name: &str) -> Result<bool, Error> {
    Ok(sqlx::query(query).bind(name).fetch_one(admin).await?.get(0))
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Whether the database has exactly the migrations this binary was built with. A service refuses to
/// start otherwise, because several replicas that migrate at their start would race.
pub async fn schema_is_current(pool: &PgPool, own: &Migrator) -> Result<bool, Error> {
    let mut connection = pool.acquire().await?;
    let known: bool = sqlx::query("select to_regclass($1) is not null as known")
        .bind(APPLIED)
        .fetch_one(&mut *connection)
        .await?
        .get("known");
    if !known {
        return Ok(false);
    }
    let applied = connection
        .list_applied_migrations(APPLIED)
        .await
        .map_err(|e| Error::Database(e.into()))?;
    let expected = together(own);
    let same = applied.len() == expected.iter().count()
        && expected
            .iter()
            .zip(&applied)
            .all(|(e, a)| e.version == a.version && e.checksum == a.checksum);
    Ok(same)
}
