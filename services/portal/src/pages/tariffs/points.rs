//! Values of the point of the tariff equation, by département, year and option. The equation of one establishment is on its own
//! page.

use axum::response::Response;
use proto::targets::v1::{ListPointValuesRequest, PointValue};

use crate::{
    Failure,
    acts::{Acts, tariff as acts},
    frame::Section,
    pages::{
        Attempt,
        acting::{Does::Notes, OnList},
        id_of, notice,
        region::{by_region, with_region},
        region_name, regions_of,
        registry::establishment::PATH as ESTABLISHMENTS,
        sheet::{Filter, Part, Sheet},
    },
    services::within,
    table::{Cell, Table},
    text::tariff as words,
    visitor::Visitor,
};

/// `/territoires/tarifs`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor, None).await).await
}

async fn list_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let query = visitor.query();
    let (region, filter) = by_region(visitor, &query);
    let year = query.whole("annee");
    let year = year.filter(|year| (2010..=2100).contains(year));
    let request = ListPointValuesRequest {
        region: region.clone(),
        year: year.unwrap_or_default(),
    };
    let mut client = visitor.services.fundings();
    let values = client
        .list_point_values(within(request))
        .await?
        .into_inner()
        .values;
    let may_record = visitor.is("contract_manager") || visitor.is("manager");
    let offered = Acts::offered(acts::point(regions_of(visitor)), may_record, attempt);
    let frame = visitor
        .frame("Valeurs du point", Section::Territories)
        .under("Territoires", "/territoires")
        .telling(notice(&query, acts::done));
    let sheet = Sheet {
        over: vec![region_name(&region)],
        lead: "Ce que vaut un point de l’équation tarifaire des EHPAD. Le calcul d’un établissement se fait sur sa page, à « Tarifs et modulation »."
            .to_owned(),
        onward: Some((ESTABLISHMENTS.to_owned(), "Trouver un établissement")),
        also: vec![(
            with_region("/territoires/comparaison", &region),
            "Établissements d’une catégorie",
        )],
        filters: vec![
            filter,
            Filter::Line(
                "annee",
                "Année, ou vide pour toutes",
                year.map_or_else(String::new, |year| year.to_string()),
            ),
        ],
        parts: vec![Part {
            id: "points",
            title: "Par département et par année".to_owned(),
            table: table(&values),
            nothing: "Aucune valeur du point n’est enregistrée.",
        }],
        acts: offered,
        ..Sheet::new(frame, acts::PATH)
    };
    sheet.answer(&query, attempt)
}

fn table(values: &[PointValue]) -> Table {
    let mut table = Table::new(
        "points",
        "Valeurs du point",
        &[
            "Département",
            "Année",
            "Option tarifaire",
            "Pharmacie à usage intérieur",
            "Valeur (€)#",
            "Source",
        ],
    );
    for one in values {
        table.push(vec![
            Cell::text(id_of(&one.department)),
            Cell::text(one.year.to_string()),
            Cell::text(words::option(one.tariff_option())),
            Cell::text(words::pharmacy(one.internal_pharmacy)),
            Cell::number(&one.value),
            Cell::text(one.source.as_str()),
        ]);
    }
    table
}

/// Acts on the list.
pub(crate) static ON_LIST: OnList = OnList {
    page: acts::PATH,
    acts: &[(
        "RecordPointValues",
        Notes(|services, form| Box::pin(acts::send_point(services, form))),
    )],
    show: |visitor, attempt| Box::pin(list_page(visitor, Some(attempt))),
};
