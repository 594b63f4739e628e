//! The row of a contract: the facts of each state as columns. What people's acts change and what the passing of time
//! changes are different statements, under different grants.

use sqlx::PgConnection;
use store::Error;
use time::OffsetDateTime;

use crate::domain::{Contract, ContractId, ProcedureId, contract::State};

/// Writes the row after a person's act.
pub(super) async fn update(connection: &mut PgConnection, after: &Contract) -> Result<(), Error> {
    let agreed_by = match &after.state {
        State::Negotiation { agreed_by } => agreed_by.first().map(|side| side.as_str()),
        _ => None,
    };
    let facts = Facts::of(&after.state);
    sqlx::query(
        "update contract set
             version = $2,
             state = $3,
             text_version = $4,
             agreed_by = $5,
             freeze_version = $6,
             signed_at = $7,
             in_force_at = $8,
             expired_at = $9,
             abandoned_at = $10,
             abandonment_reasons = $11,
             updated_at = $12,
             moved_last_day = $13,
             extensions = $14,
             notice_procedure = $15,
             terminated_at = $16,
             successor = $17,
             renewed_at = $18,
             closed_at = $19,
             closure_reasons = $20
         where id = $1",
    )
    .bind(after.id.0)
    .bind(after.version)
    .bind(after.state.as_str())
    .bind(after.text_version)
    .bind(agreed_by)
    .bind(after.state.frozen().map(|frozen| frozen.at_version))
    .bind(facts.signed_at)
    .bind(facts.in_force_at)
    .bind(facts.expired_at)
    .bind(facts.abandoned.map(|(_, at)| at))
    .bind(facts.abandoned.map(|(reasons, _)| reasons))
    .bind(after.updated_at)
    .bind(after.moved_last_day)
    .bind(i32::try_from(after.extensions).unwrap_or(i32::MAX))
    .bind(facts.procedure.map(|id| id.0))
    .bind(facts.terminated_at)
    .bind(facts.renewed.map(|(successor, _)| successor.0))
    .bind(facts.renewed.map(|(_, at)| at))
    .bind(facts.closed.map(|(_, at)| at))
    .bind(facts.closed.map(|(reasons, _)| reasons))
    .execute(connection)
    .await?;
    Ok(())
}

/// The facts of a state as columns.
#[derive(Default)]
struct Facts<'a> {
    signed_at: Option<OffsetDateTime>,
    in_force_at: Option<OffsetDateTime>,
    expired_at: Option<OffsetDateTime>,
    procedure: Option<ProcedureId>,
    terminated_at: Option<OffsetDateTime>,
    renewed: Option<(ContractId, OffsetDateTime)>,
    closed: Option<(&'a str, OffsetDateTime)>,
    abandoned: Option<(&'a str, OffsetDateTime)>,
}

impl<'a> Facts<'a> {
    fn of(state: &'a State) -> Self {
        let mut facts = Self {
            signed_at: state.force().map(|force| force.signed_at),
            in_force_at: state.force().map(|force| force.in_force_at),
            ..Self::default()
        };
        match state {
            State::Signed { signed_at, .. } => facts.signed_at = Some(*signed_at),
            State::UnderNotice { procedure, .. } => facts.procedure = Some(*procedure),
            State::Terminated {
                procedure,
                terminated_at,
                ..
            } => {
                facts.procedure = Some(*procedure);
                facts.terminated_at = Some(*terminated_at);
            }
            State::Expired { expired_at, .. } => facts.expired_at = Some(*expired_at),
            State::Renewed {
                successor,
                renewed_at,
                ..
            } => facts.renewed = Some((*successor, *renewed_at)),
            State::Closed {
                reasons, closed_at, ..
            } => facts.closed = Some((reasons.as_str(), *closed_at)),
            State::Abandoned {
                reasons,
                abandoned_at,
            } => facts.abandoned = Some((reasons.as_str(), *abandoned_at)),
            State::Draft
            | State::Negotiation { .. }
            | State::Consultation
            | State::ReadyToSign { .. }
            | State::PartiallySigned { .. }
            | State::InForce(_) => {}
        }
        facts
    }
}

/// Writes what the passing of time changed: the columns that a machine may write, and no others.
pub async fn save_time(connection: &mut PgConnection, after: &Contract) -> Result<(), Error> {
    let facts = Facts::of(&after.state);
    sqlx::query(
        "update contract set
             version = $2,
             state = $3,
             in_force_at = $4,
             expired_at = $5,
             notice_procedure = null,
             successor = $6,
             renewed_at = $7,
             updated_at = $8
         where id = $1",
    )
    .bind(after.id.0)
    .bind(after.version)
    .bind(after.state.as_str())
    .bind(facts.in_force_at)
    .bind(facts.expired_at)
    .bind(facts.renewed.map(|(successor, _)| successor.0))
    .bind(facts.renewed.map(|(_, at)| at))
    .bind(after.updated_at)
    .execute(connection)
    .await?;
    Ok(())
}
