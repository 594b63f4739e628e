//! One establishment: who it is, its contracts, its places and how they are occupied, what it does and is given.

use axum::{extract::Path, response::Response};
use proto::{
    contracts::v1::{Contract, ListContractsRequest},
    establishments::v1::{
        Establishment, GetEstablishmentRequest, GetLegalEntityRequest, RegistryState,
    },
    targets::v1::{
        AllowanceYear, Capacity, CaseMixFigure, GetOccupancyRequest, ListAllowancesRequest,
        ListCapacitiesRequest, ListCaseMixFiguresRequest, ListWaitingListsRequest, Occupancy,
        ReceptionMode, WaitingList,
    },
};
use tonic::{Code, Status};

use super::finances;
use crate::{
    Failure,
    form::{Form, address},
    frame::Section,
    pages::{
        id_of,
        region::peers,
        region_name,
        sheet::{Filter, Part, Sheet},
        tariffs,
    },
    services::{Services, every, within},
    table::{Cell, Table},
    text::{labels, labels::Badge, territory as words},
    visitor::Visitor,
};

/// What is known of an establishment. A part that its reader may not see is empty.
pub(super) struct Known {
    pub(super) site: Establishment,
    /// The legal entity by its name.
    pub(super) owner: String,
    pub(super) contracts: Vec<Contract>,
    pub(super) places: Vec<Capacity>,
    pub(super) occupancy: Vec<Occupancy>,
    pub(super) waiting: Vec<WaitingList>,
    pub(super) activity: Vec<CaseMixFigure>,
    allowances: Vec<AllowanceYear>,
}

const MOST: usize = 1_000;
/// Where establishments are.
pub(crate) const PATH: &str = "/etablissements";

/// The year whose figures are shown: the last whole one, if the address names none.
pub(crate) fn year(visitor: &Visitor, query: &Form) -> i32 {
    let last = visitor.portal.clock.now().year() - 1;
    let asked = query.whole("annee");
    asked
        .filter(|year| (1990..=2100).contains(year))
        .unwrap_or(last)
}

/// What may be read; none where it is kept from the reader, or where nobody recorded it.
pub(crate) fn if_open<T>(answer: Result<T, Status>) -> Result<Option<T>, Status> {
    match answer {
        Ok(known) => Ok(Some(known)),
        Err(status)
            if matches!(
                status.code(),
                Code::PermissionDenied | Code::NotFound | Code::FailedPrecondition
            ) =>
        {
            Ok(None)
        }
        Err(status) => Err(status),
    }
}

/// Reads everything about one establishment in the reader’s sight.
pub(super) async fn read(services: &Services, finess: &str, year: i32) -> Result<Known, Failure> {
    if finess.parse::<kernel::Finess>().is_err() {
        return Err(Failure::NotFound);
    }
    let request = GetEstablishmentRequest {
        name: format!("establishments/{finess}"),
    };
    let mut registry = services.registry();
    let site = registry
        .get_establishment(within(request))
        .await?
        .into_inner();
    let (owner, contracts, (places, occupancy), (waiting, allowances), activity) = tokio::try_join!(
        owner(services, &site.legal_entity),
        contracts(services, finess),
        places(services, &site, year),
        medico_social(services, &site),
        activity(services, finess, year)
    )?;
    Ok(Known {
        site,
        owner,
        contracts,
        places,
        occupancy,
        waiting,
        activity,
        allowances,
    })
}

async fn owner(services: &Services, name: &str) -> Result<String, Failure> {
    let request = GetLegalEntityRequest {
        name: name.to_owned(),
    };
    let answer = services.registry().get_legal_entity(within(request)).await;
    Ok(match if_open(answer)? {
        Some(entity) => entity.into_inner().title,
        None => format!("entité juridique {}", id_of(name)),
    })
}

/// The contracts that cover it.
async fn contracts(services: &Services, finess: &str) -> Result<Vec<Contract>, Failure> {
    let request = ListContractsRequest {
        query: finess.to_owned(),
        ..Default::default()
    };
    let (mut contracts, _) = every!(
        services.contracts(),
        list_contracts,
        request,
        contracts,
        MOST
    )?;
    let site = format!("establishments/{finess}");
    contracts.retain(|contract| {
        let text = contract.text.as_ref();
        text.is_some_and(|text| text.establishments.contains(&site))
    });
    Ok(contracts)
}

/// Its places today, and how those of each kind of reception were occupied in a year.
async fn places(
    services: &Services,
    site: &Establishment,
    year: i32,
) -> Result<(Vec<Capacity>, Vec<Occupancy>), Failure> {
    let request = ListCapacitiesRequest {
        region: site.region.clone(),
        establishment: site.finess.clone(),
        ..Default::default()
    };
    let listed = every!(
        services.capacities(),
        list_capacities,
        request,
        capacities,
        MOST
    );
    let Some((places, _)) = if_open(listed)? else {
        return Ok((Vec::new(), Vec::new()));
    };
    let mut modes: Vec<ReceptionMode> = places.iter().map(Capacity::mode).collect();
    modes.sort_by_key(|mode| i32::from(*mode));
    modes.dedup();
    let mut occupancy = Vec::new();
    for mode in modes {
        let request = GetOccupancyRequest {
            establishment: site.finess.clone(),
            mode: mode.into(),
            year,
        };
        let answer = services.capacities().get_occupancy(within(request)).await;
        occupancy.extend(if_open(answer)?.map(tonic::Response::into_inner));
    }
    Ok((places, occupancy))
}

/// Who waits for a place, and what it was given.
async fn medico_social(
    services: &Services,
    site: &Establishment,
) -> Result<(Vec<WaitingList>, Vec<AllowanceYear>), Failure> {
    let request = ListWaitingListsRequest {
        region: site.region.clone(),
        establishment: site.finess.clone(),
        ..Default::default()
    };
    let listed = every!(
        services.waiting_lists(),
        list_waiting_lists,
        request,
        waiting_lists,
        MOST
    );
    let waiting = if_open(listed)?.map(|(waiting, _)| waiting);
    let request = ListAllowancesRequest {
        establishment: site.finess.clone(),
    };
    let allowances = services.fundings().list_allowances(within(request)).await;
    let allowances = if_open(allowances)?.map(|answer| answer.into_inner().years);
    Ok((waiting.unwrap_or_default(), allowances.unwrap_or_default()))
}

/// What it did in a year, as the PMSI tells it.
async fn activity(
    services: &Services,
    finess: &str,
    year: i32,
) -> Result<Vec<CaseMixFigure>, Failure> {
    let request = ListCaseMixFiguresRequest {
        finess: finess.to_owned(),
        year,
        ..Default::default()
    };
    let listed = every!(
        services.case_mix(),
        list_case_mix_figures,
        request,
        figures,
        MOST
    );
    Ok(if_open(listed)?.map_or_else(Vec::new, |(figures, _)| figures))
}

/// `/etablissements/{finess}`.
pub(crate) async fn page(Path(finess): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(establishment_page(&visitor, &finess).await)
        .await
}

async fn establishment_page(visitor: &Visitor, finess: &str) -> Result<Response, Failure> {
    let query = visitor.query();
    let year = year(visitor, &query);
    let known = read(&visitor.services, finess, year).await?;
    let parts = parts(&known, year);
    let also = further(visitor, &known);
    let site = known.site;
    let frame = visitor
        .frame(&site.title, Section::Registry)
        .under("Établissements", PATH);
    let sheet = Sheet {
        badge: Some(state(&site)),
        over: vec![format!("FINESS {}", site.finess), region_name(&site.region)],
        onward: Some((
            format!("{PATH}/comparaison?finess={finess}"),
            "Comparer à d’autres",
        )),
        also,
        facts: vec![
            ("Entité juridique", known.owner),
            ("Catégorie", category(&site)),
            ("Commune", commune(&site)),
            ("SIRET", or_none(&site.siret)),
        ],
        filters: vec![Filter::Line(
            "annee",
            "Année des chiffres",
            year.to_string(),
        )],
        parts,
        ..Sheet::new(frame, &format!("{PATH}/{finess}"))
    };
    sheet.answer(&query, None)
}

/// Its tariffs and its peers, where it has places, and its accounts.
fn further(visitor: &Visitor, known: &Known) -> Vec<(String, &'static str)> {
    let mut ways = Vec::new();
    if !known.places.is_empty() || !known.allowances.is_empty() {
        ways.push((tariffs::path_of(&known.site.finess), "Tarifs et modulation"));
    }
    ways.extend(finances::way(visitor, &known.site.finess));
    if let Some(place) = known.places.first()
        && !visitor.is_establishment()
    {
        let asked = form_urlencoded::Serializer::new(String::new())
            .append_pair("region", &known.site.region)
            .append_pair("categorie", &place.category)
            .finish();
        ways.push((address(peers::PATH, &asked), "Face à sa catégorie"));
    }
    ways
}

pub(super) fn state(site: &Establishment) -> Badge {
    match site.state() {
        RegistryState::Closed => labels::badge("fermé", ""),
        _ => labels::badge("ouvert", "fr-badge--success"),
    }
}

/// Its category, by name where the registry has one.
pub(crate) fn category(site: &Establishment) -> String {
    match site.category_title.as_str() {
        "" => site.category.clone(),
        title => format!("{title} ({})", site.category),
    }
}

pub(crate) fn commune(site: &Establishment) -> String {
    format!("{} ({})", site.commune, site.department)
}

fn or_none(text: &str) -> String {
    if text.is_empty() { "—" } else { text }.to_owned()
}

fn parts(known: &Known, year: i32) -> Vec<Part> {
    vec![
        Part {
            id: "contrats",
            title: "Contrats".to_owned(),
            table: contracts_table(&known.contracts),
            nothing: "Aucun contrat de votre périmètre ne le couvre.",
        },
        Part {
            id: "places",
            title: "Places".to_owned(),
            table: places_table(&known.places),
            nothing: "Aucune place n’est enregistrée, ou elles ne sont pas dans votre périmètre.",
        },
        Part {
            id: "occupation",
            title: format!("Occupation en {year}"),
            table: occupancy_table(&known.occupancy, year),
            nothing: "Aucune journée n’a été transmise pour cette année.",
        },
        Part {
            id: "attente",
            title: "Personnes en attente".to_owned(),
            table: waiting_table(&known.waiting),
            nothing: "Personne ne l’a dit : ce n’est pas zéro.",
        },
        Part {
            id: "activite",
            title: format!("Activité réalisée en {year}"),
            table: activity_table(&known.activity, year),
            nothing: "Aucune activité n’est importée pour cette année.",
        },
        Part {
            id: "dotations",
            title: "Dotations".to_owned(),
            table: allowances_table(&known.allowances),
            nothing: "Aucune dotation n’est enregistrée.",
        },
    ]
}

fn contracts_table(contracts: &[Contract]) -> Table {
    let mut table = Table::new(
        "contrats",
        "Contrats qui le couvrent",
        &["Contrat", "Intitulé", "État", "Du", "Au"],
    );
    for contract in contracts {
        let text = contract.text.clone().unwrap_or_default();
        table.push(vec![
            Cell::link(
                format!("/contrats/{}", id_of(&contract.name)),
                contract.number.as_str(),
            ),
            Cell::text(text.title),
            Cell::Badge(labels::contract_state(contract.state())),
            Cell::day(&text.effect_date),
            Cell::day(&text.end_date),
        ]);
    }
    table
}

fn places_table(places: &[Capacity]) -> Table {
    let mut table = Table::new(
        "places",
        "Places en vigueur",
        &[
            "Ligne",
            "Accueil",
            "Public",
            "Nature",
            "Places#",
            "Depuis",
            "Décision",
        ],
    );
    for place in places {
        table.push(vec![
            Cell::text(place.line.as_str()),
            Cell::text(words::reception(place.mode())),
            Cell::text(words::public(place.public())),
            Cell::text(words::capacity(place.kind())),
            Cell::count(place.places.into()),
            Cell::day(&place.valid_from),
            Cell::text(place.decision.as_str()),
        ]);
    }
    table
}

fn occupancy_table(occupancy: &[Occupancy], year: i32) -> Table {
    let mut table = Table::new(
        "occupation",
        format!("Occupation en {year}"),
        &[
            "Accueil",
            "Taux d’occupation (%)#",
            "Journées réalisées#",
            "Journées théoriques#",
        ],
    );
    for one in occupancy {
        table.push(vec![
            Cell::text(words::reception(one.mode())),
            Cell::number(&one.rate_percent),
            Cell::number(&one.realised_days),
            Cell::number(&one.theoretical_days),
        ]);
    }
    table
}

fn waiting_table(waiting: &[WaitingList]) -> Table {
    let mut table = Table::new(
        "attente",
        "Personnes en attente d’une place",
        &["Accueil", "Public", "Personnes#", "Au", "Source"],
    );
    for list in waiting {
        table.push(vec![
            Cell::text(words::reception(list.mode())),
            Cell::text(words::public(list.public())),
            Cell::count(list.persons.into()),
            Cell::day(&list.day),
            Cell::text(list.source.as_str()),
        ]);
    }
    table
}

fn activity_table(figures: &[CaseMixFigure], year: i32) -> Table {
    let mut table = Table::new(
        "activite",
        format!("Activité réalisée en {year}"),
        &[
            "Champ",
            "Activité",
            "Mode",
            "Unité",
            "Valeur#",
            "Jusqu’au mois#",
        ],
    );
    for one in figures {
        table.push(vec![
            Cell::text(words::field(one.field())),
            Cell::text(words::activity(&one.activity)),
            Cell::text(words::case_mix_mode(one.mode())),
            Cell::text(labels::unit(one.unit())),
            Cell::count(one.value),
            Cell::count(one.through_month.into()),
        ]);
    }
    table
}

fn allowances_table(years: &[AllowanceYear]) -> Table {
    let mut table = Table::new(
        "dotations",
        "Dotations par année",
        &[
            "Année",
            "Forfait soins (€)#",
            "Résultat de l’équation (€)#",
            "Convergence (%)#",
            "Évolution (points)#",
            "Décision",
        ],
    );
    for one in years {
        let allowance = one.allowance.clone().unwrap_or_default();
        table.push(vec![
            Cell::text(allowance.year.to_string()),
            Cell::number(&allowance.care_allowance),
            Cell::number(&allowance.equation_result),
            Cell::if_any(&one.convergence_percent, Cell::number),
            Cell::if_any(&one.change_points, Cell::number),
            Cell::text(allowance.decision),
        ]);
    }
    table
}
