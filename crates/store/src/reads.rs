//! What auditors read, and what they were refused.

use std::collections::BTreeSet;

use kernel::{Actor, ActorKind};
use sqlx::{PgConnection, PgPool, QueryBuilder};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{By, Db, Error, log, person};

/// A call of an auditor, before it is recorded.
#[derive(Debug, Clone)]
pub struct Read {
    pub id: Uuid,
    pub actor: Actor,
    /// Empty when the token names none.
    pub mission: String,
    /// Fully qualified method.
    pub method: String,
    /// The request as text. Persons whom it names are recorded by their commitments.
    pub request: String,
    pub at: OffsetDateTime,
    /// Name of the gRPC code of the answer.
    pub outcome: String,
}

/// A call as it was recorded.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Recorded {
    /// Place in the order of recording.
    pub seq: i64,
    pub id: Uuid,
    /// The identifier, or the commitment once it was erased.
    pub actor: String,
    pub actor_kind: String,
    pub actor_role: String,
    pub mission: String,
    pub method: String,
    pub request: String,
    pub read_at: OffsetDateTime,
    pub outcome: String,
}

/// Which calls. None does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub actor: Option<String>,
    pub mission: Option<String>,
    pub outcome: Option<String>,
    /// From this instant.
    pub start: Option<OffsetDateTime>,
    /// Before this instant.
    pub end: Option<OffsetDateTime>,
}

/// Records a call.
pub async fn record(db: &Db, read: &Read) -> Result<(), Error> {
    let by = By {
        actor: read.actor.clone(),
        request_id: None,
        traceparent: None,
        at: read.at,
    };
    let mut unit = db.unit(by).await?;
    let subject = &read.actor.subject;
    let actor = if read.actor.kind == ActorKind::Human {
        person::commit(unit.connection(), subject, read.at).await?
    } else {
        subject.clone()
    };
    let request = concealed(unit.connection(), &read.request).await?;
    sqlx::query(
        "insert into audit_read (id, actor, actor_kind, actor_role, mission, method, request, read_at, outcome)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(read.id)
    .bind(actor)
    .bind(read.actor.kind.as_str())
    .bind(&read.actor.role)
    .bind(&read.mission)
    .bind(&read.method)
    .bind(request)
    .bind(read.at)
    .bind(&read.outcome)
    .execute(unit.connection())
    .await?;
    unit.done().await
}

/// At most `limit` calls after the place `after`, in the order of recording. As many as that come when nothing can appear
/// before them any more, so that whoever goes on behind one of them passes nothing: places are taken before they are
/// committed.
///
/// # Errors
///
/// [`Error::Busy`] when what was being recorded did not come to an end.
pub async fn list(
    pool: &PgPool,
    filter: &Filter,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Recorded>, Error> {
    let mut reads = seen(pool, filter, after, limit).await?;
    if i64::try_from(reads.len()).is_ok_and(|found| found >= limit) {
        let has_ended = {
            let mut connection = pool.acquire().await?;
            log::writers_have_ended(&mut connection, "audit_read").await?
        };
        if !has_ended {
            let cause = "calls that are being recorded take too long".to_owned();
            return Err(Error::Busy(sqlx::Error::Protocol(cause)));
        }
        reads = seen(pool, filter, after, limit).await?;
    }
    reveal(pool, &mut reads).await?;
    Ok(reads)
}

/// What is committed of them, persons as they are recorded in requests.
async fn seen(
    pool: &PgPool,
    filter: &Filter,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Recorded>, Error> {
    let mut query = QueryBuilder::new(
        "select read.seq, read.id, coalesce(person.subject, read.actor) as actor, read.actor_kind,
             read.actor_role, read.mission, read.method, read.request, read.read_at, read.outcome
         from audit_read as read
         left join person on person.commitment = read.actor
         where read.seq > ",
    );
    query.push_bind(after.unwrap_or_default());
    if let Some(actor) = &filter.actor {
        query
            .push(" and read.actor in (")
            .push_bind(actor.clone())
            .push(", ");
        person::push_asked(&mut query, actor);
        query.push(")");
    }
    for (clause, value) in [
        (" and read.mission = ", &filter.mission),
        (" and read.outcome = ", &filter.outcome),
    ] {
        if let Some(value) = value {
            query.push(clause).push_bind(value.clone());
        }
    }
    if let Some(start) = filter.start {
        query.push(" and read.read_at >= ").push_bind(start);
    }
    if let Some(end) = filter.end {
        query.push(" and read.read_at < ").push_bind(end);
    }
    query.push(" order by read.seq limit ").push_bind(limit);
    Ok(query.build_query_as().fetch_all(pool).await?)
}

/// A request with commitments in the place of the identifiers of persons who are known here.
async fn concealed(connection: &mut PgConnection, request: &str) -> Result<String, Error> {
    // The longest first: one identifier may stand in another.
    let known: Vec<(String, String)> = sqlx::query_as(
        "select subject, commitment
         from person
         where subject <> '' and position(subject in $1) > 0
         order by length(subject) desc",
    )
    .bind(request)
    .fetch_all(connection)
    .await?;
    let mut concealed = request.to_owned();
    for (subject, commitment) in &known {
        concealed = replace_words(&concealed, subject, commitment);
    }
    Ok(concealed)
}

/// Names in requests the persons who were not erased.
async fn reveal(pool: &PgPool, reads: &mut [Recorded]) -> Result<(), Error> {
    let known = {
        let texts = reads.iter().map(|read| read.request.as_str());
        let asked: BTreeSet<&str> = texts.flat_map(commitments).collect();
        person::named(pool, &asked).await?
    };
    for read in reads {
        for person in known.values() {
            if read.request.contains(&person.commitment) {
                read.request = read.request.replace(&person.commitment, &person.subject);
            }
        }
    }
    Ok(())
}

/// Replaces a word where it stands by itself.
fn replace_words(text: &str, word: &str, by: &str) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || "-_@.:/".contains(letter);
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(word) {
        replaced.push_str(before);
        let follows = replaced.chars().next_back().is_some_and(is_part);
        let goes_on = after.chars().next().is_some_and(is_part);
        replaced.push_str(if follows || goes_on { word } else { by });
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

/// The commitments in a text.
fn commitments(text: &str) -> impl Iterator<Item = &str> {
    const HEX: usize = 64;
    text.match_indices(person::PREFIX)
        .filter_map(move |(place, _)| {
            let begin = place + person::PREFIX.len();
            let digits = text.get(begin..begin + HEX)?;
            let is_hash = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            is_hash.then(|| &text[place..begin + HEX])
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_replaced_where_a_request_names_them_and_nowhere_else() {
        let request = r#"actor: "claire-1", filter: "actor = \"claire-1\" AND root = claire-12", of: x-claire-1"#;
        assert_eq!(
            replace_words(request, "claire-1", "person:0"),
            r#"actor: "person:0", filter: "actor = \"person:0\" AND root = claire-12", of: x-claire-1"#
        );
        assert_eq!(
            replace_words("claire claire", "claire", "person:0"),
            "person:0 person:0"
        );
    }

    #[test]
    fn commitments_are_found_wherever_they_stand() {
        let commitment = format!("{}{}", person::PREFIX, "a1".repeat(32));
        let text =
            format!(r#"actor: "{commitment}", filter: "actor = \"{commitment}\"", person:12"#);
        let found: Vec<&str> = commitments(&text).collect();
        assert_eq!(found, [commitment.as_str(); 2]);
    }
}
