//! Dated rules of law and of the region.

use kernel::Region;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::{Date, Month};

use super::{present, unexpected};
use crate::domain::{
    LegalRegime,
    regime::{AnnualRule, ExtensionRule, RegimeKind, RenewalRule},
};

const SELECT: &str = "
    select
        code,
        max_objectives,
        max_months,
        valid_from,
        valid_to,
        source,
        kind,
        title,
        mandatory,
        departmental_councils,
        mid_term_months,
        annual_month,
        annual_day,
        renewal_notice_months,
        renewal_answer_months,
        extension_months,
        max_extensions,
        max_total_months,
        extension_notice_months
    from legal_regime
    ";

fn regime(row: &PgRow) -> Result<LegalRegime, Error> {
    let limit = |column: &str| {
        row.get::<Option<i32>, _>(column)
            .map(|value| u32::try_from(value).map_err(|_| unexpected(column, "below zero")))
            .transpose()
    };
    let months = |column: &str| present(column, limit(column)?);
    let annual = match limit("annual_month")? {
        Some(month) => {
            let month = u8::try_from(month)
                .ok()
                .and_then(|m| Month::try_from(m).ok());
            let day = u8::try_from(months("annual_day")?).ok();
            Some(AnnualRule {
                month: present("annual_month", month)?,
                day: present("annual_day", day)?,
            })
        }
        None => None,
    };
    let renewal = match limit("renewal_notice_months")? {
        Some(notice_months) => Some(RenewalRule {
            notice_months,
            answer_months: months("renewal_answer_months")?,
        }),
        None => None,
    };
    let extension = match limit("extension_months")? {
        Some(extension_months) => Some(ExtensionRule {
            months: extension_months,
            times: months("max_extensions")?,
            total_months: months("max_total_months")?,
            notice_months: months("extension_notice_months")?,
        }),
        None => None,
    };
    Ok(LegalRegime {
        code: row.get("code"),
        max_objectives: limit("max_objectives")?,
        max_months: months("max_months")?,
        valid_from: row.get("valid_from"),
        valid_to: row.get("valid_to"),
        source: row.get("source"),
        kind: kind(row.get("kind"))?,
        title: row.get("title"),
        mandatory: row.get("mandatory"),
        departmental_councils: row.get("departmental_councils"),
        mid_term_months: limit("mid_term_months")?,
        annual,
        renewal,
        extension,
    })
}

pub(super) fn kind(text: &str) -> Result<RegimeKind, Error> {
    Ok(match text {
        "HOSPITAL" => RegimeKind::Hospital,
        "EHPAD" => RegimeKind::Ehpad,
        "DISABILITY" => RegimeKind::Disability,
        "OPTIONAL" => RegimeKind::Optional,
        other => return Err(unexpected("kind of a regime", other)),
    })
}

/// The regime of a kind under which a contract is drafted on a day; none before the first.
pub async fn on(
    connection: &mut PgConnection,
    kind: RegimeKind,
    day: Date,
) -> Result<Option<LegalRegime>, Error> {
    let row = sqlx::query(AssertSqlSafe(format!(
        "{SELECT} where kind = $2 and daterange(valid_from, valid_to, '[]') @> $1"
    )))
    .bind(day)
    .bind(kind.as_str())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(regime).transpose()
}

/// All regimes, oldest first. There are few, and a list of contracts needs several.
pub async fn all(connection: &mut PgConnection) -> Result<Vec<LegalRegime>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!("{SELECT} order by valid_from, code")))
        .fetch_all(connection)
        .await?;
    rows.iter().map(regime).collect()
}

/// An axis of a regime.
#[derive(Debug, Clone)]
pub struct Axis {
    pub regime: String,
    pub code: String,
    pub title: String,
}

/// A body usually consulted under a regime.
#[derive(Debug, Clone)]
pub struct OpinionTemplate {
    pub regime: String,
    pub sector: String,
    pub body: String,
    pub nature: String,
    pub source: String,
}

/// The axes of all regimes, in their order.
pub async fn axes(connection: &mut PgConnection) -> Result<Vec<Axis>, Error> {
    let rows = sqlx::query(
        "select
             regime,
             code,
             title
         from regime_axis
         order by regime, position",
    )
    .fetch_all(connection)
    .await?;
    let axis = |row: PgRow| Axis {
        regime: row.get("regime"),
        code: row.get("code"),
        title: row.get("title"),
    };
    Ok(rows.into_iter().map(axis).collect())
}

/// The checklists of all regimes, by sector.
pub async fn opinions(connection: &mut PgConnection) -> Result<Vec<OpinionTemplate>, Error> {
    let rows = sqlx::query(
        "select
             regime,
             sector,
             body,
             nature,
             source
         from regime_opinion
         order by regime, sector, body",
    )
    .fetch_all(connection)
    .await?;
    let template = |row: PgRow| OpinionTemplate {
        regime: row.get("regime"),
        sector: row.get("sector"),
        body: row.get("body"),
        nature: row.get("nature"),
        source: row.get("source"),
    };
    Ok(rows.into_iter().map(template).collect())
}

/// The regime that a contract keeps.
pub async fn of_code(connection: &mut PgConnection, code: &str) -> Result<LegalRegime, Error> {
    let row = sqlx::query(AssertSqlSafe(format!("{SELECT} where code = $1")))
        .bind(code)
        .fetch_optional(connection)
        .await?;
    let regime = row.as_ref().map(regime).transpose()?;
    regime.ok_or_else(|| unexpected("legal regime", code))
}

/// How many months an establishment has to answer a review that is notified on a day.
pub async fn response_months(
    connection: &mut PgConnection,
    region: Region,
    day: Date,
) -> Result<u32, Error> {
    let months: i32 = sqlx::query(
        "select response_months
         from review_parameter
         where region in ($1, '*') and valid_from <= $2
         order by region = '*', valid_from desc
         limit 1",
    )
    .bind(region.code())
    .bind(day)
    .fetch_one(connection)
    .await?
    .get("response_months");
    u32::try_from(months).map_err(|_| Error::Inconsistent(format!("response months: {months}")))
}
