//! Regional frameworks: what the national council and the agency agree for a region, draft and revisions.

use axum::{
    extract::Path,
    response::{IntoResponse as _, Redirect, Response},
};
use proto::targets::v1::{FrameworkSide, FrameworkState, ListFrameworksRequest, RegionalFramework};

use super::regions;
use crate::{
    Failure,
    acts::{
        ActForm, Acts, MORE, Refusal, Shown,
        framework::{self as acts, PATH},
    },
    form::{Form, address},
    frame::Section,
    pages::{
        acted, notice, region_name,
        sheet::{Filter, Part, Sheet},
    },
    services::every,
    table::{Cell, Table},
    text::{indicators, labels, labels::badge, territory as words},
    visitor::{Posted, Visitor},
};

const MOST: usize = 500;

/// `/territoires/cadres`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    let query = visitor.query();
    visitor
        .answer(frameworks_page(&visitor, &query, None).await)
        .await
}

/// `tried` is an act that was tried or that asked for a row more.
async fn frameworks_page(
    visitor: &Visitor,
    query: &Form,
    tried: Option<(&str, Shown<'_>)>,
) -> Result<Response, Failure> {
    let (region, regions) = regions(visitor, query);
    let request = ListFrameworksRequest {
        region: region.clone(),
        ..Default::default()
    };
    let (mut frameworks, _) = every!(
        visitor.services.frameworks(),
        list_frameworks,
        request,
        frameworks,
        MOST
    )?;
    frameworks.sort_by_key(|one| std::cmp::Reverse(one.revision));
    let draft = frameworks
        .iter()
        .find(|one| one.state() == FrameworkState::Draft);
    let latest = draft.or_else(|| frameworks.first());
    let mut filters = Vec::new();
    if regions.len() > 1 {
        filters.push(Filter::Choice("region", "Région", regions));
    }
    let mut parts = vec![Part {
        id: "cadres",
        title: "Les cadres de la région".to_owned(),
        table: frameworks_table(&frameworks),
        nothing: "Aucun cadre n’est encore préparé pour cette région.",
    }];
    if let Some(latest) = latest {
        parts.push(Part {
            id: "lignes",
            title: format!("Révision {} : ses lignes", latest.revision),
            table: lines_table(latest),
            nothing: "Ce cadre n’a pas de ligne.",
        });
    }
    let sheet = Sheet {
        over: vec![region_name(&region)],
        lead: "Ce que le conseil national de pilotage et l’agence conviennent pour chaque grande activité. Cela informe ; rien n’en découle automatiquement.".to_owned(),
        onward: Some((
            address("/territoires/cascade", &format!("region={region}")),
            "Du cadre aux contrats",
        )),
        filters,
        texts: latest
            .filter(|one| !one.note.is_empty())
            .map(|one| ("Ce qui accompagne les chiffres", one.note.clone()))
            .into_iter()
            .collect(),
        parts,
        acts: offered(visitor, &region, draft, tried),
        ..Sheet::new(
            visitor
                .frame("Cadre régional", Section::Territories)
                .under("Territoires", "/territoires")
                .under("Du cadre régional aux contrats", "/territoires/cascade")
                .telling(notice(query, acts::done)),
            PATH,
        )
    };
    sheet.answer(query, tried.and_then(|(_, shown)| shown.attempt()))
}

/// What this person's role lets them try; the service decides.
fn offered(
    visitor: &Visitor,
    region: &str,
    draft: Option<&RegionalFramework>,
    tried: Option<(&str, Shown<'_>)>,
) -> Acts {
    let is = |roles: &[&str]| roles.iter().any(|role| visitor.is(role));
    let agrees = ["director_general", "national_council"];
    let drafts = is(&["contract_manager", "manager"]) || is(&agrees);
    let form = |method: &str| -> Option<ActForm> {
        match draft {
            _ if method == "DraftFramework" => Some(acts::draft(region)),
            Some(draft) => acts::form(method, draft),
            None => None,
        }
    };
    let mut offered = Acts::default();
    for (method, is_theirs) in [
        ("DraftFramework", draft.is_none() && drafts),
        ("ReplaceFrameworkLines", draft.is_some() && drafts),
        ("AgreeToFramework", draft.is_some() && is(&agrees)),
    ] {
        offered.forms.extend(form(method).filter(|_| is_theirs));
    }
    if let Some((method, shown)) = tried
        && let Some(form) = form(method)
    {
        match shown {
            Shown::Fresh => {}
            Shown::Grown(typed) => offered.grow(form, typed),
            Shown::Refused(attempt) => offered.refuse(form, &Refusal::of(attempt)),
        }
    }
    offered
}

fn side(side: FrameworkSide) -> &'static str {
    match side {
        FrameworkSide::NationalCouncil => "conseil national de pilotage",
        FrameworkSide::Ars => "agence",
        FrameworkSide::Unspecified => "partie non précisée",
    }
}

fn frameworks_table(frameworks: &[RegionalFramework]) -> Table {
    let mut table = Table::new(
        "cadres",
        "Cadres de la région, le plus récent d’abord",
        &["Révision", "État", "Du", "Au", "Lignes#", "Accords donnés"],
    );
    for one in frameworks {
        let agreed: Vec<&str> = one.agreed_by().map(side).collect();
        table.push(vec![
            Cell::text(one.revision.to_string()),
            Cell::Badge(match one.state() {
                FrameworkState::Agreed => badge("convenu", "fr-badge--success"),
                FrameworkState::Draft => badge("projet", "fr-badge--new"),
                FrameworkState::Unspecified => badge("état non précisé", ""),
            }),
            Cell::day(&one.effect_date),
            Cell::day(&one.end_date),
            Cell::count(i64::try_from(one.lines.len()).unwrap_or(0)),
            Cell::text(agreed.join(", ")),
        ]);
    }
    table
}

fn lines_table(framework: &RegionalFramework) -> Table {
    let mut table = Table::new(
        "lignes",
        format!("Lignes de la révision {}", framework.revision),
        &[
            "Activité",
            "Mode",
            "Indicateur",
            "Unité",
            "Départ#",
            "Année de départ",
            "Année visée",
            "Évolution (%)#",
            "Part ambulatoire (%)#",
            "Source",
        ],
    );
    for line in &framework.lines {
        table.push(vec![
            Cell::text(line.activity.as_str()),
            Cell::text(words::mode(line.mode())),
            Cell::text(indicators::title_and_code(&line.indicator)),
            Cell::text(labels::unit(line.unit())),
            Cell::number(&line.baseline),
            Cell::text(line.baseline_year.to_string()),
            Cell::text(line.target_year.to_string()),
            Cell::number(&line.growth_percent),
            Cell::if_any(&line.ambulatory_share_percent, Cell::number),
            Cell::text(line.source.as_str()),
        ]);
    }
    table
}

/// `POST /territoires/cadres/actes/{method}`.
pub(crate) async fn act(Path(method): Path<String>, posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    visitor.answer(do_act(&visitor, &method, form).await).await
}

async fn do_act(visitor: &Visitor, method: &str, form: Form) -> Result<Response, Failure> {
    let mut query = Form::default();
    query.push("region", form.text("region"));
    if !form.text(MORE).is_empty() {
        let tried = Some((method, Shown::Grown(&form)));
        return frameworks_page(visitor, &query, tried).await;
    }
    let sent = acts::send(&visitor.services, method, &form)
        .await
        .ok_or(Failure::NotFound)?;
    if sent.is_ok() {
        query.push("fait", method);
        let here = address(PATH, &query.encoded_without(&[]));
        return Ok(Redirect::to(&here).into_response());
    }
    acted(visitor, sent, PATH, method, form)
        .await?
        .or_show(|attempt| async move {
            let tried = Some((method, Shown::Refused(&attempt)));
            frameworks_page(visitor, &query, tried).await
        })
        .await
}

#[cfg(test)]
mod tests {
    use proto::targets::v1::FrameworkLine;

    use super::*;

    #[test]
    fn a_draft_says_who_agreed_and_what_its_lines_aim_at() {
        let draft = RegionalFramework {
            revision: 2,
            state: FrameworkState::Draft.into(),
            effect_date: "2027-01-01".to_owned(),
            agreed_by: vec![FrameworkSide::Ars.into()],
            lines: vec![FrameworkLine {
                activity: "CHIRURGIE".to_owned(),
                baseline: "300000".to_owned(),
                growth_percent: "-1.5".to_owned(),
                ..Default::default()
            }],
            ..Default::default()
        };
        let table = frameworks_table(std::slice::from_ref(&draft));
        let shown: Vec<String> = table.rows[0].iter().map(Cell::shown).collect();
        assert_eq!(
            shown[..3],
            ["2", "projet", "1er janvier 2027"].map(str::to_owned)
        );
        assert_eq!(shown[5], "agence");
        let lines = lines_table(&draft);
        assert_eq!(lines.rows[0][7].shown(), "−1,5");
        assert_eq!(lines.rows[0][8].shown(), "—");
    }
}
