//! Time as a parameter. Domains receive instants; only the edges hold a [`Clock`].

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use time::{Duration, OffsetDateTime};

/// Where instants come from: the machine, or a test that moves the hands itself.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    /// Microseconds since the Unix epoch.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until [`Clock::advance`] is called. Clones share the same hands.
    pub fn manual(now: OffsetDateTime) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(micros(now)))))
    }

    /// Now, in UTC, cut to the microsecond that Postgres keeps, so that what is hashed is what is stored.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the machine's clock"
    )]
    pub fn now(&self) -> OffsetDateTime {
        match &self.0 {
            Source::System => from_micros(micros(OffsetDateTime::now_utc())),
            Source::Manual(hands) => from_micros(hands.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock forward (or back). Does nothing to the machine's.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(hands) = &self.0 {
            let step = i64::try_from(by.whole_microseconds()).unwrap_or(i64::MAX);
            hands.fetch_add(step, Ordering::SeqCst);
        }
    }
}

fn micros(instant: OffsetDateTime) -> i64 {
    i64::try_from(instant.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

fn from_micros(micros: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
