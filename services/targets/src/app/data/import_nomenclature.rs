//! Imports one version of a nomenclature.

use kernel::Region;
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use sqlx::PgConnection;
use store::Unit;
use time::Date;

use super::{
    upload::{File, reading},
    whole_file::WholeFile,
};
use crate::{
    app::App,
    domain::{
        DataRefusal,
        nomenclature::{Entry, NomenclatureId, NomenclatureKind},
    },
    events::data as published,
    files::{self, Read},
    grpc::{data::kinds, files::count, scalars},
    store::nomenclature::{self, Version},
};

pub(crate) struct Import {
    header: pb::NomenclatureHeader,
    id: NomenclatureId,
    region: Region,
    valid_from: Date,
}

impl WholeFile for Import {
    type Message = pb::ImportNomenclatureRequest;
    type Content = Vec<Entry>;

    async fn allow(_: &App, call: &Call, header: pb::NomenclatureHeader) -> Result<Self, Error> {
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

    fn header(&self) -> &pb::NomenclatureHeader {
        &self.header
    }

    fn name(&self) -> String {
        self.id.to_string()
    }

    async fn read(&self, _: &App, bytes: Vec<u8>) -> Result<Read<Vec<Entry>>, Error> {
        let kind = self.id.kind;
        reading(bytes, move |bytes| files::nomenclature::read(kind, bytes)).await
    }

    fn records(content: &Vec<Entry>) -> usize {
        content.len()
    }

    /// A version is written once.
    async fn number(&self, db: &mut PgConnection, sha256: &str) -> Result<Option<i64>, Error> {
        match nomenclature::find(db, &self.id).await? {
            None => Ok(Some(1)),
            Some(known) if known.sha256 == sha256 => Ok(None),
            Some(_) => Err(DataRefusal::VersionExists(self.name()).into()),
        }
    }

    async fn apply(&self, unit: &mut Unit, _: i64, file: &File<Vec<Entry>>) -> Result<(), Error> {
        let content = &file.read.content;
        let version = Version {
            id: self.id.clone(),
            valid_from: self.valid_from,
            source: self.header.source.clone(),
            file_name: self.header.file_name.clone(),
            sha256: file.sha256.clone(),
            entries: count(content.len()),
            region: self.region.to_string(),
            created_at: unit.at(),
        };
        nomenclature::insert(unit.connection(), &version, content).await?;
        unit.append(vec![published::nomenclature(&version, self.region)?])
            .await?;
        Ok(())
    }
}
