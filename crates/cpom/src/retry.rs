//! When to try a call again. Every command carries a `request_id`, so repeating one is safe.

use std::{future::Future, time::Duration};

use tokio::time::Instant;
use tonic::{Code, Request, Response, Status};
use tonic_types::StatusExt;

/// Longest total wait for a service that is away, or that has not heard yet of what we speak of.
pub const PATIENCE: Duration = Duration::from_secs(30);

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What the server suggests, or none when trying again cannot help.
///
/// A refused precondition is worth a second try only when the answer says so (`RetryInfo`): what it
/// depends on is on its way, for example a contract that the service has not heard of yet.
pub fn worth_repeating(status: &Status) -> Option<Duration> {
    let suggested = || {
        status
            .get_details_retry_info()
            .and_then(|info| info.retry_delay)
    };
    match status.code() {
        Code::FailedPrecondition => suggested(),
        _ if is_away(status) => Some(suggested().unwrap_or_default()),
        _ => None,
    }
}

/// Whether the service, or the way to it, is away or overloaded.
pub fn is_away(status: &Status) -> bool {
    // A connection that breaks in the middle of an answer gives `Unknown`; only what happened on this
    // side of the wire has a source. `Cancelled` is what the transport says of its own timeout.
    let broke_here = std::error::Error::source(status).is_some();
    let codes = [
        Code::Unavailable,
        Code::DeadlineExceeded,
        Code::ResourceExhausted,
        Code::Cancelled,
    ];
    broke_here || codes.contains(&status.code())
}

/// Pauses that double, with some chance in them so that many clients do not come back at once.
#[derive(Debug)]
pub struct Backoff {
    next: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { next: FIRST_PAUSE }
    }
}

impl Backoff {
    /// The next pause, at least `suggested`.
    pub fn pause(&mut self, suggested: Duration) -> Duration {
        let pause = self.next.max(suggested);
        self.next = (self.next * 2).min(LONGEST_PAUSE);
        let percent = u32::try_from(kernel::new_id().as_u64_pair().1 % 20).unwrap_or_default();
        pause + pause * percent / 100
    }

    /// Waits before another attempt; gives the failure back when none can help, or when patience would end meanwhile.
    pub async fn wait(&mut self, failure: Status, give_up: Instant) -> Result<(), Status> {
        let Some(suggested) = worth_repeating(&failure) else {
            return Err(failure);
        };
        let pause = self.pause(suggested);
        if Instant::now() + pause > give_up {
            return Err(failure);
        }
        tokio::time::sleep(pause).await;
        Ok(())
    }
}

/// Calls until there is an answer, a refusal, or no patience left.
pub async fn unary<M, R, F, Fut>(message: M, deadline: Duration, mut call: F) -> Result<R, Status>
where
    M: Clone,
    F: FnMut(Request<M>) -> Fut,
    Fut: Future<Output = Result<Response<R>, Status>>,
{
    let give_up = Instant::now() + PATIENCE;
    let mut backoff = Backoff::default();
    loop {
        let mut request = Request::new(message.clone());
        request.set_timeout(deadline);
        let status = match call(request).await {
            Ok(response) => return Ok(response.into_inner()),
            Err(status) => status,
        };
        backoff.wait(status, give_up).await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::ErrorDetails;

    fn not_known_yet() -> Status {
        let mut details = ErrorDetails::new();
        details.set_retry_info(Some(Duration::from_millis(20)));
        Status::with_error_details(Code::FailedPrecondition, "not known yet", details)
    }

    #[test]
    fn a_refusal_is_repeated_only_when_the_server_says_that_it_may_pass() {
        assert_eq!(
            worth_repeating(&not_known_yet()),
            Some(Duration::from_millis(20))
        );
        assert_eq!(
            worth_repeating(&Status::failed_precondition("wrong state")),
            None
        );
        assert_eq!(worth_repeating(&Status::aborted("stale")), None);
        assert_eq!(worth_repeating(&Status::invalid_argument("no")), None);
        assert_eq!(
            worth_repeating(&Status::unavailable("away")),
            Some(Duration::ZERO)
        );
        assert_eq!(worth_repeating(&Status::unknown("a bug")), None);
        let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        let broken = Status::from_error(Box::new(reset));
        assert_eq!(worth_repeating(&broken), Some(Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_is_repeated_until_the_service_has_heard() {
        let mut calls = 0;
        let answer = unary("message", PATIENCE, |request| {
            calls += 1;
            let answer = if calls < 4 {
                Err(not_known_yet())
            } else {
                Ok(request.into_inner())
            };
            async move { answer.map(Response::new) }
        })
        .await;
        assert_eq!(answer.unwrap(), "message");
        assert_eq!(calls, 4);
    }

    #[tokio::test(start_paused = true)]
    async fn patience_ends() {
        let begin = Instant::now();
        let answer = unary((), PATIENCE, |_| async {
            Err::<Response<()>, _>(Status::unavailable("away"))
        });
        assert_eq!(answer.await.unwrap_err().code(), Code::Unavailable);
        let waited = begin.elapsed();
        assert!(waited <= PATIENCE && waited > PATIENCE / 2, "{waited:?}");
    }
}
