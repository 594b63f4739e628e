//! One inflection: what is proposed, on what evidence, and what each establishment says of it.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::targets::v1::{
    DialogueState, GetDialogueRequest, GetInflectionRequest, Inflection, InflectionState, Position,
    TerritoryDialogue,
};
use tonic::Status;

use super::{
    dialogues::{Cited, change, cited, inflection_title},
    projection::{WhatIf, try_out},
    projection_asked::retain,
};
use crate::{
    Failure,
    acts::{Acts, FieldKind, Refusal, inflection as inflection_acts},
    form::Form,
    frame::{Frame, Section},
    pages::{Attempt, acting::OnOne, html, html_refused, id_of, notice, region_name, resource},
    services::{Services, within},
    table::Table,
    text::{dates, labels, labels::Badge, territory as words},
    visitor::Visitor,
};

struct Positioned {
    title: String,
    badge: Badge,
    reasons: String,
    who: String,
}

#[derive(Template)]
#[template(path = "inflection.html")]
struct Page {
    frame: Frame,
    title: String,
    badge: Badge,
    region: String,
    territory: String,
    change: String,
    disputed: bool,
    rationale: String,
    evidence: Vec<Cited>,
    positions: Vec<Positioned>,
    decision: String,
    decision_reasons: String,
    /// For who may read rates and flows.
    what_if: Option<WhatIf>,
    /// Where retained projections are read.
    dialogue: String,
    acts: Acts,
}

/// `/inflexions/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(inflection_page(&visitor, &id, None).await)
        .await
}

async fn inflection_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let name = resource("inflections", id)?;
    let mut client = visitor.services.dialogues();
    let inflection = client
        .get_inflection(within(GetInflectionRequest { name }))
        .await?
        .into_inner();
    let asked = GetDialogueRequest {
        name: inflection.dialogue.clone(),
    };
    let dialogue = client.get_dialogue(within(asked)).await?.into_inner();
    let path = format!("/inflexions/{id}");
    let proposal = inflection.proposal.clone().unwrap_or_default();
    let who = labels::person(&inflection.decided_by);
    let decided = dates::timestamp(inflection.decide_time.as_ref());
    let query = visitor.query();
    let what_if = if visitor.is_establishment() {
        None
    } else {
        let retained = attempt.filter(|attempt| attempt.method == inflection_acts::RETAIN);
        let typed = retained.map_or(&query, |attempt| &attempt.typed);
        Some(try_out(visitor, &inflection, &path, typed).await?)
    };
    if let Some(projected) = what_if.as_ref().and_then(|one| one.projected.as_ref()) {
        let tables = [&projected.production, &projected.consumption];
        if let Some(file) = Table::asked_among(&query, tables) {
            return file;
        }
    }
    let dialogue_path = format!("/territoires/dialogues/{}", id_of(&dialogue.name));
    let page = Page {
        frame: visitor
            .frame(&inflection_title(&inflection), Section::Territories)
            .under("Dialogues", "/territoires/dialogues")
            .under(&dialogue.title, &dialogue_path)
            .telling(notice(&query, inflection_acts::done)),
        title: inflection_title(&inflection),
        badge: words::inflection_state(inflection.state()),
        region: region_name(&inflection.region),
        territory: id_of(&inflection.territory).to_owned(),
        change: change(&inflection),
        disputed: inflection.disputed,
        rationale: proposal.rationale,
        evidence: proposal.evidence.iter().map(cited).collect(),
        positions: positions(&dialogue, &inflection),
        decision: match inflection.state() {
            InflectionState::Agreed => format!("Retenue par {who}, le {decided}"),
            InflectionState::Dropped => format!("Abandonnée par {who}, le {decided}"),
            _ => String::new(),
        },
        decision_reasons: inflection.decision_reasons.clone(),
        acts: acts(
            visitor,
            &dialogue,
            &inflection,
            what_if.as_ref(),
            &path,
            attempt,
        ),
        what_if,
        dialogue: dialogue_path,
    };
    match attempt {
        Some(attempt) => html_refused(&page, attempt),
        None => html(&page),
    }
}

/// Every invited establishment, whether it has answered or not.
fn positions(dialogue: &TerritoryDialogue, inflection: &Inflection) -> Vec<Positioned> {
    dialogue
        .participants
        .iter()
        .filter(|participant| !participant.finess.is_empty())
        .map(|participant| {
            let taken = inflection
                .positions
                .iter()
                .find(|position| position.finess == participant.finess);
            Positioned {
                title: participant.title.clone(),
                badge: words::stance(taken.map(Position::stance).unwrap_or_default()),
                reasons: taken.map(|one| one.reasons.clone()).unwrap_or_default(),
                who: taken.map_or_else(String::new, |one| {
                    format!(
                        "{}, le {}",
                        labels::person(&one.recorded_by),
                        dates::timestamp(one.record_time.as_ref())
                    )
                }),
            }
        })
        .collect()
}

/// What this person's role lets them try; the service decides.
fn acts(
    visitor: &Visitor,
    dialogue: &TerritoryDialogue,
    inflection: &Inflection,
    what_if: Option<&WhatIf>,
    path: &str,
    attempt: Option<&Attempt>,
) -> Acts {
    let invited: Vec<(String, String)> = dialogue
        .participants
        .iter()
        .filter(|participant| !participant.finess.is_empty())
        .map(|one| {
            (
                one.finess.clone(),
                format!("{} ({})", one.title, one.finess),
            )
        })
        .collect();
    let mut acts = Acts::default();
    let is_open = inflection.state() == InflectionState::Proposed;
    let positions = visitor.is("contract_manager") || visitor.is_establishment();
    let decides = visitor.is("manager") || visitor.is("director_general");
    for (method, is_theirs) in [
        ("RecordPosition", positions),
        ("AgreeInflection", decides),
        ("DropInflection", decides),
    ] {
        if let Some(form) = inflection_acts::form(method, &invited).filter(|_| is_open && is_theirs)
        {
            acts.forms.push(form.on(path, &inflection.etag));
        }
    }
    let holds = visitor.keeps_contracts();
    let tried = what_if.filter(|one| one.projected.is_some() && one.may_be_kept);
    if let Some(tried) = tried
        && holds
        && dialogue.state() == DialogueState::Open
    {
        let form = inflection_acts::retain(&tried.kept);
        acts.forms.push(form.on(path, &dialogue.etag));
    }
    let Some(attempt) = attempt else {
        return acts;
    };
    let refused = match (attempt.method.as_str(), what_if) {
        (inflection_acts::RETAIN, Some(tried)) => {
            Some(inflection_acts::retain(&tried.kept).on(path, &dialogue.etag))
        }
        (method, _) => {
            let form = inflection_acts::form(method, &invited);
            form.map(|form| form.on(path, &inflection.etag))
        }
    };
    if let Some(form) = refused {
        acts.refuse(form, &Refusal::of(attempt));
    }
    acts
}

/// Acts on an inflection.
pub(crate) static ACTS: OnOne = OnOne {
    of: "inflections",
    page: |id| format!("/inflexions/{id}"),
    send: |services, name, method, form| Box::pin(send(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(inflection_page(visitor, id, Some(attempt))),
};

async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    if method == inflection_acts::RETAIN {
        return Some(retain_tried(services, name, form).await);
    }
    inflection_acts::send(services, name, method, form).await
}

/// Writes the projection that was tried in the dialogue of the inflection.
async fn retain_tried(services: &Services, name: String, form: &Form) -> Result<(), Status> {
    let mut client = services.dialogues();
    let asked = GetInflectionRequest { name };
    let inflection = client.get_inflection(within(asked)).await?.into_inner();
    retain(services, &inflection, form).await
}
