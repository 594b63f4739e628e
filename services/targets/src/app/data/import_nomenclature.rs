//! Imports one version of a nomenclature.

use kernel::Region;
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use store::Begun;
use time::Date;

use super::upload::{self, Uploaded};
use crate::{
    app::App,
    domain::{
        DataRefusal,
        nomenclature::{Entry, NomenclatureId, NomenclatureKind},
    },
    events::data as published,
    files::{self, Read},
    grpc::{
        data::kinds,
        files::{Fate, count, report},
        scalars,
    },
    store::nomenclature::{self, Version},
};

/// An import that the caller may do, before its bytes are there.
pub(crate) struct Import {
    header: pb::NomenclatureHeader,
    id: NomenclatureId,
    region: Region,
    valid_from: Date,
}

impl Import {
    pub(crate) fn allow(call: &Call, header: pb::NomenclatureHeader) -> Result<Self, Error> {
        let region = scalars::parse("header.region", &header.region)?;
        call.caller.require_region(region, &call.permission)?;
        let kind: NomenclatureKind = kinds::nomenclature(header.kind())
            .ok_or_else(|| Error::invalid("header.kind", "is not a kind of nomenclature"))?;
        let valid_from = scalars::date(&header.valid_from)
            .ok_or_else(|| Error::invalid("header.valid_from", "is not a day (YYYY-MM-DD)"))?;
        let id = NomenclatureId {
            kind,
            version: header.version.clone(),
        };
        Ok(Self {
            header,
            id,
            region,
            valid_from,
        })
    }

    pub(crate) async fn run(
        self,
        app: &App,
        call: &Call,
        file: Uploaded,
    ) -> Result<pb::FileReport, Error> {
        let kind = self.id.kind;
        let Uploaded { bytes, sha256 } = file;
        let read = tokio::task::spawn_blocking(move || files::nomenclature::read(kind, &bytes))
            .await
            .map_err(Error::internal)?;
        if !read.defects.is_empty() {
            return Ok(self.told(&read, &sha256, Fate::Refused));
        }
        if self.header.dry_run {
            let known = nomenclature::find(app.db.pool(), &self.id).await?;
            self.is_unchanged(known, &sha256)?;
            return Ok(self.told(&read, &sha256, Fate::DryRun));
        }
        let request_id = &self.header.request_id;
        let command = upload::command(call, app.db.clock(), request_id, &self.header, &sha256)?;
        let mut unit = match app.db.command(&command).await? {
            Begun::Replayed(report) => return Ok(report),
            Begun::Fresh(unit) => unit,
        };
        let known = nomenclature::find(unit.connection(), &self.id).await?;
        let fate = if self.is_unchanged(known, &sha256)? {
            Fate::Unchanged
        } else {
            let version = self.version(&read, &sha256, unit.at());
            nomenclature::insert(unit.connection(), &version, &read.content).await?;
            unit.append(vec![published::nomenclature(&version, self.region)?])
                .await?;
            Fate::Applied
        };
        let report = self.told(&read, &sha256, fate);
        unit.commit(&report).await?;
        Ok(report)
    }

    /// A version is written once.
    fn is_unchanged(&self, known: Option<Version>, sha256: &str) -> Result<bool, Error> {
        match known {
            None => Ok(false),
            Some(known) if known.sha256 == sha256 => Ok(true),
            Some(_) => Err(DataRefusal::VersionExists(self.id.to_string()).into()),
        }
    }

    fn version(&self, read: &Read<Vec<Entry>>, sha256: &str, at: time::OffsetDateTime) -> Version {
        Version {
            id: self.id.clone(),
            valid_from: self.valid_from,
            source: self.header.source.clone(),
            file_name: self.header.file_name.clone(),
            sha256: sha256.to_owned(),
            entries: count(read.content.len()),
            region: self.region.to_string(),
            created_at: at,
        }
    }

    fn told(&self, read: &Read<Vec<Entry>>, sha256: &str, fate: Fate) -> pb::FileReport {
        report(self.id.to_string(), read, sha256, read.content.len(), fate)
    }
}
