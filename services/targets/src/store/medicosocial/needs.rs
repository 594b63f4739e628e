//! People of some ages by territory.

use sqlx::{PgPool, Row as _};
use store::Error;

/// A territory with its areas and the people of the ages who live there; none where an area has no figure.
pub(crate) struct Inhabitants {
    pub(crate) code: String,
    pub(crate) title: String,
    pub(crate) areas: Vec<String>,
    pub(crate) people: Option<i64>,
}

/// The people of some five-year classes, counted from 0 (0 to 4 years), in each territory of a version. Figures by
/// commune add up to départements; figures by département say nothing of communes.
pub(crate) async fn inhabitants(
    pool: &PgPool,
    version: &str,
    population: &str,
    (first_class, last_class): (i32, i32),
) -> Result<Vec<Inhabitants>, Error> {
    let rows = sqlx::query(
        "with figure as (
             select
                 population_area.area,
                 (
                     select coalesce(sum(people), 0)
                     from unnest(population_area.classes) with ordinality as class (people, place)
                     where (place - 1) % 20 between $3 and $4
                 )::bigint as people,
                 population.areas as areas
             from population_area
             join population on population.id = population_area.population
             where population_area.population = $2
         ),
         by_area as (
             select area, people from figure
             union all
             select
                 case when area like '97%' then left(area, 3) else left(area, 2) end,
                 sum(people)::bigint
             from figure
             where areas = 'commune'
             group by 1
         )
         select
             territory.code,
             territory.title,
             territory.areas,
             case
                 when count(by_area.people) = count(*) then sum(by_area.people)::bigint
             end as people
         from territory
         cross join unnest(territory.areas) as member (area)
         left join by_area on by_area.area = member.area
         where territory.version = $1
         group by territory.code, territory.title, territory.areas
         order by territory.code",
    )
    .bind(version)
    .bind(population)
    .bind(first_class)
    .bind(last_class)
    .fetch_all(pool)
    .await?;
    Ok(rows
        .iter()
        .map(|row| Inhabitants {
            code: row.get("code"),
            title: row.get("title"),
            areas: row.get("areas"),
            people: row.get("people"),
        })
        .collect())
}
