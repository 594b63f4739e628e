//! Reading many rows without a span for each.

use std::{
    future::{Future, poll_fn},
    pin::pin,
};

use tracing::{Dispatch, dispatcher::with_default};

/// Reads outside of the span of the call. sqlx hands each row through three streams, and each enters the span that was
/// current when it was made, and leaves it again: over a page of rows that is more work than reading them. What sqlx would
/// say of these statements is not logged.
pub async fn without_span<Reading: Future>(reading: Reading) -> Reading::Output {
    let nobody = Dispatch::none();
    let mut reading = pin!(reading);
    poll_fn(|context| with_default(&nobody, || reading.as_mut().poll(context))).await
}
