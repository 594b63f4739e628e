//! What a page of flows shows: a matrix, two maps, who produces, and the tables with the same figures.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Decimal;
use proto::targets::v1::{ComputeFlowsResponse, MarketShare, TerritoryFlow};

use crate::{
    pages::ground::{Ground, anchor},
    picture::{Area, Bar, Classes, Matrix, Scale, bars, choropleth, matrix},
    table::{Cell, Table},
    text::numbers,
};

/// Two maps with the same classes: who leaves, and who comes.
pub(super) struct Maps {
    pub(super) leak: String,
    pub(super) attraction: String,
    /// Class of the colour, bounds in percent.
    pub(super) legend: Vec<(&'static str, String)>,
    pub(super) source: String,
}

/// Territories that a matrix still shows.
const MOST_DRAWN: usize = 16;
/// Establishments that are drawn: the largest.
const MOST_BARS: usize = 12;

/// The names of territories and of establishments, by their codes.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) territories: BTreeMap<String, String>,
    /// Of those that the registry knows.
    pub(super) establishments: BTreeMap<String, String>,
}

impl Names {
    pub(super) fn territory(&self, code: &str) -> String {
        match code {
            "" => "hors région".to_owned(),
            code => {
                let title = self.territories.get(code);
                title.cloned().unwrap_or_else(|| code.to_owned())
            }
        }
    }

    fn establishment(&self, finess: &str) -> Option<&String> {
        self.establishments.get(finess)
    }
}

/// A share as pictures and tables read it.
fn percent(share: f64) -> Decimal {
    numbers::rounded(share * 100.0, 1)
}

fn percent_cell(share: Option<f64>) -> Cell {
    share.map_or(Cell::Empty, |share| Cell::Number(percent(share)))
}

/// Establishments, the largest producer first.
pub(super) fn largest(flows: &ComputeFlowsResponse) -> Vec<&MarketShare> {
    let mut shares: Vec<&MarketShare> = flows.market_shares.iter().collect();
    shares.sort_by(|one, other| {
        let order = other.production.cmp(&one.production);
        order.then_with(|| one.finess.cmp(&other.finess))
    });
    shares
}

/// The territories that a matrix shows, in their order: those whose residents are treated most, where there are many.
fn drawn(flows: &ComputeFlowsResponse) -> Vec<&str> {
    let mut largest: Vec<&TerritoryFlow> = flows.territories.iter().collect();
    largest.sort_by(|one, other| {
        let order = other.consumption.cmp(&one.consumption);
        order.then_with(|| one.territory.cmp(&other.territory))
    });
    largest.truncate(MOST_DRAWN);
    let kept: BTreeSet<&str> = largest.iter().map(|one| one.territory.as_str()).collect();
    let codes = flows.territories.iter().map(|one| one.territory.as_str());
    codes.filter(|code| kept.contains(code)).collect()
}

/// What the matrix leaves out, in words; nothing where it shows every territory.
pub(super) fn left_out(flows: &ComputeFlowsResponse) -> String {
    let others = flows.territories.len().saturating_sub(MOST_DRAWN);
    if others == 0 {
        return String::new();
    }
    format!(
        "L’image montre les {MOST_DRAWN} territoires dont les habitants sont le plus soignés, et réunit {others} autres en une colonne ; les tableaux ont chacun."
    )
}

/// Where the residents of each territory are treated.
pub(super) fn picture(flows: &ComputeFlowsResponse, names: &Names) -> String {
    let codes = drawn(flows);
    let shares: BTreeMap<(&str, &str), f64> = flows
        .cells
        .iter()
        .map(|cell| ((cell.from.as_str(), cell.to.as_str()), cell.share))
        .collect();
    let share = |from: &str, to: &str| shares.get(&(from, to)).copied().unwrap_or_default();
    let others: Vec<&str> = flows
        .territories
        .iter()
        .map(|one| one.territory.as_str())
        .filter(|code| !codes.contains(code))
        .collect();
    let row = |from: &&str| -> Vec<Decimal> {
        let mut row: Vec<f64> = codes.iter().map(|to| share(from, to)).collect();
        if !others.is_empty() {
            row.push(others.iter().map(|to| share(from, to)).sum());
        }
        row.push(share(from, ""));
        row.into_iter().map(percent).collect()
    };
    let mut columns: Vec<String> = codes.iter().map(|code| names.territory(code)).collect();
    if !others.is_empty() {
        columns.push("autres territoires".to_owned());
    }
    columns.push(names.territory(""));
    let of = Matrix {
        rows: codes.iter().map(|code| names.territory(code)).collect(),
        columns,
        shares: codes.iter().map(row).collect(),
    };
    matrix(
        "flux",
        "Où les habitants de chaque territoire se font soigner",
        &of,
    )
}

/// Leak and attraction on the ground; none without a figure.
pub(super) fn maps(flows: &ComputeFlowsResponse, names: &Names, ground: &Ground) -> Option<Maps> {
    let shares = flows
        .territories
        .iter()
        .flat_map(|one| [one.leak, one.attraction]);
    let classes = Classes::of(shares.flatten().map(percent))?;
    let areas = |share: fn(&TerritoryFlow) -> Option<f64>, word: &str| -> Vec<Area> {
        flows
            .territories
            .iter()
            .map(|one| {
                let share = share(one).map(percent);
                Area {
                    title: names.territory(&one.territory),
                    value: share.map_or_else(
                        || "—".to_owned(),
                        |share| format!("{}\u{202f}%", numbers::decimal(share)),
                    ),
                    told: word.to_owned(),
                    class: share.map_or("pic-place--none", |share| classes.class(share)),
                    sign: "",
                    is_hidden: false,
                    href: format!("#{}", anchor(&one.territory)),
                    land: ground.land(&one.territory),
                }
            })
            .collect()
    };
    Some(Maps {
        leak: choropleth(
            "carte-fuite",
            "Habitants soignés ailleurs, par territoire",
            Scale::Half,
            &areas(|one| one.leak, "soignés ailleurs"),
        ),
        attraction: choropleth(
            "carte-attractivite",
            "Patients venus d’ailleurs, par territoire",
            Scale::Half,
            &areas(|one| one.attraction, "venus d’ailleurs"),
        ),
        legend: classes.legend(),
        source: ground.source.clone(),
    })
}

/// The largest producers; none without any.
pub(super) fn producers(flows: &ComputeFlowsResponse, names: &Names) -> Option<String> {
    let of: Vec<Bar> = largest(flows)
        .into_iter()
        .take(MOST_BARS)
        .map(|share| Bar {
            title: names
                .establishment(&share.finess)
                .unwrap_or(&share.finess)
                .clone(),
            value: share.production.into(),
            shown: numbers::whole(share.production),
        })
        .collect();
    let title = "Cas produits, par les établissements qui en produisent le plus";
    (!of.is_empty()).then(|| bars("producteurs", title, &of))
}

/// Consumption and production.
pub(super) fn territories(flows: &ComputeFlowsResponse, names: &Names) -> Table {
    let mut table = Table::new(
        "flux",
        "Consommation et production, par territoire",
        &[
            "Territoire",
            "Consommation (cas)#",
            "Production (cas)#",
            "Fuite (%)#",
            "Attractivité (%)#",
            "Autosuffisance (%)#",
        ],
    );
    for one in &flows.territories {
        let row = vec![
            Cell::text(names.territory(&one.territory)),
            Cell::count(one.consumption),
            Cell::count(one.production),
            percent_cell(one.leak),
            percent_cell(one.attraction),
            percent_cell(one.self_sufficiency),
        ];
        table.push_named(anchor(&one.territory), row);
    }
    table
}

/// From where to where: what the matrix shows, and what begins outside.
pub(super) fn origins(flows: &ComputeFlowsResponse, names: &Names) -> Table {
    let mut table = Table::new(
        "origines-et-lieux-de-soins",
        "D’où viennent les patients, où ils sont soignés",
        &[
            "Habitants de",
            "Soignés à",
            "Cas#",
            "Part des habitants (%)#",
        ],
    );
    for cell in &flows.cells {
        // People of elsewhere have other consumption, which is not known here.
        let share = (!cell.from.is_empty()).then_some(cell.share);
        table.push(vec![
            Cell::text(names.territory(&cell.from)),
            Cell::text(names.territory(&cell.to)),
            Cell::count(cell.cases),
            percent_cell(share),
        ]);
    }
    table
}

/// Who produces, and for whom.
pub(super) fn shares(flows: &ComputeFlowsResponse, names: &Names) -> Table {
    let mut table = Table::new(
        "parts-de-marche",
        "Qui produit, dans chaque territoire, et pour qui",
        &[
            "FINESS",
            "Établissement",
            "Territoire",
            "Production (cas)#",
            "Part de ce que le territoire produit (%)#",
            "Part des habitants du territoire (%)#",
            "Lieux du bassin#",
            "Bassin de recrutement (80 % des cas)",
        ],
    );
    for share in largest(flows) {
        let places = i64::try_from(share.catchment.len()).unwrap_or(i64::MAX);
        let has_territory = !share.territory.is_empty();
        table.push(vec![
            Cell::link(
                format!("/etablissements/{}", share.finess),
                share.finess.as_str(),
            ),
            names
                .establishment(&share.finess)
                .map_or(Cell::Empty, |title| Cell::text(title.as_str())),
            Cell::text(names.territory(&share.territory)),
            Cell::count(share.production),
            percent_cell(has_territory.then_some(share.share)),
            percent_cell(share.resident_share),
            Cell::count(places),
            Cell::text(share.catchment.join(", ")),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use proto::targets::v1::FlowCell;

    use super::*;

    fn flows() -> ComputeFlowsResponse {
        let territory = |code: &str, leak, attraction| TerritoryFlow {
            territory: code.to_owned(),
            leak,
            attraction,
            ..Default::default()
        };
        let cell = |from: &str, to: &str, cases, share| FlowCell {
            from: from.to_owned(),
            to: to.to_owned(),
            cases,
            share,
        };
        let share = |finess: &str, production| MarketShare {
            finess: finess.to_owned(),
            territory: "A".to_owned(),
            production,
            share: 0.25,
            catchment: vec!["00001".to_owned(), "00002".to_owned()],
            resident_share: Some(0.2),
        };
        ComputeFlowsResponse {
            territories: vec![
                territory("A", Some(0.1), Some(0.3)),
                territory("B", Some(0.42), None),
            ],
            cells: vec![cell("B", "", 42, 0.42), cell("", "A", 7, 0.0)],
            market_shares: vec![share("000000001", 10), share("000000002", 90)],
            ..Default::default()
        }
    }

    fn names() -> Names {
        Names {
            territories: [("B".to_owned(), "Littoral".to_owned())].into(),
            establishments: [("000000002".to_owned(), "Clinique <b>".to_owned())].into(),
        }
    }

    #[test]
    fn leak_and_attraction_stand_on_two_maps_with_the_same_classes() {
        let maps = maps(&flows(), &names(), &Ground::default()).unwrap();
        assert!(
            maps.leak
                .contains("Littoral : 42\u{202f}%, soignés ailleurs.")
        );
        assert!(maps.leak.contains("pic-tile--4") && maps.leak.contains("#territoire-B"));
        assert!(
            maps.attraction
                .contains("A : 30\u{202f}%, venus d’ailleurs.")
        );
        assert!(maps.attraction.contains("pic-place--none"));
        assert_eq!(maps.legend.len(), 4);
        let nothing = ComputeFlowsResponse::default();
        assert!(super::maps(&nothing, &names(), &Ground::default()).is_none());
    }

    #[test]
    fn the_largest_producer_comes_first_in_the_picture_and_in_the_table() {
        let drawn = producers(&flows(), &names()).unwrap();
        assert!(drawn.contains("Clinique &lt;b&gt; : 90. 000000001 : 10."));
        let table = shares(&flows(), &names());
        let first: Vec<String> = table.rows[0].iter().map(Cell::shown).collect();
        assert_eq!(
            first,
            [
                "000000002",
                "Clinique <b>",
                "A",
                "90",
                "25",
                "20",
                "2",
                "00001, 00002"
            ]
        );
        assert!(producers(&ComputeFlowsResponse::default(), &names()).is_none());
    }

    #[test]
    fn a_matrix_of_many_territories_shows_the_largest_and_adds_up_the_others() {
        let codes: Vec<String> = (10..30).map(|rank| format!("Z{rank}")).collect();
        let flows = ComputeFlowsResponse {
            territories: (0..)
                .zip(&codes)
                .map(|(rank, code)| TerritoryFlow {
                    territory: code.clone(),
                    consumption: rank,
                    ..Default::default()
                })
                .collect(),
            cells: codes
                .iter()
                .map(|code| FlowCell {
                    from: "Z29".to_owned(),
                    to: code.clone(),
                    cases: 1,
                    share: 0.05,
                })
                .collect(),
            ..Default::default()
        };
        let drawn = picture(&flows, &Names::default());
        assert!(drawn.contains("Z29 vers Z14 : 5 %.") && !drawn.contains("vers Z13"));
        assert!(drawn.contains("Z29 vers autres territoires : 20 %."));
        assert!(left_out(&flows).contains("réunit 4 autres"));
        assert_eq!(left_out(&super::tests::flows()), "");
    }

    #[test]
    fn what_comes_from_outside_is_counted_and_has_no_share() {
        let table = origins(&flows(), &names());
        let rows: Vec<Vec<String>> = table
            .rows
            .iter()
            .map(|row| row.iter().map(Cell::shown).collect())
            .collect();
        assert_eq!(rows[0], ["Littoral", "hors région", "42", "42"]);
        assert_eq!(rows[1], ["hors région", "A", "7", "—"]);
        assert!(picture(&flows(), &names()).contains("Littoral vers hors région : 42 %."));
    }
}
