//! The establishments of a category side by side on one figure: a question to who is far from the others, never a score and never
//! a rank.

use std::collections::BTreeMap;

use axum::response::Response;
use kernel::Decimal;
use proto::targets::v1::{
    CompareIndicatorRequest, ComparedEstablishment, ComparedFigure, IndicatorComparison,
};
use tonic::Code;

use super::by_region;
use crate::{
    Failure,
    acts::choices,
    failure::explain,
    form::Form,
    frame::Section,
    pages::{
        names, region_name,
        registry::establishment::{PATH as ESTABLISHMENTS, year},
        sheet::{Filter, Part, Picture, Sheet},
    },
    picture::{Spot, Spread, spots},
    services::within,
    table::{Cell, Table},
    text::{numbers, tariff as words},
    visitor::Visitor,
};

/// Where it is.
pub(crate) const PATH: &str = "/territoires/comparaison";
/// EHPAD.
const USUAL: &str = "500";

/// `/territoires/comparaison`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(peers_page(&visitor).await).await
}

async fn peers_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let (region, filter) = by_region(visitor, &query);
    let asked = Asked::read(&query);
    let year = year(visitor, &query);
    let request = CompareIndicatorRequest {
        region: region.clone(),
        category: asked.category.clone(),
        figure: asked.figure.into(),
        indicator: asked.sent_indicator(),
        year,
    };
    let mut client = visitor.services.capacities();
    let (mut compared, mut refusal) = (None, None);
    match client.compare_indicator(within(request)).await {
        Ok(answer) => compared = Some(answer.into_inner()),
        Err(status)
            if matches!(
                status.code(),
                Code::InvalidArgument | Code::FailedPrecondition
            ) =>
        {
            refusal = Some(explain(&status));
        }
        Err(status) => return Err(status.into()),
    }
    let compared_sites = compared
        .iter()
        .flat_map(|compared| &compared.establishments)
        .map(|one| one.establishment.clone());
    let titles = names::sites(&visitor.services, compared_sites.collect()).await;
    let frame = visitor
        .frame("Établissements d’une catégorie", Section::Territories)
        .under("Territoires", "/territoires");
    let mut filters = vec![filter];
    filters.extend(asked.filters());
    filters.push(Filter::Line("annee", "Année", year.to_string()));
    let sheet = Sheet {
        over: vec![
            region_name(&region),
            format!("catégorie {}", asked.category),
            year.to_string(),
        ],
        lead: compared.as_ref().map_or_else(
            || "Chaque établissement à côté de la médiane des autres.".to_owned(),
            answer,
        ),
        facts: compared.as_ref().map(facts).unwrap_or_default(),
        filters,
        button: "Comparer",
        refusal,
        aside: Some((
            "Une question, pas une note",
            "Être loin des autres n’est ni bien ni mal : le public accueilli, l’organisation ou les données déclarées l’expliquent souvent. La \
             comparaison ne classe personne et rien n’en découle ; elle dit à qui une question peut être posée."
                .to_owned(),
        )),
        picture: compared.as_ref().and_then(picture),
        parts: compared.iter().map(|one| part(one, &titles)).collect(),
        ..Sheet::new(frame, PATH)
    };
    sheet.answer(&query, None)
}

/// What the address asks to compare.
struct Asked {
    category: String,
    figure: ComparedFigure,
    indicator: String,
}

impl Asked {
    fn read(query: &Form) -> Self {
        let figure = query
            .whole("chiffre")
            .and_then(|number| ComparedFigure::try_from(number).ok())
            .filter(|figure| *figure != ComparedFigure::Unspecified)
            .unwrap_or(ComparedFigure::AllowancePerPlace);
        let typed = query.text("indicateur");
        let known = words::INDICATORS.iter().find(|(code, _)| *code == typed);
        let indicator = known.map_or(words::INDICATORS[0].0, |(code, _)| code);
        let category = match query.text("categorie") {
            "" => USUAL,
            typed => typed,
        };
        Self {
            category: category.to_owned(),
            figure,
            indicator: indicator.to_owned(),
        }
    }

    /// The allowances are no indicator.
    fn sent_indicator(&self) -> String {
        match self.figure {
            ComparedFigure::AllowancePerPlace
            | ComparedFigure::ChargesPerPlace
            | ComparedFigure::NetChargesPerPlace => String::new(),
            _ => self.indicator.clone(),
        }
    }

    fn filters(&self) -> [Filter; 3] {
        let chosen = i32::from(self.figure).to_string();
        let figures = choices(&words::FIGURES)
            .into_iter()
            .map(|(value, label)| {
                let is_chosen = value == chosen;
                (value, label, is_chosen)
            })
            .collect();
        let indicators = words::INDICATORS
            .iter()
            .map(|(code, label)| {
                let is_chosen = *code == self.indicator;
                ((*code).to_owned(), (*label).to_owned(), is_chosen)
            })
            .collect();
        [
            Filter::Line(
                "categorie",
                "Catégorie FINESS (EHPAD : 500)",
                self.category.clone(),
            ),
            Filter::Choice("chiffre", "Comparer sur", figures),
            Filter::Choice("indicateur", "Indicateur", indicators),
        ]
    }
}

fn answer(compared: &IndicatorComparison) -> String {
    let asked = compared
        .establishments
        .iter()
        .filter(|one| !one.question.is_empty())
        .count();
    let whole = match compared.median.as_str() {
        "" => "moins de cinq chiffres sont connus, rien n’est dit du groupe".to_owned(),
        median => format!("la médiane est de {}", numbers::from_wire(median)),
    };
    let questions = match asked {
        0 => "Aucune question à poser".to_owned(),
        1 => "Une question à poser".to_owned(),
        many => format!("{many} questions à poser"),
    };
    format!("{} : {whole}. {questions}.", compared.title)
}

const FEW: &str = "non dit : moins de dix chiffres connus";

fn facts(compared: &IndicatorComparison) -> Vec<(&'static str, String)> {
    let told = |figure: &str, otherwise: &str| match figure {
        "" => otherwise.to_owned(),
        figure => numbers::from_wire(figure),
    };
    vec![
        (
            "Médiane",
            told(&compared.median, "non dite : moins de cinq chiffres connus"),
        ),
        ("Un dixième est au-dessous de", told(&compared.tenth, FEW)),
        (
            "Un dixième est au-dessus de",
            told(&compared.ninetieth, FEW),
        ),
        (
            "Chiffres connus",
            format!(
                "{} sur {}",
                numbers::whole(compared.establishments_known),
                numbers::whole(compared.establishments_count)
            ),
        ),
    ]
}

fn picture(compared: &IndicatorComparison) -> Option<Picture> {
    let decimal = |text: &str| text.parse::<Decimal>().ok();
    let spot = |one: &ComparedEstablishment| {
        Some(Spot {
            title: one.establishment.clone(),
            value: decimal(&one.value)?,
            is_asked: !one.question.is_empty(),
        })
    };
    let of: Vec<Spot> = compared.establishments.iter().filter_map(spot).collect();
    let spread = Spread {
        median: decimal(&compared.median),
        tenths: decimal(&compared.tenth).zip(decimal(&compared.ninetieth)),
    };
    (!of.is_empty()).then(|| Picture {
        title: "Chacun à côté des autres",
        svg: spots("comparaison-image", &compared.title, spread, &of),
        caption: "Un point par établissement ; le trait marque la médiane, la bande les huit dixièmes du milieu. Un point plein : une question est posée.",
    })
}

fn part(compared: &IndicatorComparison, titles: &BTreeMap<String, String>) -> Part {
    let mut table = Table::new(
        "comparaison",
        format!("{}, {}", compared.title, compared.year),
        &[
            "Établissement",
            "Nom",
            "Valeur#",
            "Ce qu’on en sait",
            "Question à poser",
        ],
    );
    for one in &compared.establishments {
        let path = format!("{ESTABLISHMENTS}/{}", one.establishment);
        let (value, known) = match one.value.as_str() {
            "" => (Cell::Empty, words::missing(compared.figure())),
            value => (Cell::number(value), "connu"),
        };
        table.push(vec![
            Cell::link(path, one.establishment.as_str()),
            names::site_cell(titles, &one.establishment),
            value,
            Cell::text(known),
            match one.question.as_str() {
                "" => Cell::Empty,
                question => Cell::text(question),
            },
        ]);
    }
    Part {
        id: "etablissements",
        title: "Établissement par établissement".to_owned(),
        table,
        nothing: "Aucun établissement de cette catégorie n’a de place enregistrée dans votre périmètre.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn establishment(number: &str, value: &str, question: &str) -> ComparedEstablishment {
        ComparedEstablishment {
            establishment: number.to_owned(),
            value: value.to_owned(),
            unknown: String::new(),
            question: question.to_owned(),
        }
    }

    #[test]
    fn the_picture_and_the_table_tell_the_same_and_nobody_is_ranked() {
        let compared = IndicatorComparison {
            title: "Absentéisme (%)".to_owned(),
            median: "9.5".to_owned(),
            tenth: "3".to_owned(),
            ninetieth: "20".to_owned(),
            figure: ComparedFigure::Indicator.into(),
            establishments: vec![
                establishment("010000040", "25", "Qu’est-ce qui l’explique ?"),
                establishment("010000057", "9.5", ""),
                establishment("010000065", "", ""),
            ],
            ..Default::default()
        };
        assert_eq!(
            answer(&compared),
            "Absentéisme (%) : la médiane est de 9,5. Une question à poser."
        );
        let drawn = picture(&compared).unwrap().svg;
        assert_eq!(drawn.matches("<circle").count(), 2);
        let titles = BTreeMap::from([("010000040".to_owned(), "Les Tilleuls".to_owned())]);
        let table = part(&compared, &titles).table;
        let numbers: Vec<String> = table.rows.iter().map(|row| row[0].shown()).collect();
        assert_eq!(numbers, ["010000040", "010000057", "010000065"]);
        assert_eq!(table.rows[0][1].shown(), "Les Tilleuls");
        assert!(table.rows[2][3].shown().contains("rien n’a été transmis"));
    }

    #[test]
    fn what_is_asked_for_is_one_of_what_is_offered() {
        let asked = Asked::read(&Form::parse("chiffre=99&indicateur=%3Cb%3E&categorie="));
        assert_eq!(asked.figure, ComparedFigure::AllowancePerPlace);
        assert_eq!(asked.indicator, "MS_ABSENTEEISM");
        assert_eq!(
            (asked.category.as_str(), asked.sent_indicator()),
            ("500", String::new())
        );
    }
}
