//! A small registry of made-up establishments, with well-formed numbers.

use anyhow::Context as _;
use kernel::{Finess, Region};
use proto::establishments::v1::{
    ImportHeader, ImportRegistryRequest, ImportReport, RegistryFormat,
};
use testkit::request_id;

use super::Scenario;

/// A legal entity with its sites.
#[derive(Debug, Clone)]
pub struct Entity {
    pub finess: Finess,
    pub sites: Vec<Finess>,
}

/// The legal entities of a region.
#[derive(Debug, Clone)]
pub struct Registry {
    pub region: Region,
    pub entities: Vec<Entity>,
    /// Of every site, in the nomenclature of FINESS.
    pub category: &'static str,
}

/// Centre hospitalier.
const HOSPITAL: &str = "355";

const HEADER: &str = "finess_et;raison_sociale;finess_ej;raison_sociale_ej;region;departement;categorie;statut_juridique\n";

/// Bytes of one message of an upload.
const CHUNK: usize = 16 * 1024;

impl Registry {
    /// `entities` legal entities with `sites` sites each.
    pub fn generate(region: Region, entities: u32, sites: u32) -> anyhow::Result<Self> {
        Self::generate_from(0, region, entities, sites)
    }

    /// The same with numbers that begin at this rank, where several regions are in one registry.
    pub fn generate_from(
        first: u32,
        region: Region,
        entities: u32,
        sites: u32,
    ) -> anyhow::Result<Self> {
        let entities = (0..entities)
            .map(|place| {
                let first = first + place * (sites + 1);
                let sites = (1..=sites)
                    .map(|site| finess(first + site))
                    .collect::<Result<_, _>>()?;
                Ok(Entity {
                    finess: finess(first)?,
                    sites,
                })
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(Self {
            region,
            entities,
            category: HOSPITAL,
        })
    }

    /// The file that an agency would exchange.
    pub fn csv(&self) -> String {
        let mut text = HEADER.to_owned();
        for entity in &self.entities {
            for (place, site) in (1..).zip(&entity.sites) {
                let (number, region, category) = (entity.finess, self.region, self.category);
                let line = format!(
                    "{site};SITE {place} DE {number};{number};CENTRE HOSPITALIER {number};{region};13;{category};13\n"
                );
                text.push_str(&line);
            }
        }
        text
    }
}

/// The number of that rank, with its key.
fn finess(rank: u32) -> anyhow::Result<Finess> {
    (0..10)
        .find_map(|key| format!("13{rank:06}{key}").parse().ok())
        .with_context(|| format!("no key fits rank {rank}"))
}

impl Scenario<'_> {
    /// Imports a registry.
    pub async fn import(&self, registry: &Registry) -> anyhow::Result<ImportReport> {
        let header = ImportHeader {
            format: RegistryFormat::SitesCsv.into(),
            region: registry.region.code().to_owned(),
            file_name: "sites.csv".to_owned(),
            request_id: request_id(),
            ..Default::default()
        };
        let content = registry.csv().into_bytes();
        let mut messages = vec![ImportRegistryRequest {
            header: Some(header),
            ..Default::default()
        }];
        messages.extend(content.chunks(CHUNK).map(|chunk| ImportRegistryRequest {
            header: None,
            chunk: chunk.to_vec(),
        }));
        let administrator = self.people.registry_administrator();
        let mut client = self.suite.registry(&administrator)?;
        Ok(client
            .import_registry(tokio_stream::iter(messages))
            .await?
            .into_inner())
    }
}
