//! The database of `contracts`, changed by somebody with every right.

use cpom::audit::verify::Kind;
use sqlx::{Executor as _, Row as _};
use transparency::tree::leaf_hash;

use crate::{
    crime::Crime,
    support::{kinds, of_kind},
};

const EVENTS: &str = "contracts/events.ndjson";
const CHECKPOINTS: &str = "contracts/checkpoints.ndjson";

#[tokio::test(flavor = "multi_thread")]
async fn whatever_somebody_with_every_right_does_is_found_and_located() -> anyhow::Result<()> {
    let mut crime = Crime::prepare().await?;
    crime.undo().await?;
    a_changed_event(&mut crime).await?;
    crime.undo().await?;
    what_pages_tell_beside_the_bytes(&mut crime).await?;
    crime.undo().await?;
    a_deleted_event(&mut crime).await?;
    crime.undo().await?;
    events_that_changed_places(&mut crime).await?;
    crime.undo().await?;
    an_end_that_was_cut_off(&mut crime).await?;
    crime.undo().await?;
    a_chain_rewritten_with_its_hashes(&mut crime).await?;
    crime.undo().await?;
    a_log_rewritten_with_its_leaves(&mut crime).await?;
    crime.undo().await?;
    a_log_rewritten_and_signed_anew(&mut crime).await
}

async fn a_changed_event(crime: &mut Crime) -> anyhow::Result<()> {
    crime.change_second().await?;
    let (report, _) = crime.discover().await?;
    assert_eq!(kinds(&report), [Kind::BytesChanged].into());
    let fault = &report.faults[0];
    assert_eq!(
        (fault.file.as_str(), fault.line),
        (EVENTS, Some(crime.second + 1))
    );
    assert_eq!(fault.aggregate.as_ref(), Some(&crime.victim));
    assert_eq!(
        (fault.version, fault.leaf_index),
        (Some(2), Some(crime.second))
    );
    Ok(())
}

/// The bytes, the hashes and the log are whole; the columns that pages and filters go by are not.
async fn what_pages_tell_beside_the_bytes(crime: &mut Crime) -> anyhow::Result<()> {
    let changed = sqlx::query(
        "update event
         set actor = 'somebody else', actor_role = 'auditor', recorded_at = recorded_at - interval '1 day'
         where aggregate = $1 and version = 2",
    )
    .bind(&crime.victim)
    .execute(&mut crime.intruder)
    .await?;
    assert_eq!(changed.rows_affected(), 1);
    let (report, _) = crime.discover().await?;
    assert_eq!(kinds(&report), [Kind::ColumnsChanged].into());
    let told = of_kind(&report, Kind::ColumnsChanged);
    assert_eq!(told.len(), 3);
    for (fault, attribute) in told.iter().zip(["time", "actor_role", "actor"]) {
        assert_eq!(
            (fault.file.as_str(), fault.line, fault.leaf_index),
            (EVENTS, Some(crime.second + 1), Some(crime.second))
        );
        assert_eq!(
            (fault.aggregate.as_ref(), fault.version),
            (Some(&crime.victim), Some(2))
        );
        let begin = format!("the service tells the {attribute} ");
        assert!(fault.what.starts_with(&begin), "{fault}");
    }
    // What is taken away comes from the bytes.
    assert!(!crime.last_table()?.contains("somebody else"));
    Ok(())
}

async fn a_deleted_event(crime: &mut Crime) -> anyhow::Result<()> {
    sqlx::query("delete from event where aggregate = $1 and version = 2")
        .bind(&crime.victim)
        .execute(&mut crime.intruder)
        .await?;
    let (report, _) = crime.discover().await?;
    assert_eq!(
        kinds(&report),
        [Kind::VersionMissing, Kind::LeafMissing].into()
    );
    let gap = of_kind(&report, Kind::VersionMissing)[0];
    assert_eq!(
        (gap.aggregate.as_ref(), gap.version),
        (Some(&crime.victim), Some(3))
    );
    let leaf = of_kind(&report, Kind::LeafMissing)[0];
    let after = Some(crime.second + 1);
    assert_eq!(
        (leaf.file.as_str(), leaf.line, leaf.leaf_index),
        (EVENTS, after, after)
    );
    Ok(())
}

async fn events_that_changed_places(crime: &mut Crime) -> anyhow::Result<()> {
    let places: Vec<i64> = sqlx::query_scalar(
        "select seq from event where aggregate = $1 and version in (2, 3) order by version",
    )
    .bind(&crime.victim)
    .fetch_all(&mut crime.intruder)
    .await?;
    for (from, to) in [(places[0], -1), (places[1], places[0]), (-1, places[1])] {
        sqlx::query("update event set seq = $2 where seq = $1")
            .bind(from)
            .bind(to)
            .execute(&mut crime.intruder)
            .await?;
    }
    let (report, _) = crime.discover().await?;
    assert_eq!(
        kinds(&report),
        [Kind::SealBroken, Kind::VersionMissing].into()
    );
    let moved: Vec<_> = of_kind(&report, Kind::SealBroken)
        .iter()
        .map(|fault| (fault.aggregate.as_ref(), fault.version))
        .collect();
    let victim = Some(&crime.victim);
    assert_eq!(moved, [(victim, Some(3)), (victim, Some(2))]);
    Ok(())
}

/// Back to an earlier checkpoint, as if nothing had happened since.
async fn an_end_that_was_cut_off(crime: &mut Crime) -> anyhow::Result<()> {
    let size: i64 = sqlx::query_scalar(
        "select tree_size from checkpoint order by tree_size desc offset 1 limit 1",
    )
    .fetch_one(&mut crime.intruder)
    .await?;
    for statement in [
        "delete from event where seq in (select event_seq from merkle_node where level = 0 and index >= $1)",
        "delete from merkle_node where level = 0 and index >= $1",
        "delete from checkpoint where tree_size > $1",
    ] {
        sqlx::query(statement)
            .bind(size)
            .execute(&mut crime.intruder)
            .await?;
    }
    let (alone, with_what_was_known) = crime.discover().await?;
    // In itself it is sound: that is how the log was at that moment.
    assert!(alone.is_sound);
    assert_eq!(kinds(&with_what_was_known), [Kind::Shrunk].into());
    assert_eq!(with_what_was_known.faults[0].file, CHECKPOINTS);
    Ok(())
}

async fn a_chain_rewritten_with_its_hashes(crime: &mut Crime) -> anyhow::Result<()> {
    crime.change_second().await?;
    let rewritten = crime.recompute_chain().await?;
    let (report, _) = crime.discover().await?;
    assert_eq!(kinds(&report), [Kind::SealBroken].into());
    let faults = of_kind(&report, Kind::SealBroken);
    assert_eq!(faults.len(), rewritten);
    assert_eq!(
        (faults[0].line, faults[0].version),
        (Some(crime.second + 1), Some(2))
    );
    let victim = Some(&crime.victim);
    assert!(
        faults
            .iter()
            .all(|fault| fault.aggregate.as_ref() == victim)
    );
    Ok(())
}

async fn a_log_rewritten_with_its_leaves(crime: &mut Crime) -> anyhow::Result<()> {
    crime.change_second().await?;
    crime.recompute_chain().await?;
    let rows = sqlx::query("select seq, hash from event where aggregate = $1")
        .bind(&crime.victim)
        .fetch_all(&mut crime.intruder)
        .await?;
    for row in rows {
        sqlx::query("update merkle_node set hash = $2 where event_seq = $1")
            .bind(row.get::<i64, _>("seq"))
            .bind(leaf_hash(row.get("hash")).as_slice())
            .execute(&mut crime.intruder)
            .await?;
    }
    let (report, _) = crime.discover().await?;
    let fault = of_kind(&report, Kind::RootMismatch)[0];
    assert_eq!(fault.file, CHECKPOINTS);
    assert!(fault.what.contains("between leaf"), "{fault}");
    Ok(())
}

/// Whoever can also make the service sign again leaves no trace inside.
async fn a_log_rewritten_and_signed_anew(crime: &mut Crime) -> anyhow::Result<()> {
    crime.change_second().await?;
    crime.recompute_chain().await?;
    crime
        .intruder
        .execute("truncate merkle_node, checkpoint")
        .await?;
    crime.world.wait_until_sealed().await?;
    let (alone, with_what_was_known) = crime.discover().await?;
    assert!(alone.is_sound);
    assert_eq!(kinds(&with_what_was_known), [Kind::Inconsistent].into());
    let fault = &with_what_was_known.faults[0];
    assert!(fault.what.contains("rewritten"), "{fault}");
    Ok(())
}
