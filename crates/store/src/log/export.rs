//! Events with their places in the log.

use sqlx::{PgPool, QueryBuilder, Row as _};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Error, Stored,
    history::{self, Filter},
};

/// An event with its place in the log.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Leaf {
    #[sqlx(flatten)]
    pub event: Stored,
    /// From 0.
    pub leaf_index: i64,
    /// As it was sealed.
    pub leaf_hash: Vec<u8>,
}

/// Which part of the log. None does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Export {
    /// Leaves below this place.
    pub tree_size: i64,
    pub root: Option<String>,
    /// From this instant.
    pub start: Option<OffsetDateTime>,
    /// Before this instant.
    pub end: Option<OffsetDateTime>,
    /// What stands somewhere in the type.
    pub type_part: Option<String>,
    /// The identifier of who acted, or the commitment to it.
    pub actor: Option<String>,
    /// The `outcome` of what happened.
    pub outcome: Option<String>,
    /// None for all.
    pub regions: Option<Vec<String>>,
    /// Resources under which the reader may look; none for all.
    pub roots: Option<Vec<String>>,
}

const LOG: &str = " from merkle_node as leaf
    join event on event.seq = leaf.event_seq
    where leaf.level = 0";

impl Export {
    fn push_to(&self, query: &mut QueryBuilder<sqlx::Postgres>) {
        query
            .push(LOG)
            .push(" and leaf.index < ")
            .push_bind(self.tree_size);
        self.filter().push_to(query);
    }

    fn filter(&self) -> Filter {
        Filter {
            root: self.root.clone(),
            start: self.start,
            end: self.end,
            type_part: self.type_part.clone(),
            actor: self.actor.clone(),
            outcome: self.outcome.clone(),
            regions: self.regions.clone(),
            roots: self.roots.clone(),
            ..Filter::default()
        }
    }
}

/// Number of events of a part of the log, counted no further than `most`.
pub async fn size_of(pool: &PgPool, part: &Export, most: i64) -> Result<i64, Error> {
    let mut query = QueryBuilder::new("select count(*) from (select 1");
    part.push_to(&mut query);
    query.push(" limit ").push_bind(most).push(") as part");
    Ok(query.build_query_scalar().fetch_one(pool).await?)
}

/// At most `limit` events of a part of the log, after the place `after`, in the order of the log.
pub async fn export(
    pool: &PgPool,
    part: &Export,
    after: i64,
    limit: i64,
) -> Result<Vec<Leaf>, Error> {
    let mut query = QueryBuilder::new("select ");
    query
        .push(history::COLUMNS)
        .push(", leaf.index as leaf_index, leaf.hash as leaf_hash");
    part.push_to(&mut query);
    query
        .push(" and leaf.index > ")
        .push_bind(after)
        .push(" order by leaf.index limit ")
        .push_bind(limit);
    let mut leaves: Vec<Leaf> = query.build_query_as().fetch_all(pool).await?;
    history::name_persons(pool, leaves.iter_mut().map(|leaf| &mut leaf.event)).await?;
    Ok(leaves)
}

/// One event, with its place once it is sealed.
pub async fn leaf_of(pool: &PgPool, id: Uuid) -> Result<Option<(Stored, Option<i64>)>, Error> {
    let mut query = QueryBuilder::new("select ");
    query
        .push(history::COLUMNS)
        .push(", (select index from merkle_node where event_seq = event.seq) as leaf_index")
        .push(" from event where event.id = ")
        .push_bind(id);
    let Some(row) = query.build().fetch_optional(pool).await? else {
        return Ok(None);
    };
    let mut event = <Stored as sqlx::FromRow<_>>::from_row(&row)?;
    history::name_persons(pool, [&mut event]).await?;
    Ok(Some((event, row.get("leaf_index"))))
}
