//! Tolerance policies: what each region tolerates, what another policy would have changed, and its adoption.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::{
    controls::v1::{
        GetTolerancePolicyRequest, ListSimulatedContractsRequest, ListTolerancePoliciesRequest,
        TolerancePolicy,
    },
    types::v1::Severity,
};

use super::policy_past::replaceable;
use crate::{
    Failure,
    acts::{Acts, FieldKind, Refusal, policy as policy_acts},
    frame::{Frame, Section},
    pages::{
        Attempt, Exports,
        acting::{Does::Makes, OnList, OnOne},
        html_after, id_of, notice, region_name, regions_of, resource,
    },
    services::{every, within},
    table::{Cell, Export, Table},
    text::{dates, labels, labels::Badge, numbers, upkeep as words},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "policies.html")]
struct ListPage {
    frame: Frame,
    table: Table,
    exports: Exports,
    acts: Acts,
    may_draft: bool,
}

const MOST: usize = 1_000;
/// Simulated contracts that are read for a page.
const MOST_SIMULATED: usize = 5_000;

/// `/tolerances`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor, None).await).await
}

async fn list_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let query = visitor.query();
    let (policies, _) = every!(
        visitor.services.policies(),
        list_tolerance_policies,
        ListTolerancePoliciesRequest::default(),
        tolerance_policies,
        MOST
    )?;
    let table = table(&policies);
    if let Some(export) = Export::asked(query.text("format")) {
        return table.export(export);
    }
    let may_draft = visitor.keeps_contracts();
    let mut acts = Acts::default();
    if may_draft {
        let asked = query.text("modele");
        let model = policies.iter().find(|one| id_of(&one.name) == asked);
        let rules = model.and_then(|one| one.rules.clone());
        let is_another = rules.is_some();
        let rules = rules.unwrap_or_else(policy_acts::usual_rules);
        let form = policy_acts::new_policy(regions_of(visitor), &rules);
        match attempt {
            Some(attempt) => acts.refuse(form, &Refusal::of(attempt)),
            None if is_another => acts.open(form),
            None => acts.forms.push(form),
        }
    }
    let page = ListPage {
        frame: visitor
            .frame("Politiques de tolérance", Section::Campaigns)
            .under("Campagnes", "/campagnes"),
        exports: Exports::of(policy_acts::PATH, &query),
        table,
        acts,
        may_draft,
    };
    html_after(&page, attempt)
}

fn table(policies: &[TolerancePolicy]) -> Table {
    let mut table = Table::new(
        "politiques-de-tolerance",
        "Politiques de tolérance",
        &[
            "Politique",
            "État",
            "Conforme jusqu’à, %#",
            "Mineur jusqu’à, %#",
            "Effectif minimal#",
            "En vigueur du",
            "Remplacée le",
        ],
    );
    for policy in policies {
        let rules = policy.rules.clone().unwrap_or_default();
        table.push(vec![
            Cell::link(
                format!("{}/{}", policy_acts::PATH, id_of(&policy.name)),
                format!(
                    "{} — {} à {}",
                    region_name(&policy.region),
                    rules.first_year,
                    rules.last_year
                ),
            ),
            Cell::Badge(words::policy_state(policy.state())),
            Cell::number(&rules.conforming_percent),
            Cell::number(&rules.minor_percent),
            Cell::number(&rules.minimum_count),
            Cell::if_any(&policy.effect_date, Cell::day),
            Cell::if_any(&policy.replace_date, Cell::day),
        ]);
    }
    table
}

#[derive(Template)]
#[template(path = "policy.html")]
struct Page {
    frame: Frame,
    badge: Badge,
    region: String,
    years: String,
    sentences: Vec<String>,
    bands: Table,
    /// Where another policy is prepared from this one.
    another: Option<String>,
    reasons: String,
    author: String,
    adopted: Option<String>,
    simulations: Table,
    contracts: Table,
    simulated_year: i32,
    acts: Acts,
}

/// `/tolerances/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(policy_page(&visitor, &id, None).await).await
}

async fn policy_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let name = resource("tolerancePolicies", id)?;
    let mut client = visitor.services.policies();
    let policy = client
        .get_tolerance_policy(within(GetTolerancePolicyRequest { name: name.clone() }))
        .await?
        .into_inner();
    let query = visitor.query();
    let last = policy.simulations.iter().map(|one| one.year).max();
    let simulated_year = query.whole("annee").or(last).unwrap_or_default();
    let contracts = if last.is_some() && !visitor.is_establishment() {
        simulated(visitor, &name, simulated_year).await?
    } else {
        simulated_table()
    };
    let path = format!("{}/{id}", policy_acts::PATH);
    let simulations = simulations(&policy, &path).at(&path, &query);
    let contracts = contracts.at(&path, &query);
    let bands = bands(&policy).at(&path, &query);
    if let Some(file) = Table::asked_among(&query, [&simulations, &contracts, &bands]) {
        return file;
    }
    let replaceable = replaceable(visitor, &policy).await?;
    let acts = policy_acts::acts(&policy, &replaceable, &path);
    let acts = acts.after(attempt, &path, &policy.etag, |method| {
        policy_acts::form(method, &replaceable)
    });
    let rules = policy.rules.clone().unwrap_or_default();
    let page = Page {
        frame: visitor
            .frame("Politique de tolérance", Section::Campaigns)
            .under("Campagnes", "/campagnes")
            .under("Politiques de tolérance", policy_acts::PATH)
            .telling(notice(&query, policy_acts::done)),
        badge: words::policy_state(policy.state()),
        region: region_name(&policy.region),
        years: format!("années {} à {}", rules.first_year, rules.last_year),
        sentences: sentences(&policy),
        bands,
        another: visitor
            .keeps_contracts()
            .then(|| format!("{}?modele={id}#CreateTolerancePolicy", policy_acts::PATH)),
        author: labels::signed(policy.author.as_ref(), policy.create_time.as_ref()),
        adopted: policy.adopter.as_ref().map(|adopter| {
            format!(
                "{} ; en vigueur à partir du {}",
                labels::signed(Some(adopter), policy.adopt_time.as_ref()),
                dates::from_wire(&policy.effect_date)
            )
        }),
        simulations,
        reasons: policy.reasons,
        contracts,
        simulated_year,
        acts,
    };
    html_after(&page, attempt)
}

/// The settings, as people read them.
fn sentences(policy: &TolerancePolicy) -> Vec<String> {
    let rules = policy.rules.clone().unwrap_or_default();
    let shown = |text: &str| numbers::from_wire(text);
    let mut said = vec![
        format!(
            "Un écart est conforme jusqu’à {} % de la cible, mineur jusqu’à {} %, majeur au-delà.",
            shown(&rules.conforming_percent),
            shown(&rules.minor_percent)
        ),
        format!(
            "Un effectif n’est pas jugé quand la cible et la valeur sont sous {}.",
            shown(&rules.minimum_count)
        ),
    ];
    if rules.chance_excluded {
        said.push(
            "Un écart que le hasard suffit à expliquer (intervalle à 95 %) n’est pas jugé."
                .to_owned(),
        );
    }
    if rules.priority_after_years > 0 {
        said.push(format!(
            "Un objectif en écart {} années de suite dans le même sens est regardé d’abord.",
            rules.priority_after_years
        ));
    }
    for year in &rules.neutralised_years {
        said.push(format!(
            "{} est mesurée et jamais jugée : {}",
            year.year, year.reasons
        ));
    }
    said
}

/// What each kind of objective is judged by, one line a band, then all the others.
fn bands(policy: &TolerancePolicy) -> Table {
    let mut table = Table::new(
        "seuils",
        "Seuils selon ce que compte l’objectif",
        &[
            "Objectifs en",
            "Conforme jusqu’à, %#",
            "Mineur jusqu’à, %#",
            "Effectif minimal#",
        ],
    );
    let rules = policy.rules.clone().unwrap_or_default();
    let mut line = |units: String, conforming: &str, minor: &str, minimum: &str| {
        table.push(vec![
            Cell::text(units),
            Cell::number(conforming),
            Cell::number(minor),
            Cell::number(minimum),
        ]);
    };
    for band in &rules.bands {
        let units: Vec<&str> = band.units().map(labels::unit).collect();
        line(
            units.join(", "),
            &band.conforming_percent,
            &band.minor_percent,
            &band.minimum_count,
        );
    }
    let rest = if rules.bands.is_empty() {
        "tous les objectifs"
    } else {
        "tous les autres"
    };
    line(
        rest.to_owned(),
        &rules.conforming_percent,
        &rules.minor_percent,
        &rules.minimum_count,
    );
    table
}

fn simulations(policy: &TolerancePolicy, path: &str) -> Table {
    let mut table = Table::new(
        "simulations",
        "Ce que la politique aurait changé",
        &[
            "Année",
            "Contrats#",
            "Constats relevés#",
            "Constats simulés#",
            "En plus#",
            "En moins#",
            "Autre gravité#",
            "Simulée le",
        ],
    );
    for one in &policy.simulations {
        table.push(vec![
            Cell::link(format!("{path}?annee={}", one.year), one.year.to_string()),
            Cell::count(one.contracts),
            Cell::count(one.raised),
            Cell::count(one.would_raise),
            Cell::count(one.added),
            Cell::count(one.removed),
            Cell::count(one.changed),
            Cell::text(dates::timestamp(one.simulate_time.as_ref())),
        ]);
    }
    table
}

fn simulated_table() -> Table {
    Table::new(
        "contrats-simules",
        "Contrat par contrat",
        &["Contrat", "Objectif", "Relevé", "Aurait été", "Lecture"],
    )
}

async fn simulated(visitor: &Visitor, name: &str, year: i32) -> Result<Table, Failure> {
    let request = ListSimulatedContractsRequest {
        tolerance_policy: name.to_owned(),
        year,
        ..Default::default()
    };
    let (contracts, _) = every!(
        visitor.services.policies(),
        list_simulated_contracts,
        request,
        contracts,
        MOST_SIMULATED
    )?;
    let named = contracts.iter().map(|one| one.contract.clone());
    let numbers = crate::pages::names::contracts(&visitor.services, named.collect()).await;
    let mut table = simulated_table();
    let badge = |severity: Severity| match severity {
        Severity::Unspecified => Cell::Empty,
        known => Cell::Badge(labels::severity(known)),
    };
    for contract in &contracts {
        for one in &contract.objectives {
            table.push(vec![
                crate::pages::names::contract_cell(&numbers, &contract.contract),
                Cell::text(one.title.as_str()),
                badge(one.raised()),
                badge(one.would_raise()),
                Cell::text(one.summary.as_str()),
            ]);
        }
    }
    Ok(table)
}

/// Acts on the list.
pub(crate) static ON_LIST: OnList = OnList {
    page: policy_acts::PATH,
    acts: &[(
        "CreateTolerancePolicy",
        Makes(|services, form| Box::pin(policy_acts::send_draft(services, form))),
    )],
    show: |visitor, attempt| Box::pin(list_page(visitor, Some(attempt))),
};

/// Acts on a policy.
pub(crate) static ACTS: OnOne = OnOne {
    of: "tolerancePolicies",
    page: |id| format!("{}/{id}", policy_acts::PATH),
    send: |services, name, method, form| Box::pin(policy_acts::send(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(policy_page(visitor, id, Some(attempt))),
};
