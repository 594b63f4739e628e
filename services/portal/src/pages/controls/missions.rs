//! Controls on documents or on site: what a region intends to control, and the missions that do it.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use proto::controls::v1::{
    Campaign, CampaignState, ListCampaignsRequest, ListMissionsRequest, ListProgrammesRequest,
    Mission, Programme,
};
use tonic::Status;

use crate::{
    Failure,
    acts::{Acts, FieldKind, Refusal, programme as acts, wrong},
    form::Form,
    frame::{Frame, Section},
    pages::{
        Attempt,
        acting::{
            Does::{Makes, Notes},
            OnList,
        },
        comparison::of_number,
        contract, html_after, id_of, names, notice, region_name, regions_of,
    },
    services::{Services, every},
    table::{Cell, Table},
    text::{dates, missions as words},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "missions.html")]
struct Page {
    frame: Frame,
    /// What the list is restricted to, in words.
    about: String,
    missions: Table,
    programmes: Table,
    acts: Acts,
    sees_missions: bool,
}

const MOST: usize = 2_000;

/// Whether the person reads missions: what they note is preparatory until their report.
pub(crate) fn sees_missions(visitor: &Visitor) -> bool {
    [
        "manager",
        "director_general",
        "controller",
        "reviewer",
        "auditor",
    ]
    .iter()
    .any(|role| visitor.is(role))
}

/// `/missions`, those of a campaign or of a contract when the address names one.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor, None).await).await
}

async fn list_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let (programmes, _) = every!(
        services.missions(),
        list_programmes,
        ListProgrammesRequest::default(),
        programmes,
        MOST
    )?;
    let sees_missions = sees_missions(visitor);
    let about = match query.text("contrat") {
        "" => None,
        id => Some(contract::read(services, id).await?),
    };
    let campaigns = campaigns(services).await?;
    let missions = if sees_missions {
        missions(services, &query).await?
    } else {
        Vec::new()
    };
    let contracts = missions.iter().map(|one| one.contract.clone());
    let numbers = names::contracts(services, contracts.collect()).await;
    let number = about.as_ref().map_or("", |one| one.number.as_str());
    let missions = missions_table(&missions, &campaigns, &numbers).at(acts::PATH, &query);
    let programmes_table = programmes_table(&programmes).at(acts::PATH, &query);
    if let Some(file) = Table::asked_among(&query, [&missions, &programmes_table]) {
        return file;
    }
    let mut offered = Acts::default();
    if visitor.is("controller") {
        let form = acts::mission(number, open(&campaigns), named(&programmes));
        offered.forms.push(form);
    }
    if visitor.is("controller") || visitor.is("manager") {
        offered.forms.push(acts::programme(regions_of(visitor)));
    }
    if let Some(attempt) = attempt {
        let fallback = match attempt.method.as_str() {
            "CreateMission" => acts::mission(number, open(&campaigns), named(&programmes)),
            _ => acts::programme(regions_of(visitor)),
        };
        offered.refuse(fallback, &Refusal::of(attempt));
    }
    let page = Page {
        frame: visitor
            .frame("Missions de contrôle", Section::Campaigns)
            .under("Campagnes", "/campagnes")
            .telling(notice(&query, acts::done)),
        about: match (number, query.text("campagne")) {
            ("", "") => String::new(),
            ("", id) => campaigns
                .iter()
                .find(|one| id_of(&one.name) == id)
                .map(told)
                .unwrap_or_default(),
            (number, _) => format!("contrat {number}"),
        },
        missions,
        programmes: programmes_table,
        acts: offered,
        sees_missions,
    };
    html_after(&page, attempt)
}

async fn missions(services: &Services, query: &Form) -> Result<Vec<Mission>, Failure> {
    let named = |collection: &str, id: &str| match id {
        "" => Ok(String::new()),
        id => crate::pages::resource(collection, id),
    };
    let request = ListMissionsRequest {
        campaign: named("campaigns", query.text("campagne"))?,
        contract: named("contracts", query.text("contrat"))?,
        ..Default::default()
    };
    let (missions, _) = every!(services.missions(), list_missions, request, missions, MOST)?;
    Ok(missions)
}

async fn campaigns(services: &Services) -> Result<Vec<Campaign>, Failure> {
    let (campaigns, _) = every!(
        services.campaigns(),
        list_campaigns,
        ListCampaignsRequest::default(),
        campaigns,
        MOST
    )?;
    Ok(campaigns)
}

/// A campaign in words.
pub(super) fn told(campaign: &Campaign) -> String {
    format!(
        "campagne {} — {}",
        campaign.year,
        region_name(&campaign.region)
    )
}

/// The campaigns in which a mission may be opened, as a choice.
fn open(campaigns: &[Campaign]) -> Vec<(String, String)> {
    campaigns
        .iter()
        .filter(|one| one.state() != CampaignState::Closed)
        .map(|one| (one.name.clone(), told(one)))
        .collect()
}

/// Programmes as a choice.
fn named(programmes: &[Programme]) -> Vec<(String, String)> {
    programmes
        .iter()
        .map(|one| (one.name.clone(), format!("{} — {}", one.year, one.title)))
        .collect()
}

fn missions_table(
    missions: &[Mission],
    campaigns: &[Campaign],
    numbers: &BTreeMap<String, String>,
) -> Table {
    let mut table = Table::new(
        "missions",
        "Missions de contrôle",
        &[
            "Lettre",
            "État",
            "Comment",
            "Campagne",
            "Contrat",
            "Du",
            "Au",
            "Équipe (personnes)#",
        ],
    );
    let campaigns: BTreeMap<&str, String> = campaigns
        .iter()
        .map(|one| (one.name.as_str(), told(one)))
        .collect();
    for mission in missions {
        let letter = mission.letter.clone().unwrap_or_default();
        let campaign = campaigns.get(mission.campaign.as_str());
        table.push(vec![
            Cell::link(
                format!("{}/{}", acts::PATH, id_of(&mission.name)),
                letter.reference,
            ),
            Cell::Badge(words::state(mission.state())),
            Cell::text(words::kind(mission.kind())),
            Cell::link(
                format!("/campagnes/{}", id_of(&mission.campaign)),
                campaign.map_or("campagne", String::as_str),
            ),
            names::contract_cell(numbers, &mission.contract),
            Cell::day(&mission.start_date),
            Cell::day(&mission.end_date),
            Cell::count(i64::try_from(mission.team.len()).unwrap_or(0)),
        ]);
    }
    table
}

fn programmes_table(programmes: &[Programme]) -> Table {
    let mut table = Table::new(
        "programmes",
        "Programmes de contrôle",
        &["Année", "Région", "Programme", "Priorités", "Enregistré le"],
    );
    for programme in programmes {
        table.push(vec![
            Cell::text(programme.year.to_string()),
            Cell::text(region_name(&programme.region)),
            Cell::text(programme.title.as_str()),
            Cell::text(programme.priorities.as_str()),
            Cell::text(dates::timestamp(programme.create_time.as_ref())),
        ]);
    }
    table
}

/// Acts on the list.
pub(crate) static ON_LIST: OnList = OnList {
    page: acts::PATH,
    acts: &[
        (
            "CreateProgramme",
            Notes(|services, form| Box::pin(acts::send_programme(services, form))),
        ),
        (
            "CreateMission",
            Makes(|services, form| Box::pin(open_mission(services, form))),
        ),
    ],
    show: |visitor, attempt| Box::pin(list_page(visitor, Some(attempt))),
};

/// Opens a mission on the contract that was typed.
async fn open_mission(services: &Services, form: &Form) -> Result<String, Status> {
    let unknown = || {
        let why = "Aucun contrat de votre périmètre ne porte ce numéro.";
        wrong("contract", why)
    };
    let contract = of_number(services, form.text("contract"))
        .await?
        .ok_or_else(unknown)?;
    acts::send_mission(services, contract.name, form).await
}
