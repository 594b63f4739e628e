//! How sessions and forms live and end.

use time::Duration;

use crate::{
    provider::Saying,
    support::{World, location},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_nobody_uses_it_and_after_a_day_of_work() {
    let world = World::start().await;
    let mut idle = world.signed_in().await;
    let mut busy = world.signed_in().await;
    for _ in 0..3 {
        world.clock.advance(Duration::minutes(20));
        assert_eq!(busy.get("/connexion").await.status(), 303);
        assert_eq!(location(&busy.get("/connexion").await), "/travail");
    }
    assert!(location(&idle.get("/travail").await).contains("/authorize"));
    for _ in 0..24 {
        world.clock.advance(Duration::minutes(20));
        busy.get("/aide").await;
    }
    assert!(location(&busy.get("/travail").await).contains("/authorize"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_never_outlives_its_token() {
    let world = World::start().await;
    world.provider.says(Saying {
        expires_in: 60,
        ..Saying::default()
    });
    let mut browser = world.signed_in().await;
    world.clock.advance(Duration::seconds(61));
    assert!(location(&browser.get("/travail").await).contains("/authorize"));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_here_and_at_the_provider() {
    let world = World::start().await;
    let mut browser = world.signed_in().await;
    let before = browser.clone();
    let token = browser.form_token().await;
    let answer = browser.post("/deconnexion", &[("jeton", &token)]).await;
    let leave = location(&answer);
    assert!(leave.starts_with(&format!("{}/logout?id_token_hint=", world.provider.url)));
    // The old cookie, kept by somebody, is worth nothing.
    let mut thief = before;
    assert!(location(&thief.get("/travail").await).contains("/authorize"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_the_token_of_its_session_is_refused() {
    let world = World::start().await;
    let mut browser = world.signed_in().await;
    for fields in [&[][..], &[("jeton", "faux")]] {
        assert_eq!(browser.post("/deconnexion", fields).await.status(), 400);
    }
    let other = world.signed_in().await.form_token().await;
    assert_eq!(
        browser
            .post("/deconnexion", &[("jeton", &other)])
            .await
            .status(),
        400
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_without_a_session_waits_for_its_author() {
    let world = World::start().await;
    let mut browser = world.browser();
    let path = "/revues/00000000-0000-0000-0000-000000000001/actes/ConcludeReview";
    let typed = [
        ("reasons", "Mes <motifs>"),
        ("rows.title", ""),
        ("rows.title", "Deux"),
    ];
    let away = browser.post(path, &typed).await;
    let back = world.provider.agree(&location(&away));
    let resumed = location(&browser.get(&back).await);
    assert!(resumed.starts_with("/reprise/"), "{resumed}");
    let page = browser.get(&resumed).await.text().await.unwrap();
    assert!(
        page.contains("Mes &#60;motifs&#62;") && page.contains(path),
        "{page}"
    );
    // Rows are told apart by their order: what is empty stays.
    assert!(page.contains(r#"name="rows.title" value="""#), "{page}");
    // Somebody else does not see it.
    world.provider.says(Saying::default());
    let mut nobody = world.browser();
    assert!(location(&nobody.get(&resumed).await).contains("/authorize"));
}

#[tokio::test(flavor = "multi_thread")]
async fn services_that_are_away_are_said_in_french_and_nothing_breaks() {
    let world = World::start().await;
    let mut browser = world.signed_in().await;
    for path in [
        "/travail",
        "/contrats",
        "/campagnes",
        "/constats",
        "/revues",
        "/etablissements",
        "/echeances",
        "/territoires/cadres",
        "/territoires/cascade",
        "/territoires/flux",
        "/territoires/besoins",
        "/territoires/activite",
        "/territoires/dialogues",
        "/territoires/schema",
        "/territoires/credits",
        "/territoires/cooperations",
        "/territoires/appels-a-projet",
        "/territoires/attente",
        "/missions",
        "/tolerances",
        "/taux",
        "/taux/une-serie",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status(), 503, "{path}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("Un service ne répond pas"), "{path}");
    }
    for path in [
        "/contrats/nulle-part",
        "/avenants/nulle-part",
        "/procedures/nulle-part",
        "/inflexions/nulle-part",
        "/territoires/dialogues/nulle-part",
        "/territoires/schema/nulle-part",
        "/territoires/credits/nulle-part",
        "/territoires/cooperations/nulle-part",
        "/territoires/appels-a-projet/nulle-part",
        "/missions/nulle-part",
        "/contrats/nulle-part/carte",
        "/contrats/nulle-part/moyens",
        "/etablissements/nulle-part",
        "/etablissements/nulle-part/finances",
        "/historique/nulle-part/1/preuve",
        "/taux/une-serie/une-version",
    ] {
        assert_eq!(browser.get(path).await.status(), 404, "{path}");
    }
    let admin = format!("http://{}/readyz", world.running.admin_address);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(client.get(admin).send().await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_large_a_form_is_refused_with_a_word() {
    let world = World::start().await;
    let mut browser = world.signed_in().await;
    let token = browser.form_token().await;
    let long = "x".repeat(300 * 1024);
    let answer = browser
        .post(
            "/contrats/nouveau",
            &[("jeton", &token), ("text.title", &long)],
        )
        .await;
    assert_eq!(answer.status(), 413);
    assert!(answer.text().await.unwrap().contains("trop volumineux"));
}

/// An act whose form is long to fill.
const CONCLUDE: &str = "/revues/00000000-0000-0000-0000-000000000001/actes/ConcludeReview";

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_under_a_token_that_ended_waits_for_its_author() {
    let world = World::doubted().await;
    let mut browser = world.signed_in().await;
    let token = browser.form_token().await;
    let typed = [("jeton", token.as_str()), ("reasons", "Mes motifs")];
    let away = browser.post(CONCLUDE, &typed).await;
    let back = world.provider.agree(&location(&away));
    let resumed = location(&browser.get(&back).await);
    assert!(resumed.starts_with("/reprise/"), "{resumed}");
    let page = browser.get(&resumed).await.text().await.unwrap();
    assert!(page.contains("Mes motifs"), "{page}");
    assert!(page.contains("Revoir le formulaire"), "{page}");
    // Lines of indicators wait too.
    let token = browser.form_token().await;
    let lines = "130786049;MCO_STAYS;2025;40";
    let typed = [("jeton", token.as_str()), ("lignes", lines)];
    let away = browser.post("/indicateurs/confirmation", &typed).await;
    let back = world.provider.agree(&location(&away));
    let resumed = location(&browser.get(&back).await);
    let page = browser.get(&resumed).await.text().await.unwrap();
    assert!(page.contains(lines), "{page}");
    assert!(!page.contains("Revoir le formulaire"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_an_earlier_session_is_shown_again_and_not_sent() {
    let world = World::start().await;
    let earlier = world.signed_in().await.form_token().await;
    let mut browser = world.signed_in().await;
    let typed = [("jeton", earlier.as_str()), ("reasons", "Mes motifs")];
    let resumed = location(&browser.post(CONCLUDE, &typed).await);
    assert!(resumed.starts_with("/reprise/"), "{resumed}");
    let page = browser.get(&resumed).await.text().await.unwrap();
    assert!(
        page.contains("Mes motifs") && !page.contains(&earlier),
        "{page}"
    );
    let forged = [("jeton", "faux"), ("reasons", "Mes motifs")];
    assert_eq!(browser.post(CONCLUDE, &forged).await.status(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_a_form_leads_to_its_page() {
    let world = World::start().await;
    let mut browser = world.signed_in().await;
    for (path, page) in [
        (CONCLUDE, "/revues/00000000-0000-0000-0000-000000000001"),
        ("/contrats/1/objectifs/accord", "/contrats/1"),
        ("/contrats/listes", "/contrats"),
        ("/indicateurs/envoi", "/indicateurs"),
        ("/deconnexion", "/"),
    ] {
        assert_eq!(location(&browser.get(path).await), page, "{path}");
    }
    let answer = browser.post("/travail", &[]).await;
    assert_eq!(answer.status(), 405);
    assert!(answer.text().await.unwrap().contains("Page introuvable"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_in_to_sign_out() {
    let world = World::start().await;
    let mut browser = world.browser();
    let answer = browser.post("/deconnexion", &[("jeton", "ancien")]).await;
    assert_eq!(location(&answer), "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_away_is_said_on_a_page() {
    let world = World::nameless().await;
    let mut browser = world.browser();
    let answer = browser.get("/travail").await;
    assert_eq!(answer.status(), 503);
    let page = answer.text().await.unwrap();
    assert!(
        page.contains("Connexion impossible") && page.contains("<h1>"),
        "{page}"
    );
    let answer = browser.post(CONCLUDE, &[("reasons", "Mes motifs")]).await;
    assert_eq!(answer.status(), 503);
    let page = answer.text().await.unwrap();
    assert!(
        page.contains("le navigateur renverra votre saisie"),
        "{page}"
    );
}
