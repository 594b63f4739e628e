//! Amendments: found, listed and written.

use kernel::Region;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgRow, types::Json};
use store::{Error, without_span};
use time::Date;
use uuid::Uuid;

pub use super::amendment_list::{Of, list};
use super::{amendment_rows::complete, contract_rows::hash, member, perimeter, rows_after};
use crate::domain::{
    Amendment, AmendmentId, ContractId, FindingId, ReviewId,
    amendment::{Changes, Event, State},
    signature::DocumentHash,
};

pub(super) const SELECT: &str = "
    select
        amendment.id,
        amendment.contract_id,
        amendment.region,
        amendment.number,
        amendment.version,
        amendment.state,
        amendment.reason,
        amendment.title,
        amendment.effect_date,
        amendment.changes,
        amendment.revision,
        amendment.proposed_by,
        amendment.agreed_by,
        amendment.consultations,
        amendment.impact_sha256,
        amendment.acknowledged_by,
        amendment.acknowledged_kind,
        amendment.acknowledged_role,
        amendment.freeze_version,
        amendment.signed_at,
        amendment.end_reasons,
        amendment.created_at,
        amendment.updated_at,
        document.sha256
    from amendment
    left join amendment_document as document
        on document.amendment_id = amendment.id and document.freeze_version = amendment.freeze_version
    ";

/// Reads an amendment.
pub async fn find(
    connection: &mut PgConnection,
    id: AmendmentId,
) -> Result<Option<Amendment>, Error> {
    one(connection, id, "").await
}

/// Reads an amendment and keeps others from changing it until the unit of work ends.
pub async fn lock(
    connection: &mut PgConnection,
    id: AmendmentId,
) -> Result<Option<Amendment>, Error> {
    one(connection, id, "for update of amendment").await
}

async fn one(
    connection: &mut PgConnection,
    id: AmendmentId,
    clause: &'static str,
) -> Result<Option<Amendment>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SELECT} where amendment.id = $1 {clause}"
    )))
    .bind(id.0)
    .fetch_all(&mut *connection)
    .await?;
    Ok(complete(connection, &rows).await?.pop())
}

/// The contract that an amendment changes.
pub async fn contract_of(
    connection: &mut PgConnection,
    id: AmendmentId,
) -> Result<Option<ContractId>, Error> {
    let row = sqlx::query("select contract_id from amendment where id = $1")
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| ContractId(row.get("contract_id"))))
}

/// At most `limit` amendments after an identifier, to compute something of each again.
pub async fn all_after(
    connection: &mut PgConnection,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Amendment>, Error> {
    let rows = rows_after(connection, (SELECT, "amendment"), after, limit).await?;
    complete(connection, &rows).await
}

/// Signed amendments whose day has come, each region by its own legal day. Those that another replica is at work on are
/// left to it.
pub async fn lock_due(
    connection: &mut PgConnection,
    today: &[(Region, Date)],
    limit: i64,
) -> Result<Vec<Amendment>, Error> {
    let (regions, days): (Vec<&str>, Vec<Date>) = today
        .iter()
        .map(|(region, day)| (region.code(), *day))
        .unzip();
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SELECT}
         join unnest($1::text[], $2::date[]) as today (region, day) on today.region = amendment.region
         where amendment.state = 'SIGNED' and amendment.effect_date <= today.day
         order by amendment.effect_date, amendment.number
         limit $3
         for update of amendment skip locked"
    )))
    .bind(&regions)
    .bind(&days)
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    complete(connection, &rows).await
}

/// A signed amendment, as the fold of the contract needs it.
#[derive(Debug, Clone)]
pub struct Signed {
    pub id: AmendmentId,
    pub number: i32,
    pub title: String,
    pub effect_date: Date,
    pub changes: Changes,
    pub sha256: DocumentHash,
}

/// The signed amendments of a contract on one side of a day, in the order of the fold.
macro_rules! signed {
    ($side:literal) => {
        concat!(
            "select
                 amendment.id,
                 amendment.number,
                 amendment.title,
                 amendment.effect_date,
                 amendment.changes,
                 document.sha256
             from amendment
             join amendment_document as document
                 on document.amendment_id = amendment.id
                 and document.freeze_version = amendment.freeze_version
             where amendment.contract_id = $1
                 and amendment.state in ('SIGNED', 'IN_EFFECT')
                 and amendment.effect_date ",
            $side,
            " $2 order by amendment.effect_date, amendment.number"
        )
    };
}

/// The signed amendments of a contract with effect by a day, in the order of the fold.
pub async fn signed(
    connection: &mut PgConnection,
    contract: ContractId,
    as_of: Date,
) -> Result<Vec<Signed>, Error> {
    fold(connection, signed!("<="), contract, as_of).await
}

/// Those with effect after a day, in the same order.
pub async fn signed_after(
    connection: &mut PgConnection,
    contract: ContractId,
    day: Date,
) -> Result<Vec<Signed>, Error> {
    fold(connection, signed!(">"), contract, day).await
}

async fn fold(
    connection: &mut PgConnection,
    statement: &'static str,
    contract: ContractId,
    day: Date,
) -> Result<Vec<Signed>, Error> {
    let rows = sqlx::query(statement)
        .bind(contract.0)
        .bind(day)
        .fetch_all(connection);
    // By their places: by name, each column would be looked up in every row.
    let signed = |row: PgRow| {
        let changes: Json<Changes> = row.get(4);
        Ok(Signed {
            id: AmendmentId(row.get(0)),
            number: row.get(1),
            title: row.get(2),
            effect_date: row.get(3),
            changes: changes.0,
            sha256: hash(row.get(5))?,
        })
    };
    without_span(rows).await?.into_iter().map(signed).collect()
}

/// The next number in a contract, and the amendment that waits for signatures, if one does.
pub async fn next_number(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<(i32, Option<AmendmentId>), Error> {
    let row = sqlx::query(
        "select
             count(*) filter (where state in ('SIGNED', 'IN_EFFECT'))::integer + 1 as next,
             (array_agg(id) filter (where state in ('READY_TO_SIGN', 'PARTIALLY_SIGNED')))[1] as waiting
         from amendment
         where contract_id = $1 and number is not null",
    )
    .bind(contract.0)
    .fetch_one(connection)
    .await?;
    let waiting: Option<Uuid> = row.get("waiting");
    Ok((row.get("next"), waiting.map(AmendmentId)))
}

/// A finding that a person still reviews.
#[derive(Debug, Clone)]
pub struct OpenFinding {
    pub review: ReviewId,
    pub finding: FindingId,
    pub objective: String,
    pub summary: String,
}

/// Findings attached to reviews of a contract that are not concluded.
pub async fn open_findings(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<Vec<OpenFinding>, Error> {
    let rows = sqlx::query(
        "select
             finding.review_id,
             finding.finding,
             finding.objective,
             finding.summary
         from review
         join review_finding as finding on finding.review_id = review.id
         where review.contract_id = $1
             and review.state <> 'CONCLUDED'
             and finding.withdrawn_at is null
         order by finding.finding",
    )
    .bind(contract.0)
    .fetch_all(connection)
    .await?;
    let finding = |row: PgRow| OpenFinding {
        review: ReviewId(row.get("review_id")),
        finding: FindingId(row.get("finding")),
        objective: row.get("objective"),
        summary: row.get("summary"),
    };
    Ok(rows.into_iter().map(finding).collect())
}

/// The document under signature, and its hash.
pub async fn document(
    connection: &mut PgConnection,
    id: AmendmentId,
) -> Result<Option<(Vec<u8>, DocumentHash)>, Error> {
    let row = sqlx::query(
        "select
             document.content,
             document.sha256
         from amendment
         join amendment_document as document
             on document.amendment_id = amendment.id and document.freeze_version = amendment.freeze_version
         where amendment.id = $1",
    )
    .bind(id.0)
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok((row.get("content"), hash(row.get("sha256"))?)))
        .transpose()
}

/// Writes a new proposal.
pub async fn insert(connection: &mut PgConnection, proposed: &Amendment) -> Result<(), Error> {
    let consultations: Vec<&str> = proposed.consultations.iter().map(String::as_str).collect();
    sqlx::query(
        "insert into amendment (
             id,
             contract_id,
             region,
             version,
             state,
             reason,
             title,
             effect_date,
             changes,
             revision,
             proposed_by,
             consultations,
             created_at,
             updated_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)",
    )
    .bind(proposed.id.0)
    .bind(proposed.contract.0)
    .bind(proposed.region.code())
    .bind(proposed.version)
    .bind(proposed.state.as_str())
    .bind(proposed.reason.as_str())
    .bind(&proposed.title)
    .bind(proposed.effect_date)
    .bind(Json(&proposed.changes))
    .bind(proposed.revision)
    .bind(proposed.proposed_by.as_str())
    .bind(&consultations)
    .bind(proposed.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes what a person's act changed. `document` is the content of a freeze.
pub async fn save(
    connection: &mut PgConnection,
    after: &Amendment,
    events: &[Event],
    document: Option<&[u8]>,
) -> Result<(), Error> {
    for event in events {
        match event {
            Event::OpinionRecorded(opinion) => {
                sqlx::query(
                    "insert into amendment_opinion (
                         amendment_id,
                         revision,
                         body,
                         sense,
                         date,
                         comment,
                         recorded_at
                     )
                     values ($1, $2, $3, $4, $5, $6, $7)",
                )
                .bind(after.id.0)
                .bind(after.revision)
                .bind(&opinion.body)
                .bind(opinion.sense.as_str())
                .bind(opinion.date)
                .bind(&opinion.comment)
                .bind(after.updated_at)
                .execute(&mut *connection)
                .await?;
            }
            Event::Frozen { .. } => {
                if let (Some(frozen), Some(content)) = (after.state.frozen(), document) {
                    sqlx::query(
                        "insert into amendment_document (amendment_id, freeze_version, sha256, content)
                         values ($1, $2, $3, $4)",
                    )
                    .bind(after.id.0)
                    .bind(frozen.at_version)
                    .bind(frozen.sha256.0.as_slice())
                    .bind(content)
                    .execute(&mut *connection)
                    .await?;
                }
            }
            Event::SignedByParty(signature) => {
                let signatory = signature.signatory.actor();
                sqlx::query(
                    "insert into amendment_signature (
                         amendment_id,
                         freeze_version,
                         party,
                         sha256,
                         signatory,
                         signatory_kind,
                         signatory_role,
                         title,
                         signed_at,
                         mandate
                     )
                     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                )
                .bind(after.id.0)
                .bind(after.state.frozen().map(|frozen| frozen.at_version))
                .bind(signature.party.to_string())
                .bind(signature.sha256.0.as_slice())
                .bind(&signatory.subject)
                .bind(signatory.kind.as_str())
                .bind(&signatory.role)
                .bind(&signature.title)
                .bind(signature.at)
                .bind(signature.mandate.map(|id| id.0))
                .execute(&mut *connection)
                .await?;
            }
            Event::Signed { .. } => {
                perimeter::move_sites(connection, after).await?;
                member::insert(connection, after).await?;
            }
            Event::TookEffect => member::take_effect(connection, after).await?,
            _ => {}
        }
    }
    update(connection, after).await
}

async fn update(connection: &mut PgConnection, after: &Amendment) -> Result<(), Error> {
    let agreed_by = match &after.state {
        State::Negotiation { agreed_by } => agreed_by.first().map(|side| side.as_str()),
        _ => None,
    };
    let signed_at = match &after.state {
        State::Signed { signed_at, .. } | State::InEffect { signed_at, .. } => Some(*signed_at),
        _ => None,
    };
    let frozen = after.state.frozen();
    let acknowledged = after.acknowledged.as_ref();
    let by = acknowledged.map(|read| read.by.actor());
    sqlx::query(
        "update amendment set
             version = $2,
             state = $3,
             number = $4,
             effect_date = $5,
             changes = $6,
             revision = $7,
             agreed_by = $8,
             impact_sha256 = $9,
             acknowledged_by = $10,
             acknowledged_kind = $11,
             acknowledged_role = $12,
             freeze_version = $13,
             signed_at = $14,
             end_reasons = $15,
             updated_at = $16
         where id = $1",
    )
    .bind(after.id.0)
    .bind(after.version)
    .bind(after.state.as_str())
    .bind(frozen.map(|frozen| frozen.number))
    .bind(after.effect_date)
    .bind(Json(&after.changes))
    .bind(after.revision)
    .bind(agreed_by)
    .bind(acknowledged.map(|read| read.impact.0.to_vec()))
    .bind(by.map(|actor| actor.subject.as_str()))
    .bind(by.map(|actor| actor.kind.as_str()))
    .bind(by.map(|actor| actor.role.as_str()))
    .bind(frozen.map(|frozen| frozen.at_version))
    .bind(signed_at)
    .bind(after.state.end_reasons().map(kernel::Reasons::as_str))
    .bind(after.updated_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes that an amendment took effect: the columns that a machine may write, and no others.
pub async fn save_time(connection: &mut PgConnection, after: &Amendment) -> Result<(), Error> {
    sqlx::query("update amendment set version = $2, state = $3, updated_at = $4 where id = $1")
        .bind(after.id.0)
        .bind(after.version)
        .bind(after.state.as_str())
        .bind(after.updated_at)
        .execute(&mut *connection)
        .await?;
    member::take_effect(connection, after).await
}
