//! Our copy of the registry, and which sites are already under contract.

use kernel::{Finess, Region};
use sqlx::{PgConnection, Row as _};
use store::Error;

use super::{parsed, present};
use crate::domain::{
    ContractId, ContractText,
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
    let mut view = RegistryView::default();
    let entities = sqlx::query(
        "select
             finess,
             open
         from legal_entity_copy
         where finess = any($1)",
    )
    .bind(texts(&text.legal_entities))
    .fetch_all(&mut *connection)
    .await?;
    for row in entities {
        view.legal_entities
            .insert(parsed("finess", row.get("finess"))?, row.get("open"));
    }
    let sites = sqlx::query(
        "select
             finess,
             legal_entity,
             region,
             open
         from establishment_copy
         where finess = any($1)",
    )
    .bind(texts(&text.establishments))
    .fetch_all(connection)
    .await?;
    for row in sites {
        let site = Site {
            open: row.get("open"),
            legal_entity: parsed("finess", row.get("legal_entity"))?,
            region: row.get::<&str, _>("region").parse::<Region>().ok(),
        };
        view.establishments
            .insert(parsed("finess", row.get("finess"))?, site);
    }
    Ok(view)
}

/// Sites of a text that another contract, signed or in force, covers on one of its days.
pub async fn overlaps(
    connection: &mut PgConnection,
    text: &ContractText,
    except: Option<ContractId>,
) -> Result<Vec<Overlap>, Error> {
    let rows = sqlx::query(
        "select
             site.establishment,
             contract.number,
             lower(site.period) as first_day,
             upper(site.period) - 1 as last_day
         from contract_site as site
         join contract on contract.id = site.contract_id
         where site.establishment = any($1)
             and site.period && daterange($2, $3, '[]')
             and site.contract_id is distinct from $4
         order by site.establishment, site.period
         limit 20",
    )
    .bind(texts(&text.establishments))
    .bind(text.effect_date)
    .bind(text.end_date)
    .bind(except.map(|id| id.0))
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Overlap {
                establishment: parsed("finess", row.get("establishment"))?,
                contract: row.get("number"),
                effect_date: present("first day", row.get("first_day"))?,
                end_date: present("last day", row.get("last_day"))?,
            })
        })
        .collect()
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
        "insert into establishment_copy (finess, legal_entity, title, region, open)
         values ($1, $2, $3, $4, $5)
         on conflict (finess) do update set
             legal_entity = excluded.legal_entity,
             title = excluded.title,
             region = excluded.region,
             open = excluded.open",
    )
    .bind(copy.finess.as_str())
    .bind(copy.legal_entity.as_str())
    .bind(&copy.title)
    .bind(&copy.region)
    .bind(copy.open)
    .execute(connection)
    .await?;
    Ok(())
}
