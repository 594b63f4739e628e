//! The tariff equation of an EHPAD, step by step, from what is typed and what is on record. Nothing is kept.

use axum::{extract::Path, response::Response};
use proto::targets::v1::{ComputeTariffEquationRequest, TariffEquation, TariffOption};

use super::{figure, frame, path_of, site, why_not};
use crate::{
    Failure,
    acts::{choices, decimal, tariff::PATH as POINTS},
    form::Form,
    pages::{
        registry::establishment::year,
        sheet::{Filter, Part, Sheet},
    },
    services::within,
    table::{Cell, Table},
    text::{region::euros, tariff as words},
    visitor::Visitor,
};

/// `/etablissements/{finess}/tarifs/equation`.
pub(crate) async fn page(Path(finess): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(equation_page(&visitor, &finess).await).await
}

async fn equation_page(visitor: &Visitor, finess: &str) -> Result<Response, Failure> {
    let query = visitor.query();
    let site = site(&visitor.services, finess).await?;
    let request = request(&query, finess, year(visitor, &query));
    let is_asked = !query.text("gmp").is_empty() && !query.text("pmp").is_empty();
    let (mut equation, mut refusal) = (None, None);
    if is_asked {
        let mut client = visitor.services.fundings();
        match client
            .compute_tariff_equation(within(request.clone()))
            .await
        {
            Ok(answer) => equation = Some(answer.into_inner()),
            Err(status) => refusal = Some(why_not(status)?),
        }
    }
    let frame =
        frame(visitor, "Équation tarifaire", &site).under("Dotations et cibles", &path_of(finess));
    let sheet = Sheet {
        over: vec![format!("FINESS {finess}"), site.title.clone()],
        lead: equation.as_ref().map_or_else(
            || "Ce que le GMP, le PMP, les places et la valeur du point donnent pour les soins (CASF R314-159).".to_owned(),
            |one| format!("Forfait soins calculé pour {} : {}.", one.year, euros(&one.result)),
        ),
        onward: Some((POINTS.to_owned(), "Valeurs du point")),
        filters: filters(&query, &request),
        button: "Calculer",
        refusal,
        aside: Some((
            "Proposition calculée",
            equation.as_ref().map_or_else(
                || "Rien n’est conservé de ce calcul, et rien n’en découle : le forfait est fixé par la décision tarifaire.".to_owned(),
                |one| one.notice.clone(),
            ),
        )),
        texts: equation
            .iter()
            .map(|one| ("Le calcul", one.explanation.clone()))
            .collect(),
        parts: equation.iter().map(trace).collect(),
        ..Sheet::new(frame, &format!("{}/equation", path_of(finess)))
    };
    sheet.answer(&query, None)
}

fn request(query: &Form, finess: &str, year: i32) -> ComputeTariffEquationRequest {
    let option = query
        .whole("option")
        .and_then(|number| TariffOption::try_from(number).ok())
        .filter(|option| *option != TariffOption::Unspecified)
        .unwrap_or(TariffOption::Global);
    ComputeTariffEquationRequest {
        establishment: finess.to_owned(),
        year,
        gmp: decimal(query.text("gmp")),
        pmp: decimal(query.text("pmp")),
        tariff_option: option.into(),
        internal_pharmacy: query.text("pui") == "oui",
    }
}

fn filters(query: &Form, request: &ComputeTariffEquationRequest) -> Vec<Filter> {
    let chosen = request.tariff_option.to_string();
    let options = choices(&words::OPTIONS)
        .into_iter()
        .map(|(value, label)| {
            let is_chosen = value == chosen;
            (value, label, is_chosen)
        })
        .collect();
    let with = request.internal_pharmacy;
    let pharmacy = [("non", "sans", !with), ("oui", "avec", with)]
        .map(|(value, label, is_chosen)| (value.to_owned(), label.to_owned(), is_chosen));
    vec![
        Filter::Line("annee", "Année", request.year.to_string()),
        Filter::Line("gmp", "GMP validé", query.text("gmp").to_owned()),
        Filter::Line("pmp", "PMP validé", query.text("pmp").to_owned()),
        Filter::Choice("option", "Option tarifaire", options),
        Filter::Choice("pui", "Pharmacie à usage intérieur", pharmacy.into()),
    ]
}

/// Every term with where it comes from.
fn trace(equation: &TariffEquation) -> Part {
    let mut table = Table::new(
        "equation",
        format!("Équation tarifaire de {}", equation.year),
        &["Terme", "Valeur#", "D’où il vient"],
    );
    let point = equation.point_value.clone().unwrap_or_default();
    let chosen = format!(
        "{} ({}, {} pharmacie à usage intérieur)",
        point.source,
        words::option(point.tariff_option()),
        words::pharmacy(point.internal_pharmacy)
    );
    let places = equation.places.to_string();
    for (term, value, source) in [
        ("GMP", equation.gmp.as_str(), "saisi ci-dessus"),
        ("PMP", equation.pmp.as_str(), "saisi ci-dessus"),
        (
            "Coefficient du PMP",
            equation.pmp_coefficient.as_str(),
            equation.coefficient_source.as_str(),
        ),
        (
            "GMPS",
            equation.gmps.as_str(),
            "GMP, plus le PMP multiplié par son coefficient",
        ),
        (
            "Places permanentes financées au 1er janvier",
            places.as_str(),
            "places enregistrées",
        ),
        ("Valeur du point (€)", point.value.as_str(), chosen.as_str()),
        (
            "Résultat (€)",
            equation.result.as_str(),
            "GMPS, multiplié par les places et la valeur du point",
        ),
    ] {
        table.push(vec![Cell::text(term), figure(value), Cell::text(source)]);
    }
    Part {
        id: "trace",
        title: "Chaque terme, et d’où il vient".to_owned(),
        table,
        nothing: "Rien n’a été calculé.",
    }
}

#[cfg(test)]
mod tests {
    use proto::targets::v1::PointValue;

    use super::*;

    #[test]
    fn every_term_tells_its_source() {
        let equation = TariffEquation {
            gmp: "737".to_owned(),
            coefficient_source: "CASF R314-159".to_owned(),
            places: 80,
            point_value: Some(PointValue {
                source: "Arrêté du 2 juin 2025".to_owned(),
                tariff_option: TariffOption::Partial.into(),
                ..Default::default()
            }),
            ..Default::default()
        };
        let table = trace(&equation).table;
        let shown: Vec<String> = table.rows.iter().map(|row| row[2].shown()).collect();
        assert_eq!(shown.len(), 7);
        assert_eq!(shown[2], "CASF R314-159");
        assert!(shown[5].contains("Arrêté du 2 juin 2025 (tarif partiel, sans"));
        assert_eq!(table.rows[4][1].shown(), "80");
    }
}
