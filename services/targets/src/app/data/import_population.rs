//! Imports the inhabitants of one year.

use kernel::Region;
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
    domain::{DataRefusal, geography::AreaKind},
    events::data as published,
    files::{
        self, Read,
        population::{Layout, Populations},
    },
    grpc::{data::kinds, files::count, scalars},
    store::population::{self, Population},
};

pub(crate) struct Import {
    header: pb::PopulationHeader,
    region: Region,
    layout: Layout,
    areas: AreaKind,
    year: i16,
}

impl WholeFile for Import {
    type Message = pb::ImportPopulationRequest;
    type Content = Populations;

    async fn allow(_: &App, call: &Call, header: pb::PopulationHeader) -> Result<Self, Error> {
        let region = scalars::parse("header.region", &header.region)?;
        call.caller.require_region(region, &call.permission)?;
        let layout = match header.layout() {
            pb::PopulationLayout::Plain => Layout::Plain,
            pb::PopulationLayout::InseeDepartments => Layout::InseeDepartments,
            pb::PopulationLayout::Unspecified => {
                return Err(Error::invalid(
                    "header.layout",
                    "is not a layout that is read",
                ));
            }
        };
        let areas = kinds::area(header.areas())
            .ok_or_else(|| Error::invalid("header.areas", "is not a kind of area"))?;
        let year =
            i16::try_from(header.year).map_err(|error| Error::invalid("header.year", error))?;
        Ok(Self {
            header,
            region,
            layout,
            areas,
            year,
        })
    }

    fn header(&self) -> &pb::PopulationHeader {
        &self.header
    }

    fn name(&self) -> String {
        format!("populations/{}", self.header.population_id)
    }

    async fn read(&self, _: &App, bytes: Vec<u8>) -> Result<Read<Populations>, Error> {
        let (layout, year, areas) = (self.layout, self.year, self.areas);
        let read = move |bytes: &[u8]| files::population::read(layout, year, areas, bytes);
        reading(bytes, read).await
    }

    fn records(content: &Populations) -> usize {
        content.len()
    }

    async fn number(&self, db: &mut PgConnection, sha256: &str) -> Result<Option<i64>, Error> {
        let Some(known) = population::find(db, &self.header.population_id).await? else {
            return Ok(Some(1));
        };
        if (known.year, known.areas) != (self.year, self.areas) {
            return Err(DataRefusal::PopulationOtherYear(self.name()).into());
        }
        Ok((known.sha256 != sha256).then_some(known.version + 1))
    }

    async fn apply(
        &self,
        unit: &mut Unit,
        version: i64,
        file: &File<Populations>,
    ) -> Result<(), Error> {
        let content = &file.read.content;
        let population = Population {
            id: self.header.population_id.clone(),
            version,
            year: self.year,
            areas: self.areas,
            source: self.header.source.clone(),
            file_name: self.header.file_name.clone(),
            sha256: file.sha256.clone(),
            area_count: count(content.len()),
            inhabitants: content.values().flatten().map(|n| i64::from(*n)).sum(),
            created_at: unit.at(),
        };
        population::replace(unit.connection(), &population, content).await?;
        unit.append(vec![published::population(&population, self.region)?])
            .await?;
        Ok(())
    }
}
