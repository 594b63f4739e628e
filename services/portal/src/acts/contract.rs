//! Acts on a contract.

use proto::contracts::v1::{
    AbandonContractRequest, AgreeToVersionRequest, Contract, ContractText, CreateContractRequest,
    FreezeContractRequest, OpenNegotiationRequest, OpinionSense, ProposeVersionRequest,
    RecordOpinionRequest, SignContractRequest, StrategicObjective, WithdrawFromSignatureRequest,
};
use tonic::Status;

use super::{ActForm, Field};
use crate::{
    form::Form,
    services::{Services, within},
    text::labels,
};

/// How an act on this contract is done.
pub(crate) fn form(
    method: &str,
    contract: &Contract,
    party_titles: &[(String, String)],
) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    let text = contract.text.clone().unwrap_or_default();
    Some(match method {
        "OpenNegotiation" => act("Ouvrir la négociation", "Ouvrir la négociation")
            .intro("Le projet sera transmis à l’établissement, qui pourra proposer des modifications."),
        "ProposeVersion" => text_fields(
            act("Proposer une nouvelle version du texte", "Proposer cette version").intro(
                "Les versions antérieures restent conservées telles quelles ; les accords déjà donnés tombent.",
            ),
            &text,
        )
        .with(
            Field::text("comment", "Ce qui change, et pourquoi")
                .hint("Lu par l’autre partie.")
                .optional(),
        ),
        "AgreeToVersion" => act("Donner l’accord de votre partie sur le texte", "Donner notre accord").intro(
            &format!(
                "L’accord porte sur la version {} du texte. Quand les deux parties l’ont donné, le texte est stable et les consultations commencent.",
                contract.text_version
            ),
        ),
        "RecordOpinion" => act("Enregistrer l’avis d’une instance", "Enregistrer l’avis")
            .intro("Un avis éclaire ; il ne lie pas.")
            .with(Field::choice(
                "body",
                "Instance",
                awaited_bodies(contract)
                    .into_iter()
                    .map(|body| (body.clone(), body))
                    .collect(),
            ))
            .with(Field::radio("sense", "Sens de l’avis", opinion_senses()))
            .with(Field::day("date", "Date de l’avis"))
            .with(Field::text("comment", "Observations de l’instance").optional()),
        "FreezeContract" => act("Figer le texte pour signature", "Figer le texte").grave().intro(
            "Le texte et ses objectifs convenus deviennent le document que chaque partie signera. Il ne pourra plus être modifié sans retrait de la signature.",
        ),
        "SignContract" => {
            let waiting: Vec<(String, String)> = contract
                .required_signatories
                .iter()
                .filter(|party| !contract.signatures.iter().any(|s| &s.party == *party))
                .map(|party| (party.clone(), party_title(party, party_titles)))
                .collect();
            act("Signer le contrat", "Signer")
                .grave()
                .intro(
                    "Vous signez le document dont l’empreinte est affichée sur cette page. Votre signature engage la partie que vous représentez.",
                )
                .with(Field::radio("party", "Vous signez pour", waiting))
                .with(
                    Field::line("signatory_title", "En quelle qualité signez-vous ?")
                        .hint("Par exemple : Directrice générale."),
                )
                .with(Field::hidden("document_sha256", &contract.document_sha256))
        }
        "WithdrawFromSignature" => act("Retirer le contrat de la signature", "Retirer de la signature")
            .grave()
            .intro("Les signatures déjà données tombent et la négociation reprend.")
            .with(Field::text("reasons", "Motifs")),
        "AbandonContract" => act("Abandonner ce contrat", "Abandonner le contrat")
            .grave()
            .intro("Un contrat abandonné ne peut pas être repris.")
            .with(Field::text("reasons", "Motifs")),
        _ => return None,
    })
}

/// Sends an act. The outer error is a method that is none of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    let mut client = services.contracts();
    let etag = form.text("etag").to_owned();
    let request_id = form.text("request_id").to_owned();
    let reasons = form.text("reasons").to_owned();
    let sent = match method {
        "OpenNegotiation" => {
            let request = OpenNegotiationRequest {
                name,
                etag,
                request_id,
            };
            client.open_negotiation(within(request)).await
        }
        "ProposeVersion" => {
            let request = ProposeVersionRequest {
                name,
                etag,
                text: Some(text(form)),
                comment: form.text("comment").to_owned(),
                request_id,
            };
            client.propose_version(within(request)).await
        }
        "AgreeToVersion" => {
            let request = AgreeToVersionRequest {
                name,
                etag,
                request_id,
            };
            client.agree_to_version(within(request)).await
        }
        "RecordOpinion" => {
            let request = RecordOpinionRequest {
                name,
                etag,
                body: form.text("body").to_owned(),
                sense: form.whole("sense").unwrap_or_default(),
                date: form.text("date").to_owned(),
                comment: form.text("comment").to_owned(),
                request_id,
            };
            client.record_opinion(within(request)).await
        }
        "FreezeContract" => {
            let request = FreezeContractRequest {
                name,
                etag,
                request_id,
            };
            client.freeze_contract(within(request)).await
        }
        "SignContract" => {
            let request = SignContractRequest {
                name,
                etag,
                party: form.text("party").to_owned(),
                signatory_title: form.text("signatory_title").to_owned(),
                document_sha256: form.text("document_sha256").to_owned(),
                request_id,
            };
            client.sign_contract(within(request)).await
        }
        "WithdrawFromSignature" => {
            let request = WithdrawFromSignatureRequest {
                name,
                etag,
                reasons,
                request_id,
            };
            client.withdraw_from_signature(within(request)).await
        }
        "AbandonContract" => {
            let request = AbandonContractRequest {
                name,
                etag,
                reasons,
                request_id,
            };
            client.abandon_contract(within(request)).await
        }
        _ => return None,
    };
    Some(sent.map(|_| ()))
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "CreateContract" => {
            "Le projet de contrat est créé. Ouvrez la négociation quand il est prêt."
        }
        "OpenNegotiation" => "La négociation est ouverte.",
        "ProposeVersion" => "La nouvelle version est proposée à l’autre partie.",
        "AgreeToVersion" => "L’accord de votre partie est donné.",
        "RecordOpinion" => "L’avis est enregistré.",
        "FreezeContract" => "Le texte est figé : il peut être signé.",
        "SignContract" => "Votre signature est enregistrée.",
        "WithdrawFromSignature" => {
            "Le contrat est retiré de la signature ; la négociation reprend."
        }
        "AbandonContract" => "Le contrat est abandonné.",
        "AgreeToTargetSet" => "L’accord de votre partie sur les objectifs est donné.",
        _ => return None,
    })
}

/// The form of a new draft.
pub(crate) fn new_contract(regions: Vec<(String, String)>) -> ActForm {
    let act = ActForm::new("CreateContract", "Nouveau contrat", "Créer le projet")
        .with(Field::choice("region", "Région", regions));
    let mut form = text_fields(act, &ContractText::default());
    "/contrats/nouveau".clone_into(&mut form.action);
    form
}

/// A new draft as it was typed.
pub(crate) fn create(form: &Form) -> CreateContractRequest {
    let mut request = CreateContractRequest {
        region: form.text("region").to_owned(),
        text: Some(text(form)),
        ..Default::default()
    };
    form.text("request_id").clone_into(&mut request.request_id);
    request
}

fn text_fields(act: ActForm, text: &ContractText) -> ActForm {
    let numbers = |names: &[String]| {
        names
            .iter()
            .map(|name| name.rsplit('/').next().unwrap_or(name))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let objectives: Vec<String> = text
        .objectives
        .iter()
        .map(|objective| {
            let description = objective.description.replace('\n', " ");
            format!("{} | {} | {description}", objective.axis, objective.title)
        })
        .collect();
    act.with(Field::line("text.title", "Intitulé").holding(&text.title))
        .with(
            Field::text("text.legal_entities", "Entités juridiques signataires")
                .hint("Un numéro FINESS d’entité juridique par ligne.")
                .holding(&numbers(&text.legal_entities)),
        )
        .with(
            Field::text("text.establishments", "Établissements couverts")
                .hint("Un numéro FINESS d’établissement par ligne.")
                .holding(&numbers(&text.establishments))
                .optional(),
        )
        .with(Field::day("text.effect_date", "Premier jour d’effet").holding(&text.effect_date))
        .with(
            Field::day("text.end_date", "Dernier jour")
                .hint("Cinq ans au plus après le premier jour (CSP L6114-1).")
                .holding(&text.end_date),
        )
        .with(
            Field::text("text.objectives", "Objectifs stratégiques")
                .hint("Un par ligne : axe | intitulé | description. Axe A : positionnement territorial ; axe B : pilotage interne.")
                .holding(&objectives.join("\n"))
                .optional(),
        )
        .with(
            Field::text("text.consultations", "Instances à consulter")
                .hint("Une par ligne, par exemple : Conseil de surveillance.")
                .holding(&text.consultations.join("\n"))
                .optional(),
        )
}

fn text(form: &Form) -> ContractText {
    let names = |field: &str, collection: &str| {
        form.lines(field)
            .iter()
            .map(|number| format!("{collection}/{}", number.replace(char::is_whitespace, "")))
            .collect()
    };
    let mut text = ContractText {
        title: form.text("text.title").to_owned(),
        legal_entities: names("text.legal_entities", "legalEntities"),
        establishments: names("text.establishments", "establishments"),
        effect_date: form.text("text.effect_date").to_owned(),
        end_date: form.text("text.end_date").to_owned(),
        objectives: form
            .lines("text.objectives")
            .iter()
            .map(|line| objective(line))
            .collect(),
        ..Default::default()
    };
    text.consultations = form.lines("text.consultations");
    text
}

/// `axe | intitulé | description`.
fn objective(line: &str) -> StrategicObjective {
    let mut parts = line.splitn(3, '|').map(|part| part.trim().to_owned());
    let mut objective = StrategicObjective {
        axis: parts.next().unwrap_or_default(),
        title: parts.next().unwrap_or_default(),
        ..Default::default()
    };
    objective.description = parts.next().unwrap_or_default();
    objective
}

fn awaited_bodies(contract: &Contract) -> Vec<String> {
    let asked = contract.text.iter().flat_map(|text| &text.consultations);
    asked
        .filter(|body| {
            !contract
                .opinions
                .iter()
                .any(|opinion| &opinion.body == *body)
        })
        .cloned()
        .collect()
}

fn opinion_senses() -> Vec<(String, String)> {
    [
        OpinionSense::Favourable,
        OpinionSense::Reserved,
        OpinionSense::Unfavourable,
        OpinionSense::Noted,
    ]
    .into_iter()
    .map(|sense| {
        (
            i32::from(sense).to_string(),
            labels::opinion(sense).text.to_owned(),
        )
    })
    .collect()
}

/// A signatory in words.
pub(crate) fn party_title(party: &str, titles: &[(String, String)]) -> String {
    if party == "ars" {
        return "l’agence régionale de santé".to_owned();
    }
    let known = titles.iter().find(|(name, _)| name == party);
    let number = party.rsplit('/').next().unwrap_or(party);
    known.map_or_else(
        || format!("l’entité juridique {number}"),
        |(_, title)| format!("{title} ({number})"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_through_its_form_and_back() {
        let mut text_before = ContractText {
            title: "CPOM".to_owned(),
            legal_entities: vec!["legalEntities/130786049".to_owned()],
            establishments: vec!["establishments/130001647".to_owned()],
            effect_date: "2026-01-01".to_owned(),
            end_date: "2030-12-31".to_owned(),
            objectives: vec![objective("A | Gradation | Urgences")],
            ..Default::default()
        };
        text_before.consultations = vec!["Conseil de surveillance".to_owned()];
        let form = text_fields(ActForm::new("ProposeVersion", "", ""), &text_before);
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        for field in &form.fields {
            encoded.append_pair(field.name, &field.value);
        }
        assert_eq!(text(&Form::parse(&encoded.finish())), text_before);
    }
}
