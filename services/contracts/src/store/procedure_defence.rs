//! The consultation of the minister of defence (CSP L1435-3-1): which contracts it concerns, and what is recorded of it before a
//! termination.

use sqlx::{PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::Date;

use super::{
    attachment, present,
    procedure_rows::{author, why},
    procedure_writes::{Statement, by_person},
};
use crate::domain::{
    ContractId, Procedure,
    procedure::defence::{Answer, Consultation},
};

const CONSULT: &str = step!(
    "procedure",
    "defence_asked_by",
    "defence_asked_on = $7,
     defence_answer_by = $8,
     defence_letter = $9,
     defence_letter_files = $10"
);

const ANSWER: &str = step!(
    "procedure",
    "defence_answered_by",
    "defence_answered_on = $7,
     defence_answer = $8,
     defence_until = $9,
     defence_answer_files = $10"
);

/// The minister was consulted.
pub(super) fn consulted<'q>(after: &Procedure, asked: &'q Consultation) -> Statement<'q> {
    by_person(sqlx::query(CONSULT), after, &asked.by)
        .bind(asked.asked_on)
        .bind(asked.answer_by)
        .bind(&asked.letter)
        .bind(attachment::column(&asked.attachments))
}

/// The minister answered.
pub(super) fn answered<'q>(after: &Procedure, answer: &'q Answer) -> Statement<'q> {
    by_person(sqlx::query(ANSWER), after, &answer.by)
        .bind(answer.received_on)
        .bind(answer.text.as_str())
        .bind(answer.continuity_until)
        .bind(attachment::column(&answer.attachments))
}

/// The consultation of a row of a procedure; none while nobody consulted.
pub(super) fn of(row: &PgRow) -> Result<Option<Consultation>, Error> {
    let Some(asked_on) = row.get("defence_asked_on") else {
        return Ok(None);
    };
    Ok(Some(Consultation {
        asked_on,
        answer_by: present("defence_answer_by", row.get("defence_answer_by"))?,
        letter: present("defence_letter", row.get("defence_letter"))?,
        attachments: attachment::of_column(row, "defence_letter_files")?,
        by: author(row, "defence_asked_by")?,
        answer: answer(row)?,
    }))
}

fn answer(row: &PgRow) -> Result<Option<Answer>, Error> {
    let Some(received_on) = row.get("defence_answered_on") else {
        return Ok(None);
    };
    Ok(Some(Answer {
        received_on,
        text: why(row, "defence_answer")?,
        continuity_until: row.get("defence_until"),
        attachments: attachment::of_column(row, "defence_answer_files")?,
        by: author(row, "defence_answered_by")?,
    }))
}

/// Whether a contract bears on the health support of the armed forces: whether it covers, on that day, an establishment of
/// the armed forces health service.
pub async fn concerned(
    connection: &mut PgConnection,
    contract: ContractId,
    day: Date,
) -> Result<bool, Error> {
    let row = sqlx::query(
        "select from contract_site as site
         join establishment_copy as copy on copy.finess = site.establishment
         join defence_category as known on known.category = copy.category
         where site.contract_id = $1
             and site.period @> $2::date
             and known.valid_from <= $2
             and (known.valid_to is null or known.valid_to >= $2)
         limit 1",
    )
    .bind(contract.0)
    .bind(day)
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}
