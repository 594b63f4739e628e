//! Pages while somebody who has taken a place is not committed yet: nothing is passed, and nothing is seen twice.

#![expect(
    clippy::unwrap_used,
    reason = "a test without its surroundings cannot go on"
)]

use std::time::Duration;

use kernel::Actor;
use sqlx::Executor as _;
use store::{
    By, Db, Stored, Unit,
    history::{self, Bounds, Filter, Found},
    log::{Sealed, seal},
    reads::{self, Read},
};
use transparency::SigningKey;

use crate::support::{append, database, fact};

/// Takes the next place, and is not committed.
async fn open(db: &Db, aggregate: &str) -> Unit {
    let mut unit = db
        .unit(By::service("test", db.clock().now()))
        .await
        .unwrap();
    unit.append(vec![fact(aggregate, 1)]).await.unwrap();
    unit
}

async fn append_each(db: &Db, names: std::ops::Range<u32>) {
    for name in names {
        append(db, &format!("batches/{name}"), &[1]).await.unwrap();
    }
}

async fn page(db: &Db, filter: &Filter, after: Option<i64>, bounds: Bounds) -> Found {
    history::page(db.pool(), filter, after, bounds)
        .await
        .unwrap()
}

fn names(events: &[Stored]) -> Vec<String> {
    events.iter().map(|event| event.aggregate.clone()).collect()
}

fn batches(places: impl IntoIterator<Item = u32>) -> Vec<String> {
    let places = places.into_iter();
    places.map(|place| format!("batches/{place}")).collect()
}

/// All by its own, by an index, and by a window.
fn filters() -> [Filter; 3] {
    let by_index = Filter {
        root: Some("contracts/1".to_owned()),
        ..Filter::default()
    };
    let by_window = Filter {
        actor: Some("service:test".to_owned()),
        ..Filter::default()
    };
    [Filter::default(), by_index, by_window]
}

/// Windows of five entries, where there are windows.
fn of(events: i64) -> Bounds {
    Bounds {
        events,
        bytes: usize::MAX,
        examined: 5,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_passes_what_is_not_committed_yet_and_everything_is_seen_once_in_order() {
    let (_database, db) = database().await;
    append_each(&db, 1..6).await;
    let key = SigningKey::new("test.example/log", &[1; 32]).unwrap();
    while seal(&db, std::slice::from_ref(&key)).await.unwrap() != Sealed::Nothing {}
    // Batch 6 has its place, and those behind it are seen before it.
    let late = open(&db, "batches/6").await;
    append_each(&db, 7..20).await;
    let reading = filters().map(|filter| {
        let db = db.clone();
        tokio::spawn(async move {
            let (mut told, mut after) = (Vec::new(), None);
            // Once more when it goes no further: it stays where it is.
            for _ in 0..3 {
                let found = page(&db, &filter, after, of(3)).await;
                told.extend(names(&found.events));
                after = found.next;
            }
            (filter, told, after)
        })
    });
    let mut readers = Vec::new();
    for reader in reading {
        let (filter, told, after) = reader.await.unwrap();
        assert_eq!(told, batches(1..6));
        assert_eq!(after, Some(5), "up to where nothing can appear");
        readers.push((filter, told, after));
    }
    late.done().await.unwrap();
    for (filter, mut told, mut after) in readers {
        while after.is_some() {
            let found = page(&db, &filter, after, of(3)).await;
            told.extend(names(&found.events));
            after = found.next;
        }
        assert_eq!(told, batches(1..20));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_page_shows_the_newest_events_at_once() {
    let (_database, db) = database().await;
    append_each(&db, 1..3).await;
    let late = open(&db, "batches/3").await;
    append_each(&db, 4..6).await;
    for filter in filters() {
        let bounds = Bounds {
            examined: 100,
            ..of(100)
        };
        let found = page(&db, &filter, None, bounds).await;
        assert_eq!(names(&found.events), batches([1, 2, 4, 5]));
        assert_eq!((found.next, found.until), (None, None));
    }
    // Who hands out fewer because they weigh too much would go on behind one of them.
    let light = Bounds {
        bytes: 10,
        ..of(100)
    };
    let found = page(&db, &Filter::default(), None, light).await;
    let until = found.until.unwrap();
    assert_eq!((found.events.len(), until.seq), (0, 0));
    assert_eq!(until.recorded_at, None);
    late.done().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_waits_a_moment_for_who_is_writing_and_is_then_whole() {
    let (_database, db) = database().await;
    let late = open(&db, "batches/1").await;
    append_each(&db, 2..8).await;
    let reading = tokio::spawn({
        let db = db.clone();
        async move { page(&db, &Filter::default(), None, of(4)).await }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(
        !reading.is_finished(),
        "it waits for who may still come before"
    );
    late.done().await.unwrap();
    let found = reading.await.unwrap();
    assert_eq!(names(&found.events), batches(1..5));
    assert_eq!(found.next, found.events.last().map(|event| event.seq));
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_who_follow_the_pages_while_others_write_see_every_event_once_in_order() {
    let (_database, db) = database().await;
    let writing = (0..4).map(|writer| {
        let db = db.clone();
        tokio::spawn(async move {
            for version in 1..=50 {
                append(&db, &format!("batches/{writer}"), &[version])
                    .await
                    .unwrap();
            }
        })
    });
    let writing: Vec<_> = writing.collect();
    for filter in filters() {
        let (mut seen, mut after) = (Vec::new(), None);
        while seen.len() < 200 {
            let found = page(&db, &filter, after, of(7)).await;
            let Some(next) = found.next else {
                // It shows the newest at once, and is read again from where it began.
                if found.events.len() + seen.len() < 200 {
                    tokio::task::yield_now().await;
                    continue;
                }
                seen.extend(found.events.iter().map(|event| event.seq));
                break;
            };
            seen.extend(found.events.iter().map(|event| event.seq));
            after = Some(next);
        }
        let all = history::list(db.pool(), &Filter::default(), None, 1_000).await;
        let all: Vec<i64> = all.unwrap().iter().map(|event| event.seq).collect();
        assert_eq!(seen, all);
    }
    for task in writing {
        task.await.unwrap();
    }
}

/// A call of an auditor that is recorded.
async fn recorded(db: &Db, method: u32) {
    let read = Read {
        id: kernel::new_id(),
        actor: Actor::service("reader"),
        mission: String::new(),
        method: method.to_string(),
        request: String::new(),
        at: db.clock().now(),
        outcome: "ok".to_owned(),
    };
    reads::record(db, &read).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_what_auditors_read_passes_no_call_that_is_being_recorded() {
    let (_database, db) = database().await;
    recorded(&db, 1).await;
    let mut late = db
        .unit(By::service("test", db.clock().now()))
        .await
        .unwrap();
    late.connection()
        .execute(
            "insert into audit_read (id, actor, actor_kind, actor_role, mission, method, request, read_at, outcome)
             values (gen_random_uuid(), 'reader', 'service', 'service', '', '2', '', now(), 'ok')",
        )
        .await
        .unwrap();
    recorded(&db, 3).await;
    let list = |limit| {
        let db = db.clone();
        tokio::spawn(async move {
            let found = reads::list(db.pool(), &reads::Filter::default(), None, limit).await;
            found.map(|reads| {
                reads
                    .into_iter()
                    .map(|read| read.method)
                    .collect::<Vec<_>>()
            })
        })
    };
    // The last page shows the newest at once; one that goes on waits, and is given up when it waits for too long.
    assert_eq!(list(3).await.unwrap().unwrap(), ["1", "3"]);
    let refused = list(2).await.unwrap().unwrap_err();
    assert!(matches!(refused, store::Error::Busy(_)), "{refused}");
    let waiting = list(2);
    late.done().await.unwrap();
    assert_eq!(waiting.await.unwrap().unwrap(), ["1", "2"]);
}
