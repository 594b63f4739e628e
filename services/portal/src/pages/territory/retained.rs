//! The projections that a dialogue has retained: what people set, and what follows.

use std::collections::BTreeMap;

use proto::targets::v1::{
    ProjectionInput, ProjectionParameters, RetainedProjection, TerritoryDialogue,
};

use super::{
    projection_asked::{OTHERS, OUTSIDE},
    territories,
};
use crate::{
    table::{Cell, Table},
    text::{dates, labels, numbers, territory as words},
    visitor::Visitor,
};

/// A projection as the page of its dialogue shows it.
pub(super) struct Projected {
    pub(super) title: String,
    pub(super) reasons: String,
    pub(super) who: String,
    pub(super) parameters: Vec<(&'static str, String)>,
    pub(super) source: String,
}

/// Titles of the territories of a dialogue whose projections name them; codes stand for those that cannot be read.
pub(super) async fn titles(
    visitor: &Visitor,
    dialogue: &TerritoryDialogue,
) -> BTreeMap<String, String> {
    let version = dialogue.territory.split_once("/territories/");
    let Some((version, _)) = version.filter(|_| !dialogue.projections.is_empty()) else {
        return BTreeMap::new();
    };
    let territories = territories(&visitor.services, version).await;
    let territories = territories.unwrap_or_default().into_iter();
    territories.map(|one| (one.code, one.title)).collect()
}

pub(super) fn retained(projection: &RetainedProjection) -> Projected {
    let input = projection.input.clone().unwrap_or_default();
    let set = input.parameters.clone().unwrap_or_default();
    Projected {
        title: retained_title(&input),
        reasons: projection.reasons.clone(),
        who: format!(
            "{}, le {}",
            labels::person(&projection.retained_by),
            dates::timestamp(projection.retain_time.as_ref())
        ),
        parameters: parameters(&set),
        source: input.source,
    }
}

fn retained_title(input: &ProjectionInput) -> String {
    let set = input.parameters.clone().unwrap_or_default();
    format!(
        "{} : production de {} à {}",
        words::activity(&input.activity),
        set.base_year,
        set.horizon
    )
}

/// What people set before a projection.
pub(super) fn parameters(set: &ProjectionParameters) -> Vec<(&'static str, String)> {
    vec![
        ("Rééquilibrage", numbers::from_wire(&set.rebalancing)),
        (
            "Taux visé (pour 1 000)",
            numbers::from_wire(&set.reference_rate),
        ),
        (
            "Tendance annuelle",
            numbers::percent_from_wire(&set.yearly_trend_percent),
        ),
        (
            "Facteur d’inadéquation",
            numbers::from_wire(&set.inadequacy_factor),
        ),
        ("Année des taux", set.base_year.to_string()),
        ("Horizon", set.horizon.to_string()),
    ]
}

/// What a producer of a projection is called.
pub(super) fn producer(code: &str, titles: &BTreeMap<String, String>) -> String {
    match code {
        OUTSIDE => "hors région".to_owned(),
        OTHERS => "autres lieux, petits flux réunis".to_owned(),
        code => {
            let title = titles.get(code);
            title.cloned().unwrap_or_else(|| code.to_owned())
        }
    }
}

pub(super) fn projected_table(
    projections: &[RetainedProjection],
    titles: &BTreeMap<String, String>,
) -> Table {
    let mut table = Table::new(
        "projections-retenues",
        "Ce que les projections retenues donnent, par lieu de production",
        &[
            "Projection",
            "Retenue le",
            "Produit à",
            "Au départ (cas)#",
            "À l’horizon (cas)#",
            "Évolution (%)#",
        ],
    );
    for projection in projections {
        let input = projection.input.clone().unwrap_or_default();
        let result = projection.result.clone().unwrap_or_default();
        for one in &result.production {
            table.push(vec![
                Cell::text(retained_title(&input)),
                Cell::text(dates::timestamp(projection.retain_time.as_ref())),
                Cell::text(producer(&one.producer, titles)),
                Cell::number(&one.current),
                Cell::number(&one.production),
                Cell::if_any(&one.change_percent, Cell::number),
            ]);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use proto::targets::v1::{ProjectedProduction, Projection};

    use super::*;

    #[test]
    fn a_retained_projection_shows_what_people_set_and_what_follows() {
        let projection = RetainedProjection {
            input: Some(ProjectionInput {
                activity: "CHIRURGIE".to_owned(),
                parameters: Some(ProjectionParameters {
                    rebalancing: "0.5".to_owned(),
                    yearly_trend_percent: "-1".to_owned(),
                    base_year: 2023,
                    horizon: 2026,
                    ..Default::default()
                }),
                source: "Taux de 2023".to_owned(),
                ..Default::default()
            }),
            result: Some(Projection {
                production: vec![ProjectedProduction {
                    producer: OUTSIDE.to_owned(),
                    current: "20".to_owned(),
                    production: "19".to_owned(),
                    change_percent: "-5".to_owned(),
                }],
                ..Default::default()
            }),
            reasons: "Rapprocher.".to_owned(),
            ..Default::default()
        };
        let shown = retained(&projection);
        assert_eq!(shown.title, "Chirurgie : production de 2023 à 2026");
        assert_eq!(shown.source, "Taux de 2023");
        assert_eq!(shown.parameters[0], ("Rééquilibrage", "0,5".to_owned()));
        let table = projected_table(std::slice::from_ref(&projection), &BTreeMap::new());
        assert_eq!(table.rows[0][2].shown(), "hors région");
        assert_eq!(table.rows[0][5].shown(), "−5");
    }
}
