//! Pages that examine a bounded part of the history.

#![expect(
    clippy::unwrap_used,
    reason = "a test without its surroundings cannot go on"
)]

use kernel::Actor;
use proto::contracts::v1::{Outcome, ReviewConcluded};
use store::{
    By, Db, Fact,
    history::{self, Bounds, Filter},
};
use time::{Duration, OffsetDateTime, macros::datetime};

use crate::support::{database, fact, region};

/// Appends one event to each of some new aggregates.
async fn record(db: &Db, process: &str, places: impl IntoIterator<Item = u32>, at: OffsetDateTime) {
    let by = By {
        actor: Actor::service(process),
        request_id: None,
        traceparent: None,
        at,
    };
    let facts = places.into_iter();
    let facts = facts.map(|place| fact(&format!("batches/{place}"), 1));
    let facts = facts.collect();
    let mut unit = db.unit(by).await.unwrap();
    unit.append(facts).await.unwrap();
    unit.done().await.unwrap();
}

/// Pages of so many events, among so many entries.
fn bounds(events: i64, examined: i64) -> Bounds {
    Bounds {
        events,
        bytes: usize::MAX,
        examined,
    }
}

/// Every page of a list: their events, and how many pages there were.
async fn follow(db: &Db, filter: &Filter, limit: i64, most: i64) -> (Vec<i64>, usize) {
    let (mut seen, mut pages, mut after) = (Vec::new(), 0, None);
    loop {
        let found = history::page(db.pool(), filter, after, bounds(limit, most))
            .await
            .unwrap();
        pages += 1;
        seen.extend(found.events.iter().map(|event| event.seq));
        after = found.next;
        if after.is_none() {
            return (seen, pages);
        }
    }
}

/// What a list without any bound says.
async fn unbounded(db: &Db, filter: &Filter) -> Vec<i64> {
    let events = history::list(db.pool(), filter, None, 100_000).await;
    events.unwrap().iter().map(|event| event.seq).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_rare_is_found_exactly_once_in_order_while_events_are_appended() {
    const MOST: i64 = 250;
    let (_database, db) = database().await;
    let now = db.clock().now();
    let mut expected = Vec::new();
    // One in a hundred, then many without any.
    for hundred in 0..10 {
        let last = hundred * 100 + 99;
        record(&db, "usual", hundred * 100..last, now).await;
        record(&db, "rare", [last], now).await;
        expected.push(format!("batches/{last}"));
    }
    record(&db, "usual", 1_000..2_000, now).await;
    let rare = Filter {
        actor: Some("service:rare".to_owned()),
        ..Filter::default()
    };
    let (mut told, mut pages, mut empty, mut after) = (Vec::new(), 0, 0, None);
    loop {
        let found = history::page(db.pool(), &rare, after, bounds(3, MOST))
            .await
            .unwrap();
        pages += 1;
        empty += usize::from(found.events.is_empty());
        told.extend(found.events.iter().map(|event| event.aggregate.clone()));
        if pages <= 3 {
            let place = 3_000 + pages * 10;
            record(&db, "usual", place..place + 9, now).await;
            record(&db, "rare", [place + 9], now).await;
            expected.push(format!("batches/{}", place + 9));
        }
        let Some(place) = found.next else { break };
        let before = after.unwrap_or_default();
        assert!(
            (before + 1..=before + MOST).contains(&place),
            "{before} {place}"
        );
        after = Some(place);
    }
    assert_eq!(told, expected);
    assert!(empty >= 2, "pages that found nothing go on: {empty}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_is_read_from_where_it_begins_to_where_it_ends() {
    let (_database, db) = database().await;
    let base = datetime!(2026-01-01 00:00 UTC);
    for day in 0..100_u32 {
        // Every other replica is thirty hours slow, so that neighbours do not stand in the order of their instants.
        let late = Duration::hours(if day % 2 == 1 { 30 } else { 0 });
        let at = base + Duration::days(day.into()) - late;
        record(&db, "test", day * 20..day * 20 + 20, at).await;
    }
    let within = |start: Option<i64>, end: Option<i64>| Filter {
        start: start.map(|day| base + Duration::days(day)),
        end: end.map(|day| base + Duration::days(day)),
        ..Filter::default()
    };
    let late = within(Some(50), None);
    let first = history::page(db.pool(), &late, None, bounds(1_000, 60)).await;
    assert!(
        !first.unwrap().events.is_empty(),
        "what is before is left out"
    );
    let everything = follow(&db, &late, 1_000, 60).await.0;
    assert_eq!(everything, unbounded(&db, &late).await);

    let early = within(None, Some(10));
    let (events, pages) = follow(&db, &early, 1_000, 60).await;
    assert_eq!(events, unbounded(&db, &early).await);
    assert!(pages <= 5, "what is behind is left out: {pages}");

    let middle = within(Some(40), Some(43));
    let (events, pages) = follow(&db, &middle, 7, 60).await;
    assert_eq!(events, unbounded(&db, &middle).await);
    assert!(pages <= 15, "{pages}");

    for nothing in [
        within(Some(500), None),
        within(None, Some(-500)),
        within(Some(60), Some(60)),
    ] {
        let (events, pages) = follow(&db, &nothing, 50, 60).await;
        assert!(events.is_empty() && pages <= 2, "{nothing:?}: {pages}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_index_leads_to_has_no_bound_and_what_it_does_not_says_how_far_it_looked() {
    let (_database, db) = database().await;
    let now = db.clock().now();
    record(&db, "test", 0..30, now).await;
    let root = Filter {
        root: Some("contracts/1".to_owned()),
        actor: Some("service:test".to_owned()),
        ..Filter::default()
    };
    for filter in [root, Filter::default()] {
        let found = history::page(db.pool(), &filter, None, bounds(100, 1)).await;
        let found = found.unwrap();
        assert_eq!((found.events.len(), found.until), (30, None));
    }
    let elsewhere = Filter {
        regions: Some(vec!["11".to_owned()]),
        ..Filter::default()
    };
    let found = history::page(db.pool(), &elsewhere, None, bounds(50, 10)).await;
    let found = found.unwrap();
    assert!(found.events.is_empty());
    let until = found.until.unwrap();
    assert_eq!(until.seq, 10);
    let recorded = until.recorded_at.unwrap();
    assert_eq!(recorded.unix_timestamp(), now.unix_timestamp());
    assert_eq!(follow(&db, &elsewhere, 50, 10).await, (Vec::new(), 3));
    let beyond = history::page(db.pool(), &elsewhere, Some(i64::MAX), bounds(50, 10)).await;
    assert!(beyond.unwrap().until.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_is_that_of_the_fact_and_no_other_text() {
    let (_database, db) = database().await;
    let concluded = |name: &str, outcome: Outcome, reasons: &str| {
        let message = ReviewConcluded {
            outcome: outcome.into(),
            reasons: reasons.to_owned(),
            ..Default::default()
        };
        Fact::new("review", name, 1, "contracts/1", region(), &message).unwrap()
    };
    let says = r#""outcome":"OUTCOME_NO_ACTION""#;
    let mut unit = db
        .unit(By::service("test", db.clock().now()))
        .await
        .unwrap();
    unit.append(vec![
        concluded("reviews/1", Outcome::ActionPlan, says),
        concluded("reviews/2", Outcome::NoAction, ""),
        concluded("reviews/3", Outcome::ActionPlan, ""),
    ])
    .await
    .unwrap();
    unit.done().await.unwrap();
    for (outcome, expected) in [
        ("OUTCOME_NO_ACTION", vec!["reviews/2"]),
        ("OUTCOME_ACTION_PLAN", vec!["reviews/1", "reviews/3"]),
        ("OUTCOME", vec![]),
        ("\"", vec![]),
    ] {
        let filter = Filter {
            outcome: Some(outcome.to_owned()),
            ..Filter::default()
        };
        let found = history::page(db.pool(), &filter, None, bounds(9, 100)).await;
        let found = found.unwrap().events;
        let names: Vec<&str> = found.iter().map(|e| e.aggregate.as_str()).collect();
        assert_eq!(names, expected, "{outcome}");
    }
}
