//! Flows: where the residents of each territory are treated, where its patients come from, who produces.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use proto::{
    targets::v1::{ComputeFlowsRequest, ComputeFlowsResponse, PmsiField},
    types::v1::Unit,
};
use tonic::Code;

use super::{Option3, options, regions, territories, version_options, versions};
use crate::{
    Failure,
    failure::{Explained, explain},
    form::Form,
    frame::{Frame, Section},
    pages::{Exports, html},
    picture::{Matrix, matrix},
    services::within,
    table::{Cell, Export, Table},
    text::{labels, numbers, territory as words},
    visitor::Visitor,
};

/// What was computed.
struct Flows {
    answer: String,
    picture: String,
    territories: Table,
    shares: Table,
    masked: i64,
}

#[derive(Template)]
#[template(path = "territory_flows.html")]
struct Page {
    frame: Frame,
    regions: Vec<Option3>,
    versions: Vec<Option3>,
    fields: Vec<Option3>,
    units: Vec<Option3>,
    year: String,
    activity: String,
    /// Why nothing could be computed.
    refusal: Option<Explained>,
    flows: Option<Flows>,
    exports: Exports,
    has_versions: bool,
}

/// What can be counted.
pub(super) const UNITS: [Unit; 4] = [Unit::Stays, Unit::Sessions, Unit::Days, Unit::Patients];
/// Establishments that are listed: the largest.
const MOST_SHARES: usize = 50;
/// Territories that a picture still shows.
const MOST_DRAWN: usize = 16;

/// `/territoires/flux`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(flows_page(&visitor).await).await
}

fn request(query: &Form, territory_version: &str) -> ComputeFlowsRequest {
    ComputeFlowsRequest {
        field: query.whole("champ").unwrap_or(PmsiField::Mco.into()),
        year: query.whole("annee").unwrap_or_default(),
        unit: query.whole("unite").unwrap_or(Unit::Stays.into()),
        territory_version: territory_version.to_owned(),
        activity: query.text("activite").to_owned(),
    }
}

async fn flows_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let (region, regions) = regions(visitor, &query);
    let versions = versions(services, &region).await?;
    let (version, version_options) = version_options(&versions, query.text("decoupage"));
    let request = request(&query, &version);
    let is_asked = !request.activity.is_empty() && request.year > 0 && !version.is_empty();
    let mut refusal = None;
    let mut computed = None;
    if is_asked {
        match services
            .rates()
            .compute_flows(within(request.clone()))
            .await
        {
            Ok(answer) => computed = Some(answer.into_inner()),
            Err(status) if is_to_correct(status.code()) => refusal = Some(explain(&status)),
            Err(status) => return Err(status.into()),
        }
    }
    let flows = match computed {
        Some(computed) => {
            let titles = territories(services, &version)
                .await?
                .into_iter()
                .map(|one| (one.code, one.title))
                .collect();
            Some(shown(&computed, &titles))
        }
        None => None,
    };
    if let (Some(export), Some(flows)) = (Export::asked(query.text("format")), &flows) {
        return match query.text("tableau") {
            "parts" => flows.shares.export(export),
            _ => flows.territories.export(export),
        };
    }
    html(&Page {
        frame: visitor
            .frame("Flux de patients", Section::Territories)
            .under("Territoires", "/territoires"),
        regions,
        has_versions: !versions.is_empty(),
        versions: version_options,
        fields: options(&words::FIELDS, request.field),
        units: options(&UNITS.map(|unit| (unit, labels::unit(unit))), request.unit),
        year: query.text("annee").to_owned(),
        activity: request.activity,
        refusal,
        flows,
        exports: Exports::of("/territoires/flux", &query),
    })
}

/// What the person who asks can correct.
pub(super) fn is_to_correct(code: Code) -> bool {
    matches!(
        code,
        Code::InvalidArgument | Code::FailedPrecondition | Code::NotFound
    )
}

fn shown(flows: &ComputeFlowsResponse, titles: &BTreeMap<String, String>) -> Flows {
    let title = |code: &str| match code {
        "" => "hors région".to_owned(),
        code => titles.get(code).cloned().unwrap_or_else(|| code.to_owned()),
    };
    let mut shares = Table::new(
        "parts-de-marche",
        "Qui produit, dans chaque territoire",
        &[
            "FINESS",
            "Territoire",
            "Production#",
            "Part du territoire (%)#",
            "Bassin de recrutement",
        ],
    );
    for share in flows.market_shares.iter().take(MOST_SHARES) {
        shares.push(vec![
            Cell::link(
                format!("/etablissements/{}", share.finess),
                share.finess.as_str(),
            ),
            Cell::text(title(&share.territory)),
            Cell::count(share.production),
            Cell::Number(numbers::rounded(share.share * 100.0, 1)),
            Cell::text(share.catchment.join(", ")),
        ]);
    }
    Flows {
        answer: answer(flows, &title),
        picture: picture(flows, &title),
        territories: territories_table(flows, &title),
        shares,
        masked: flows.masked_cells,
    }
}

/// Who leaves most, in one sentence.
fn answer(flows: &ComputeFlowsResponse, title: &impl Fn(&str) -> String) -> String {
    let most = flows
        .territories
        .iter()
        .filter_map(|one| one.leak.map(|leak| (one, leak)))
        .max_by(|(_, one), (_, other)| one.total_cmp(other));
    match most {
        Some((territory, leak)) if leak > 0.0 => format!(
            "C’est de « {} » que l’on part le plus se faire soigner ailleurs : {} de ses habitants hospitalisés.",
            title(&territory.territory),
            numbers::percent(leak)
        ),
        Some(_) => "Chaque territoire soigne lui-même ses habitants.".to_owned(),
        None => "Aucun habitant de ces territoires n’a recouru à cette activité.".to_owned(),
    }
}

fn picture(flows: &ComputeFlowsResponse, title: &impl Fn(&str) -> String) -> String {
    let codes: Vec<&str> = flows
        .territories
        .iter()
        .take(MOST_DRAWN)
        .map(|one| one.territory.as_str())
        .collect();
    let columns: Vec<&str> = codes.iter().copied().chain([""]).collect();
    let share = |from: &str, to: &str| {
        let cell = flows
            .cells
            .iter()
            .find(|cell| cell.from == from && cell.to == to);
        numbers::rounded(cell.map_or(0.0, |cell| cell.share * 100.0), 1)
    };
    let of = Matrix {
        rows: codes.iter().map(|code| title(code)).collect(),
        columns: columns.iter().map(|code| title(code)).collect(),
        shares: codes
            .iter()
            .map(|from| columns.iter().map(|to| share(from, to)).collect())
            .collect(),
    };
    matrix(
        "flux",
        "Où les habitants de chaque territoire se font soigner",
        &of,
    )
}

fn territories_table(flows: &ComputeFlowsResponse, title: &impl Fn(&str) -> String) -> Table {
    let mut table = Table::new(
        "flux",
        "Consommation et production, par territoire",
        &[
            "Territoire",
            "Consommation#",
            "Production#",
            "Fuite (%)#",
            "Attractivité (%)#",
            "Autosuffisance (%)#",
        ],
    );
    let share = |share: Option<f64>| {
        share.map_or(Cell::Empty, |share| {
            Cell::Number(numbers::rounded(share * 100.0, 1))
        })
    };
    for one in &flows.territories {
        table.push(vec![
            Cell::text(title(&one.territory)),
            Cell::count(one.consumption),
            Cell::count(one.production),
            share(one.leak),
            share(one.attraction),
            share(one.self_sufficiency),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use proto::targets::v1::{FlowCell, TerritoryFlow};

    use super::*;

    #[test]
    fn the_largest_leak_is_named() {
        let territory = |code: &str, leak| TerritoryFlow {
            territory: code.to_owned(),
            leak,
            ..Default::default()
        };
        let flows = ComputeFlowsResponse {
            territories: vec![
                territory("A", Some(0.1)),
                territory("B", Some(0.42)),
                territory("C", None),
            ],
            cells: vec![FlowCell {
                from: "B".to_owned(),
                to: String::new(),
                cases: 42,
                share: 0.42,
            }],
            ..Default::default()
        };
        let titles = [("B".to_owned(), "Littoral".to_owned())].into();
        let shown = shown(&flows, &titles);
        assert!(shown.answer.contains("« Littoral »") && shown.answer.contains("42\u{202f}%"));
        assert!(shown.picture.contains("Littoral vers hors région : 42 %."));
        assert_eq!(shown.territories.rows[2][3].shown(), "—");
    }
}
