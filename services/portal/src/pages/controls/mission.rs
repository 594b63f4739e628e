//! One mission: its letter and team, the files it rests on, what was noted, and its report.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::{
    controls::v1::{
        DownloadEvidenceRequest, Evidence, GetCampaignRequest, GetMissionRequest, Mission, Remark,
    },
    targets::v1::ListTargetSetsRequest,
    types::v1::Severity,
};

use super::missions::told;
use crate::{
    Failure,
    acts::{Acts, FieldKind, mission as acts, programme::PATH},
    frame::{Frame, Section},
    pages::{Attempt, acting::OnOne, contract, html_after, id_of, names, notice, resource},
    services::{Services, every, within},
    table::{Cell, Table, attachment},
    text::{dates, labels, labels::Badge, missions as words},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "mission.html")]
struct Page {
    frame: Frame,
    badge: Badge,
    kind: &'static str,
    contract: (String, String),
    campaign: (String, String),
    letter: String,
    signatory: String,
    days: (String, String),
    team: Vec<String>,
    evidence: Table,
    remarks: Table,
    /// Conclusions, or why it was cancelled.
    ended: Option<(&'static str, String, String)>,
    acts: Acts,
}

const MOST_SETS: usize = 50;
/// Letters of a hash that a table shows; the file holds them all.
const SHOWN: usize = 16;

/// `/missions/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(mission_page(&visitor, &id, None).await)
        .await
}

async fn mission_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let name = resource("missions", id)?;
    let services = &visitor.services;
    let mut client = services.missions();
    let request = GetMissionRequest { name };
    let mission = client.get_mission(within(request)).await?.into_inner();
    let mut campaigns = services.campaigns();
    let campaign = campaigns.get_campaign(within(GetCampaignRequest {
        name: mission.campaign.clone(),
    }));
    let (contract, campaign, objectives) = tokio::join!(
        contract::read(services, id_of(&mission.contract)),
        campaign,
        objectives(services, &mission)
    );
    let (contract, campaign, objectives) = (contract?, campaign?.into_inner(), objectives?);
    let path = format!("{PATH}/{id}");
    let query = visitor.query();
    let evidence = evidence(&mission.evidence, &path).at(&path, &query);
    let remarks = remarks(&mission, &objectives).at(&path, &query);
    if let Some(file) = Table::asked_among(&query, [&evidence, &remarks]) {
        return file;
    }
    let page = Page {
        frame: visitor
            .frame("Mission de contrôle", Section::Campaigns)
            .under("Campagnes", "/campagnes")
            .under("Missions de contrôle", PATH)
            .telling(notice(&query, acts::done)),
        badge: words::state(mission.state()),
        kind: words::kind(mission.kind()),
        contract: (
            format!("/contrats/{}", id_of(&contract.name)),
            format!("contrat {}", contract.number),
        ),
        campaign: (
            format!("/campagnes/{}", id_of(&campaign.name)),
            told(&campaign),
        ),
        acts: forms(&mission, &objectives, &path, attempt),
        ended: ended(&mission),
        days: (
            dates::from_wire(&mission.start_date),
            dates::from_wire(&mission.end_date),
        ),
        letter: mission.letter.as_ref().map_or_else(String::new, |letter| {
            format!(
                "{}, du {}",
                letter.reference,
                dates::from_wire(&letter.date)
            )
        }),
        signatory: mission.letter.unwrap_or_default().signatory,
        team: mission
            .team
            .iter()
            .map(|one| labels::person(one).to_owned())
            .collect(),
        evidence,
        remarks,
    };
    html_after(&page, attempt)
}

/// Forms for what may be done, and what was typed in one that was not accepted.
fn forms(
    mission: &Mission,
    objectives: &[(String, String)],
    path: &str,
    attempt: Option<&Attempt>,
) -> Acts {
    acts::acts(mission, objectives, path).after(attempt, path, &mission.etag, |method| {
        acts::form(method, mission, objectives)
    })
}

/// How and when it ended.
fn ended(mission: &Mission) -> Option<(&'static str, String, String)> {
    let when = mission.end_time.as_ref()?;
    let (title, text) = if mission.cancellation_reasons.is_empty() {
        ("Conclusions", mission.conclusions.clone())
    } else {
        ("Annulée", mission.cancellation_reasons.clone())
    };
    Some((title, text, dates::timestamp(Some(when))))
}

/// The objectives of the contract, in words, by the identifiers that remarks name.
async fn objectives(
    services: &Services,
    mission: &Mission,
) -> Result<Vec<(String, String)>, Failure> {
    let request = ListTargetSetsRequest {
        contract: mission.contract.clone(),
        ..Default::default()
    };
    let (sets, _) = every!(
        services.target_sets(),
        list_target_sets,
        request,
        target_sets,
        MOST_SETS
    )?;
    let mut objectives: Vec<(String, String)> = sets
        .into_iter()
        .flat_map(|set| set.objectives)
        .map(|one| (one.id, one.title))
        .collect();
    objectives.sort();
    objectives.dedup_by(|one, other| one.0 == other.0);
    Ok(objectives)
}

fn evidence(files: &[Evidence], path: &str) -> Table {
    let mut table = Table::new(
        "pieces",
        "Pièces de la mission",
        &[
            "Pièce",
            "Fichier",
            "Octets#",
            "Empreinte (SHA-256)",
            "Ajoutée par",
            "Le",
        ],
    );
    for file in files {
        let hash = file.sha256.get(..SHOWN).unwrap_or(&file.sha256);
        table.push(vec![
            Cell::text(file.title.as_str()),
            Cell::link(
                format!("{path}/pieces/{}", id_of(&file.name)),
                file.file_name.as_str(),
            ),
            Cell::count(file.size_bytes),
            Cell::text(format!("{hash}…")),
            Cell::text(labels::actor(file.author.as_ref())),
            Cell::text(dates::timestamp(file.create_time.as_ref())),
        ]);
    }
    table
}

fn remarks(mission: &Mission, objectives: &[(String, String)]) -> Table {
    let mut table = Table::new(
        "remarques",
        "Remarques et écarts",
        &[
            "Ce qui a été vu",
            "Nature",
            "Gravité",
            "Fondement",
            "Objectif",
            "Opposable",
            "Pièces",
            "Constat",
        ],
    );
    for remark in &mission.remarks {
        table.push(vec![
            Cell::text(remark.text.as_str()),
            Cell::text(words::remark(remark.kind())),
            match remark.severity() {
                Severity::Unspecified => Cell::Empty,
                known => Cell::Badge(labels::severity(known)),
            },
            Cell::if_any(&remark.legal_basis, Cell::text),
            objectives
                .iter()
                .find(|(id, _)| *id == remark.objective)
                .map_or(Cell::Empty, |(_, title)| Cell::text(title.as_str())),
            Cell::yes_or_no(remark.opposable),
            Cell::if_any(&shown_by(mission, remark), Cell::text),
            Cell::if_any(&remark.finding, |finding| {
                Cell::act(
                    format!("/constats/{}", id_of(finding)),
                    "ouvrir le constat",
                    names::begun(&remark.text),
                )
            }),
        ]);
    }
    table
}

/// The files that show a remark, by their titles.
fn shown_by(mission: &Mission, remark: &Remark) -> String {
    let files = mission.evidence.iter();
    let titles: Vec<&str> = files
        .filter(|file| remark.evidence.contains(&file.name))
        .map(|file| file.title.as_str())
        .collect();
    titles.join(", ")
}

/// `/missions/{id}/pieces/{piece}`: the file as it was added, byte for byte.
pub(crate) async fn piece(Path((id, piece)): Path<(String, String)>, visitor: Visitor) -> Response {
    visitor.answer(download(&visitor, &id, &piece).await).await
}

async fn download(visitor: &Visitor, mission: &str, piece: &str) -> Result<Response, Failure> {
    let name = resource("evidence", piece)?;
    let mission = resource("missions", mission)?;
    let mut client = visitor.services.missions();
    let request = DownloadEvidenceRequest { name };
    let mut parts = client
        .download_evidence(within(request))
        .await?
        .into_inner();
    let (mut file, mut content) = (None, Vec::new());
    while let Some(part) = parts.message().await? {
        file = file.or(part.evidence);
        content.extend(part.chunk);
    }
    // An address that puts a file under another mission is no address of it.
    let file = file
        .filter(|file: &Evidence| file.mission == mission)
        .ok_or(Failure::NotFound)?;
    // Whatever it holds, a browser keeps it as a file.
    Ok(attachment(
        content,
        "application/octet-stream",
        &file.file_name,
    ))
}

/// Acts on a mission.
pub(crate) static ACTS: OnOne = OnOne {
    of: "missions",
    page: |id| format!("{PATH}/{id}"),
    send: |services, name, method, form| Box::pin(acts::send(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(mission_page(visitor, id, Some(attempt))),
};
