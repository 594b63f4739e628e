//! Electronic signatures, beside the signatures they prove.

use sqlx::{PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::OffsetDateTime;

use super::contract_rows::hash;
use crate::domain::{
    AmendmentId, ContractId,
    signature::{DocumentHash, Party},
};

/// What a provider made.
#[derive(Debug, Clone)]
pub struct Evidence {
    pub provider: String,
    /// DER of a detached CMS signature.
    pub content: Vec<u8>,
}

/// A document and a signature under it, with its proof.
#[derive(Debug, Clone)]
pub struct Proven {
    pub document: Vec<u8>,
    pub sha256: DocumentHash,
    pub signed_at: OffsetDateTime,
    pub evidence: Evidence,
}

fn proven(row: &PgRow) -> Result<Proven, Error> {
    Ok(Proven {
        document: row.get("document"),
        sha256: hash(row.get("sha256"))?,
        signed_at: row.get("signed_at"),
        evidence: Evidence {
            provider: row.get("provider"),
            content: row.get("evidence"),
        },
    })
}

/// Keeps the proof of a signature that is written in the same unit of work.
pub async fn keep_for_contract(
    connection: &mut PgConnection,
    (id, freeze_version): (ContractId, i64),
    party: Party,
    evidence: &Evidence,
) -> Result<(), Error> {
    sqlx::query(
        "insert into signature_evidence (contract_id, freeze_version, party, provider, content)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(id.0)
    .bind(freeze_version)
    .bind(party.to_string())
    .bind(&evidence.provider)
    .bind(&evidence.content)
    .execute(connection)
    .await?;
    Ok(())
}

/// The same for a signature under an amendment.
pub async fn keep_for_amendment(
    connection: &mut PgConnection,
    (id, freeze_version): (AmendmentId, i64),
    party: Party,
    evidence: &Evidence,
) -> Result<(), Error> {
    sqlx::query(
        "insert into amendment_signature_evidence (amendment_id, freeze_version, party, provider, content)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(id.0)
    .bind(freeze_version)
    .bind(party.to_string())
    .bind(&evidence.provider)
    .bind(&evidence.content)
    .execute(connection)
    .await?;
    Ok(())
}

/// The signature of a party under the document of a contract that counts now.
pub async fn of_contract(
    connection: &mut PgConnection,
    id: ContractId,
    party: Party,
) -> Result<Option<Proven>, Error> {
    let row = sqlx::query(
        "select
             document.content as document,
             document.sha256,
             signature.signed_at,
             evidence.provider,
             evidence.content as evidence
         from contract
         join frozen_document as document
             on document.contract_id = contract.id and document.freeze_version = contract.freeze_version
         join signature
             on signature.contract_id = contract.id and signature.freeze_version = contract.freeze_version
         join signature_evidence as evidence
             on evidence.contract_id = signature.contract_id
             and evidence.freeze_version = signature.freeze_version
             and evidence.party = signature.party
         where contract.id = $1 and signature.party = $2",
    )
    .bind(id.0)
    .bind(party.to_string())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(proven).transpose()
}

/// The signature of a party under the document of an amendment that counts now.
pub async fn of_amendment(
    connection: &mut PgConnection,
    id: AmendmentId,
    party: Party,
) -> Result<Option<Proven>, Error> {
    let row = sqlx::query(
        "select
             document.content as document,
             document.sha256,
             signature.signed_at,
             evidence.provider,
             evidence.content as evidence
         from amendment
         join amendment_document as document
             on document.amendment_id = amendment.id and document.freeze_version = amendment.freeze_version
         join amendment_signature as signature
             on signature.amendment_id = amendment.id and signature.freeze_version = amendment.freeze_version
         join amendment_signature_evidence as evidence
             on evidence.amendment_id = signature.amendment_id
             and evidence.freeze_version = signature.freeze_version
             and evidence.party = signature.party
         where amendment.id = $1 and signature.party = $2",
    )
    .bind(id.0)
    .bind(party.to_string())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(proven).transpose()
}
