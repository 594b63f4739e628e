//! Names beside FINESS numbers: those of the day on which a document was made, and outside of what is signed.

use proto::contracts::v1::{AmendmentChanges, GetAmendmentPdfRequest, Rendition};
use sqlx::Executor as _;
use testkit::eventually;

use super::{consolidated_pdf, enclosed, named_entity, named_site, with_a_secret};
use crate::support::{ENTITY, SITE, Shown, World, auditor, text};

#[tokio::test(flavor = "multi_thread")]
async fn names_are_those_of_the_day_of_the_freeze_and_outside_of_what_is_signed() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let shown_to = auditor();
    let of_contract = || world.contract_pdf(&contract, Rendition::Full, &shown_to);
    let pdf = of_contract().await.unwrap();
    let shown = Shown::by(&pdf);
    for expected in [
        named_entity(),
        named_site(),
        "le jour où il a été figé".to_owned(),
    ] {
        assert!(shown.says(&expected), "{expected} in {shown:?}");
    }
    let files = enclosed(&pdf);
    assert_eq!(files.len(), 1);
    assert!(!String::from_utf8_lossy(&files[0]).contains("CH de démonstration"));

    world.producer.renamed(ENTITY, "CH renommé", 2).await;
    eventually("the new name is copied", || async {
        let renamed = "select count(*) from legal_entity_copy where title = 'CH renommé'";
        (world.count(renamed).await == 1).then_some(())
    })
    .await;
    assert_eq!(of_contract().await.unwrap(), pdf, "to the byte");

    // What is frozen later bears the later name, and so does the contract with it.
    let changes = AmendmentChanges {
        put_clauses: with_a_secret().content.unwrap().clauses,
        ..Default::default()
    };
    let amendment = world
        .signed_amendment(&contract, "2026-06-01", changes)
        .await;
    let request = GetAmendmentPdfRequest {
        name: amendment.name,
        rendition: Rendition::Full.into(),
    };
    let mut client = world.documents(&auditor());
    let amendment = client
        .get_amendment_pdf(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(amendment.template, "amendment-2");
    let later = format!("CH renommé (FINESS {ENTITY})");
    assert!(Shown::by(&amendment).says(&later));
    for (day, expected) in [("2026-05-31", named_entity()), ("2026-06-01", later)] {
        let consolidated = consolidated_pdf(&world, &contract, day, Rendition::Public).await;
        let shown = Shown::by(&consolidated.unwrap());
        assert!(shown.says(&expected), "{expected} in {shown:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_from_before_names_were_recorded_stays_with_its_template() {
    let world = World::new().await;
    let contract = world.signed(text(&[SITE])).await;
    let mut owner = world.service.database.owner().await;
    for sql in [
        "alter table document_names disable trigger document_names_append_only",
        "delete from document_names",
    ] {
        owner.execute(sql).await.unwrap();
    }
    let pdf = world
        .contract_pdf(&contract, Rendition::Full, &auditor())
        .await
        .unwrap();
    assert_eq!(pdf.template, "contract-1");
    let shown = Shown::by(&pdf);
    assert!(
        shown.says(ENTITY) && !shown.says("CH de démonstration"),
        "{shown:?}"
    );
}
