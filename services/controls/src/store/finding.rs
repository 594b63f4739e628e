//! Table `finding`.

use ::store::Error;
use sqlx::{PgConnection, PgPool, QueryBuilder, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{After, Visibility, inconsistent};
use crate::domain::{
    CampaignId, ContractId, ControlId, Finding, FindingId,
    compare::Severity,
    finding::{Facts, State},
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
    objective: String,
    state: String,
    severity: String,
    opposable: bool,
    penalty_eligible: bool,
    trace: Json<CalculationTrace>,
    raised_at: OffsetDateTime,
    withdrawal_reasons: Option<String>,
    withdrawn_at: Option<OffsetDateTime>,
}

impl TryFrom<Row> for Finding {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let severity = match row.severity.as_str() {
            "info" => Severity::Info,
            "minor" => Severity::Minor,
            "major" => Severity::Major,
            unknown => return Err(inconsistent(format!("finding {} {unknown}", row.id))),
        };
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
            objective: row.objective,
            severity,
            opposable: row.opposable,
            penalty_eligible: row.penalty_eligible,
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
    objective,
    state,
    severity,
    opposable,
    penalty_eligible,
    trace,
    raised_at,
    withdrawal_reasons,
    withdrawn_at
from finding
where true";

/// Rows of one statement: 14 values each, under the limit of 65,535.
const ROWS: usize = 1_000;

/// Records the findings that a chunk of controls raised.
pub async fn insert(connection: &mut PgConnection, findings: &[Finding]) -> Result<(), Error> {
    for rows in findings.chunks(ROWS) {
        let mut query = QueryBuilder::new(
            "insert into finding (
                 id,
                 version,
                 region,
                 campaign_id,
                 control_id,
                 contract_id,
                 year,
                 objective,
                 state,
                 severity,
                 opposable,
                 penalty_eligible,
                 trace,
                 raised_at
             ) ",
        );
        query.push_values(rows, |mut row, finding| {
            let facts = &finding.facts;
            row.push_bind(finding.id.0)
                .push_bind(finding.version)
                .push_bind(facts.region.code())
                .push_bind(facts.campaign.0)
                .push_bind(facts.control.0)
                .push_bind(facts.contract.0)
                .push_bind(facts.year)
                .push_bind(&facts.objective)
                .push_bind(finding.state.as_str())
                .push_bind(facts.severity.as_str())
                .push_bind(facts.opposable)
                .push_bind(facts.penalty_eligible)
                .push_bind(Json(&facts.trace))
                .push_bind(finding.raised_at);
        });
        query.build().execute(&mut *connection).await?;
    }
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
    visibility.restrict_contract(&mut query);
    query.push(" and id = ").push_bind(id.0);
    let row: Option<Row> = query.build_query_as().fetch_optional(pool).await?;
    row.map(Finding::try_from).transpose()
}

/// Which findings. None does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub region: Option<String>,
    pub campaign: Option<CampaignId>,
    pub contract: Option<ContractId>,
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
    visibility.restrict_contract(&mut query);
    if let Some(region) = &filter.region {
        query.push(" and region = ").push_bind(region);
    }
    if let Some(campaign) = filter.campaign {
        query.push(" and campaign_id = ").push_bind(campaign.0);
    }
    if let Some(contract) = filter.contract {
        query.push(" and contract_id = ").push_bind(contract.0);
    }
    if let Some(after) = after {
        query.push(" and id > ").push_bind(after);
    }
    query.push(" order by id limit ").push_bind(limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(pool).await?;
    rows.into_iter().map(Finding::try_from).collect()
}
