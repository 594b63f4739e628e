//! Real Postgres, real NATS and real tokens for tests.
//!
//! ```ignore
//! #[tokio::test(flavor = "multi_thread")]
//! async fn a_stale_etag_is_refused() {
//!     let service = TestService::start(&contracts::DEFINITION, contracts::start).await;
//!     let manager = service.peer(&Persona::human("contract_manager").region("93"));
//!     let mut contracts = ContractServiceClient::new(manager);
//!     …
//! }
//! ```
//!
//! Each [`TestService`] has a database of its own (cloned from a migrated template), a nats-server of its
//! own, an issuer of its own and a clock that can be moved. `cargo dev test` provides the servers;
//! alone, set `CPOM_TEST_DATABASE_URL` to a role that may create roles and databases.

mod bucket;
mod database;
mod issuer;
mod nats;
mod service;
mod walk;

use std::{future::Future, time::Duration};

pub use bucket::TestBucket;
pub use database::TestDatabase;
pub use issuer::{Persona, TestIssuer};
pub use nats::TestNats;
pub use service::{Setup, TestService, checkpoint_key};
pub use walk::walk_authorization;

/// Longest wait for something that happens in the background.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until `probe` gives something, looking every 20 ms.
///
/// # Panics
/// When it does not happen in time; `what` says what was awaited.
pub async fn eventually<T, Probing: Future<Output = Option<T>>>(
    what: &str,
    mut probe: impl FnMut() -> Probing,
) -> T {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = probe().await {
            return found;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "it did not happen in time: {what}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The stable reason of a status (`ErrorInfo.reason`).
pub fn reason(status: &tonic::Status) -> String {
    use tonic_types::StatusExt as _;
    status
        .get_details_error_info()
        .map(|info| info.reason)
        .unwrap_or_default()
}

/// The fields that a status says are wrong.
pub fn wrong_fields(status: &tonic::Status) -> Vec<String> {
    use tonic_types::StatusExt as _;
    status
        .get_details_bad_request()
        .map(|bad| bad.field_violations.into_iter().map(|v| v.field).collect())
        .unwrap_or_default()
}

/// What the refusal of an etag tells was done meanwhile, in words: the fact, the role, and the person where that is told.
pub fn changes(status: &tonic::Status) -> Vec<String> {
    let changes = rpc::etag::changes(status);
    changes
        .into_iter()
        .map(|change| {
            let fact = change.r#type.rsplit('.').next().unwrap_or_default();
            let actor = change.actor.unwrap_or_default();
            let words = format!("{fact} {} {}", actor.role, actor.subject);
            words.trim_end().to_owned()
        })
        .collect()
}

/// A fresh `request_id`.
pub fn request_id() -> String {
    kernel::new_id().to_string()
}
