//! Table `finding`.

use std::collections::HashMap;

use ::store::Error;
use sqlx::{PgConnection, PgPool, QueryBuilder, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{After, Filter, Visibility, inconsistent, listing};
use crate::domain::{
    CampaignId, ContractId, ControlId, Finding, FindingId, MissionId, RemarkId,
    compare::Severity,
    finding::{Direction, Facts, Origin, State},
    trace::CalculationTrace,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    version: i64,
    region: String,
    campaign_id: Uuid,
    control_id: Uuid,
    contract_id: Uuid,
    year: i32,
    origin: String,
    mission_id: Option<Uuid>,
    objective: String,
    state: String,
    severity: String,
    opposable: bool,
    penalty_eligible: bool,
    direction: Option<String>,
    consecutive_years: i32,
    priority: bool,
    legal_basis: String,
    trace: Json<CalculationTrace>,
    raised_at: OffsetDateTime,
    withdrawal_reasons: Option<String>,
    withdrawn_at: Option<OffsetDateTime>,
}

impl TryFrom<Row> for Finding {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let severity = severity(&row.severity)?;
        let origin = match (row.origin.as_str(), row.mission_id) {
            ("computed", None) => Origin::Computed,
            ("manual", Some(mission)) => Origin::Manual(MissionId(mission)),
            (unknown, _) => return Err(inconsistent(format!("finding {} {unknown}", row.id))),
        };
        let direction = row.direction.as_deref().map(direction).transpose()?;
        let state = match (row.state.as_str(), row.withdrawal_reasons, row.withdrawn_at) {
            ("raised", None, None) => State::Raised,
            ("withdrawn", Some(reasons), Some(at)) => State::Withdrawn {
                reasons: reasons.try_into().map_err(inconsistent)?,
                at,
            },
            (unknown, ..) => return Err(inconsistent(format!("finding {} {unknown}", row.id))),
        };
        let facts = Facts {
            region: row.region.parse().map_err(inconsistent)?,
            campaign: CampaignId(row.campaign_id),
            control: ControlId(row.control_id),
            contract: ContractId(row.contract_id),
            year: row.year,
            origin,
            objective: row.objective,
            severity,
            opposable: row.opposable,
            penalty_eligible: row.penalty_eligible,
            direction,
            consecutive_years: row.consecutive_years.unsigned_abs(),
            priority: row.priority,
            legal_basis: row.legal_basis,
            trace: row.trace.0,
        };
        let id = FindingId(row.id);
        Ok(Self {
            id,
            facts,
            raised_at: row.raised_at,
            state,
            version: row.version,
        })
    }
}

const SELECT: &str = "select
    id,
    version,
    region,
    campaign_id,
    control_id,
    contract_id,
    year,
    origin,
    mission_id,
    objective,
    state,
    severity,
    opposable,
    penalty_eligible,
    direction,
    consecutive_years,
    priority,
    legal_basis,
    trace,
    raised_at,
    withdrawal_reasons,
    withdrawn_at
from finding
where true";

/// The severity that a text of the database names.
pub(super) fn severity(text: &str) -> Result<Severity, Error> {
    match text {
        "info" => Ok(Severity::Info),
        "minor" => Ok(Severity::Minor),
        "major" => Ok(Severity::Major),
        "grave" => Ok(Severity::Grave),
        unknown => Err(inconsistent(format!("severity {unknown}"))),
    }
}

fn direction(text: &str) -> Result<Direction, Error> {
    match text {
        "below" => Ok(Direction::Below),
        "above" => Ok(Direction::Above),
        unknown => Err(inconsistent(format!("direction {unknown}"))),
    }
}

/// Records the computed findings that a chunk of controls raised.
pub async fn insert(connection: &mut PgConnection, findings: &[Finding]) -> Result<(), Error> {
    fn column<T>(findings: &[Finding], of: impl Fn(&Finding) -> T) -> Vec<T> {
        findings.iter().map(of).collect()
    }
    let Some(first) = findings.first() else {
        return Ok(());
    };
    sqlx::query(
        "insert into finding (
             id,
             control_id,
             contract_id,
             objective,
             severity,
             opposable,
             penalty_eligible,
             direction,
             consecutive_years,
             priority,
             trace,
             version,
             state,
             origin,
             region,
             campaign_id,
             year,
             raised_at
         )
         select
             raised.id,
             raised.control_id,
             raised.contract_id,
             raised.objective,
             raised.severity,
             raised.opposable,
             raised.penalty_eligible,
             raised.direction,
             raised.consecutive_years,
             raised.priority,
             raised.trace,
             1,
             'raised',
             'computed',
             $12,
             $13,
             $14,
             $15
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::boolean[], $7::boolean[],
             $8::text[], $9::integer[], $10::boolean[], $11::jsonb[])
             as raised (id, control_id, contract_id, objective, severity, opposable, penalty_eligible, direction,
                 consecutive_years, priority, trace)",
    )
    .bind(column(findings, |f| f.id.0))
    .bind(column(findings, |f| f.facts.control.0))
    .bind(column(findings, |f| f.facts.contract.0))
    .bind(column(findings, |f| f.facts.objective.clone()))
    .bind(column(findings, |f| f.facts.severity.as_str()))
    .bind(column(findings, |f| f.facts.opposable))
    .bind(column(findings, |f| f.facts.penalty_eligible))
    .bind(column(findings, |f| f.facts.direction.map(Direction::as_str)))
    .bind(column(findings, |f| f.facts.consecutive_years.cast_signed()))
    .bind(column(findings, |f| f.facts.priority))
    .bind(column(findings, |f| Json(f.facts.trace.clone())))
    .bind(first.facts.region.code())
    .bind(first.facts.campaign.0)
    .bind(first.facts.year)
    .bind(first.raised_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Records a manual finding, made of a remark; `raised_by` is the event that did.
pub async fn insert_manual(
    connection: &mut PgConnection,
    finding: &Finding,
    remark: RemarkId,
    raised_by: Uuid,
) -> Result<(), Error> {
    let facts = &finding.facts;
    let Origin::Manual(mission) = facts.origin else {
        return Err(inconsistent("a computed finding is not made of a remark"));
    };
    sqlx::query(
        "insert into finding (
             id,
             version,
             region,
             campaign_id,
             control_id,
             contract_id,
             year,
             origin,
             mission_id,
             remark_id,
             objective,
             state,
             severity,
             opposable,
             penalty_eligible,
             legal_basis,
             trace,
             raised_at,
             raised_by,
             raised_by_kind
         ) values ($1, $2, $3, $4, $5, $6, $7, 'manual', $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 'human')",
    )
    .bind(finding.id.0)
    .bind(finding.version)
    .bind(facts.region.code())
    .bind(facts.campaign.0)
    .bind(facts.control.0)
    .bind(facts.contract.0)
    .bind(facts.year)
    .bind(mission.0)
    .bind(remark.0)
    .bind(&facts.objective)
    .bind(finding.state.as_str())
    .bind(facts.severity.as_str())
    .bind(facts.opposable)
    .bind(facts.penalty_eligible)
    .bind(&facts.legal_basis)
    .bind(Json(&facts.trace))
    .bind(finding.raised_at)
    .bind(raised_by)
    .execute(connection)
    .await?;
    Ok(())
}

/// A deviation of an earlier year.
#[derive(Debug, Clone, Copy)]
pub struct Earlier {
    pub direction: Direction,
    pub consecutive_years: u32,
}

/// The deviations of some contracts in a year that stand, by contract and objective.
pub async fn deviations(
    pool: &PgPool,
    contracts: &[ContractId],
    year: i32,
) -> Result<HashMap<(ContractId, String), Earlier>, Error> {
    #[derive(sqlx::FromRow)]
    struct Row {
        contract_id: Uuid,
        objective: String,
        direction: String,
        consecutive_years: i32,
    }
    let ids: Vec<Uuid> = contracts.iter().map(|id| id.0).collect();
    // Ascending: of two campaigns of the year, the later one is kept.
    let rows: Vec<Row> = sqlx::query_as(
        "select contract_id, objective, direction, consecutive_years
         from finding
         where contract_id = any($1)
             and year = $2
             and origin = 'computed'
             and state = 'raised'
             and direction is not null
         order by campaign_id",
    )
    .bind(&ids)
    .bind(year)
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let earlier = Earlier {
                direction: direction(&row.direction)?,
                consecutive_years: row.consecutive_years.unsigned_abs(),
            };
            Ok(((ContractId(row.contract_id), row.objective), earlier))
        })
        .collect()
}

/// Writes a correction of the facts; `corrected_by` is the event that did.
pub async fn correct(
    connection: &mut PgConnection,
    finding: &Finding,
    corrected_by: Uuid,
) -> Result<(), Error> {
    sqlx::query(
        "update finding set
             version = $2,
             severity = $3,
             direction = $4,
             trace = $5,
             corrected_by = $6,
             corrected_by_kind = 'human'
         where id = $1",
    )
    .bind(finding.id.0)
    .bind(finding.version)
    .bind(finding.facts.severity.as_str())
    .bind(finding.facts.direction.map(Direction::as_str))
    .bind(Json(&finding.facts.trace))
    .bind(corrected_by)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes a withdrawal; `withdrawn_by` is the event that did.
pub async fn withdraw(
    connection: &mut PgConnection,
    finding: &Finding,
    withdrawn_by: Uuid,
) -> Result<(), Error> {
    let State::Withdrawn { reasons, at } = &finding.state else {
        return Err(inconsistent(
            "a finding that stands cannot be written as withdrawn",
        ));
    };
    sqlx::query(
        "update finding set
             version = $2,
             state = $3,
             withdrawal_reasons = $4,
             withdrawn_at = $5,
             withdrawn_by = $6,
             withdrawn_by_kind = 'human'
         where id = $1",
    )
    .bind(finding.id.0)
    .bind(finding.version)
    .bind(finding.state.as_str())
    .bind(reasons.as_str())
    .bind(at)
    .bind(withdrawn_by)
    .execute(connection)
    .await?;
    Ok(())
}

/// One finding, locked until the end of the transaction.
pub async fn lock(connection: &mut PgConnection, id: FindingId) -> Result<Option<Finding>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" and id = ").push_bind(id.0).push(" for update");
    let row: Option<Row> = query.build_query_as().fetch_optional(connection).await?;
    row.map(Finding::try_from).transpose()
}

/// One finding that the caller may see.
pub async fn find(
    pool: &PgPool,
    visibility: &Visibility,
    id: FindingId,
) -> Result<Option<Finding>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    visibility.restrict_shared(&mut query);
    query.push(" and id = ").push_bind(id.0);
    let row: Option<Row> = query.build_query_as().fetch_optional(pool).await?;
    row.map(Finding::try_from).transpose()
}

/// The findings of a control.
pub async fn of_control(pool: &PgPool, control: ControlId) -> Result<Vec<Finding>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" and control_id = ").push_bind(control.0);
    query.push(" order by id");
    let rows: Vec<Row> = query.build_query_as().fetch_all(pool).await?;
    rows.into_iter().map(Finding::try_from).collect()
}

/// A page of findings.
pub async fn list(
    pool: &PgPool,
    visibility: &Visibility,
    filter: &Filter,
    after: After,
    limit: i64,
) -> Result<Vec<Finding>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    visibility.restrict_shared(&mut query);
    filter.restrict(&mut query);
    listing::page(&mut query, after, limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(pool).await?;
    rows.into_iter().map(Finding::try_from).collect()
}
