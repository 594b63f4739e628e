//! What may be done on the dialogue of a territory, by who holds it and by who takes part in it.

use axum::{extract::Path, response::Response};
use proto::targets::v1::{
    DialogueState, EvidenceKind, ListCaseMixImportsRequest, ListPublishedRateSetsRequest,
    TerritoryDialogue,
};

use super::{
    dialogues::{dialogue_page, list_page},
    territories, versions,
};
use crate::{
    Failure,
    acts::{
        Acts, Refusal,
        dialogue::{self as acts, Citable, PATH},
    },
    form::Form,
    pages::{
        Attempt, acted,
        acting::{Does::Makes, OnList},
        resource,
    },
    services::every,
    text::{dates, territory as words},
    visitor::{Posted, Visitor},
};

/// Publications and imports that are offered to be cited: the latest.
const MOST_CITABLE: usize = 100;

fn holds(visitor: &Visitor) -> bool {
    visitor.keeps_contracts()
}

/// The form that opens a dialogue in a region, for who may; none where no territory is known.
pub(super) async fn opening(
    visitor: &Visitor,
    region: &str,
    attempt: Option<&Attempt>,
) -> Option<Acts> {
    if !holds(visitor) {
        return None;
    }
    // What was typed may be about another region than the first of who typed it.
    let region = attempt.map_or(region, |attempt| attempt.typed.text("region"));
    let versions = versions(&visitor.services, region).await.ok()?;
    let version = versions.last()?.name.clone();
    let all = territories(&visitor.services, &version).await.ok()?;
    let choice = all
        .into_iter()
        .map(|one| (format!("{version}/territories/{}", one.code), one.title))
        .collect();
    let form = acts::open(region, choice);
    let mut offered = Acts::default();
    match attempt {
        Some(attempt) => offered.refuse(form, &Refusal::of(attempt)),
        None => offered.forms.push(form),
    }
    Some(offered)
}

/// What this person's role lets them try on a dialogue that goes on; the service decides.
pub(super) async fn of(
    visitor: &Visitor,
    dialogue: &TerritoryDialogue,
    path: &str,
    attempt: Option<&Attempt>,
) -> Acts {
    let closes = visitor.is("manager") || visitor.is("director_general");
    let proposes = holds(visitor) || visitor.is_establishment();
    let is_open = dialogue.state() == DialogueState::Open;
    let mut offered = Acts::default();
    let is_read_only = !(holds(visitor) || closes || proposes);
    if is_read_only || (!is_open && attempt.is_none()) {
        return offered;
    }
    let invited: Vec<(String, String)> = dialogue
        .participants
        .iter()
        .filter(|one| !one.finess.is_empty())
        .map(|one| (one.finess.clone(), one.title.clone()))
        .collect();
    let citable = citable(visitor, dialogue).await;
    for (method, is_theirs) in [
        ("ProposeInflection", proposes),
        ("RecordDiagnosis", holds(visitor)),
        ("RecordSession", holds(visitor)),
        ("InviteParticipants", holds(visitor)),
        ("CloseDialogue", closes),
    ] {
        let form = acts::form(method, &invited, &citable);
        if let Some(form) = form.filter(|_| is_open && is_theirs) {
            offered.forms.push(form.on(path, &dialogue.etag));
        }
    }
    if let Some(attempt) = attempt
        && let Some(form) = acts::form(&attempt.method, &invited, &citable)
    {
        offered.refuse(form.on(path, &dialogue.etag), &Refusal::of(attempt));
    }
    offered
}

/// Publications and imports of the region, and those that the diagnosis cites already: an establishment reads no list of
/// imports.
async fn citable(visitor: &Visitor, dialogue: &TerritoryDialogue) -> Citable {
    let of_rates = ListPublishedRateSetsRequest {
        region: dialogue.region.clone(),
        ..Default::default()
    };
    let of_imports = ListCaseMixImportsRequest {
        region: dialogue.region.clone(),
        ..Default::default()
    };
    let sets = every!(
        visitor.portal.channels.published_rates(),
        list_published_rate_sets,
        of_rates,
        sets,
        MOST_CITABLE
    );
    let imports = if visitor.is_establishment() {
        Vec::new()
    } else {
        let listed = every!(
            visitor.services.case_mix(),
            list_case_mix_imports,
            of_imports,
            imports,
            MOST_CITABLE
        );
        listed.map_or_else(|_| Vec::new(), |(imports, _)| imports)
    };
    let sets = sets.map_or_else(|_| Vec::new(), |(sets, _)| sets);
    let rates = sets.iter().filter(|set| !set.corrected).map(|set| {
        let label = format!("{}, version {}", set.title, set.version);
        (set.name.clone(), label)
    });
    let mut case_mix: Vec<(String, String)> = imports
        .iter()
        .map(|import| {
            let day = dates::from_wire(&import.extraction_date);
            let label = format!(
                "{}, {}, extrait le {day}",
                words::field(import.field()),
                import.source
            );
            (import.name.clone(), label)
        })
        .collect();
    let cited = dialogue.diagnosis.iter().flat_map(|one| &one.evidence);
    for one in cited.filter(|one| one.kind() == EvidenceKind::CaseMix) {
        if !case_mix.iter().any(|(name, _)| *name == one.reference) {
            let label = format!("{} {}", one.locator, one.figure);
            case_mix.push((one.reference.clone(), label));
        }
    }
    Citable {
        rates: rates.collect(),
        case_mix,
    }
}

/// Acts on the list.
pub(crate) static ON_LIST: OnList = OnList {
    page: PATH,
    acts: &[(
        "OpenDialogue",
        Makes(|services, form| Box::pin(acts::send_open(services, form))),
    )],
    show: |visitor, attempt| Box::pin(list_page(visitor, Some(attempt))),
};

/// `POST /territoires/dialogues/{id}/actes/{method}`.
pub(crate) async fn act(Path((id, method)): Path<(String, String)>, posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    visitor
        .answer(do_act(&visitor, &id, &method, form).await)
        .await
}

async fn do_act(
    visitor: &Visitor,
    id: &str,
    method: &str,
    form: Form,
) -> Result<Response, Failure> {
    let name = resource("dialogues", id)?;
    if let Some(attempt) = Attempt::resumed(method, &form) {
        return Box::pin(dialogue_page(visitor, id, Some(&attempt))).await;
    }
    let sent = acts::send(&visitor.services, name, method, &form)
        .await
        .ok_or(Failure::NotFound)?;
    let own = format!("{PATH}/{id}");
    // An inflection that is proposed has its own page.
    let (sent, page) = match sent {
        Ok(Some(inflection)) => (Ok(()), format!("/inflexions/{inflection}")),
        Ok(None) => (Ok(()), own),
        Err(status) => (Err(status), own),
    };
    acted(visitor, sent, &page, method, form)
        .await?
        .or_show(|attempt| async move { dialogue_page(visitor, id, Some(&attempt)).await })
        .await
}
