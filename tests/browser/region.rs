//! What the demonstration leaves empty: the people and the activity of its territories (importing these again changes
//! nothing), published rates, a framework, a dialogue with an inflection, and places. Made through the public interfaces, as an agency would.

use std::fmt::Write as _;

use anyhow::{Context as _, ensure};
use cpom::{
    demo::synthetic::shapes::{self, COMMUNES, DIVISION, GEOGRAPHY, code, zone_of},
    issuer::{Kind, TokenRequest},
    token::IssuerClient,
};
use kit::Peers;
use proto::{
    establishments::v1::{
        ListEstablishmentsRequest, establishment_service_client::EstablishmentServiceClient,
    },
    targets::v1::{
        ActivityMode, AgreeToFrameworkRequest, AreaKind, Capacity, CapacityKind, CarePublic,
        CaseMixHeader, CaseMixLayout, CaseMixReport, DiagnosisFinding, DialogueSession,
        DraftFrameworkRequest, Evidence, EvidenceKind, FrameworkLine, ImportCaseMixRequest,
        ImportNomenclatureRequest, ImportPopulationRequest, ImportTerritoriesRequest,
        InflectionDirection, InflectionProposal, ListCaseMixImportsRequest, NomenclatureHeader,
        NomenclatureKind, OpenDialogueRequest, Participant, PmsiField, PopulationHeader,
        PopulationLayout, Position, ProposeInflectionRequest, PublishRatesRequest, RateBasis,
        ReceptionMode, RecordCapacitiesRequest, RecordDiagnosisRequest, RecordPositionRequest,
        RecordSessionRequest, Stance, TerritoriesHeader, TerritoryKind,
        capacity_service_client::CapacityServiceClient,
        case_mix_service_client::CaseMixServiceClient,
        dialogue_service_client::DialogueServiceClient,
        framework_service_client::FrameworkServiceClient,
        nomenclature_service_client::NomenclatureServiceClient,
        rate_service_client::RateServiceClient, territory_service_client::TerritoryServiceClient,
    },
    types::v1::Unit,
};
use rpc::client::{Credentials, Peer, peer};
use testkit::request_id;

use crate::{scheme::draft_scheme, tariffs::record_tariffs};

/// The region that exists nowhere.
pub(crate) const REGION: &str = "00";
const SERIES: &str = "mco-00-2023";

/// Somebody of the agency, calling targets.
async fn caller(issuer: &str, peers: &Peers, role: &str) -> anyhow::Result<Peer> {
    let sub = format!("person:region-{role}");
    let region = if role == "national_council" {
        "*"
    } else {
        REGION
    };
    let request = TokenRequest::new(Kind::Human, role, &sub, role, &[region]);
    let token = IssuerClient::at(issuer)?.mint(&request).await?;
    let url = peers.url("targets").context("targets")?;
    Ok(peer(url, Credentials::Token(token))?)
}

pub(crate) fn territory(zone: usize) -> String {
    format!("territoryVersions/zones-00-2023/territories/{}", code(zone))
}

/// Fills the region.
pub(crate) async fn fill(issuer: &str, peers: &Peers) -> anyhow::Result<()> {
    let sites = sites(issuer, peers).await?;
    let manager = caller(issuer, peers, "manager").await?;
    import_reference(&manager).await?;
    import_activity(&manager, &sites).await?;
    publish(&manager).await?;
    agree_framework(issuer, peers).await?;
    hold_dialogue(issuer, peers, &sites).await?;
    let agent = caller(issuer, peers, "contract_manager").await?;
    record_places(&agent, &sites).await?;
    record_tariffs(&agent, &sites).await?;
    draft_scheme(&manager).await
}

/// FINESS numbers of some establishments.
async fn sites(issuer: &str, peers: &Peers) -> anyhow::Result<Vec<String>> {
    let sub = "person:region-registry";
    let request = TokenRequest::new(Kind::Human, "contract_manager", sub, "", &[REGION]);
    let token = IssuerClient::at(issuer)?.mint(&request).await?;
    let url = peers.url("establishments").context("establishments")?;
    let mut client = EstablishmentServiceClient::new(peer(url, Credentials::Token(token))?);
    let request = ListEstablishmentsRequest {
        page_size: 12,
        ..Default::default()
    };
    let sites = client.list_establishments(request).await?.into_inner();
    ensure!(sites.establishments.len() == 12, "too few establishments");
    Ok(sites
        .establishments
        .into_iter()
        .map(|site| site.finess)
        .collect())
}

/// The header first, then the file.
pub(crate) fn upload<H, M: Send + 'static>(
    file: &str,
    header: H,
    message: impl Fn(Option<H>, Vec<u8>) -> M,
) -> tokio_stream::Iter<std::vec::IntoIter<M>> {
    let mut messages = vec![message(Some(header), Vec::new())];
    messages.extend(
        file.as_bytes()
            .chunks(32_000)
            .map(|chunk| message(None, chunk.to_vec())),
    );
    tokio_stream::iter(messages)
}

async fn import_reference(manager: &Peer) -> anyhow::Result<()> {
    let mut people = "year;area;sex;age_class;population\n".to_owned();
    for commune in 1..=COMMUNES {
        let area = format!("00{commune:03}");
        let zone = zone_of(commune);
        for sex in 1..=2 {
            for from in (0..95).step_by(5) {
                let _ = writeln!(
                    people,
                    "2022;{area};{sex};{from}-{};{}",
                    from + 4,
                    80 + zone * 30
                );
            }
            let _ = writeln!(people, "2022;{area};{sex};95+;20");
        }
    }
    let header = NomenclatureHeader {
        kind: NomenclatureKind::Geography.into(),
        version: GEOGRAPHY.to_owned(),
        valid_from: "2023-01-01".to_owned(),
        source: "Région synthétique".to_owned(),
        file_name: "communes.csv".to_owned(),
        request_id: request_id(),
        region: REGION.to_owned(),
        dry_run: false,
    };
    let messages = upload(&shapes::geography(), header, |header, chunk| {
        ImportNomenclatureRequest { header, chunk }
    });
    let mut nomenclatures = NomenclatureServiceClient::new(manager.clone());
    let report = nomenclatures
        .import_nomenclature(messages)
        .await?
        .into_inner();
    ensure!(report.applied, "communes: {report:?}");

    let mut territories = TerritoryServiceClient::new(manager.clone());
    let header = TerritoriesHeader {
        version_id: DIVISION.to_owned(),
        kind: TerritoryKind::SchemeZone.into(),
        composed_of: AreaKind::Commune.into(),
        region: REGION.to_owned(),
        valid_from: "2023-01-01".to_owned(),
        geography: format!("nomenclatures/geography/versions/{GEOGRAPHY}"),
        source: "Région synthétique".to_owned(),
        file_name: "zones.csv".to_owned(),
        request_id: request_id(),
        ..Default::default()
    };
    let messages = upload(&shapes::division(), header, |header, chunk| {
        ImportTerritoriesRequest { header, chunk }
    });
    let report = territories.import_territories(messages).await?.into_inner();
    ensure!(report.applied, "zones: {report:?}");

    let header = PopulationHeader {
        population_id: "synthetique-2022".to_owned(),
        layout: PopulationLayout::Plain.into(),
        year: 2022,
        areas: AreaKind::Commune.into(),
        source: "Région synthétique".to_owned(),
        file_name: "population.csv".to_owned(),
        request_id: request_id(),
        region: REGION.to_owned(),
        dry_run: false,
    };
    let messages = upload(&people, header, |header, chunk| ImportPopulationRequest {
        header,
        chunk,
    });
    let report = territories.import_population(messages).await?.into_inner();
    ensure!(report.applied, "population: {report:?}");
    Ok(())
}

/// Stays of every commune: some zones far above the others, one count too small to be published.
async fn import_activity(manager: &Peer, sites: &[String]) -> anyhow::Result<()> {
    const SHARES: [usize; 6] = [100, 135, 98, 72, 104, 118];
    let mut file =
        "finess;year;month;activity;mode;residence;age_class;sex;stays;patients;days;sessions\n"
            .to_owned();
    for commune in 1..=COMMUNES {
        let zone = zone_of(commune);
        for (rank, activity) in ["MEDECINE", "CHIRURGIE", "OBSTETRIQUE"]
            .into_iter()
            .enumerate()
        {
            let people = 80 + zone * 30;
            let stays = match (activity, zone) {
                ("OBSTETRIQUE", 5) => 1,
                _ => people * SHARES[(zone + rank) % shapes::ZONES.len()] / 150,
            };
            let near = &sites[zone % sites.len()];
            let far = &sites[(zone + 3) % sites.len()];
            for (finess, mode, share) in [(near, "HC", 5), (near, "AMBU", 3), (far, "HC", 2)] {
                let part = (stays * share).div_ceil(10);
                let _ = writeln!(
                    file,
                    "{finess};2023;12;{activity};{mode};00{commune:03};60-64;2;{part};;;"
                );
            }
        }
    }
    let header = |dry_run: bool, sha256: &str| CaseMixHeader {
        field: PmsiField::Mco.into(),
        layout: CaseMixLayout::Plain.into(),
        region: REGION.to_owned(),
        nomenclature: "nomenclatures/major-activities/versions/base".to_owned(),
        source: "Région synthétique".to_owned(),
        extraction_date: "2024-03-01".to_owned(),
        file_name: "activite.csv".to_owned(),
        dry_run,
        sha256: sha256.to_owned(),
        request_id: request_id(),
        ..Default::default()
    };
    let mut client = CaseMixServiceClient::new(manager.clone());
    let mut send = async |header: CaseMixHeader| -> anyhow::Result<CaseMixReport> {
        let messages = upload(&file, header, |header, chunk| ImportCaseMixRequest {
            header,
            chunk,
        });
        Ok(client.import_case_mix(messages).await?.into_inner())
    };
    let look = send(header(true, "")).await?.file.context("a report")?;
    ensure!(look.errors == 0, "activity: {look:?}");
    let applied = send(header(false, &look.sha256)).await?;
    let file = applied.file.as_ref().context("a report")?;
    ensure!(file.applied, "activity: {:?}", applied.gates);
    Ok(())
}

async fn publish(manager: &Peer) -> anyhow::Result<()> {
    let basis = RateBasis {
        field: PmsiField::Mco.into(),
        year: 2023,
        unit: Unit::Stays.into(),
        territory_version: "territoryVersions/zones-00-2023".to_owned(),
        population: "populations/synthetique-2022".to_owned(),
        ..Default::default()
    };
    let mut client = RateServiceClient::new(manager.clone());
    for (version, correction) in ["", "Séjours de décembre, oubliés dans la version 1."]
        .into_iter()
        .enumerate()
    {
        let request = PublishRatesRequest {
            series: SERIES.to_owned(),
            title: "Recours à l’hôpital en 2023 <b>région synthétique</b>".to_owned(),
            basis: Some(basis.clone()),
            method: "Séjours des habitants, où qu’ils soient soignés, comparés à ceux qu’ils auraient eus avec les taux de la région, à âge et sexe égaux.".to_owned(),
            sources: "Activité et population engendrées : elles n’existent pas.".to_owned(),
            correction: correction.to_owned(),
            request_id: request_id(),
        };
        let set = client.publish_rates(request).await?.into_inner();
        ensure!(set.version == i32::try_from(version)? + 1, "{set:?}");
        ensure!(set.suppressed > 0, "something is to be hidden");
    }
    Ok(())
}

async fn agree_framework(issuer: &str, peers: &Peers) -> anyhow::Result<()> {
    let line =
        |activity: &str, mode: ActivityMode, indicator: &str, baseline: &str| FrameworkLine {
            activity: activity.to_owned(),
            mode: mode.into(),
            indicator: indicator.to_owned(),
            unit: Unit::Stays.into(),
            baseline: baseline.to_owned(),
            baseline_year: 2022,
            target_year: 2026,
            growth_percent: "4".to_owned(),
            source: "Activité engendrée".to_owned(),
            ..Default::default()
        };
    let mut general = FrameworkServiceClient::new(caller(issuer, peers, "director_general").await?);
    let request = DraftFrameworkRequest {
        region: REGION.to_owned(),
        effect_date: "2024-01-01".to_owned(),
        end_date: "2028-12-31".to_owned(),
        lines: vec![
            line("CHIRURGIE", ActivityMode::All, "MCO_STAYS", "300000"),
            line("MEDECINE", ActivityMode::All, "MCO_STAYS", "120000"),
        ],
        note: String::new(),
        request_id: request_id(),
    };
    let mut framework = general.draft_framework(request).await?.into_inner();
    let council = FrameworkServiceClient::new(caller(issuer, peers, "national_council").await?);
    for mut client in [general, council] {
        let request = AgreeToFrameworkRequest {
            name: framework.name.clone(),
            etag: framework.etag.clone(),
            request_id: request_id(),
        };
        framework = client.agree_to_framework(request).await?.into_inner();
    }
    Ok(())
}

async fn hold_dialogue(issuer: &str, peers: &Peers, sites: &[String]) -> anyhow::Result<()> {
    let manager = caller(issuer, peers, "manager").await?;
    let mut client = DialogueServiceClient::new(caller(issuer, peers, "contract_manager").await?);
    let invited = |rank: usize, title: &str| Participant {
        finess: sites[rank].clone(),
        title: title.to_owned(),
    };
    let request = OpenDialogueRequest {
        region: REGION.to_owned(),
        territory: territory(1),
        title: "Dialogue de la Vallée haute".to_owned(),
        participants: vec![
            invited(0, "Centre hospitalier <script>alert(1)</script>"),
            invited(1, "Clinique de la Vallée"),
            Participant {
                finess: String::new(),
                title: "Conseil territorial de santé".to_owned(),
            },
        ],
        request_id: request_id(),
    };
    let dialogue = client.open_dialogue(request).await?.into_inner();
    let request = RecordSessionRequest {
        name: dialogue.name.clone(),
        etag: dialogue.etag,
        session: Some(DialogueSession {
            date: "2025-10-02".to_owned(),
            subject: "Ouverture".to_owned(),
            minutes: "L’indice de recours dépasse d’un tiers celui de la région ; l’offre de proximité explique une part.".to_owned(),
            present: vec![sites[0].clone()],
        }),
        request_id: request_id(),
    };
    let dialogue = client.record_session(request).await?.into_inner();
    let imports = CaseMixServiceClient::new(manager)
        .list_case_mix_imports(ListCaseMixImportsRequest::default())
        .await?
        .into_inner()
        .imports;
    let import = imports.first().context("an import")?.name.clone();
    let cited = |kind: EvidenceKind, reference: &str, figure: &str| Evidence {
        kind: kind.into(),
        reference: reference.to_owned(),
        locator: "Z1;CHIRURGIE;2023".to_owned(),
        figure: figure.to_owned(),
    };
    let evidence = vec![
        cited(
            EvidenceKind::PublishedRate,
            &format!("publishedRateSets/{SERIES}/versions/2"),
            "indice 1,30",
        ),
        cited(EvidenceKind::CaseMix, &import, "1 240 séjours"),
    ];
    let request = RecordDiagnosisRequest {
        name: dialogue.name.clone(),
        etag: dialogue.etag,
        finding: Some(DiagnosisFinding {
            statement: "Le recours chirurgical est nettement supérieur à celui de la région."
                .to_owned(),
            evidence: evidence.clone(),
        }),
        request_id: request_id(),
    };
    client.record_diagnosis(request).await?;
    let request = ProposeInflectionRequest {
        dialogue: dialogue.name,
        proposal: Some(InflectionProposal {
            activity: "CHIRURGIE".to_owned(),
            mode: ActivityMode::All.into(),
            indicator: "MCO_STAYS".to_owned(),
            unit: Unit::Stays.into(),
            direction: InflectionDirection::Moderate.into(),
            from_value: "1240".to_owned(),
            from_year: 2023,
            to_value: "1150".to_owned(),
            horizon: 2026,
            rationale:
                "Rapprocher le recours de celui de la région, en développant le suivi à domicile."
                    .to_owned(),
            evidence,
        }),
        request_id: request_id(),
    };
    let inflection = client.propose_inflection(request).await?.into_inner();
    let request = RecordPositionRequest {
        name: inflection.name,
        etag: inflection.etag,
        position: Some(Position {
            finess: sites[0].clone(),
            stance: Stance::Against.into(),
            reasons: "La part de patients âgés est plus forte que ne le dit la standardisation."
                .to_owned(),
            ..Default::default()
        }),
        request_id: request_id(),
    };
    client.record_position(request).await?;
    Ok(())
}

async fn record_places(manager: &Peer, sites: &[String]) -> anyhow::Result<()> {
    let line = |rank: usize, mode: ReceptionMode, places: i32| Capacity {
        establishment: sites[rank % sites.len()].clone(),
        line: format!("ligne-{rank}"),
        category: "500".to_owned(),
        kind: CapacityKind::Authorised.into(),
        mode: mode.into(),
        public: CarePublic::OlderPeople.into(),
        places,
        opening_days: 0,
        valid_from: "2020-01-01".to_owned(),
        commune: format!("00{:03}", rank + 1),
        plans: Vec::new(),
        decision: "Arrêté de démonstration".to_owned(),
    };
    let places = [120, 64, 210, 90, 155, 48, 130, 75];
    let capacities = (0..)
        .zip(places)
        .map(|(rank, places)| {
            let mode = if rank == 6 {
                ReceptionMode::Home
            } else {
                ReceptionMode::Permanent
            };
            line(rank, mode, places)
        })
        .collect();
    let request = RecordCapacitiesRequest {
        region: REGION.to_owned(),
        capacities,
        request_id: request_id(),
    };
    CapacityServiceClient::new(manager.clone())
        .record_capacities(request)
        .await?;
    Ok(())
}
