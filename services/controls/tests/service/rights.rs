//! What the database refuses whatever the code does.

use crate::common::{World, contract};

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_refuses_what_no_code_should_do() {
    let world = World::with(&[contract().deviating()]).await;
    world.measured().await;
    let machine = world.running.runtime.machine.pool();
    let people = world.running.runtime.db.pool();
    // Postgres tells why: no such right, or the row is final.
    let (no_right, is_final, check) = ("42501", "23001", "23514");
    for (why, pool, attempt, code) in [
        (
            "a machine withdraws",
            machine,
            "update finding set state = 'withdrawn'",
            no_right,
        ),
        (
            "a machine plans",
            machine,
            "insert into campaign default values",
            no_right,
        ),
        (
            "a machine closes",
            machine,
            "update campaign set state = 'closed'",
            no_right,
        ),
        (
            "a machine lists a population",
            machine,
            "insert into control (id, campaign_id, contract_id, region, year)
             select gen_random_uuid(), campaign_id, contract_id, region, year from control",
            no_right,
        ),
        (
            "a machine corrects",
            machine,
            "update finding set severity = 'minor'",
            no_right,
        ),
        (
            "a machine adopts",
            machine,
            "update tolerance_policy set state = 'adopted'",
            no_right,
        ),
        (
            "people change what was frozen",
            people,
            "update campaign set pmsi_version = 'another'",
            is_final,
        ),
        (
            "people change an adopted policy",
            people,
            "update tolerance_policy set effect_date = '2020-01-01'",
            is_final,
        ),
        (
            "a measured control changes",
            machine,
            "update control set result = 'conforming'",
            is_final,
        ),
        (
            "people say where a site is",
            people,
            "update site_copy set department = null",
            no_right,
        ),
        (
            "people raise",
            people,
            "insert into finding select * from finding",
            no_right,
        ),
        (
            "people measure",
            people,
            "update control set result = 'conforming'",
            no_right,
        ),
        (
            "people change a fact",
            people,
            "update finding set severity = 'minor'",
            no_right,
        ),
        (
            "a policy changes",
            people,
            "update tolerance_policy set minor_percent = 99",
            no_right,
        ),
        (
            "a finding goes away",
            people,
            "delete from finding",
            no_right,
        ),
    ] {
        let refused = sqlx::query(attempt).execute(pool).await.unwrap_err();
        let told = refused
            .into_database_error()
            .unwrap()
            .code()
            .unwrap()
            .into_owned();
        assert_eq!(told, code, "{why}");
    }
    // Not even the owner of the tables can rewrite a control, or withdraw without a person's act.
    let machines_withdrawal = "update finding set state = 'withdrawn', withdrawal_reasons = 'x', withdrawn_at = now(),
         withdrawn_by = (select id from event where actor_kind = 'service' limit 1), withdrawn_by_kind = 'service'";
    let mut owner = world.database.owner().await;
    for (why, attempt, code) in [
        (
            "a measured control changes",
            "update control set result = 'conforming'",
            is_final,
        ),
        ("a control goes away", "delete from control", is_final),
        (
            "a correction without a person",
            "update finding set severity = 'minor'",
            no_right,
        ),
        ("a machine's withdrawal", machines_withdrawal, check),
        (
            "a graver severity",
            "update finding set severity = 'grave', corrected_by_kind = 'human',
                 corrected_by = (select id from event where actor_kind = 'human' limit 1)",
            check,
        ),
    ] {
        let refused = sqlx::query(attempt).execute(&mut owner).await.unwrap_err();
        let told = refused
            .into_database_error()
            .unwrap()
            .code()
            .unwrap()
            .into_owned();
        assert_eq!(told, code, "{why}");
    }
}
