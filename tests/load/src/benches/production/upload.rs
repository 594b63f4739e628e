//! Imports of reference data and of case-mix, through the public interface.

use std::{
    io::Read as _,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use cpom_tests::{
    scenario::{Scenario, wait_for},
    suite::Service,
};
use proto::{
    targets::v1::{
        AreaKind, CaseMixHeader, CaseMixLayout, CaseMixReport, FileReport, ImportCaseMixRequest,
        ImportNomenclatureRequest, ImportPopulationRequest, ImportTerritoriesRequest,
        NomenclatureHeader, NomenclatureKind, PmsiField, PopulationHeader, PopulationLayout,
        RateBasis, TerritoriesHeader, TerritoryKind, case_mix_service_client::CaseMixServiceClient,
        nomenclature_service_client::NomenclatureServiceClient,
        territory_service_client::TerritoryServiceClient,
    },
    types::v1::Unit,
};
use testkit::request_id;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::{CaseMixFile, Region};

/// Bytes of one message with cells; the service takes a mebibyte.
const CHUNK: usize = 512 * 1024;
/// Bytes of one message with reference data: the most that the service takes.
const SMALL_CHUNK: usize = 64 * 1024;
/// Messages that wait to be sent.
const WAITING: usize = 8;
const REGION: &str = "93";

/// How long the two passes of an import took.
pub(crate) struct Imported {
    pub(crate) looked: Duration,
    pub(crate) applied: Duration,
}

/// What rates are asked for.
pub(crate) fn basis() -> RateBasis {
    RateBasis {
        field: PmsiField::Mco.into(),
        year: 2023,
        unit: Unit::Stays.into(),
        territory_version: "territoryVersions/load".to_owned(),
        population: "populations/load".to_owned(),
        reference: String::new(),
        activities: Vec::new(),
    }
}

/// Communes, groups, territories, inhabitants and establishments.
pub(crate) async fn prepare(scenario: &Scenario<'_>, region: &Region) -> anyhow::Result<()> {
    scenario.import(&region.registry).await?;
    let peer = scenario
        .suite
        .peer(Service::Targets, &scenario.people.manager())?;
    for (kind, version, file) in [
        (NomenclatureKind::Geography, "2023", Region::geography()),
        (NomenclatureKind::GhmGroups, "11i", Region::groups()),
    ] {
        let header = NomenclatureHeader {
            kind: kind.into(),
            version: version.to_owned(),
            valid_from: "2020-01-01".to_owned(),
            source: "made up".to_owned(),
            file_name: "nomenclature.csv".to_owned(),
            dry_run: false,
            request_id: request_id(),
            region: REGION.to_owned(),
        };
        let messages = small(&file, header, |header, chunk| ImportNomenclatureRequest {
            header,
            chunk,
        });
        let report = NomenclatureServiceClient::new(peer.clone())
            .import_nomenclature(tokio_stream::iter(messages))
            .await?;
        applied(report.get_ref())?;
    }
    let mut territories = TerritoryServiceClient::new(peer);
    let header = TerritoriesHeader {
        version_id: "load".to_owned(),
        kind: TerritoryKind::SchemeZone.into(),
        composed_of: AreaKind::Commune.into(),
        region: REGION.to_owned(),
        valid_from: "2023-01-01".to_owned(),
        valid_to: String::new(),
        geography: "nomenclatures/geography/versions/2023".to_owned(),
        source: "made up".to_owned(),
        file_name: "territories.csv".to_owned(),
        dry_run: false,
        request_id: request_id(),
    };
    let messages = small(&Region::territories(), header, |header, chunk| {
        ImportTerritoriesRequest { header, chunk }
    });
    let report = territories
        .import_territories(tokio_stream::iter(messages))
        .await?;
    applied(report.get_ref())?;
    let header = PopulationHeader {
        population_id: "load".to_owned(),
        layout: PopulationLayout::Plain.into(),
        year: 2022,
        areas: AreaKind::Commune.into(),
        source: "made up".to_owned(),
        file_name: "population.csv".to_owned(),
        dry_run: false,
        request_id: request_id(),
        region: REGION.to_owned(),
    };
    let messages = small(&Region::population(), header, |header, chunk| {
        ImportPopulationRequest { header, chunk }
    });
    let report = territories
        .import_population(tokio_stream::iter(messages))
        .await?;
    applied(report.get_ref())?;
    establishments_known(scenario, region).await
}

/// Waits until the copy of the registry has every site.
async fn establishments_known(scenario: &Scenario<'_>, region: &Region) -> anyhow::Result<()> {
    let sites: usize = region.registry.entities.iter().map(|e| e.sites.len()).sum();
    let database = scenario.suite.database(Service::Targets)?;
    wait_for("the establishments are known", || async {
        let mut owner = database.owner().await;
        let known: i64 = sqlx::query_scalar("select count(*) from registry_copy where is_site")
            .fetch_one(&mut owner)
            .await?;
        Ok((usize::try_from(known)? >= sites).then_some(()))
    })
    .await
}

/// Both passes.
pub(crate) async fn import(
    scenario: &Scenario<'_>,
    file: &CaseMixFile,
) -> anyhow::Result<Imported> {
    let begin = Instant::now();
    let look = send(scenario, file, true, String::new()).await?;
    let looked = begin.elapsed();
    let checked = look.file.context("a report of the file")?;
    anyhow::ensure!(checked.errors == 0, "{:?}", checked.line_errors);
    anyhow::ensure!(look.gates.is_empty(), "{:?}", look.gates);
    let begin = Instant::now();
    let report = send(scenario, file, false, checked.sha256).await?;
    applied(&report.file.context("a report of the file")?)?;
    Ok(Imported {
        looked,
        applied: begin.elapsed(),
    })
}

async fn send(
    scenario: &Scenario<'_>,
    file: &CaseMixFile,
    dry_run: bool,
    sha256: String,
) -> anyhow::Result<CaseMixReport> {
    let header = CaseMixHeader {
        field: PmsiField::Mco.into(),
        layout: CaseMixLayout::Plain.into(),
        region: REGION.to_owned(),
        nomenclature: "nomenclatures/ghm-groups/versions/11i".to_owned(),
        source: "made up".to_owned(),
        extraction_date: "2024-03-01".to_owned(),
        file_name: "case-mix.csv".to_owned(),
        dry_run,
        sha256,
        accepted_gates: Vec::new(),
        justification: String::new(),
        request_id: request_id(),
    };
    let (messages, receiver) = mpsc::channel(WAITING);
    let mut bytes = file.open()?;
    let reading = tokio::task::spawn_blocking(move || -> anyhow::Result<()> {
        let first = ImportCaseMixRequest {
            header: Some(header),
            chunk: Vec::new(),
        };
        let mut next = Some(first);
        while let Some(message) = next {
            if messages.blocking_send(message).is_err() {
                break;
            }
            let mut chunk = vec![0; CHUNK];
            let read = bytes.read(&mut chunk)?;
            chunk.truncate(read);
            next = (read > 0).then_some(ImportCaseMixRequest {
                header: None,
                chunk,
            });
        }
        Ok(())
    });
    let peer = scenario
        .suite
        .peer(Service::Targets, &scenario.people.manager())?;
    let report = CaseMixServiceClient::new(peer)
        .import_case_mix(ReceiverStream::new(receiver))
        .await?
        .into_inner();
    reading.await??;
    Ok(report)
}

fn applied(report: &FileReport) -> anyhow::Result<()> {
    anyhow::ensure!(report.applied, "{report:?}");
    Ok(())
}

/// The header, then the file in chunks.
fn small<H, M>(file: &str, header: H, message: impl Fn(Option<H>, Vec<u8>) -> M) -> Vec<M> {
    let chunks = file.as_bytes().chunks(SMALL_CHUNK);
    let mut messages = vec![message(Some(header), Vec::new())];
    messages.extend(chunks.map(|chunk| message(None, chunk.to_vec())));
    messages
}
