//! Tokens that prove nothing, at every door of the suite.

use cpom_tests::{
    scenario::Scenario,
    suite::{Service, Suite},
};
use proto::history::v1::{ListEventsRequest, history_service_client::HistoryServiceClient};
use serde_json::json;
use testkit::{TestIssuer, reason};
use tonic::Code;

use crate::suite;

/// Asks each service with this token and expects to be told that it proves nothing.
async fn assert_refused(suite: &Suite, what: &str, token: &str) -> anyhow::Result<()> {
    for service in Service::ALL {
        let mut client = HistoryServiceClient::new(suite.peer_with(service, token.to_owned())?);
        let refused = client.list_events(ListEventsRequest::default()).await;
        let status = refused.expect_err(what);
        assert_eq!(
            status.code(),
            Code::Unauthenticated,
            "{what} at {service:?}: {status}"
        );
        assert_eq!(reason(&status), "UNAUTHENTICATED", "{what} at {service:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_or_forged_token_opens_no_door() -> anyhow::Result<()> {
    let suite = suite().await?;
    let auditor = Scenario::new(&suite)?.people.auditor();
    let issuer = &suite.setup.issuer;
    for service in Service::ALL {
        let mut client = suite.history(service, &auditor)?;
        client.list_events(ListEventsRequest::default()).await?;
    }

    let spoiled = |field: &str, value: serde_json::Value| {
        let mut claims = issuer.claims(&auditor);
        claims[field] = value;
        issuer.sign(&claims)
    };
    let long_ago = suite.setup.clock.now().unix_timestamp() - 3_600;
    assert_refused(&suite, "an expired token", &spoiled("exp", json!(long_ago))).await?;
    assert_refused(
        &suite,
        "another audience",
        &spoiled("aud", json!("elsewhere")),
    )
    .await?;
    assert_refused(
        &suite,
        "another issuer",
        &spoiled("iss", json!("https://elsewhere")),
    )
    .await?;

    // The same claims under the same key name, signed by somebody else.
    let forger = TestIssuer::start(suite.setup.clock.clone()).await;
    let imitation = forger.sign(&issuer.claims(&auditor));
    assert_refused(&suite, "a forged signature", &imitation).await?;

    // A true signature under other claims.
    let token = issuer.token(&auditor);
    let stranger = forger.token(&auditor);
    let (Some((head, _)), Some((_, signature))) =
        (stranger.rsplit_once('.'), token.rsplit_once('.'))
    else {
        anyhow::bail!("a token has three parts")
    };
    assert_refused(&suite, "a moved signature", &format!("{head}.{signature}")).await?;
    // `alg` none: nobody signed at all.
    let unsigned = token
        .split('.')
        .nth(1)
        .map(|claims| format!("eyJhbGciOiJub25lIn0.{claims}."));
    assert_refused(&suite, "no signature", &unsigned.expect("claims")).await?;
    assert_refused(&suite, "no token", "").await?;
    suite.stop().await;
    Ok(())
}
