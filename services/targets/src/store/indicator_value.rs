//! Values as they were received: written by `COPY`, never changed.

use kernel::{Decimal, Finess, Period};
use sqlx::{PgConnection, PgPool, Row as _, postgres::PgRow};
use store::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    copy_format::{self, MASKED, MISSING, VALUE, Writer},
    stored, unknown,
};
use crate::domain::{Accepted, Catalogue, Content, Received, SubmissionId};

/// Sent to Postgres each time this much is written.
const CHUNK_BYTES: usize = 64 * 1024;

/// The values of one batch.
pub(crate) struct Values<'a> {
    pub(crate) sequence: i64,
    pub(crate) rows: &'a [Accepted],
}

/// Lets several submissions write at the same time, and [`wait_for_writers`] wait for all of them. Instants
/// of reception are taken after this, so none is older than a moment that a reader has waited for.
pub(crate) async fn announce_writer(connection: &mut PgConnection) -> Result<(), Error> {
    sqlx::query("select pg_advisory_xact_lock_shared(hashtext('cpom-indicator-value'))")
        .execute(connection)
        .await?;
    Ok(())
}

/// Returns once every value received before this moment is either visible or given up.
pub(crate) async fn wait_for_writers(pool: &PgPool) -> Result<(), Error> {
    sqlx::query("select pg_advisory_xact_lock(hashtext('cpom-indicator-value'))")
        .execute(pool)
        .await?;
    Ok(())
}

/// Writes the values of several batches of a submission. While Postgres takes in one piece, the next is
/// written.
pub(crate) async fn copy_in(
    connection: &mut PgConnection,
    catalogue: &Catalogue,
    submission: SubmissionId,
    received_at: OffsetDateTime,
    batches: &[Values<'_>],
) -> Result<(), Error> {
    let mut copy = connection.copy_in_raw(copy_format::STATEMENT).await?;
    let mut writer = Writer::new(catalogue, CHUNK_BYTES + 256);
    for batch in batches {
        writer.start_batch(received_at, submission, batch.sequence);
        for row in batch.rows {
            writer.write(row);
            if writer.written().len() >= CHUNK_BYTES {
                copy.send(writer.written()).await?;
                writer.clear();
            }
        }
    }
    writer.finish();
    copy.send(writer.written()).await?;
    copy.finish().await?;
    Ok(())
}

/// The current values of these subjects and indicators for a year, each subject's and indicator's in the
/// order of the periods, the whole year first. One index probe for each period, however often a value was
/// superseded.
pub(crate) async fn current_of_year(
    pool: &PgPool,
    asked: &[(Finess, String)],
    year: i16,
    received_before: Option<OffsetDateTime>,
) -> Result<Vec<Received>, Error> {
    let (subjects, indicators): (Vec<&str>, Vec<&str>) = asked
        .iter()
        .map(|(subject, indicator)| (subject.as_str(), indicator.as_str()))
        .unzip();
    let rows = sqlx::query(
        "select
             latest.subject,
             latest.indicator,
             latest.year,
             latest.month,
             latest.kind,
             latest.value,
             latest.submission,
             latest.sequence,
             latest.received_at
         from unnest($1::text[], $2::text[]) as asked (subject, indicator)
         cross join generate_series(0, 12) as period (month)
         cross join lateral (
             select
                 subject,
                 indicator,
                 year,
                 month,
                 kind,
                 value,
                 submission,
                 sequence,
                 received_at
             from indicator_value
             where
                 indicator_value.subject = asked.subject
                 and indicator_value.indicator = asked.indicator
                 and indicator_value.year = $3
                 and indicator_value.month = period.month::smallint
                 and ($4::timestamptz is null or indicator_value.received_at <= $4)
             order by received_at desc, submission desc, sequence desc, position desc
             limit 1
         ) as latest
         order by latest.subject, latest.indicator, latest.month",
    )
    .bind(subjects)
    .bind(indicators)
    .bind(year)
    .bind(received_before)
    .fetch_all(pool)
    .await?;
    rows.iter().map(read).collect()
}

/// Which values to list. What is none does not restrict.
pub(crate) struct Filter<'a> {
    pub(crate) subject: Finess,
    pub(crate) indicator: Option<&'a str>,
    pub(crate) year: Option<i16>,
    pub(crate) include_superseded: bool,
    pub(crate) after: Option<Place>,
}

/// The place of a value in a list: by indicator and period, then from the oldest to the latest received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) indicator: String,
    pub(crate) year: i16,
    pub(crate) month: i16,
    pub(crate) received_at: OffsetDateTime,
    pub(crate) submission: Uuid,
    pub(crate) sequence: i64,
    pub(crate) position: i16,
}

/// A value and its place in the list.
pub(crate) struct Listed {
    pub(crate) value: Received,
    pub(crate) place: Place,
}

/// Lists the values of one subject.
pub(crate) async fn list(
    pool: &PgPool,
    filter: &Filter<'_>,
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    let after = filter.after.as_ref();
    let rows = sqlx::query(
        "select
             subject,
             indicator,
             year,
             month,
             kind,
             value,
             submission,
             sequence,
             position,
             received_at
         from (
             select
                 subject,
                 indicator,
                 year,
                 month,
                 kind,
                 value,
                 submission,
                 sequence,
                 position,
                 received_at,
                 row_number() over (
                     partition by indicator, year, month
                     order by received_at desc, submission desc, sequence desc, position desc
                 ) as age
             from indicator_value
             where
                 subject = $1
                 and ($2::text is null or indicator = $2)
                 and ($3::smallint is null or year = $3)
         ) as received
         where
             (age = 1 or $4)
             and (
                 $5::text is null
                 or (indicator, year, month, received_at, submission, sequence, position)
                     > ($5, $6, $7, $8, $9, $10, $11)
             )
         order by indicator, year, month, received_at, submission, sequence, position
         limit $12",
    )
    .bind(filter.subject.as_str())
    .bind(filter.indicator)
    .bind(filter.year)
    .bind(filter.include_superseded)
    .bind(after.map(|place| place.indicator.as_str()))
    .bind(after.map(|place| place.year))
    .bind(after.map(|place| place.month))
    .bind(after.map(|place| place.received_at))
    .bind(after.map(|place| place.submission))
    .bind(after.map(|place| place.sequence))
    .bind(after.map(|place| place.position))
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let place = Place {
                indicator: row.get("indicator"),
                year: row.get("year"),
                month: row.get("month"),
                received_at: row.get("received_at"),
                submission: row.get("submission"),
                sequence: row.get("sequence"),
                position: row.get("position"),
            };
            Ok(Listed {
                value: read(row)?,
                place,
            })
        })
        .collect()
}

fn read(row: &PgRow) -> Result<Received, Error> {
    let year: i16 = row.get("year");
    let month: i16 = row.get("month");
    let period = u8::try_from(month)
        .ok()
        .and_then(|month| Period::month_of(year, month))
        .unwrap_or(Period::year_of(year));
    let content = match (
        row.get::<i16, _>("kind"),
        row.get::<Option<Decimal>, _>("value"),
    ) {
        (VALUE, Some(value)) => Content::Value(value),
        (MISSING, None) => Content::Missing,
        (MASKED, None) => Content::Masked,
        (kind, _) => return Err(unknown("kind of value", &kind.to_string())),
    };
    Ok(Received {
        subject: stored(row.get("subject"))?,
        indicator: row.get("indicator"),
        period,
        content,
        submission: SubmissionId(row.get("submission")),
        sequence: row.get("sequence"),
        received_at: row.get("received_at"),
    })
}
