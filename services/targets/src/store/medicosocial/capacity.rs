//! Table `capacity`: append-only; of several records of a line, kind and first day the latest counts.

use kernel::{Finess, Region};
use sqlx::{PgConnection, PgExecutor, PgPool, Row as _, postgres::PgRow};
use store::Error;
use time::{Date, OffsetDateTime};

use crate::{
    domain::medicosocial::{
        Capacity, CapacityKind, CapacityRecordingId, CarePublic, ReceptionMode,
    },
    store::{stored, unknown},
};

/// Writes what was recorded together.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    recording: CapacityRecordingId,
    region: Region,
    capacities: &[Capacity],
    now: OffsetDateTime,
) -> Result<(), Error> {
    for capacity in capacities {
        sqlx::query(
            "insert into capacity (
                 recording,
                 region,
                 establishment,
                 line,
                 category,
                 kind,
                 mode,
                 public,
                 places,
                 opening_days,
                 valid_from,
                 commune,
                 plans,
                 decision,
                 recorded_at
             )
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        )
        .bind(recording.0)
        .bind(region.code())
        .bind(capacity.establishment.as_str())
        .bind(&capacity.line)
        .bind(&capacity.category)
        .bind(capacity.kind.as_str())
        .bind(capacity.mode.as_str())
        .bind(capacity.public.as_str())
        .bind(capacity.places)
        .bind(capacity.opening_days)
        .bind(capacity.valid_from)
        .bind(&capacity.commune)
        .bind(&capacity.plans)
        .bind(&capacity.decision)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// The region an establishment’s places were recorded in; none when there are none.
pub(crate) async fn region_of(
    pool: &PgPool,
    establishment: Finess,
) -> Result<Option<Region>, Error> {
    let region: Option<String> = sqlx::query_scalar(
        "select region from capacity where establishment = $1 order by recorded_at desc limit 1",
    )
    .bind(establishment.as_str())
    .fetch_optional(pool)
    .await?;
    region.map(|code| stored(&code)).transpose()
}

/// What was recorded together.
pub(crate) struct Recording {
    pub(crate) id: CapacityRecordingId,
    pub(crate) lines: i64,
    pub(crate) decisions: Vec<String>,
    pub(crate) establishments: Vec<String>,
    pub(crate) at: OffsetDateTime,
}

/// What was recorded in a region, the latest first; `decision` keeps what has places of that act.
pub(crate) async fn recordings(
    executor: impl PgExecutor<'_>,
    region: Region,
    decision: Option<&str>,
    before: Option<CapacityRecordingId>,
    limit: i64,
) -> Result<Vec<Recording>, Error> {
    let rows = sqlx::query(
        "select
             recording,
             count(*) as lines,
             array_agg(distinct decision) as decisions,
             array_agg(distinct establishment) as establishments,
             min(recorded_at) as recorded_at
         from capacity
         where region = $1 and ($3::uuid is null or recording < $3)
         group by recording
         having $2::text is null or bool_or(decision = $2)
         order by recording desc
         limit $4",
    )
    .bind(region.code())
    .bind(decision)
    .bind(before.map(|recording| recording.0))
    .bind(limit)
    .fetch_all(executor)
    .await?;
    let recordings = rows.iter().map(|row| Recording {
        id: CapacityRecordingId(row.get("recording")),
        lines: row.get("lines"),
        decisions: row.get("decisions"),
        establishments: row.get("establishments"),
        at: row.get("recorded_at"),
    });
    Ok(recordings.collect())
}

/// What a place on record is read from.
macro_rules! columns {
    () => {
        "establishment, line, category, kind, mode, public, places, opening_days, valid_from, commune, plans, decision"
    };
}

/// The records of establishments and a mode that begin on a day or before: the latest of each line, kind and first day.
pub(crate) async fn until(
    pool: &PgPool,
    establishments: &[Finess],
    mode: ReceptionMode,
    last_day: Date,
) -> Result<Vec<Capacity>, Error> {
    let numbers: Vec<&str> = establishments.iter().map(Finess::as_str).collect();
    let rows = sqlx::query(concat!(
        "select distinct on (establishment, line, kind, valid_from) ",
        columns!(),
        " from capacity
         where establishment = any($1) and mode = $2 and valid_from <= $3
         order by establishment, line, kind, valid_from, recorded_at desc, recording desc",
    ))
    .bind(numbers)
    .bind(mode.as_str())
    .bind(last_day)
    .fetch_all(pool)
    .await?;
    rows.iter().map(read).collect()
}

/// Which places in effect to list. What is none does not restrict.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    pub(crate) establishments: Option<Vec<String>>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) public: Option<&'static str>,
    pub(crate) plan: Option<String>,
    /// Establishment, line and kind of the last one of the page before.
    pub(crate) after: Option<(String, String, String)>,
}

/// The places of a region in effect on a day, by establishment, line and kind.
pub(crate) async fn in_effect(
    executor: impl PgExecutor<'_>,
    region: Region,
    day: Date,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Capacity>, Error> {
    let (establishment, line, kind) = filter.after.clone().unwrap_or_default();
    let rows = sqlx::query(concat!(
        "with current as (
             select distinct on (establishment, line, kind) ",
        columns!(),
        " from capacity
             where
                 region = $1
                 and valid_from <= $2
                 and ($3::text[] is null or establishment = any($3))
                 and (establishment, line, kind) > ($7, $8, $9)
             order by establishment, line, kind, valid_from desc, recorded_at desc, recording desc
         )
         select ",
        columns!(),
        " from current
         where
             places > 0
             and ($4::text is null or kind = $4)
             and ($5::text is null or public = $5)
             and ($6::text is null or $6 = any(plans))
         order by establishment, line, kind
         limit $10",
    ))
    .bind(region.code())
    .bind(day)
    .bind(&filter.establishments)
    .bind(filter.kind)
    .bind(filter.public)
    .bind(&filter.plan)
    .bind(establishment)
    .bind(line)
    .bind(kind)
    .bind(limit)
    .fetch_all(executor)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &PgRow) -> Result<Capacity, Error> {
    let (kind, mode, public): (&str, &str, &str) =
        (row.get("kind"), row.get("mode"), row.get("public"));
    Ok(Capacity {
        establishment: stored(row.get("establishment"))?,
        line: row.get("line"),
        category: row.get("category"),
        kind: CapacityKind::from_text(kind).ok_or_else(|| unknown("kind of capacity", kind))?,
        mode: ReceptionMode::from_text(mode).ok_or_else(|| unknown("mode", mode))?,
        public: CarePublic::from_text(public).ok_or_else(|| unknown("public", public))?,
        places: row.get("places"),
        opening_days: row.get("opening_days"),
        valid_from: row.get("valid_from"),
        commune: row.get("commune"),
        plans: row.get("plans"),
        decision: row.get("decision"),
    })
}
