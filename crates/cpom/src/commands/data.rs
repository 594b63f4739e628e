//! `cpom data`: reference data, case-mix and publications.

use std::{fmt::Write as _, path::Path, time::Duration};

use anyhow::{Context as _, Result};
use futures::{Stream, stream};
use proto::targets::v1 as pb;
use tokio::{fs::File, io::AsyncReadExt as _};
use tonic::Request;

use super::Context;
use crate::{
    client::Session,
    data_args::{
        CaseMixArgs, DataCommand, FileArgs, FinancesArgs, NomenclatureArgs, OutlinesArgs,
        PopulationArgs, PublishArgs, TerritoriesArgs,
    },
    failure::Exit,
    output::{Table, french},
    request_id,
    stack::Service,
};

/// What the services take at a time.
const CHUNK: usize = 64 * 1024;
/// A national file takes its time.
const DEADLINE: Duration = Duration::from_hours(1);

pub(super) async fn run(context: &Context, command: DataCommand) -> Result<Exit> {
    let role = match command {
        DataCommand::Publish(_) => "manager",
        _ => "registry_administrator",
    };
    let session = context.session(&[Service::Targets], role).await?;
    match command {
        DataCommand::Nomenclature(args) => nomenclature(context, &session, args).await,
        DataCommand::Territories(args) => territories(context, &session, args).await,
        DataCommand::Outlines(args) => outlines(context, &session, args).await,
        DataCommand::Population(args) => population(context, &session, args).await,
        DataCommand::CaseMix(args) => case_mix(context, &session, args).await,
        DataCommand::Finances(args) => finances(context, &session, args).await,
        DataCommand::Publish(args) => publish(context, &session, args).await,
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.chars().take(200).collect()
}

/// The header, then the file in chunks as it is read.
async fn upload<H, M>(
    file: &Path,
    header: H,
    message: fn(Option<H>, Vec<u8>) -> M,
) -> Result<Request<impl Stream<Item = M> + Send + 'static>>
where
    H: Send + 'static,
    M: Send + 'static,
{
    let path = file.display().to_string();
    let file = File::open(file)
        .await
        .with_context(|| format!("could not read {path}"))?;
    let chunks = stream::unfold(file, move |mut file| async move {
        let mut chunk = vec![0; CHUNK];
        // A file that cannot be read further is a shorter one: its checksum tells.
        let read = file.read(&mut chunk).await.unwrap_or(0);
        chunk.truncate(read);
        (read > 0).then(|| (message(None, chunk), file))
    });
    let first = stream::iter([message(Some(header), Vec::new())]);
    let mut request = Request::new(stream::StreamExt::chain(first, chunks));
    request.set_timeout(DEADLINE);
    Ok(request)
}

async fn nomenclature(
    context: &Context,
    session: &Session,
    args: NomenclatureArgs,
) -> Result<Exit> {
    let header = pb::NomenclatureHeader {
        kind: args.kind.into(),
        version: args.edition,
        valid_from: args.valid_from,
        source: args.file.source.clone(),
        file_name: file_name(&args.file.file),
        dry_run: args.dry_run,
        request_id: request_id::fresh(),
        region: args.file.region.code().to_owned(),
    };
    let request = upload(&args.file.file, header, |header, chunk| {
        pb::ImportNomenclatureRequest { header, chunk }
    });
    let reply = session
        .nomenclatures()
        .import_nomenclature(request.await?)
        .await?;
    tell(context, &reply.into_inner())
}

async fn territories(context: &Context, session: &Session, args: TerritoriesArgs) -> Result<Exit> {
    let header = pb::TerritoriesHeader {
        version_id: args.id,
        kind: args.kind.into(),
        composed_of: args.composed_of.into(),
        region: args.file.region.code().to_owned(),
        valid_from: args.valid_from,
        valid_to: args.valid_to,
        geography: format!("nomenclatures/geography/versions/{}", args.geography),
        source: args.file.source.clone(),
        file_name: file_name(&args.file.file),
        dry_run: args.dry_run,
        request_id: request_id::fresh(),
    };
    let request = upload(&args.file.file, header, |header, chunk| {
        pb::ImportTerritoriesRequest { header, chunk }
    });
    let reply = session
        .territories()
        .import_territories(request.await?)
        .await?;
    tell(context, &reply.into_inner())
}

async fn outlines(context: &Context, session: &Session, args: OutlinesArgs) -> Result<Exit> {
    let header = pb::OutlinesHeader {
        parent: format!("territoryVersions/{}", args.territories),
        code_property: args.code_property,
        skip_unknown: args.skip_unknown,
        source: args.source,
        licence: args.licence,
        file_name: file_name(&args.file),
        dry_run: args.dry_run,
        request_id: request_id::fresh(),
    };
    let request = upload(&args.file, header, |header, chunk| {
        pb::ImportOutlinesRequest { header, chunk }
    });
    let reply = session
        .territories()
        .import_outlines(request.await?)
        .await?;
    tell(context, &reply.into_inner())
}

async fn population(context: &Context, session: &Session, args: PopulationArgs) -> Result<Exit> {
    let header = pb::PopulationHeader {
        population_id: args.id,
        layout: args.layout.into(),
        year: args.year,
        areas: args.areas.into(),
        source: args.file.source.clone(),
        file_name: file_name(&args.file.file),
        dry_run: args.dry_run,
        request_id: request_id::fresh(),
        region: args.file.region.code().to_owned(),
    };
    let request = upload(&args.file.file, header, |header, chunk| {
        pb::ImportPopulationRequest { header, chunk }
    });
    let reply = session
        .territories()
        .import_population(request.await?)
        .await?;
    tell(context, &reply.into_inner())
}

/// Always looks first; applies what was looked at when asked to and nothing stands in the way.
async fn case_mix(context: &Context, session: &Session, args: CaseMixArgs) -> Result<Exit> {
    let mut header = pb::CaseMixHeader {
        field: args.field.into(),
        layout: args.layout.into(),
        region: args.file.region.code().to_owned(),
        nomenclature: args.nomenclature,
        source: args.file.source.clone(),
        extraction_date: args.extraction_date,
        file_name: file_name(&args.file.file),
        dry_run: true,
        sha256: String::new(),
        accepted_gates: args.accept,
        justification: args.because.unwrap_or_default(),
        request_id: request_id::fresh(),
    };
    let mut report = send(session, &args.file, header.clone()).await?;
    let file = report.file.clone().unwrap_or_default();
    let passes = file.errors == 0 && report.gates.iter().all(|gate| gate.accepted);
    if args.apply && passes {
        header.dry_run = false;
        header.sha256 = file.sha256;
        header.request_id = request_id::fresh();
        report = send(session, &args.file, header).await?;
    }
    context
        .output
        .message(&report, || describe_case_mix(&report))?;
    let is_clean = report.gates.iter().all(|gate| gate.accepted);
    Ok(if is_clean && file.errors == 0 {
        Exit::Success
    } else {
        Exit::PartlyRejected
    })
}

async fn send(
    session: &Session,
    args: &FileArgs,
    header: pb::CaseMixHeader,
) -> Result<pb::CaseMixReport> {
    let request = upload(&args.file, header, |header, chunk| {
        pb::ImportCaseMixRequest { header, chunk }
    });
    let reply = session.case_mix().import_case_mix(request.await?).await?;
    Ok(reply.into_inner())
}

/// Always looks first; applies what was looked at when asked to and nothing stands in the way.
async fn finances(context: &Context, session: &Session, args: FinancesArgs) -> Result<Exit> {
    let mut header = pb::FinancesHeader {
        layout: args.layout.into(),
        region: args.file.region.code().to_owned(),
        source: args.file.source.clone(),
        extraction_date: args.extraction_date,
        file_name: file_name(&args.file.file),
        dry_run: true,
        sha256: String::new(),
        request_id: request_id::fresh(),
    };
    let mut report = send_finances(session, &args.file, header.clone()).await?;
    let file = report.file.clone().unwrap_or_default();
    if args.apply && file.errors == 0 {
        header.dry_run = false;
        header.sha256 = file.sha256;
        header.request_id = request_id::fresh();
        report = send_finances(session, &args.file, header).await?;
    }
    context
        .output
        .message(&report, || describe_finances(&report))?;
    Ok(if file.errors == 0 {
        Exit::Success
    } else {
        Exit::PartlyRejected
    })
}

async fn send_finances(
    session: &Session,
    args: &FileArgs,
    header: pb::FinancesHeader,
) -> Result<pb::FinancesReport> {
    let request = upload(&args.file, header, |header, chunk| {
        pb::ImportFinancesRequest { header, chunk }
    });
    let reply = session.finances().import_finances(request.await?).await?;
    Ok(reply.into_inner())
}

async fn publish(context: &Context, session: &Session, args: PublishArgs) -> Result<Exit> {
    let method = tokio::fs::read_to_string(&args.method)
        .await
        .with_context(|| format!("could not read {}", args.method.display()))?;
    let request = pb::PublishRatesRequest {
        series: args.series,
        title: args.title,
        basis: Some(pb::RateBasis {
            field: args.field.into(),
            year: args.year,
            unit: args.unit.into(),
            territory_version: format!("territoryVersions/{}", args.territories),
            population: format!("populations/{}", args.population),
            reference: String::new(),
            activities: args.activity,
        }),
        method,
        sources: args.sources,
        correction: args.correction,
        request_id: request_id::fresh(),
    };
    let set = session.rates().publish_rates(request).await?.into_inner();
    context.output.message(&set, || {
        format!(
            "{}: {} rates, {} of them hidden, SHA-256 {}\n",
            set.name,
            french(set.rates),
            french(set.suppressed),
            set.sha256
        )
    })?;
    Ok(Exit::Success)
}

fn tell(context: &Context, report: &pb::FileReport) -> Result<Exit> {
    context.output.message(report, || describe(report))?;
    Ok(if report.errors == 0 {
        Exit::Success
    } else {
        Exit::PartlyRejected
    })
}

fn describe(report: &pb::FileReport) -> String {
    let fate = match (
        report.errors,
        report.dry_run,
        report.unchanged,
        report.applied,
    ) {
        (1.., ..) => "not applied",
        (_, true, ..) => "DRY RUN, nothing was changed",
        (_, _, true, _) => "was there already",
        (_, _, _, true) => "applied",
        _ => "not applied",
    };
    let mut text = format!(
        "{} {fate}: {} lines, {} records, {} skipped, {} errors, SHA-256 {}\n",
        report.name,
        french(report.lines),
        french(report.records),
        french(report.skipped),
        french(report.errors),
        report.sha256
    );
    if !report.line_errors.is_empty() {
        let mut errors = Table::new(&["line", "field", "reason", "value", "what to do"]);
        for error in &report.line_errors {
            let texts = [
                &error.field,
                &error.reason,
                &error.value,
                &error.explanation,
            ];
            let line = [error.line.to_string()];
            errors.row(line.into_iter().chain(texts.map(Clone::clone)));
        }
        let _ = write!(text, "\n{errors}");
    }
    text
}

fn describe_case_mix(report: &pb::CaseMixReport) -> String {
    let mut text = describe(report.file.as_ref().unwrap_or(&pb::FileReport::default()));
    let _ = writeln!(
        text,
        "{} establishments, {} replaced, {} cells masked at the source",
        french(report.establishments),
        french(report.replaced),
        french(report.masked)
    );
    for gate in &report.gates {
        let verdict = match (gate.accepted, gate.acceptable) {
            (true, _) => "let pass",
            (false, true) => "stops; --accept lets it pass",
            (false, false) => "stops",
        };
        let _ = writeln!(text, "\n{} ({verdict}): {}", gate.reason, gate.explanation);
        for example in &gate.examples {
            let _ = writeln!(text, "  {example}");
        }
    }
    text
}

fn describe_finances(report: &pb::FinancesReport) -> String {
    let mut text = describe(report.file.as_ref().unwrap_or(&pb::FileReport::default()));
    let _ = writeln!(
        text,
        "{} establishments or legal entities, {} of their years replaced, {} numbers that the registry does not know left out",
        french(report.subjects),
        french(report.replaced),
        french(report.unknown_count)
    );
    for number in &report.unknown {
        let _ = writeln!(text, "  {number}");
    }
    text
}
