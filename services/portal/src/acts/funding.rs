//! What a contract is given in a year, as it is recorded.

use proto::targets::v1::{Funding, RecordFundingsRequest};
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

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    (method == "RecordFundings").then_some("Le financement est enregistré.")
}
