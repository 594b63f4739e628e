//! Broken connections, repeated batches, two writers: nothing lost, nothing twice.

use proto::targets::v1::{GetSubmissionRequest, IndicatorValue};
use testkit::{eventually, reason};
use tonic::Code;
use tonic_types::StatusExt as _;
use uuid::Uuid;

use crate::world::{Contract, ENTITY, SITE, World, contract_manager, number, stays, system, value};

/// A batch that can be recognised: one value, its own number.
fn batch(sequence: i64) -> Vec<IndicatorValue> {
    vec![value("MCO_STAYS", "2024", number(&sequence.to_string()))]
}

/// The stored values of a submission, in the order of their batches.
async fn stored(world: &World, submission: Uuid) -> Vec<i64> {
    let mut owner = world.service.database.owner().await;
    sqlx::query_scalar(
        "select value::bigint from indicator_value where submission = $1 order by sequence",
    )
    .bind(submission)
    .fetch_all(&mut owner)
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_goes_on_after_a_broken_connection() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let submission = kernel::new_id();
    let (mut stream, last) = world.open(&system(ENTITY), submission).await.unwrap();
    assert_eq!(last, 0);
    for sequence in 1..=40 {
        stream.send(sequence, batch(sequence)).await;
    }
    stream.acknowledgement().await.unwrap();
    drop(stream);

    let (mut stream, last) = world.open(&system(ENTITY), submission).await.unwrap();
    assert!((1..=40).contains(&last), "{last}");
    // The client did not hear of the last batches, and sends from the first it is not sure of.
    for sequence in 2..=60 {
        stream.send(sequence, batch(sequence)).await;
    }
    for sequence in 2..=60 {
        let acknowledged = stream.acknowledgement().await.unwrap();
        assert_eq!(acknowledged.sequence, sequence);
        assert_eq!(acknowledged.already_received, sequence <= last);
    }
    assert_eq!(
        stored(&world, submission).await,
        (1..=60).collect::<Vec<_>>()
    );

    let history = world.history(&format!("submissions/{submission}")).await;
    let versions: Vec<i64> = history.iter().map(|event| event.version).collect();
    assert_eq!(versions, (1..=61).collect::<Vec<_>>());
    let request = GetSubmissionRequest {
        name: format!("submissions/{submission}"),
    };
    let mut client = world.indicators(&contract_manager());
    let got = client.get_submission(request).await.unwrap().into_inner();
    assert_eq!((got.last_sequence, got.accepted, got.rejected), (60, 60, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_batch_changes_nothing_even_with_other_values() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let submission = kernel::new_id();
    let (mut stream, _) = world.open(&system(ENTITY), submission).await.unwrap();
    stream.send(1, batch(1)).await;
    stream.send(2, batch(2)).await;
    stream.send(1, batch(99)).await;
    stream.send(3, batch(3)).await;
    let mut already = Vec::new();
    for _ in 0..4 {
        already.push(stream.acknowledgement().await.unwrap().already_received);
    }
    assert_eq!(already, [false, false, true, false]);
    assert_eq!(stored(&world, submission).await, [1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_ends_the_stream_after_what_came_before_is_durable() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let submission = kernel::new_id();
    let (mut stream, _) = world.open(&system(ENTITY), submission).await.unwrap();
    stream.send(1, batch(1)).await;
    stream.send(3, batch(3)).await;
    assert_eq!(stream.acknowledgement().await.unwrap().sequence, 1);
    let status = stream.acknowledgement().await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::FailedPrecondition, "SEQUENCE_GAP")
    );
    let facts = status.get_details_error_info().unwrap().metadata;
    assert_eq!(
        (facts["expected"].as_str(), facts["received"].as_str()),
        ("2", "3")
    );
    assert_eq!(stored(&world, submission).await, [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_connection_that_opened_last_is_the_one_that_writes() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let submission = kernel::new_id();
    let (mut first, _) = world.open(&system(ENTITY), submission).await.unwrap();
    first.send(1, batch(1)).await;
    first.acknowledgement().await.unwrap();
    let (mut second, last) = world.open(&system(ENTITY), submission).await.unwrap();
    assert_eq!(last, 1);

    first.send(2, batch(200)).await;
    let status = first.acknowledgement().await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::Aborted, "SUBMISSION_TAKEN_OVER")
    );
    second.send(2, batch(2)).await;
    assert_eq!(second.acknowledgement().await.unwrap().sequence, 2);
    assert_eq!(stored(&world, submission).await, [1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_race_for_a_submission_apply_each_batch_once() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let submission = kernel::new_id();
    let race = async |world: &World| loop {
        let Ok((mut stream, last)) = world.open(&system(ENTITY), submission).await else {
            continue;
        };
        for sequence in last + 1..=30 {
            stream.send(sequence, batch(sequence)).await;
        }
        let mut durable = last;
        while durable < 30 {
            match stream.acknowledgement().await {
                Ok(acknowledged) => durable = acknowledged.sequence,
                Err(_) => break,
            }
        }
        if durable == 30 {
            return;
        }
    };
    tokio::join!(race(&world), race(&world), race(&world));
    assert_eq!(
        stored(&world, submission).await,
        (1..=30).collect::<Vec<_>>()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_that_has_just_taken_effect_is_seen_by_an_open_stream() {
    let world = World::new().await;
    let (mut stream, _) = world.open(&system(ENTITY), kernel::new_id()).await.unwrap();
    stream.send(1, batch(1)).await;
    let before = stream.acknowledgement().await.unwrap();
    assert_eq!(before.rejected[0].reason, "NOT_YOUR_ESTABLISHMENT");
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    stream.send(2, batch(2)).await;
    assert_eq!(stream.acknowledgement().await.unwrap().accepted, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_service_says_so_and_its_successor_goes_on() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let submission = kernel::new_id();
    let (mut stream, _) = world.open(&system(ENTITY), submission).await.unwrap();
    stream.send(1, batch(1)).await;
    stream.acknowledgement().await.unwrap();
    let (stopped, status) = tokio::join!(world.service.running.stop(), stream.acknowledgement());
    let () = stopped;
    // The stack or the handler says it first; a client connects again either way.
    assert_eq!(status.unwrap_err().code(), Code::Unavailable);

    let setup = &world.service.setup;
    let database = &world.service.database;
    let successor = setup
        .start_on(database, &targets::DEFINITION, targets::start)
        .await;
    let last = eventually("the successor answers", || async {
        let client = setup.peer(&successor, &system(ENTITY));
        let client =
            proto::targets::v1::indicator_service_client::IndicatorServiceClient::new(client);
        crate::world::Submission::open(client, submission)
            .await
            .ok()
            .map(|(_, last)| last)
    })
    .await;
    assert_eq!(last, 1);
    successor.stop().await;
}
