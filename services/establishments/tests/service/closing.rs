//! What a complete file closes.

use proto::establishments::v1::RegistryState;
use testkit::reason;
use tonic::Code;

use crate::support::{Registry, ej, et, sites_file, tally};

#[tokio::test(flavor = "multi_thread")]
async fn a_complete_file_closes_what_it_lacks_and_keeps_it() {
    let registry = Registry::start().await;
    registry.import(&sites_file(9)).await;
    let partial = registry.import(&sites_file(6)).await;
    assert_eq!(
        tally(partial.establishments),
        [0, 0, 6, 0],
        "an ordinary file closes nothing"
    );

    let report = registry.import_complete(&sites_file(6)).await.unwrap();
    assert_eq!(tally(report.establishments), [0, 0, 6, 3]);
    assert_eq!(tally(report.legal_entities), [0, 0, 2, 1]);
    let closed = registry.site(et(8)).await.unwrap();
    assert_eq!(
        (closed.state(), closed.etag.as_str()),
        (RegistryState::Closed, "\"2\"")
    );
    assert_eq!(
        registry.entity(ej(2)).await.unwrap().state(),
        RegistryState::Closed
    );
    assert_eq!(registry.sites().await.len(), 9, "closed records are kept");

    let again = registry.import_complete(&sites_file(6)).await.unwrap();
    assert_eq!(tally(again.establishments), [0, 0, 6, 0]);
    let back = registry.import(&sites_file(9)).await;
    assert_eq!(tally(back.establishments), [0, 3, 6, 0], "they open again");
    assert_eq!(
        registry.entity(ej(2)).await.unwrap().state(),
        RegistryState::Open
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_would_close_more_than_half_is_refused_whole() {
    let registry = Registry::start().await;
    registry.import(&sites_file(9)).await;
    let mut lines = sites_file(4);
    lines[1] = lines[1].replace("SITE 0", "RENAMED");
    let refused = registry.import_complete(&lines).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert_eq!(reason(&refused), "TOO_MANY_CLOSURES");
    assert!(
        refused.message().contains("5 of the 9 open establishments"),
        "{}",
        refused.message()
    );
    assert_eq!(registry.site(et(0)).await.unwrap().title, "SITE 0");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_closes_while_a_line_is_rejected_but_the_others_are_taken() {
    let registry = Registry::start().await;
    registry.import(&sites_file(9)).await;
    let mut lines = sites_file(7);
    lines[1] = lines[1].replace("SITE 0", "RENAMED");
    lines[2] = lines[2].replace("SITE 1", "");
    let report = registry.import_complete(&lines).await.unwrap();
    assert_eq!(tally(report.establishments), [0, 1, 5, 0]);
    assert_eq!(report.rejected, 1);
    assert_eq!(report.line_warnings[0].reason, "CLOSURES_WITHHELD");
    assert!(report.line_warnings[0].explanation.contains("3 records"));
    assert_eq!(
        registry.site(et(8)).await.unwrap().state(),
        RegistryState::Open
    );
}
