//! Rows of a programming, read back into the domain.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row as _, postgres::PgRow};
use store::Error;
use uuid::Uuid;

use super::{parsed, person, present, reasons, regime, unexpected};
use crate::domain::{
    MandateId, Programming, ProgrammingId,
    programming::{Approval, Horizon, Line, Lines, Publication, Series, State},
};

/// Decisions from their rows, with lines and approvals, in the order of the rows.
pub(super) async fn complete(
    connection: &mut PgConnection,
    rows: &[PgRow],
) -> Result<Vec<Programming>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.get("id")).collect();
    let mut lines: BTreeMap<Uuid, Vec<Line>> = BTreeMap::new();
    let found = sqlx::query(
        "select
             programming_id,
             legal_entity,
             establishments,
             planned_year,
             note
         from programming_line
         where programming_id = any($1)
         order by programming_id, position",
    )
    .bind(&ids)
    .fetch_all(&mut *connection)
    .await?;
    for row in &found {
        lines
            .entry(row.get("programming_id"))
            .or_default()
            .push(line(row)?);
    }
    let mut approvals: BTreeMap<Uuid, Vec<Approval>> = BTreeMap::new();
    let found = sqlx::query(
        "select
             programming_id,
             authority,
             approver,
             approver_kind,
             approver_role,
             title,
             mandate,
             approved_at
         from programming_approval
         where programming_id = any($1)",
    )
    .bind(&ids)
    .fetch_all(connection)
    .await?;
    for row in &found {
        approvals
            .entry(row.get("programming_id"))
            .or_default()
            .push(approval(row)?);
    }
    rows.iter()
        .map(|row| {
            let id: Uuid = row.get("id");
            let (lines, approvals) = (lines.remove(&id), approvals.remove(&id));
            programming(
                row,
                lines.unwrap_or_default(),
                approvals.unwrap_or_default(),
            )
        })
        .collect()
}

fn programming(
    row: &PgRow,
    lines: Vec<Line>,
    mut approvals: Vec<Approval>,
) -> Result<Programming, Error> {
    let horizon = Horizon {
        first_year: row.get("first_year"),
        last_year: row.get("last_year"),
        due_date: row.get("due_date"),
    };
    approvals.sort_by_key(|approval| approval.authority);
    let councils: Vec<String> = row.get("councils");
    Ok(Programming {
        id: ProgrammingId(row.get("id")),
        series: Series {
            region: parsed("region", row.get("region"))?,
            kind: regime::kind(row.get("regime_kind"))?,
            councils: councils
                .iter()
                .map(|code| parsed("council", code))
                .collect::<Result<_, _>>()?,
        },
        number: row.get("number"),
        horizon,
        lines: Lines::new(lines, horizon).map_err(|defects| {
            Error::Inconsistent(format!("lines of a programming: {defects:?}"))
        })?,
        comment: row.get("comment"),
        state: match row.get("state") {
            "DRAFT" => State::Draft { approvals },
            "PUBLISHED" => State::Published {
                approvals,
                publication: Publication {
                    act: present("act", row.get("act"))?,
                    date: present("publication_date", row.get("publication_date"))?,
                },
            },
            "DISCARDED" => State::Discarded {
                reasons: reasons(present("discard_reasons", row.get("discard_reasons"))?)?,
            },
            other => return Err(unexpected("state of a programming", other)),
        },
        version: row.get("version"),
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    })
}

fn line(row: &PgRow) -> Result<Line, Error> {
    let sites: Vec<String> = row.get("establishments");
    Ok(Line {
        legal_entity: parsed("finess", row.get("legal_entity"))?,
        establishments: sites
            .iter()
            .map(|site| parsed("finess", site))
            .collect::<Result<_, _>>()?,
        planned_year: row.get("planned_year"),
        note: row.get("note"),
    })
}

fn approval(row: &PgRow) -> Result<Approval, Error> {
    let kind: &str = row.get("approver_kind");
    Ok(Approval {
        authority: parsed("authority", row.get("authority"))?,
        by: person(row.get("approver"), kind, row.get("approver_role"))?,
        title: row.get("title"),
        mandate: row.get::<Option<Uuid>, _>("mandate").map(MandateId),
        at: row.get("approved_at"),
    })
}
