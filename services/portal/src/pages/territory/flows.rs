//! Flows: where the residents of each territory are treated, where its patients come from, who produces.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use futures::{StreamExt as _, stream};
use proto::{
    establishments::v1::GetEstablishmentRequest,
    targets::v1::{ComputeFlowsRequest, ComputeFlowsResponse, PmsiField},
    types::v1::Unit,
};
use tonic::Code;

use super::{
    Option3,
    flow_figures::{self, Maps, Names},
    options, regions, territories, version_options, versions,
};
use crate::{
    Failure,
    failure::{Explained, explain},
    form::Form,
    frame::{Frame, Section},
    pages::{
        ground::{self, Ground},
        html,
    },
    services::within,
    table::{Cell, Table},
    text::{counted, labels, numbers, territory as words},
    visitor::Visitor,
};

/// What was computed.
struct Flows {
    answer: String,
    picture: String,
    /// What the picture leaves out.
    left_out: String,
    maps: Option<Maps>,
    producers: Option<String>,
    territories: Table,
    origins: Table,
    shares: Table,
    masked: i64,
}

impl Flows {
    /// The page shows the first rows of long tables; their files have every one.
    fn shortened(mut self) -> Self {
        self.origins.rows.truncate(MOST_CELLS);
        self.shares.rows.truncate(MOST_SHARES);
        for row in &mut self.shares.rows {
            if let Some(Cell::Text(places)) = row.last_mut() {
                *places = beginning(places);
            }
        }
        self
    }
}

/// The first places of a catchment, and how many there are beside them.
fn beginning(places: &str) -> String {
    let all: Vec<&str> = places.split(", ").collect();
    let Some((first, others)) = all.split_at_checked(MOST_PLACES) else {
        return places.to_owned();
    };
    match i64::try_from(others.len()).unwrap_or(i64::MAX) {
        0 => places.to_owned(),
        others => {
            let others = counted(others, "autre", "autres");
            format!("{} et {others}", first.join(", "))
        }
    }
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
    has_versions: bool,
}

/// What can be counted.
pub(super) const UNITS: [Unit; 4] = [Unit::Stays, Unit::Sessions, Unit::Days, Unit::Patients];
/// Establishments that the page lists: the largest.
const MOST_SHARES: usize = 50;
/// Places of a catchment that the page names.
const MOST_PLACES: usize = 12;
/// Flows that the page lists.
const MOST_CELLS: usize = 300;
/// Establishments whose names are asked for, and how many at the same time.
const MOST_NAMED: usize = 200;
const AT_ONCE: usize = 8;
const PATH: &str = "/territoires/flux";

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
        by_establishment: false,
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
            let (names, ground) = surroundings(visitor, &version, &computed).await?;
            Some(shown(&computed, &names, ground.as_ref(), &query))
        }
        None => None,
    };
    if let Some(flows) = &flows {
        let tables = [&flows.territories, &flows.origins, &flows.shares];
        if let Some(file) = Table::asked_among(&query, tables) {
            return file;
        }
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
        flows: flows.map(Flows::shortened),
    })
}

/// What territories and establishments are called, and the ground of the territories where it is known.
async fn surroundings(
    visitor: &Visitor,
    version: &str,
    flows: &ComputeFlowsResponse,
) -> Result<(Names, Option<Ground>), Failure> {
    let codes: Vec<&str> = flows
        .territories
        .iter()
        .map(|one| one.territory.as_str())
        .collect();
    let (territories, establishments, ground) = tokio::join!(
        territories(&visitor.services, version),
        establishments(visitor, flows),
        ground::of(&visitor.portal.channels, version, &codes),
    );
    let titles = territories?.into_iter().map(|one| (one.code, one.title));
    let names = Names {
        territories: titles.collect(),
        establishments,
    };
    Ok((names, ground))
}

/// Titles of the largest producers. One that the registry does not know is shown by its number.
async fn establishments(
    visitor: &Visitor,
    flows: &ComputeFlowsResponse,
) -> BTreeMap<String, String> {
    let numbers: Vec<String> = flow_figures::largest(flows)
        .into_iter()
        .take(MOST_NAMED)
        .map(|share| share.finess.clone())
        .collect();
    let found: Vec<Option<(String, String)>> = stream::iter(numbers)
        .map(|finess| title(visitor, finess))
        .buffered(AT_ONCE)
        .collect()
        .await;
    found.into_iter().flatten().collect()
}

async fn title(visitor: &Visitor, finess: String) -> Option<(String, String)> {
    let request = GetEstablishmentRequest {
        name: format!("establishments/{finess}"),
    };
    let mut registry = visitor.services.registry();
    let answer = registry.get_establishment(within(request)).await.ok()?;
    Some((finess, answer.into_inner().title))
}

/// What the person who asks can correct.
pub(super) fn is_to_correct(code: Code) -> bool {
    matches!(
        code,
        Code::InvalidArgument | Code::FailedPrecondition | Code::NotFound
    )
}

fn shown(
    flows: &ComputeFlowsResponse,
    names: &Names,
    ground: Option<&Ground>,
    query: &Form,
) -> Flows {
    Flows {
        answer: answer(flows, names),
        picture: flow_figures::picture(flows, names),
        left_out: flow_figures::left_out(flows),
        maps: ground.and_then(|ground| flow_figures::maps(flows, names, ground)),
        producers: flow_figures::producers(flows, names),
        territories: flow_figures::territories(flows, names).at(PATH, query),
        origins: flow_figures::origins(flows, names).at(PATH, query),
        shares: flow_figures::shares(flows, names).at(PATH, query),
        masked: flows.masked_cells,
    }
}

/// Who leaves most, in one sentence.
fn answer(flows: &ComputeFlowsResponse, names: &Names) -> String {
    let most = flows
        .territories
        .iter()
        .filter_map(|one| one.leak.map(|leak| (one, leak)))
        .max_by(|(_, one), (_, other)| one.total_cmp(other));
    match most {
        Some((territory, leak)) if leak > 0.0 => format!(
            "C’est de « {} » que l’on part le plus se faire soigner ailleurs : {} de ses habitants hospitalisés.",
            names.territory(&territory.territory),
            numbers::percent(leak)
        ),
        Some(_) => "Chaque territoire soigne lui-même ses habitants.".to_owned(),
        None => "Aucun habitant de ces territoires n’a recouru à cette activité.".to_owned(),
    }
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
        let names = Names {
            territories: [("B".to_owned(), "Littoral".to_owned())].into(),
            ..Default::default()
        };
        let query = Form::parse("annee=2023&format=csv");
        let shown = shown(&flows, &names, None, &query);
        assert!(shown.answer.contains("« Littoral »") && shown.answer.contains("42\u{202f}%"));
        assert!(shown.picture.contains("Littoral vers hors région : 42 %."));
        assert_eq!(shown.territories.rows[2][3].shown(), "—");
        let files = shown.shares.files.unwrap();
        assert_eq!(
            files.xlsx,
            "/territoires/flux?annee=2023&format=xlsx&tableau=parts-de-marche"
        );
    }

    #[test]
    fn a_long_catchment_is_begun_on_the_page() {
        let places: Vec<String> = (0..14).map(|rank| rank.to_string()).collect();
        let told = beginning(&places.join(", "));
        assert!(told.ends_with("10, 11 et 2 autres"), "{told}");
        assert_eq!(beginning("00001, 00002"), "00001, 00002");
        assert_eq!(beginning(""), "");
    }
}
