//! Table `mission`.

use ::store::Error;
use sqlx::{PgConnection, PgPool, QueryBuilder};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{After, Filter, Visibility, inconsistent, listing};
use crate::domain::{
    CampaignId, ContractId, ControlId, Mission, MissionId, ProgrammeId,
    mission::{Kind, Letter, State},
};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    version: i64,
    region: String,
    contract_id: Uuid,
    campaign_id: Uuid,
    control_id: Uuid,
    programme_id: Option<Uuid>,
    kind: String,
    letter_reference: String,
    letter_date: Date,
    letter_signatory: String,
    team: Vec<String>,
    start_date: Date,
    end_date: Date,
    state: String,
    ending: Option<String>,
    ended_at: Option<OffsetDateTime>,
    created_at: OffsetDateTime,
}

impl TryFrom<Row> for Mission {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let kind = match row.kind.as_str() {
            "documents" => Kind::Documents,
            "on_site" => Kind::OnSite,
            unknown => return Err(inconsistent(format!("mission {} {unknown}", row.id))),
        };
        let state = match (row.state.as_str(), row.ending, row.ended_at) {
            ("open", None, None) => State::Open,
            ("reported", Some(text), Some(at)) => State::Reported {
                conclusions: text.try_into().map_err(inconsistent)?,
                at,
            },
            ("cancelled", Some(text), Some(at)) => State::Cancelled {
                reasons: text.try_into().map_err(inconsistent)?,
                at,
            },
            (unknown, ..) => return Err(inconsistent(format!("mission {} {unknown}", row.id))),
        };
        Ok(Self {
            id: MissionId(row.id),
            region: row.region.parse().map_err(inconsistent)?,
            contract: ContractId(row.contract_id),
            campaign: CampaignId(row.campaign_id),
            control: ControlId(row.control_id),
            programme: row.programme_id.map(ProgrammeId),
            kind,
            letter: Letter {
                reference: row.letter_reference,
                date: row.letter_date,
                signatory: row.letter_signatory,
            },
            team: row.team,
            days: (row.start_date, row.end_date),
            state,
            created_at: row.created_at,
            version: row.version,
        })
    }
}

const SELECT: &str = "select
    id,
    version,
    region,
    contract_id,
    campaign_id,
    control_id,
    programme_id,
    kind,
    letter_reference,
    letter_date,
    letter_signatory,
    team,
    start_date,
    end_date,
    state,
    ending,
    ended_at,
    created_at
from mission
where true";

/// Records an open mission. Violates `mission_programme_fkey` when the programme is not of the region.
pub async fn insert(connection: &mut PgConnection, mission: &Mission) -> Result<(), Error> {
    sqlx::query(
        "insert into mission (
             id,
             version,
             region,
             contract_id,
             campaign_id,
             control_id,
             programme_id,
             kind,
             letter_reference,
             letter_date,
             letter_signatory,
             team,
             start_date,
             end_date,
             state,
             created_at
         ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(mission.id.0)
    .bind(mission.version)
    .bind(mission.region.code())
    .bind(mission.contract.0)
    .bind(mission.campaign.0)
    .bind(mission.control.0)
    .bind(mission.programme.map(|id| id.0))
    .bind(mission.kind.as_str())
    .bind(&mission.letter.reference)
    .bind(mission.letter.date)
    .bind(&mission.letter.signatory)
    .bind(&mission.team)
    .bind(mission.days.0)
    .bind(mission.days.1)
    .bind(mission.state.as_str())
    .bind(mission.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the version of a mission that was locked in this transaction, and its end if it has come.
pub async fn update(connection: &mut PgConnection, mission: &Mission) -> Result<(), Error> {
    let (ending, ended_at) = match &mission.state {
        State::Open => (None, None),
        State::Reported { conclusions, at } => (Some(conclusions.as_str()), Some(*at)),
        State::Cancelled { reasons, at } => (Some(reasons.as_str()), Some(*at)),
    };
    sqlx::query(
        "update mission set version = $2, state = $3, ending = $4, ended_at = $5 where id = $1",
    )
    .bind(mission.id.0)
    .bind(mission.version)
    .bind(mission.state.as_str())
    .bind(ending)
    .bind(ended_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// One mission, locked until the end of the transaction.
pub async fn lock(connection: &mut PgConnection, id: MissionId) -> Result<Option<Mission>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" and id = ").push_bind(id.0).push(" for update");
    let row: Option<Row> = query.build_query_as().fetch_optional(connection).await?;
    row.map(Mission::try_from).transpose()
}

/// How many missions of a campaign are neither reported nor cancelled.
pub async fn open_in(connection: &mut PgConnection, campaign: CampaignId) -> Result<u64, Error> {
    let open: i64 = sqlx::query_scalar(
        "select count(*) from mission where campaign_id = $1 and state = 'open'",
    )
    .bind(campaign.0)
    .fetch_one(connection)
    .await?;
    Ok(open.unsigned_abs())
}

/// One mission that the caller may see.
pub async fn find(
    pool: &PgPool,
    visibility: &Visibility,
    id: MissionId,
) -> Result<Option<Mission>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    visibility.restrict_region(&mut query);
    query.push(" and id = ").push_bind(id.0);
    let row: Option<Row> = query.build_query_as().fetch_optional(pool).await?;
    row.map(Mission::try_from).transpose()
}

/// A page of missions, in the order they were opened.
pub async fn list(
    pool: &PgPool,
    visibility: &Visibility,
    filter: &Filter,
    after: After,
    limit: i64,
) -> Result<Vec<Mission>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    visibility.restrict_region(&mut query);
    filter.restrict(&mut query);
    listing::page(&mut query, after, limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(pool).await?;
    rows.into_iter().map(Mission::try_from).collect()
}
