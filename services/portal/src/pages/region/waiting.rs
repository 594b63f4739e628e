//! Who waits for a place in a region, where somebody says so.

use std::collections::BTreeMap;

use axum::response::Response;
use kernel::Decimal;
use proto::targets::v1::{CarePublic, ListWaitingListsRequest, WaitingList};

use super::by_region;
use crate::{
    Failure,
    acts::{Acts, waiting as acts},
    frame::Section,
    pages::{
        Attempt,
        acting::{Does::Notes, OnList},
        names, notice, region_name, regions_of,
        registry::establishment::PATH as ESTABLISHMENTS,
        sheet::{Filter, Part, Picture, Sheet},
    },
    picture::{Bar, bars},
    services::every,
    table::{Cell, Table},
    text::{numbers, territory as words},
    visitor::Visitor,
};

const MOST: usize = 5_000;

/// `/territoires/attente`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor, None).await).await
}

async fn list_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let query = visitor.query();
    let (region, filter) = by_region(visitor, &query);
    let as_of = query.text("au").to_owned();
    let request = ListWaitingListsRequest {
        region: region.clone(),
        as_of: as_of.clone(),
        ..Default::default()
    };
    let (lists, _) = every!(
        visitor.services.waiting_lists(),
        list_waiting_lists,
        request,
        waiting_lists,
        MOST
    )?;
    let sites = lists.iter().map(|list| list.establishment.clone());
    let titles = names::sites(&visitor.services, sites.collect()).await;
    let may_record = visitor.keeps_contracts();
    let offered = Acts::offered(acts::record(regions_of(visitor)), may_record, attempt);
    let publics = by_public(&lists);
    let frame = visitor
        .frame("Personnes en attente", Section::Territories)
        .under("Territoires", "/territoires")
        .telling(notice(&query, acts::done));
    let sheet = Sheet {
        over: vec![region_name(&region)],
        lead: "Le dernier compte de chaque établissement. Ce que personne n’a dit n’est pas zéro."
            .to_owned(),
        filters: vec![filter, Filter::Day("au", "Au", as_of)],
        picture: picture(&publics),
        parts: vec![
            Part {
                id: "listes",
                title: "Par établissement".to_owned(),
                table: table(&lists, &titles),
                nothing: "Aucune liste d’attente n’est enregistrée dans cette région.",
            },
            Part {
                id: "publics",
                title: "Pour quel public".to_owned(),
                table: publics_table(&publics),
                nothing: "Personne n’attend, ou personne ne l’a dit.",
            },
        ],
        acts: offered,
        ..Sheet::new(frame, acts::PATH)
    };
    sheet.answer(&query, attempt)
}

/// Those who wait, by public, where somebody waits.
fn by_public(lists: &[WaitingList]) -> Vec<(&'static str, i64)> {
    let waiting = |public: CarePublic| -> i64 {
        let of_public = lists.iter().filter(|list| list.public() == public);
        of_public.map(|list| i64::from(list.persons)).sum()
    };
    words::PUBLICS
        .into_iter()
        .map(|(public, title)| (title, waiting(public)))
        .filter(|(_, persons)| *persons > 0)
        .collect()
}

fn picture(publics: &[(&'static str, i64)]) -> Option<Picture> {
    let of: Vec<Bar> = publics
        .iter()
        .map(|(title, persons)| Bar {
            title: (*title).to_owned(),
            value: Decimal::from(*persons),
            shown: numbers::whole(*persons),
        })
        .collect();
    (!of.is_empty()).then(|| Picture {
        title: "Par public",
        svg: bars("attente-image", "Personnes en attente, par public", &of),
        caption: "Une personne inscrite à deux endroits y compte deux fois.",
    })
}

/// The figures of the picture.
fn publics_table(publics: &[(&'static str, i64)]) -> Table {
    let titles = ["Public", "Personnes#"];
    let mut table = Table::new(
        "attente-par-public",
        "Personnes en attente, par public",
        &titles,
    );
    for (title, persons) in publics {
        table.push(vec![Cell::text(*title), Cell::count(*persons)]);
    }
    table
}

fn table(lists: &[WaitingList], titles: &BTreeMap<String, String>) -> Table {
    let mut table = Table::new(
        "attente",
        "Personnes en attente d’une place",
        &[
            "FINESS",
            "Établissement",
            "Accueil",
            "Public",
            "Personnes#",
            "Au",
            "Source",
        ],
    );
    for list in lists {
        table.push(vec![
            Cell::link(
                format!("{ESTABLISHMENTS}/{}", list.establishment),
                list.establishment.as_str(),
            ),
            names::site_cell(titles, &list.establishment),
            Cell::text(words::reception(list.mode())),
            Cell::text(words::public(list.public())),
            Cell::count(list.persons.into()),
            Cell::day(&list.day),
            Cell::text(list.source.as_str()),
        ]);
    }
    table
}

/// Acts on the list.
pub(crate) static ON_LIST: OnList = OnList {
    page: acts::PATH,
    acts: &[(
        "RecordWaitingLists",
        Notes(|services, form| Box::pin(acts::send(services, form))),
    )],
    show: |visitor, attempt| Box::pin(list_page(visitor, Some(attempt))),
};
