//! Imports the outlines of the territories of one version.

use proto::targets::v1 as pb;
use rpc::{Call, Error};
use store::Begun;

use super::upload::{self, Uploaded};
use crate::{
    app::App,
    domain::{DataRefusal, outline::points, territory::TerritoryVersion},
    events::data as published,
    files::{
        self, Read,
        outlines::{Drawn, Expected},
    },
    grpc::{
        files::{Fate, count, report},
        scalars::id_of,
    },
    store::{
        outline::{self, Drawing},
        territory,
    },
};

/// The property of a feature that holds the code of its territory, when no other is named.
const CODE_PROPERTY: &str = "code";

/// An import that the caller may do, before its bytes are there.
pub(crate) struct Import {
    header: pb::OutlinesHeader,
    version: TerritoryVersion,
}

impl Import {
    pub(crate) async fn allow(
        app: &App,
        call: &Call,
        header: pb::OutlinesHeader,
    ) -> Result<Self, Error> {
        let known = territory::find(app.db.pool(), id_of(&header.parent))
            .await?
            .ok_or_else(|| DataRefusal::TerritoryVersionUnknown(header.parent.clone()))?;
        let version = known.version;
        call.caller
            .require_region(version.region, &call.permission)?;
        Ok(Self { header, version })
    }

    pub(crate) async fn run(
        self,
        app: &App,
        call: &Call,
        file: Uploaded,
    ) -> Result<pb::FileReport, Error> {
        let territories = territory::all(app.db.pool(), &self.version.id).await?;
        let expected = Expected {
            property: self.property().to_owned(),
            skip_unknown: self.header.skip_unknown,
            codes: territories.into_iter().map(|one| one.code).collect(),
        };
        let Uploaded { bytes, sha256 } = file;
        let read = tokio::task::spawn_blocking(move || files::outlines::read(&expected, &bytes))
            .await
            .map_err(Error::internal)?;
        if !read.defects.is_empty() {
            return Ok(self.told(&read, &sha256, Fate::Refused));
        }
        if self.header.dry_run {
            return Ok(self.told(&read, &sha256, Fate::DryRun));
        }
        let request_id = &self.header.request_id;
        let command = upload::command(call, app.db.clock(), request_id, &self.header, &sha256)?;
        let mut unit = match app.db.command(&command).await? {
            Begun::Replayed(report) => return Ok(report),
            Begun::Fresh(unit) => unit,
        };
        let known = outline::find(unit.connection(), &self.version.id).await?;
        let fate = match self.next_revision(known.as_ref(), &sha256) {
            None => Fate::Unchanged,
            Some(revision) => {
                let drawing = Drawing {
                    version: self.version.id.clone(),
                    revision,
                    code_property: self.property().to_owned(),
                    source: self.header.source.clone(),
                    licence: self.header.licence.clone(),
                    file_name: self.header.file_name.clone(),
                    sha256: sha256.clone(),
                    territories: count(read.content.outlines.len()),
                    points_read: count(read.content.points_read),
                    points: count(points(&read.content.outlines)),
                    created_at: unit.at(),
                };
                outline::replace(unit.connection(), &drawing, &read.content.outlines).await?;
                let fact = published::outlines(&drawing, self.version.region)?;
                unit.append(vec![fact]).await?;
                Fate::Applied
            }
        };
        let report = self.told(&read, &sha256, fate);
        unit.commit(&report).await?;
        Ok(report)
    }

    /// The number of this import, none when it would change nothing.
    fn next_revision(&self, known: Option<&Drawing>, sha256: &str) -> Option<i64> {
        let Some(known) = known else {
            return Some(1);
        };
        let is_same = known.sha256 == sha256
            && known.code_property == self.property()
            && known.source == self.header.source
            && known.licence == self.header.licence;
        (!is_same).then_some(known.revision + 1)
    }

    fn property(&self) -> &str {
        match self.header.code_property.as_str() {
            "" => CODE_PROPERTY,
            named => named,
        }
    }

    fn told(&self, read: &Read<Drawn>, sha256: &str, fate: Fate) -> pb::FileReport {
        let name = format!("{}/outlines", self.header.parent);
        report(name, read, sha256, read.content.outlines.len(), fate)
    }
}
