//! Who is signed in, and who is not.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::{
    provider::Saying,
    support::{World, location},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_private_page_goes_to_the_provider_and_comes_back_to_itself() {
    let world = World::start().await;
    let mut browser = world.browser();
    let away = browser.get("/revues?etat=ouverte").await;
    assert!(location(&away).starts_with(&format!("{}/authorize?", world.provider.url)));
    let back = world.provider.agree(&location(&away));
    assert_eq!(location(&browser.get(&back).await), "/revues?etat=ouverte");
    let page = browser.get("/aide").await.text().await.unwrap();
    assert!(page.contains("Ada Martin") && page.contains("chargé de contractualisation"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_is_exchanged_with_its_proof_or_without_as_the_provider_wants() {
    let world = World::start().await;
    world.signed_in().await;
    let verifier = world.provider.exchanged("code_verifier").unwrap();
    assert_eq!(
        URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)),
        world.provider.challenge()
    );
    assert_eq!(
        world.provider.exchanged("client_secret").as_deref(),
        Some("un-secret")
    );

    let without = World::with(false).await;
    without.signed_in().await;
    assert_eq!(without.provider.exchanged("code_verifier"), None);
    assert_eq!(without.provider.challenge(), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_user_info_is_read_as_plain_one_is() {
    let world = World::start().await;
    world.provider.says(Saying {
        signs_user_info: true,
        ..Saying::default()
    });
    let mut browser = world.signed_in().await;
    let page = browser.get("/aide").await.text().await.unwrap();
    assert!(page.contains("Ada Martin"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_prove_an_identity_signs_nobody_in() {
    let world = World::start().await;
    let wrong = [
        Saying {
            nonce: Some("un autre nonce".to_owned()),
            ..Saying::default()
        },
        Saying {
            audience: "un-autre-client".to_owned(),
            ..Saying::default()
        },
        Saying {
            described: "person:somebody-else".to_owned(),
            ..Saying::default()
        },
    ];
    for saying in wrong {
        world.provider.says(saying.clone());
        let mut browser = world.browser();
        let away = browser.get("/connexion").await;
        let back = world.provider.agree(&location(&away));
        let answer = browser.get(&back).await;
        assert_eq!(answer.status(), 403, "{saying:?}");
        assert!(!browser.cookies.contains_key("__Host-cpom-session"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_serves_once_and_in_the_browser_that_left_only() {
    let world = World::start().await;
    let mut browser = world.browser();
    let away = browser.get("/connexion").await;
    let back = world.provider.agree(&location(&away));
    let mut other = world.browser();
    assert_eq!(other.get(&back).await.status(), 400, "another browser");
    assert_eq!(browser.get(&back).await.status(), 303);
    let mut again = browser.clone();
    again.cookies.insert(
        "__Host-cpom-connexion".to_owned(),
        back.split("state=").nth(1).unwrap().to_owned(),
    );
    assert_eq!(again.get(&back).await.status(), 400, "a second time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_the_provider_is_said() {
    let world = World::start().await;
    let mut browser = world.browser();
    let away = browser.get("/connexion").await;
    let back = world.provider.agree(&location(&away));
    let refused = back.replace("code=le-code", "error=access_denied");
    let answer = browser.get(&refused).await;
    assert_eq!(answer.status(), 403);
    assert!(answer.text().await.unwrap().contains("n’a pas accepté"));
}
