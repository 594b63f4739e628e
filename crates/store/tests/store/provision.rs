//! Databases, roles and migrations.

use kernel::Clock;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use store::{Db, Role, provision, schema_is_current};

use crate::support::DEFINITION;

#[tokio::test(flavor = "multi_thread")]
async fn provisioning_twice_changes_nothing_and_an_unmigrated_database_is_known_as_such() {
    let admin = std::env::var("CPOM_TEST_DATABASE_URL").unwrap();
    let name = format!("t_provision_{}", kernel::new_id().simple());
    let login = "cpom_test_targets";
    let login_url = {
        let (_, place) = admin.rsplit_once('@').unwrap();
        let (host, _) = place.rsplit_once('/').unwrap();
        format!("postgres://{login}:test@{host}/{name}")
    };
    let mut owner = PgConnection::connect(&admin).await.unwrap();
    provision(&admin, &name, login, "test", DEFINITION.migrations)
        .await
        .unwrap();
    provision(&admin, &name, login, "test", DEFINITION.migrations)
        .await
        .unwrap();
    let db = Db::connect(&login_url, Role::App, 2, Clock::system())
        .await
        .unwrap();
    assert!(
        schema_is_current(db.pool(), DEFINITION.migrations)
            .await
            .unwrap()
    );

    let place = admin.rsplit_once('/').unwrap().0;
    let mut inside = PgConnection::connect(&format!("{place}/{name}"))
        .await
        .unwrap();
    inside
        .execute("update _sqlx_migrations set checksum = 'x'")
        .await
        .unwrap();
    assert!(
        !schema_is_current(db.pool(), DEFINITION.migrations)
            .await
            .unwrap(),
        "another content"
    );
    inside
        .execute("delete from _sqlx_migrations")
        .await
        .unwrap();
    assert!(
        !schema_is_current(db.pool(), DEFINITION.migrations)
            .await
            .unwrap(),
        "nothing applied"
    );
    inside.execute("drop table _sqlx_migrations").await.unwrap();
    assert!(
        !schema_is_current(db.pool(), DEFINITION.migrations)
            .await
            .unwrap(),
        "never migrated"
    );

    let gone = format!("drop database {name} with (force)");
    owner.execute(AssertSqlSafe(gone)).await.unwrap();
}
