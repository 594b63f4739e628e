//! Imports a file of finances, in two passes: a look, then the same bytes for good.

use std::collections::BTreeSet;

use kernel::{Finess, Region};
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use store::By;
use time::Date;

use super::upload::{self, Uploaded};
use crate::{
    app::App,
    domain::{
        DataRefusal,
        finances::{FinanceImportId, FinanceLayout},
    },
    events::data as published,
    files::{self, Read, finances::Finances},
    grpc::{
        data::finances::read_layout,
        files::{Fate, count, report},
        scalars,
    },
    store::{
        finances::{self, Import as Row},
        registry_copy,
    },
};

/// Numbers that are told one by one; all are counted.
const TOLD: usize = 20;

/// An import that the caller may do, before its bytes are there.
pub(crate) struct Import {
    header: pb::FinancesHeader,
    region: Region,
    layout: FinanceLayout,
    extraction_date: Date,
}

impl Import {
    /// Checks what can be checked before the upload: a refused import should not cost one.
    pub(crate) async fn allow(
        app: &App,
        call: &Call,
        header: pb::FinancesHeader,
    ) -> Result<Self, Error> {
        let region = scalars::parse("header.region", &header.region)?;
        call.caller.require_region(region, &call.permission)?;
        let layout = read_layout(header.layout())
            .ok_or_else(|| Error::invalid("header.layout", "is not a layout that is read"))?;
        let extraction_date = scalars::date(&header.extraction_date)
            .ok_or_else(|| Error::invalid("header.extraction_date", "is not a day (YYYY-MM-DD)"))?;
        let pool = app.db.pool();
        if !header.dry_run && !finances::is_checked(pool, &header.sha256, region, layout).await? {
            return Err(DataRefusal::DryRunFirst.into());
        }
        Ok(Self {
            header,
            region,
            layout,
            extraction_date,
        })
    }

    /// Reads the file, then applies it or tells what it would do.
    pub(crate) async fn run(
        self,
        app: &App,
        call: &Call,
        file: Uploaded,
    ) -> Result<pb::FinancesReport, Error> {
        let known = registry_copy::of_region(app.db.pool(), self.region).await?;
        let layout = self.layout;
        let Uploaded { bytes, sha256 } = file;
        let read =
            tokio::task::spawn_blocking(move || files::finances::read(layout, &known, &bytes))
                .await
                .map_err(Error::internal)?;
        let file = File { read, sha256 };
        if self.header.dry_run {
            self.look(app, call, &file).await
        } else {
            self.apply(app, call, &file).await
        }
    }

    /// The first pass: nothing changes but the note that these bytes were looked at.
    async fn look(&self, app: &App, call: &Call, file: &File) -> Result<pb::FinancesReport, Error> {
        let by = By {
            actor: call.caller.actor.clone(),
            request_id: None,
            traceparent: None,
            at: app.db.clock().now(),
        };
        let mut unit = app.db.unit(by).await?;
        let figures = &file.read.content.figures;
        let replaced = finances::known_years(unit.connection(), self.layout, figures).await?;
        if file.read.defects.is_empty() {
            let (connection, at) = (unit.connection(), app.db.clock().now());
            finances::note_check(connection, &file.sha256, self.region, self.layout, at).await?;
        }
        unit.done().await?;
        Ok(told(file, String::new(), replaced, Fate::DryRun))
    }

    async fn apply(
        &self,
        app: &App,
        call: &Call,
        file: &File,
    ) -> Result<pb::FinancesReport, Error> {
        upload::check_bytes(&self.header.sha256, &file.sha256)?;
        let command = upload::command(call, app.db.clock(), &self.header, &file.sha256)?;
        let mut unit = claim!(app, command);
        finances::serialise(unit.connection(), self.region, self.layout).await?;
        let figures = &file.read.content.figures;
        let replaced = finances::known_years(unit.connection(), self.layout, figures).await?;
        if !file.read.defects.is_empty() {
            return Ok(told(file, String::new(), replaced, Fate::Refused));
        }
        let last = finances::last(unit.connection(), self.region, self.layout).await?;
        if let Some(known) = last.filter(|known| known.sha256 == file.sha256) {
            let report = told(file, known.id.to_string(), replaced, Fate::Unchanged);
            unit.commit(&report).await?;
            return Ok(report);
        }
        let row = Row {
            id: FinanceImportId::generate(),
            region: self.region,
            layout: self.layout,
            source: self.header.source.clone(),
            extraction_date: self.extraction_date,
            file_name: self.header.file_name.clone(),
            sha256: file.sha256.clone(),
            // After every import before it has ended.
            applied_at: app.db.clock().now(),
        };
        finances::insert(unit.connection(), &row, figures).await?;
        let report = told(file, row.id.to_string(), replaced, Fate::Applied);
        unit.append(vec![published::finances(&row, &report, figures)?])
            .await?;
        unit.commit(&report).await?;
        Ok(report)
    }
}

struct File {
    read: Read<Finances>,
    sha256: String,
}

fn told(file: &File, name: String, replaced: i64, fate: Fate) -> pb::FinancesReport {
    let Finances { figures, unknown } = &file.read.content;
    let subjects: BTreeSet<Finess> = figures.keys().map(|key| key.subject).collect();
    pb::FinancesReport {
        file: Some(report(name, &file.read, &file.sha256, figures.len(), fate)),
        subjects: count(subjects.len()),
        replaced,
        unknown_count: count(unknown.len()),
        unknown: unknown.iter().take(TOLD).map(ToString::to_string).collect(),
    }
}
