//! Cooperations: registered, with what they save year by year, until they end.

use proto::targets::v1::{
    Cooperation, CooperationContent, CooperationState, EndCooperationRequest, ExpectedSaving,
    ObtainedSaving, RecordSavingsRequest, RegisterCooperationRequest,
};
use tonic::Status;

use super::{ActForm, Acts, Field, choices, decimal};
use crate::{
    form::Form,
    pages::id_of,
    services::{Services, within},
    text::region as words,
};

/// Where cooperations are.
pub(crate) const PATH: &str = "/territoires/cooperations";

/// The form that registers one.
pub(crate) fn register(regions: Vec<(String, String)>) -> ActForm {
    ActForm::new(
        "RegisterCooperation",
        "Enregistrer une coopération",
        "Enregistrer la coopération",
    )
    .with(Field::choice("region", "Région", regions))
    .with(Field::radio("kind", "Forme", choices(&words::COOPERATIONS)))
    .with(Field::line("title", "Intitulé"))
    .with(Field::text("purpose", "Ce qui est fait ensemble"))
    .with(
        Field::text("members", "Membres")
            .hint("Un numéro FINESS par ligne : entités ou établissements, deux au moins."),
    )
    .with(
        Field::text("contracts", "Contrats où elle figure")
            .hint("Un numéro de contrat par ligne.")
            .optional(),
    )
    .with(Field::day("start_date", "Premier jour"))
    .with(Field::line("decision", "Convention ou acte"))
    .with(
        Field::text("expected", "Économies attendues")
            .hint("Une ligne par année : année | montant en euros | comment il est estimé. Négatif pour un coût.")
            .optional(),
    )
    .on(PATH, "")
}

/// Registers it under these contracts, and says which it is.
pub(crate) async fn send_register(
    services: &Services,
    contracts: Vec<String>,
    form: &Form,
) -> Result<String, Status> {
    let expected = form.lines("expected");
    let content = CooperationContent {
        kind: form.whole("kind").unwrap_or_default(),
        title: form.text("title").to_owned(),
        purpose: form.text("purpose").to_owned(),
        members: form.lines("members"),
        contracts,
        start_date: form.text("start_date").to_owned(),
        decision: form.text("decision").to_owned(),
        expected: expected.iter().map(|line| saving(line)).collect(),
    };
    let request = RegisterCooperationRequest {
        region: form.text("region").to_owned(),
        content: Some(content),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.cooperations();
    let registered = client
        .register_cooperation(within(request))
        .await?
        .into_inner();
    Ok(id_of(&registered.name).to_owned())
}

fn saving(line: &str) -> ExpectedSaving {
    let mut parts = line.splitn(3, '|').map(str::trim);
    let mut part = || parts.next().unwrap_or_default();
    ExpectedSaving {
        year: part().parse().unwrap_or_default(),
        amount: decimal(part()),
        basis: part().to_owned(),
    }
}

/// What may be done on one that lasts.
pub(crate) fn acts(cooperation: &Cooperation, page: &str, may_record: bool) -> Acts {
    let mut acts = Acts::default();
    if may_record && cooperation.state() == CooperationState::Active {
        acts.forms = ["RecordSavings", "EndCooperation"]
            .into_iter()
            .filter_map(form)
            .map(|form| form.on(page, &cooperation.etag))
            .collect();
    }
    acts
}

/// How an act on a cooperation is done.
pub(crate) fn form(method: &str) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    Some(match method {
        "RecordSavings" => act("Dire ce qu’une année a économisé", "Enregistrer")
            .intro("Une année déjà dite est corrigée.")
            .with(Field::line("year", "Année"))
            .with(Field::line("amount", "Montant, en euros").hint("Négatif pour un coût."))
            .with(Field::line("source", "D’où vient ce chiffre")),
        "EndCooperation" => act("Mettre fin à la coopération", "Mettre fin")
            .grave()
            .intro("Son histoire et ses économies restent.")
            .with(Field::day("end_date", "Dernier jour"))
            .with(Field::text("reasons", "Motifs")),
        _ => return None,
    })
}

/// Sends an act. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    let mut client = services.cooperations();
    let etag = form.text("etag").to_owned();
    let request_id = form.text("request_id").to_owned();
    Some(match method {
        "RecordSavings" => {
            let request = RecordSavingsRequest {
                name,
                etag,
                saving: Some(ObtainedSaving {
                    year: form.whole("year").unwrap_or_default(),
                    amount: decimal(form.text("amount")),
                    source: form.text("source").to_owned(),
                    ..Default::default()
                }),
                request_id,
            };
            client.record_savings(within(request)).await.map(|_| ())
        }
        "EndCooperation" => {
            let request = EndCooperationRequest {
                name,
                etag,
                end_date: form.text("end_date").to_owned(),
                reasons: form.text("reasons").to_owned(),
                request_id,
            };
            client.end_cooperation(within(request)).await.map(|_| ())
        }
        _ => return None,
    })
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "RegisterCooperation" => "La coopération est enregistrée.",
        "RecordSavings" => "L’économie de l’année est enregistrée.",
        "EndCooperation" => "La coopération est terminée.",
        _ => return None,
    })
}
