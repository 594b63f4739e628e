//! Territories: the five levels of the dialogue, from the regional framework to needs.

pub(crate) mod activity;
mod activity_map;
mod activity_rates;
pub(crate) mod cascade;
pub(crate) mod dialogue_acts;
pub(crate) mod dialogues;
mod flow_figures;
pub(crate) mod flows;
pub(crate) mod frameworks;
pub(crate) mod inflection;
pub(crate) mod needs;
mod projection;
mod projection_asked;
mod retained;

use askama::Template;
use axum::response::Response;
use proto::targets::v1::{
    ListPopulationsRequest, ListTerritoriesRequest, ListTerritoryVersionsRequest, Population,
    Territory, TerritoryVersion,
};

use super::{ground, html, id_of, region_name, regions_of};
use crate::{
    Failure,
    form::Form,
    frame::{Frame, Section},
    picture::{Area, Scale, choropleth},
    services::{Services, every},
    visitor::Visitor,
};

/// A choice of a form: value, label, whether it is chosen.
pub(crate) type Option3 = (String, String, bool);

/// A way on from the page.
struct Door {
    level: &'static str,
    title: &'static str,
    path: &'static str,
    text: &'static str,
}

#[derive(Template)]
#[template(path = "territories.html")]
struct Page {
    frame: Frame,
    doors: Vec<Door>,
    map: Option<Map>,
}

/// The territories of a region on the ground.
struct Map {
    picture: String,
    region: String,
    source: String,
}

const MOST_VERSIONS: usize = 200;
const MOST_TERRITORIES: usize = 500;

/// `/territoires`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    let agency = !visitor.is_establishment();
    let sees_dialogues = ["contract_manager", "manager", "director_general", "auditor"]
        .iter()
        .any(|role| visitor.is(role))
        || visitor.is_establishment();
    let all = [
        (
            agency,
            Door {
                level: "Niveau 1",
                title: "Du cadre régional aux contrats",
                path: "/territoires/cascade",
                text: "Ce que la région vise, ce que les territoires ont retenu, ce que les contrats additionnent.",
            },
        ),
        (
            true,
            Door {
                level: "Niveau 2",
                title: "Taux de recours publiés",
                path: "/taux",
                text: "Où les habitants recourent plus, ou moins, à l’hôpital. Public.",
            },
        ),
        (
            agency,
            Door {
                level: "Niveau 2",
                title: "Flux de patients",
                path: "/territoires/flux",
                text: "Où les habitants se font soigner, d’où viennent les patients, qui produit.",
            },
        ),
        (
            agency,
            Door {
                level: "Niveau 2",
                title: "Activité et besoins",
                path: "/territoires/activite",
                text: "Ce qu’un territoire consomme et produit, à côté de ce que l’on attendrait de ses habitants.",
            },
        ),
        (
            sees_dialogues,
            Door {
                level: "Niveau 3",
                title: "Dialogues et inflexions",
                path: "/territoires/dialogues",
                text: "Ce que l’agence et les établissements d’un territoire proposent d’infléchir, et la position de chacun.",
            },
        ),
        (
            true,
            Door {
                level: "Médico-social",
                title: "Places médico-sociales",
                path: "/territoires/places",
                text: "Les places autorisées, installées et financées, site par site, et l’acte où chacune figure.",
            },
        ),
        (
            agency,
            Door {
                level: "Médico-social",
                title: "Besoins et équipement",
                path: "/territoires/besoins",
                text: "Les taux d’équipement, leurs écarts, et ce qu’un scénario y changerait.",
            },
        ),
        (
            true,
            Door {
                level: "Médico-social",
                title: "Schéma régional",
                path: "/territoires/schema",
                text: "Ce que le schéma fixe, les contrats qui y répondent, et ce qui n’a pas de réponse.",
            },
        ),
        (
            true,
            Door {
                level: "Médico-social",
                title: "Programmation des contrats",
                path: "/programmations",
                text: "Quels contrats signer, et en quelle année : la décision de l’agence et des départements.",
            },
        ),
        (
            true,
            Door {
                level: "Médico-social",
                title: "Personnes en attente",
                path: "/territoires/attente",
                text: "Qui attend une place, là où quelqu’un le dit.",
            },
        ),
        (
            true,
            Door {
                level: "Médico-social",
                title: "Tarifs des EHPAD",
                path: "/territoires/tarifs",
                text: "Les valeurs du point par département ; le calcul, les cibles et la modulation d’un établissement sont sur sa page.",
            },
        ),
        (
            agency,
            Door {
                level: "Médico-social",
                title: "Établissements d’une catégorie",
                path: "/territoires/comparaison",
                text: "Chacun à côté de la médiane et des dixièmes extrêmes : une question, jamais une note.",
            },
        ),
        (
            agency,
            Door {
                level: "Médico-social",
                title: "Appels à projet",
                path: "/territoires/appels-a-projet",
                text: "Du besoin à l’autorisation : calendrier, candidats, avis, décision.",
            },
        ),
        (
            agency,
            Door {
                level: "Médico-social",
                title: "Coopérations",
                path: "/territoires/cooperations",
                text: "Qui met ses moyens en commun, et ce que cela économise.",
            },
        ),
        (
            agency,
            Door {
                level: "Médico-social",
                title: "Crédits anticipés",
                path: "/territoires/credits",
                text: "Ce qui est notifié d’avance, ce qui en est engagé, et ce qui reste.",
            },
        ),
    ];
    let page = Page {
        frame: visitor.frame("Territoires", Section::Territories),
        doors: all
            .into_iter()
            .filter_map(|(is_shown, door)| is_shown.then_some(door))
            .collect(),
        map: if agency { map(&visitor).await } else { None },
    };
    visitor.answer(html(&page)).await
}

/// Each territory leads to its activity. Without outlines, or for who may not read territories, there is no map.
async fn map(visitor: &Visitor) -> Option<Map> {
    let own = regions_of(visitor);
    let versions = versions(&visitor.services, "").await.ok()?;
    let version = versions.iter().rfind(|version| {
        version.outlines > 0 && own.iter().any(|(code, _)| *code == version.region)
    })?;
    let all = territories(&visitor.services, &version.name).await.ok()?;
    let codes: Vec<&str> = all.iter().map(|one| one.code.as_str()).collect();
    let ground = ground::of(&visitor.portal.channels, &version.name, &codes).await?;
    let areas: Vec<Area> = all
        .iter()
        .map(|one| Area {
            title: one.title.clone(),
            value: String::new(),
            told: String::new(),
            class: "pic-place--low1",
            sign: "",
            is_hidden: false,
            href: format!(
                "{}?region={}&decoupage={}&territoire={}",
                activity::PATH,
                version.region,
                version.name,
                one.code
            ),
            land: ground.land(&one.code),
        })
        .collect();
    let region = region_name(&version.region);
    let title = format!("Territoires : {region}");
    Some(Map {
        picture: choropleth("carte", &title, Scale::Whole, &areas),
        region,
        source: ground.source,
    })
}

/// The region that is looked at, and those that may be.
pub(crate) fn regions(visitor: &Visitor, query: &Form) -> (String, Vec<Option3>) {
    let all = regions_of(visitor);
    let asked = query.text("region");
    let chosen = all
        .iter()
        .find(|(code, _)| code == asked)
        .or_else(|| all.first())
        .map(|(code, _)| code.clone())
        .unwrap_or_default();
    let options = all
        .into_iter()
        .map(|(code, name)| {
            let is_chosen = code == chosen;
            (code, name, is_chosen)
        })
        .collect();
    (chosen, options)
}

/// The versions of the territories of a region, the one that is looked at first among equals.
pub(crate) async fn versions(
    services: &Services,
    region: &str,
) -> Result<Vec<TerritoryVersion>, Failure> {
    let request = ListTerritoryVersionsRequest {
        region: region.to_owned(),
        ..Default::default()
    };
    let (versions, _) = every!(
        services.territories(),
        list_territory_versions,
        request,
        versions,
        MOST_VERSIONS
    )?;
    Ok(versions)
}

/// Versions as a choice; the first when none is asked for.
fn version_options(versions: &[TerritoryVersion], asked: &str) -> (String, Vec<Option3>) {
    let chosen = versions
        .iter()
        .find(|version| version.name == asked)
        .or_else(|| versions.last())
        .map(|version| version.name.clone())
        .unwrap_or_default();
    let options = versions
        .iter()
        .map(|version| {
            let label = format!("{} — {}", id_of(&version.name), version.source);
            (version.name.clone(), label, version.name == chosen)
        })
        .collect();
    (chosen, options)
}

async fn populations(services: &Services) -> Result<Vec<Population>, Failure> {
    let (populations, _) = every!(
        services.territories(),
        list_populations,
        ListPopulationsRequest::default(),
        populations,
        MOST_VERSIONS
    )?;
    Ok(populations)
}

/// The population that is asked for, or the most recent one.
fn chosen_population(populations: &[Population], asked: &str) -> String {
    populations
        .iter()
        .find(|one| one.name == asked)
        .or_else(|| populations.iter().max_by_key(|one| one.year))
        .map(|one| one.name.clone())
        .unwrap_or_default()
}

/// Populations as a choice.
fn population_options(populations: &[Population], chosen: &str) -> Vec<Option3> {
    populations
        .iter()
        .map(|one| {
            let label = format!("{} ({})", one.source, one.year);
            (one.name.clone(), label, one.name == chosen)
        })
        .collect()
}

/// The territories of a version.
pub(crate) async fn territories(
    services: &Services,
    version: &str,
) -> Result<Vec<Territory>, Failure> {
    let request = ListTerritoriesRequest {
        parent: version.to_owned(),
        ..Default::default()
    };
    let (territories, _) = every!(
        services.territories(),
        list_territories,
        request,
        territories,
        MOST_TERRITORIES
    )?;
    Ok(territories)
}

/// Choices of an enumeration, by number.
fn options<T: Copy + Into<i32>>(known: &[(T, &str)], chosen: i32) -> Vec<Option3> {
    known
        .iter()
        .map(|(value, label)| {
            let number: i32 = (*value).into();
            (number.to_string(), (*label).to_owned(), number == chosen)
        })
        .collect()
}
