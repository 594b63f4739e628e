//! Rows of a contract, read back into the domain.

use std::collections::{BTreeSet, HashMap};

use sqlx::{PgConnection, Row as _, postgres::PgRow, types::Json};
use store::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{member, parsed, person, present, reasons, unexpected};
use crate::domain::{
    Contract, ContractId, ContractText, MandateId, ProcedureId, Side, TargetSetId,
    content::Content,
    contract::{Force, Opinion, OpinionSense, State},
    signature::{DocumentHash, Frozen, Signature},
    text::{StrategicObjective, TextParts},
};

/// The text of a version, from the columns of `contract_version`.
pub(super) fn text(row: &PgRow) -> Result<ContractText, Error> {
    let numbers = |column: &str| {
        let texts: Vec<String> = row.get(column);
        texts
            .iter()
            .map(|number| parsed("finess", number))
            .collect::<Result<BTreeSet<_>, _>>()
    };
    let objectives: Json<Vec<StrategicObjective>> = row.get("objectives");
    let content: Json<Content> = row.get("content");
    let parts = TextParts {
        title: row.get("title"),
        legal_entities: numbers("legal_entities")?,
        establishments: numbers("establishments")?,
        effect_date: row.get("effect_date"),
        end_date: row.get("end_date"),
        objectives: objectives.0,
        consultations: row
            .get::<Vec<String>, _>("consultations")
            .into_iter()
            .collect(),
        content: content.0,
    };
    ContractText::new(parts).map_err(|defects| Error::Inconsistent(format!("text: {defects:?}")))
}

/// Contracts from their rows, with their opinions and signatures, in the order of the rows.
pub(super) async fn complete(
    connection: &mut PgConnection,
    rows: &[PgRow],
) -> Result<Vec<Contract>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut opinions = opinions(connection, rows).await?;
    let mut signatures = signatures(connection, rows).await?;
    rows.iter()
        .map(|row| {
            let id: Uuid = row.get("id");
            let signatures = signatures.remove(&id).unwrap_or_default();
            Ok(Contract {
                id: ContractId(id),
                region: parsed("region", row.get("region"))?,
                number: row.get("number"),
                legal_regime: row.get("legal_regime"),
                text: text(row)?,
                text_version: row.get("text_version"),
                opinions: opinions.remove(&id).unwrap_or_default(),
                state: state(row, signatures)?,
                moves: member::moves(row)?,
                moved_last_day: row.get("moved_last_day"),
                extensions: u32::try_from(row.get::<i32, _>("extensions"))
                    .map_err(|_| unexpected("number of extensions", "below zero"))?,
                version: row.get("version"),
                created_at: row.get("created_at"),
                updated_at: row.get("updated_at"),
            })
        })
        .collect()
}

fn state(row: &PgRow, signatures: Vec<Signature>) -> Result<State, Error> {
    let instant = |column: &str| present(column, row.get::<Option<OffsetDateTime>, _>(column));
    let state: &str = row.get("state");
    Ok(match state {
        "DRAFT" => State::Draft,
        "NEGOTIATION" => {
            let agreed_by = match row.get("agreed_by") {
                None => BTreeSet::new(),
                Some("ARS") => BTreeSet::from([Side::Ars]),
                Some("ESTABLISHMENT") => BTreeSet::from([Side::Establishment]),
                Some(other) => return Err(unexpected("side", other)),
            };
            State::Negotiation { agreed_by }
        }
        "CONSULTATION" => State::Consultation,
        "READY_TO_SIGN" => State::ReadyToSign {
            frozen: frozen(row)?,
        },
        "PARTIALLY_SIGNED" => State::PartiallySigned {
            frozen: frozen(row)?,
            signatures,
        },
        "SIGNED" => {
            let signed_at = instant("signed_at")?;
            State::Signed {
                frozen: frozen(row)?,
                signatures,
                signed_at,
            }
        }
        "IN_FORCE" => State::InForce(force(row, signatures)?),
        "NOTICE_OF_TERMINATION" => State::UnderNotice {
            force: force(row, signatures)?,
            procedure: ProcedureId(present("procedure", row.get("notice_procedure"))?),
        },
        "TERMINATED" => State::Terminated {
            force: force(row, signatures)?,
            procedure: ProcedureId(present("procedure", row.get("notice_procedure"))?),
            terminated_at: instant("terminated_at")?,
        },
        "EXPIRED" => State::Expired {
            force: force(row, signatures)?,
            expired_at: instant("expired_at")?,
        },
        "RENEWED" => State::Renewed {
            force: force(row, signatures)?,
            successor: ContractId(present("successor", row.get("successor"))?),
            renewed_at: instant("renewed_at")?,
        },
        "CLOSED" => State::Closed {
            force: force(row, signatures)?,
            reasons: reasons(present("reasons", row.get("closure_reasons"))?)?,
            closed_at: instant("closed_at")?,
        },
        "ABANDONED" => State::Abandoned {
            reasons: reasons(present("reasons", row.get("abandonment_reasons"))?)?,
            abandoned_at: instant("abandoned_at")?,
        },
        other => return Err(unexpected("state of a contract", other)),
    })
}

fn force(row: &PgRow, signatures: Vec<Signature>) -> Result<Force, Error> {
    Ok(Force {
        frozen: frozen(row)?,
        signatures,
        signed_at: present("signed_at", row.get("signed_at"))?,
        in_force_at: present("in_force_at", row.get("in_force_at"))?,
    })
}

fn frozen(row: &PgRow) -> Result<Frozen, Error> {
    Ok(Frozen {
        target_set: TargetSetId(present("target set", row.get("target_set"))?),
        sha256: hash(present("hash", row.get("sha256"))?)?,
        at_version: present("freeze version", row.get("freeze_version"))?,
        at: present("freeze instant", row.get("frozen_at"))?,
    })
}

pub(super) fn hash(bytes: Vec<u8>) -> Result<DocumentHash, Error> {
    let bytes = bytes
        .try_into()
        .map_err(|_| Error::Inconsistent("length of a hash".to_owned()))?;
    Ok(DocumentHash(bytes))
}

// The looks below are fenced by `offset 0`: each is made by key, where a plan from when the tables were young would join by
// reading all of them, for as long as its connection lives.

/// Opinions on the current versions of the texts, by body.
async fn opinions(
    connection: &mut PgConnection,
    contracts: &[PgRow],
) -> Result<HashMap<Uuid, Vec<Opinion>>, Error> {
    let (ids, versions): (Vec<Uuid>, Vec<i32>) = contracts
        .iter()
        .map(|row| (row.get::<Uuid, _>("id"), row.get::<i32, _>("text_version")))
        .unzip();
    let rows = sqlx::query(
        r#"select current.contract_id, opinion.*
         from unnest($1::uuid[], $2::integer[]) as current (contract_id, text_version)
         cross join lateral (
             select body, sense, date, comment
             from opinion
             where opinion.contract_id = current.contract_id and opinion.text_version = current.text_version
             offset 0
         ) as opinion
         order by opinion.body collate "C""#,
    )
    .bind(ids)
    .bind(versions)
    .fetch_all(connection)
    .await?;
    let mut opinions: HashMap<Uuid, Vec<Opinion>> = HashMap::new();
    for row in rows {
        opinions
            .entry(row.get("contract_id"))
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
    contracts: &[PgRow],
) -> Result<HashMap<Uuid, Vec<Signature>>, Error> {
    let (ids, freezes): (Vec<Uuid>, Vec<i64>) = contracts
        .iter()
        .filter_map(|row| {
            Some((
                row.get::<Uuid, _>("id"),
                row.get::<Option<i64>, _>("freeze_version")?,
            ))
        })
        .unzip();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query(
        r#"select current.contract_id, signature.*
         from unnest($1::uuid[], $2::bigint[]) as current (contract_id, freeze_version)
         cross join lateral (
             select
                 party,
                 sha256,
                 signatory,
                 signatory_kind,
                 signatory_role,
                 title,
                 signed_at,
                 mandate
             from signature
             where signature.contract_id = current.contract_id
                 and signature.freeze_version = current.freeze_version
             offset 0
         ) as signature
         order by signature.party collate "C""#,
    )
    .bind(ids)
    .bind(freezes)
    .fetch_all(connection)
    .await?;
    let mut signatures: HashMap<Uuid, Vec<Signature>> = HashMap::new();
    for row in &rows {
        signatures
            .entry(row.get("contract_id"))
            .or_default()
            .push(signature(row)?);
    }
    Ok(signatures)
}

/// A signature, from the columns that those of contracts and of amendments have in common.
pub(super) fn signature(row: &PgRow) -> Result<Signature, Error> {
    let (kind, role) = (row.get("signatory_kind"), row.get("signatory_role"));
    Ok(Signature {
        party: parsed("party", row.get("party"))?,
        signatory: person(row.get("signatory"), kind, role)?,
        title: row.get("title"),
        sha256: hash(row.get("sha256"))?,
        at: row.get("signed_at"),
        mandate: row.get::<Option<Uuid>, _>("mandate").map(MandateId),
    })
}

/// The sense of an opinion, as it is stored.
pub(super) fn sense(text: &str) -> Result<OpinionSense, Error> {
    Ok(match text {
        "FAVOURABLE" => OpinionSense::Favourable,
        "RESERVED" => OpinionSense::Reserved,
        "UNFAVOURABLE" => OpinionSense::Unfavourable,
        "NOTED" => OpinionSense::Noted,
        other => return Err(unexpected("sense of an opinion", other)),
    })
}
