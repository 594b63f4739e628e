//! Imports the inhabitants of one year.

use kernel::Region;
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use store::Begun;

use super::upload::{self, Uploaded};
use crate::{
    app::App,
    domain::{DataRefusal, geography::AreaKind},
    events::data as published,
    files::{
        self, Read,
        population::{Layout, Populations},
    },
    grpc::{
        data::kinds,
        files::{Fate, count, report},
        scalars,
    },
    store::population::{self, Population},
};

/// An import that the caller may do, before its bytes are there.
pub(crate) struct Import {
    header: pb::PopulationHeader,
    region: Region,
    layout: Layout,
    areas: AreaKind,
    year: i16,
}

impl Import {
    pub(crate) fn allow(call: &Call, header: pb::PopulationHeader) -> Result<Self, Error> {
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

    pub(crate) async fn run(
        self,
        app: &App,
        call: &Call,
        file: Uploaded,
    ) -> Result<pb::FileReport, Error> {
        let (layout, year, areas) = (self.layout, self.year, self.areas);
        let Uploaded { bytes, sha256 } = file;
        let read = tokio::task::spawn_blocking(move || {
            files::population::read(layout, year, areas, &bytes)
        })
        .await
        .map_err(Error::internal)?;
        if !read.defects.is_empty() {
            return Ok(self.told(&read, &sha256, Fate::Refused));
        }
        let id = &self.header.population_id;
        if self.header.dry_run {
            self.next_version(population::find(app.db.pool(), id).await?, &sha256)?;
            return Ok(self.told(&read, &sha256, Fate::DryRun));
        }
        let request_id = &self.header.request_id;
        let command = upload::command(call, app.db.clock(), request_id, &self.header, &sha256)?;
        let mut unit = match app.db.command(&command).await? {
            Begun::Replayed(report) => return Ok(report),
            Begun::Fresh(unit) => unit,
        };
        let known = population::find(unit.connection(), id).await?;
        let fate = match self.next_version(known, &sha256)? {
            None => Fate::Unchanged,
            Some(version) => {
                let inhabitants = read.content.values().flatten().map(|n| i64::from(*n)).sum();
                let population = Population {
                    id: id.clone(),
                    version,
                    year: self.year,
                    areas: self.areas,
                    source: self.header.source.clone(),
                    file_name: self.header.file_name.clone(),
                    sha256: sha256.clone(),
                    area_count: count(read.content.len()),
                    inhabitants,
                    created_at: unit.at(),
                };
                population::replace(unit.connection(), &population, &read.content).await?;
                unit.append(vec![published::population(&population, self.region)?])
                    .await?;
                Fate::Applied
            }
        };
        let report = self.told(&read, &sha256, fate);
        unit.commit(&report).await?;
        Ok(report)
    }

    /// The number of this import of the population, none when it would change nothing.
    fn next_version(&self, known: Option<Population>, sha256: &str) -> Result<Option<i64>, Error> {
        let Some(known) = known else {
            return Ok(Some(1));
        };
        if (known.year, known.areas) != (self.year, self.areas) {
            return Err(DataRefusal::PopulationOtherYear(self.name()).into());
        }
        Ok((known.sha256 != sha256).then_some(known.version + 1))
    }

    fn name(&self) -> String {
        format!("populations/{}", self.header.population_id)
    }

    fn told(&self, read: &Read<Populations>, sha256: &str, fate: Fate) -> pb::FileReport {
        report(self.name(), read, sha256, read.content.len(), fate)
    }
}
