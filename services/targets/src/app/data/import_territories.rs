//! Imports one version of a division of a region.

use std::collections::BTreeSet;

use proto::targets::v1 as pb;
use rpc::{Call, Error};
use sqlx::PgConnection;
use store::Unit;

use super::{
    upload::{File, reading},
    whole_file::WholeFile,
};
use crate::{
    app::App,
    domain::{
        DataRefusal,
        geography::{self, AreaKind},
        nomenclature::NomenclatureId,
        territory::{TerritoryVersion, coverage},
    },
    events::data as published,
    files::{self, Defect, Read, territories::Composition},
    grpc::{data::kinds, files::count, scalars},
    store::{nomenclature, registry_copy, territory},
};

pub(crate) struct Import {
    header: pb::TerritoriesHeader,
    version: TerritoryVersion,
    geography: NomenclatureId,
}

impl Import {
    /// Every area of the geography is in a territory, and every area of a territory is in the geography. Of a national
    /// geography the départements that the file touches are the region’s, and those where the registry knows an establishment
    /// of the region: one that was left out wholly is noticed.
    async fn check_coverage(&self, app: &App, read: &mut Read<Composition>) -> Result<(), Error> {
        let pool = app.db.pool();
        if nomenclature::find(pool, &self.geography).await?.is_none() {
            return Err(DataRefusal::NomenclatureUnknown(self.geography.clone()).into());
        }
        let level = match self.version.composed_of {
            AreaKind::Commune => "COMMUNE",
            AreaKind::Department => "DEPARTMENT",
        };
        let known = nomenclature::codes_of_level(pool, &self.geography, level).await?;
        let inhabited = registry_copy::communes_of(pool, self.version.region).await?;
        let territories = &read.content.territories;
        let named = territories.iter().flat_map(|territory| &territory.areas);
        let departments: BTreeSet<&str> = named
            .map(String::as_str)
            .chain(
                inhabited
                    .iter()
                    .filter_map(|one| geography::normalised(one)),
            )
            .map(geography::department)
            .collect();
        let own: BTreeSet<String> = known
            .iter()
            .filter(|area| departments.contains(geography::department(area)))
            .cloned()
            .collect();
        let found = coverage(territories, &own);
        for area in found.unknown {
            let words = format!("{} does not have this area", self.geography);
            let line = read.content.lines.get(&area).copied().unwrap_or_default();
            read.defects
                .push(Defect::new(line, "area", "UNKNOWN_AREA", words, &area));
        }
        for area in found.uncovered {
            let words = format!(
                "{} has this area and no territory covers it",
                self.geography
            );
            read.defects
                .push(Defect::new(0, "area", "AREA_NOT_COVERED", words, &area));
        }
        Ok(())
    }
}

impl WholeFile for Import {
    type Message = pb::ImportTerritoriesRequest;
    type Content = Composition;

    async fn allow(_: &App, call: &Call, header: pb::TerritoriesHeader) -> Result<Self, Error> {
        let region = scalars::parse("header.region", &header.region)?;
        call.caller.require_region(region, &call.permission)?;
        let day = |field: &str, text: &str| {
            scalars::date(text).ok_or_else(|| Error::invalid(field, "is not a day (YYYY-MM-DD)"))
        };
        let valid_from = day("header.valid_from", &header.valid_from)?;
        let valid_to = match header.valid_to.as_str() {
            "" => None,
            text => Some(day("header.valid_to", text)?),
        };
        if valid_to.is_some_and(|last| last < valid_from) {
            return Err(Error::invalid("header.valid_to", "is before the first day"));
        }
        let geography = scalars::parse("header.geography", &header.geography)?;
        let kind = kinds::territory(header.kind())
            .ok_or_else(|| Error::invalid("header.kind", "is not a kind of territory"))?;
        let composed_of = kinds::area(header.composed_of())
            .ok_or_else(|| Error::invalid("header.composed_of", "is not a kind of area"))?;
        let version = TerritoryVersion {
            id: header.version_id.clone(),
            kind,
            composed_of,
            region,
            valid_from,
            valid_to,
            geography: header.geography.clone(),
        };
        Ok(Self {
            header,
            version,
            geography,
        })
    }

    fn header(&self) -> &pb::TerritoriesHeader {
        &self.header
    }

    fn name(&self) -> String {
        format!("territoryVersions/{}", self.version.id)
    }

    async fn read(&self, app: &App, bytes: Vec<u8>) -> Result<Read<Composition>, Error> {
        let kind = self.version.composed_of;
        let read = move |bytes: &[u8]| files::territories::read(kind, bytes);
        let mut read = reading(bytes, read).await?;
        self.check_coverage(app, &mut read).await?;
        Ok(read)
    }

    fn records(content: &Composition) -> usize {
        content.territories.len()
    }

    async fn number(&self, db: &mut PgConnection, sha256: &str) -> Result<Option<i64>, Error> {
        match territory::find(db, &self.version.id).await? {
            None => Ok(Some(1)),
            Some(known) if known.sha256 == sha256 && known.version == self.version => Ok(None),
            Some(_) => Err(DataRefusal::VersionExists(self.name()).into()),
        }
    }

    async fn apply(&self, unit: &mut Unit, _: i64, file: &File<Composition>) -> Result<(), Error> {
        let content = &file.read.content.territories;
        let imported = territory::Imported {
            version: self.version.clone(),
            source: self.header.source.clone(),
            file_name: self.header.file_name.clone(),
            sha256: file.sha256.clone(),
            territories: count(content.len()),
            areas: count(content.iter().map(|t| t.areas.len()).sum::<usize>()),
            created_at: unit.at(),
            outlines: 0,
        };
        territory::insert(unit.connection(), &imported, content).await?;
        unit.append(vec![published::territories(&imported)?])
            .await?;
        Ok(())
    }
}
