//! Needs: how medico-social places are spread over territories and people, before and after a scenario.

use std::cmp::Ordering;

use askama::Template;
use axum::response::Response;
use kernel::Decimal;
use proto::targets::v1::{
    CapacityKind, CarePublic, Dispersion, GetNeedsRequest, Needs, PlacesChange, ReceptionMode,
};
use tonic::Code;

use super::{
    Option3, chosen_population, options, population_options, populations, regions, territories,
    version_options, versions,
};
use crate::{
    Failure,
    failure::{Explained, explain},
    form::Form,
    frame::{Frame, Section},
    pages::{
        Exports,
        ground::{self, Ground, anchor},
        html, id_of,
    },
    picture::{Area, Change, Classes, Scale, changes, choropleth},
    services::within,
    table::{Cell, Export, Table},
    text::{numbers, territory as words},
    visitor::Visitor,
};

/// One line of a scenario, as it was typed.
struct Line {
    rank: usize,
    territories: Vec<Option3>,
    modes: Vec<Option3>,
    places: String,
}

/// One measure of inequality, before and after.
struct Measure {
    label: &'static str,
    before: String,
    after: String,
}

/// The same rates on the ground, before and after.
struct Maps {
    before: String,
    after: Option<String>,
    /// Class of the colour, bounds.
    legend: Vec<(&'static str, String)>,
    source: String,
}

struct Shown {
    answer: String,
    ages: String,
    source: String,
    picture: String,
    maps: Option<Maps>,
    measures: Vec<Measure>,
    has_scenario: bool,
    table: Table,
}

#[derive(Template)]
#[template(path = "territory_needs.html")]
struct Page {
    frame: Frame,
    regions: Vec<Option3>,
    versions: Vec<Option3>,
    populations: Vec<Option3>,
    publics: Vec<Option3>,
    kinds: Vec<Option3>,
    as_of: String,
    lines: Vec<Line>,
    refusal: Option<Explained>,
    needs: Option<Shown>,
    exports: Exports,
    is_ready: bool,
}

/// Lines of a scenario on the page.
const LINES: usize = 4;

/// `/territoires/besoins`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(needs_page(&visitor).await).await
}

async fn needs_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let (region, regions) = regions(visitor, &query);
    let (versions, populations) =
        tokio::try_join!(versions(services, &region), populations(services))?;
    let (version, version_options) = version_options(&versions, query.text("decoupage"));
    let population = chosen_population(&populations, query.text("population"));
    let is_ready = !version.is_empty() && !population.is_empty();
    let as_of = match query.text("au") {
        "" => visitor.portal.clock.now().date().to_string(),
        day => day.to_owned(),
    };
    let request = GetNeedsRequest {
        activity_year: 0,
        region,
        territory_version: version.clone(),
        public: query
            .whole("public")
            .unwrap_or(CarePublic::OlderPeople.into()),
        population: population.clone(),
        as_of: as_of.clone(),
        kind: query
            .whole("places")
            .unwrap_or(CapacityKind::Authorised.into()),
        scenario: scenario(&query),
    };
    let mut refusal = None;
    let mut needs = None;
    let mut places = Vec::new();
    if is_ready {
        places = territories(services, &version)
            .await?
            .into_iter()
            .map(|one| (format!("{version}/territories/{}", one.code), one.title))
            .collect();
        match services.needs().get_needs(within(request.clone())).await {
            Ok(answer) => {
                let told = answer.into_inner();
                let codes: Vec<&str> = told
                    .territories
                    .iter()
                    .map(|one| id_of(&one.territory))
                    .collect();
                let channels = &visitor.portal.channels;
                let ground = ground::of(channels, &version, &codes).await;
                needs = Some(shown(&told, ground.as_ref()));
            }
            Err(status)
                if matches!(
                    status.code(),
                    Code::InvalidArgument | Code::FailedPrecondition | Code::NotFound
                ) =>
            {
                refusal = Some(explain(&status));
            }
            Err(status) => return Err(status.into()),
        }
    }
    if let (Some(export), Some(needs)) = (Export::asked(query.text("format")), &needs) {
        return needs.table.export(export);
    }
    html(&Page {
        frame: visitor
            .frame("Besoins et équipement", Section::Territories)
            .under("Territoires", "/territoires"),
        regions,
        versions: version_options,
        populations: population_options(&populations, &population),
        publics: options(&words::PUBLICS, request.public),
        kinds: options(&words::CAPACITIES, request.kind),
        as_of,
        lines: lines(&query, &places),
        refusal,
        needs,
        exports: Exports::of("/territoires/besoins", &query),
        is_ready,
    })
}

/// The changes that were typed; a line without a number of places is none.
fn scenario(query: &Form) -> Vec<PlacesChange> {
    (1..=LINES)
        .filter_map(|rank| {
            let places = query
                .whole(&format!("nombre{rank}"))
                .filter(|count| *count != 0)?;
            Some(PlacesChange {
                territory: query.text(&format!("territoire{rank}")).to_owned(),
                mode: query
                    .whole(&format!("accueil{rank}"))
                    .unwrap_or(ReceptionMode::Permanent.into()),
                places,
            })
        })
        .collect()
}

fn lines(query: &Form, places: &[(String, String)]) -> Vec<Line> {
    (1..=LINES)
        .map(|rank| {
            let asked = query.text(&format!("territoire{rank}"));
            Line {
                rank,
                territories: places
                    .iter()
                    .map(|(name, title)| (name.clone(), title.clone(), name == asked))
                    .collect(),
                modes: options(
                    &words::RECEPTIONS,
                    query.whole(&format!("accueil{rank}")).unwrap_or_default(),
                ),
                places: query.text(&format!("nombre{rank}")).to_owned(),
            }
        })
        .collect()
}

fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

fn shown(needs: &Needs, ground: Option<&Ground>) -> Shown {
    let has_scenario = needs.after.is_some();
    let before = needs.before.clone().unwrap_or_default();
    let after = needs.after.clone().unwrap_or_default();
    let rows: Vec<Change> = needs
        .territories
        .iter()
        .filter_map(|one| {
            Some(Change {
                title: one.title.clone(),
                before: decimal(&one.equipment_rate)?,
                after: decimal(&one.equipment_rate_after).filter(|_| has_scenario),
            })
        })
        .collect();
    let regional = decimal(&before.regional_rate).map(|rate| (rate, "région"));
    Shown {
        answer: answer(&before, needs.after.as_ref()),
        ages: match needs.maximum_age {
            0 => format!("habitants de {} ans et plus", needs.minimum_age),
            most => format!("habitants de {} à {most} ans", needs.minimum_age),
        },
        source: needs.population_source.clone(),
        picture: changes(
            "equipement",
            "Taux d’équipement par territoire, avant et après le scénario",
            regional,
            &rows,
        ),
        maps: ground.and_then(|ground| maps(needs, ground, has_scenario)),
        measures: measures(&before, &after),
        has_scenario,
        table: table(needs, has_scenario),
    }
}

/// Two maps with the same classes, so that they can be compared; the second one only with a scenario.
fn maps(needs: &Needs, ground: &Ground, has_scenario: bool) -> Option<Maps> {
    let rates: Vec<[Option<Decimal>; 2]> = needs
        .territories
        .iter()
        .map(|one| [&one.equipment_rate, &one.equipment_rate_after].map(|rate| decimal(rate)))
        .collect();
    let classes = Classes::of(rates.iter().flatten().copied().flatten())?;
    let areas = |moment: usize| -> Vec<Area> {
        let pairs = needs.territories.iter().zip(&rates);
        pairs
            .map(|(one, rates)| {
                let (code, rate) = (id_of(&one.territory), rates[moment]);
                Area {
                    title: one.title.clone(),
                    value: rate.map_or_else(|| "—".to_owned(), numbers::decimal),
                    told: String::new(),
                    class: rate.map_or("pic-place--none", |rate| classes.class(rate)),
                    sign: "",
                    is_hidden: false,
                    href: format!("#{}", anchor(code)),
                    land: ground.land(code),
                }
            })
            .collect()
    };
    let title = "Taux d’équipement par territoire";
    Some(Maps {
        before: choropleth("carte-avant", title, Scale::Half, &areas(0)),
        after: has_scenario.then(|| {
            let title = format!("{title}, après le scénario");
            choropleth("carte-apres", &title, Scale::Half, &areas(1))
        }),
        legend: classes.legend(),
        source: ground.source.clone(),
    })
}

/// Whether territories come nearer to one another, in one sentence.
fn answer(before: &Dispersion, after: Option<&Dispersion>) -> String {
    let Some(ratio) = decimal(&before.ratio) else {
        return "Aucune place n’est connue à cette date.".to_owned();
    };
    let told = format!(
        "Le territoire le mieux doté a {} fois plus de places par habitant que le moins doté",
        numbers::decimal(ratio.round_dp(1))
    );
    let Some(then) = after.and_then(|after| decimal(&after.ratio)) else {
        return format!("{told}.");
    };
    let then_told = numbers::decimal(then.round_dp(1));
    match then.cmp(&ratio) {
        Ordering::Less => format!("{told} ; le scénario réduit l’écart à {then_told}."),
        Ordering::Greater => format!("{told} ; le scénario creuse l’écart à {then_told}."),
        Ordering::Equal => format!("{told} ; le scénario n’y change rien."),
    }
}

fn measures(before: &Dispersion, after: &Dispersion) -> Vec<Measure> {
    let measure = |label, before: &str, after: &str| Measure {
        label,
        before: if before.is_empty() {
            "—".to_owned()
        } else {
            numbers::from_wire(before)
        },
        after: numbers::from_wire(after),
    };
    vec![
        measure(
            "Taux de la région",
            &before.regional_rate,
            &after.regional_rate,
        ),
        measure("Taux le plus bas", &before.lowest_rate, &after.lowest_rate),
        measure(
            "Taux le plus haut",
            &before.highest_rate,
            &after.highest_rate,
        ),
        measure("Rapport entre les deux", &before.ratio, &after.ratio),
        measure(
            "Dispersion (coefficient de variation, %)",
            &before.variation_percent,
            &after.variation_percent,
        ),
        measure(
            "Plus grand écart à la région",
            &before.widest_gap,
            &after.widest_gap,
        ),
    ]
}

fn table(needs: &Needs, has_scenario: bool) -> Table {
    let mut titles = vec![
        "Territoire",
        "Code",
        "Habitants#",
        "Autorisées#",
        "Installées#",
        "Financées#",
        "Taux d’équipement#",
        "Part à domicile (%)#",
    ];
    if has_scenario {
        titles.extend(["Taux après#", "Part à domicile après (%)#"]);
    }
    let mut table = Table::new(
        "besoins",
        "Places pour 1 000 habitants de l’âge concerné",
        &titles,
    );
    let figure = |text: &str| Cell::if_any(text, Cell::number);
    for one in &needs.territories {
        let mut row = vec![
            Cell::text(one.title.as_str()),
            Cell::text(id_of(&one.territory)),
            Cell::count(one.population),
            Cell::count(one.authorised),
            Cell::count(one.installed),
            Cell::count(one.financed),
            figure(&one.equipment_rate),
            figure(&one.home_share_percent),
        ];
        if has_scenario {
            row.push(figure(&one.equipment_rate_after));
            row.push(figure(&one.home_share_percent_after));
        }
        table.push_named(anchor(id_of(&one.territory)), row);
    }
    table
}

#[cfg(test)]
mod tests {
    use proto::targets::v1::TerritoryNeeds;

    use super::*;

    fn dispersion(ratio: &str) -> Dispersion {
        Dispersion {
            ratio: ratio.to_owned(),
            ..Default::default()
        }
    }

    #[test]
    fn the_page_says_whether_a_scenario_brings_territories_nearer() {
        let before = dispersion("1.52");
        assert!(
            answer(&before, None)
                .ends_with("1,5 fois plus de places par habitant que le moins doté.")
        );
        assert!(answer(&before, Some(&dispersion("1.2"))).contains("réduit l’écart à 1,2"));
        assert!(answer(&before, Some(&dispersion("2"))).contains("creuse l’écart à 2"));
        assert!(answer(&dispersion(""), None).contains("Aucune place"));
    }

    #[test]
    fn two_maps_share_their_classes() {
        let territory = |code: &str, before: &str, after: &str| TerritoryNeeds {
            territory: format!("territoryVersions/z/territories/{code}"),
            title: format!("Zone {code}"),
            equipment_rate: before.to_owned(),
            equipment_rate_after: after.to_owned(),
            ..Default::default()
        };
        let needs = Needs {
            territories: vec![territory("A", "10", "10"), territory("B", "30", "20")],
            ..Default::default()
        };
        let ground = Ground::default();
        let both = maps(&needs, &ground, true).unwrap();
        assert!(both.before.contains("Zone B : 30") && both.before.contains("pic-tile--4"));
        let after = both.after.unwrap();
        assert!(after.contains("Zone B : 20") && !after.contains("pic-tile--4"));
        assert_eq!(both.legend.len(), 4);
        assert!(maps(&needs, &ground, false).unwrap().after.is_none());
        assert!(maps(&Needs::default(), &ground, true).is_none());
    }

    #[test]
    fn a_scenario_is_read_from_its_address() {
        let query =
            Form::parse("territoire1=a&accueil1=6&nombre1=-20&territoire2=b&nombre2=&nombre3=0");
        let scenario = scenario(&query);
        assert_eq!(scenario.len(), 1);
        assert_eq!((scenario[0].places, scenario[0].mode), (-20, 6));
    }
}
