//! Mandates and delegations: who may sign for a party beside those who hold its office.

use proto::contracts::v1::{EndMandateRequest, Mandate, MandateMatter, RegisterMandateRequest};
use tonic::Status;

use super::{ActForm, Field};
use crate::{
    form::Form,
    services::{Services, within},
    text::{dates, upkeep as words},
};

/// Where mandates are.
pub(crate) const PATH: &str = "/mandats";

/// The form of a new one.
pub(crate) fn register(regions: Vec<(String, String)>) -> ActForm {
    let matters = [
        (vec![MandateMatter::Signature], "signature"),
        (vec![MandateMatter::Procedures], "procedures"),
        (
            vec![MandateMatter::Signature, MandateMatter::Procedures],
            "tout",
        ),
    ]
    .into_iter()
    .map(|(matters, word)| {
        let told: Vec<&str> = matters.into_iter().map(words::matter).collect();
        (word.to_owned(), told.join(" et "))
    })
    .collect();
    ActForm::new(
        "RegisterMandate",
        "Enregistrer un mandat ou une délégation",
        "Enregistrer le mandat",
    )
    .intro("Qui exerce la fonction (directeur général, directeur de l’entité) n’en a pas besoin. Avant sa publication, un acte n’a pas d’effet.")
    .with(Field::choice("region", "Région", regions))
    .with(
        Field::line("party", "Pour quelle partie")
            .hint("L’agence : « ars ». Une entité juridique : « legalEntities/ » et son FINESS. Un conseil départemental : « departments/ » et son code. Un tiers associé : « associatedParties/ » et son code."),
    )
    .with(Field::line("subject", "Identifiant de la personne").hint("Celui que donne le fournisseur d’identité."))
    .with(Field::line("title", "Qualité").hint("Par exemple « Directrice déléguée »."))
    .with(Field::line("act", "Acte").hint("Par exemple « Arrêté du 2 mars 2026, RAA R93-2026-041 »."))
    .with(Field::radio("matters", "Pour", matters).holding("signature"))
    .with(Field::day("publication_date", "Publié le"))
    .with(Field::day("valid_from", "Du"))
    .with(Field::day("valid_to", "Au").hint("Vide : jusqu’à ce qu’il y soit mis fin.").optional())
    .with(
        Field::line("contract", "Contrat du tiers associé")
            .hint("Seulement pour un tiers associé : le numéro technique du contrat, celui de son adresse.")
            .optional(),
    )
    .on(PATH, "")
}

/// Records it.
pub(crate) async fn send(services: &Services, form: &Form) -> Result<(), Status> {
    let matters = match form.text("matters") {
        "procedures" => vec![MandateMatter::Procedures],
        "tout" => vec![MandateMatter::Signature, MandateMatter::Procedures],
        _ => vec![MandateMatter::Signature],
    };
    let contract = form.text("contract");
    let request = RegisterMandateRequest {
        region: form.text("region").to_owned(),
        party: form.text("party").to_owned(),
        subject: form.text("subject").to_owned(),
        title: form.text("title").to_owned(),
        act: form.text("act").to_owned(),
        publication_date: form.text("publication_date").to_owned(),
        valid_from: form.text("valid_from").to_owned(),
        valid_to: form.text("valid_to").to_owned(),
        matters: matters.into_iter().map(Into::into).collect(),
        contract: match contract {
            "" => String::new(),
            id => format!("contracts/{}", id.trim_start_matches("contracts/")),
        },
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.mandates();
    client.register_mandate(within(request)).await.map(|_| ())
}

/// The form that ends one.
pub(crate) fn end(mandate: &Mandate) -> ActForm {
    ActForm::new(
        "EndMandate",
        "Mettre fin à un mandat",
        "Mettre fin au mandat",
    )
    .grave()
    .intro(&format!(
        "{} ({}), en vigueur depuis le {}. Les signatures déjà données restent valables.",
        mandate.title,
        mandate.act,
        dates::from_wire(&mandate.valid_from)
    ))
    .with(Field::hidden("name", &mandate.name))
    .with(Field::day("valid_to", "Dernier jour"))
    .with(Field::text("reasons", "Motifs"))
    .on(PATH, &mandate.etag)
}

/// Ends it.
pub(crate) async fn send_end(services: &Services, form: &Form) -> Result<(), Status> {
    let request = EndMandateRequest {
        name: form.text("name").to_owned(),
        etag: form.text("etag").to_owned(),
        valid_to: form.text("valid_to").to_owned(),
        reasons: form.text("reasons").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.mandates();
    client.end_mandate(within(request)).await.map(|_| ())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "RegisterMandate" => "Le mandat est enregistré.",
        "EndMandate" => "La fin du mandat est enregistrée.",
        _ => return None,
    })
}
