//! Persons, outside of the hashed bytes.
//!
//! An event names the person who acted by a commitment: a hash of the identifier and of a salt of its own. Whoever has
//! the salt can check who that was; once both are erased, nobody can tell, and every proof still holds.

use proto::history::v1::PersonErased;
use sqlx::{PgConnection, Row as _};
use time::OffsetDateTime;

use crate::{By, Db, Error, Fact};

/// What begins a commitment.
pub const PREFIX: &str = "person:";

/// The commitment of a person, made at the first act.
pub(crate) async fn commit(
    connection: &mut PgConnection,
    subject: &str,
    now: OffsetDateTime,
) -> Result<String, Error> {
    // Two random UUIDs: 244 bits that nobody guesses.
    let made: Option<String> = sqlx::query_scalar(
        "with chance as materialized (
             select uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) as salt
         )
         insert into person (commitment, subject, salt, recorded_at)
         select
             'person:' || encode(
                 sha256('cpom-person/v1'::bytea || '\\x00'::bytea || salt || convert_to($1, 'UTF8')),
                 'hex'
             ),
             $1,
             salt,
             $2
         from chance
         where not exists (select from person where subject = $1)
         on conflict (subject) do nothing
         returning commitment",
    )
    .bind(subject)
    .bind(now)
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(commitment) = made {
        return Ok(commitment);
    }
    let row = sqlx::query("select commitment from person where subject = $1")
        .bind(subject)
        .fetch_one(connection)
        .await?;
    Ok(row.get("commitment"))
}

/// Forgets who stands behind the acts of a person, and records that it was done, on whose order and why. Returns the
/// commitment that remains; none when nobody of that identifier ever acted here.
pub async fn erase(
    db: &Db,
    subject: &str,
    ordered_by: &str,
    reasons: &str,
) -> Result<Option<String>, Error> {
    let mut unit = db.unit(By::service("operator", db.clock().now())).await?;
    let now = unit.at();
    let erased: Option<String> = sqlx::query_scalar(
        "update person
         set subject = null, salt = null, erased_at = $2
         where subject = $1
         returning commitment",
    )
    .bind(subject)
    .bind(now)
    .fetch_optional(unit.connection())
    .await?;
    let Some(commitment) = erased else {
        return Ok(None);
    };
    sqlx::query("delete from request where actor = $1")
        .bind(subject)
        .execute(unit.connection())
        .await?;
    let message = PersonErased {
        ordered_by: ordered_by.to_owned(),
        reasons: reasons.to_owned(),
    };
    let hash = commitment.strip_prefix(PREFIX).unwrap_or(&commitment);
    let fact = Fact::of_no_region("person", &format!("persons/{hash}"), &message)?;
    unit.record(vec![fact.because(reasons)]).await?;
    unit.done().await?;
    Ok(Some(commitment))
}
