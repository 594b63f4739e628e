//! Rows of amendments, read back into the domain.

use std::collections::{BTreeSet, HashMap};

use sqlx::{PgConnection, Row as _, postgres::PgRow, types::Json};
use store::Error;
use uuid::Uuid;

use super::{
    contract_rows::{hash, sense, signature},
    parsed, person, present, reasons, side, unexpected,
};
use crate::domain::{
    Amendment, AmendmentId, ContractId,
    amendment::{Acknowledgement, Changes, Frozen, Reason, State},
    contract::Opinion,
    signature::Signature,
};

/// Amendments from their rows, with their opinions and signatures, in the order of the rows.
pub(super) async fn complete(
    connection: &mut PgConnection,
    rows: &[PgRow],
) -> Result<Vec<Amendment>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.get("id")).collect();
    let consults = |row: &PgRow| !row.get::<Vec<String>, _>("consultations").is_empty();
    let mut opinions = if rows.iter().any(consults) {
        opinions(connection, &ids).await?
    } else {
        HashMap::new()
    };
    let is_frozen = |row: &PgRow| row.get::<Option<i64>, _>("freeze_version").is_some();
    let mut signatures = if rows.iter().any(is_frozen) {
        signatures(connection, &ids).await?
    } else {
        HashMap::new()
    };
    rows.iter()
        .map(|row| {
            let id: Uuid = row.get("id");
            let signatures = signatures.remove(&id).unwrap_or_default();
            let changes: Json<Changes> = row.get("changes");
            Ok(Amendment {
                id: AmendmentId(id),
                contract: ContractId(row.get("contract_id")),
                region: parsed("region", row.get("region"))?,
                reason: reason(row.get("reason"))?,
                title: row.get("title"),
                effect_date: row.get("effect_date"),
                changes: changes.0,
                revision: row.get("revision"),
                proposed_by: side(row.get("proposed_by"))?,
                consultations: row
                    .get::<Vec<String>, _>("consultations")
                    .into_iter()
                    .collect(),
                opinions: opinions.remove(&id).unwrap_or_default(),
                acknowledged: acknowledged(row)?,
                state: state(row, signatures)?,
                version: row.get("version"),
                created_at: row.get("created_at"),
                updated_at: row.get("updated_at"),
            })
        })
        .collect()
}

fn reason(text: &str) -> Result<Reason, Error> {
    Reason::ALL
        .into_iter()
        .find(|reason| reason.as_str() == text)
        .ok_or_else(|| unexpected("reason of an amendment", text))
}

fn acknowledged(row: &PgRow) -> Result<Option<Acknowledgement>, Error> {
    let Some(impact) = row.get::<Option<Vec<u8>>, _>("impact_sha256") else {
        return Ok(None);
    };
    let kind: &str = row.get("acknowledged_kind");
    let by = person(
        row.get("acknowledged_by"),
        kind,
        row.get("acknowledged_role"),
    )?;
    Ok(Some(Acknowledgement {
        impact: hash(impact)?,
        by,
    }))
}

fn state(row: &PgRow, signatures: Vec<Signature>) -> Result<State, Error> {
    let state: &str = row.get("state");
    let why = || reasons(present("reasons", row.get("end_reasons"))?);
    Ok(match state {
        "PROPOSED" => State::Proposed,
        "NEGOTIATION" => {
            let agreed: Option<&str> = row.get("agreed_by");
            let agreed_by = agreed.map(side).transpose()?;
            State::Negotiation {
                agreed_by: agreed_by.into_iter().collect::<BTreeSet<_>>(),
            }
        }
        "CONSULTATION" => State::Consultation,
        "READY_TO_SIGN" => State::ReadyToSign {
            frozen: frozen(row)?,
        },
        "PARTIALLY_SIGNED" => State::PartiallySigned {
            frozen: frozen(row)?,
            signatures,
        },
        "SIGNED" => State::Signed {
            frozen: frozen(row)?,
            signatures,
            signed_at: present("signed_at", row.get("signed_at"))?,
        },
        "IN_EFFECT" => State::InEffect {
            frozen: frozen(row)?,
            signatures,
            signed_at: present("signed_at", row.get("signed_at"))?,
        },
        "REJECTED" => State::Rejected { reasons: why()? },
        "WITHDRAWN" => State::Withdrawn { reasons: why()? },
        other => return Err(unexpected("state of an amendment", other)),
    })
}

fn frozen(row: &PgRow) -> Result<Frozen, Error> {
    Ok(Frozen {
        number: present("number", row.get("number"))?,
        sha256: hash(present("hash", row.get("sha256"))?)?,
        at_version: present("freeze version", row.get("freeze_version"))?,
    })
}

/// Opinions on the current revisions, by body.
async fn opinions(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Opinion>>, Error> {
    let rows = sqlx::query(
        r#"select
             opinion.amendment_id,
             opinion.body,
             opinion.sense,
             opinion.date,
             opinion.comment
         from amendment_opinion as opinion
         join amendment
             on amendment.id = opinion.amendment_id and amendment.revision = opinion.revision
         where opinion.amendment_id = any($1)
         order by opinion.body collate "C""#,
    )
    .bind(ids)
    .fetch_all(connection)
    .await?;
    let mut opinions: HashMap<Uuid, Vec<Opinion>> = HashMap::new();
    for row in rows {
        opinions
            .entry(row.get("amendment_id"))
            .or_default()
            .push(Opinion {
                body: row.get("body"),
                sense: sense(row.get("sense"))?,
                date: row.get("date"),
                comment: row.get("comment"),
            });
    }
    Ok(opinions)
}

/// Signatures under the documents that count now, by party.
async fn signatures(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Signature>>, Error> {
    let rows = sqlx::query(
        r#"select
             signature.amendment_id,
             signature.party,
             signature.sha256,
             signature.signatory,
             signature.signatory_kind,
             signature.signatory_role,
             signature.title,
             signature.signed_at,
             signature.mandate
         from amendment_signature as signature
         join amendment
             on amendment.id = signature.amendment_id
             and amendment.freeze_version = signature.freeze_version
         where signature.amendment_id = any($1)
         order by signature.party collate "C""#,
    )
    .bind(ids)
    .fetch_all(connection)
    .await?;
    let mut signatures: HashMap<Uuid, Vec<Signature>> = HashMap::new();
    for row in &rows {
        signatures
            .entry(row.get("amendment_id"))
            .or_default()
            .push(signature(row)?);
    }
    Ok(signatures)
}
