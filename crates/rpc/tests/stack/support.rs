#![expect(
    clippy::unwrap_used,
    reason = "a test without its surroundings cannot go on"
)]

use std::{convert::Infallible, future::Future, time::Duration};

use http::{Request, Response};
use kernel::Clock;
use rpc::{Identity, Limits, Rules, StackLayer};
use testkit::{Persona, TestIssuer, reason};
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status, body::Body};
use tower::{Layer as _, ServiceExt as _, util::BoxCloneSyncService};

const RULES: &str = r#"
["test.Service"]
Work = { permission = "work.do", roles = ["manager"] }
Sign = { permission = "work.sign", roles = ["manager"], human = true }
"#;

pub(crate) const LIMITS: Limits = Limits {
    concurrency: 2,
    deadline: Duration::from_secs(5),
};

type Answer = Response<rpc::Ending<Body>>;

/// A stack over one handler, and the issuer it trusts.
pub(crate) struct Tested {
    pub(crate) issuer: TestIssuer,
    service: BoxCloneSyncService<Request<()>, Answer, Infallible>,
}

impl Tested {
    pub(crate) async fn new<Working>(
        limits: Limits,
        handler: impl Fn() -> Working + Clone + Send + Sync + 'static,
    ) -> Self
    where
        Working: Future<Output = ()> + Send + 'static,
    {
        let _already = rustls::crypto::ring::default_provider().install_default();
        let clock = Clock::system();
        let issuer = TestIssuer::start(clock.clone()).await;
        let identity = Identity::new(&issuer.url(), &issuer.jwks_url(), clock.clone()).unwrap();
        let rules = Rules::parse(RULES).unwrap();
        let layer = StackLayer::new(rules, identity, clock, limits, CancellationToken::new());
        let handler = tower::service_fn(move |_: Request<()>| {
            let working = handler();
            async move {
                working.await;
                Ok::<_, Infallible>(Response::new(Body::empty()))
            }
        });
        Self {
            issuer,
            service: BoxCloneSyncService::new(layer.layer(handler)),
        }
    }

    /// A stack whose handler does nothing.
    pub(crate) async fn idle() -> Self {
        Self::new(LIMITS, || async {}).await
    }

    pub(crate) fn manager(&self) -> String {
        self.issuer.token(&Persona::human("manager").region("93"))
    }

    /// Calls a method and gives its code and reason.
    pub(crate) async fn call(&self, method: &str, token: Option<&str>) -> (Code, String) {
        self.call_with(method, token, &[]).await
    }

    pub(crate) async fn call_with(
        &self,
        method: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
    ) -> (Code, String) {
        let mut request = Request::builder().uri(format!("/test.Service/{method}"));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self
            .service
            .clone()
            .oneshot(request.body(()).unwrap())
            .await
            .unwrap();
        Status::from_header_map(answer.headers()).map_or((Code::Ok, String::new()), |status| {
            (status.code(), reason(&status))
        })
    }
}
