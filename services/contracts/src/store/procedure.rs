//! Procedures: written by the recorded acts of people, and read.

use kernel::{Decimal, Finess};
use sqlx::{AssertSqlSafe, PgConnection, QueryBuilder, Row as _};
use store::{Error, restrict};
use time::Date;
use uuid::Uuid;

pub use super::procedure_writes::{insert, save};
use super::{After, Scope, procedure_rows::complete, rows_after, severity};
use crate::domain::{
    ContractId, Procedure, ProcedureId,
    procedure::{Ground, Kind},
    review::Severity,
};

const SELECT: &str = "
    select
        procedure.id,
        procedure.region,
        procedure.contract_id,
        procedure.kind,
        procedure.review_id,
        procedure.campaign,
        procedure.year,
        procedure.finding,
        procedure.control,
        procedure.version,
        procedure.state,
        procedure.proposer,
        procedure.proposal_actor_kind as proposer_kind,
        procedure.proposer_role,
        procedure.reasons,
        procedure.proposed_at,
        procedure.updated_at,
        procedure.opening_reasons,
        procedure.opened_by,
        procedure.opened_by_kind,
        procedure.opened_by_role,
        procedure.opened_mandate,
        procedure.opened_at,
        procedure.notice_reasons,
        procedure.notice_measures,
        procedure.noticed_by,
        procedure.noticed_by_kind,
        procedure.noticed_by_role,
        procedure.noticed_mandate,
        procedure.noticed_at,
        procedure.notice_channel,
        procedure.notice_consented,
        procedure.notice_months,
        procedure.notice_received_on,
        procedure.notice_proof,
        procedure.notice_received_by,
        procedure.notice_received_by_kind,
        procedure.notice_received_by_role,
        procedure.extension_reasons,
        procedure.extended_by,
        procedure.extended_by_kind,
        procedure.extended_by_role,
        procedure.extended_at,
        procedure.answers,
        procedure.answers_read,
        procedure.read_by,
        procedure.read_by_kind,
        procedure.read_by_role,
        procedure.decision_reasons,
        procedure.decided_by,
        procedure.decided_by_kind,
        procedure.decided_by_role,
        procedure.decided_mandate,
        procedure.decided_at,
        procedure.remedies,
        procedure.algorithmic_notice,
        procedure.amount,
        procedure.holder,
        procedure.cap_year,
        procedure.cap_basis_points,
        procedure.cap_source,
        procedure.cap_base,
        procedure.cap_base_source,
        procedure.cap_earlier,
        procedure.termination_on,
        procedure.decision_sent_at,
        procedure.decision_channel,
        procedure.decision_consented,
        procedure.payment_months,
        procedure.decision_received_on,
        procedure.decision_proof,
        procedure.decision_received_by,
        procedure.decision_received_by_kind,
        procedure.decision_received_by_role,
        procedure.drop_reasons,
        procedure.dropped_by,
        procedure.dropped_by_kind,
        procedure.dropped_by_role,
        procedure.dropped_mandate,
        procedure.dropped_at,
        procedure.fund,
        procedure.referred_by,
        procedure.referred_by_kind,
        procedure.referred_by_role,
        procedure.referred_at,
        procedure.defence_asked_on,
        procedure.defence_answer_by,
        procedure.defence_letter,
        procedure.defence_letter_files,
        procedure.defence_asked_by,
        procedure.defence_asked_by_kind,
        procedure.defence_asked_by_role,
        procedure.defence_answered_on,
        procedure.defence_answer,
        procedure.defence_answer_files,
        procedure.defence_until,
        procedure.defence_answered_by,
        procedure.defence_answered_by_kind,
        procedure.defence_answered_by_role
    from procedure
    ";

/// Reads a procedure.
pub async fn find(
    connection: &mut PgConnection,
    id: ProcedureId,
) -> Result<Option<Procedure>, Error> {
    one(connection, "where procedure.id = $1", id).await
}

/// Reads a procedure and keeps others from changing it until the unit of work ends.
pub async fn lock(
    connection: &mut PgConnection,
    id: ProcedureId,
) -> Result<Option<Procedure>, Error> {
    one(connection, "where procedure.id = $1 for update", id).await
}

async fn one(
    connection: &mut PgConnection,
    clause: &'static str,
    id: ProcedureId,
) -> Result<Option<Procedure>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!("{SELECT} {clause}")))
        .bind(id.0)
        .fetch_all(&mut *connection)
        .await?;
    Ok(complete(connection, &rows).await?.pop())
}

/// Which procedures. None does not restrict.
#[derive(Debug, Clone)]
pub struct Filter {
    /// A director sees the procedures of their own legal entities, once opened (CRPA L311-2).
    pub scope: Scope,
    pub region: Option<String>,
    pub contract: Option<ContractId>,
    pub state: Option<&'static str>,
}

const TOLD_TO_ENTITIES: &str = "(procedure.opened_at is not null and exists (
    select from contract_party as party
    where party.contract_id = procedure.contract_id and party.legal_entity = any($1)
))";

/// At most `limit` procedures, oldest first.
pub async fn list(
    connection: &mut PgConnection,
    filter: &Filter,
    after: After,
    limit: i64,
) -> Result<Vec<Procedure>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" where true");
    restrict(
        &mut query,
        "procedure.region = any($1)",
        filter.scope.regions(),
    );
    restrict(&mut query, TOLD_TO_ENTITIES, filter.scope.legal_entities());
    restrict(&mut query, "procedure.region = $1", filter.region.as_ref());
    restrict(
        &mut query,
        "procedure.contract_id = $1",
        filter.contract.map(|id| id.0),
    );
    restrict(&mut query, "procedure.state = $1", filter.state);
    store::after(&mut query, "procedure.proposed_at, procedure.id", after);
    // The planner must see how few are wanted.
    query
        .push(" order by procedure.proposed_at, procedure.id limit ")
        .push(limit);
    let rows = query.build().fetch_all(&mut *connection).await?;
    complete(connection, &rows).await
}

/// How the finding of a procedure stands now: its severity while it can bear a sanction.
pub async fn ground(
    connection: &mut PgConnection,
    ground: &Ground,
) -> Result<Option<Severity>, Error> {
    let Ground::Review {
        review, finding, ..
    } = ground
    else {
        return Ok(None);
    };
    let row = sqlx::query(
        "select severity
         from review_finding
         where review_id = $1 and finding = $2 and can_bear_sanction and withdrawn_at is null",
    )
    .bind(review.0)
    .bind(finding.0)
    .fetch_optional(connection)
    .await?;
    row.map(|row| severity(row.get("severity"))).transpose()
}

/// Figures of law for a kind of procedure on a day.
#[derive(Debug, Clone)]
pub struct Parameters {
    pub notice_months: u32,
    pub payment_months: u32,
    /// Ten-thousandths, and the text that the figure comes from; none for a termination.
    pub cap: Option<(u32, String)>,
}

/// The figures in force on a day.
pub async fn parameters(
    connection: &mut PgConnection,
    kind: Kind,
    day: Date,
) -> Result<Parameters, Error> {
    let row = sqlx::query(
        "select notice_months, payment_months, cap_basis_points, source
         from procedure_parameter
         where kind = $1 and valid_from <= $2
         order by valid_from desc
         limit 1",
    )
    .bind(kind.as_str())
    .bind(day)
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::Inconsistent(format!("no figures for {} on {day}", kind.as_str())))?;
    let positive = |column: &str| u32::try_from(row.get::<i32, _>(column)).unwrap_or(1);
    let cap: Option<i32> = row.get("cap_basis_points");
    Ok(Parameters {
        notice_months: positive("notice_months"),
        payment_months: positive("payment_months"),
        cap: cap
            .and_then(|points| u32::try_from(points).ok())
            .map(|points| (points, row.get("source"))),
    })
}

/// What a decision says of remedies, and of the computation that contributed to it, on a day.
pub async fn decision_texts(
    connection: &mut PgConnection,
    kind: Kind,
    day: Date,
) -> Result<(String, Option<String>), Error> {
    let row = sqlx::query(
        "select
             (select text from remedies_text
              where kind = $1 and valid_from <= $2 order by valid_from desc limit 1) as remedies,
             (select text from algorithmic_notice
              where valid_from <= $2 order by valid_from desc limit 1) as algorithmic_notice",
    )
    .bind(kind.as_str())
    .bind(day)
    .fetch_one(connection)
    .await?;
    let remedies: Option<String> = row.get("remedies");
    let remedies = remedies
        .ok_or_else(|| Error::Inconsistent(format!("no remedies for {}", kind.as_str())))?;
    Ok((remedies, row.get("algorithmic_notice")))
}

/// Euros of penalties decided against a holder in a calendar year, after appeals. Keeps others from deciding another
/// one against them until the unit of work ends, so that two decisions together stay within the cap.
pub async fn lock_penalties_of(
    connection: &mut PgConnection,
    holder: Finess,
    year: i32,
) -> Result<Decimal, Error> {
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('penalties of ' || $1, $2))")
        .bind(holder.to_string())
        .bind(i64::from(year))
        .execute(&mut *connection)
        .await?;
    let row = sqlx::query(
        "select coalesce(sum(standing_amount), 0) as earlier
         from procedure
         where holder = $1 and cap_year = $2",
    )
    .bind(holder.to_string())
    .bind(year)
    .fetch_one(connection)
    .await?;
    Ok(row.get("earlier"))
}

/// Whether a refusal to sign is penalised under a regime.
pub async fn penalises_refusal(
    connection: &mut PgConnection,
    legal_regime: &str,
) -> Result<bool, Error> {
    let row = sqlx::query("select from refusal_regime where legal_regime = $1")
        .bind(legal_regime)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Whether a procedure for the refusal to sign a contract is under way.
pub async fn has_refusal(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<bool, Error> {
    let row = sqlx::query(
        "select from procedure
         where contract_id = $1 and kind = 'REFUSAL_TO_SIGN' and state not in ('DROPPED', 'ANNULLED')",
    )
    .bind(contract.0)
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// What a page of every procedure is rebuilt from, oldest first, for the list of deadlines.
pub async fn all_after(
    connection: &mut PgConnection,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Procedure>, Error> {
    let rows = rows_after(connection, (SELECT, "procedure"), after, limit).await?;
    complete(connection, &rows).await
}
