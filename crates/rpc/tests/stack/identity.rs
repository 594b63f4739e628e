//! Who may call.

use kernel::Clock;
use serde_json::{Value, json};
use testkit::{Persona, TestIssuer, eventually};
use tonic::Code;

use crate::support::Tested;

#[tokio::test(flavor = "multi_thread")]
async fn only_a_sound_token_of_the_known_issuer_opens_a_method() {
    let tested = Tested::idle().await;
    let unauthenticated = (Code::Unauthenticated, "UNAUTHENTICATED".to_owned());
    assert_eq!(tested.call("Work", None).await, unauthenticated, "missing");
    assert_eq!(
        tested.call("Work", Some("")).await,
        unauthenticated,
        "empty"
    );
    assert_eq!(
        tested.call("Work", Some("a.b.c")).await,
        unauthenticated,
        "garbage"
    );
    assert_eq!(
        tested.call("Work", Some(&tested.manager())).await.0,
        Code::Ok
    );

    let claims = tested
        .issuer
        .claims(&Persona::human("manager").region("93"));
    let spoiled = |field: &str, value: Value| {
        let mut claims = claims.clone();
        claims[field] = value;
        tested.issuer.sign(&claims)
    };
    let wrong = [
        ("expired", spoiled("exp", json!(1_000_000_000))),
        ("other audience", spoiled("aud", json!("somebody"))),
        ("other issuer", spoiled("iss", json!("https://elsewhere"))),
        ("no kind of actor", spoiled("kind", json!("ghost"))),
        ("no subject", spoiled("sub", Value::Null)),
        ("not a FINESS", spoiled("finess", json!(["123"]))),
    ];
    for (what, token) in wrong {
        assert_eq!(
            tested.call("Work", Some(&token)).await,
            unauthenticated,
            "{what}"
        );
    }

    // The same claims and key id, signed with somebody else's key.
    let forger = TestIssuer::start(Clock::system()).await;
    assert_eq!(
        tested.call("Work", Some(&forger.sign(&claims))).await,
        unauthenticated,
        "forged"
    );

    let good = tested.manager();
    let (_, rest) = good.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    for header in [
        json!({"alg": "none"}),
        json!({"alg": "HS256", "kid": "test"}),
    ] {
        let header = base64(&header);
        for signature in ["", signature] {
            let token = format!("{header}.{payload}.{signature}");
            assert_eq!(
                tested.call("Work", Some(&token)).await,
                unauthenticated,
                "{header}"
            );
        }
    }
}

fn base64(json: &Value) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(json.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_learnt_and_a_withdrawn_one_is_forgotten() {
    let tested = Tested::idle().await;
    let old = tested.manager();
    assert_eq!(tested.call("Work", Some(&old)).await.0, Code::Ok);
    tested.issuer.rotate();
    let new = tested.manager();
    // An unknown key id makes the keys be read again, a few seconds later at most.
    eventually("the new key is known", || async {
        (tested.call("Work", Some(&new)).await.0 == Code::Ok).then_some(())
    })
    .await;
    assert_eq!(
        tested.call("Work", Some(&old)).await.0,
        Code::Unauthenticated
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_is_open_to_its_roles_and_some_to_people_alone() {
    let tested = Tested::idle().await;
    let denied = (Code::PermissionDenied, "PERMISSION_DENIED".to_owned());
    let auditor = tested.issuer.token(&Persona::human("auditor").region("*"));
    assert_eq!(tested.call("Work", Some(&auditor)).await, denied);
    let machine = tested.issuer.token(&Persona::system("manager").region("*"));
    assert_eq!(tested.call("Work", Some(&machine)).await.0, Code::Ok);
    assert_eq!(tested.call("Sign", Some(&machine)).await, denied);
    assert_eq!(
        tested.call("Sign", Some(&tested.manager())).await.0,
        Code::Ok
    );
    assert_eq!(
        tested.call("Unlisted", Some(&tested.manager())).await,
        denied
    );
}
