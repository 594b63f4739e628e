//! One database per test, cloned from a template that is migrated once.

use std::{env, sync::Arc, thread};

use sha2::{Digest as _, Sha256};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, Row as _,
    postgres::PgConnectOptions,
};

/// A migrated, empty database. Dropped with the last clone, but kept for a look when the test failed.
#[derive(Debug, Clone)]
pub struct TestDatabase {
    /// For the service: its login, without the rights of an owner.
    pub url: String,
    /// The service it is for.
    pub service: &'static str,
    /// For the test: the owner, to look behind the service's back.
    pub owner_url: String,
    place: Arc<Place>,
}

#[derive(Debug)]
struct Place {
    admin: PgConnectOptions,
    name: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        if thread::panicking() {
            return;
        }
        let (admin, name) = (self.admin.clone(), self.name.clone());
        // In a thread of its own, because the test's runtime cannot wait inside itself.
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let mut admin = admin.connect().await?;
                let statement = format!("drop database if exists {name} with (force)");
                admin.execute(AssertSqlSafe(statement)).await?;
                anyhow::Ok(())
            })
        });
        // What could not be dropped only takes room.
        let _kept = dropping.join();
    }
}

const PASSWORD: &str = "test";

impl TestDatabase {
    /// Clones the template of a service.
    #[expect(
        clippy::expect_used,
        reason = "a test without its database cannot go on"
    )]
    pub async fn new(definition: &kit::Definition) -> Self {
        let admin_url = env::var("CPOM_TEST_DATABASE_URL")
            .expect("CPOM_TEST_DATABASE_URL is not set: run the tests with `cargo dev test`");
        let admin: PgConnectOptions = admin_url
            .parse()
            .expect("CPOM_TEST_DATABASE_URL is an address");
        let admin = admin.options([("client_min_messages", "warning")]);
        let template = template(&admin_url, &admin, definition)
            .await
            .expect("template database");
        let name = format!("t_{}_{}", definition.name, kernel::new_id().simple());
        let mut connection = admin.connect().await.expect("Postgres answers");
        let clone = format!("create database {name} template {template}");
        connection
            .execute(AssertSqlSafe(clone))
            .await
            .expect("database cloned");
        connection.close().await.expect("closed");
        let address = |login: &str, password: &str| {
            let host = admin.get_host();
            format!(
                "postgres://{login}:{password}@{host}:{}/{name}",
                admin.get_port()
            )
        };
        let owner_url = admin.clone().database(&name).to_url_lossy().to_string();
        Self {
            url: address(&login(definition), PASSWORD),
            owner_url,
            service: definition.name,
            place: Arc::new(Place { admin, name }),
        }
    }

    /// A connection with the owner's rights.
    #[expect(
        clippy::expect_used,
        reason = "a test without its database cannot go on"
    )]
    pub async fn owner(&self) -> PgConnection {
        self.place
            .admin
            .clone()
            .database(&self.place.name)
            .connect()
            .await
            .expect("Postgres answers")
    }

    /// Postgres goes away for this database: connections are cut and refused.
    #[expect(
        clippy::expect_used,
        reason = "a test without its database cannot go on"
    )]
    pub async fn cut(&self) {
        let mut admin = self.place.admin.connect().await.expect("Postgres answers");
        let name = &self.place.name;
        let refuse = format!("alter database {name} allow_connections false");
        admin.execute(AssertSqlSafe(refuse)).await.expect("refused");
        sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1")
            .bind(name)
            .execute(&mut admin)
            .await
            .expect("cut");
    }

    /// Postgres is back.
    #[expect(
        clippy::expect_used,
        reason = "a test without its database cannot go on"
    )]
    pub async fn restore(&self) {
        let mut admin = self.place.admin.connect().await.expect("Postgres answers");
        let accept = format!("alter database {} allow_connections true", self.place.name);
        admin
            .execute(AssertSqlSafe(accept))
            .await
            .expect("accepted");
    }
}

fn login(definition: &kit::Definition) -> String {
    format!("cpom_test_{}", definition.name)
}

/// The name of a template that has exactly these migrations; made under a lock when it is missing.
async fn template(
    admin_url: &str,
    admin: &PgConnectOptions,
    definition: &kit::Definition,
) -> Result<String, store::Error> {
    let mut digest = Sha256::new();
    for migration in store::SHARED.iter().chain(definition.migrations.iter()) {
        digest.update(migration.version.to_be_bytes());
        digest.update(&migration.checksum);
    }
    let suffix = hex::encode(&digest.finalize()[..6]);
    let name = format!("tpl_{}_{suffix}", definition.name);
    let building = format!("{name}_new");
    let mut lock = admin.connect().await?;
    lock.execute("select pg_advisory_lock(hashtext('cpom-test-template'))")
        .await?;
    let exists: bool = sqlx::query("select exists (select from pg_database where datname = $1)")
        .bind(&name)
        .fetch_one(&mut lock)
        .await?
        .get(0);
    if !exists {
        lock.execute(AssertSqlSafe(format!("drop database if exists {building}")))
            .await?;
        let login = login(definition);
        store::provision(
            admin_url,
            &building,
            &login,
            PASSWORD,
            definition.migrations,
        )
        .await?;
        // Clones keep no rights of the template's own, so anybody with a login may connect to one.
        lock.execute(AssertSqlSafe(format!(
            "alter database {building} rename to {name}"
        )))
        .await?;
    }
    lock.close().await?;
    Ok(name)
}
