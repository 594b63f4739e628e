//! One activity on the ground: what people use and what is produced, both beside what would be expected.

use std::collections::BTreeMap;

use kernel::Decimal;
use proto::targets::v1::{Rate, RateState, TerritoryFlow};

use super::{Option3, activity};
use crate::{
    form::Form,
    pages::ground::{Ground, anchor},
    picture::{Area, Interval, Place, Scale, Standing, choropleth, intervals, places},
    table::{Cell, Table},
    text::numbers,
};

/// One activity in every territory.
#[derive(Debug, Default)]
pub(super) struct Mapped {
    pub(super) activity: String,
    pub(super) rates: Vec<Rate>,
    pub(super) flows: Vec<TerritoryFlow>,
    /// Cells masked at the source, which production leaves out.
    pub(super) masked_cells: i64,
}

/// What the page shows of it.
pub(super) struct Map {
    pub(super) title: String,
    /// Of the people, wherever they are treated.
    pub(super) used: String,
    /// In the territory, wherever patients live; none without outlines.
    pub(super) produced: Option<String>,
    /// Class, sign, words, whether it is hatched.
    pub(super) legend: Vec<(&'static str, &'static str, &'static str, bool)>,
    /// Whose outlines they are; empty when the map is made of tiles.
    pub(super) source: String,
    pub(super) masked_cells: i64,
    /// How sure each index is; none where none is known.
    pub(super) spread: Option<String>,
    pub(super) table: Table,
    pub(super) activities: Vec<Option3>,
    /// The rest of the question, for the form that changes the activity.
    pub(super) kept: Vec<(&'static str, String)>,
}

/// Field of the address that names the activity of the map.
pub(super) const FIELD: &str = "carte";
/// Fields of the question that a change of activity keeps.
const KEPT: [&str; 7] = [
    "region",
    "decoupage",
    "territoire",
    "champ",
    "unite",
    "population",
    "annee",
];
/// Production is a count, not an estimate: under this gap it is as expected.
const ALIKE: f64 = 0.05;

/// What is said of one territory.
struct Line<'a> {
    rate: &'a Rate,
    title: &'a str,
    used: Standing,
    produced: Standing,
    /// Cases produced there.
    production: Option<i64>,
    /// Production over what is expected of the people of the territory.
    ratio: Option<f64>,
}

/// The map of an activity, its legend and its table. `titles` are those of territories, by their codes.
pub(super) fn map(
    mapped: &Mapped,
    label: &str,
    titles: &BTreeMap<String, String>,
    ground: Option<&Ground>,
    query: &Form,
) -> Map {
    let lines = lines(mapped, titles);
    let title = format!("{label}, pour un cas attendu");
    let used_title = format!("{title}, consommés par les habitants");
    let (used, produced) = if let Some(ground) = ground {
        let used = areas(&lines, ground, |line| (index(line), line.used));
        let produced = areas(&lines, ground, |line| (line.ratio, line.produced));
        let title = format!("{title}, produits sur place");
        (
            choropleth("carte-consomme", &used_title, Scale::Half, &used),
            Some(choropleth("carte-produit", &title, Scale::Half, &produced)),
        )
    } else {
        let tiled: Vec<Place> = lines
            .iter()
            .map(|line| Place {
                title: line.title.to_owned(),
                value: told(index(line)),
                standing: line.used,
            })
            .collect();
        (places("carte-consomme", &used_title, &tiled), None)
    };
    Map {
        title: label.to_owned(),
        used,
        produced,
        legend: Standing::ALL
            .iter()
            .map(|standing| {
                let is_hatched = ground.is_some() && *standing == Standing::Hidden;
                let (class, sign) = (standing.class(), standing.sign());
                (class, sign, words(*standing), is_hatched)
            })
            .collect(),
        source: ground.map_or_else(String::new, |ground| ground.source.clone()),
        masked_cells: mapped.masked_cells,
        spread: spread(&lines, label),
        table: table(&lines, label).at(activity::PATH, query),
        activities: Vec::new(),
        kept: KEPT
            .iter()
            .map(|name| (*name, query.text(name).to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect(),
    }
}

fn lines<'a>(mapped: &'a Mapped, titles: &'a BTreeMap<String, String>) -> Vec<Line<'a>> {
    let of = |rate: &'a Rate| {
        let flow = mapped
            .flows
            .iter()
            .find(|flow| flow.territory == rate.territory);
        let production = flow.map(|flow| flow.production);
        let ratio = production
            .filter(|_| rate.state() == RateState::Known && rate.expected > 0.0)
            .map(|production| as_figure(production) / rate.expected);
        let used = standing(rate);
        Line {
            rate,
            title: titles.get(&rate.territory).unwrap_or(&rate.territory),
            used,
            produced: match ratio {
                Some(ratio) => Standing::of(ratio, (ratio - 1.0).abs() >= ALIKE),
                None if used == Standing::Hidden => Standing::Hidden,
                None => Standing::Unknown,
            },
            production,
            ratio,
        }
    };
    mapped.rates.iter().map(of).collect()
}

/// A count as a figure to divide: what is beyond its precision is beyond any count of cases.
fn as_figure(count: i64) -> f64 {
    count.to_string().parse().unwrap_or_default()
}

fn standing(rate: &Rate) -> Standing {
    match rate.state() {
        RateState::Known => Standing::of(rate.index, rate.significant),
        RateState::Masked | RateState::Suppressed => Standing::Hidden,
        RateState::NoReference | RateState::Unspecified => Standing::Unknown,
    }
}

fn index(line: &Line<'_>) -> Option<f64> {
    (line.rate.state() == RateState::Known).then_some(line.rate.index)
}

/// A ratio as maps and the table read it.
fn rounded(ratio: f64) -> Decimal {
    numbers::rounded(ratio, 2)
}

fn told(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "—".to_owned(), |ratio| numbers::decimal(rounded(ratio)))
}

/// What a colour says, on both maps and in the table.
fn words(standing: Standing) -> &'static str {
    match standing {
        Standing::WellBelow => "plus de 20\u{202f}% au-dessous de l’attendu",
        Standing::Below => "au-dessous de l’attendu",
        Standing::Alike => "pas d’écart établi",
        Standing::Above => "au-dessus de l’attendu",
        Standing::WellAbove => "plus de 20\u{202f}% au-dessus de l’attendu",
        Standing::Hidden => "non montré (petit effectif masqué à la source)",
        Standing::Unknown => "rien à quoi comparer",
    }
}

fn areas(
    lines: &[Line<'_>],
    ground: &Ground,
    figure: impl Fn(&Line<'_>) -> (Option<f64>, Standing),
) -> Vec<Area> {
    lines
        .iter()
        .map(|line| {
            let (ratio, standing) = figure(line);
            Area {
                title: line.title.to_owned(),
                value: told(ratio),
                told: words(standing).to_owned(),
                class: standing.class(),
                sign: standing.sign(),
                is_hidden: standing == Standing::Hidden,
                href: format!("#{}", anchor(&line.rate.territory)),
                land: ground.land(&line.rate.territory),
            }
        })
        .collect()
}

/// Indices and their intervals, the highest first.
fn spread(lines: &[Line<'_>], label: &str) -> Option<String> {
    let known = lines
        .iter()
        .filter(|line| line.rate.state() == RateState::Known);
    let mut rows: Vec<Interval> = known
        .map(|line| Interval {
            title: line.title.to_owned(),
            value: rounded(line.rate.index),
            low: rounded(line.rate.index_low),
            high: rounded(line.rate.index_high),
            stands_apart: line.rate.significant,
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.value));
    let title = format!("{label}, consommés pour un cas attendu : intervalles à 95\u{202f}%");
    (!rows.is_empty()).then(|| intervals("intervalles", &title, 1.into(), &rows))
}

fn table(lines: &[Line<'_>], label: &str) -> Table {
    let mut table = Table::new(
        "activite-par-territoire",
        format!("{label}, par territoire"),
        &[
            "Territoire",
            "Code",
            "Cas attendus#",
            "Cas des habitants#",
            "Consommés pour un attendu#",
            "Rapport, de#",
            "Rapport, à#",
            "Lecture",
            "Produits sur place#",
            "Produits pour un attendu#",
            "Lecture de la production",
        ],
    );
    for line in lines {
        let rate = line.rate;
        let is_known = rate.state() == RateState::Known;
        let figure = |value: f64, digits: usize| {
            Cell::when(is_known, || Cell::Number(numbers::rounded(value, digits)))
        };
        let has_cases = is_known || rate.state() == RateState::NoReference;
        let row = vec![
            Cell::text(line.title),
            Cell::text(rate.territory.as_str()),
            figure(rate.expected, 1),
            Cell::when(has_cases, || Cell::count(rate.cases)),
            figure(rate.index, 2),
            figure(rate.index_low, 2),
            figure(rate.index_high, 2),
            Cell::text(words(line.used)),
            line.production.map_or(Cell::Empty, Cell::count),
            line.ratio
                .map_or(Cell::Empty, |ratio| Cell::Number(rounded(ratio))),
            Cell::text(words(line.produced)),
        ];
        table.push_named(anchor(&rate.territory), row);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped() -> Mapped {
        let rate = |territory: &str, index: f64| Rate {
            territory: territory.to_owned(),
            activity: "CHI".to_owned(),
            state: RateState::Known.into(),
            cases: 130,
            expected: 100.0,
            index,
            significant: true,
            ..Default::default()
        };
        let mut masked = rate("C", 1.4);
        masked.set_state(RateState::Masked);
        let flow = |territory: &str, production: i64| TerritoryFlow {
            territory: territory.to_owned(),
            production,
            ..Default::default()
        };
        Mapped {
            activity: "CHI".to_owned(),
            rates: vec![rate("A", 1.3), rate("B", 0.9), masked],
            flows: vec![flow("A", 103), flow("B", 250), flow("C", 7)],
            masked_cells: 2,
        }
    }

    fn titles() -> BTreeMap<String, String> {
        [("A".to_owned(), "Littoral".to_owned())].into()
    }

    #[test]
    fn what_is_used_and_what_is_produced_stand_beside_what_is_expected() {
        let ground = Ground::default();
        let query = Form::parse("annee=2023&region=00&format=csv");
        let map = map(&mapped(), "Chirurgie", &titles(), Some(&ground), &query);
        assert!(
            map.used
                .contains("Littoral : 1,3, plus de 20\u{202f}% au-dessus de l’attendu.")
        );
        assert!(map.used.contains("B : 0,9, au-dessous de l’attendu."));
        let produced = map.produced.unwrap();
        assert!(produced.contains("Littoral : 1,03, pas d’écart établi."));
        assert!(produced.contains("B : 2,5, plus de 20\u{202f}% au-dessus de l’attendu."));
        let spread = map.spread.unwrap();
        assert!(spread.contains("Littoral") && !spread.contains("1,4"));
        assert_eq!(map.used.matches("url(#carte-consomme-hachures)").count(), 1);
        assert_eq!(produced.matches("url(#carte-produit-hachures)").count(), 1);
        assert_eq!(
            map.kept,
            [("region", "00".to_owned()), ("annee", "2023".to_owned())]
        );
    }

    #[test]
    fn the_table_says_what_the_maps_say() {
        let map = map(&mapped(), "Chirurgie", &titles(), None, &Form::default());
        assert!(map.produced.is_none() && map.used.contains("<rect"));
        let rows: Vec<(String, Option<&String>)> = map
            .table
            .named_rows()
            .map(|(row, anchor)| (row[9].shown(), anchor))
            .collect();
        assert_eq!(rows[0].0, "1,03");
        assert_eq!(rows[1].1.map(String::as_str), Some("territoire-B"));
        assert_eq!(rows[2].0, "—");
        let masked: Vec<String> = map.table.rows[2].iter().map(Cell::shown).collect();
        assert!(
            !masked.iter().any(|cell| cell.contains("1,4")),
            "{masked:?}"
        );
        assert!(masked[7].contains("masqué") && masked[10].contains("masqué"));
    }
}
