//! Programming: decisions, their lines and approvals.

use std::collections::BTreeMap;

use kernel::{Finess, Region};
use sqlx::{AssertSqlSafe, PgConnection, Row as _};
use store::Error;
use time::{Date, Month};
use uuid::Uuid;

use super::{After, parsed, present, programming_rows::complete};
use crate::domain::{
    Contract, ContractId, Programming, ProgrammingId,
    programming::{Approval, Event, Rule, Series, State},
    regime::RegimeKind,
};

const SELECT: &str = "
    select
        programming.id,
        programming.region,
        programming.regime_kind,
        programming.councils,
        programming.number,
        programming.first_year,
        programming.last_year,
        programming.due_date,
        programming.comment,
        programming.state,
        programming.act,
        programming.publication_date,
        programming.discard_reasons,
        programming.version,
        programming.created_at,
        programming.updated_at
    from programming
    ";

/// What counts on a day: the latest of each series that was published by then. `$1` is the day.
const IN_FORCE: &str = "
    select distinct on (region, regime_kind, councils) id
    from programming
    where state = 'PUBLISHED' and publication_date <= $1
    order by region, regime_kind, councils, number desc
    ";

/// The rule of a kind of regime on a day.
pub async fn rule(
    connection: &mut PgConnection,
    kind: RegimeKind,
    day: Date,
) -> Result<Option<Rule>, Error> {
    let row = sqlx::query(
        "select
             horizon_years,
             publish_month,
             publish_day,
             source
         from programming_rule
         where regime_kind = $1 and valid_from <= $2
         order by valid_from desc
         limit 1",
    )
    .bind(kind.as_str())
    .bind(day)
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let (month, day): (i32, i32) = (row.get("publish_month"), row.get("publish_day"));
        let month = u8::try_from(month)
            .ok()
            .and_then(|month| Month::try_from(month).ok());
        Ok(Rule {
            horizon_years: row.get("horizon_years"),
            publish_month: present("publish_month", month)?,
            publish_day: present("publish_day", u8::try_from(day).ok())?,
            source: row.get("source"),
        })
    })
    .transpose()
}

/// Keeps others from drafting in a series until the unit of work ends, and gives the next number and the draft that is
/// under way, if one is.
pub async fn next_number(
    connection: &mut PgConnection,
    series: &Series,
) -> Result<(i32, Option<ProgrammingId>), Error> {
    let councils = councils(series);
    let key = format!(
        "programming/{}/{}/{councils:?}",
        series.region,
        series.kind.as_str()
    );
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind(key)
        .execute(&mut *connection)
        .await?;
    let row = sqlx::query(
        "select
             coalesce(max(number), 0) + 1 as next,
             (array_agg(id) filter (where state = 'DRAFT'))[1] as draft
         from programming
         where region = $1 and regime_kind = $2 and councils = $3",
    )
    .bind(series.region.code())
    .bind(series.kind.as_str())
    .bind(councils)
    .fetch_one(connection)
    .await?;
    let draft: Option<Uuid> = row.get("draft");
    Ok((row.get("next"), draft.map(ProgrammingId)))
}

pub(super) fn councils(series: &Series) -> Vec<String> {
    let codes = series
        .councils
        .iter()
        .map(|council| council.code().to_owned());
    codes.collect()
}

/// Reads a decision with its lines.
pub async fn find(
    connection: &mut PgConnection,
    id: ProgrammingId,
) -> Result<Option<Programming>, Error> {
    one(connection, id, "").await
}

/// Reads a decision and keeps others from changing it until the unit of work ends.
pub async fn lock(
    connection: &mut PgConnection,
    id: ProgrammingId,
) -> Result<Option<Programming>, Error> {
    one(connection, id, "for update").await
}

async fn one(
    connection: &mut PgConnection,
    id: ProgrammingId,
    clause: &'static str,
) -> Result<Option<Programming>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!("{SELECT} where id = $1 {clause}")))
        .bind(id.0)
        .fetch_all(&mut *connection)
        .await?;
    Ok(complete(connection, &rows).await?.pop())
}

/// Which decisions. None does not restrict.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Codes of the councils that see their own drafts beside what is published; none for who sees by region.
    pub councils: Option<Vec<String>>,
    pub regions: Option<Vec<String>>,
    pub region: Option<String>,
    pub kind: Option<&'static str>,
    pub state: Option<&'static str>,
}

/// At most `limit` decisions, newest first.
pub async fn list(
    connection: &mut PgConnection,
    filter: &Filter,
    after: After,
    limit: i64,
) -> Result<Vec<Programming>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SELECT}
         where ($1::text[] is null or region = any($1))
             and ($2::text is null or region = $2)
             and ($3::text is null or regime_kind = $3)
             and ($4::text is null or state = $4)
             and ($5::timestamptz is null or (created_at, id) < ($5, $6))
             and ($8::text[] is null or state = 'PUBLISHED' or councils && $8)
         order by created_at desc, id desc
         limit $7"
    )))
    .bind(&filter.regions)
    .bind(&filter.region)
    .bind(filter.kind)
    .bind(filter.state)
    .bind(after.map(|(at, _)| at))
    .bind(after.map(|(_, id)| id))
    .bind(limit)
    .bind(&filter.councils)
    .fetch_all(&mut *connection)
    .await?;
    complete(connection, &rows).await
}

/// Which of some decisions count on a day.
pub async fn in_force(
    connection: &mut PgConnection,
    ids: &[ProgrammingId],
    day: Date,
) -> Result<Vec<ProgrammingId>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query(AssertSqlSafe(format!(
        "select id from ({IN_FORCE}) as current where id = any($2)"
    )))
    .bind(day)
    .bind(ids)
    .fetch_all(connection)
    .await?;
    Ok(rows
        .iter()
        .map(|row| ProgrammingId(row.get("id")))
        .collect())
}

/// A site as a decision in force programs it.
#[derive(Debug, Clone, Copy)]
pub struct Programmed {
    pub programming: ProgrammingId,
    pub year: i32,
}

/// What the decisions in force of a region on a day say of some sites. Of two series that name one site, the one with the
/// later number counts.
pub async fn of_sites(
    connection: &mut PgConnection,
    (region, kind): (Region, RegimeKind),
    sites: impl IntoIterator<Item = &Finess>,
    day: Date,
) -> Result<BTreeMap<Finess, Programmed>, Error> {
    let sites: Vec<String> = sites.into_iter().map(ToString::to_string).collect();
    let rows = sqlx::query(AssertSqlSafe(format!(
        "select
             line.programming_id,
             line.planned_year,
             site.finess
         from ({IN_FORCE}) as current
         join programming on programming.id = current.id
         join programming_line as line on line.programming_id = current.id
         cross join lateral unnest(line.establishments) as site (finess)
         where programming.region = $2 and programming.regime_kind = $3
             and line.establishments && $4 and site.finess = any($4)
         order by programming.number, programming.id"
    )))
    .bind(day)
    .bind(region.code())
    .bind(kind.as_str())
    .bind(sites)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let programmed = Programmed {
                programming: ProgrammingId(row.get("programming_id")),
                year: row.get("planned_year"),
            };
            Ok((parsed("finess", row.get("finess"))?, programmed))
        })
        .collect()
}

/// The sites that the version before a published one programs.
pub async fn sites_of_previous(
    connection: &mut PgConnection,
    published: &Programming,
) -> Result<Vec<Finess>, Error> {
    let rows = sqlx::query(
        "select distinct site.finess
         from programming_line as line
         cross join lateral unnest(line.establishments) as site (finess)
         where line.programming_id = (
             select id
             from programming
             where region = $1 and regime_kind = $2 and councils = $3 and number < $4 and state = 'PUBLISHED'
             order by number desc
             limit 1
         )",
    )
    .bind(published.series.region.code())
    .bind(published.series.kind.as_str())
    .bind(councils(&published.series))
    .bind(published.number)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| parsed("finess", row.get("finess")))
        .collect()
}

/// Contracts of a kind that are being prepared in a region and cover one of these sites.
pub async fn drafts_about(
    connection: &mut PgConnection,
    (region, kind): (Region, RegimeKind),
    sites: &[Finess],
) -> Result<Vec<Contract>, Error> {
    let sites: Vec<String> = sites.iter().map(ToString::to_string).collect();
    let rows = sqlx::query(
        "select contract.id
         from contract
         join legal_regime as regime on regime.code = contract.legal_regime
         join contract_version as current
             on current.contract_id = contract.id and current.number = contract.text_version
         where current.establishments && $3
             and contract.region = $1
             and regime.kind = $2
             and contract.state in ('DRAFT', 'NEGOTIATION', 'CONSULTATION', 'READY_TO_SIGN', 'PARTIALLY_SIGNED')
         order by contract.id",
    )
    .bind(region.code())
    .bind(kind.as_str())
    .bind(sites)
    .fetch_all(&mut *connection)
    .await?;
    let mut drafts = Vec::with_capacity(rows.len());
    for row in rows {
        drafts.extend(super::contract::find(connection, ContractId(row.get("id"))).await?);
    }
    Ok(drafts)
}

/// Writes a new draft.
pub async fn insert(connection: &mut PgConnection, draft: &Programming) -> Result<(), Error> {
    sqlx::query(
        "insert into programming (
             id,
             region,
             regime_kind,
             councils,
             number,
             first_year,
             last_year,
             due_date,
             comment,
             state,
             version,
             created_at,
             updated_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
    )
    .bind(draft.id.0)
    .bind(draft.series.region.code())
    .bind(draft.series.kind.as_str())
    .bind(councils(&draft.series))
    .bind(draft.number)
    .bind(draft.horizon.first_year)
    .bind(draft.horizon.last_year)
    .bind(draft.horizon.due_date)
    .bind(&draft.comment)
    .bind(draft.state.as_str())
    .bind(draft.version)
    .bind(draft.created_at)
    .execute(&mut *connection)
    .await?;
    insert_lines(connection, draft).await
}

async fn insert_lines(connection: &mut PgConnection, of: &Programming) -> Result<(), Error> {
    for (position, line) in (1..).zip(of.lines.as_slice()) {
        let sites: Vec<String> = line
            .establishments
            .iter()
            .map(ToString::to_string)
            .collect();
        sqlx::query(
            "insert into programming_line (
                 programming_id,
                 position,
                 legal_entity,
                 establishments,
                 planned_year,
                 note
             )
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(of.id.0)
        .bind::<i32>(position)
        .bind(line.legal_entity.to_string())
        .bind(sites)
        .bind(line.planned_year)
        .bind(&line.note)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Writes what a person's act changed.
pub async fn save(
    connection: &mut PgConnection,
    after: &Programming,
    event: &Event,
) -> Result<(), Error> {
    let publication = after.state.publication();
    let discarded = match &after.state {
        State::Discarded { reasons } => Some(reasons.as_str()),
        State::Draft { .. } | State::Published { .. } => None,
    };
    sqlx::query(
        "update programming set
             version = $2,
             state = $3,
             comment = $4,
             act = $5,
             publication_date = $6,
             discard_reasons = $7,
             updated_at = $8
         where id = $1",
    )
    .bind(after.id.0)
    .bind(after.version)
    .bind(after.state.as_str())
    .bind(&after.comment)
    .bind(publication.map(|publication| publication.act.as_str()))
    .bind(publication.map(|publication| publication.date))
    .bind(discarded)
    .bind(after.updated_at)
    .execute(&mut *connection)
    .await?;
    match event {
        Event::Revised { .. } => {
            for part in ["programming_line", "programming_approval"] {
                sqlx::query(AssertSqlSafe(format!(
                    "delete from {part} where programming_id = $1"
                )))
                .bind(after.id.0)
                .execute(&mut *connection)
                .await?;
            }
            insert_lines(connection, after).await
        }
        Event::Approved(approval) => insert_approval(connection, after.id, approval).await,
        Event::Published(_) | Event::Discarded { .. } => Ok(()),
    }
}

async fn insert_approval(
    connection: &mut PgConnection,
    of: ProgrammingId,
    approval: &Approval,
) -> Result<(), Error> {
    let by = approval.by.actor();
    sqlx::query(
        "insert into programming_approval (
             programming_id,
             authority,
             approver,
             approver_kind,
             approver_role,
             title,
             mandate,
             approved_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(of.0)
    .bind(approval.authority.to_string())
    .bind(&by.subject)
    .bind(by.kind.as_str())
    .bind(&by.role)
    .bind(&approval.title)
    .bind(approval.mandate.map(|id| id.0))
    .bind(approval.at)
    .execute(connection)
    .await?;
    Ok(())
}
