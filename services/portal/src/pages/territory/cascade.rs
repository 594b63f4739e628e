//! The cascade: what the region aims at, what its territories retained, what its contracts add up to. It informs; nothing
//! is blocked by it.

use askama::Template;
use axum::response::Response;
use kernel::Decimal;
use proto::targets::v1::{CascadeLine, FrameworkLine, GetCascadeRequest};
use tonic::Code;

use super::{Option3, regions};
use crate::{
    Failure,
    acts::framework,
    frame::{Frame, Section},
    pages::{Exports, html, region_name},
    picture::{Level, levels},
    services::within,
    table::{Cell, Export, Table},
    text::{dates, labels, numbers, territory as words},
    visitor::Visitor,
};

struct Shown {
    title: String,
    years: String,
    /// What the figures say, in one sentence.
    answer: String,
    picture: String,
    coverage: String,
    ambulatory: String,
    source: String,
}

#[derive(Template)]
#[template(path = "territory_cascade.html")]
struct Page {
    frame: Frame,
    regions: Vec<Option3>,
    region: String,
    as_of: String,
    day: String,
    revision: i32,
    lines: Vec<Shown>,
    table: Table,
    exports: Exports,
    /// Where frameworks are drafted and agreed.
    frameworks: String,
}

/// `/territoires/cascade`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(cascade_page(&visitor).await).await
}

async fn cascade_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let (region, regions) = regions(visitor, &query);
    let as_of = dates::parse(query.text("au")).map_or_else(String::new, |day| day.to_string());
    let request = GetCascadeRequest {
        region: region.clone(),
        as_of: as_of.clone(),
    };
    let answer = visitor
        .services
        .frameworks()
        .get_cascade(within(request))
        .await;
    let cascade = match answer {
        Ok(cascade) => cascade.into_inner(),
        // No framework is in effect on that day.
        Err(status) if status.code() == Code::NotFound => proto::targets::v1::Cascade::default(),
        Err(status) => return Err(status.into()),
    };
    let table = table(&cascade.lines);
    if let Some(export) = Export::asked(query.text("format")) {
        return table.export(export);
    }
    html(&Page {
        frame: visitor
            .frame("Du cadre régional aux contrats", Section::Territories)
            .under("Territoires", "/territoires"),
        frameworks: format!("{}?region={region}", framework::PATH),
        region: region_name(&region),
        regions,
        day: dates::from_wire(&cascade.as_of),
        as_of,
        revision: cascade.revision,
        lines: (1..)
            .zip(&cascade.lines)
            .map(|(rank, line)| shown(rank, line))
            .collect(),
        table,
        exports: Exports::of("/territoires/cascade", &query),
    })
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap_or_default()
}

fn title(line: &FrameworkLine) -> String {
    format!(
        "{}, {}",
        words::activity(&line.activity),
        words::mode(line.mode())
    )
}

/// What the base becomes with what territories have retained.
fn with_inflections(line: &CascadeLine, aim: &FrameworkLine) -> Decimal {
    number(&aim.baseline) + number(&line.inflections_change)
}

fn shown(rank: i32, line: &CascadeLine) -> Shown {
    let aim = line.line.clone().unwrap_or_default();
    let unit = labels::unit(aim.unit());
    let title = title(&aim);
    let territories = with_inflections(line, &aim);
    let level = |title: &'static str, low: Decimal, high: Decimal, gap: Option<&str>| Level {
        title,
        low,
        high,
        gap: gap.and_then(|gap| gap.parse().ok()),
    };
    let target = number(&line.framework_target);
    // What no contract says is not a gap.
    let contracts_gap = (line.contracts > 0).then_some(line.contracts_gap.as_str());
    let of = [
        level("Cadre régional", target, target, None),
        level(
            "Avec les inflexions retenues",
            territories,
            territories,
            Some(line.inflections_gap.as_str()),
        ),
        level(
            "Somme des contrats",
            number(&line.contracts_lower),
            number(&line.contracts_upper),
            contracts_gap,
        ),
    ];
    Shown {
        answer: answer(line, unit),
        picture: levels(&format!("cascade-{rank}"), &title, unit, &of),
        years: format!(
            "de {} {unit} en {} à {} en {} ({}{}%)",
            numbers::from_wire(&aim.baseline),
            aim.baseline_year,
            numbers::from_wire(&line.framework_target),
            aim.target_year,
            numbers::signed_from_wire(&aim.growth_percent),
            crate::text::NARROW,
        ),
        coverage: format!(
            "{} avec une cible pour {}, {} sans.",
            crate::text::counted(line.contracts.into(), "contrat", "contrats"),
            aim.target_year,
            numbers::whole(line.contracts_without_target.into()),
        ),
        ambulatory: ambulatory(line, &aim),
        source: aim.source,
        title,
    }
}

fn answer(line: &CascadeLine, unit: &str) -> String {
    if line.contracts == 0 {
        return "Aucun contrat ne porte encore de cible pour cette ligne.".to_owned();
    }
    let gap = number(&line.contracts_gap);
    let size = numbers::decimal(gap.abs());
    if gap.is_zero() {
        "Les contrats additionnent exactement la cible régionale.".to_owned()
    } else if gap > Decimal::ZERO {
        format!("Les contrats additionnent {size} {unit} de plus que la cible régionale.")
    } else {
        format!("Il manque {size} {unit} aux contrats pour atteindre la cible régionale.")
    }
}

fn ambulatory(line: &CascadeLine, aim: &FrameworkLine) -> String {
    if aim.ambulatory_share_percent.is_empty() {
        return String::new();
    }
    let aimed = numbers::percent_from_wire(&aim.ambulatory_share_percent);
    if line.contracts_ambulatory_share_percent.is_empty() {
        return format!("Part ambulatoire visée : {aimed} ; les contrats n’en disent rien.");
    }
    format!(
        "Part ambulatoire visée : {aimed} ; contrats : {} ({} points).",
        numbers::percent_from_wire(&line.contracts_ambulatory_share_percent),
        numbers::signed_from_wire(&line.ambulatory_gap_points)
    )
}

fn table(lines: &[CascadeLine]) -> Table {
    let mut table = Table::new(
        "cascade",
        "Du cadre régional aux contrats",
        &[
            "Activité",
            "Unité",
            "Base#",
            "Année cible",
            "Cadre régional#",
            "Inflexions retenues#",
            "Effet des inflexions#",
            "Avec les inflexions#",
            "Écart des inflexions#",
            "Contrats#",
            "Somme basse des contrats#",
            "Somme haute des contrats#",
            "Écart des contrats#",
        ],
    );
    for line in lines {
        let aim = line.line.clone().unwrap_or_default();
        table.push(vec![
            Cell::text(title(&aim)),
            Cell::text(labels::unit(aim.unit())),
            Cell::number(&aim.baseline),
            Cell::text(aim.target_year.to_string()),
            Cell::number(&line.framework_target),
            Cell::count(line.inflections.into()),
            Cell::number(&line.inflections_change),
            Cell::Number(with_inflections(line, &aim)),
            Cell::number(&line.inflections_gap),
            Cell::count(line.contracts.into()),
            Cell::number(&line.contracts_lower),
            Cell::number(&line.contracts_upper),
            Cell::number(&line.contracts_gap),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_figure_of_the_picture_stands_in_the_table() {
        let line = CascadeLine {
            line: Some(FrameworkLine {
                baseline: "422057".to_owned(),
                ..Default::default()
            }),
            framework_target: "426277.57".to_owned(),
            inflections_change: "-1106".to_owned(),
            inflections_gap: "-5326.57".to_owned(),
            contracts: 28,
            contracts_lower: "427543".to_owned(),
            contracts_upper: "427543".to_owned(),
            contracts_gap: "1265.43".to_owned(),
            ..Default::default()
        };
        let drawn = shown(0, &line).picture;
        let table = table(std::slice::from_ref(&line));
        assert_eq!(table.columns.len(), table.rows[0].len());
        let cells: Vec<String> = table.rows[0].iter().map(Cell::shown).collect();
        for figure in ["426\u{202f}277,57", "420\u{202f}951", "427\u{202f}543"] {
            assert!(drawn.contains(figure), "{drawn}");
            assert!(cells.iter().any(|cell| cell == figure), "{cells:?}");
        }
    }

    #[test]
    fn the_gap_is_said_in_words() {
        let line = |contracts: i32, gap: &str| CascadeLine {
            contracts,
            contracts_gap: gap.to_owned(),
            ..Default::default()
        };
        assert!(answer(&line(0, "-2100"), "séjours").contains("Aucun contrat"));
        assert_eq!(
            answer(&line(2, "-1100.5"), "séjours"),
            "Il manque 1\u{202f}100,5 séjours aux contrats pour atteindre la cible régionale."
        );
        assert!(answer(&line(2, "12"), "séjours").contains("12 séjours de plus"));
        assert!(answer(&line(2, "0.0"), "séjours").contains("exactement"));
    }
}
