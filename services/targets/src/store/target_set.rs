//! Target sets: the row of each, and how it is found.

use kernel::Region;
use sqlx::{PgConnection, PgPool, Row as _, postgres::PgRow, types::Json};
use store::Error;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{stored, unknown};
use crate::domain::{
    AmendmentId, Carrier, ContractId, Objective, Side, State, TargetSet, TargetSetId, Term,
};

/// What a target set is read from.
macro_rules! columns {
    () => {
        "id, version, region, contract, sequence, amendment, state, agreed_side, effect_date, end_date, objectives, note, created_at, updated_at"
    };
}

/// A target set with the instants that only readers need.
pub(crate) struct Dated {
    pub(crate) set: TargetSet,
    pub(crate) created_at: OffsetDateTime,
    pub(crate) updated_at: OffsetDateTime,
}

/// Writes a new set.
///
/// # Errors
/// A violation of `target_set_contract_key` when another set of the contract is in preparation already.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    set: &TargetSet,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let columns = Columns::of(set.state);
    sqlx::query(concat!(
        "insert into target_set (",
        columns!(),
        ")
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)",
    ))
    .bind(set.id.0)
    .bind(set.version)
    .bind(set.region.code())
    .bind(set.contract.0)
    .bind(set.carrier.sequence)
    .bind(set.carrier.amendment.map(|amendment| amendment.0))
    .bind(set.state.as_str())
    .bind(columns.agreed_side)
    .bind(columns.term.map(|term| term.effect_date))
    .bind(columns.term.map(|term| term.end_date))
    .bind(Json(&set.objectives))
    .bind(&set.note)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the set after its events. The caller holds its row since [`lock`].
pub(crate) async fn update(
    connection: &mut PgConnection,
    set: &TargetSet,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let columns = Columns::of(set.state);
    sqlx::query(
        "update target_set
         set
             version = $2,
             state = $3,
             agreed_side = $4,
             effect_date = $5,
             end_date = $6,
             objectives = $7,
             note = $8,
             updated_at = $9
         where id = $1",
    )
    .bind(set.id.0)
    .bind(set.version)
    .bind(set.state.as_str())
    .bind(columns.agreed_side)
    .bind(columns.term.map(|term| term.effect_date))
    .bind(columns.term.map(|term| term.end_date))
    .bind(Json(&set.objectives))
    .bind(&set.note)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Finds a set and holds its row until the end of the transaction.
pub(crate) async fn lock(
    connection: &mut PgConnection,
    id: TargetSetId,
) -> Result<Option<Dated>, Error> {
    let row = sqlx::query(concat!(
        "select ",
        columns!(),
        " from target_set
         where id = $1
         for update",
    ))
    .bind(id.0)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The sets of a contract that have not ended, in their order, their rows held until the end of the transaction: one in
/// effect at most, and one in preparation.
pub(crate) async fn lock_living(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<Vec<Dated>, Error> {
    let rows = sqlx::query(concat!(
        "select ",
        columns!(),
        " from target_set
         where contract = $1 and state <> 'ended'
         order by sequence
         for update",
    ))
    .bind(contract.0)
    .fetch_all(connection)
    .await?;
    rows.iter().map(read).collect()
}

pub(crate) async fn find(pool: &PgPool, id: TargetSetId) -> Result<Option<Dated>, Error> {
    let row = sqlx::query(concat!(
        "select ",
        columns!(),
        " from target_set
         where id = $1",
    ))
    .bind(id.0)
    .fetch_optional(pool)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The set that both sides have agreed to: of an amendment when one is named; else of the contract, the one in effect
/// when there is one.
pub(crate) async fn find_agreed(
    pool: &PgPool,
    contract: ContractId,
    amendment: Option<AmendmentId>,
) -> Result<Option<Dated>, Error> {
    let row = sqlx::query(concat!(
        "select ",
        columns!(),
        " from target_set
         where
             contract = $1
             and state in ('agreed', 'in_effect')
             and (amendment is not distinct from $2 or ($2 is null and state = 'in_effect'))",
    ))
    .bind(contract.0)
    .bind(amendment.map(|amendment| amendment.0))
    .fetch_optional(pool)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The sets of these contracts that are or were in effect, at most one each: the last one of the year, else the last.
pub(crate) async fn that_took_effect(
    pool: &PgPool,
    region: Region,
    contracts: &[ContractId],
    year: i16,
) -> Result<Vec<TargetSet>, Error> {
    let contracts: Vec<Uuid> = contracts.iter().map(|contract| contract.0).collect();
    let rows = sqlx::query(concat!(
        "select distinct on (contract) ",
        columns!(),
        " from target_set
         where region = $1 and contract = any($2) and effect_date is not null
         order by
             contract,
             (extract(year from effect_date) <= $3 and $3 <= extract(year from end_date)) desc,
             sequence desc",
    ))
    .bind(region.code())
    .bind(contracts)
    .bind(year)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| Ok(read(row)?.set)).collect()
}

/// The sets of these names that took effect in a region, even those that another replaced on their first day.
pub(crate) async fn named(
    pool: &PgPool,
    region: Region,
    sets: &[TargetSetId],
) -> Result<Vec<TargetSet>, Error> {
    let ids: Vec<Uuid> = sets.iter().map(|id| id.0).collect();
    let rows = sqlx::query(concat!(
        "select ",
        columns!(),
        " from target_set
         where region = $1 and id = any($2) and state in ('in_effect', 'ended')",
    ))
    .bind(region.code())
    .bind(ids)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| Ok(read(row)?.set)).collect()
}

/// The plans that objectives in effect on a day serve, each with the number of its objectives and of their contracts; of
/// the contracts that these councils sign, when there are some.
pub(crate) async fn plans(
    pool: &PgPool,
    region: Region,
    day: Date,
    councils: Option<&[String]>,
) -> Result<Vec<(String, i64, i64)>, Error> {
    Ok(sqlx::query_as(
        "select plan.name, count(*), count(distinct target_set.contract)
         from target_set
         cross join jsonb_array_elements(target_set.objectives) as objective (value)
         cross join jsonb_array_elements_text(objective.value -> 'plans') as plan (name)
         where
             target_set.region = $1
             and $2 between target_set.effect_date and target_set.end_date
             and (
                 $3::text[] is null
                 or exists (
                     select from contract_copy
                     where contract_copy.id = target_set.contract and contract_copy.councils && $3
                 )
             )
         group by plan.name
         order by plan.name",
    )
    .bind(region.code())
    .bind(day)
    .bind(councils)
    .fetch_all(pool)
    .await?)
}

/// Whether the set of an amendment ended without ever being in effect.
pub(crate) async fn ended_unused(
    connection: &mut PgConnection,
    amendment: AmendmentId,
) -> Result<bool, Error> {
    let ended = sqlx::query_scalar(
        "select exists (
             select from target_set where amendment = $1 and state = 'ended' and effect_date is null
         )",
    )
    .bind(amendment.0)
    .fetch_one(connection)
    .await?;
    Ok(ended)
}

/// The number of the set that comes next in a contract.
pub(crate) async fn next_sequence(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<i32, Error> {
    let next = sqlx::query_scalar(
        "select coalesce(max(sequence), 0) + 1 from target_set where contract = $1",
    )
    .bind(contract.0)
    .fetch_one(connection)
    .await?;
    Ok(next)
}

/// Which sets to list. What is none does not restrict.
pub(crate) struct Filter {
    pub(crate) regions: Option<Vec<String>>,
    pub(crate) contract: Option<ContractId>,
    pub(crate) state: Option<&'static str>,
    /// Only sets of contracts with one of these parties or sites.
    pub(crate) subjects: Option<Vec<String>>,
    /// Only sets of contracts that one of these councils signs.
    pub(crate) councils: Option<Vec<String>>,
    pub(crate) after: Option<Uuid>,
}

/// Lists sets in the order of their identifiers, which is the order of their creation.
pub(crate) async fn list(pool: &PgPool, filter: &Filter, limit: i64) -> Result<Vec<Dated>, Error> {
    let rows = sqlx::query(concat!(
        "select ",
        columns!(),
        " from target_set
         where
             ($1::text[] is null or region = any($1))
             and ($2::uuid is null or target_set.contract = $2)
             and ($3::text is null or state = $3)
             and ($4::text[] is null or exists (
                 select from contract_copy as contract
                 where
                     contract.id = target_set.contract
                     and (contract.legal_entities && $4 or contract.establishments && $4)
             ))
             and ($7::text[] is null or exists (
                 select from contract_copy as contract
                 where contract.id = target_set.contract and contract.councils && $7
             ))
             and ($5::uuid is null or id > $5)
         order by id
         limit $6",
    ))
    .bind(&filter.regions)
    .bind(filter.contract.map(|contract| contract.0))
    .bind(filter.state)
    .bind(&filter.subjects)
    .bind(filter.after)
    .bind(limit)
    .bind(&filter.councils)
    .fetch_all(pool)
    .await?;
    rows.iter().map(read).collect()
}

/// The facts of a state, as columns.
struct Columns {
    agreed_side: Option<&'static str>,
    term: Option<Term>,
}

impl Columns {
    fn of(state: State) -> Self {
        let (agreed, term) = match state {
            State::Draft { agreed } => (agreed, None),
            State::Agreed => (None, None),
            State::InEffect(term) => (None, Some(term)),
            State::Ended { was_in_effect } => (None, was_in_effect),
        };
        Self {
            agreed_side: agreed.map(Side::as_str),
            term,
        }
    }
}

fn read(row: &PgRow) -> Result<Dated, Error> {
    let Json(objectives): Json<Vec<Objective>> = row.try_get("objectives")?;
    Ok(Dated {
        set: TargetSet {
            id: TargetSetId(row.get("id")),
            region: stored(row.get("region"))?,
            contract: ContractId(row.get("contract")),
            carrier: Carrier {
                sequence: row.get("sequence"),
                amendment: row.get::<Option<Uuid>, _>("amendment").map(AmendmentId),
            },
            objectives,
            note: row.get("note"),
            state: read_state(row)?,
            version: row.get("version"),
        },
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    })
}

fn read_state(row: &PgRow) -> Result<State, Error> {
    let agreed = match row.get::<Option<&str>, _>("agreed_side") {
        None => None,
        Some("ars") => Some(Side::Ars),
        Some("establishment") => Some(Side::Establishment),
        Some(other) => return Err(unknown("side", other)),
    };
    let dates = (row.get("effect_date"), row.get("end_date"));
    let term = match dates {
        (Some(effect_date), Some(end_date)) => Some(Term {
            effect_date,
            end_date,
        }),
        _ => None,
    };
    match (row.get::<&str, _>("state"), term) {
        ("draft", None) => Ok(State::Draft { agreed }),
        ("agreed", None) => Ok(State::Agreed),
        ("in_effect", Some(term)) => Ok(State::InEffect(term)),
        ("ended", was_in_effect) => Ok(State::Ended { was_in_effect }),
        (state, _) => Err(unknown("target set state", state)),
    }
}
