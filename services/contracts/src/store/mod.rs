//! All SQL of the service. Rows become values of the domain here and nowhere else; a row that the domain
//! could not have written is an error, not a guess.

/// The step of a person whose columns begin with `$who`; its own parameters begin with `$7`.
macro_rules! step {
    ($table:literal, $who:literal, $columns:literal) => {
        concat!(
            "update ",
            $table,
            " set version = $2, updated_at = $3, ",
            $who,
            " = $4, ",
            $who,
            "_kind = $5, ",
            $who,
            "_role = $6, ",
            $columns,
            " where id = $1"
        )
    };
}

pub mod amendment;
mod amendment_list;
mod amendment_rows;
mod attachment;
pub mod consent;
pub mod contract;
mod contract_rows;
mod contract_update;
mod contract_writes;
pub mod deadline;
pub mod document_names;
pub mod edition;
pub mod evaluation;
pub mod evidence;
mod found;
pub mod kept_file;
pub mod mandate;
pub mod meeting;
mod member;
pub mod notice;
pub mod perimeter;
pub mod position;
pub mod procedure;
pub mod procedure_defence;
mod procedure_rows;
mod procedure_writes;
pub mod programming;
pub mod programming_days;
mod programming_rows;
pub mod published;
pub mod regime;
pub mod renewal;
pub mod review;
mod review_rows;
mod review_writes;
pub mod step;
pub mod task;
pub mod template;
pub mod withdrawal;

use std::{fmt::Display, str::FromStr};

use kernel::{Actor, ActorKind, HumanActor, Reasons};
use sqlx::{AssertSqlSafe, PgConnection, postgres::PgRow};
use store::Error;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::domain::{Side, delivery::Channel, review::Severity};

/// Who may see what, for a query.
#[derive(Debug, Clone)]
pub enum Scope {
    /// Codes of regions; none for all.
    Regions(Option<Vec<String>>),
    /// Legal entities a director acts for.
    LegalEntities(Vec<String>),
    /// Codes of the départements whose council a person acts for.
    Departments(Vec<String>),
}

impl Scope {
    /// A council sees nothing by its region: a list that does not look at [`Self::departments`] shows it nothing.
    fn regions(&self) -> Option<&[String]> {
        match self {
            Self::Regions(regions) => regions.as_deref(),
            Self::LegalEntities(_) => None,
            Self::Departments(_) => Some(&[]),
        }
    }

    fn legal_entities(&self) -> Option<&[String]> {
        match self {
            Self::Regions(_) | Self::Departments(_) => None,
            Self::LegalEntities(entities) => Some(entities),
        }
    }

    fn departments(&self) -> Option<&[String]> {
        match self {
            Self::Regions(_) | Self::LegalEntities(_) => None,
            Self::Departments(departments) => Some(departments),
        }
    }
}

/// The place in a list after which a page begins.
pub type After = Option<(OffsetDateTime, Uuid)>;

/// At most `limit` rows after an identifier, in the order of identifiers; `select` reads `table`.
async fn rows_after(
    connection: &mut PgConnection,
    (select, table): (&str, &str),
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<PgRow>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{select} where ($1::uuid is null or {table}.id > $1) order by {table}.id limit $2"
    )))
    .bind(after)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

fn channel(text: &str) -> Result<Channel, Error> {
    match text {
        "PORTAL" => Ok(Channel::Portal),
        "REGISTERED_LETTER" => Ok(Channel::RegisteredLetter),
        "BY_HAND" => Ok(Channel::ByHand),
        other => Err(unexpected("channel", other)),
    }
}

fn severity(text: &str) -> Result<Severity, Error> {
    match text {
        "INFO" => Ok(Severity::Info),
        "MINOR" => Ok(Severity::Minor),
        "MAJOR" => Ok(Severity::Major),
        "GRAVE" => Ok(Severity::Grave),
        other => Err(unexpected("severity", other)),
    }
}

/// A stored text that must parse.
fn parsed<T: FromStr>(what: &str, text: &str) -> Result<T, Error>
where
    T::Err: Display,
{
    text.parse()
        .map_err(|error| Error::Inconsistent(format!("{what} {text:?}: {error}")))
}

fn unexpected(what: &str, text: &str) -> Error {
    Error::Inconsistent(format!("{what} {text:?}"))
}

fn present<T>(what: &str, value: Option<T>) -> Result<T, Error> {
    value.ok_or_else(|| Error::Inconsistent(format!("{what} is missing")))
}

fn reasons(text: String) -> Result<Reasons, Error> {
    text.try_into()
        .map_err(|error| Error::Inconsistent(format!("reasons: {error}")))
}

/// A person whose act is on record. The `kind` columns are checked by the database to be `human`.
fn person(subject: String, kind: &str, role: String) -> Result<HumanActor, Error> {
    let kind = if kind == ActorKind::Human.as_str() {
        ActorKind::Human
    } else {
        ActorKind::Service
    };
    present(
        "a person",
        Actor {
            subject,
            kind,
            role,
        }
        .as_human(),
    )
}

fn side(text: &str) -> Result<Side, Error> {
    Side::from_text(text).ok_or_else(|| unexpected("side", text))
}

fn day_after(day: Date) -> Date {
    day.next_day().unwrap_or(day)
}
