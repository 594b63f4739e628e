//! Templates: the national ones, and those that regions publish.

use std::collections::BTreeSet;

use contracts::app::documents::templates::{NATIONAL, SAMPLES, request as question};
use proto::contracts::v1::{
    DocumentKind, GetTemplateRequest, ListTemplatesRequest, PublishTemplateRequest, Rendition,
    Template,
};
use testkit::{Persona, reason, request_id};
use tonic::{Code, Status};
use typeset::Typesetter;

use crate::support::{REGION, SITE, Shown, World, contract_manager, director, manager, text};

#[tokio::test(flavor = "multi_thread")]
async fn every_national_template_sets_every_sample_of_its_kind() {
    let typesetter = Typesetter::beside_this_program().unwrap();
    for sample in SAMPLES {
        let data = || serde_json::from_str(sample.data).unwrap();
        let of_kind = NATIONAL
            .iter()
            .filter(|template| template.kind == sample.kind);
        for template in of_kind {
            let question = question(template.text.to_owned(), data(), sample.data);
            let pdf = typesetter.pdf(&question).await;
            let pdf =
                pdf.unwrap_or_else(|error| panic!("{} on {}: {error}", template.name, sample.name));
            assert!(
                pdf.starts_with(b"%PDF-1.7"),
                "{} on {}",
                template.name,
                sample.name
            );
        }
    }
}

fn template(text: &str, first_day: &str) -> PublishTemplateRequest {
    PublishTemplateRequest {
        region: REGION.into(),
        kind: DocumentKind::Contract.into(),
        first_day: first_day.into(),
        text: text.into(),
        request_id: request_id(),
    }
}

async fn publish(world: &World, request: PublishTemplateRequest) -> Result<Template, Status> {
    let answer = world
        .documents(&manager())
        .publish_template(request)
        .await?;
    Ok(answer.into_inner())
}

/// A template of the least a document needs, and `more`.
fn least(more: &str) -> String {
    format!(
        "#let data = json(\"data.json\")\n\
         #set document(title: \"CPOM\", date: datetime(year: 2026, month: 4, day: 1))\n\
         #set text(lang: \"fr\")\n\
         #title()\n\
         {more}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_does_not_render_fails_when_it_is_published() {
    let world = World::new().await;
    for (defective, said) in [
        (least("#data.document.inconnu"), "main.typ:5:"),
        (
            least("#data.document.text.content.clauses.len()"),
            "contract-bare",
        ),
        (least("#image(\"logo.png\")"), "logo.png"),
        (least("#while true { [x] }"), "main.typ:5"),
        ("= Sans titre".to_owned(), "title"),
    ] {
        let refused = publish(&world, template(&defective, "2026-04-01"))
            .await
            .unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::InvalidArgument, "TEMPLATE_DEFECTIVE"),
            "{defective}"
        );
        assert!(
            refused.message().contains(said),
            "{said} in {}",
            refused.message()
        );
    }
    assert_eq!(world.count("select count(*) from template").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_sets_documents_with_its_own_template_from_its_first_day_on() {
    let world = World::new().await;
    let contract = world.signed(text(&[SITE])).await;
    let of_drafts = PublishTemplateRequest {
        kind: DocumentKind::Draft.into(),
        ..template(&least("Sans mention"), "2026-04-01")
    };
    let unmarked = publish(&world, of_drafts).await.unwrap_err();
    assert_eq!(
        unmarked.code(),
        Code::InvalidArgument,
        "no region takes the mark away from drafts"
    );
    let over = publish(&world, template(&least("Hier"), "2026-03-09"))
        .await
        .unwrap_err();
    assert_eq!(reason(&over), "DATE_OUT_OF_RANGE");

    let request = template(&least("Modèle de la région"), "2026-04-01");
    let first = publish(&world, request.clone()).await.unwrap();
    assert_eq!((first.number, first.label.as_str()), (1, "contract-93-1"));
    assert_eq!(
        publish(&world, request).await.unwrap(),
        first,
        "the same request"
    );
    let pdf = world
        .contract_pdf(&contract, Rendition::Full, &director())
        .await
        .unwrap();
    assert_eq!(pdf.template, "contract-93-1");
    assert!(Shown::by(&pdf).says("Modèle de la région"));

    let second = publish(&world, template(&least("Deuxième"), "2026-04-02"))
        .await
        .unwrap();
    assert_eq!(second.number, 2);
    let same = world
        .contract_pdf(&contract, Rendition::Full, &director())
        .await
        .unwrap();
    assert_eq!(same, pdf, "of a day before the first of the second");

    let mut reader = world.documents(&contract_manager());
    let request = GetTemplateRequest {
        name: first.name.clone(),
    };
    assert_eq!(
        reader.get_template(request).await.unwrap().into_inner(),
        first
    );
    let listed = reader
        .list_templates(ListTemplatesRequest::default())
        .await
        .unwrap();
    let labels: BTreeSet<String> = listed
        .into_inner()
        .templates
        .into_iter()
        .map(|template| template.label)
        .collect();
    assert_eq!(
        labels,
        ["contract-93-1", "contract-93-2"].map(String::from).into()
    );

    let elsewhere = Persona::human("manager").region("11");
    let denied = world
        .documents(&elsewhere)
        .publish_template(template(&least("Ailleurs"), "2026-05-01"))
        .await
        .unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_no_sample_foresaw_is_refused_with_its_defect() {
    let world = World::new().await;
    let contract = world.signed(text(&[SITE])).await;
    let choosy = least(
        "#assert(data.document.number.starts-with(\"93-2026-004\"), message: \"autre numéro\")",
    );
    publish(&world, template(&choosy, "2026-04-01"))
        .await
        .unwrap();
    let refused = world
        .contract_pdf(&contract, Rendition::Full, &director())
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::FailedPrecondition, "DOCUMENT_DEFECTIVE")
    );
    assert!(
        refused.message().contains("autre numéro"),
        "{}",
        refused.message()
    );
    assert!(
        refused.message().contains("contract-93-1"),
        "{}",
        refused.message()
    );
    assert_eq!(world.count("select count(*) from edition").await, 0);
}
