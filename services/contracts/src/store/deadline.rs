//! The list of deadlines: written with each change of what it is about, read by keyset.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgRow};
use store::{Error, without_span};
use time::Date;
use uuid::Uuid;

use kernel::Region;

use super::{Scope, parsed, unexpected};
use crate::domain::{
    ContractId,
    deadline::{Deadline, Kind, Standing},
};

/// What deadlines belong to.
#[derive(Debug, Clone)]
pub struct Owner {
    /// Its resource name.
    pub subject: String,
    /// None for what is about no contract.
    pub contract: Option<ContractId>,
    pub region: Region,
}

/// What was done already about the term of a contract.
pub async fn standing(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<Standing, Error> {
    let row = sqlx::query(
        "select
             exists (select from renewal where contract_id = $1 and state <> 'REFUSED') as renewal_requested,
             exists (select from evaluation where contract_id = $1 and kind = 'MID_TERM') as mid_term_planned,
             array(select year from evaluation where contract_id = $1 and kind = 'ANNUAL') as years_planned",
    )
    .bind(contract.0)
    .fetch_one(connection)
    .await?;
    let years: Vec<i32> = row.get("years_planned");
    Ok(Standing {
        renewal_requested: row.get("renewal_requested"),
        mid_term_planned: row.get("mid_term_planned"),
        years_planned: years.into_iter().collect(),
    })
}

/// Writes what is due for a subject, where it changed. No statement when nothing did.
pub async fn replace(
    connection: &mut PgConnection,
    owner: &Owner,
    before: &[Deadline],
    after: &[Deadline],
) -> Result<(), Error> {
    if before == after {
        return Ok(());
    }
    if !before.iter().all(|deadline| after.contains(deadline)) {
        return rewrite(connection, owner, after).await;
    }
    let new = after.iter().filter(|deadline| !before.contains(deadline));
    insert(connection, owner, new).await
}

/// Writes all that is due for a subject, whatever stood there.
pub async fn rewrite(
    connection: &mut PgConnection,
    owner: &Owner,
    after: &[Deadline],
) -> Result<(), Error> {
    sqlx::query("delete from deadline where subject = $1")
        .bind(&owner.subject)
        .execute(&mut *connection)
        .await?;
    insert(connection, owner, after.iter()).await
}

async fn insert(
    connection: &mut PgConnection,
    owner: &Owner,
    deadlines: impl Iterator<Item = &Deadline>,
) -> Result<(), Error> {
    let mut kinds = Vec::new();
    let (mut ranks, mut dues) = (Vec::new(), Vec::new());
    let (mut sides, mut roles, mut shared) = (Vec::new(), Vec::new(), Vec::new());
    for deadline in deadlines {
        let meaning = deadline.kind.meaning();
        kinds.push(meaning.code);
        ranks.push(deadline.rank);
        dues.push(deadline.due);
        sides.push(meaning.side.as_str());
        roles.push(meaning.role);
        shared.push(meaning.is_shared);
    }
    if kinds.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "insert into deadline (
             subject,
             contract_id,
             region,
             kind,
             rank,
             due,
             side,
             role,
             shared
         )
         select $1, $2, $3, kind, rank, due, side, role, shared
         from unnest($4::text[], $5::integer[], $6::date[], $7::text[], $8::text[], $9::boolean[])
             as due (kind, rank, due, side, role, shared)
         on conflict on constraint deadline_pkey do update set
             due = excluded.due,
             side = excluded.side,
             role = excluded.role,
             shared = excluded.shared",
    )
    .bind(&owner.subject)
    .bind(owner.contract.map(|id| id.0))
    .bind(owner.region.code())
    .bind(kinds)
    .bind(ranks)
    .bind(dues)
    .bind(sides)
    .bind(roles)
    .bind(shared)
    .execute(connection)
    .await?;
    Ok(())
}

/// The contract that a deadline is about.
#[derive(Debug, Clone)]
pub struct ListedContract {
    pub id: ContractId,
    pub number: String,
}

/// A deadline as it stands in the list.
#[derive(Debug, Clone)]
pub struct Listed {
    pub subject: String,
    /// None for what is about no contract.
    pub contract: Option<ListedContract>,
    pub region: Region,
    pub deadline: Deadline,
}

/// The place in the list after which a page begins: day, subject, kind, rank.
pub type After = Option<(Date, String, String, i32)>;

/// Which deadlines. None does not restrict.
#[derive(Debug, Clone)]
pub struct Filter {
    pub scope: Scope,
    pub region: Option<String>,
    pub contract: Option<ContractId>,
    pub side: Option<&'static str>,
    pub role: Option<String>,
    pub kind: Option<String>,
    /// Due on this day at the latest.
    pub due_before: Option<Date>,
}

/// At most `limit` deadlines, the nearest first. A director sees those that both sides read, of their own legal
/// entities; a council those of its own contracts, but for what follows from a control, and those of the programmings that
/// it decides.
pub async fn list(
    connection: &mut PgConnection,
    filter: &Filter,
    after: After,
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    // The restrictions that are not asked for are left out, so that the plan of each list is its own.
    let mut sql = String::from(
        "select
             deadline.subject,
             deadline.contract_id,
             -- Looked up for the rows of the page alone.
             (select number from contract where contract.id = deadline.contract_id) as number,
             deadline.region,
             deadline.kind,
             deadline.rank,
             deadline.due
         from deadline
         where true",
    );
    for (asked, condition) in [
        (
            filter.scope.regions().is_some() && filter.scope.departments().is_none(),
            " and deadline.region = any($1)",
        ),
        (
            filter.scope.departments().is_some(),
            " and (
                  (
                      deadline.shared and split_part(deadline.subject, '/', 1) not in ('reviews', 'procedures')
                      and exists (
                          select from contract_council as council
                          where council.contract_id = deadline.contract_id and council.department = any($13)
                      )
                  )
                  or (
                      deadline.kind = 'PROGRAMMING_PUBLICATION' and exists (
                          select from programming
                          where 'programmings/' || programming.id = deadline.subject
                              and programming.councils && $13
                      )
                  )
              )",
        ),
        (
            filter.scope.legal_entities().is_some(),
            " and deadline.shared and exists (
                  select from contract_party as party
                  where party.contract_id = deadline.contract_id and party.legal_entity = any($2)
              )",
        ),
        (filter.region.is_some(), " and deadline.region = $3"),
        (filter.contract.is_some(), " and deadline.contract_id = $4"),
        (filter.side.is_some(), " and deadline.side = $5"),
        (filter.role.is_some(), " and deadline.role = $6"),
        (filter.kind.is_some(), " and deadline.kind = $7"),
        (filter.due_before.is_some(), " and deadline.due <= $8"),
        (
            after.is_some(),
            " and (deadline.due, deadline.subject, deadline.kind, deadline.rank) > ($9, $10, $11, $12)",
        ),
    ] {
        if asked {
            sql.push_str(condition);
        }
    }
    // The planner must see how few rows are wanted: of a parameter it supposes a tenth of the table.
    let order = " order by deadline.due, deadline.subject, deadline.kind, deadline.rank";
    let _ = write!(sql, "{order} limit {limit}");
    // Every parameter has its type here, used or not.
    sql.insert_str(
        0,
        "with parameter as (
             select $1::text[], $2::text[], $3::text, $4::uuid, $5::text, $6::text, $7::text, $8::date,
                 $9::date, $10::text, $11::text, $12::integer, $13::text[]
         ) ",
    );
    let (day, subject, kind, rank) = match after {
        Some((day, subject, kind, rank)) => (Some(day), Some(subject), Some(kind), Some(rank)),
        None => (None, None, None, None),
    };
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(filter.scope.regions())
        .bind(filter.scope.legal_entities())
        .bind(&filter.region)
        .bind(filter.contract.map(|id| id.0))
        .bind(filter.side)
        .bind(&filter.role)
        .bind(&filter.kind)
        .bind(filter.due_before)
        .bind(day)
        .bind(subject)
        .bind(kind)
        .bind(rank)
        .bind(filter.scope.departments())
        .fetch_all(connection);
    without_span(rows).await?.iter().map(listed).collect()
}

/// A row that begins with subject, contract, its number, region, kind, rank and day, read by their places: by name, each
/// would be looked up in every row.
pub(super) fn listed(row: &PgRow) -> Result<Listed, Error> {
    let kind: &str = row.get(4);
    let id: Option<Uuid> = row.get(1);
    let contract = id.zip(row.get::<Option<String>, _>(2));
    Ok(Listed {
        subject: row.get(0),
        contract: contract.map(|(id, number)| ListedContract {
            id: ContractId(id),
            number,
        }),
        region: parsed("region", row.get(3))?,
        deadline: Deadline {
            due: row.get(6),
            kind: Kind::of(kind).ok_or_else(|| unexpected("kind of deadline", kind))?,
            rank: row.get(5),
        },
    })
}
