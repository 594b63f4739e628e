//! Values of the point of the tariff equation, by département, year and option, and what care at home is paid. The equation of
//! one establishment is on its own page.

use axum::response::Response;
use proto::targets::v1::{
    HomeCareAmounts, ListHomeCareAmountsRequest, ListPointValuesRequest, PointValue,
};

use crate::{
    Failure,
    acts::{Acts, home_care, tariff as acts},
    frame::Section,
    pages::{
        Attempt,
        acting::{Does::Notes, OnList},
        id_of, notice,
        region::{by_region, with_region},
        region_name, regions_of,
        registry::establishment::PATH as ESTABLISHMENTS,
        sheet::{Filter, Part, Sheet},
        visible,
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
    let at_home = ListHomeCareAmountsRequest {
        region: region.clone(),
        year: year.unwrap_or_default(),
    };
    let (mut client, mut same) = (visitor.services.fundings(), visitor.services.fundings());
    let (values, paid) = tokio::join!(
        client.list_point_values(within(request)),
        same.list_home_care_amounts(within(at_home))
    );
    let values = values?.into_inner().values;
    // Whom they do not concern does not read them.
    let paid = visible(paid)?.map_or_else(Vec::new, |page| page.into_inner().amounts);
    let may_record = visitor.keeps_contracts();
    let form = |method: &str| {
        Some(match method {
            home_care::METHOD => home_care::form(regions_of(visitor)),
            _ => acts::point(regions_of(visitor)),
        })
    };
    let offered = [(may_record, acts::POINT), (may_record, home_care::METHOD)];
    let offered =
        Acts::possible(offered, acts::PATH, "", form).after(attempt, acts::PATH, "", form);
    let frame = visitor
        .frame("Valeurs du point", Section::Territories)
        .under("Territoires", "/territoires")
        .telling(notice(&query, |method| {
            acts::done(method).or_else(|| home_care::done(method))
        }));
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
        parts: vec![
            Part {
                id: "points",
                title: "Par département et par année".to_owned(),
                table: table(&values),
                nothing: "Aucune valeur du point n’est enregistrée.",
            },
            Part {
                id: "domicile",
                title: "Soins à domicile, par année et par profil".to_owned(),
                table: at_home_table(&paid),
                nothing: "Aucun montant des soins à domicile n’est enregistré.",
            },
        ],
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

fn at_home_table(paid: &[HomeCareAmounts]) -> Table {
    let mut table = Table::new(
        "domicile",
        "Montants des soins à domicile",
        &[
            "Année",
            "Par place, structure et déplacements (€)#",
            "Profil",
            "Intitulé",
            "Par semaine (€)#",
            "Source",
        ],
    );
    for of_year in paid {
        for one in &of_year.packages {
            table.push(vec![
                Cell::text(of_year.year.to_string()),
                Cell::number(&of_year.structure_amount),
                Cell::text(one.code.as_str()),
                Cell::text(one.title.as_str()),
                Cell::number(&one.weekly_amount),
                Cell::text(of_year.source.as_str()),
            ]);
        }
    }
    table
}

/// Acts on the list.
pub(crate) static ON_LIST: OnList = OnList {
    page: acts::PATH,
    acts: &[
        (
            acts::POINT,
            Notes(|services, form| Box::pin(acts::send_point(services, form))),
        ),
        (
            home_care::METHOD,
            Notes(|services, form| Box::pin(home_care::send(services, form))),
        ),
    ],
    show: |visitor, attempt| Box::pin(list_page(visitor, Some(attempt))),
};
