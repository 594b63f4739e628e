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
        geography::AreaKind,
        nomenclature::NomenclatureId,
        territory::{Territory, TerritoryVersion, coverage},
    },
    events::data as published,
    files::{self, Defect, Read},
    grpc::{data::kinds, files::count, scalars},
    store::{nomenclature, territory},
};

pub(crate) struct Import {
    header: pb::TerritoriesHeader,
    version: TerritoryVersion,
    geography: NomenclatureId,
}

impl Import {
    /// Every area of the geography is in a territory, and every area of a territory is in the geography. Of a national
    /// geography only the départements that the file touches are the region’s.
    async fn check_coverage(
        &self,
        app: &App,
        read: &mut Read<Vec<Territory>>,
    ) -> Result<(), Error> {
        let pool = app.db.pool();
        if nomenclature::find(pool, &self.geography).await?.is_none() {
            return Err(DataRefusal::NomenclatureUnknown(self.geography.clone()).into());
        }
        let level = match self.version.composed_of {
            AreaKind::Commune => "COMMUNE",
            AreaKind::Department => "DEPARTMENT",
        };
        let known = nomenclature::codes_of_level(pool, &self.geography, level).await?;
        let departments: BTreeSet<String> = read
            .content
            .iter()
            .flat_map(|territory| &territory.areas)
            .map(|area| crate::domain::geography::department(area).to_owned())
            .collect();
        let own: BTreeSet<String> = known
            .iter()
            .filter(|area| departments.contains(crate::domain::geography::department(area)))
            .cloned()
            .collect();
        let found = coverage(&read.content, &own);
        for area in found.unknown {
            let words = format!("{} does not have this area", self.geography);
            read.defects
                .push(Defect::new(0, "area", "UNKNOWN_AREA", words, &area));
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
    type Content = Vec<Territory>;

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

    async fn read(&self, app: &App, bytes: Vec<u8>) -> Result<Read<Vec<Territory>>, Error> {
        let kind = self.version.composed_of;
        let read = move |bytes: &[u8]| files::territories::read(kind, bytes);
        let mut read = reading(bytes, read).await?;
        self.check_coverage(app, &mut read).await?;
        Ok(read)
    }

    fn records(content: &Vec<Territory>) -> usize {
        content.len()
    }

    async fn number(&self, db: &mut PgConnection, sha256: &str) -> Result<Option<i64>, Error> {
        match territory::find(db, &self.version.id).await? {
            None => Ok(Some(1)),
            Some(known) if known.sha256 == sha256 && known.version == self.version => Ok(None),
            Some(_) => Err(DataRefusal::VersionExists(self.name()).into()),
        }
    }

    async fn apply(
        &self,
        unit: &mut Unit,
        _: i64,
        file: &File<Vec<Territory>>,
    ) -> Result<(), Error> {
        let content = &file.read.content;
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
