//! Exports of the history that people ordered: made in the background, part by part, kept for a while, then deleted.
//!
//! Every step is an event of the history itself. A replica works under a lease; when it dies, another goes on after the
//! last part that was kept.

mod line;
mod make;

use kernel::Region;
use proto::history::v1::SavedExportOrdered;
use sqlx::{FromRow, PgConnection, PgPool, QueryBuilder, Row as _, postgres::PgRow};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Begun, Command, Db, Error, Fact, log::Export, person};
pub use make::{Step, claim, expire, step};

/// Exports that one person may have at a time.
pub const MOST_KEPT: i64 = 20;

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Order {
    /// As it was asked for, when it was.
    pub region: Option<Region>,
    pub part: Export,
    /// Events that it may hold.
    pub most: i64,
    pub expires_at: OffsetDateTime,
}

/// Where an export stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Ordered,
    Ready,
    /// It would hold more events than it may: there is no file.
    TooLarge,
    Expired,
}

/// An export as it is kept.
#[derive(Debug, Clone)]
pub struct Saved {
    pub id: Uuid,
    pub version: i64,
    /// INSEE code; empty when none was asked for.
    pub region: String,
    /// A person of it stands there by the commitment.
    pub part: Export,
    /// Its actor as people read it: a person by the identifier in tokens, until it is erased. Empty when none was asked for.
    pub actor: String,
    /// Events that it may hold.
    pub most: i64,
    pub state: State,
    /// The leaf up to which the log was examined for it; -1 at the beginning.
    pub reached: i64,
    pub ordered_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
    pub finished_at: Option<OffsetDateTime>,
    pub events: i64,
    pub bytes: i64,
    /// Empty until it is ready.
    pub sha256: Vec<u8>,
}

impl Saved {
    /// Its resource name.
    pub fn name(&self) -> String {
        format!("savedExports/{}", self.id)
    }

    /// The hash of the file in hexadecimal; empty until it is ready.
    pub fn sha256_text(&self) -> String {
        line::hexadecimal(&self.sha256)
    }

    /// A step of its life, for auditors. It belongs to the region that was asked for, and to none without one.
    fn fact<M: prost::Message + prost::Name>(&self, message: &M) -> Result<Fact, Error> {
        let name = self.name();
        let fact = match self.region.parse::<Region>() {
            Ok(region) => Fact::new("saved_export", &name, 1, &name, region, message)?,
            Err(_) => Fact::of_no_region("saved_export", &name, message)?,
        };
        Ok(fact.with_version(self.version))
    }
}

impl FromRow<'_, PgRow> for Saved {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let state = match row.try_get::<&str, _>("state")? {
            "ordered" => State::Ordered,
            "ready" => State::Ready,
            "too_large" => State::TooLarge,
            "expired" => State::Expired,
            unknown => {
                return Err(sqlx::Error::Decode(
                    format!("the state {unknown} of an export").into(),
                ));
            }
        };
        let root: String = row.try_get("root")?;
        let part = Export {
            tree_size: row.try_get("tree_size")?,
            root: (!root.is_empty()).then_some(root),
            start: row.try_get("start_at")?,
            end: row.try_get("end_at")?,
            type_part: row.try_get("of_type")?,
            actor: row.try_get("of_actor")?,
            outcome: row.try_get("of_outcome")?,
            regions: row.try_get("regions")?,
            roots: row.try_get("roots")?,
        };
        Ok(Self {
            id: row.try_get("id")?,
            version: row.try_get("version")?,
            region: row.try_get("region")?,
            part,
            actor: row
                .try_get::<Option<String>, _>("of_actor_shown")?
                .unwrap_or_default(),
            most: row.try_get("most_events")?,
            state,
            reached: row.try_get("reached_leaf")?,
            ordered_at: row.try_get("ordered_at")?,
            expires_at: row.try_get("expires_at")?,
            finished_at: row.try_get("finished_at")?,
            events: row.try_get::<Option<i64>, _>("events")?.unwrap_or_default(),
            bytes: row.try_get::<Option<i64>, _>("bytes")?.unwrap_or_default(),
            sha256: row
                .try_get::<Option<Vec<u8>>, _>("sha256")?
                .unwrap_or_default(),
        })
    }
}

const COLUMNS: &str =
    "id, version, region, root, start_at, end_at, of_type, of_actor, of_outcome, regions, roots, tree_size, state,
    ordered_at, expires_at, finished_at, events, bytes, sha256, most_events, reached_leaf,
    coalesce((select subject from person where commitment = of_actor), of_actor) as of_actor_shown";

/// What came of an order.
#[derive(Debug)]
pub enum Ordered<R> {
    Done(R),
    /// The person has as many exports as one may have.
    Full,
}

/// Records an order, and its answer. A request that is repeated gets its first answer.
pub async fn order<R: prost::Message + Default>(
    db: &Db,
    command: &Command,
    order: &Order,
    reply: impl FnOnce(&Saved) -> R,
) -> Result<Ordered<R>, Error> {
    let mut unit = match db.command::<R>(command).await? {
        Begun::Replayed(reply) => return Ok(Ordered::Done(reply)),
        Begun::Fresh(unit) => unit,
    };
    let actor = person::commit(unit.connection(), &command.actor.subject, command.at).await?;
    let kept: i64 = sqlx::query_scalar(
        "select count(*) from saved_export where actor = $1 and state <> 'expired'",
    )
    .bind(&actor)
    .fetch_one(unit.connection())
    .await?;
    if kept >= MOST_KEPT {
        return Ok(Ordered::Full);
    }
    let region = order.region.map(|region| region.code().to_owned());
    let asked = match &order.part.actor {
        Some(asked) => Some(concealed(unit.connection(), asked, command.at).await?),
        None => None,
    };
    let saved = Saved {
        id: kernel::new_id(),
        version: 1,
        region: region.unwrap_or_default(),
        actor: asked.clone().unwrap_or_default(),
        part: Export {
            actor: asked,
            ..order.part.clone()
        },
        most: order.most,
        state: State::Ordered,
        reached: -1,
        ordered_at: command.at,
        expires_at: order.expires_at,
        finished_at: None,
        events: 0,
        bytes: 0,
        sha256: Vec::new(),
    };
    let root = saved.part.root.clone().unwrap_or_default();
    sqlx::query(
        "insert into saved_export (id, version, actor, region, root, start_at, end_at, regions, roots, tree_size,
             state, ordered_at, expires_at, of_type, of_actor, of_outcome, most_events)
         values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, 'ordered', $10, $11, $12, $13, $14, $15)",
    )
    .bind(saved.id)
    .bind(&actor)
    .bind(&saved.region)
    .bind(&root)
    .bind(saved.part.start)
    .bind(saved.part.end)
    .bind(saved.part.regions.clone())
    .bind(saved.part.roots.clone())
    .bind(saved.part.tree_size)
    .bind(saved.ordered_at)
    .bind(saved.expires_at)
    .bind(saved.part.type_part.clone())
    .bind(saved.part.actor.clone())
    .bind(saved.part.outcome.clone())
    .bind(saved.most)
    .execute(unit.connection())
    .await?;
    let fact = saved.fact(&SavedExportOrdered {
        region: saved.region.clone(),
        root,
        tree_size: saved.part.tree_size,
        r#type: saved.part.type_part.clone().unwrap_or_default(),
        actor: saved.actor.clone(),
        outcome: saved.part.outcome.clone().unwrap_or_default(),
    })?;
    unit.record(vec![fact]).await?;
    let reply = reply(&saved);
    unit.commit(&reply).await?;
    Ok(Ordered::Done(reply))
}

/// The actor that is asked for, as the history may name it for ever: a machine by its identifier, and whoever else it may be
/// by the commitment.
async fn concealed(
    connection: &mut PgConnection,
    asked: &str,
    now: OffsetDateTime,
) -> Result<String, Error> {
    // No index leads to an actor of the history: who is known exactly is not looked for there.
    let exactly: Option<String> =
        sqlx::query_scalar("select commitment from person where subject = $1 or commitment = $1")
            .bind(asked)
            .fetch_optional(&mut *connection)
            .await?;
    if let Some(commitment) = exactly {
        return Ok(commitment);
    }
    let names_nobody: bool = sqlx::query_scalar(
        "select exists (select from event where actor = $1 and actor_kind <> 'human')",
    )
    .bind(asked)
    .fetch_one(&mut *connection)
    .await?;
    if names_nobody {
        return Ok(asked.to_owned());
    }
    match person::asked_for(connection, asked).await? {
        Some(known) => Ok(known),
        None => person::commit(connection, asked, now).await,
    }
}

/// One export, for who ordered it.
pub async fn find(pool: &PgPool, subject: &str, id: Uuid) -> Result<Option<Saved>, Error> {
    let mut query = QueryBuilder::new("select ");
    query.push(COLUMNS).push(" from saved_export where id = ");
    query.push_bind(id);
    ordered_by(&mut query, subject);
    Ok(query.build_query_as().fetch_optional(pool).await?)
}

/// At most `limit` exports of who ordered them, after one of them, oldest first.
pub async fn list(
    pool: &PgPool,
    subject: &str,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Saved>, Error> {
    let mut query = QueryBuilder::new("select ");
    query.push(COLUMNS).push(" from saved_export where true");
    ordered_by(&mut query, subject);
    if let Some(after) = after {
        query.push(" and id > ").push_bind(after);
    }
    query.push(" order by id limit ").push_bind(limit);
    Ok(query.build_query_as().fetch_all(pool).await?)
}

fn ordered_by(query: &mut QueryBuilder<sqlx::Postgres>, subject: &str) {
    query
        .push(" and actor = (select commitment from person where subject = ")
        .push_bind(subject.to_owned())
        .push(")");
}

/// A part of the file, from 0; none after the last. Bytes that do not have their hash are never handed out.
pub async fn part(pool: &PgPool, id: Uuid, rank: i64) -> Result<Option<Vec<u8>>, Error> {
    let row = sqlx::query(
        "select content, sha256 = sha256(content) as is_whole
         from saved_export_part
         where export_id = $1 and rank = $2",
    )
    .bind(id)
    .bind(rank)
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if !row.get::<bool, _>("is_whole") {
        return Err(Error::Inconsistent(format!(
            "part {rank} of the export {id} does not have its hash"
        )));
    }
    Ok(Some(row.get("content")))
}
