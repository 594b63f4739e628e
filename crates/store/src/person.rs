//! Persons, outside of the hashed bytes.
//!
//! An event names the person who acted by a commitment: a hash of the identifier and of a salt of its own. Whoever has
//! the salt can check who that was; once both are erased, nobody can tell, and every proof still holds.

use std::collections::{BTreeSet, HashMap};

use proto::{history::v1::PersonErased, types::v1::ActorKind};
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor, Postgres, QueryBuilder, Row as _};
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

/// Adds to a query the commitment of a person who is asked for, null when nobody is: by the identifier in tokens, or, as
/// pages name people whatever their identity provider is, by it or the commitment without [`PREFIX`]. Who is asked for
/// exactly comes first.
pub(crate) fn push_asked(query: &mut QueryBuilder<Postgres>, asked: &str) {
    let other = match asked.strip_prefix(PREFIX) {
        Some(bare) => bare.to_owned(),
        None => format!("{PREFIX}{asked}"),
    };
    query
        .push("coalesce((select commitment from person where subject = ")
        .push_bind(asked.to_owned())
        .push("), (select commitment from person where subject = ")
        .push_bind(other.clone())
        .push("), (select commitment from person where commitment = ")
        .push_bind(other)
        .push("))");
}

/// The same, looked up.
pub(crate) async fn asked_for(
    connection: &mut PgConnection,
    asked: &str,
) -> Result<Option<String>, Error> {
    let mut query = QueryBuilder::new("select ");
    push_asked(&mut query, asked);
    Ok(query.build_query_scalar().fetch_one(connection).await?)
}

/// A person who is named in the hashed bytes and was not erased.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Named {
    pub commitment: String,
    /// The identifier in tokens.
    pub subject: String,
    /// What opens the commitment.
    pub salt: Vec<u8>,
}

/// The commitments in the exact bytes of an event.
pub fn commitments(canonical: &[u8]) -> BTreeSet<&str> {
    const LENGTH: usize = PREFIX.len() + 64;
    let text = std::str::from_utf8(canonical).unwrap_or_default();
    text.match_indices("\"person:")
        .filter_map(|(quote, _)| {
            let rest = text.get(quote + 1..)?;
            rest.get(LENGTH..)?.starts_with('"').then_some(())?;
            rest.get(..LENGTH)
        })
        .collect()
}

/// Who stands behind some commitments.
pub async fn named(
    executor: impl PgExecutor<'_>,
    commitments: &BTreeSet<&str>,
) -> Result<HashMap<String, Named>, Error> {
    if commitments.is_empty() {
        return Ok(HashMap::new());
    }
    let commitments: Vec<&str> = commitments.iter().copied().collect();
    let persons: Vec<Named> = sqlx::query_as(
        "select commitment, subject, salt from person where commitment = any($1) and subject is not null",
    )
    .bind(commitments)
    .fetch_all(executor)
    .await?;
    Ok(persons
        .into_iter()
        .map(|person| (person.commitment.clone(), person))
        .collect())
}

/// Whom the data of an event name: the `subject` of each `cpom.type.v1.Actor` that is a person.
pub(crate) fn subjects(data: &Value, found: &mut BTreeSet<String>) {
    match data {
        Value::Object(fields) => {
            if let Some(subject) = person_of(fields) {
                found.insert(subject.to_owned());
            }
            fields.values().for_each(|value| subjects(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| subjects(value, found)),
        _ => {}
    }
}

/// Names the persons of the data by their commitments.
pub(crate) fn conceal(data: &mut Value, commitments: &HashMap<String, String>) {
    match data {
        Value::Object(fields) => {
            let known = person_of(fields).and_then(|subject| commitments.get(subject));
            if let Some(commitment) = known {
                fields.insert("subject".to_owned(), Value::from(commitment.as_str()));
            }
            fields
                .values_mut()
                .for_each(|value| conceal(value, commitments));
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| conceal(value, commitments)),
        _ => {}
    }
}

/// The identifier in the JSON of an `Actor`.
fn person_of(fields: &serde_json::Map<String, Value>) -> Option<&str> {
    let is_person = fields.get("kind")? == ActorKind::Human.as_str_name();
    let subject = fields.get("subject")?.as_str()?;
    (is_person && !subject.is_empty()).then_some(subject)
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn persons_in_the_data_are_named_by_commitments_and_machines_are_not() {
        let human = |subject: &str| json!({"kind": "ACTOR_KIND_HUMAN", "subject": subject, "role": "manager"});
        let mut data = json!({
            "signatory": human("claire"),
            "controllers": [human("paul"), {"kind": "ACTOR_KIND_SERVICE", "subject": "controls"}],
            "subject": "claire",
        });
        let mut found = BTreeSet::new();
        subjects(&data, &mut found);
        assert_eq!(
            found,
            BTreeSet::from(["claire".to_owned(), "paul".to_owned()])
        );

        let commitment = format!("{PREFIX}{}", "a".repeat(64));
        let known = HashMap::from([("claire".to_owned(), commitment.clone())]);
        conceal(&mut data, &known);
        assert_eq!(data["signatory"]["subject"], commitment);
        assert_eq!(data["controllers"][0]["subject"], "paul");
        assert_eq!(data["controllers"][1]["subject"], "controls");
        assert_eq!(
            data["subject"], "claire",
            "a field of that name is no actor"
        );
        let bytes = serde_json::to_vec(&data).unwrap();
        assert_eq!(commitments(&bytes), BTreeSet::from([commitment.as_str()]));
    }

    #[test]
    fn what_only_begins_like_a_commitment_is_none() {
        assert!(commitments(br#"{"a":"person:12","b":"person:"#).is_empty());
    }
}
