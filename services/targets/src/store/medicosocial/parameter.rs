//! Tables `modulation_parameter`, `equation_parameter` and `home_care_parameter`.

use sqlx::{PgPool, Row as _, postgres::PgRow};
use store::Error;

use crate::{
    domain::medicosocial::{
        CapacityKind, EquationParameter, HomeCareParameter, Parameter, Section,
    },
    store::unknown,
};

/// The rules of a year, or all of them; by section, then year, then convergence.
pub(crate) async fn list(pool: &PgPool, year: Option<i16>) -> Result<Vec<Parameter>, Error> {
    let rows = sqlx::query(
        "select
             section,
             first_year,
             last_year,
             convergence_from,
             convergence_below,
             threshold,
             slope,
             upward,
             neutralised,
             source
         from modulation_parameter
         where $1::smallint is null or (first_year <= $1 and (last_year is null or $1 <= last_year))
         order by section, first_year, convergence_from",
    )
    .bind(year)
    .fetch_all(pool)
    .await?;
    rows.iter().map(read).collect()
}

/// The weight of the PMP in a year.
pub(crate) async fn of_equation(
    pool: &PgPool,
    year: i16,
) -> Result<Option<EquationParameter>, Error> {
    let row = sqlx::query(
        "select first_year, last_year, pmp_coefficient, source
         from equation_parameter
         where first_year <= $1 and (last_year is null or $1 <= last_year)
         order by first_year desc
         limit 1",
    )
    .bind(year)
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| EquationParameter {
        first_year: row.get("first_year"),
        last_year: row.get("last_year"),
        pmp_coefficient: row.get("pmp_coefficient"),
        source: row.get("source"),
    }))
}

/// What the equation of care at home counts in a year.
pub(crate) async fn of_home_care(
    pool: &PgPool,
    year: i16,
) -> Result<Option<HomeCareParameter>, Error> {
    let row = sqlx::query(
        "select first_year, last_year, places, overseas_percent, source
         from home_care_parameter
         where first_year <= $1 and (last_year is null or $1 <= last_year)
         order by first_year desc
         limit 1",
    )
    .bind(year)
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        let places: &str = row.get("places");
        Ok(HomeCareParameter {
            first_year: row.get("first_year"),
            last_year: row.get("last_year"),
            places: CapacityKind::from_text(places)
                .ok_or_else(|| unknown("kind of places", places))?,
            overseas_percent: row.get("overseas_percent"),
            source: row.get("source"),
        })
    })
    .transpose()
}

fn read(row: &PgRow) -> Result<Parameter, Error> {
    let section: &str = row.get("section");
    Ok(Parameter {
        section: Section::from_text(section).ok_or_else(|| unknown("section", section))?,
        first_year: row.get("first_year"),
        last_year: row.get("last_year"),
        convergence_from: row.get("convergence_from"),
        convergence_below: row.get("convergence_below"),
        threshold: row.get("threshold"),
        slope: row.get("slope"),
        upward: row.get("upward"),
        neutralised: row.get("neutralised"),
        source: row.get("source"),
    })
}
