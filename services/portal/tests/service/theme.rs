//! What pages are dressed with: our theme, or the official files that an administration put in a folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::support::World;

/// A folder as the official distribution is laid out, with what must not be served beside it.
fn distribution() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("cpom-theme-{}", kernel::new_id().simple()));
    fs::create_dir_all(folder.join("theme/utility")).unwrap();
    fs::create_dir_all(folder.join("theme/fonts")).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write("theme/dsfr.min.css", ":root{--officiel:1}");
    write("theme/utility/utility.min.css", ".fr-icon{}");
    write("theme/fonts/Marianne.woff2", "police");
    write("theme/dsfr.module.min.js", "alert(1)");
    write("secret.css", "secret");
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_an_entitled_administration_replace_our_theme_and_nothing_else() {
    let folder = distribution();
    let world = World::dressed(folder.join("theme")).await;
    let mut browser = world.browser();
    let page = browser.get("/").await.text().await.unwrap();
    assert!(
        page.contains("/theme/dsfr.min.css") && page.contains("/theme/utility/utility.min.css")
    );
    assert!(page.contains("/portal.css"), "what is ours alone stays");
    assert!(!page.contains("/theme.css"), "our theme steps aside");
    assert!(
        !page.contains("dsfr.module"),
        "no script is taken from there"
    );
    let sheet = browser.get("/theme/dsfr.min.css").await;
    assert_eq!(sheet.status(), 200);
    assert_eq!(sheet.headers()["content-type"], "text/css; charset=utf-8");
    assert_eq!(sheet.text().await.unwrap(), ":root{--officiel:1}");
    assert_eq!(
        browser.get("/theme/fonts/Marianne.woff2").await.status(),
        200
    );
    for path in [
        "/theme/dsfr.module.min.js",
        "/theme/../secret.css",
        "/theme/%2e%2e/secret.css",
        "/theme/absent.css",
        "/theme/fonts",
    ] {
        let answer = browser.get(path).await;
        assert_ne!(answer.status(), 200, "{path}");
    }
    fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_folder_pages_wear_our_theme_and_its_sheets_are_served() {
    let world = World::start().await;
    let mut browser = world.browser();
    let page = browser.get("/").await.text().await.unwrap();
    let sheets: Vec<&str> = page
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .filter(|path| {
            Path::new(path)
                .extension()
                .is_some_and(|kind| kind == "css")
        })
        .collect();
    assert_eq!(sheets.len(), 2, "{sheets:?}");
    for sheet in sheets {
        let answer = browser.get(sheet).await;
        assert_eq!(answer.status(), 200, "{sheet}");
        let kept = answer.headers()["cache-control"].to_str().unwrap();
        assert!(kept.contains("immutable"), "{sheet}: {kept}");
        assert!(answer.headers().contains_key("etag"), "{sheet}");
    }
    let of_another_version = browser.get("/actifs/000000000000/portal.css").await;
    assert_eq!(of_another_version.status(), 200);
    let kept = of_another_version.headers()["cache-control"]
        .to_str()
        .unwrap();
    assert!(
        !kept.contains("immutable"),
        "an old address must not keep what is new for ever"
    );
    assert_eq!(browser.get("/theme/dsfr.min.css").await.status(), 404);
}
