//! Table `modulation_waiver`: append-only; of an establishment, year and section the last decision stands.

use kernel::{Actor, ActorKind, Finess, Reasons};
use sqlx::{PgConnection, PgPool, Row as _, postgres::PgRow};
use store::Error;

use crate::{
    domain::medicosocial::{ModulationWaiverId, Section, Waiver, WaiverReason, waiver::Parts},
    store::{stored, unknown},
};

/// A decision with the proposal it is on, as it was told.
pub(crate) struct Decided {
    pub(crate) waiver: Waiver,
    /// A `ModulationProposal`.
    pub(crate) proposal: Vec<u8>,
}

/// Writes a decision.
pub(crate) async fn insert(connection: &mut PgConnection, decided: &Decided) -> Result<(), Error> {
    let waiver = &decided.waiver;
    sqlx::query(
        "insert into modulation_waiver (
             id,
             region,
             establishment,
             tariff_year,
             section,
             proposal,
             waived_percent,
             waived_change,
             remaining_change,
             reason,
             reasons,
             decision,
             decided_by,
             decided_kind,
             decided_role,
             decided_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(waiver.id.0)
    .bind(waiver.region.code())
    .bind(waiver.establishment.as_str())
    .bind(waiver.tariff_year)
    .bind(waiver.section.as_str())
    .bind(&decided.proposal)
    .bind(waiver.percent)
    .bind(waiver.parts.waived)
    .bind(waiver.parts.remaining)
    .bind(waiver.reason.as_str())
    .bind(waiver.reasons.as_str())
    .bind(&waiver.decision)
    .bind(waiver.by.subject())
    .bind(waiver.by.actor().kind.as_str())
    .bind(waiver.by.role())
    .bind(waiver.at)
    .execute(connection)
    .await?;
    Ok(())
}

/// The decisions on an establishment, or on one of its years, the oldest first.
pub(crate) async fn of_establishment(
    pool: &PgPool,
    establishment: Finess,
    year: Option<i16>,
) -> Result<Vec<Decided>, Error> {
    let rows = sqlx::query(
        "select
             id,
             region,
             establishment,
             tariff_year,
             section,
             proposal,
             waived_percent,
             waived_change,
             remaining_change,
             reason,
             reasons,
             decision,
             decided_by,
             decided_role,
             decided_at
         from modulation_waiver
         where establishment = $1 and ($2::smallint is null or tariff_year = $2)
         order by decided_at, id",
    )
    .bind(establishment.as_str())
    .bind(year)
    .fetch_all(pool)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &PgRow) -> Result<Decided, Error> {
    let (section, reason): (&str, &str) = (row.get("section"), row.get("reason"));
    let reasons: String = row.get("reasons");
    // A check of the table: only a person decides.
    let person = Actor {
        subject: row.get("decided_by"),
        kind: ActorKind::Human,
        role: row.get("decided_role"),
    };
    Ok(Decided {
        waiver: Waiver {
            id: ModulationWaiverId(row.get("id")),
            region: stored(row.get("region"))?,
            establishment: stored(row.get("establishment"))?,
            tariff_year: row.get("tariff_year"),
            section: Section::from_text(section).ok_or_else(|| unknown("section", section))?,
            percent: row.get("waived_percent"),
            parts: Parts {
                waived: row.get("waived_change"),
                remaining: row.get("remaining_change"),
            },
            reason: WaiverReason::from_text(reason).ok_or_else(|| unknown("reason", reason))?,
            reasons: Reasons::try_from(reasons)
                .map_err(|error| unknown("reasons", &error.to_string()))?,
            decision: row.get("decision"),
            by: person
                .as_human()
                .ok_or_else(|| unknown("person", "decided_by"))?,
            at: row.get("decided_at"),
        },
        proposal: row.get("proposal"),
    })
}
