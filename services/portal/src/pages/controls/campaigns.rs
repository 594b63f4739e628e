//! Campaigns: the list, the plan of a new one, and the progress of one.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::Path, response::Response};
use kernel::Decimal;
use proto::{
    contracts::v1::{ListContractsRequest, ListReviewsRequest, ReviewState},
    controls::v1::{
        Campaign, CampaignState, Control, ControlResult, GetCampaignRequest, ListCampaignsRequest,
        ListControlsRequest, ListTolerancePoliciesRequest,
    },
};

use super::{frozen_data, missions};
use crate::{
    Failure,
    acts::{Acts, FieldKind, Refusal, campaign as campaign_acts},
    frame::{Frame, Section},
    pages::{
        Attempt, Exports,
        acting::{Does::Makes, OnList, OnOne},
        html_after, id_of, notice, region_name, regions_of, resource,
    },
    picture::{Cascade, Tile, cascade, tiles},
    services::{Services, every, within},
    table::{Cell, Export, Table},
    text::{dates, labels, labels::Badge, numbers},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "campaigns.html")]
struct ListPage {
    frame: Frame,
    table: Table,
    exports: Exports,
    acts: Acts,
    may_plan: bool,
}

const MOST: usize = 500;
/// Controls of one campaign that are read for its page.
const MOST_CONTROLS: usize = 25_000;

fn may_act(visitor: &Visitor) -> bool {
    visitor.is("controller") || visitor.is("manager")
}

/// `/campagnes`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor, None).await).await
}

async fn list_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let query = visitor.query();
    let (campaigns, _) = every!(
        visitor.services.campaigns(),
        list_campaigns,
        ListCampaignsRequest::default(),
        campaigns,
        MOST
    )?;
    let mut table = Table::new(
        "campagnes",
        "Campagnes de contrôle",
        &[
            "Campagne",
            "État",
            "Contrats#",
            "Mesurés#",
            "Conformes#",
            "En écart#",
            "Constats#",
            "Données arrêtées le",
        ],
    );
    for campaign in &campaigns {
        let progress = campaign.progress.unwrap_or_default();
        table.push(vec![
            Cell::link(
                format!("/campagnes/{}", id_of(&campaign.name)),
                format!("{} — {}", campaign.year, region_name(&campaign.region)),
            ),
            Cell::Badge(labels::campaign_state(campaign.state())),
            Cell::count(progress.contracts),
            Cell::count(progress.measured),
            Cell::count(progress.conforming),
            Cell::count(progress.deviating),
            Cell::count(progress.findings),
            Cell::text(dates::timestamp(campaign.freeze_time.as_ref())),
        ]);
    }
    if let Some(export) = Export::asked(query.text("format")) {
        return table.export(export);
    }
    let may_plan = may_act(visitor);
    let mut acts = Acts::default();
    if may_plan {
        let form = campaign_acts::new_campaign(regions_of(visitor), policies(visitor).await?);
        match attempt {
            Some(attempt) => acts.refuse(form, &Refusal::of(attempt)),
            None => acts.forms.push(form),
        }
    }
    let page = ListPage {
        frame: visitor
            .frame("Campagnes", Section::Campaigns)
            .telling(notice(&query, campaign_acts::done)),
        exports: Exports::of("/campagnes", &query),
        table,
        acts,
        may_plan,
    };
    html_after(&page, attempt)
}

/// The tolerance policies in sight, in words.
async fn policies(visitor: &Visitor) -> Result<Vec<(String, String)>, Failure> {
    let (policies, _) = every!(
        visitor.services.policies(),
        list_tolerance_policies,
        ListTolerancePoliciesRequest::default(),
        tolerance_policies,
        MOST
    )?;
    Ok(policies
        .into_iter()
        .filter_map(|policy| {
            let rules = policy.rules?;
            let told = format!(
                "{} — {} à {} : ± {} %, majeur au-delà de {} %",
                region_name(&policy.region),
                rules.first_year,
                rules.last_year,
                numbers::from_wire(&rules.conforming_percent),
                numbers::from_wire(&rules.minor_percent)
            );
            Some((policy.name, told))
        })
        .collect())
}

#[derive(Template)]
#[template(path = "campaign.html")]
struct Page {
    frame: Frame,
    badge: Badge,
    year: i32,
    region: String,
    is_running: bool,
    percent: i64,
    figures: Vec<(String, &'static str)>,
    /// The same as a table, for the picture.
    steps: Table,
    picture: String,
    freeze: String,
    /// What was fixed: what it is, and in which version.
    frozen: Vec<(String, String)>,
    acts: Acts,
    table: Table,
    exports: Exports,
    results: Vec<(&'static str, &'static str, bool)>,
    territory: Option<String>,
    territory_table: Table,
    findings_path: String,
    reviews_path: String,
    missions_path: Option<String>,
}

const RESULTS: [(ControlResult, &str); 4] = [
    (ControlResult::Deviating, "en-ecart"),
    (ControlResult::Conforming, "conforme"),
    (ControlResult::NotAssessable, "non-appreciable"),
    (ControlResult::Scheduled, "a-mesurer"),
];

/// `/campagnes/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(campaign_page(&visitor, &id, None).await)
        .await
}

async fn read(services: &Services, id: &str) -> Result<Campaign, Failure> {
    let request = GetCampaignRequest {
        name: resource("campaigns", id)?,
    };
    Ok(services
        .campaigns()
        .get_campaign(within(request))
        .await?
        .into_inner())
}

async fn campaign_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let campaign = read(services, id).await?;
    let (controls, reviews, numbers_of) = tokio::try_join!(
        controls(services, &campaign),
        reviews(services, &campaign),
        contract_numbers(services, &campaign)
    )?;
    let path = format!("/campagnes/{id}");
    let wanted = RESULTS
        .iter()
        .find(|(_, key)| *key == query.text("resultat"))
        .map(|(result, _)| *result);
    let table = controls_table(&controls, wanted, &numbers_of);
    if let Some(export) = Export::asked(query.text("format"))
        && query.text("tableau").is_empty()
    {
        return table.export(export);
    }
    let progress = campaign.progress.unwrap_or_default();
    let acts = campaign_acts::acts(&campaign, &path).after(
        attempt,
        &path,
        &campaign.etag,
        campaign_acts::form,
    );
    let shares = deviating_by_department(&controls);
    let mut territory_table = Table::new(
        "ecarts-par-departement",
        "Part des contrats en écart, par département",
        &["Département", "En écart (%)#"],
    );
    for tile in &shares {
        territory_table.push(vec![
            Cell::text(tile.code.as_str()),
            Cell::Number(tile.value),
        ]);
    }
    let territory_table = territory_table.at(&path, &query);
    let figures = [
        (progress.contracts, "contrats à contrôler"),
        (progress.measured, "contrôles mesurés"),
        (progress.conforming, "conformes"),
        (progress.deviating, "en écart"),
        (progress.not_assessable, "non appréciables"),
        (progress.findings, "constats"),
        (reviews.0, "revues ouvertes"),
        (reviews.1, "revues conclues"),
    ];
    let titles = ["Étape", "Nombre#"];
    let mut steps = Table::new("avancement", "De la mesure aux personnes", &titles);
    for (count, label) in figures {
        steps.push(vec![Cell::text(label), Cell::count(count)]);
    }
    let steps = steps.at(&path, &query);
    if let Some(file) = Table::asked_among(&query, [&territory_table, &steps]) {
        return file;
    }
    let page = Page {
        frame: visitor
            .frame(&format!("Campagne {}", campaign.year), Section::Campaigns)
            .under("Campagnes", "/campagnes")
            .telling(notice(&query, campaign_acts::done)),
        badge: labels::campaign_state(campaign.state()),
        year: campaign.year,
        region: region_name(&campaign.region),
        is_running: campaign.state() == CampaignState::Running,
        percent: progress.measured * 100 / progress.contracts.max(1),
        figures: figures
            .into_iter()
            .map(|(count, label)| (numbers::whole(count), label))
            .collect(),
        steps,
        picture: cascade(
            "cascade",
            &Cascade {
                contracts: progress.contracts,
                measured: progress.measured,
                conforming: progress.conforming,
                deviating: progress.deviating,
                not_assessable: progress.not_assessable,
                reviews: reviews.0,
                concluded: reviews.1,
            },
        ),
        freeze: dates::timestamp(campaign.freeze_time.as_ref()),
        frozen: frozen_data::versions(campaign.frozen.as_ref()),
        results: RESULTS
            .iter()
            .map(|(result, key)| {
                (
                    *key,
                    labels::control_result(*result).text,
                    *key == query.text("resultat"),
                )
            })
            .collect(),
        territory: (shares.len() > 1).then(|| {
            tiles(
                "territoire",
                "Part des contrats en écart, en %, par département",
                &shares,
            )
        }),
        territory_table,
        exports: Exports::of(&path, &query),
        findings_path: format!("/constats?campagne={id}"),
        reviews_path: format!("/revues?campagne={id}"),
        missions_path: missions::sees_missions(visitor).then(|| format!("/missions?campagne={id}")),
        table,
        acts,
    };
    html_after(&page, attempt)
}

async fn controls(services: &Services, campaign: &Campaign) -> Result<Vec<Control>, Failure> {
    let request = ListControlsRequest {
        campaign: campaign.name.clone(),
        ..Default::default()
    };
    let (controls, _) = every!(
        services.controls(),
        list_controls,
        request,
        controls,
        MOST_CONTROLS
    )?;
    Ok(controls)
}

/// How many reviews the campaign opened, and how many people concluded.
async fn reviews(services: &Services, campaign: &Campaign) -> Result<(i64, i64), Failure> {
    let request = ListReviewsRequest {
        campaign: campaign.name.clone(),
        ..Default::default()
    };
    let (reviews, _) = every!(
        services.reviews(),
        list_reviews,
        request,
        reviews,
        MOST_CONTROLS
    )?;
    let concluded = reviews
        .iter()
        .filter(|review| review.state() == ReviewState::Concluded);
    let count = |count: usize| i64::try_from(count).unwrap_or(0);
    Ok((count(reviews.len()), count(concluded.count())))
}

/// What a contract is called, by resource name.
type Contracts = BTreeMap<String, String>;

async fn contract_numbers(services: &Services, campaign: &Campaign) -> Result<Contracts, Failure> {
    let request = ListContractsRequest {
        region: campaign.region.clone(),
        ..Default::default()
    };
    let (contracts, _) = every!(
        services.contracts(),
        list_contracts,
        request,
        contracts,
        MOST_CONTROLS
    )?;
    Ok(contracts
        .into_iter()
        .map(|contract| (contract.name, contract.number))
        .collect())
}

fn controls_table(
    controls: &[Control],
    wanted: Option<ControlResult>,
    contracts: &Contracts,
) -> Table {
    let mut table = Table::new(
        "controles",
        "Contrôles de la campagne",
        &["Contrat", "Département", "Résultat", "Mesuré le"],
    );
    let shown = controls
        .iter()
        .filter(|control| wanted.is_none_or(|wanted| control.result() == wanted));
    for control in shown {
        let known = contracts.get(&control.contract);
        let number = known.map_or("contrat", String::as_str);
        table.push(vec![
            Cell::link(format!("/contrats/{}", id_of(&control.contract)), number),
            Cell::if_any(&control.departments.join(", "), Cell::text),
            Cell::Badge(labels::control_result(control.result())),
            Cell::text(dates::timestamp(control.measure_time.as_ref())),
        ]);
    }
    table
}

/// The share of controlled contracts that deviate, in per cent, by département of their sites. A contract whose sites are
/// in several counts in each.
fn deviating_by_department(controls: &[Control]) -> Vec<Tile> {
    let mut counts: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for control in controls {
        for department in &control.departments {
            let (deviating, all) = counts.entry(department).or_default();
            *all += 1;
            *deviating += i64::from(control.result() == ControlResult::Deviating);
        }
    }
    counts
        .into_iter()
        .map(|(code, (deviating, all))| Tile {
            code: code.to_owned(),
            value: (Decimal::from(deviating * 100) / Decimal::from(all.max(1))).round(),
        })
        .collect()
}

/// Acts on the list.
pub(crate) static ON_LIST: OnList = OnList {
    page: campaign_acts::PATH,
    acts: &[(
        "CreateCampaign",
        Makes(|services, form| Box::pin(campaign_acts::send_plan(services, form))),
    )],
    show: |visitor, attempt| Box::pin(list_page(visitor, Some(attempt))),
};

/// Acts on a campaign.
pub(crate) static ACTS: OnOne = OnOne {
    of: "campaigns",
    page: |id| format!("/campagnes/{id}"),
    send: |services, name, method, form| {
        Box::pin(campaign_acts::send(services, name, method, form))
    },
    show: |visitor, id, attempt| Box::pin(campaign_page(visitor, id, Some(attempt))),
};
