//! Imports the outlines of the territories of one version.

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
    domain::{DataRefusal, outline::points, territory::TerritoryVersion},
    events::data as published,
    files::{
        self, Read,
        outlines::{Drawn, Expected},
    },
    grpc::{files::count, scalars::id_of},
    store::{
        outline::{self, Drawing},
        territory,
    },
};

/// The property of a feature that holds the code of its territory, when no other is named.
const CODE_PROPERTY: &str = "code";

pub(crate) struct Import {
    header: pb::OutlinesHeader,
    version: TerritoryVersion,
}

impl Import {
    fn property(&self) -> &str {
        match self.header.code_property.as_str() {
            "" => CODE_PROPERTY,
            named => named,
        }
    }
}

impl WholeFile for Import {
    type Message = pb::ImportOutlinesRequest;
    type Content = Drawn;

    async fn allow(app: &App, call: &Call, header: pb::OutlinesHeader) -> Result<Self, Error> {
        let known = territory::find(app.db.pool(), id_of(&header.parent))
            .await?
            .ok_or_else(|| DataRefusal::TerritoryVersionUnknown(header.parent.clone()))?;
        let version = known.version;
        call.caller
            .require_region(version.region, &call.permission)?;
        Ok(Self { header, version })
    }

    fn header(&self) -> &pb::OutlinesHeader {
        &self.header
    }

    fn name(&self) -> String {
        format!("{}/outlines", self.header.parent)
    }

    async fn read(&self, app: &App, bytes: Vec<u8>) -> Result<Read<Drawn>, Error> {
        let territories = territory::all(app.db.pool(), &self.version.id).await?;
        let expected = Expected {
            property: self.property().to_owned(),
            skip_unknown: self.header.skip_unknown,
            codes: territories.into_iter().map(|one| one.code).collect(),
        };
        reading(bytes, move |bytes| files::outlines::read(&expected, bytes)).await
    }

    fn records(content: &Drawn) -> usize {
        content.outlines.len()
    }

    async fn number(&self, db: &mut PgConnection, sha256: &str) -> Result<Option<i64>, Error> {
        let Some(known) = outline::find(db, &self.version.id).await? else {
            return Ok(Some(1));
        };
        let is_same = known.sha256 == sha256
            && known.code_property == self.property()
            && known.source == self.header.source
            && known.licence == self.header.licence;
        Ok((!is_same).then_some(known.revision + 1))
    }

    async fn apply(&self, unit: &mut Unit, revision: i64, file: &File<Drawn>) -> Result<(), Error> {
        let content = &file.read.content;
        let drawing = Drawing {
            version: self.version.id.clone(),
            revision,
            code_property: self.property().to_owned(),
            source: self.header.source.clone(),
            licence: self.header.licence.clone(),
            file_name: self.header.file_name.clone(),
            sha256: file.sha256.clone(),
            territories: count(content.outlines.len()),
            points_read: count(content.points_read),
            points: count(points(&content.outlines)),
            created_at: unit.at(),
        };
        outline::replace(unit.connection(), &drawing, &content.outlines).await?;
        let fact = published::outlines(&drawing, self.version.region)?;
        unit.append(vec![fact]).await?;
        Ok(())
    }
}
