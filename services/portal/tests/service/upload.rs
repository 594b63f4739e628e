//! Files that are passed on to a service: whose they are, and how large.

use crate::support::{World, location};

const PATH: &str = "/missions/00000000-0000-0000-0000-000000000001/actes/UploadEvidence";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_passed_on_within_its_limit_and_from_our_own_form() {
    let world = World::start().await;
    let mut browser = world.signed_in().await;
    let token = browser.form_token().await;
    let fields = [("jeton", token.as_str()), ("header.title", "Présences")];
    let large = vec![b'x'; 52 * 1024 * 1024];
    let answer = browser.post_file(PATH, &fields, &large).await;
    assert_eq!(answer.status(), 413);
    let forged = [("jeton", "faux"), ("header.title", "Présences")];
    let answer = browser.post_file(PATH, &forged, b"abc").await;
    assert_eq!(answer.status(), 400);
    // No service is there, not even to show the page again: what was typed waits, and the file is asked for.
    let answer = browser.post_file(PATH, &fields, b"abc").await;
    let resumed = location(&answer);
    let page = browser.get(&resumed).await.text().await.unwrap();
    assert!(
        page.contains("Présences") && page.contains("a.txt"),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_beside_a_file_waits_for_its_author() {
    let world = World::start().await;
    let mut browser = world.browser();
    let fields = [("header.title", "Présences <b>")];
    let away = browser.post_file(PATH, &fields, b"abc").await;
    let back = world.provider.agree(&location(&away));
    let resumed = location(&browser.get(&back).await);
    let page = browser.get(&resumed).await.text().await.unwrap();
    assert!(
        page.contains("Présences &#60;b&#62;") && page.contains(PATH),
        "{page}"
    );
    // The file is not kept: its name says which one to choose again.
    assert!(
        page.contains("a.txt") && page.contains(r#"type="file""#),
        "{page}"
    );
    assert!(!page.contains(r#"name="pieces" value="#), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_a_spreadsheet_after_the_session_ended_signs_in_and_comes_back() {
    let world = World::start().await;
    let mut browser = world.browser();
    let away = browser.post_file("/indicateurs/envoi", &[], b"abc").await;
    let back = world.provider.agree(&location(&away));
    let arrived = browser.get(&back).await;
    assert_eq!(
        location(&arrived),
        "/travail",
        "this browser does not say which page it was on"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_holds_more_than_any_text_is_refused() {
    let world = World::start().await;
    let mut browser = world.signed_in().await;
    let token = browser.form_token().await;
    let long = "x".repeat(300 * 1024);
    let fields = [("jeton", token.as_str()), ("header.title", long.as_str())];
    assert_eq!(browser.post(PATH, &fields).await.status(), 413);
    let answer = browser.post_file(PATH, &fields, b"abc").await;
    assert_eq!(answer.status(), 413, "beside a file too");
}
