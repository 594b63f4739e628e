//! What submissions left out: kept as it was sent, once, for those who have to correct it.

use proto::targets::v1::{
    Absence, GetSubmissionRequest, IndicatorValue, KeptRejection, ListRejectedValuesRequest,
    ListSubmissionsRequest, Submission, indicator_value::Content,
};
use testkit::{Persona, wrong_fields};
use tonic::{Code, Status};
use uuid::Uuid;

use crate::world::{
    Contract, ENTITY, OTHER_ENTITY, SITE, World, contract_manager, director, number, stays, system,
    value,
};

/// A year that the contract does not cover, with a number that can be recognised.
fn outside(text: &str) -> IndicatorValue {
    value("MCO_STAYS", "2023", number(text))
}

fn good() -> IndicatorValue {
    value("MCO_STAYS", "2024", number("1200"))
}

fn kept(sequence: i64, index: i32, value: IndicatorValue, field: &str, why: &str) -> KeptRejection {
    KeptRejection {
        sequence,
        index,
        value: Some(value),
        field: field.to_owned(),
        reason: why.to_owned(),
    }
}

impl World {
    /// Everything that is kept of a submission, by pages.
    async fn rejected(
        &self,
        persona: &Persona,
        submission: Uuid,
        page_size: i32,
    ) -> Result<Vec<KeptRejection>, Status> {
        let mut client = self.indicators(persona);
        let mut request = ListRejectedValuesRequest {
            submission: format!("submissions/{submission}"),
            page_size,
            ..Default::default()
        };
        let mut all = Vec::new();
        loop {
            let page = client
                .list_rejected_values(request.clone())
                .await?
                .into_inner();
            all.extend(page.values);
            if page.next_page_token.is_empty() {
                return Ok(all);
            }
            request.page_token = page.next_page_token;
        }
    }

    async fn submission(&self, submission: Uuid) -> Submission {
        let request = GetSubmissionRequest {
            name: format!("submissions/{submission}"),
        };
        let mut client = self.indicators(&contract_manager());
        client.get_submission(request).await.unwrap().into_inner()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_out_is_kept_as_it_was_sent_and_once() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let submission = kernel::new_id();
    let negative = value("MCO_STAYS", "2024-02", number("-3"));
    let nothing = IndicatorValue {
        content: None,
        ..good()
    };
    let masked = value("STAYS", "2024", Content::Absence(Absence::Masked.into()));
    let first = vec![outside("1"), good(), negative.clone()];
    let second = vec![good()];
    let third = vec![nothing.clone(), masked.clone()];

    let (mut stream, _) = world.open(&system(ENTITY), submission).await.unwrap();
    stream.send(1, first.clone()).await;
    stream.acknowledgement().await.unwrap();
    // The same batch again, with another content: it was received.
    stream.send(1, vec![outside("99")]).await;
    assert!(stream.acknowledgement().await.unwrap().already_received);
    drop(stream);
    let (mut stream, _) = world.open(&system(ENTITY), submission).await.unwrap();
    for (sequence, values) in [(1, first), (2, second), (3, third)] {
        stream.send(sequence, values).await;
        let acknowledged = stream.acknowledgement().await.unwrap();
        assert_eq!(acknowledged.already_received, sequence == 1);
    }

    let expected = [
        kept(1, 0, outside("1"), "period", "PERIOD_OUTSIDE_CONTRACT"),
        kept(1, 2, negative, "value", "NEGATIVE_VALUE"),
        kept(3, 0, nothing, "value", "NO_CONTENT"),
        kept(3, 1, masked, "indicator", "UNKNOWN_INDICATOR"),
    ];
    for page_size in [0, 1, 3] {
        let found = world
            .rejected(&system(ENTITY), submission, page_size)
            .await
            .unwrap();
        assert_eq!(found, expected, "by {page_size}");
    }
    let told = world.submission(submission).await;
    assert_eq!(
        (told.accepted, told.rejected, told.rejected_kept),
        (2, 4, 4)
    );
    assert_eq!(told.establishments, [ENTITY]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_batch_a_thousand_are_kept_and_all_are_counted() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let submission = kernel::new_id();
    let (mut stream, _) = world.open(&contract_manager(), submission).await.unwrap();
    let long = format!("\u{0}{}", "9".repeat(10_000));
    let mut values = vec![value("MCO_STAYS", "2024", number(&long))];
    values.extend(std::iter::repeat_n(outside("1"), 1_200));
    stream.send(1, values).await;
    let acknowledged = stream.acknowledgement().await.unwrap();
    assert_eq!(acknowledged.rejected.len(), 1_201);
    stream.send(2, vec![outside("2")]).await;
    stream.acknowledgement().await.unwrap();

    let found = world
        .rejected(&contract_manager(), submission, 200)
        .await
        .unwrap();
    let of_batch = |sequence| found.iter().filter(|one| one.sequence == sequence).count();
    assert_eq!((of_batch(1), of_batch(2)), (1_000, 1));
    let cut = value(
        "MCO_STAYS",
        "2024",
        number(&format!("\u{fffd}{}…", "9".repeat(99))),
    );
    assert_eq!(found[0].value, Some(cut));
    let told = world.submission(submission).await;
    assert_eq!((told.rejected, told.rejected_kept), (1_202, 1_001));
    assert!(told.establishments.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_establishment_sees_what_its_people_and_systems_sent_and_nobody_elses() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let mut opened = Vec::new();
    for _ in 0..3 {
        let submission = kernel::new_id();
        let (mut stream, _) = world.open(&system(ENTITY), submission).await.unwrap();
        stream.send(1, vec![outside("1"), good()]).await;
        stream.acknowledgement().await.unwrap();
        opened.insert(0, format!("submissions/{submission}"));
    }
    let by_the_agency = kernel::new_id();
    world
        .open(&contract_manager(), by_the_agency)
        .await
        .unwrap();
    let listed = async |persona: &Persona| {
        let mut client = world.indicators(persona);
        let mut request = ListSubmissionsRequest {
            page_size: 2,
            ..Default::default()
        };
        let mut names = Vec::new();
        loop {
            let page = client
                .list_submissions(request.clone())
                .await
                .unwrap()
                .into_inner();
            names.extend(page.submissions.into_iter().map(|one| one.name));
            if page.next_page_token.is_empty() {
                return names;
            }
            request.page_token = page.next_page_token;
        }
    };
    // The latest first, whoever of the establishment sent it.
    assert_eq!(listed(&system(ENTITY)).await, opened);
    assert_eq!(listed(&director(ENTITY)).await, opened);
    let mut of_the_region = opened.clone();
    of_the_region.insert(0, format!("submissions/{by_the_agency}"));
    assert_eq!(listed(&contract_manager()).await, of_the_region);

    let submission: Uuid = opened[0]
        .trim_start_matches("submissions/")
        .parse()
        .unwrap();
    for persona in [system(ENTITY), director(ENTITY), contract_manager()] {
        let found = world.rejected(&persona, submission, 0).await.unwrap();
        assert_eq!(found.len(), 1);
    }
    let strangers = [
        system(OTHER_ENTITY).named("clinic"),
        director(OTHER_ENTITY).named("clinic_head"),
        Persona::human("contract_manager").region("11"),
    ];
    for stranger in strangers {
        assert!(listed(&stranger).await.is_empty());
        let status = world.rejected(&stranger, submission, 0).await.unwrap_err();
        assert_eq!(status.code(), Code::NotFound);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_another_submission_is_refused() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let (one, other) = (kernel::new_id(), kernel::new_id());
    for submission in [one, other] {
        let (mut stream, _) = world.open(&system(ENTITY), submission).await.unwrap();
        stream.send(1, vec![outside("1"), outside("2")]).await;
        stream.acknowledgement().await.unwrap();
    }
    let mut client = world.indicators(&system(ENTITY));
    let mut request = ListRejectedValuesRequest {
        submission: format!("submissions/{one}"),
        page_size: 1,
        ..Default::default()
    };
    let page = client.list_rejected_values(request.clone()).await.unwrap();
    request.page_token = page.into_inner().next_page_token;
    request.submission = format!("submissions/{other}");
    let status = client.list_rejected_values(request).await.unwrap_err();
    assert_eq!(wrong_fields(&status), ["page_token"]);
}
