//! Imports at the same time.

use crate::support::{Registry, header, messages, sites_file, tally, upload};

#[tokio::test(flavor = "multi_thread")]
async fn two_imports_at_once_come_one_after_the_other() {
    let registry = Registry::start().await;
    let file = sites_file(300).join("\n");
    let mut imports = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let mut client = registry.administrator();
        let messages = messages(header(), file.as_bytes());
        imports.spawn(async move { upload(&mut client, messages).await });
    }
    let mut created = 0;
    while let Some(report) = imports.join_next().await {
        let [new, changed, unchanged, closed] = tally(report.unwrap().unwrap().establishments);
        assert!((new, unchanged) == (300, 0) || (new, unchanged) == (0, 300));
        assert_eq!((changed, closed), (0, 0));
        created += new;
    }
    assert_eq!(created, 300);
    assert_eq!(registry.count("event").await, 300 + 100 + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_sent_twice_at_once_is_carried_out_once() {
    let registry = Registry::start().await;
    let file = sites_file(60).join("\n");
    let header = header();
    let mut imports = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let mut client = registry.administrator();
        let messages = messages(header.clone(), file.as_bytes());
        imports.spawn(async move { upload(&mut client, messages).await });
    }
    while let Some(report) = imports.join_next().await {
        assert_eq!(
            tally(report.unwrap().unwrap().establishments),
            [60, 0, 0, 0]
        );
    }
    assert_eq!(registry.count("registry_import").await, 1);
}
