//! One amendment: what it changes, what follows from it, and what may be done. A new one.

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse as _, Redirect, Response},
};
use proto::contracts::v1::{
    Amendment, Contract, GetAmendmentDocumentRequest, GetAmendmentRequest, GetContractRequest,
    GetImpactReviewRequest, TextChange,
};
use tonic::{Code, Status};

use super::annexes;
use super::{
    acted,
    acting::OnOne,
    amendment_impact::{self, Impact},
    amendment_members::{self, Member},
    contract, html, html_refused, id_of, names, notice, region_name, resource,
};
use crate::{
    Failure,
    acts::{
        Acts, FieldKind, MORE, Refusal, Shown, amendment as amendment_acts, contract::party_title,
    },
    form::Form,
    frame::{Frame, Section},
    services::within,
    table::{Table, attachment},
    text::{changed, dates, follow_up as words, labels, labels::Badge},
    visitor::{Posted, Visitor},
};

/// A difference in words.
pub(crate) struct Difference {
    pub(crate) what: String,
    pub(crate) badge: Badge,
    pub(crate) before: String,
    pub(crate) after: String,
}

#[derive(Template)]
#[template(path = "amendment.html")]
struct Page {
    frame: Frame,
    path: String,
    title: String,
    number: i32,
    badge: Badge,
    region: String,
    reason: &'static str,
    effect: String,
    proposed_by: &'static str,
    agreed_by: String,
    end_reasons: String,
    members: Vec<Member>,
    annexes: Vec<annexes::Shown>,
    gone: Vec<String>,
    impact: Impact,
    acknowledged: String,
    hash: String,
    opinions: Vec<(String, Badge, String)>,
    awaited: Vec<String>,
    signatures: Vec<(String, String)>,
    unsigned: Vec<String>,
    acts: Acts,
}

#[derive(Template)]
#[template(path = "amendment_new.html")]
struct NewPage {
    frame: Frame,
    title: String,
    acts: Acts,
}

/// The act whose form has rows.
const REVISE: &str = "ReviseAmendment";

/// `/avenants/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(amendment_page(&visitor, &id, Shown::Fresh).await)
        .await
}

async fn amendment_page(
    visitor: &Visitor,
    id: &str,
    shown_with: Shown<'_>,
) -> Result<Response, Failure> {
    let name = resource("amendments", id)?;
    let mut client = visitor.services.amendments();
    let asked = GetAmendmentRequest { name: name.clone() };
    let amendment = client.get_amendment(within(asked)).await?.into_inner();
    let asked = GetContractRequest {
        name: amendment.contract.clone(),
    };
    let mut contracts = visitor.services.contracts();
    let (impact, contract, members) = tokio::join!(
        client.get_impact_review(within(GetImpactReviewRequest { name })),
        contracts.get_contract(within(asked)),
        amendment_members::read(visitor, &amendment)
    );
    let impact = readable(impact)?;
    let contract = readable(contract)?;
    let path = format!("/avenants/{id}");
    let query = visitor.query();
    let mut shown = amendment_impact::shown(&impact, &path, &query);
    names::name_parties(&visitor.services, &impact.changes, &mut shown.changes).await;
    let form = |method: &str| {
        let is_council = visitor.is_council();
        amendment_acts::form(method, &amendment, &impact.sha256, &[], is_council)
    };
    let mut acts = Acts::of(&amendment.allowed_actions, &path, &amendment.etag, form);
    let actions = &amendment.allowed_actions;
    let annexed = annexes::methods(visitor, actions, REVISE).iter();
    let annexed = annexed.filter_map(|method| form(method));
    acts.forms
        .extend(annexed.map(|form| form.on(&path, &amendment.etag)));
    match shown_with {
        Shown::Fresh => {}
        Shown::Grown(typed) => {
            if let Some(form) = form(REVISE) {
                acts.grow(form.on(&path, &amendment.etag), typed);
            }
        }
        Shown::Refused(attempt) => {
            if let Some(form) = form(&attempt.method) {
                acts.refuse(form.on(&path, &amendment.etag), &Refusal::of(attempt));
            }
        }
    }
    let tables = [&shown.money, &shown.deadlines, &shown.targets];
    if let Some(file) = Table::asked_among(&query, tables.into_iter().flatten()) {
        return file;
    }
    let title = full_title(&amendment);
    let changes = amendment.changes.clone().unwrap_or_default();
    let page = Page {
        frame: under(visitor, &title, &contract).telling(notice(&query, amendment_acts::done)),
        members,
        annexes: annexes::shown(&path, &changes.put_annexes, &amendment.annex_files),
        gone: changes.remove_annexes,
        title: amendment.title.clone(),
        number: amendment.number,
        badge: words::amendment_state(amendment.state()),
        region: region_name(&amendment.region),
        reason: words::amendment_reason(amendment.reason()),
        effect: dates::from_wire(&amendment.effect_date),
        proposed_by: labels::side(amendment.proposed_by()),
        agreed_by: amendment
            .agreed_by()
            .map(labels::side)
            .collect::<Vec<_>>()
            .join(" et "),
        end_reasons: amendment.end_reasons.clone(),
        acknowledged: amendment
            .acknowledged_by
            .as_ref()
            .map_or_else(String::new, |actor| labels::actor(Some(actor))),
        hash: amendment.document_sha256.clone(),
        opinions: amendment
            .opinions
            .iter()
            .map(|one| {
                let told = format!("{} {}", dates::from_wire(&one.date), one.comment);
                (one.body.clone(), labels::opinion(one.sense()), told)
            })
            .collect(),
        awaited: amendment
            .consultations
            .iter()
            .filter(|body| !amendment.opinions.iter().any(|one| &one.body == *body))
            .cloned()
            .collect(),
        signatures: amendment
            .signatures
            .iter()
            .map(|one| {
                let who = labels::actor(one.signatory.as_ref());
                let when = dates::timestamp(one.sign_time.as_ref());
                let told = format!("{} — {who}, le {when}", one.signatory_title);
                (party_title(&one.party, &[]), told)
            })
            .collect(),
        unsigned: amendment
            .required_signatories
            .iter()
            .filter(|party| !amendment.signatures.iter().any(|one| &one.party == *party))
            .map(|party| party_title(party, &[]))
            .collect(),
        impact: shown,
        acts,
        path,
    };
    match shown_with.attempt() {
        Some(attempt) => html_refused(&page, attempt),
        None => html(&page),
    }
}

/// What an answer tells; nothing of what is not shown to somebody who reads the amendment alone, for they join by it.
fn readable<T: Default>(answer: Result<tonic::Response<T>, Status>) -> Result<T, Failure> {
    match answer {
        Ok(told) => Ok(told.into_inner()),
        Err(status) if matches!(status.code(), Code::NotFound | Code::PermissionDenied) => {
            Ok(T::default())
        }
        Err(status) => Err(status.into()),
    }
}

fn under(visitor: &Visitor, title: &str, contract: &Contract) -> Frame {
    let frame = visitor
        .frame(title, Section::Contracts)
        .under("Contrats", "/contrats");
    if contract.number.is_empty() {
        return frame;
    }
    let page = format!("/contrats/{}", id_of(&contract.name));
    frame.under(&contract.number, &page)
}

fn full_title(amendment: &Amendment) -> String {
    match amendment.number {
        0 => "Avenant proposé".to_owned(),
        number => format!("Avenant n° {number}"),
    }
}

/// A difference of a text in words.
pub(crate) fn difference(change: &TextChange) -> Difference {
    let section = words::section(change.section());
    let is_frame = change.section() == proto::contracts::v1::TextSection::Frame;
    let what = match (is_frame, change.field.as_str()) {
        (true, _) => changed::field(&change.code),
        (false, "" | "party" | "site" | "value") => format!("{section} {}", change.code),
        (false, field) => format!("{section} {} : {}", change.code, changed::field(field)),
    };
    let told = |text: &str| match dates::parse(text) {
        Some(day) => dates::day(day),
        None => id_of(text).to_owned(),
    };
    // Names of resources are shown by their number; other texts as they are.
    let read = |text: &str| {
        if text.starts_with("legalEntities/")
            || text.starts_with("establishments/")
            || dates::parse(text).is_some()
        {
            told(text)
        } else {
            changed::value(&change.field, text)
        }
    };
    Difference {
        what,
        badge: words::change(change.kind()),
        before: read(&change.before),
        after: read(&change.after),
    }
}

/// `POST /avenants/{id}/actes/{method}`.
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
    if method == REVISE && !form.text(MORE).is_empty() {
        return amendment_page(visitor, id, Shown::Grown(&form)).await;
    }
    ACTS.act(visitor, id, method, form).await
}

/// Acts on an amendment.
static ACTS: OnOne = OnOne {
    of: "amendments",
    page: |id| format!("/avenants/{id}"),
    send: |services, name, method, form| {
        Box::pin(amendment_acts::send(services, name, method, form))
    },
    show: |visitor, id, attempt| Box::pin(amendment_page(visitor, id, Shown::Refused(attempt))),
};

/// `/contrats/{id}/avenants/nouveau`.
pub(crate) async fn new(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(new_page(&visitor, &id, Shown::Fresh).await)
        .await
}

async fn new_page(visitor: &Visitor, id: &str, shown: Shown<'_>) -> Result<Response, Failure> {
    let contract = contract::read(&visitor.services, id).await?;
    let action = format!("/contrats/{id}/avenants/nouveau");
    let form = amendment_acts::propose(&action, visitor.is_council());
    let page = NewPage {
        frame: visitor
            .frame("Proposer un avenant", Section::Contracts)
            .under("Contrats", "/contrats")
            .under(&contract.number, &format!("/contrats/{id}")),
        title: contract.text.map(|text| text.title).unwrap_or_default(),
        acts: Acts::one(form, shown),
    };
    match shown.attempt() {
        Some(attempt) => html_refused(&page, attempt),
        None => html(&page),
    }
}

/// `POST /contrats/{id}/avenants/nouveau`.
pub(crate) async fn create(Path(id): Path<String>, posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    visitor.answer(do_create(&visitor, &id, form).await).await
}

async fn do_create(visitor: &Visitor, id: &str, form: Form) -> Result<Response, Failure> {
    if !form.text(MORE).is_empty() {
        return new_page(visitor, id, Shown::Grown(&form)).await;
    }
    let contract = resource("contracts", id)?;
    let request = amendment_acts::proposed(contract, &form);
    let answer = visitor
        .services
        .amendments()
        .propose_amendment(within(request))
        .await;
    let sent = match answer {
        Ok(amendment) => {
            let name = amendment.into_inner().name;
            let page = format!("/avenants/{}?fait=ProposeAmendment", id_of(&name));
            return Ok(Redirect::to(&page).into_response());
        }
        Err(status) => Err(status),
    };
    let page = format!("/contrats/{id}");
    acted(visitor, sent, &page, "ProposeAmendment", form)
        .await?
        .or_show(|attempt| async move { new_page(visitor, id, Shown::Refused(&attempt)).await })
        .await
}

/// `/avenants/{id}/document`: the very bytes that every party signs.
pub(crate) async fn document(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(frozen(&visitor, &id).await).await
}

async fn frozen(visitor: &Visitor, id: &str) -> Result<Response, Failure> {
    let request = GetAmendmentDocumentRequest {
        name: resource("amendments", id)?,
    };
    let mut client = visitor.services.amendments();
    let document = client
        .get_amendment_document(within(request))
        .await?
        .into_inner();
    let short = document.sha256.get(..12).unwrap_or("document");
    let name = format!("avenant-{short}.json");
    Ok(attachment(document.content, "application/json", &name))
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::{ChangeKind, TextSection};

    use super::*;

    #[test]
    fn differences_are_told_in_words() {
        let change = |section: TextSection, code: &str, field: &str, after: &str| {
            difference(&TextChange {
                section: section.into(),
                kind: ChangeKind::Changed.into(),
                code: code.to_owned(),
                field: field.to_owned(),
                before: String::new(),
                after: after.to_owned(),
            })
        };
        let end = change(TextSection::Frame, "end_date", "value", "2029-12-31");
        assert_eq!(
            (end.what.as_str(), end.after.as_str()),
            ("dernier jour", "31 décembre 2029")
        );
        let site = change(
            TextSection::Perimeter,
            "130001647",
            "site",
            "establishments/130001647",
        );
        assert_eq!(
            (site.what.as_str(), site.after.as_str()),
            ("Périmètre 130001647", "130001647")
        );
        let title = change(TextSection::Objective, "O1", "title", "A/B");
        assert_eq!(
            (title.what.as_str(), title.after.as_str()),
            ("Objectif O1 : intitulé", "A/B")
        );
    }
}
