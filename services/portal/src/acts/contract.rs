//! Acts on a contract.

use proto::contracts::v1::{
    AbandonContractRequest, AgreeToVersionRequest, Contract, ContractText, CreateContractRequest,
    FreezeContractRequest, GetContractRequest, OpenNegotiationRequest, OpinionSense,
    ProposeVersionRequest, RecordOpinionRequest, RegimeKind, SignContractRequest,
    WithdrawFromSignatureRequest,
};
use tonic::Status;

use super::{
    ActForm, Field, choices,
    contract_text::{council_fields, text, text_fields},
    sending::sent,
    term,
};
use crate::{
    form::Form,
    pages::id_of,
    services::{Services, within},
    text::labels,
};

/// How an act on this contract is done.
pub(crate) fn form(
    method: &str,
    contract: &Contract,
    party_titles: &[(String, String)],
    is_council: bool,
) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    let text = contract.text.clone().unwrap_or_default();
    Some(match method {
        "OpenNegotiation" => act("Ouvrir la négociation", "Ouvrir la négociation")
            .intro("Le projet sera transmis à l’établissement, qui pourra proposer des modifications."),
        "ProposeVersion" if is_council => council_fields(
            act("Proposer ce qui est de votre compétence", "Proposer cette version").intro(COUNCIL),
            &text,
        )
        .with(comment()),
        "ProposeVersion" => text_fields(
            act("Proposer une nouvelle version du texte", "Proposer cette version").intro(
                "Les versions antérieures restent conservées telles quelles ; les accords déjà donnés tombent.",
            ),
            &text,
        )
        .with(comment()),
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
        _ => return term::on_contract(method),
    })
}

/// What the people of a departmental council are told before they draft.
pub(crate) const COUNCIL: &str = "Votre conseil propose ses crédits, et les objectifs et engagements marqués de sa compétence ou d’une compétence conjointe (CASF, article L313-3). Le reste du texte ne change pas.";

pub(super) fn comment() -> Field {
    Field::text("comment", "Ce qui change, et pourquoi")
        .hint("Lu par l’autre partie.")
        .optional()
}

/// Sends an act. The outer error is a method that is none of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    let reasons = form.text("reasons").to_owned();
    if method == "ProposeVersion" {
        return Some(propose(services, name, form).await);
    }
    if let Some(sent) = term::send(services, &name, method, form).await {
        return Some(sent);
    }
    sent!(
        services.contracts(),
        name,
        form,
        match method {
            "OpenNegotiation" => open_negotiation(OpenNegotiationRequest {}),
            "AgreeToVersion" => agree_to_version(AgreeToVersionRequest {}),
            "RecordOpinion" => record_opinion(RecordOpinionRequest {
                body: form.text("body").to_owned(),
                sense: form.whole("sense").unwrap_or_default(),
                date: form.text("date").to_owned(),
                comment: form.text("comment").to_owned(),
            }),
            "FreezeContract" => freeze_contract(FreezeContractRequest {}),
            "SignContract" => sign_contract(SignContractRequest {
                party: form.text("party").to_owned(),
                signatory_title: form.text("signatory_title").to_owned(),
                document_sha256: form.text("document_sha256").to_owned(),
            }),
            "WithdrawFromSignature" =>
                withdraw_from_signature(WithdrawFromSignatureRequest { reasons }),
            "AbandonContract" => abandon_contract(AbandonContractRequest { reasons }),
        }
    )
}

/// What the form does not show (commitments, articles; annexes, which have acts of their own) stays as it was. A change in
/// between is refused by the etag.
async fn propose(services: &Services, name: String, form: &Form) -> Result<(), Status> {
    let mut client = services.contracts();
    let asked = GetContractRequest { name: name.clone() };
    let before = client.get_contract(within(asked)).await?.into_inner();
    let request = ProposeVersionRequest {
        name,
        etag: form.text("etag").to_owned(),
        text: Some(text(form, &before.text.unwrap_or_default())?),
        comment: form.text("comment").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    client.propose_version(within(request)).await.map(|_| ())
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
        "CreateTargetSet" => {
            "Les objectifs chiffrés sont enregistrés : chaque partie peut donner son accord."
        }
        "ReplaceObjectives" => "Les objectifs chiffrés sont remplacés.",
        "AgreeToTargetSet" => "L’accord de votre partie sur les objectifs est donné.",
        _ => return term::done(method),
    })
}

/// The form of a new draft.
pub(crate) fn new_contract(regions: Vec<(String, String)>) -> ActForm {
    let act = ActForm::new("CreateContract", "Nouveau contrat", "Créer le projet")
        .intro("Ses annexes se joignent ensuite, sur la page de sa négociation et de ses versions.")
        .with(Field::choice("region", "Région", regions))
        .with(
            Field::choice("regime_kind", "Nature du contrat", kinds())
                .hint("Elle dit sous quelles règles il est fait, et qui le signe.")
                .holding(&i32::from(RegimeKind::Hospital).to_string()),
        );
    let mut form = text_fields(act, &ContractText::default());
    "/contrats/nouveau".clone_into(&mut form.action);
    form
}

/// A new draft as it was typed, or what cannot be read of it.
pub(crate) fn create(form: &Form) -> Result<CreateContractRequest, Status> {
    let mut request = CreateContractRequest {
        region: form.text("region").to_owned(),
        text: Some(text(form, &ContractText::default())?),
        regime_kind: form.whole("regime_kind").unwrap_or_default(),
        ..Default::default()
    };
    form.text("request_id").clone_into(&mut request.request_id);
    Ok(request)
}

fn kinds() -> Vec<(String, String)> {
    let kinds = [
        RegimeKind::Hospital,
        RegimeKind::Ehpad,
        RegimeKind::Disability,
        RegimeKind::Optional,
    ];
    choices(&kinds.map(|kind| (kind, labels::regime_kind(kind))))
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

/// What an opinion may say.
pub(super) fn opinion_senses() -> Vec<(String, String)> {
    let senses = [
        OpinionSense::Favourable,
        OpinionSense::Reserved,
        OpinionSense::Unfavourable,
        OpinionSense::Noted,
    ];
    choices(&senses.map(|sense| (sense, labels::opinion(sense).text)))
}

/// A signatory in words.
pub(crate) fn party_title(party: &str, titles: &[(String, String)]) -> String {
    if party == "ars" {
        return "l’agence régionale de santé".to_owned();
    }
    let known = titles.iter().find(|(name, _)| name == party);
    let number = id_of(party);
    let kind = match party.split('/').next() {
        Some("departments") => "le conseil départemental",
        Some("associatedParties") => "le tiers associé",
        _ => "l’entité juridique",
    };
    known.map_or_else(
        || format!("{kind} {number}"),
        |(_, title)| format!("{title} ({number})"),
    )
}
