//! One answer per request.

use proto::targets::v1::IndicatorsReceived;
use store::{Begun, By, Error, Role};
use tokio::task::JoinSet;

use crate::support::{command, connect, database, fact, message};

#[tokio::test(flavor = "multi_thread")]
async fn of_six_duplicates_at_once_one_is_carried_out_and_five_get_its_answer() {
    let (database, db) = database().await;
    let request_id = kernel::new_id();
    let mut calls = JoinSet::new();
    for caller in 0..6 {
        let (db, command) = (db.clone(), command(&db, request_id, 7));
        calls.spawn(async move {
            match db.command::<IndicatorsReceived>(&command).await.unwrap() {
                Begun::Replayed(reply) => (false, reply.sequence),
                Begun::Fresh(mut unit) => {
                    unit.append(vec![fact("batches/1", 1)]).await.unwrap();
                    // The others arrive while this one is at work.
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    unit.commit(&message(100 + caller)).await.unwrap();
                    (true, 100 + caller)
                }
            }
        });
    }
    let answers = calls.join_all().await;
    assert_eq!(answers.iter().filter(|(fresh, _)| *fresh).count(), 1);
    assert!(
        answers.iter().all(|(_, answer)| *answer == answers[0].1),
        "one answer for all"
    );
    let events: i64 = sqlx::query_scalar("select count(*) from event")
        .fetch_one(&mut database.owner().await)
        .await
        .unwrap();
    assert_eq!(events, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_cannot_carry_another_content_but_another_caller_may_use_it() {
    let (_database, db) = database().await;
    let request_id = kernel::new_id();
    let first = command(&db, request_id, 1);
    let Begun::Fresh(unit) = db.command::<IndicatorsReceived>(&first).await.unwrap() else {
        panic!("nobody used it before");
    };
    unit.commit(&message(1)).await.unwrap();
    let other = db
        .command::<IndicatorsReceived>(&command(&db, request_id, 2))
        .await;
    assert!(matches!(other, Err(Error::RequestReused)), "{other:?}");
    let mut somebody = command(&db, request_id, 2);
    somebody.actor.subject = "somebody else".to_owned();
    assert!(matches!(
        db.command::<IndicatorsReceived>(&somebody).await.unwrap(),
        Begun::Fresh(_)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_command_leaves_no_trace_and_can_be_sent_again() {
    let (database, db) = database().await;
    let request = command(&db, kernel::new_id(), 1);
    let Begun::Fresh(mut unit) = db.command::<IndicatorsReceived>(&request).await.unwrap() else {
        panic!("nobody used it before");
    };
    unit.append(vec![fact("batches/1", 1)]).await.unwrap();
    drop(unit);
    let left: i64 = sqlx::query_scalar(
        "select (select count(*) from event) + (select count(*) from outbox) + (select count(*) from request)",
    )
    .fetch_one(&mut database.owner().await)
    .await
    .unwrap();
    assert_eq!(left, 0);
    let again = db.command::<IndicatorsReceived>(&request).await.unwrap();
    assert!(matches!(again, Begun::Fresh(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_forgotten_after_their_time_and_not_before() {
    let (_database, db) = database().await;
    let request = command(&db, kernel::new_id(), 1);
    let Begun::Fresh(unit) = db.command::<IndicatorsReceived>(&request).await.unwrap() else {
        panic!("nobody used it before");
    };
    unit.commit(&message(1)).await.unwrap();
    assert_eq!(
        db.forget_requests(time::Duration::days(1)).await.unwrap(),
        0
    );
    assert_eq!(db.forget_requests(time::Duration::ZERO).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_is_not_free_in_time_is_told_as_busy() {
    let (database, db) = database().await;
    let mut owner = database.owner().await;
    sqlx::raw_sql("begin; lock table request in access exclusive mode")
        .execute(&mut owner)
        .await
        .unwrap();
    let machine = connect(&database, Role::Machine).await;
    let mut unit = machine
        .unit(store::By::service("test", db.clock().now()))
        .await
        .unwrap();
    sqlx::query("set local lock_timeout = '50ms'")
        .execute(unit.connection())
        .await
        .unwrap();
    let locked = sqlx::query("delete from request")
        .execute(unit.connection())
        .await;
    assert!(matches!(Error::from(locked.unwrap_err()), Error::Busy(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_cut_off_is_told_as_away_and_comes_back() {
    let (database, db) = database().await;
    database.cut().await;
    let begun = db
        .command::<IndicatorsReceived>(&command(&db, kernel::new_id(), 1))
        .await;
    assert!(matches!(begun, Err(Error::Unavailable(_))), "{begun:?}");
    database.restore().await;
    assert!(
        db.command::<IndicatorsReceived>(&command(&db, kernel::new_id(), 1))
            .await
            .is_ok()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_reads_a_small_table_whole_compiles_nothing() {
    let (_database, db) = database().await;
    let by = By::service("test", db.clock().now());
    let mut unit = db.unit(by).await.unwrap();
    let plan: Vec<String> = sqlx::query_scalar(
        "explain select commitment from person where position(subject in 'claire') > 0",
    )
    .fetch_all(unit.connection())
    .await
    .unwrap();
    assert!(plan[0].contains("Seq Scan"), "{plan:?}");
    assert!(!plan.iter().any(|line| line.contains("JIT")), "{plan:?}");
}
