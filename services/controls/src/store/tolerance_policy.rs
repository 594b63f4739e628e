//! Table `tolerance_policy`.

use ::store::Error;
use kernel::{Decimal, Region};
use sqlx::{PgConnection, PgPool, QueryBuilder, types::Json};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{After, Visibility, inconsistent, listing, person};
use crate::domain::{
    Policy, PolicyId,
    policy::{Adoption, Simulation, State},
    tolerance::{Band, Draft, NeutralisedYear, TypedBand},
};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    version: i64,
    region: String,
    first_year: i32,
    last_year: i32,
    conforming_percent: Decimal,
    minor_percent: Decimal,
    minimum_count: Decimal,
    bands: Json<Vec<TypedBand>>,
    neutralised_years: Json<Vec<NeutralisedYear>>,
    priority_after_years: i32,
    chance_excluded: bool,
    simulations: Json<Vec<Simulation>>,
    reasons: String,
    author: String,
    author_role: String,
    created_at: OffsetDateTime,
    state: String,
    effect_date: Option<Date>,
    replace_date: Option<Date>,
    adopter: Option<String>,
    adopter_role: Option<String>,
    adopted_at: Option<OffsetDateTime>,
}

impl Row {
    fn adoption(&self) -> Option<Adoption> {
        Some(Adoption {
            effect_date: self.effect_date?,
            replace_date: self.replace_date,
            adopter: person(self.adopter.clone()?, self.adopter_role.clone()?),
            at: self.adopted_at?,
        })
    }
}

impl TryFrom<Row> for Policy {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let state = match (row.state.as_str(), row.adoption()) {
            ("draft", None) => State::Draft,
            ("simulated", None) => State::Simulated,
            ("adopted", Some(adoption)) => State::Adopted(adoption),
            (state, _) => return Err(inconsistent(format!("policy {} {state}", row.id))),
        };
        let rules = Draft {
            first_year: row.first_year,
            last_year: row.last_year,
            usual: Band {
                conforming_percent: row.conforming_percent,
                minor_percent: row.minor_percent,
                minimum_count: row.minimum_count,
            },
            bands: row.bands.0,
            neutralised: row.neutralised_years.0,
            priority_after_years: row.priority_after_years.unsigned_abs(),
            chance_excluded: row.chance_excluded,
        };
        Ok(Self {
            id: PolicyId(row.id),
            region: row.region.parse().map_err(inconsistent)?,
            rules: rules.try_into().map_err(inconsistent)?,
            reasons: row.reasons,
            author: person(row.author, row.author_role),
            created_at: row.created_at,
            simulations: row.simulations.0,
            state,
            version: row.version,
        })
    }
}

const SELECT: &str = "select
    id,
    version,
    region,
    first_year,
    last_year,
    conforming_percent,
    minor_percent,
    minimum_count,
    bands,
    neutralised_years,
    priority_after_years,
    chance_excluded,
    simulations,
    reasons,
    author,
    author_role,
    created_at,
    state,
    effect_date,
    replace_date,
    adopter,
    adopter_role,
    adopted_at
from tolerance_policy
where true";

/// Records a draft; `created_by` is the event that did.
pub async fn insert(
    connection: &mut PgConnection,
    policy: &Policy,
    created_by: Uuid,
) -> Result<(), Error> {
    let usual = policy.rules.usual();
    sqlx::query(
        "insert into tolerance_policy (
             id,
             version,
             state,
             region,
             first_year,
             last_year,
             conforming_percent,
             minor_percent,
             minimum_count,
             bands,
             neutralised_years,
             priority_after_years,
             chance_excluded,
             reasons,
             author,
             author_role,
             created_by,
             created_at
         ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(policy.id.0)
    .bind(policy.version)
    .bind(policy.state.as_str())
    .bind(policy.region.code())
    .bind(policy.rules.first_year())
    .bind(policy.rules.last_year())
    .bind(usual.conforming_percent)
    .bind(usual.minor_percent)
    .bind(usual.minimum_count)
    .bind(Json(policy.rules.bands()))
    .bind(Json(policy.rules.neutralised_years()))
    .bind(policy.rules.priority_after_years().cast_signed())
    .bind(policy.rules.chance_excluded())
    .bind(&policy.reasons)
    .bind(&policy.author.subject)
    .bind(&policy.author.role)
    .bind(created_by)
    .bind(policy.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes what a policy would have raised.
pub async fn simulated(connection: &mut PgConnection, policy: &Policy) -> Result<(), Error> {
    sqlx::query(
        "update tolerance_policy set version = $2, state = $3, simulations = $4 where id = $1",
    )
    .bind(policy.id.0)
    .bind(policy.version)
    .bind(policy.state.as_str())
    .bind(Json(&policy.simulations))
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes an adoption; `adopted_by` is the event that did. Violates `tolerance_policy_overlap` when another
/// policy is in effect for some of its years.
pub async fn adopted(
    connection: &mut PgConnection,
    policy: &Policy,
    adopted_by: Uuid,
) -> Result<(), Error> {
    let adoption = policy
        .state
        .adoption()
        .ok_or_else(|| inconsistent("a policy that is not adopted cannot be written as adopted"))?;
    sqlx::query(
        "update tolerance_policy set
             version = $2,
             state = $3,
             effect_date = $4,
             adopter = $5,
             adopter_role = $6,
             adopted_at = $7,
             adopted_by = $8,
             adopted_by_kind = 'human'
         where id = $1",
    )
    .bind(policy.id.0)
    .bind(policy.version)
    .bind(policy.state.as_str())
    .bind(adoption.effect_date)
    .bind(&adoption.adopter.subject)
    .bind(&adoption.adopter.role)
    .bind(adoption.at)
    .bind(adopted_by)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the day from which another policy is in effect instead.
pub async fn replaced(connection: &mut PgConnection, policy: &Policy) -> Result<(), Error> {
    let replaced = policy
        .state
        .adoption()
        .and_then(|adoption| adoption.replace_date);
    sqlx::query("update tolerance_policy set version = $2, replace_date = $3 where id = $1")
        .bind(policy.id.0)
        .bind(policy.version)
        .bind(replaced)
        .execute(connection)
        .await?;
    Ok(())
}

/// One policy.
pub async fn find(connection: &mut PgConnection, id: PolicyId) -> Result<Option<Policy>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" and id = ").push_bind(id.0);
    let row: Option<Row> = query.build_query_as().fetch_optional(connection).await?;
    row.map(Policy::try_from).transpose()
}

/// One policy, locked until the end of the transaction.
pub async fn lock(connection: &mut PgConnection, id: PolicyId) -> Result<Option<Policy>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" and id = ").push_bind(id.0).push(" for update");
    let row: Option<Row> = query.build_query_as().fetch_optional(connection).await?;
    row.map(Policy::try_from).transpose()
}

/// A page of policies, in the order they were recorded.
pub async fn list(
    pool: &PgPool,
    visibility: &Visibility,
    region: Option<&str>,
    after: After,
    limit: i64,
) -> Result<Vec<Policy>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    visibility.restrict_region(&mut query);
    if let Some(region) = region {
        query.push(" and region = ").push_bind(region);
    }
    listing::page(&mut query, after, limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(pool).await?;
    rows.into_iter().map(Policy::try_from).collect()
}

/// Whether a campaign of the region has measured something on which a policy can be tried.
pub async fn can_be_simulated(
    connection: &mut PgConnection,
    region: Region,
) -> Result<bool, Error> {
    let row: (bool,) = sqlx::query_as(
        "select exists (
             select from campaign
             where region = $1 and state in ('measured', 'shared', 'closed') and contracts > 0
         )",
    )
    .bind(region.code())
    .fetch_one(connection)
    .await?;
    Ok(row.0)
}
