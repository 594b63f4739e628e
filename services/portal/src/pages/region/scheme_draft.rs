//! A scheme is drafted, or what its draft says is replaced; the axes it follows are recorded. Each is one form whose
//! lists grow a row at a time, without a script.

use axum::{
    extract::Path,
    response::{IntoResponse as _, Redirect, Response},
};
use proto::targets::v1::{
    AxisVersion, GetSchemeRequest, ListAxisVersionsRequest, SchemeContent, SchemeState,
};
use tonic::Status;

use super::{by_region, calls::places, of_typed, schemes::above};
use crate::{
    Failure,
    acts::{Acts, MORE, Shown, scheme::PATH, scheme_content as acts},
    form::Form,
    frame::Section,
    pages::{
        acted, id_of, made, notice, region_name, regions_of, resource,
        sheet::{Part, Sheet},
    },
    services::{Services, within},
    table::{Cell, Table},
    visitor::{Posted, Visitor},
};

/// Who drafts. The services decide; here the page says so before anything is typed.
pub(super) fn drafts(visitor: &Visitor) -> bool {
    ["contract_manager", "manager", "director_general"]
        .iter()
        .any(|role| visitor.is(role))
}

fn records_axes(visitor: &Visitor) -> bool {
    ["manager", "director_general", "registry_administrator"]
        .iter()
        .any(|role| visitor.is(role))
}

async fn axis_versions(services: &Services) -> Result<Vec<AxisVersion>, Failure> {
    let mut client = services.schemes();
    let listed = client
        .list_axis_versions(within(ListAxisVersionsRequest::default()))
        .await?
        .into_inner();
    Ok(listed.axis_versions)
}

async fn named(services: &Services, region: &str) -> Result<acts::Named, Failure> {
    let (axes, places) = tokio::try_join!(axis_versions(services), places(services, region))?;
    Ok(acts::Named {
        axes,
        territories: places.into_iter().collect(),
    })
}

/// `/territoires/schema/nouveau`.
pub(crate) async fn new(visitor: Visitor) -> Response {
    let query = visitor.query();
    visitor
        .answer(new_page(&visitor, &query, Shown::Fresh).await)
        .await
}

async fn new_page(visitor: &Visitor, query: &Form, shown: Shown<'_>) -> Result<Response, Failure> {
    if !drafts(visitor) {
        return Err(Status::permission_denied("schemes are drafted by the agency").into());
    }
    let (region, filter) = by_region(visitor, query);
    let named = named(&visitor.services, &region).await?;
    let frame = visitor
        .frame("Préparer un schéma", Section::Territories)
        .under("Territoires", "/territoires")
        .under("Schéma régional", &above(&region));
    let sheet = Sheet {
        over: vec![region_name(&region)],
        lead: "Ce que la région veut pour chaque territoire et chaque public, et pour quand. Un projet n’engage personne.".to_owned(),
        onward: Some((acts::AXES_PATH.to_owned(), "Axes nationaux")),
        filters: vec![filter],
        acts: Acts::one(acts::draft(&region, &named), shown),
        ..Sheet::new(frame, &format!("{PATH}/nouveau"))
    };
    sheet.answer(query, shown.attempt())
}

/// `POST /territoires/schema/nouveau`.
pub(crate) async fn create(posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    visitor.answer(created(&visitor, form).await).await
}

async fn created(visitor: &Visitor, form: Form) -> Result<Response, Failure> {
    let query = of_typed(&form);
    if !form.text(MORE).is_empty() {
        return new_page(visitor, &query, Shown::Grown(&form)).await;
    }
    let sent = acts::send_draft(&visitor.services, &form).await;
    let (sent, page) = made(sent, PATH);
    acted(visitor, sent, &page, "DraftScheme", form)
        .await?
        .or_show(|attempt| async move { new_page(visitor, &query, Shown::Refused(&attempt)).await })
        .await
}

/// `/territoires/schema/{id}/modification`.
pub(crate) async fn edit(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(edit_page(&visitor, &id, Shown::Fresh).await)
        .await
}

async fn edit_page(visitor: &Visitor, id: &str, shown: Shown<'_>) -> Result<Response, Failure> {
    if !drafts(visitor) {
        return Err(Status::permission_denied("schemes are drafted by the agency").into());
    }
    let services = &visitor.services;
    let request = GetSchemeRequest {
        name: resource("schemes", id)?,
    };
    let mut client = services.schemes();
    let scheme = client.get_scheme(within(request)).await?.into_inner();
    // What was adopted meanwhile is no longer to be changed; what was typed is shown all the same.
    if scheme.state() != SchemeState::Draft && matches!(shown, Shown::Fresh) {
        return Ok(Redirect::to(&format!("{PATH}/{id}")).into_response());
    }
    let content: SchemeContent = scheme.content.unwrap_or_default();
    let named = named(services, &scheme.region).await?;
    let path = format!("{PATH}/{id}/modification");
    let frame = visitor
        .frame("Modifier le projet de schéma", Section::Territories)
        .under("Territoires", "/territoires")
        .under("Schéma régional", &above(&scheme.region))
        .under(&content.title, &format!("{PATH}/{id}"));
    let form = acts::replace(&path, &scheme.etag, &content, &named);
    let sheet = Sheet {
        over: vec![region_name(&scheme.region)],
        acts: Acts::one(form, shown),
        ..Sheet::new(frame, &path)
    };
    sheet.answer(&visitor.query(), shown.attempt())
}

/// `POST /territoires/schema/{id}/modification`.
pub(crate) async fn replace(Path(id): Path<String>, posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    visitor.answer(replaced(&visitor, &id, form).await).await
}

async fn replaced(visitor: &Visitor, id: &str, form: Form) -> Result<Response, Failure> {
    if !form.text(MORE).is_empty() {
        return edit_page(visitor, id, Shown::Grown(&form)).await;
    }
    let name = resource("schemes", id)?;
    let sent = acts::send_replace(&visitor.services, name, &form).await;
    let page = format!("{PATH}/{id}");
    acted(visitor, sent, &page, "ReplaceScheme", form)
        .await?
        .or_show(|attempt| async move { edit_page(visitor, id, Shown::Refused(&attempt)).await })
        .await
}

/// `/territoires/schema/axes`.
pub(crate) async fn axes(visitor: Visitor) -> Response {
    visitor
        .answer(axes_page(&visitor, Shown::Fresh).await)
        .await
}

async fn axes_page(visitor: &Visitor, shown: Shown<'_>) -> Result<Response, Failure> {
    let query = visitor.query();
    let versions = axis_versions(&visitor.services).await?;
    let offered = if records_axes(visitor) || !matches!(shown, Shown::Fresh) {
        Acts::one(acts::record_axes(regions_of(visitor)), shown)
    } else {
        Acts::default()
    };
    let frame = visitor
        .frame("Axes nationaux", Section::Territories)
        .under("Territoires", "/territoires")
        .under("Schéma régional", PATH)
        .telling(notice(&query, acts::done));
    let sheet = Sheet {
        lead: "Les axes tels qu’un texte daté les nomme. Chaque schéma dit quelle version ses objectifs suivent.".to_owned(),
        parts: vec![Part {
            id: "versions",
            title: "Versions, de la plus récente à la plus ancienne".to_owned(),
            table: axes_table(&versions),
            nothing: "Aucune version n’est enregistrée : un schéma en demande une.",
        }],
        acts: offered,
        ..Sheet::new(frame, acts::AXES_PATH)
    };
    sheet.answer(&query, shown.attempt())
}

fn axes_table(versions: &[AxisVersion]) -> Table {
    let mut table = Table::new(
        "axes",
        "Axes, version par version",
        &["Version", "Depuis le", "Code", "Axe", "Source"],
    );
    for version in versions {
        for axis in &version.axes {
            table.push(vec![
                Cell::text(id_of(&version.name)),
                Cell::day(&version.valid_from),
                Cell::text(axis.code.as_str()),
                Cell::text(axis.title.as_str()),
                Cell::text(version.source.as_str()),
            ]);
        }
    }
    table
}

/// `POST /territoires/schema/axes`.
pub(crate) async fn record_axes(posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    visitor.answer(recorded(&visitor, form).await).await
}

async fn recorded(visitor: &Visitor, form: Form) -> Result<Response, Failure> {
    if !form.text(MORE).is_empty() {
        return axes_page(visitor, Shown::Grown(&form)).await;
    }
    let sent = acts::send_axes(&visitor.services, &form).await;
    acted(visitor, sent, acts::AXES_PATH, "RecordAxes", form)
        .await?
        .or_show(|attempt| async move { axes_page(visitor, Shown::Refused(&attempt)).await })
        .await
}
