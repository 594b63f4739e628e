//! `ProofService`.

use std::net::SocketAddr;

use proto::history::v1::{
    Checkpoint, ExportEventsRequest, GetCheckpointRequest, GetConsistencyProofRequest,
    GetInclusionProofRequest, GetSubtreeHashesRequest, ListCheckpointsRequest, Subtree,
    proof_service_client::ProofServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, Setup, TestDatabase, TestService, eventually, reason, wrong_fields};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tonic::Code;
use transparency::{Hash, VerifyingKey, proof, tree::leaf_hash};

use crate::support::{DEFINITION, append, auditor, service, start};

fn proofs(service: &TestService, persona: &Persona) -> ProofServiceClient<Peer> {
    ProofServiceClient::new(service.peer(persona))
}

/// The latest checkpoint, once it covers that many events.
async fn covering(client: &ProofServiceClient<Peer>, events: i64) -> Checkpoint {
    eventually("a checkpoint", || {
        let mut client = client.clone();
        async move {
            let latest = client.get_checkpoint(GetCheckpointRequest::default()).await;
            let latest = latest.ok()?.into_inner();
            (latest.tree_size >= events).then_some(latest)
        }
    })
    .await
}

/// The head that a note signs, by the key that the test gave the service.
fn open(checkpoint: &Checkpoint) -> transparency::Checkpoint {
    let key: VerifyingKey = testkit::checkpoint_key("targets").verifying();
    assert!(checkpoint.verifier_keys.is_empty() || checkpoint.verifier_keys == [key.to_string()]);
    transparency::Checkpoint::open(&checkpoint.note, &[key]).expect("it is signed")
}

fn hashes(hashes: &[Vec<u8>]) -> Vec<Hash> {
    hashes
        .iter()
        .map(|hash| hash.as_slice().try_into().expect("a hash"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outsider_proves_an_event_from_its_bytes_and_that_the_log_only_grew() {
    let service = service().await;
    let mut client = proofs(&service, &auditor());
    append(&service.running.runtime.db, "93", "batches/1", 3).await;
    let first = covering(&client, 3).await;
    append(&service.running.runtime.db, "93", "batches/2", 4).await;
    let last = covering(&client, 7).await;

    let exported = client
        .export_events(ExportEventsRequest {
            tree_size: last.tree_size,
            ..Default::default()
        })
        .await
        .unwrap();
    let mut exported = exported.into_inner();
    let mut events = Vec::new();
    while let Some(event) = exported.message().await.unwrap() {
        events.push(event);
    }
    assert_eq!(
        events.iter().map(|e| e.leaf_index).collect::<Vec<_>>(),
        [0, 1, 2, 3, 4, 5, 6]
    );

    let asked = events[4].event.as_ref().unwrap();
    let proved = client
        .get_inclusion_proof(GetInclusionProofRequest {
            event: asked.id.clone(),
            tree_size: 0,
        })
        .await
        .unwrap()
        .into_inner();
    let event = proved.event.unwrap();
    let previous: Hash = event.previous_hash.as_slice().try_into().unwrap();
    let leaf = leaf_hash(&store::chain_hash(&previous, &event.canonical));
    assert_eq!(events[4].leaf_hash, leaf);
    let head = open(&proved.checkpoint.unwrap());
    let root = proof::root_of_inclusion(leaf, 4, head.size, &hashes(&proved.hashes));
    assert_eq!(root, Some(head.root));

    let continued = client
        .get_consistency_proof(GetConsistencyProofRequest {
            first_tree_size: first.tree_size,
            second_tree_size: last.tree_size,
        })
        .await
        .unwrap()
        .into_inner();
    let (before, after) = (open(&first), open(&last));
    assert!(proof::is_consistent(
        (before.size, before.root),
        (after.size, after.root),
        &hashes(&continued.hashes)
    ));

    let listed = client
        .list_checkpoints(ListCheckpointsRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert!(
        listed
            .checkpoints
            .iter()
            .any(|head| head.note == first.note)
    );
    let covers = client
        .get_checkpoint(GetCheckpointRequest { tree_size: 1 })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(covers.tree_size, listed.checkpoints[0].tree_size);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_beside_the_bytes_of_an_event_is_told_with_what_they_say() {
    let service = service().await;
    let mut client = proofs(&service, &auditor());
    append(&service.running.runtime.db, "93", "batches/1", 1).await;
    covering(&client, 1).await;
    let mut owner = service.database.owner().await;
    let event: String = sqlx::query_scalar("select id::text from event")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    let request = GetInclusionProofRequest {
        event,
        tree_size: 0,
    };
    let sound = client.get_inclusion_proof(request.clone()).await.unwrap();
    assert!(sound.into_inner().differences.is_empty());
    for statement in [
        // No trigger stops who can do this.
        "set session_replication_role = replica",
        "update event set region = '11', actor_role = 'director_general'",
    ] {
        sqlx::query(statement).execute(&mut owner).await.unwrap();
    }
    let proof = client.get_inclusion_proof(request).await.unwrap();
    let proof = proof.into_inner();
    let told: Vec<[&str; 3]> = proof
        .differences
        .iter()
        .map(|one| [&one.attribute, &one.told, &one.proved].map(String::as_str))
        .collect();
    assert_eq!(
        told,
        [
            ["region", "11", "93"],
            ["actor_role", "director_general", "service"]
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_proved_or_exported_is_refused_with_its_reason() {
    let service = service().await;
    let mut client = proofs(&service, &auditor());
    let none = client.get_checkpoint(GetCheckpointRequest::default()).await;
    assert_eq!(reason(&none.unwrap_err()), "NO_CHECKPOINT");
    append(&service.running.runtime.db, "93", "batches/1", 5).await;
    let last = covering(&client, 5).await;

    let request = GetConsistencyProofRequest {
        first_tree_size: 4,
        second_tree_size: 0,
    };
    let refused = client.get_consistency_proof(request).await.unwrap_err();
    assert_eq!(reason(&refused), "UNKNOWN_TREE_SIZE");
    let request = GetInclusionProofRequest {
        event: kernel::new_id().to_string(),
        tree_size: 0,
    };
    let refused = client.get_inclusion_proof(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    for (level, index) in [(3, 0), (0, 5), (47, i64::MAX)] {
        let request = GetSubtreeHashesRequest {
            subtrees: vec![Subtree { level, index }],
        };
        let refused = client.get_subtree_hashes(request).await.unwrap_err();
        assert_eq!(wrong_fields(&refused), ["subtrees"], "{level} {index}");
    }
    let export = |region: &str| ExportEventsRequest {
        tree_size: last.tree_size,
        region: region.to_owned(),
        max_events: 4,
        ..Default::default()
    };
    let refused = client.export_events(export("")).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::FailedPrecondition, "EXPORT_TOO_LARGE")
    );
    let refused = client.export_events(export("77")).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["region"]);
    let mut regional = proofs(&service, &Persona::human("auditor").region("11"));
    for request in [export(""), export("93")] {
        let refused = regional.export_events(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied);
    }
    let director = Persona::human("establishment_director").region("*");
    let refused = proofs(&service, &director).export_events(export("")).await;
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_without_a_key_runs_and_says_so_and_one_with_a_wrong_key_does_not_start() {
    let setup = Setup::new().await;
    let database = TestDatabase::new(&DEFINITION).await;
    let mut config = setup.config(&database);
    config.checkpoint_key_file = None;
    let clock = setup.clock.clone();
    let running = kit::serve(&DEFINITION, config.clone(), clock.clone(), None, start)
        .await
        .unwrap();
    let said = eventually("ready", || async {
        let text = readyz(running.admin_address).await.ok()?;
        text.contains("ready: true").then_some(text)
    })
    .await;
    assert!(said.contains("checkpoints: not signed"), "{said}");
    running.stop().await;

    let file = std::env::temp_dir().join(format!("cpom-wrong-{}", kernel::new_id().simple()));
    let right = testkit::checkpoint_key("targets").to_secret_text();
    let of_two_logs = format!("{right}\n{OTHER_LOG}");
    for wrong in ["", "not a key", OTHER_LOG, &of_two_logs] {
        std::fs::write(&file, wrong).unwrap();
        config.checkpoint_key_file = Some(file.clone());
        let refused = kit::serve(&DEFINITION, config.clone(), clock.clone(), None, start).await;
        let error = refused.unwrap_err();
        assert!(error.is::<kit::ConfigError>(), "{wrong}: {error}");
    }
    std::fs::remove_file(&file).unwrap();
}

async fn readyz(admin: SocketAddr) -> std::io::Result<String> {
    let mut connection = TcpStream::connect(admin).await?;
    let request = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    connection.write_all(request).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// The example of the C2SP specification.
const OTHER_LOG: &str =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
