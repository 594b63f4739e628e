//! What a campaign measured for one indicator, contract by contract.

use ::store::Error;
use serde_json::json;
use sqlx::{PgPool, types::Json};
use uuid::Uuid;

use crate::domain::{
    CampaignId, ContractId, compare::Basis, objective::Objective, peers::Measured,
};

/// Every objective of the measured controls of a campaign that counts the same as `objective`, itself included. Only
/// what people read is looked at: the target sets that the campaign froze and the comparisons it wrote.
pub async fn of(
    pool: &PgPool,
    campaign: CampaignId,
    objective: &Objective,
) -> Result<Vec<Measured>, Error> {
    #[derive(sqlx::FromRow)]
    struct Row {
        contract_id: Uuid,
        objective: String,
        subject: String,
        department: Option<String>,
        basis: Option<Json<Option<Basis>>>,
        has_finding: bool,
    }
    let alike = json!({"indicator": objective.indicator, "unit": objective.unit});
    let rows: Vec<Row> = sqlx::query_as(
        "select
             control.contract_id,
             objective.item ->> 'id' as objective,
             objective.item ->> 'subject' as subject,
             coalesce(
                 (select site.department from site_copy as site where site.finess = objective.item ->> 'subject'),
                 -- A legal entity is where its sites are, if all are in one département.
                 (
                     select min(site.department)
                     from site_copy as site
                     where site.legal_entity = objective.item ->> 'subject'
                     having count(distinct site.department) = 1
                 )
             ) as department,
             compared.item -> 'basis' as basis,
             exists (
                 select from finding
                 where finding.control_id = control.id
                     and finding.objective = objective.item ->> 'id'
                     and finding.state = 'raised'
             ) as has_finding
         from control
         join target_set_version
             on target_set_version.id = control.target_set_id
             and target_set_version.version = control.target_set_version
         cross join lateral jsonb_array_elements(target_set_version.objectives) as objective (item)
         join lateral json_array_elements(control.comparisons) as compared (item)
             on compared.item ->> 'objective' = objective.item ->> 'id'
         where control.campaign_id = $1
             and control.result <> 'scheduled'
             and target_set_version.objectives @> jsonb_build_array($2::jsonb)
             and objective.item @> $2::jsonb
         order by control.contract_id, objective.item ->> 'id'",
    )
    .bind(campaign.0)
    .bind(Json(alike))
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Measured {
            contract: ContractId(row.contract_id),
            objective: row.objective,
            subject: row.subject,
            registered_in: row.department.and_then(|code| code.parse().ok()),
            basis: row.basis.and_then(|basis| basis.0),
            has_finding: row.has_finding,
        })
        .collect())
}
