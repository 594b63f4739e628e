//! What proving costs: sealing beside commands, pages of a long history, verifying an export.

use std::{
    env,
    fs::{self, File},
    io::{BufWriter, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use cpom::audit::{
    format::{
        CHECKPOINTS, CheckpointLine, EVENTS, EventLine, FORMAT, FileEntry, MANIFEST, Manifest,
        PERSONS, SUBTREES, Scope, ServiceEntry, TABLE,
    },
    verify::{self, Trust},
};
use cpom_tests::suite::{Mode, Service, Suite};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use kernel::{Clock, Region};
use prost::Message as _;
use proto::{
    history::v1::{ListEventsRequest, ListEventsResponse},
    targets::v1::IndicatorsReceived,
};
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};
use store::{By, Db, Fact, Role, log};
use testkit::{Persona, TestDatabase};
use tokio_util::sync::CancellationToken;
use transparency::{Checkpoint, Frontier, SigningKey, tree::leaf_hash};

use super::{pgbench::runs_a_second, undecoded::Undecoded};
use crate::{
    figure::{Figure, Target},
    raw_database::settle,
    statistics::rate,
};

const CLIENTS: usize = 8;
const LIST_EVENTS: &str = "/cpom.history.v1.HistoryService/ListEvents";

pub(crate) async fn run(events: u32, seconds: u32) -> anyhow::Result<Vec<Figure>> {
    let mut figures = vec![appending(seconds).await?];
    figures.extend(pages(events, seconds).await?);
    figures.push(verifying(200_000)?);
    Ok(figures)
}

/// Units a second that append one event each, while a task seals them, against the same without.
async fn appending(seconds: u32) -> anyhow::Result<Figure> {
    let database = TestDatabase::new(&targets::DEFINITION).await;
    let db = Db::connect(&database.url, Role::Machine, 12, Clock::system()).await?;
    settle().await?;
    let (mut without, mut with) = (0.0, 0.0);
    // In turns, so that what else the machine does falls on both.
    for turn in 0..4 {
        without += append_for(&db, turn * 2, seconds).await?;
        let stop = CancellationToken::new();
        let sealing = tokio::spawn(keep_sealed(db.clone(), stop.clone()));
        with += append_for(&db, turn * 2 + 1, seconds).await?;
        stop.cancel();
        sealing.await??;
    }
    db.close().await;
    Ok(Figure::ratio(
        "appending under a sealed log",
        "/s",
        with / 4.0,
        without / 4.0,
        Target::AtLeast(0.9),
    ))
}

async fn keep_sealed(db: Db, stop: CancellationToken) -> anyhow::Result<()> {
    let key = key()?;
    while !stop.is_cancelled() {
        log::seal(&db, std::slice::from_ref(&key)).await?;
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            () = stop.cancelled() => {}
        }
    }
    Ok(())
}

async fn append_for(db: &Db, turn: u32, seconds: u32) -> anyhow::Result<f64> {
    let begin = Instant::now();
    let end = begin + Duration::from_secs(seconds.into());
    let region: Region = "93".parse()?;
    let done: u32 = stream::iter(0..CLIENTS)
        .map(|client| async move {
            let mut version = 0;
            while Instant::now() < end {
                version += 1;
                let data = IndicatorsReceived {
                    region: "x".repeat(600),
                    sequence: version,
                    ..Default::default()
                };
                let name = format!("batches/{turn}-{client}");
                let fact = Fact::new("batch", name, version, "contracts/1", region, &data)?;
                let mut unit = db.unit(By::service("load", db.clock().now())).await?;
                unit.append(vec![fact]).await?;
                unit.done().await?;
            }
            anyhow::Ok(u32::try_from(version)?)
        })
        .buffer_unordered(CLIENTS)
        .try_fold(0, |sum, done| async move { Ok(sum + done) })
        .await?;
    Ok(rate(done, begin.elapsed()))
}

/// Pages of 50 events of one contract among many, against pgbench reading the same rows. What an auditor reads is recorded
/// besides, durably, so that stands apart.
async fn pages(events: u32, seconds: u32) -> anyhow::Result<Vec<Figure>> {
    let mut suite = Suite::start(Mode::Programs).await?;
    let database = suite.database(Service::Targets)?;
    let mut owner = database.owner().await;
    owner.execute(AssertSqlSafe(fill(events))).await?;
    owner.execute("vacuum analyze event").await?;
    sealed(&mut owner, events).await?;
    settle().await?;
    let url = database.owner_url.clone();
    suite.keep_connections();
    let suite = Arc::new(suite);
    let manager = Persona::human("manager").region("*");
    let auditor = Persona::human("auditor").region("*");
    let reached = read_by(&suite, &manager, events, seconds).await?;
    let recorded = read_by(&suite, &auditor, events, seconds).await?;
    let raw = pgbench(&url, events, seconds)?;
    let pages = format!("pages of 50 over {events} events");
    let by_auditor = format!("{pages}, by an auditor, with the record of it");
    Ok(vec![
        Figure::ratio(pages, "/s", reached, raw, Target::AtLeast(0.6)),
        Figure::ratio(by_auditor, "/s", recorded, raw, Target::None),
    ])
}

/// Waits until the service has sealed what was filled in, so that it does nothing else while pages are read.
async fn sealed(owner: &mut PgConnection, events: u32) -> anyhow::Result<()> {
    loop {
        let size: Option<i64> = sqlx::query_scalar("select max(tree_size) from checkpoint")
            .fetch_one(&mut *owner)
            .await?;
        if size.is_some_and(|size| size >= i64::from(events)) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Pages a second that eight clients of one person read.
async fn read_by(
    suite: &Arc<Suite>,
    who: &Persona,
    events: u32,
    seconds: u32,
) -> anyhow::Result<f64> {
    let begin = Instant::now();
    let end = begin + Duration::from_secs(seconds.into());
    let read: u32 = stream::iter((0_u32..).take(CLIENTS))
        .map(|client| {
            let suite = Arc::clone(suite);
            async move {
                let peer = suite.peer(Service::Targets, who)?;
                let mut history = Undecoded::new(peer, LIST_EVENTS);
                let mut read: u32 = 0;
                while Instant::now() < end {
                    // Far from the one before, as pgbench's are: neighbours would share blocks of the table.
                    let contract = client
                        .wrapping_mul(104_729)
                        .wrapping_add(read.wrapping_mul(7_919));
                    let request = ListEventsRequest {
                        root: format!("contracts/{}", contract % (events / 100)),
                        ..Default::default()
                    };
                    let page = history.call(request).await?;
                    if read == 0 {
                        let events = ListEventsResponse::decode(page)?.events.len();
                        anyhow::ensure!(events == 50, "a page of {events}");
                    }
                    read += 1;
                }
                anyhow::Ok(read)
            }
        })
        .buffer_unordered(CLIENTS)
        .try_fold(0, |sum, read| async move { Ok(sum + read) })
        .await?;
    Ok(rate(read, begin.elapsed()))
}

/// A hundred events for each contract, spread over the whole history, by five of two hundred persons.
fn fill(events: u32) -> String {
    format!(
        "insert into person (commitment, subject, salt, recorded_at)
         select 'person:' || encode(sha256(n::text::bytea), 'hex'), 'agent-' || n, sha256(('salt' || n)::bytea), now()
         from generate_series(0, 199) as n;
         insert into event (id, aggregate_kind, aggregate, version, type, root, region, actor, actor_kind, actor_role,
             recorded_at, canonical, prev_hash, hash)
         select gen_random_uuid(), 'batch', 'batches/' || n, 1, 'cpom.targets.v1.IndicatorsReceived',
             'contracts/' || n % {contracts}, '93', who.actor, 'human', 'contract_manager', now(),
             convert_to('{{\"actor\":\"' || who.actor || '\",\"data\":{{\"note\":\"' || repeat('x', 400) || '\"}}}}', 'UTF8'),
             decode(repeat('00', 32), 'hex'), sha256(n::text::bytea)
         from generate_series(1, {events}) as n
         cross join lateral (
             select 'person:' || encode(sha256(((n % {contracts} + n / {contracts} % 5) % 200)::text::bytea), 'hex') as actor
         ) as who",
        contracts = events / 100
    )
}

const PAGE: &str = "
\\set contract random(0, :contracts - 1)
select event.seq, event.id, event.aggregate_kind, event.aggregate, event.version, event.type, event.root, event.region,
    coalesce(person.subject, event.actor), event.actor_kind,
    event.actor_role, event.reason, event.request_id, event.traceparent, event.recorded_at, event.canonical,
    event.prev_hash, event.hash
from event
left join person on person.commitment = event.actor
where event.root = 'contracts/' || :contract
order by event.seq limit 51;";

fn pgbench(url: &str, events: u32, seconds: u32) -> anyhow::Result<f64> {
    let (seconds, contracts) = (seconds.to_string(), events / 100);
    let contracts = format!("contracts={contracts}");
    runs_a_second(url, PAGE, &["-T", &seconds, "-D", &contracts], "")
}

fn key() -> anyhow::Result<SigningKey> {
    Ok(SigningKey::new("cpom.load/log", &[9; 32])?)
}

/// Megabytes a second of `audit verify` over an export, against SHA-256 alone over the same files.
fn verifying(events: u64) -> anyhow::Result<Figure> {
    let folder = env::temp_dir().join(format!("cpom-load-{}", kernel::new_id().simple()));
    let manifest = write_export(&folder, events)?;
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    // The first run brings the files into memory.
    let (mut plain, mut verified) = (Duration::MAX, Duration::MAX);
    for _ in 0..3 {
        let begin = Instant::now();
        for file in &manifest.files {
            hash_of(&folder.join(&file.path))?;
        }
        plain = plain.min(begin.elapsed());
        let begin = Instant::now();
        let report = verify::run(&folder, &Trust::default())?;
        anyhow::ensure!(report.is_sound, "{report:?}");
        verified = verified.min(begin.elapsed());
    }
    fs::remove_dir_all(&folder)?;
    let megabytes = u32::try_from(bytes / 1_000_000)?;
    Ok(Figure::ratio(
        "audit verify",
        "MB/s",
        rate(megabytes, verified),
        rate(megabytes, plain),
        Target::AtLeast(1.0 / 3.0),
    ))
}

fn hash_of(path: &Path) -> anyhow::Result<[u8; 32]> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut block = vec![0; 1024 * 1024];
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(&block[..read]);
    }
}

/// An export of one service with events of about a thousand bytes.
fn write_export(folder: &Path, events: u64) -> anyhow::Result<Manifest> {
    let inside = folder.join("targets");
    fs::create_dir_all(&inside)?;
    let mut file = BufWriter::new(File::create(inside.join(EVENTS))?);
    let mut frontier = Frontier::default();
    for index in 0..events {
        let event = format!(
            r#"{{"actor":"service:load","aggregateversion":"1","data":{{"note":"{}"}},"id":"{index}","subject":"batches/{index}"}}"#,
            "x".repeat(900)
        );
        let hash = store::chain_hash(&[0; 32], event.as_bytes());
        let leaf = leaf_hash(&hash);
        frontier.push(leaf, |_, _| {});
        let line = EventLine {
            leaf_index: index,
            leaf,
            previous_hash: [0; 32],
            hash,
            event: event.as_bytes(),
        };
        file.write_all(&line.write())?;
        file.write_all(b"\n")?;
    }
    file.flush()?;
    let key = key()?;
    let head = Checkpoint {
        origin: key.name().to_owned(),
        size: events,
        root: frontier.root(),
        time: None,
    };
    let line = CheckpointLine {
        tree_size: events,
        note: head.sign(std::slice::from_ref(&key)),
        consistency: Vec::new(),
    };
    fs::write(
        inside.join(CHECKPOINTS),
        serde_json::to_string(&line)? + "\n",
    )?;
    for name in [TABLE, SUBTREES, PERSONS] {
        fs::write(inside.join(name), "")?;
    }
    let files = [EVENTS, TABLE, SUBTREES, CHECKPOINTS, PERSONS]
        .iter()
        .map(|name| {
            let path: PathBuf = inside.join(name);
            Ok(FileEntry {
                path: format!("targets/{name}"),
                bytes: fs::metadata(&path)?.len(),
                sha256: hex::encode(hash_of(&path)?),
            })
        })
        .collect::<anyhow::Result<_>>()?;
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        scope: Scope::default(),
        services: vec![ServiceEntry {
            service: "targets".to_owned(),
            tree_size: events,
            events,
            verifier_keys: vec![key.verifying().to_string()],
            differences: Vec::new(),
        }],
        files,
    };
    fs::write(folder.join(MANIFEST), serde_json::to_string(&manifest)?)?;
    Ok(manifest)
}
