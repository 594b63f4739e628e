//! What a publication shows: who stands apart, on a map, with intervals, in a table.

use proto::targets::v1::{PublishedRate, Rate, RateState};

use crate::{
    pages::ground::{Ground, anchor},
    picture::{Area, Interval, Place, Scale, Standing, choropleth, intervals, places},
    table::{Cell, Table},
    text::{counted, numbers},
};

/// Code of the total of all territories or activities.
pub(crate) const ALL: &str = "*";

pub(crate) fn activity_title(told: &PublishedRate) -> String {
    let code = told.rate.as_ref().map_or("", |rate| rate.activity.as_str());
    match (code, told.activity_label.as_str()) {
        (ALL, _) => "Toutes les activités".to_owned(),
        (code, "") => code.to_owned(),
        (code, label) if label == code => code.to_owned(),
        (code, label) => format!("{label} ({code})"),
    }
}

fn territory_title(told: &PublishedRate, rate: &Rate) -> String {
    match (rate.territory.as_str(), told.territory_title.as_str()) {
        (ALL, _) => "Ensemble".to_owned(),
        (code, "") => code.to_owned(),
        (_, title) => title.to_owned(),
    }
}

fn standing(rate: &Rate) -> Standing {
    match rate.state() {
        RateState::Known => Standing::of(rate.index, rate.significant),
        RateState::Suppressed => Standing::Hidden,
        _ => Standing::Unknown,
    }
}

/// Who stands apart, in one sentence.
pub(crate) fn answer(rates: &[(&PublishedRate, &Rate)]) -> String {
    let count = |wanted: &[Standing]| {
        let found = rates
            .iter()
            .filter(|(_, rate)| wanted.contains(&standing(rate)));
        i64::try_from(found.count()).unwrap_or(0)
    };
    let above = count(&[Standing::Above, Standing::WellAbove]);
    let below = count(&[Standing::Below, Standing::WellBelow]);
    let whole = counted(
        i64::try_from(rates.len()).unwrap_or(0),
        "territoire",
        "territoires",
    );
    let several = |count: i64| if count < 2 { "a" } else { "ont" };
    match (above, below) {
        (0, 0) => format!("Sur {whole}, aucun ne s’écarte nettement de la référence."),
        (above, 0) => format!(
            "Sur {whole}, {} {} un recours nettement supérieur à la référence.",
            numbers::whole(above),
            several(above)
        ),
        (0, below) => format!(
            "Sur {whole}, {} {} un recours nettement inférieur à la référence.",
            numbers::whole(below),
            several(below)
        ),
        (above, below) => format!(
            "Sur {whole}, {} {} un recours nettement supérieur à la référence, et {} nettement inférieur.",
            numbers::whole(above),
            several(above),
            numbers::whole(below)
        ),
    }
}

/// The rate of the whole.
pub(crate) fn whole(rates: &[PublishedRate], unit: &str) -> Option<String> {
    let total = rates
        .iter()
        .filter_map(|told| told.rate.as_ref())
        .find(|rate| rate.territory == ALL && rate.state() == RateState::Known)?;
    Some(format!(
        "{} {unit} pour 1\u{202f}000 habitants",
        numbers::decimal(numbers::rounded(total.crude, 1))
    ))
}

/// On the ground where the version of territories has outlines, as tiles elsewhere.
pub(crate) fn map(
    rates: &[(&PublishedRate, &Rate)],
    label: &str,
    ground: Option<&Ground>,
) -> String {
    let title = format!("Indices de recours : {label}");
    let value = |rate: &Rate| match rate.state() {
        RateState::Known => numbers::decimal(numbers::rounded(rate.index, 2)),
        _ => "—".to_owned(),
    };
    if let Some(ground) = ground {
        let areas: Vec<Area> = rates
            .iter()
            .map(|(told, rate)| {
                let standing = standing(rate);
                Area {
                    title: territory_title(told, rate),
                    value: value(rate),
                    told: standing.label().to_owned(),
                    class: standing.class(),
                    sign: standing.sign(),
                    is_hidden: standing == Standing::Hidden,
                    href: format!("#{}", anchor(&rate.territory)),
                    land: ground.land(&rate.territory),
                }
            })
            .collect();
        return choropleth("carte", &title, Scale::Whole, &areas);
    }
    let tiles: Vec<Place> = rates
        .iter()
        .map(|(told, rate)| Place {
            title: territory_title(told, rate),
            value: value(rate),
            standing: standing(rate),
        })
        .collect();
    places("carte", &title, &tiles)
}

pub(crate) fn spread(rates: &[(&PublishedRate, &Rate)], label: &str) -> Option<String> {
    let mut rows: Vec<Interval> = rates
        .iter()
        .filter(|(_, rate)| rate.state() == RateState::Known)
        .map(|(told, rate)| Interval {
            title: territory_title(told, rate),
            value: numbers::rounded(rate.index, 2),
            low: numbers::rounded(rate.index_low, 2),
            high: numbers::rounded(rate.index_high, 2),
            stands_apart: rate.significant,
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.value));
    let title = format!("Indices de recours et leurs intervalles à 95 % : {label}");
    (!rows.is_empty()).then(|| intervals("intervalles", &title, 1.into(), &rows))
}

pub(crate) fn table(rates: &[PublishedRate]) -> Table {
    let mut table = Table::new(
        "taux-de-recours",
        "Taux pour 1 000 habitants, par territoire de résidence",
        &[
            "Territoire",
            "Cas#",
            "Habitants#",
            "Taux brut#",
            "Taux standardisé#",
            "Indice#",
            "Indice, de#",
            "Indice, à#",
            "Lecture",
        ],
    );
    for told in rates {
        let Some(rate) = told.rate.as_ref() else {
            continue;
        };
        let known = rate.state() == RateState::Known;
        let is_counted = known || rate.state() == RateState::NoReference;
        let figure = |value: f64, digits| {
            Cell::when(known, || Cell::Number(numbers::rounded(value, digits)))
        };
        let row = vec![
            Cell::text(territory_title(told, rate)),
            Cell::when(is_counted, || Cell::count(rate.cases)),
            Cell::when(rate.population > 0, || Cell::count(rate.population)),
            Cell::when(is_counted, || Cell::Number(numbers::rounded(rate.crude, 1))),
            figure(rate.direct, 1),
            figure(rate.index, 2),
            figure(rate.index_low, 2),
            figure(rate.index_high, 2),
            Cell::text(match rate.state() {
                RateState::Known if rate.territory == ALL => "référence",
                RateState::Known => standing(rate).label(),
                RateState::Suppressed => "non diffusé : effectif trop faible",
                RateState::NoReference => "taux brut seul : rien à quoi le comparer",
                _ => "non mesuré",
            }),
        ];
        match rate.territory.as_str() {
            ALL => table.push(row),
            code => table.push_named(anchor(code), row),
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(territory: &str, index: f64, significant: bool) -> PublishedRate {
        PublishedRate {
            rate: Some(Rate {
                territory: territory.to_owned(),
                state: RateState::Known.into(),
                index,
                significant,
                ..Default::default()
            }),
            territory_title: format!("Zone {territory}"),
            activity_label: String::new(),
        }
    }

    fn told(rates: &[PublishedRate]) -> String {
        let pairs: Vec<_> = rates
            .iter()
            .filter_map(|told| told.rate.as_ref().map(|rate| (told, rate)))
            .collect();
        answer(&pairs)
    }

    #[test]
    fn the_page_answers_first() {
        let rates = [
            rate("A", 1.4, true),
            rate("B", 1.1, true),
            rate("C", 0.7, true),
            rate("D", 1.3, false),
        ];
        assert_eq!(
            told(&rates),
            "Sur 4 territoires, 2 ont un recours nettement supérieur à la référence, et 1 nettement inférieur."
        );
        assert!(told(&rates[3..]).contains("Sur 1 territoire, aucun ne s’écarte"));
        assert!(told(&rates[2..3]).contains("1 a un recours nettement inférieur"));
    }

    #[test]
    fn a_map_has_shapes_where_there_are_outlines_and_tiles_elsewhere() {
        let mut hidden = rate("B", 1.4, true);
        if let Some(rate) = hidden.rate.as_mut() {
            rate.set_state(RateState::Suppressed);
        }
        let rates = [rate("A", 1.4, true), hidden];
        let pairs: Vec<_> = rates
            .iter()
            .filter_map(|told| told.rate.as_ref().map(|rate| (told, rate)))
            .collect();
        let shapes = map(&pairs, "Chirurgie", Some(&Ground::default()));
        assert!(shapes.contains("#territoire-A") && shapes.contains("B : —, non diffusé"));
        assert_eq!(shapes.matches("url(#carte-hachures)").count(), 1);
        assert!(!shapes.contains("B : 1,4"));
        let tiles = map(&pairs, "Chirurgie", None);
        assert!(tiles.contains("<rect") && !tiles.contains("<path"));
        let anchors: Vec<_> = table(&rates)
            .named_rows()
            .map(|(_, anchor)| anchor.cloned())
            .collect();
        assert_eq!(
            anchors,
            [
                Some("territoire-A".to_owned()),
                Some("territoire-B".to_owned())
            ]
        );
    }

    #[test]
    fn a_hidden_rate_shows_no_figure() {
        let mut hidden = rate("A", 1.4, true);
        if let Some(rate) = hidden.rate.as_mut() {
            rate.set_state(RateState::Suppressed);
        }
        let table = table(std::slice::from_ref(&hidden));
        let shown: Vec<String> = table.rows[0].iter().map(Cell::shown).collect();
        assert!(!shown.iter().any(|cell| cell.contains("1,4")), "{shown:?}");
        assert!(
            shown
                .last()
                .is_some_and(|cell| cell.contains("effectif trop faible"))
        );
    }
}
