//! Imports a case-mix file, in two passes: a look, then the same bytes for good.

use std::collections::{BTreeSet, HashSet};

use kernel::{Finess, Region};
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use store::{By, Unit};
use time::Date;
use tonic::Status;

use super::upload::{self, Upload};
use crate::{
    app::App,
    domain::{
        DataRefusal,
        case_mix::{CaseMix, CaseMixImportId, PmsiField},
        nomenclature::NomenclatureId,
        quality::{self, Gate, Known},
    },
    events::data::{self as published, Applied},
    files::{
        self,
        case_mix::{Expected, Layout},
    },
    grpc::{
        data::kinds,
        files::{Fate, count, report},
        scalars,
    },
    store::{case_mix, case_mix_write, case_mix_write::Import as Row, nomenclature, registry_copy},
};

/// An import that the caller may do, before its bytes are there.
pub(crate) struct Import {
    header: pb::CaseMixHeader,
    region: Region,
    field: PmsiField,
    layout: Layout,
    nomenclature: NomenclatureId,
    extraction_date: Date,
    activities: HashSet<String>,
}

impl Import {
    /// Checks what can be checked before the upload: a refused import should not cost one.
    pub(crate) async fn allow(
        app: &App,
        call: &Call,
        header: pb::CaseMixHeader,
    ) -> Result<Self, Error> {
        let region = scalars::parse("header.region", &header.region)?;
        call.caller.require_region(region, &call.permission)?;
        let field = kinds::field(header.field())
            .ok_or_else(|| Error::invalid("header.field", "is not a field of the PMSI"))?;
        let layout = layout(header.layout())?;
        let nomenclature: NomenclatureId =
            scalars::parse("header.nomenclature", &header.nomenclature)?;
        let extraction_date = scalars::date(&header.extraction_date)
            .ok_or_else(|| Error::invalid("header.extraction_date", "is not a day (YYYY-MM-DD)"))?;
        if !header.accepted_gates.is_empty() {
            call.human()?;
            if header.justification.trim().is_empty() {
                return Err(DataRefusal::JustificationRequired.into());
            }
        }
        let pool = app.db.pool();
        if !header.dry_run && !case_mix::is_checked(pool, &header.sha256, region, field).await? {
            return Err(DataRefusal::DryRunFirst.into());
        }
        if nomenclature::find(pool, &nomenclature).await?.is_none() {
            return Err(DataRefusal::NomenclatureUnknown(nomenclature).into());
        }
        let activities = nomenclature::codes(pool, &nomenclature).await?;
        Ok(Self {
            header,
            region,
            field,
            layout,
            nomenclature,
            extraction_date,
            activities,
        })
    }

    /// Reads the file as it arrives, then applies it or tells what it would do.
    pub(crate) async fn run(
        mut self,
        app: &App,
        call: &Call,
        upload: Upload<'_, pb::ImportCaseMixRequest>,
    ) -> Result<pb::CaseMixReport, Status> {
        let expected = Expected {
            layout: self.layout,
            field: self.field,
            activities: std::mem::take(&mut self.activities),
        };
        let (read, sha256) = upload
            .through(move |chunks| files::case_mix::read(&expected, chunks))
            .await?;
        let file = File { read, sha256 };
        Ok(if self.header.dry_run {
            self.look(app, call, &file).await?
        } else {
            self.apply(app, call, &file).await?
        })
    }

    /// The first pass: nothing changes but the note that these bytes were looked at.
    async fn look(&self, app: &App, call: &Call, file: &File) -> Result<pb::CaseMixReport, Error> {
        let by = By {
            actor: call.caller.actor.clone(),
            request_id: None,
            traceparent: None,
            at: app.db.clock().now(),
        };
        let mut unit = app.db.unit(by).await?;
        let judged = self.judge(&mut unit, file).await?;
        if file.read.defects.is_empty() {
            let (connection, at) = (unit.connection(), app.db.clock().now());
            case_mix_write::note_check(connection, &file.sha256, self.region, self.field, at)
                .await?;
        }
        unit.done().await?;
        Ok(self.told(file, &judged, String::new(), Fate::DryRun))
    }

    async fn apply(&self, app: &App, call: &Call, file: &File) -> Result<pb::CaseMixReport, Error> {
        upload::check_bytes(&self.header.sha256, &file.sha256)?;
        let command = upload::command(call, app.db.clock(), &self.header, &file.sha256)?;
        let mut unit = claim!(app, command);
        case_mix_write::serialise(unit.connection(), self.region, self.field).await?;
        let judged = self.judge(&mut unit, file).await?;
        if !file.read.defects.is_empty() || !judged.passes(&self.header) {
            return Ok(self.told(file, &judged, String::new(), Fate::Refused));
        }
        let (region, field) = (self.region, self.field);
        let same = case_mix::still_current(unit.connection(), &file.sha256, region, field).await?;
        if let Some(known) = same {
            let report = self.told(file, &judged, known.to_string(), Fate::Unchanged);
            unit.commit(&report).await?;
            return Ok(report);
        }
        let row = self.row(app, &file.sha256);
        case_mix_write::insert(unit.connection(), &row, &file.read.content).await?;
        case_mix_write::rebuild_profiles(unit.connection(), &row, &file.read.content).await?;
        unit.append(vec![published::case_mix(
            &row,
            &judged.applied,
            &judged.gates,
        )?])
        .await?;
        let report = self.told(file, &judged, row.id.to_string(), Fate::Applied);
        unit.commit(&report).await?;
        Ok(report)
    }

    async fn judge(&self, unit: &mut Unit, file: &File) -> Result<Judged, Error> {
        let content = &file.read.content;
        let months = content.months();
        let years: BTreeSet<i16> = months.keys().map(|(_, year)| *year).collect();
        let with_before: Vec<i16> = years
            .iter()
            .flat_map(|year| [year - 1, *year])
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let connection = unit.connection();
        let known = Known {
            registry: registry_copy::of_region(&mut *connection, self.region).await?,
            months: case_mix::months(&mut *connection, self.region, self.field, &with_before)
                .await?,
            figures: case_mix::totals(&mut *connection, self.region, self.field, &with_before)
                .await?,
        };
        let thresholds = case_mix::thresholds(&mut *connection, self.extraction_date).await?;
        let establishments: BTreeSet<Finess> = months.keys().map(|(finess, _)| *finess).collect();
        let replaced = months
            .keys()
            .filter(|place| known.months.contains_key(place));
        let replaced: BTreeSet<Finess> = replaced.map(|(finess, _)| *finess).collect();
        Ok(Judged {
            gates: quality::gates(content, &known, &thresholds),
            applied: Applied {
                years: years.into_iter().collect(),
                establishments: establishments.len(),
                replaced: replaced.len(),
            },
        })
    }

    /// Its instant is taken after every import before it has ended: none that is applied later looks older than a
    /// version that was told.
    fn row(&self, app: &App, sha256: &str) -> Row {
        Row {
            id: CaseMixImportId::generate(),
            region: self.region,
            field: self.field,
            nomenclature: self.nomenclature.clone(),
            source: self.header.source.clone(),
            extraction_date: self.extraction_date,
            file_name: self.header.file_name.clone(),
            sha256: sha256.to_owned(),
            accepted_gates: self.header.accepted_gates.clone(),
            justification: self.header.justification.clone(),
            applied_at: app.db.clock().now(),
        }
    }

    fn told(&self, file: &File, judged: &Judged, name: String, fate: Fate) -> pb::CaseMixReport {
        let content = &file.read.content;
        let cells: usize = content.cells.values().map(|cells| cells.told()).sum();
        let masked: i64 = content.cells.values().map(|cells| cells.masked()).sum();
        pb::CaseMixReport {
            file: Some(report(name, &file.read, &file.sha256, cells, fate)),
            gates: judged
                .gates
                .iter()
                .map(|gate| self.write_gate(gate))
                .collect(),
            establishments: count(judged.applied.establishments),
            replaced: count(judged.applied.replaced),
            masked,
        }
    }

    fn write_gate(&self, gate: &Gate) -> pb::QualityGate {
        pb::QualityGate {
            reason: gate.reason.to_owned(),
            explanation: gate.explanation.clone(),
            acceptable: gate.acceptable,
            accepted: is_accepted(gate, &self.header),
            examples: gate.examples.clone(),
        }
    }
}

type File = upload::File<CaseMix>;

struct Judged {
    gates: Vec<Gate>,
    applied: Applied,
}

impl Judged {
    fn passes(&self, header: &pb::CaseMixHeader) -> bool {
        self.gates.iter().all(|gate| is_accepted(gate, header))
    }
}

fn is_accepted(gate: &Gate, header: &pb::CaseMixHeader) -> bool {
    gate.acceptable
        && header
            .accepted_gates
            .iter()
            .any(|reason| reason == gate.reason)
}

fn layout(layout: pb::CaseMixLayout) -> Result<Layout, Error> {
    match layout {
        pb::CaseMixLayout::Plain => Ok(Layout::Plain),
        pb::CaseMixLayout::ScansanteMco => Ok(Layout::ScansanteMco),
        pb::CaseMixLayout::SmrGme => Ok(Layout::SmrGme),
        pb::CaseMixLayout::DiamantYearly => Ok(Layout::DiamantYearly),
        pb::CaseMixLayout::DiamantCumulative => Ok(Layout::DiamantCumulative),
        pb::CaseMixLayout::DiamantMonthly => Ok(Layout::DiamantMonthly),
        pb::CaseMixLayout::Unspecified => Err(Error::invalid(
            "header.layout",
            "is not a layout that is read",
        )),
    }
}
