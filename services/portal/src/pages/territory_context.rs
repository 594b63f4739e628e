//! What was published about the territories of a contract, beside the review that examines it. Context only: what was not
//! published, or is refused, is left out.

use proto::{
    contracts::v1::Review,
    targets::v1::{GetTerritoryContextRequest, PublishedRate, RateState, TerritoryContext},
};

use crate::{
    acts::{ActForm, Field, TERRITORY, territory_choice},
    services::{Services, within},
    table::{Cell, Table},
};

/// The computed text, as a page shows it.
pub(super) struct ShownTerritory {
    pub(super) lines: Vec<String>,
    pub(super) sha256: String,
    /// The publications that it cites: where they are read, and what they are called.
    pub(super) publications: Vec<(String, String)>,
}

/// What the service of targets tells; none when nothing is published.
pub(super) async fn read(services: &Services, review: &Review) -> Option<TerritoryContext> {
    let request = GetTerritoryContextRequest {
        contract: review.contract.clone(),
        year: review.year,
    };
    let answer = services
        .rates()
        .get_territory_context(within(request))
        .await;
    let context = answer.ok()?.into_inner();
    (!context.publications.is_empty()).then_some(context)
}

pub(super) fn shown(context: &TerritoryContext) -> ShownTerritory {
    let sets = context
        .publications
        .iter()
        .filter_map(|one| one.set.as_ref());
    ShownTerritory {
        lines: context.statement.lines().map(str::to_owned).collect(),
        sha256: context.statement_sha256.clone(),
        publications: sets
            .map(|set| {
                let path = format!("/taux/{}/{}", set.series, set.version);
                (path, set.title.clone())
            })
            .collect(),
    }
}

/// What is added to the form of a note of context: to take the text as it is shown.
pub(super) fn offered(form: ActForm, context: Option<&TerritoryContext>) -> ActForm {
    let Some(context) = context.filter(|_| form.method == "AddReviewContext") else {
        return form;
    };
    let choice = (
        territory_choice(context),
        "les taux publiés du territoire".to_owned(),
    );
    form.with(
        Field::choice(TERRITORY, "Territoire à verser au dossier", vec![choice])
            .hint("Le texte calculé, tel qu’affiché ici, est joint sous son empreinte.")
            .optional(),
    )
}

/// The same figures, one line a territory.
pub(super) fn table(context: &TerritoryContext) -> Table {
    let mut table = Table::new(
        "territoire",
        "Taux de recours publiés des territoires du contrat",
        &[
            "Publication",
            "Territoire",
            "Sites",
            "Taux brut#",
            "Taux standardisé#",
            "Indice de recours#",
            "Indice, au moins#",
            "Indice, au plus#",
        ],
    );
    for publication in &context.publications {
        let title = publication
            .set
            .as_ref()
            .map_or("", |set| set.title.as_str());
        let whole = publication
            .whole
            .as_ref()
            .map(|rate| ("ensemble".to_owned(), String::new(), rate));
        let near = publication.territories.iter().filter_map(|one| {
            let rate = one.rate.as_ref()?;
            Some((rate.territory_title.clone(), one.sites.join(", "), rate))
        });
        for (place, sites, rate) in near.chain(whole) {
            let mut line = vec![
                Cell::text(title),
                Cell::text(place),
                Cell::if_any(&sites, Cell::text),
            ];
            line.extend(figures(rate));
            table.push(line);
        }
    }
    table
}

/// Empty where they are hidden, masked, or without a reference to compare with.
fn figures(published: &PublishedRate) -> [Cell; 5] {
    let rate = published.rate.clone().unwrap_or_default();
    let (is_told, is_compared) = match rate.state() {
        RateState::Known => (true, true),
        RateState::NoReference => (true, false),
        RateState::Masked | RateState::Suppressed | RateState::Unspecified => (false, false),
    };
    let figure = |is_told: bool, figure: f64, digits: usize| {
        Cell::when(is_told, || Cell::number(&format!("{figure:.digits$}")))
    };
    [
        figure(is_told, rate.crude, 1),
        figure(is_compared, rate.direct, 1),
        figure(is_compared, rate.index, 2),
        figure(is_compared, rate.index_low, 2),
        figure(is_compared, rate.index_high, 2),
    ]
}

#[cfg(test)]
mod tests {
    use proto::targets::v1::{PublishedRateSet, Rate, TerritoryOfSites, TerritoryPublication};

    use super::*;

    fn rate(state: RateState, crude: f64) -> PublishedRate {
        PublishedRate {
            rate: Some(Rate {
                state: state.into(),
                crude,
                index: 1.839,
                ..Default::default()
            }),
            territory_title: "Zone A".to_owned(),
            ..Default::default()
        }
    }

    fn context() -> TerritoryContext {
        TerritoryContext {
            contract: "contracts/1".to_owned(),
            year: 2024,
            statement: "Une ligne.\nUne autre.".to_owned(),
            statement_sha256: "ab".to_owned(),
            publications: vec![TerritoryPublication {
                set: Some(PublishedRateSet {
                    series: "mco-93".to_owned(),
                    version: 2,
                    title: "Recours en 2023".to_owned(),
                    ..Default::default()
                }),
                whole: Some(rate(RateState::Suppressed, 0.0)),
                territories: vec![TerritoryOfSites {
                    rate: Some(rate(RateState::Known, 99.96)),
                    sites: vec!["010000040".to_owned()],
                }],
                sites_elsewhere: vec![],
            }],
        }
    }

    #[test]
    fn what_is_published_is_a_text_with_its_source_and_a_table() {
        let context = context();
        let shown = shown(&context);
        assert_eq!(shown.lines.len(), 2);
        let source = ("/taux/mco-93/2".to_owned(), "Recours en 2023".to_owned());
        assert_eq!(shown.publications, [source]);
        let table = table(&context);
        let cells = |line: usize| -> Vec<String> {
            let line = table.rows[line].iter();
            line.map(Cell::shown).collect()
        };
        assert_eq!(cells(0)[1..4], ["Zone A", "010000040", "100"]);
        assert_eq!(cells(0)[5], "1,84");
        // What is hidden is no zero.
        assert_eq!(cells(1)[3], "—");
    }

    #[test]
    fn only_a_note_of_context_takes_it_and_names_what_was_seen() {
        let context = context();
        let form = |method: &str| ActForm::new(method, "Titre", "Bouton");
        let note = offered(form("AddReviewContext"), Some(&context));
        assert_eq!(note.fields.len(), 1);
        assert_eq!(territory_choice(&context), "contracts/1 2024 ab");
        for other in [
            offered(form("ExamineReview"), Some(&context)),
            offered(form("AddReviewContext"), None),
        ] {
            assert!(other.fields.is_empty());
        }
    }
}
