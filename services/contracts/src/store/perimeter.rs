//! Our copy of the registry, and which sites are already under contract.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Finess, Region};
use sqlx::{PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::Date;

use super::{parsed, present};
use crate::domain::{
    Amendment, ContractId, ContractText,
    perimeter::{Overlap, RegistryView, Site},
};

fn texts<'a>(numbers: impl IntoIterator<Item = &'a Finess>) -> Vec<String> {
    numbers.into_iter().map(ToString::to_string).collect()
}

/// What the registry says of the entities and sites of a text.
pub async fn view(
    connection: &mut PgConnection,
    text: &ContractText,
) -> Result<RegistryView, Error> {
    view_of(connection, &text.legal_entities, &text.establishments).await
}

/// What the registry says of some entities and sites.
pub async fn view_of(
    connection: &mut PgConnection,
    entities: &BTreeSet<Finess>,
    sites: &BTreeSet<Finess>,
) -> Result<RegistryView, Error> {
    let mut view = RegistryView::default();
    let entities = sqlx::query(
        "select
             finess,
             open
         from legal_entity_copy
         where finess = any($1)",
    )
    .bind(texts(entities))
    .fetch_all(&mut *connection)
    .await?;
    for row in entities {
        view.legal_entities
            .insert(parsed("finess", row.get("finess"))?, row.get("open"));
    }
    let sites = sqlx::query(
        "select
             site.finess,
             site.legal_entity,
             site.region,
             site.open,
             case when competence.council then site.department end as council
         from establishment_copy as site
         left join category_competence as competence on competence.category = site.category
         where site.finess = any($1)",
    )
    .bind(texts(sites))
    .fetch_all(connection)
    .await?;
    for row in sites {
        let site = Site {
            open: row.get("open"),
            legal_entity: parsed("finess", row.get("legal_entity"))?,
            region: row.get::<&str, _>("region").parse::<Region>().ok(),
            council: row
                .get::<Option<&str>, _>("council")
                .and_then(|code| code.parse().ok()),
        };
        view.establishments
            .insert(parsed("finess", row.get("finess"))?, site);
    }
    Ok(view)
}

/// What the registry calls entities and sites, by their FINESS numbers.
pub async fn names(
    connection: &mut PgConnection,
    entities: &BTreeSet<Finess>,
    sites: &BTreeSet<Finess>,
) -> Result<BTreeMap<String, String>, Error> {
    let rows = sqlx::query(
        "select
             finess,
             title
         from legal_entity_copy
         where finess = any($1)
         union all
         select
             finess,
             title
         from establishment_copy
         where finess = any($2)",
    )
    .bind(texts(entities))
    .bind(texts(sites))
    .fetch_all(connection)
    .await?;
    let named = rows.iter().map(|row| (row.get("finess"), row.get("title")));
    Ok(named.collect())
}

/// Sites of a text that another contract, signed or in force, covers on one of its days.
pub async fn overlaps(
    connection: &mut PgConnection,
    text: &ContractText,
    except: Option<ContractId>,
) -> Result<Vec<Overlap>, Error> {
    let days = (text.effect_date, text.end_date);
    overlaps_on(connection, &text.establishments, days, except).await
}

/// Of the sites `$1`, those that contracts cover on a day between `$2` and `$3`.
macro_rules! covering {
    ($of_contracts:literal) => {
        concat!(
            "select
                 site.establishment,
                 contract.number,
                 lower(site.period) as first_day,
                 upper(site.period) - 1 as last_day
             from contract_site as site
             join contract on contract.id = site.contract_id
             where site.establishment = any($1)
                 and site.period && daterange($2, $3, '[]')
                 and ",
            $of_contracts,
            " order by site.establishment, site.period limit 20"
        )
    };
}

/// Sites that another mandatory contract, signed or in force, covers between two days.
pub async fn overlaps_on(
    connection: &mut PgConnection,
    sites: &BTreeSet<Finess>,
    (first, last): (Date, Date),
    except: Option<ContractId>,
) -> Result<Vec<Overlap>, Error> {
    let rows = sqlx::query(covering!(
        "site.exclusive and site.contract_id is distinct from $4"
    ))
    .bind(texts(sites))
    .bind(first)
    .bind(last)
    .bind(except.map(|id| id.0))
    .fetch_all(connection)
    .await?;
    rows.iter().map(overlap).collect()
}

/// Which of some sites a contract covers itself on a day between these two: none of them comes to it once more.
pub async fn covered_by(
    connection: &mut PgConnection,
    contract: ContractId,
    sites: &BTreeSet<Finess>,
    (first, last): (Date, Date),
) -> Result<Vec<Overlap>, Error> {
    let rows = sqlx::query(covering!("site.contract_id = $4"))
        .bind(texts(sites))
        .bind(first)
        .bind(last)
        .bind(contract.0)
        .fetch_all(connection)
        .await?;
    rows.iter().map(overlap).collect()
}

/// Sites of a signed contract that another one covers between its end and a later last day.
pub async fn overlaps_until(
    connection: &mut PgConnection,
    contract: ContractId,
    last_day: Date,
) -> Result<Vec<Overlap>, Error> {
    let rows = sqlx::query(
        "select
             other.establishment,
             contract.number,
             lower(other.period) as first_day,
             upper(other.period) - 1 as last_day
         from contract_site as own
         join contract_site as other
             on other.establishment = own.establishment
             and other.exclusive
             and other.contract_id <> own.contract_id
             and other.period && daterange(lower(own.period), $2, '[]')
         join contract on contract.id = other.contract_id
         where own.contract_id = $1
             and own.exclusive
             and upper(own.period) = (
                 select max(upper(last.period)) from contract_site as last where last.contract_id = $1
             )
         order by other.establishment, other.period
         limit 20",
    )
    .bind(contract.0)
    .bind(last_day)
    .fetch_all(connection)
    .await?;
    rows.iter().map(overlap).collect()
}

fn overlap(row: &PgRow) -> Result<Overlap, Error> {
    Ok(Overlap {
        establishment: parsed("finess", row.get("establishment"))?,
        contract: row.get("number"),
        effect_date: present("first day", row.get("first_day"))?,
        end_date: present("last day", row.get("last_day"))?,
    })
}

/// What the registry published of a legal entity.
#[derive(Debug, Clone)]
pub struct LegalEntityCopy {
    pub finess: Finess,
    pub title: String,
    pub region: String,
    pub open: bool,
}

/// What the registry published of a site.
#[derive(Debug, Clone)]
pub struct EstablishmentCopy {
    pub finess: Finess,
    pub legal_entity: Finess,
    pub title: String,
    pub region: String,
    pub open: bool,
    /// FINESS category, which says who is competent.
    pub category: String,
    /// Code of its department.
    pub department: String,
    pub commune: String,
}

/// Keeps the newest state of a legal entity.
pub async fn copy_legal_entity(
    connection: &mut PgConnection,
    copy: &LegalEntityCopy,
) -> Result<(), Error> {
    sqlx::query(
        "insert into legal_entity_copy (finess, title, region, open)
         values ($1, $2, $3, $4)
         on conflict (finess) do update set
             title = excluded.title,
             region = excluded.region,
             open = excluded.open",
    )
    .bind(copy.finess.as_str())
    .bind(&copy.title)
    .bind(&copy.region)
    .bind(copy.open)
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps the newest state of a site.
pub async fn copy_establishment(
    connection: &mut PgConnection,
    copy: &EstablishmentCopy,
) -> Result<(), Error> {
    sqlx::query(
        "insert into establishment_copy (
             finess,
             legal_entity,
             title,
             region,
             open,
             category,
             department,
             commune
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (finess) do update set
             legal_entity = excluded.legal_entity,
             title = excluded.title,
             region = excluded.region,
             open = excluded.open,
             category = excluded.category,
             department = excluded.department,
             commune = excluded.commune",
    )
    .bind(copy.finess.as_str())
    .bind(copy.legal_entity.as_str())
    .bind(&copy.title)
    .bind(&copy.region)
    .bind(copy.open)
    .bind(&copy.category)
    .bind(&copy.department)
    .bind(&copy.commune)
    .execute(connection)
    .await?;
    Ok(())
}

/// Sites that go are covered until the day before, sites that come from the day of effect to the end of the term.
pub(super) async fn move_sites(
    connection: &mut PgConnection,
    signed: &Amendment,
) -> Result<(), Error> {
    if !signed.changes.remove_establishments.is_empty() {
        sqlx::query(
            "update contract_site set period = period * daterange(null, $3)
             where contract_id = $1 and establishment = any($2) and upper(period) > $3",
        )
        .bind(signed.contract.0)
        .bind(texts(&signed.changes.remove_establishments))
        .bind(signed.effect_date)
        .execute(&mut *connection)
        .await?;
    }
    if !signed.changes.add_establishments.is_empty() {
        sqlx::query(
            "insert into contract_site (contract_id, establishment, period, exclusive)
             select $1, unnest($2::text[]), daterange($3, term.last_day), term.exclusive
             from (
                 select max(upper(period)) as last_day, bool_and(exclusive) as exclusive
                 from contract_site
                 where contract_id = $1
             ) as term",
        )
        .bind(signed.contract.0)
        .bind(texts(&signed.changes.add_establishments))
        .bind(signed.effect_date)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
