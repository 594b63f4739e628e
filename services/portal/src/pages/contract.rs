//! One contract: where it stands, what may be done, what it commits to, what came of it.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::{
    contracts::v1::{
        Contract, ContractState, ContractText, GetContractRequest, GetFrozenDocumentRequest,
    },
    establishments::v1::GetLegalEntityRequest,
    targets::v1::AgreeingSide,
};
use time::{Date, OffsetDateTime};

use super::{
    Attempt, Exports, acted,
    acting::OnOne,
    annexes,
    controls::missions::sees_missions,
    dossier::{self, Dossier},
    html_after, id_of, notice,
    objectives::{self, Objectives},
    steps::{self, Promise},
    term,
};
use crate::{
    Failure,
    acts::{
        Acts, FieldKind, Refusal, contract as contract_acts, contract_annexes,
        targets as target_acts, targets_draft, term::Ground,
    },
    form::Form,
    frame::{Frame, Section},
    picture::{Moment, timeline},
    services::{Services, within},
    table::{Export, attachment},
    text::{dates, follow_up, labels, labels::Badge},
    visitor::{Posted, Visitor},
};

/// A party or a site with its name.
struct Named {
    title: String,
    number: String,
    detail: String,
}

struct ShownOpinion {
    body: String,
    badge: Badge,
    date: String,
    comment: String,
}

struct ShownSignature {
    party: String,
    who: String,
    when: String,
}

#[derive(Template)]
#[template(path = "contract.html")]
struct Page {
    frame: Frame,
    id: String,
    path: String,
    number: String,
    title: String,
    badge: Badge,
    region: String,
    effect: String,
    end: String,
    regime: String,
    version: i32,
    agreed_by: String,
    hash: String,
    picture: Option<String>,
    moments: Vec<(String, String)>,
    acts: Acts,
    parties: Vec<Named>,
    sites: Vec<Named>,
    strategic: Vec<[String; 4]>,
    promises: Vec<Promise>,
    annexes: Vec<annexes::Shown>,
    /// Renewals and withdrawals.
    term: Vec<term::Told>,
    opinions: Vec<ShownOpinion>,
    awaited: Vec<String>,
    signatures: Vec<ShownSignature>,
    unsigned: Vec<String>,
    objectives: Objectives,
    objectives_badge: Option<Badge>,
    exports: Exports,
    /// Who may sign by mandate, in words.
    mandates: Vec<String>,
    may_amend: bool,
    sees_missions: bool,
    dossier: Dossier,
}

/// `/contrats/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(contract_page(&visitor, &id, None).await)
        .await
}

/// The contract that an address names.
pub(crate) async fn read(services: &Services, id: &str) -> Result<Contract, Failure> {
    let request = GetContractRequest {
        name: super::resource("contracts", id)?,
    };
    Ok(services
        .contracts()
        .get_contract(within(request))
        .await?
        .into_inner())
}

async fn contract_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let services = &visitor.services;
    let query = visitor.query();
    let contract = read(services, id).await?;
    let text = contract.text.clone().unwrap_or_default();
    let (mut objectives, names, dossier, ground) = tokio::try_join!(
        objectives::read(services, &contract),
        names(services, &text),
        Box::pin(dossier::read(visitor, &contract)),
        Box::pin(term::read(visitor, &contract))
    )?;
    objectives::name_subjects(&mut objectives, &names);
    if let Some(export) = Export::asked(query.text("format")) {
        return match (&dossier.money, query.text("tableau")) {
            (Some(money), "moyens") => money.table.export(export),
            _ => objectives.table.export(export),
        };
    }
    let path = format!("/contrats/{id}");
    let titles: Vec<(String, String)> = names.clone().into_iter().collect();
    let on = (&contract, &objectives, &ground);
    let acts = acts(visitor, on, &titles, &path, attempt);
    let (picture, moments) = life(visitor, &contract, &text);
    let page = Page {
        frame: visitor
            .frame(&contract.number, Section::Contracts)
            .under("Contrats", "/contrats")
            .telling(notice(&query, contract_acts::done)),
        id: id.to_owned(),
        number: contract.number.clone(),
        title: text.title.clone(),
        badge: labels::contract_state(contract.state()),
        region: super::region_name(&contract.region),
        effect: dates::from_wire(&text.effect_date),
        end: dates::from_wire(&contract.last_day),
        regime: labels::regime(&contract.legal_regime).to_owned(),
        version: contract.text_version,
        agreed_by: contract
            .agreed_by()
            .map(labels::side)
            .collect::<Vec<_>>()
            .join(" et "),
        hash: contract.document_sha256.clone(),
        picture,
        moments,
        acts,
        parties: named(&text.legal_entities, &names, "/etablissements?q="),
        sites: named(&text.establishments, &names, "/etablissements/"),
        strategic: text
            .objectives
            .iter()
            .map(|o| {
                let competence = follow_up::competence(o.competence.as_ref());
                let (title, description) = (o.title.clone(), o.description.clone());
                [o.axis.clone(), title, description, competence]
            })
            .collect(),
        promises: steps::promises(&text),
        term: term::told(&ground, &titles),
        annexes: annexes::shown(
            &path,
            contract_annexes::of(&contract),
            &contract.annex_files,
        ),
        opinions: contract
            .opinions
            .iter()
            .map(|opinion| ShownOpinion {
                body: opinion.body.clone(),
                badge: labels::opinion(opinion.sense()),
                date: dates::from_wire(&opinion.date),
                comment: opinion.comment.clone(),
            })
            .collect(),
        awaited: text
            .consultations
            .iter()
            .filter(|body| !contract.opinions.iter().any(|o| &o.body == *body))
            .cloned()
            .collect(),
        signatures: contract
            .signatures
            .iter()
            .map(|signature| ShownSignature {
                party: contract_acts::party_title(&signature.party, &titles),
                who: format!(
                    "{} — {}",
                    signature.signatory_title,
                    labels::actor(signature.signatory.as_ref())
                ),
                when: dates::timestamp(signature.sign_time.as_ref()),
            })
            .collect(),
        unsigned: contract
            .required_signatories
            .iter()
            .filter(|party| !contract.signatures.iter().any(|s| &s.party == *party))
            .map(|party| contract_acts::party_title(party, &titles))
            .collect(),
        objectives_badge: objectives
            .set
            .as_ref()
            .map(|set| labels::target_set_state(set.state())),
        objectives,
        exports: Exports::of(&path, &Form::default()),
        may_amend: may_amend(visitor, &contract),
        sees_missions: sees_missions(visitor),
        mandates: mandates(&dossier, &titles),
        dossier,
        path,
    };
    html_after(&page, attempt)
}

/// Forms for what may be done now; the agreement on the objectives beside those of the text.
fn acts(
    visitor: &Visitor,
    (contract, objectives, ground): (&Contract, &Objectives, &Ground),
    titles: &[(String, String)],
    path: &str,
    attempt: Option<&Attempt>,
) -> Acts {
    let form = |method: &str| contract_acts::form(method, contract, titles, visitor.is_council());
    let who = term::who(visitor);
    let of_term = |method: &str| ground.form(method, contract, &who, titles, path);
    let mut acts = Acts::of(&contract.allowed_actions, path, &contract.etag, form);
    let agreement = objectives
        .set
        .as_ref()
        .and_then(|set| target_acts::agreement(set, own_side(visitor), path));
    let draft = may_draft(visitor, contract)
        .then(|| targets_draft::form(objectives.set.as_ref(), path))
        .flatten();
    acts.forms
        .extend([&agreement, &draft].into_iter().flatten().cloned());
    let offered = ground.offered(contract, &who).into_iter();
    acts.forms.extend(offered.filter_map(of_term));
    acts.refused.extend(ground.refused(&who));
    if let Some(attempt) = attempt {
        let fallback = match attempt.method.as_str() {
            "AgreeToTargetSet" => agreement,
            "CreateTargetSet" | "ReplaceObjectives" => draft,
            method => form(method)
                .map(|form| form.on(path, &contract.etag))
                .or_else(|| of_term(method)),
        };
        if let Some(fallback) = fallback {
            acts.refuse(fallback, &Refusal::of(attempt));
        }
    }
    acts
}

/// Whether drafting objectives in figures makes sense now; the service decides.
fn may_draft(visitor: &Visitor, contract: &Contract) -> bool {
    let state = contract.state();
    visitor.is("contract_manager")
        && matches!(
            state,
            ContractState::Negotiation | ContractState::Consultation
        )
}

/// Whether proposing an amendment makes sense now; the service decides.
fn may_amend(visitor: &Visitor, contract: &Contract) -> bool {
    let is_negotiator = ["contract_manager", "manager", "establishment_director"]
        .iter()
        .any(|role| visitor.is(role));
    let state = contract.state();
    (is_negotiator || visitor.is_council())
        && matches!(state, ContractState::Signed | ContractState::InForce)
}

/// Who may sign for a party without holding its office.
fn mandates(dossier: &Dossier, titles: &[(String, String)]) -> Vec<String> {
    let told = |(party, who, act): &(String, String, String)| {
        let party = contract_acts::party_title(party, titles);
        format!("{who}, pour {party} : {act}")
    };
    dossier.mandates.iter().map(told).collect()
}

/// The side this person may agree for.
fn own_side(visitor: &Visitor) -> Option<AgreeingSide> {
    if visitor.is_establishment() {
        Some(AgreeingSide::Establishment)
    } else if visitor.keeps_contracts() {
        Some(AgreeingSide::Ars)
    } else {
        None
    }
}

/// The picture of a contract's life, and the same in words.
fn life(
    visitor: &Visitor,
    contract: &Contract,
    text: &ContractText,
) -> (Option<String>, Vec<(String, String)>) {
    let mut moments: Vec<Moment> = Vec::new();
    let mut add = |on: Option<Date>, title: &str| {
        moments.extend(on.map(|on| Moment {
            on,
            title: title.to_owned(),
        }));
    };
    let day_of = |time: Option<&prost_types::Timestamp>| {
        time.and_then(kit::from_timestamp).map(OffsetDateTime::date)
    };
    add(day_of(contract.create_time.as_ref()), "projet créé");
    for opinion in &contract.opinions {
        let title = format!("avis de l’instance « {} »", opinion.body);
        add(dates::parse(&opinion.date), &title);
    }
    for signature in &contract.signatures {
        let title = match signature.party.split('/').next() {
            Some("ars") => "signature de l’agence",
            Some("departments") => "signature du conseil départemental",
            Some("associatedParties") => "signature du tiers associé",
            _ => "signature de l’établissement",
        };
        add(day_of(signature.sign_time.as_ref()), title);
    }
    moments.sort_by_key(|moment| moment.on);
    let first = dates::parse(&text.effect_date);
    // A term that was extended, or cut short, is drawn as it is.
    let last = dates::parse(&contract.last_day);
    let today = visitor.portal.clock.now().date();
    let picture = first
        .zip(last)
        .filter(|(first, last)| first <= last)
        .map(|(first, last)| timeline("vie", first, last, &moments, today));
    let told = moments
        .iter()
        .map(|moment| (dates::day(moment.on), moment.title.clone()))
        .collect();
    (picture, told)
}

/// Names of the parties and sites, by resource name. What the registry does not know keeps its number.
async fn names(
    services: &Services,
    text: &ContractText,
) -> Result<BTreeMap<String, String>, Failure> {
    let entities = text.legal_entities.iter().map(|name| async move {
        let request = GetLegalEntityRequest { name: name.clone() };
        let answer = services.registry().get_legal_entity(within(request)).await;
        Some((name.clone(), answer.ok()?.into_inner().title))
    });
    let (entities, sites) = tokio::join!(
        futures::future::join_all(entities),
        super::names::sites(services, text.establishments.iter().cloned().collect())
    );
    let sites = sites
        .into_iter()
        .map(|(number, title)| (format!("establishments/{number}"), title));
    Ok(entities.into_iter().flatten().chain(sites).collect())
}

fn named(resources: &[String], names: &BTreeMap<String, String>, page: &str) -> Vec<Named> {
    resources
        .iter()
        .map(|resource| {
            let number = id_of(resource).to_owned();
            Named {
                title: names
                    .get(resource)
                    .cloned()
                    .unwrap_or_else(|| "Nom inconnu du registre".to_owned()),
                detail: format!("{page}{number}"),
                number,
            }
        })
        .collect()
}

/// Acts on a contract.
pub(crate) static ACTS: OnOne = OnOne {
    of: "contracts",
    page: |id| format!("/contrats/{id}"),
    send: |services, name, method, form| {
        Box::pin(contract_acts::send(services, name, method, form))
    },
    show: |visitor, id, attempt| Box::pin(contract_page(visitor, id, Some(attempt))),
};

/// `POST /contrats/{id}/objectifs/accord`.
pub(crate) async fn agree_targets(Path(id): Path<String>, posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    visitor.answer(do_agree(&visitor, &id, form).await).await
}

async fn do_agree(visitor: &Visitor, id: &str, form: Form) -> Result<Response, Failure> {
    if let Some(attempt) = Attempt::resumed("AgreeToTargetSet", &form) {
        return Box::pin(contract_page(visitor, id, Some(&attempt))).await;
    }
    let sent = target_acts::agree(&visitor.services, &form).await;
    let page = format!("/contrats/{id}");
    acted(visitor, sent, &page, "AgreeToTargetSet", form)
        .await?
        .or_show(|attempt| async move { contract_page(visitor, id, Some(&attempt)).await })
        .await
}

/// Acts on its targets before it is in force.
pub(crate) static TARGETS: OnOne = OnOne {
    of: "contracts",
    page: |id| format!("/contrats/{id}"),
    send: |services, name, method, form| {
        Box::pin(targets_draft::send(services, name, method, form))
    },
    show: |visitor, id, attempt| Box::pin(contract_page(visitor, id, Some(attempt))),
};

/// `/contrats/{id}/document`: the very bytes that every party signs.
pub(crate) async fn document(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(frozen(&visitor, &id).await).await
}

async fn frozen(visitor: &Visitor, id: &str) -> Result<Response, Failure> {
    let request = GetFrozenDocumentRequest {
        name: super::resource("contracts", id)?,
    };
    let document = visitor
        .services
        .contracts()
        .get_frozen_document(within(request))
        .await?
        .into_inner();
    let name = format!(
        "contrat-{}.json",
        document.sha256.get(..12).unwrap_or("document")
    );
    Ok(attachment(document.content, "application/json", &name))
}
