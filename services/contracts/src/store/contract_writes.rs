//! Contracts: written, with the rows that each event adds.

use kernel::{Actor, Department, Finess, Region};
use sqlx::{PgConnection, Row as _, types::Json};
use store::Error;
use time::OffsetDateTime;

use super::{contract_update::update, day_after};
use crate::domain::{
    Contract, ContractId, ContractText,
    contract::{Event, Opinion, Position},
    signature::{Frozen, Signature},
};

/// The next rank in a region and year. Two drafts at once wait for each other here.
pub async fn next_rank(
    connection: &mut PgConnection,
    region: Region,
    year: i32,
) -> Result<i32, Error> {
    let row = sqlx::query(
        "insert into contract_counter (region, year, last_rank)
         values ($1, $2, 1)
         on conflict (region, year) do update set last_rank = contract_counter.last_rank + 1
         returning last_rank",
    )
    .bind(region.code())
    .bind(year)
    .fetch_one(connection)
    .await?;
    Ok(row.get("last_rank"))
}

/// Writes a new draft.
pub async fn insert(
    connection: &mut PgConnection,
    draft: &Contract,
    author: &Actor,
) -> Result<(), Error> {
    sqlx::query(
        "insert into contract (
             id,
             region,
             number,
             legal_regime,
             version,
             state,
             text_version,
             created_at,
             updated_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
    )
    .bind(draft.id.0)
    .bind(draft.region.code())
    .bind(&draft.number)
    .bind(&draft.legal_regime)
    .bind(draft.version)
    .bind(draft.state.as_str())
    .bind(draft.text_version)
    .bind(draft.created_at)
    .execute(&mut *connection)
    .await?;
    let version = NewVersion {
        contract: draft.id,
        number: draft.text_version,
        text: &draft.text,
        comment: "",
    };
    insert_version(connection, &version, author, draft.created_at).await
}

/// Writes what a person's act changed: the row of the contract and those that each event adds.
/// `document` is the content of a freeze.
pub async fn save(
    connection: &mut PgConnection,
    after: &Contract,
    events: &[Event],
    document: Option<&[u8]>,
    author: &Actor,
) -> Result<(), Error> {
    for event in events {
        match event {
            Event::VersionProposed {
                number,
                text,
                comment,
            } => {
                let version = NewVersion {
                    contract: after.id,
                    number: *number,
                    text,
                    comment,
                };
                insert_version(connection, &version, author, after.updated_at).await?;
            }
            Event::OpinionRecorded(opinion) => insert_opinion(connection, after, opinion).await?,
            Event::Frozen { .. } => {
                if let (Some(frozen), Some(content)) = (after.state.frozen(), document) {
                    insert_document(connection, after.id, frozen, content).await?;
                }
            }
            Event::SignedByParty(signature) => {
                if let Some(frozen) = after.state.frozen() {
                    insert_signature(connection, after.id, frozen, signature).await?;
                }
            }
            Event::Signed { .. } => insert_sites(connection, after).await?,
            Event::PositionRecorded(position) => {
                insert_position(connection, after, position, author).await?;
            }
            Event::TermExtended { .. } | Event::Terminated { .. } => {
                move_end(connection, after).await?;
            }
            Event::Drafted { .. }
            | Event::NegotiationOpened
            | Event::VersionAgreed { .. }
            | Event::ConsultationOpened
            | Event::SignatureWithdrawn { .. }
            | Event::TookEffect
            | Event::Expired
            | Event::NoticeGiven { .. }
            | Event::NoticeLifted { .. }
            | Event::Renewed { .. }
            | Event::Closed { .. }
            | Event::Abandoned { .. } => {}
        }
    }
    update(connection, after).await
}

struct NewVersion<'a> {
    contract: ContractId,
    number: i32,
    text: &'a ContractText,
    comment: &'a str,
}

/// Writes a version of the text; its legal entities and departmental councils become the parties.
async fn insert_version(
    connection: &mut PgConnection,
    version: &NewVersion<'_>,
    author: &Actor,
    at: OffsetDateTime,
) -> Result<(), Error> {
    let text = version.text;
    let legal_entities: Vec<&str> = text.legal_entities.iter().map(Finess::as_str).collect();
    let establishments: Vec<&str> = text.establishments.iter().map(Finess::as_str).collect();
    let consultations: Vec<&str> = text.consultations.iter().map(String::as_str).collect();
    sqlx::query(
        "insert into contract_version (
             contract_id,
             number,
             title,
             legal_entities,
             establishments,
             effect_date,
             end_date,
             objectives,
             consultations,
             content,
             comment,
             author,
             author_kind,
             author_role,
             created_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(version.contract.0)
    .bind(version.number)
    .bind(&text.title)
    .bind(&legal_entities)
    .bind(&establishments)
    .bind(text.effect_date)
    .bind(text.end_date)
    .bind(Json(&text.objectives))
    .bind(&consultations)
    .bind(Json(&text.content))
    .bind(version.comment)
    .bind(&author.subject)
    .bind(author.kind.as_str())
    .bind(&author.role)
    .bind(at)
    .execute(&mut *connection)
    .await?;
    sqlx::query("delete from contract_party where contract_id = $1 and legal_entity <> all($2)")
        .bind(version.contract.0)
        .bind(&legal_entities)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "insert into contract_party (contract_id, legal_entity)
         select $1, unnest($2::text[])
         on conflict do nothing",
    )
    .bind(version.contract.0)
    .bind(&legal_entities)
    .execute(&mut *connection)
    .await?;
    insert_councils(connection, version).await
}

async fn insert_councils(
    connection: &mut PgConnection,
    version: &NewVersion<'_>,
) -> Result<(), Error> {
    let councils = &version.text.content.departmental_councils;
    let councils: Vec<&str> = councils.iter().map(Department::code).collect();
    sqlx::query("delete from contract_council where contract_id = $1 and department <> all($2)")
        .bind(version.contract.0)
        .bind(&councils)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "insert into contract_council (contract_id, department)
         select $1, unnest($2::text[])
         on conflict do nothing",
    )
    .bind(version.contract.0)
    .bind(&councils)
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_opinion(
    connection: &mut PgConnection,
    contract: &Contract,
    opinion: &Opinion,
) -> Result<(), Error> {
    sqlx::query(
        "insert into opinion (contract_id, text_version, body, sense, date, comment, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(contract.id.0)
    .bind(contract.text_version)
    .bind(&opinion.body)
    .bind(opinion.sense.as_str())
    .bind(opinion.date)
    .bind(&opinion.comment)
    .bind(contract.updated_at)
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_document(
    connection: &mut PgConnection,
    id: ContractId,
    frozen: &Frozen,
    content: &[u8],
) -> Result<(), Error> {
    sqlx::query(
        "insert into frozen_document (
             contract_id,
             freeze_version,
             target_set,
             sha256,
             content,
             frozen_at
         )
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id.0)
    .bind(frozen.at_version)
    .bind(frozen.target_set.0)
    .bind(frozen.sha256.0.as_slice())
    .bind(content)
    .bind(frozen.at)
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_signature(
    connection: &mut PgConnection,
    id: ContractId,
    frozen: &Frozen,
    signature: &Signature,
) -> Result<(), Error> {
    let signatory = signature.signatory.actor();
    sqlx::query(
        "insert into signature (
             contract_id,
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
    .bind(id.0)
    .bind(frozen.at_version)
    .bind(signature.party.to_string())
    .bind(signature.sha256.0.as_slice())
    .bind(&signatory.subject)
    .bind(signatory.kind.as_str())
    .bind(&signatory.role)
    .bind(&signature.title)
    .bind(signature.at)
    .bind(signature.mandate.map(|id| id.0))
    .execute(connection)
    .await?;
    Ok(())
}

/// The constraint that keeps a site in one contract at a time.
pub const ONE_CONTRACT_PER_SITE: &str = "contract_site_one_contract";

async fn insert_sites(connection: &mut PgConnection, signed: &Contract) -> Result<(), Error> {
    let sites: Vec<&str> = signed
        .text
        .establishments
        .iter()
        .map(Finess::as_str)
        .collect();
    sqlx::query(
        "insert into contract_site (contract_id, establishment, period, exclusive)
         select $1, unnest($2::text[]), daterange($3, $4), regime.mandatory
         from legal_regime as regime
         where regime.code = $5",
    )
    .bind(signed.id.0)
    .bind(&sites)
    .bind(signed.text.effect_date)
    .bind(day_after(signed.text.end_date))
    .bind(&signed.legal_regime)
    .execute(connection)
    .await?;
    Ok(())
}

/// The sites covered to the end of the term are covered to its new end.
async fn move_end(connection: &mut PgConnection, contract: &Contract) -> Result<(), Error> {
    let last_day = contract.last_day();
    sqlx::query(
        "update contract_site set
             period = daterange(lower(period), greatest(lower(period), $2))
         where contract_id = $1
             and upper(period) = (
                 select max(upper(other.period)) from contract_site as other where other.contract_id = $1
             )",
    )
    .bind(contract.id.0)
    .bind(day_after(last_day))
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_position(
    connection: &mut PgConnection,
    contract: &Contract,
    position: &Position,
    author: &Actor,
) -> Result<(), Error> {
    sqlx::query(
        "insert into contract_position (
             contract_id,
             text_version,
             objective,
             side,
             council,
             version,
             stance,
             comment,
             author,
             author_kind,
             author_role,
             recorded_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(contract.id.0)
    .bind(position.text_version)
    .bind(&position.objective)
    .bind(position.side.as_str())
    .bind(position.council.as_ref().map(Department::code))
    .bind(contract.version)
    .bind(position.stance.as_str())
    .bind(&position.comment)
    .bind(&author.subject)
    .bind(author.kind.as_str())
    .bind(&author.role)
    .bind(contract.updated_at)
    .execute(connection)
    .await?;
    Ok(())
}
