//! What an auditor reads and verifies, and what nobody can rewrite.

use std::collections::BTreeMap;

use cpom_tests::suite::Service;
use cucumber::{gherkin::Step, then, when};
use sqlx::{Connection as _, Executor as _, PgConnection};

use crate::{chronicle, world::Specification};

#[then("l’auditeur lit dans l’histoire du CPOM, dans cet ordre")]
async fn the_auditor_reads(world: &mut Specification, step: &Step) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let table = step.table.as_ref().map(|table| table.rows.as_slice());
    let lines = table.and_then(|rows| rows.get(1..)).unwrap_or_default();
    anyhow::ensure!(!lines.is_empty(), "the step has a table");
    let life = world.scenario()?.life_of(&world.contract()?.name).await?;
    let mut rest = life.iter();
    for line in lines {
        let [what, who] = line.as_slice() else {
            anyhow::bail!("two columns: {line:?}");
        };
        let event = chronicle::event(what)?;
        let found = rest.find(|recorded| recorded.name() == event);
        let Some(found) = found else {
            anyhow::bail!("« {what} » is missing, or out of order");
        };
        assert_eq!(found.is_by_human(), who == "une personne", "{what}");
    }
    Ok(())
}

#[then("chaque maillon de cette histoire porte l’empreinte du précédent")]
async fn the_history_is_one_chain(world: &mut Specification) -> anyhow::Result<()> {
    let events = world.scenario()?.events(Service::Contracts, "").await?;
    let mut heads: BTreeMap<String, (i64, Vec<u8>)> = BTreeMap::new();
    for recorded in events {
        let event = recorded.event;
        let head = heads
            .entry(event.aggregate)
            .or_insert_with(|| (0, vec![0; 32]));
        assert_eq!((event.version, &event.previous_hash), (head.0 + 1, &head.1));
        let previous: [u8; 32] = head.1.as_slice().try_into()?;
        let hash = store::chain_hash(&previous, &event.canonical);
        assert_eq!(event.hash, hash, "the bytes are those that were hashed");
        *head = (event.version, event.hash);
    }
    assert!(!heads.is_empty());
    Ok(())
}

/// What somebody with all rights on the database might try.
const REWRITINGS: [&str; 6] = [
    "update event set actor_kind = 'human'",
    "delete from event",
    "update contract_version set comment = 'x'",
    "delete from signature",
    "delete from signature_evidence",
    "update frozen_document set content = ''",
];

#[when("l’administrateur de la base tente de récrire l’histoire")]
async fn somebody_rewrites(world: &mut Specification) -> anyhow::Result<()> {
    let url = &world.suite()?.database(Service::Contracts)?.owner_url;
    let mut owner = PgConnection::connect(url).await?;
    let mut refused = 0;
    for statement in REWRITINGS {
        refused += usize::from(owner.execute(statement).await.is_err());
    }
    world.rewritings_refused = Some(refused);
    Ok(())
}

#[then("la base refuse")]
fn the_database_refuses(world: &mut Specification) {
    assert_eq!(world.rewritings_refused, Some(REWRITINGS.len()));
}
