//! E-mails: who wants them, what is to be sent, and what was.

use kernel::new_id;
use sqlx::{PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use super::deadline::{Listed, listed};
use super::unexpected;
use crate::domain::{ContractId, deadline::Kind};

/// What an e-mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub subject: String,
    pub body: String,
}

/// An e-mail to be sent, once for its key.
#[derive(Debug, Clone)]
pub struct Letter {
    pub key: String,
    pub recipient: String,
    pub content: Content,
}

/// Queues e-mails. Those whose key is known were queued before, here or by another process.
pub async fn enqueue(
    connection: &mut PgConnection,
    letters: Vec<Letter>,
    at: OffsetDateTime,
) -> Result<u64, Error> {
    if letters.is_empty() {
        return Ok(0);
    }
    let ids: Vec<Uuid> = letters.iter().map(|_| new_id()).collect();
    let (mut keys, mut recipients) = (Vec::new(), Vec::new());
    let (mut subjects, mut bodies) = (Vec::new(), Vec::new());
    for letter in letters {
        keys.push(letter.key);
        recipients.push(letter.recipient);
        subjects.push(letter.content.subject);
        bodies.push(letter.content.body);
    }
    let queued = sqlx::query(
        "insert into notice (
             id,
             key,
             recipient,
             subject,
             body,
             created_at,
             next_attempt
         )
         select id, key, recipient, subject, body, $6, $6
         from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
             as letter (id, key, recipient, subject, body)
         on conflict on constraint notice_key_key do nothing",
    )
    .bind(ids)
    .bind(keys)
    .bind(recipients)
    .bind(subjects)
    .bind(bodies)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(queued.rows_affected())
}

/// An e-mail that is being sent.
#[derive(Debug, Clone)]
pub struct Queued {
    /// Also its `Message-ID`, so that a mail server recognises one that is sent again after a crash.
    pub id: Uuid,
    pub recipient: String,
    pub content: Content,
    pub attempts: i32,
}

/// The next e-mail to send, kept from other processes until the unit of work ends.
pub async fn lock_next(
    connection: &mut PgConnection,
    now: OffsetDateTime,
) -> Result<Option<Queued>, Error> {
    let row = sqlx::query(
        "select id, recipient, subject, body, attempts
         from notice
         where sent_at is null and next_attempt <= $1
         order by next_attempt, id
         limit 1
         for update skip locked",
    )
    .bind(now)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Queued {
        id: row.get("id"),
        recipient: row.get("recipient"),
        content: Content {
            subject: row.get("subject"),
            body: row.get("body"),
        },
        attempts: row.get("attempts"),
    }))
}

/// Notes that an e-mail was sent.
pub async fn sent(
    connection: &mut PgConnection,
    id: Uuid,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "update notice set sent_at = $2, attempts = attempts + 1, last_error = null where id = $1",
    )
    .bind(id)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that an e-mail could not be sent, and when to try again.
pub async fn failed(
    connection: &mut PgConnection,
    id: Uuid,
    error: &str,
    next_attempt: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "update notice set attempts = attempts + 1, last_error = $2, next_attempt = $3 where id = $1",
    )
    .bind(id)
    .bind(error)
    .bind(next_attempt)
    .execute(connection)
    .await?;
    Ok(())
}

/// How often somebody is reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    Never,
    /// One e-mail for each reminder of each deadline.
    Each,
    /// One e-mail a day.
    Daily,
}

impl Frequency {
    fn as_str(self) -> &'static str {
        match self {
            Self::Never => "NEVER",
            Self::Each => "EACH",
            Self::Daily => "DAILY",
        }
    }
}

/// How somebody is reminded, with the rights of their token on the day they confirmed.
#[derive(Debug, Clone)]
pub struct Preference {
    pub subject: String,
    pub version: i64,
    pub email: String,
    pub frequency: Frequency,
    pub roles: Vec<String>,
    /// None for every region.
    pub regions: Option<Vec<String>>,
    /// Legal entities that a director acts for.
    pub entities: Vec<String>,
    /// Départements for whose council a president or an officer acts.
    pub departments: Vec<String>,
    pub confirmed_on: Date,
    pub updated_at: OffsetDateTime,
}

/// How long a confirmation holds: a token is not asked again, and people leave.
pub const CONFIRMED_FOR: Duration = Duration::days(365);

/// What a preference is read from.
macro_rules! columns {
    () => {
        "subject, version, email, frequency, roles, regions, entities, departments, \
         confirmed_on, updated_at"
    };
}

fn preference(row: &PgRow) -> Result<Preference, Error> {
    let frequency = match row.get("frequency") {
        "NEVER" => Frequency::Never,
        "EACH" => Frequency::Each,
        "DAILY" => Frequency::Daily,
        other => return Err(unexpected("frequency", other)),
    };
    Ok(Preference {
        subject: row.get("subject"),
        version: row.get("version"),
        email: row.get("email"),
        frequency,
        roles: row.get("roles"),
        regions: row.get("regions"),
        entities: row.get("entities"),
        departments: row.get("departments"),
        confirmed_on: row.get("confirmed_on"),
        updated_at: row.get("updated_at"),
    })
}

/// How one person is reminded, if they ever said.
pub async fn preference_of(
    connection: &mut PgConnection,
    subject: &str,
) -> Result<Option<Preference>, Error> {
    let row = sqlx::query(concat!(
        "select ",
        columns!(),
        " from notice_preference
         where subject = $1",
    ))
    .bind(subject)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(preference).transpose()
}

/// Writes how one person is reminded. False when they said otherwise meanwhile.
pub async fn save_preference(
    connection: &mut PgConnection,
    preference: &Preference,
) -> Result<bool, Error> {
    let written = sqlx::query(concat!(
        "insert into notice_preference (",
        columns!(),
        ")
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict on constraint notice_preference_pkey do update set
             version = excluded.version,
             email = excluded.email,
             frequency = excluded.frequency,
             roles = excluded.roles,
             regions = excluded.regions,
             entities = excluded.entities,
             departments = excluded.departments,
             confirmed_on = excluded.confirmed_on,
             updated_at = excluded.updated_at
         where notice_preference.version = excluded.version - 1",
    ))
    .bind(&preference.subject)
    .bind(preference.version)
    .bind(&preference.email)
    .bind(preference.frequency.as_str())
    .bind(&preference.roles)
    .bind(&preference.regions)
    .bind(&preference.entities)
    .bind(&preference.departments)
    .bind(preference.confirmed_on)
    .bind(preference.updated_at)
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// A page of those who want to be reminded and confirmed it within the year, in the order of their subjects.
pub async fn wanting(
    connection: &mut PgConnection,
    after: &str,
    today: Date,
    limit: i64,
) -> Result<Vec<Preference>, Error> {
    let rows = sqlx::query(concat!(
        "select ",
        columns!(),
        " from notice_preference
         where subject > $1 and frequency <> 'NEVER' and confirmed_on > $2
         order by subject
         limit $3",
    ))
    .bind(after)
    .bind(today.saturating_sub(CONFIRMED_FOR))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(preference).collect()
}

/// What is due for somebody until a day, the nearest last day first, at most `limit`. A council hears of what it has a part
/// in: of the contracts it signs, and of the programmings it decides.
pub async fn due_for(
    connection: &mut PgConnection,
    preference: &Preference,
    until: Date,
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    let kinds: Vec<&str> = Kind::OF_COUNCILS.map(|kind| kind.meaning().code).to_vec();
    let rows = sqlx::query(
        "select
             deadline.subject,
             deadline.contract_id,
             contract.number,
             deadline.region,
             deadline.kind,
             deadline.rank,
             deadline.due
         from deadline
         left join contract on contract.id = deadline.contract_id
         where deadline.due <= $1
             and (
                 (
                     deadline.role = any($2)
                     and (
                         (deadline.side = 'ARS' and ($3::text[] is null or deadline.region = any($3)))
                         or (deadline.side = 'ESTABLISHMENT' and exists (
                             select from contract_party as party
                             where party.contract_id = deadline.contract_id and party.legal_entity = any($4)
                         ))
                     )
                 )
                 or (
                     deadline.kind = any($7)
                     and (
                         exists (
                             select from contract_council as council
                             where council.contract_id = deadline.contract_id and council.department = any($6)
                         )
                         or exists (
                             select from programming
                             where 'programmings/' || programming.id = deadline.subject
                                 and programming.councils && $6
                         )
                     )
                 )
             )
         order by deadline.due desc, deadline.subject, deadline.kind, deadline.rank
         limit $5",
    )
    .bind(until)
    .bind(&preference.roles)
    .bind(&preference.regions)
    .bind(&preference.entities)
    .bind(limit)
    .bind(&preference.departments)
    .bind(kinds)
    .fetch_all(connection)
    .await?;
    rows.iter().map(listed).collect()
}

/// The reminders in force on a day, as days before the last day.
pub async fn steps(connection: &mut PgConnection, today: Date) -> Result<Vec<i32>, Error> {
    let rows = sqlx::query("select distinct days_before from reminder_step where valid_from <= $1")
        .bind(today)
        .fetch_all(connection)
        .await?;
    Ok(rows.iter().map(|row| row.get("days_before")).collect())
}

/// The number of a contract, for people.
pub async fn contract_number(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<Option<String>, Error> {
    let row = sqlx::query("select number from contract where id = $1")
        .bind(contract.0)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| row.get("number")))
}

/// Whether the list of deadlines was built with these rules.
pub async fn is_built(connection: &mut PgConnection, rules: i32) -> Result<bool, Error> {
    let row = sqlx::query("select from deadline_build where rules = $1")
        .bind(rules)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Notes that the list of deadlines is built with these rules.
pub async fn built(
    connection: &mut PgConnection,
    rules: i32,
    at: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "insert into deadline_build (rules, built_at) values ($1, $2) on conflict do nothing",
    )
    .bind(rules)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}
