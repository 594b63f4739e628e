//! The chain of events.

use kernel::{Actor, ActorKind};
use sqlx::Row as _;
use store::{
    By, Error, Role, chain_hash, constraint,
    history::{self, Filter},
};

use crate::support::{append, connect, database, fact};

#[tokio::test(flavor = "multi_thread")]
async fn each_chain_verifies_over_the_stored_bytes() {
    let (_database, db) = database().await;
    append(&db, "batches/1", &[1, 2]).await.unwrap();
    append(&db, "batches/2", &[1]).await.unwrap();
    append(&db, "batches/1", &[3]).await.unwrap();
    let events = history::list(db.pool(), &Filter::default(), None, 100)
        .await
        .unwrap();
    let mut heads = std::collections::HashMap::new();
    for event in &events {
        let (version, head) = heads.entry(&event.aggregate).or_insert((0, [0; 32]));
        assert_eq!(event.version, *version + 1);
        assert_eq!(event.prev_hash, *head);
        let hash = chain_hash(head, &event.canonical);
        assert_eq!(event.hash, hash);
        (*version, *head) = (event.version, hash);
        let json: serde_json::Value = serde_json::from_slice(&event.canonical).unwrap();
        assert_eq!(json["id"], event.id.to_string());
        assert_eq!(json["aggregateversion"], event.version.to_string());
    }
    assert_eq!(events.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_or_removes_an_event_not_even_the_owner() {
    let (database, db) = database().await;
    append(&db, "batches/1", &[1]).await.unwrap();
    let statements = [
        "update event set reason = 'x'",
        "delete from event",
        "truncate event",
        "drop table event",
    ];
    for role in [Role::App, Role::Machine] {
        let db = connect(&database, role).await;
        for statement in statements {
            let refused = sqlx::query(statement).execute(db.pool()).await.unwrap_err();
            let code = refused
                .as_database_error()
                .and_then(|e| e.code().map(|c| c.to_string()));
            assert_eq!(
                code.as_deref(),
                Some("42501"),
                "{role:?}: {statement}: {refused}"
            );
        }
    }
    for statement in &statements[..3] {
        let refused = sqlx::query(*statement)
            .execute(&mut database.owner().await)
            .await
            .unwrap_err();
        assert!(
            refused.to_string().contains("append-only"),
            "{statement}: {refused}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_writers_of_the_same_step_one_is_told_that_it_is_stale() {
    let (_database, db) = database().await;
    append(&db, "batches/1", &[1]).await.unwrap();
    let (one, other) = tokio::join!(
        append(&db, "batches/1", &[2]),
        append(&db, "batches/1", &[2])
    );
    let refused = [one, other]
        .into_iter()
        .filter_map(Result::err)
        .collect::<Vec<_>>();
    assert_eq!(refused.len(), 1);
    assert_eq!(constraint(&refused[0]), Some("event_version_key"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_steps_after_a_version_are_told_in_their_order() {
    let (_database, db) = database().await;
    let person = |name: &str| By {
        actor: Actor {
            subject: name.to_owned(),
            kind: ActorKind::Human,
            role: "manager".to_owned(),
        },
        ..By::service("test", db.clock().now())
    };
    for (version, name) in [(1, "claire"), (2, "paul"), (3, "claire"), (4, "anne")] {
        let mut unit = db.unit(person(name)).await.unwrap();
        unit.append(vec![fact("batches/1", version)]).await.unwrap();
        unit.done().await.unwrap();
    }
    append(&db, "batches/2", &[1]).await.unwrap();
    for (aggregate, version, most, expected) in [
        ("batches/1", 1, 10, &["paul", "claire", "anne"][..]),
        ("batches/1", 0, 2, &["claire", "anne"]),
        ("batches/1", 4, 10, &[]),
        ("batches/2", 0, 10, &["service:test"]),
    ] {
        let mut connection = db.pool().acquire().await.unwrap();
        let steps = history::since(&mut connection, aggregate, version, most)
            .await
            .unwrap();
        let actors: Vec<&str> = steps.iter().map(|step| step.actor.as_str()).collect();
        assert_eq!(actors, expected, "{aggregate} after {version}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_cannot_be_left_out() {
    let (_database, db) = database().await;
    for versions in [&[2][..], &[1, 3], &[1, 1]] {
        let refused = append(&db, "batches/1", versions).await;
        assert!(
            matches!(refused, Err(Error::Inconsistent(_))),
            "{versions:?}: {refused:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_no_broker_would_carry_is_refused_before_it_blocks_the_outbox() {
    let (_database, db) = database().await;
    let huge = proto::targets::v1::IndicatorsReceived {
        region: "x".repeat(1_000_001),
        ..Default::default()
    };
    let fact = store::Fact::new(
        "batch",
        "batches/1",
        1,
        "contracts/1",
        crate::support::region(),
        &huge,
    );
    let mut unit = db
        .unit(store::By::service("test", db.clock().now()))
        .await
        .unwrap();
    let refused = unit.append(vec![fact.unwrap()]).await;
    assert!(
        matches!(refused, Err(Error::Inconsistent(_))),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_is_listed_in_the_order_of_recording_and_within_the_scope() {
    let (database, db) = database().await;
    append(&db, "batches/1", &[1, 2, 3]).await.unwrap();
    append(&db, "batches/2", &[1]).await.unwrap();
    let first = history::list(db.pool(), &Filter::default(), None, 3)
        .await
        .unwrap();
    assert_eq!(
        first.iter().map(|e| e.version).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    let rest = history::list(db.pool(), &Filter::default(), Some(first[2].seq), 3)
        .await
        .unwrap();
    assert_eq!(
        rest.iter()
            .map(|e| e.aggregate.as_str())
            .collect::<Vec<_>>(),
        ["batches/2"]
    );
    let elsewhere = Filter {
        regions: Some(vec!["11".to_owned()]),
        ..Filter::default()
    };
    assert!(
        history::list(db.pool(), &elsewhere, None, 3)
            .await
            .unwrap()
            .is_empty()
    );

    let waiting = "select count(*) as waiting from outbox";
    let before: i64 = sqlx::query(waiting)
        .fetch_one(&mut database.owner().await)
        .await
        .unwrap()
        .get("waiting");
    let mut unit = db
        .unit(store::By::service("test", db.clock().now()))
        .await
        .unwrap();
    let of_two = Filter {
        aggregate: Some("batches/2".to_owned()),
        ..Filter::default()
    };
    assert_eq!(
        history::publish_again(unit.connection(), &of_two)
            .await
            .unwrap(),
        1
    );
    unit.done().await.unwrap();
    let after: i64 = sqlx::query(waiting)
        .fetch_one(&mut database.owner().await)
        .await
        .unwrap()
        .get("waiting");
    assert_eq!((before, after), (4, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_found_as_tokens_name_them_and_as_pages_do_and_nobody_in_their_place() {
    let (database, db) = database().await;
    // Identifiers of one provider begin with `person:`, those of another do not.
    for (subject, aggregate) in [
        ("person:paul", "batches/1"),
        ("7f3a-11", "batches/2"),
        ("anne", "batches/3"),
        ("person:anne", "batches/4"),
    ] {
        let actor = Actor {
            subject: subject.to_owned(),
            kind: ActorKind::Human,
            role: "manager".to_owned(),
        };
        let by = By {
            actor,
            request_id: None,
            traceparent: None,
            at: db.clock().now(),
        };
        let mut unit = db.unit(by).await.unwrap();
        unit.append(vec![fact(aggregate, 1)]).await.unwrap();
        unit.done().await.unwrap();
    }
    append(&db, "batches/5", &[1]).await.unwrap();
    let commitment: String =
        sqlx::query_scalar("select commitment from person where subject = 'person:paul'")
            .fetch_one(&mut database.owner().await)
            .await
            .unwrap();
    let shown = commitment.strip_prefix("person:").unwrap();
    for (asked, expected) in [
        ("person:paul", "batches/1"),
        ("paul", "batches/1"),
        (commitment.as_str(), "batches/1"),
        (shown, "batches/1"),
        ("7f3a-11", "batches/2"),
        ("person:7f3a-11", "batches/2"),
        ("anne", "batches/3"),
        ("person:anne", "batches/4"),
        ("service:test", "batches/5"),
    ] {
        let filter = Filter {
            actor: Some(asked.to_owned()),
            ..Filter::default()
        };
        let found = history::list(db.pool(), &filter, None, 9).await.unwrap();
        let found: Vec<&str> = found.iter().map(|e| e.aggregate.as_str()).collect();
        assert_eq!(found, [expected], "{asked}");
    }
    let nobody = Filter {
        actor: Some("jean".to_owned()),
        ..Filter::default()
    };
    let found = history::list(db.pool(), &nobody, None, 9).await.unwrap();
    assert!(found.is_empty());
}
