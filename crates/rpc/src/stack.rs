//! What stands before every handler, in this order.

use std::{
    mem,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use futures::future::BoxFuture;
use http::{HeaderMap, Request, Response};
use kernel::{ActorKind, Clock};
use store::Db;
use time::OffsetDateTime;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status};
use tower::{Layer, Service};
use tracing::{Instrument as _, Span, field::Empty, info_span};

use crate::{
    Call, Caller, Ending, Identity, IdentityError, Rule, Rules,
    caller::Claims,
    error::{Error, plain},
    mission::{self, AUDITOR},
    reading::{self, Reading},
};

/// Bounds on what one process takes on.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Calls at work at the same time; more are refused.
    pub concurrency: usize,
    /// Longest time to the answer's headers.
    pub deadline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrency: 512,
            deadline: Duration::from_secs(20),
        }
    }
}

/// Wraps handlers in a [`Stack`].
#[derive(Debug, Clone)]
pub struct StackLayer {
    shared: Arc<Shared>,
    /// Where the calls of auditors are recorded.
    reads: Option<Db>,
}

#[derive(Debug)]
struct Shared {
    rules: Rules,
    identity: Identity,
    clock: Clock,
    limits: Limits,
    permits: Arc<Semaphore>,
    stop: CancellationToken,
}

impl StackLayer {
    /// A stack whose open streams end when `stop` is cancelled.
    pub fn new(
        rules: Rules,
        identity: Identity,
        clock: Clock,
        limits: Limits,
        stop: CancellationToken,
    ) -> Self {
        let permits = Arc::new(Semaphore::new(limits.concurrency));
        Self {
            shared: Arc::new(Shared {
                rules,
                identity,
                clock,
                limits,
                permits,
                stop,
            }),
            reads: None,
        }
    }

    /// Records the calls of auditors, and what they were refused, in this database.
    #[must_use]
    pub fn recording(self, reads: Db) -> Self {
        Self {
            reads: Some(reads),
            ..self
        }
    }
}

impl<S> Layer<S> for StackLayer {
    type Service = Stack<S>;
    fn layer(&self, inner: S) -> Stack<S> {
        Stack {
            inner,
            shared: Arc::clone(&self.shared),
            reads: self.reads.clone(),
        }
    }
}

/// Trace, authentication, authorization, load limit, detached execution, deadline.
#[derive(Debug, Clone)]
pub struct Stack<S> {
    inner: S,
    shared: Arc<Shared>,
    reads: Option<Db>,
}

impl<S, B, R> Service<Request<B>> for Stack<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
    B: Send + 'static,
    R: Default + Send + 'static,
{
    type Response = Response<Ending<R>>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Self::Response, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let spare = self.inner.clone();
        let ready = mem::replace(&mut self.inner, spare);
        let shared = Arc::clone(&self.shared);
        let recorder = self.reads.clone();
        let path = request.uri().path().to_owned();
        let span = span(shared.rules.known(&path), request.headers());
        let traced = span.clone();
        Box::pin(
            async move {
                let started = Instant::now();
                let answer =
                    answer(&shared, recorder.as_ref(), ready, request, &path, &span).await?;
                observe(shared.rules.known(&path), &answer, started.elapsed(), &span);
                Ok(answer.map(|body| Ending::new(body, shared.stop.clone())))
            }
            .instrument(traced),
        )
    }
}

async fn answer<S, B, R>(
    shared: &Shared,
    reads: Option<&Db>,
    mut inner: S,
    mut request: Request<B>,
    path: &str,
    span: &Span,
) -> Result<Response<R>, S::Error>
where
    S: Service<Request<B>, Response = Response<R>> + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
    B: Send + 'static,
    R: Default + Send + 'static,
{
    // Health must be told under any load, and its streams are open for ever.
    if Rules::is_public(path) {
        return inner.call(request).await;
    }
    let Admitted {
        call,
        limit: own_limit,
        reading,
    } = match admit(shared, reads, path, request.headers()).await {
        Ok(admitted) => admitted,
        Err(refused) => return Ok(refused),
    };
    span.record("enduser.id", call.caller.actor.subject.as_str());
    request.extensions_mut().insert(call);
    let mut limit = own_limit.unwrap_or(shared.limits.deadline);
    // tonic would answer CANCELLED by itself when the client's limit passes; ours comes just before.
    if let Some(clients) = clients_limit(request.headers()) {
        limit = limit.min(clients.saturating_sub(Duration::from_millis(5)));
    }
    let Ok(permit) = Arc::clone(&shared.permits).try_acquire_owned() else {
        let busy = plain(
            Code::ResourceExhausted,
            "OVERLOADED",
            "too many calls at the moment; try again",
        );
        return Ok(busy.into_http());
    };
    // In its own task: a client that goes away, or the deadline, cannot drop a half-done unit of work, and
    // the permit is held until the work has really ended.
    let task = tokio::spawn(
        async move {
            let answer = inner.call(request).await;
            let answer = match (answer, reading) {
                (Ok(answer), Some(reading)) => Ok(reading.end(answer).await),
                (answer, _) => answer,
            };
            drop(permit);
            answer
        }
        .in_current_span(),
    );
    match tokio::time::timeout(limit, task).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(panic)) => Ok(Status::from(Error::internal(panic)).into_http()),
        Err(_) => {
            let late = plain(
                Code::DeadlineExceeded,
                "DEADLINE_EXCEEDED",
                "the time limit passed; the work may have been done: repeat with the same request_id",
            );
            Ok(late.into_http())
        }
    }
}

/// A call that may go on.
struct Admitted {
    call: Call,
    limit: Option<Duration>,
    /// Set when the call of an auditor is to be recorded.
    reading: Option<Reading>,
}

/// Whether the call may go on; what an auditor is refused is recorded too.
async fn admit<R: Default>(
    shared: &Shared,
    reads: Option<&Db>,
    path: &str,
    headers: &HeaderMap,
) -> Result<Admitted, Response<R>> {
    let at = shared.clock.now();
    if let Some(rule) = shared.rules.get(path).filter(|rule| rule.public) {
        return Ok(Admitted {
            call: call(path, rule, Caller::anonymous(), at),
            limit: rule.deadline(),
            reading: None,
        });
    }
    let claims = identify(shared, headers).await.map_err(Status::into_http)?;
    let method = path.trim_start_matches('/');
    let reading = reads.and_then(|db| Reading::begin(db, &claims, method, at));
    match authorize(shared, path, &claims, at) {
        Ok((mut call, limit)) => {
            // Who also has another role reads under that one like its other holders.
            let reading = reading.filter(|_| call.caller.actor.role == AUDITOR);
            call.heard = reading.as_ref().map(Reading::heard);
            Ok(Admitted {
                call,
                limit,
                reading,
            })
        }
        Err(status) => {
            let refused = status.into_http();
            Err(match reading {
                Some(reading) => reading.end(refused).await,
                None => refused,
            })
        }
    }
}

/// Who calls.
async fn identify(shared: &Shared, headers: &HeaderMap) -> Result<Arc<Claims>, Status> {
    let token = headers
        .get(http::header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| {
            value
                .strip_prefix("Bearer ")
                .or_else(|| value.strip_prefix("bearer "))
        });
    let verified = match token {
        Some(token) => shared.identity.verify(token).await,
        None => Err(IdentityError::Missing),
    };
    verified.map_err(|error| match error {
        IdentityError::KeysAway => plain(Code::Unavailable, "UNAVAILABLE", &error.to_string()),
        IdentityError::Missing | IdentityError::Expired | IdentityError::Invalid(_) => {
            plain(Code::Unauthenticated, "UNAUTHENTICATED", &error.to_string())
        }
    })
}

/// Whether this method is for them, and now.
fn authorize(
    shared: &Shared,
    path: &str,
    claims: &Claims,
    at: OffsetDateTime,
) -> Result<(Call, Option<Duration>), Status> {
    let denied = |permission: &str, explanation: String| {
        Status::from(Error::Denied {
            permission: permission.to_owned(),
            explanation,
        })
    };
    let Some(rule) = shared.rules.get(path) else {
        return Err(denied("", format!("{path} is open to nobody")));
    };
    let Some(acting) = acting_role(&claims.roles, &rule.roles) else {
        let roles = rule.roles.join(", ");
        return Err(denied(
            &rule.permission,
            format!("this needs one of the roles: {roles}"),
        ));
    };
    if rule.human && claims.kind != ActorKind::Human {
        return Err(denied(
            &rule.permission,
            "only a person may do this".to_owned(),
        ));
    }
    if acting == AUDITOR {
        let method = path.trim_start_matches('/');
        mission::check(claims.mission.as_ref(), method, at).map_err(Error::from)?;
    }
    let call = call(path, rule, Caller::new(claims, acting), at);
    Ok((call, rule.deadline()))
}

fn call(path: &str, rule: &Rule, caller: Caller, at: OffsetDateTime) -> Call {
    Call {
        caller,
        method: path.trim_start_matches('/').to_owned(),
        permission: rule.permission.clone(),
        at,
        heard: None,
    }
}

/// The first role of the rule that the caller holds: the order in which an identity provider tells roles changes from
/// one token to the next, the table does not.
fn acting_role<'a>(held: &[String], accepted: &'a [String]) -> Option<&'a str> {
    accepted
        .iter()
        .find(|role| held.contains(role))
        .map(String::as_str)
}

/// `grpc-timeout`: digits and a unit.
fn clients_limit(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let count: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(count.checked_mul(3_600)?)),
        "M" => Some(Duration::from_secs(count.checked_mul(60)?)),
        "S" => Some(Duration::from_secs(count)),
        "m" => Some(Duration::from_millis(count)),
        "u" => Some(Duration::from_micros(count)),
        "n" => Some(Duration::from_nanos(count)),
        _ => None,
    }
}

fn span(path: &str, headers: &HeaderMap) -> Span {
    let span = info_span!(
        "rpc",
        otel.name = path.trim_start_matches('/'),
        otel.kind = "server",
        rpc.system = "grpc",
        rpc.method = path.trim_start_matches('/'),
        rpc.response.status_code = Empty,
        enduser.id = Empty,
    );
    let parent = headers
        .get(telemetry::context::TRACEPARENT)
        .and_then(|value| value.to_str().ok());
    telemetry::follow(&span, parent);
    span
}

fn observe<R>(path: &str, response: &Response<R>, elapsed: Duration, span: &Span) {
    let code = format!("{:?}", reading::code(response));
    span.record("rpc.response.status_code", code.as_str());
    let labels = [("method", path.to_owned()), ("code", code)];
    metrics::histogram!("cpom_rpc_seconds", &labels).record(elapsed.as_secs_f64());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_several_roles_acts_under_the_first_one_of_the_rule() {
        let roles = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| (*name).to_owned()).collect()
        };
        let accepted = roles(&["manager", "reviewer", "auditor"]);
        for held in [
            roles(&["auditor", "manager", "director_general"]),
            roles(&["director_general", "manager", "auditor"]),
        ] {
            assert_eq!(acting_role(&held, &accepted), Some("manager"));
        }
        assert_eq!(acting_role(&roles(&["director_general"]), &accepted), None);
    }
}
