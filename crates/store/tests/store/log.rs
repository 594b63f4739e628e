//! The Merkle log.
#![expect(
    clippy::unwrap_used,
    reason = "a test without its surroundings cannot go on"
)]

use sqlx::Row as _;
use store::{
    By, Db,
    log::{self, Sealed, seal},
};
use transparency::{Checkpoint, Frontier, Hash, Node, SigningKey, proof, tree::leaf_hash};

use crate::support::{append, database, fact};

fn key() -> SigningKey {
    SigningKey::new("test.example/log", &[1; 32]).unwrap()
}

async fn seal_all(db: &Db) {
    while seal(db, &[key()]).await.unwrap() != Sealed::Nothing {}
}

/// The hashes of all events, in the order of recording.
async fn hashes(db: &Db) -> Vec<Hash> {
    sqlx::query("select hash from event order by seq")
        .fetch_all(db.pool())
        .await
        .unwrap()
        .iter()
        .map(|row| row.get::<&[u8], _>("hash").try_into().unwrap())
        .collect()
}

fn root(hashes: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    for hash in hashes {
        frontier.push(leaf_hash(hash), |_, _| {});
    }
    frontier.root()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_is_sealed_once_in_its_order_and_every_proof_holds() {
    let (_database, db) = database().await;
    let mut sizes = Vec::new();
    // Across the first stored subtree of 256 leaves, and far enough beyond for a second.
    for (batch, count) in [(1, 1), (2, 254), (3, 1), (4, 1), (5, 300)] {
        let versions: Vec<i64> = (1..=count).collect();
        append(&db, &format!("batches/{batch}"), &versions)
            .await
            .unwrap();
        seal_all(&db).await;
        let head = log::latest(db.pool()).await.unwrap().unwrap();
        let all = hashes(&db).await;
        assert_eq!(usize::try_from(head.tree_size).unwrap(), all.len());
        let opened = Checkpoint::open(&head.note, &[key().verifying()]).unwrap();
        assert_eq!((opened.size, opened.root), (all.len() as u64, root(&all)));
        sizes.push(opened);
    }
    let all = hashes(&db).await;
    let last = sizes.last().unwrap();
    let pool = db.pool();
    for index in [0, 1, 127, 254, 255, 256, 400, 556] {
        let proof = log::inclusion(pool, index, last.size)
            .await
            .unwrap()
            .unwrap();
        let leaf = leaf_hash(&all[usize::try_from(index).unwrap()]);
        assert_eq!(
            proof::root_of_inclusion(leaf, index, last.size, &proof),
            Some(last.root)
        );
    }
    assert_eq!(
        log::inclusion(pool, last.size, last.size).await.unwrap(),
        None
    );
    for head in &sizes {
        let proof = log::consistency(pool, head.size, last.size)
            .await
            .unwrap()
            .unwrap();
        assert!(proof::is_consistent(
            (head.size, head.root),
            (last.size, last.root),
            &proof
        ));
    }
    let complete = Node { level: 8, index: 1 };
    let open = Node { level: 9, index: 1 };
    assert!(log::subtrees(pool, &[complete]).await.unwrap().is_some());
    assert_eq!(log::subtrees(pool, &[complete, open]).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_committed_late_keeps_its_place() {
    let (_database, db) = database().await;
    append(&db, "batches/1", &[1]).await.unwrap();
    // It has taken its number, and is not committed.
    let mut late = db
        .unit(By::service("test", db.clock().now()))
        .await
        .unwrap();
    late.append(vec![fact("batches/2", 1)]).await.unwrap();
    append(&db, "batches/3", &[1]).await.unwrap();
    let sealing = tokio::spawn({
        let db = db.clone();
        async move { seal(&db, &[key()]).await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(
        !sealing.is_finished(),
        "it waits for who may still come before"
    );
    late.done().await.unwrap();
    assert_eq!(sealing.await.unwrap().unwrap(), Sealed::All);
    let order: Vec<String> = sqlx::query_scalar(
        "select aggregate from merkle_node join event on seq = event_seq order by index",
    )
    .fetch_all(db.pool())
    .await
    .unwrap();
    assert_eq!(order, ["batches/1", "batches/2", "batches/3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_that_does_not_end_holds_sealing_up_and_nothing_else() {
    let (_database, db) = database().await;
    let mut stuck = db
        .unit(By::service("test", db.clock().now()))
        .await
        .unwrap();
    stuck.append(vec![fact("batches/1", 1)]).await.unwrap();
    append(&db, "batches/2", &[1]).await.unwrap();
    assert_eq!(seal(&db, &[key()]).await.unwrap(), Sealed::Nothing);
    append(&db, "batches/2", &[2]).await.unwrap();
    drop(stuck);
    seal_all(&db).await;
    let head = log::latest(db.pool()).await.unwrap().unwrap();
    assert_eq!(head.tree_size, 2, "what was rolled back has no leaf");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_replicas_seal_together_while_others_write() {
    let (_database, db) = database().await;
    let writing = (0..8).map(|writer| {
        let db = db.clone();
        tokio::spawn(async move {
            for version in 1..=40 {
                append(&db, &format!("batches/{writer}"), &[version])
                    .await
                    .unwrap();
            }
        })
    });
    let writing: Vec<_> = writing.collect();
    let sealing: Vec<_> = (0..3)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                for _ in 0..40 {
                    seal(&db, &[key()]).await.unwrap();
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                }
            })
        })
        .collect();
    for task in writing.into_iter().chain(sealing) {
        task.await.unwrap();
    }
    seal_all(&db).await;
    let head = log::latest(db.pool()).await.unwrap().unwrap();
    let all = hashes(&db).await;
    assert_eq!(all.len(), 320);
    assert_eq!(
        head.root_hash,
        root(&all),
        "the leaves stand in the order of recording"
    );
    assert_eq!(seal(&db, &[key()]).await.unwrap(), Sealed::Nothing);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_events_are_sealed_and_signed_once_there_is_one() {
    let (_database, db) = database().await;
    append(&db, "batches/1", &[1, 2]).await.unwrap();
    assert_eq!(seal(&db, &[]).await.unwrap(), Sealed::All);
    assert_eq!(seal(&db, &[]).await.unwrap(), Sealed::Nothing);
    assert!(log::latest(db.pool()).await.unwrap().is_none());
    assert_eq!(seal(&db, &[key()]).await.unwrap(), Sealed::All);
    assert_eq!(log::latest(db.pool()).await.unwrap().unwrap().tree_size, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_append_only() {
    let (database, db) = database().await;
    append(&db, "batches/1", &[1]).await.unwrap();
    seal_all(&db).await;
    for statement in [
        "update merkle_node set index = 7",
        "delete from merkle_node",
        "truncate merkle_node",
        "update checkpoint set note = ''",
        "delete from checkpoint",
        "truncate checkpoint",
    ] {
        let refused = sqlx::query(statement)
            .execute(&mut database.owner().await)
            .await;
        assert!(
            refused.unwrap_err().to_string().contains("append-only"),
            "{statement}"
        );
        let refused = sqlx::query(statement).execute(db.pool()).await;
        assert!(refused.is_err(), "{statement}");
    }
}
