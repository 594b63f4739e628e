//! What a contract is given in a year, and the allowances of its establishments, as they are recorded.

use proto::targets::v1::{Allowance, Funding, RecordAllowancesRequest, RecordFundingsRequest};
use tonic::Status;

use super::{ActForm, Field, choices, decimal};
use crate::{
    form::Form,
    services::{Services, within},
    text::region as words,
};

/// The form that records one amount.
pub(crate) fn record(page: &str, year: i32) -> ActForm {
    ActForm::new(
        "RecordFundings",
        "Enregistrer un financement",
        "Enregistrer",
    )
    .intro("Un montant de la même année et de la même nature corrige le précédent.")
    .with(Field::line("year", "Année").holding(&year.to_string()))
    .with(Field::choice("kind", "Nature", choices(&words::FUNDINGS)))
    .with(Field::line("amount", "Montant, en euros"))
    .with(
        Field::line("source", "Source")
            .hint("La décision tarifaire, ou l’EPRD ou l’ERRD où il se lit."),
    )
    .on(page, "")
}

/// Records it for a contract of a region.
pub(crate) async fn send(
    services: &Services,
    (contract, region): (String, String),
    form: &Form,
) -> Result<(), Status> {
    let funding = Funding {
        contract,
        year: form.whole("year").unwrap_or_default(),
        kind: form.whole("kind").unwrap_or_default(),
        amount: decimal(form.text("amount")),
        source: form.text("source").to_owned(),
    };
    let request = RecordFundingsRequest {
        region,
        fundings: vec![funding],
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.fundings();
    client.record_fundings(within(request)).await.map(|_| ())
}

/// The form that records the allowance of one of the establishments of the contract, by number and title.
pub(crate) fn record_allowance(page: &str, year: i32, sites: Vec<(String, String)>) -> ActForm {
    ActForm::new(
        "RecordAllowances",
        "Enregistrer une dotation",
        "Enregistrer",
    )
    .intro("La dotation d’un EHPAD et le résultat de l’équation tarifaire vers lequel elle converge (CASF, article R314-159). Une dotation du même établissement et de la même année corrige la précédente.")
    .with(Field::choice("establishment", "Établissement", sites))
    .with(Field::line("year", "Année").holding(&year.to_string()))
    .with(
        Field::line("care_allowance", "Forfait soins, en euros")
            .hint("Des places permanentes, sans les financements complémentaires."),
    )
    .with(Field::line("equation_result", "Résultat de l’équation, en euros"))
    .with(
        Field::line("dependence_allowance", "Forfait dépendance, en euros")
            .hint("Vide s’il n’est pas connu.")
            .optional(),
    )
    .with(Field::line("decision", "Décision tarifaire"))
    .on(page, "")
}

/// Records it in a region.
pub(crate) async fn send_allowance(
    services: &Services,
    region: String,
    form: &Form,
) -> Result<(), Status> {
    let allowance = Allowance {
        establishment: form.text("establishment").to_owned(),
        year: form.whole("year").unwrap_or_default(),
        care_allowance: decimal(form.text("care_allowance")),
        equation_result: decimal(form.text("equation_result")),
        dependence_allowance: decimal(form.text("dependence_allowance")),
        decision: form.text("decision").to_owned(),
    };
    let request = RecordAllowancesRequest {
        region,
        allowances: vec![allowance],
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.fundings();
    client.record_allowances(within(request)).await.map(|_| ())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "RecordFundings" => "Le financement est enregistré.",
        "RecordAllowances" => "La dotation est enregistrée.",
        _ => return None,
    })
}
