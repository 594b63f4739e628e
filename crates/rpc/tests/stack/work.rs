//! Calls that last, fail or are given up.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rpc::Limits;
use testkit::eventually;
use tonic::Code;

use crate::support::{LIMITS, Tested};

/// A handler that takes a while, and how often it came to its end.
async fn slow(limits: Limits) -> (Tested, Arc<AtomicUsize>) {
    let ended = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&ended);
    let tested = Tested::new(limits, move || {
        let counter = Arc::clone(&counter);
        async move {
            tokio::time::sleep(Duration::from_millis(400)).await;
            counter.fetch_add(1, Ordering::SeqCst);
        }
    })
    .await;
    (tested, ended)
}

async fn until(ended: &AtomicUsize, count: usize) {
    eventually("the work ends", || async {
        (ended.load(Ordering::SeqCst) == count).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_deadline_the_caller_is_told_and_the_work_still_ends() {
    let limits = Limits {
        deadline: Duration::from_millis(50),
        ..LIMITS
    };
    let (tested, ended) = slow(limits).await;
    let late = tested.call("Work", Some(&tested.manager())).await;
    assert_eq!(
        late,
        (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".to_owned())
    );
    assert_eq!(ended.load(Ordering::SeqCst), 0);
    until(&ended, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_that_the_caller_sets_counts_too() {
    let (tested, ended) = slow(LIMITS).await;
    let headers = [("grpc-timeout", "50m")];
    let late = tested
        .call_with("Work", Some(&tested.manager()), &headers)
        .await;
    assert_eq!(late.0, Code::DeadlineExceeded);
    until(&ended, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_ends_although_the_caller_went_away() {
    let (tested, ended) = slow(LIMITS).await;
    let token = tested.manager();
    // The first call only makes the keys known.
    assert_eq!(tested.call("Work", Some(&token)).await.0, Code::Ok);
    let abandoned = tested.call("Work", Some(&token));
    assert!(
        tokio::time::timeout(Duration::from_millis(50), abandoned)
            .await
            .is_err()
    );
    until(&ended, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_beyond_the_limit_are_refused_until_abandoned_work_has_ended() {
    let limits = Limits {
        concurrency: 1,
        ..LIMITS
    };
    let (tested, ended) = slow(limits).await;
    let token = tested.manager();
    assert_eq!(tested.call("Work", Some(&token)).await.0, Code::Ok);
    let abandoned = tested.call("Work", Some(&token));
    assert!(
        tokio::time::timeout(Duration::from_millis(50), abandoned)
            .await
            .is_err()
    );
    let refused = tested.call("Work", Some(&token)).await;
    assert_eq!(refused, (Code::ResourceExhausted, "OVERLOADED".to_owned()));
    until(&ended, 2).await;
    eventually("the permit is back", || async {
        (tested.call("Work", Some(&token)).await.0 == Code::Ok).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_answers_internal_and_nothing_else_suffers() {
    let calls = Arc::new(AtomicUsize::new(0));
    let tested = Tested::new(LIMITS, move || {
        let first = calls.fetch_add(1, Ordering::SeqCst) == 0;
        async move { assert!(!first, "the handler has a bug") }
    })
    .await;
    let token = tested.manager();
    assert_eq!(
        tested.call("Work", Some(&token)).await,
        (Code::Internal, "INTERNAL".to_owned())
    );
    assert_eq!(tested.call("Work", Some(&token)).await.0, Code::Ok);
}
