//! Who waits for a place, as establishments and shared tools tell it.

use proto::targets::v1::{RecordWaitingListsRequest, WaitingList};
use tonic::Status;

use super::{ActForm, Field, choices};
use crate::{
    form::Form,
    services::{Services, within},
    text::territory as words,
};

/// Where waiting lists are.
pub(crate) const PATH: &str = "/territoires/attente";

/// The form that records one count.
pub(crate) fn record(regions: Vec<(String, String)>) -> ActForm {
    ActForm::new(
        "RecordWaitingLists",
        "Enregistrer une liste d’attente",
        "Enregistrer",
    )
    .intro("Un compte du même établissement, accueil, public et jour corrige le précédent.")
    .with(Field::choice("region", "Région", regions))
    .with(Field::line("establishment", "Établissement").hint("Son numéro FINESS."))
    .with(Field::choice(
        "mode",
        "Accueil",
        choices(&words::RECEPTIONS),
    ))
    .with(Field::choice("public", "Public", choices(&words::PUBLICS)))
    .with(Field::day("day", "Compté le"))
    .with(Field::line("persons", "Personnes en attente"))
    .with(Field::line("source", "Source").hint("Qui a compté, et comment."))
    .on(PATH, "")
}

/// Records it.
pub(crate) async fn send(services: &Services, form: &Form) -> Result<(), Status> {
    let typed = |name: &str| form.text(name).to_owned();
    let list = WaitingList {
        establishment: typed("establishment"),
        mode: form.whole("mode").unwrap_or_default(),
        public: form.whole("public").unwrap_or_default(),
        day: typed("day"),
        // What is no number is refused by the service, never taken for zero.
        persons: form.whole("persons").unwrap_or(-1),
        source: typed("source"),
    };
    let request = RecordWaitingListsRequest {
        region: typed("region"),
        waiting_lists: vec![list],
        request_id: typed("request_id"),
    };
    let mut client = services.waiting_lists();
    client
        .record_waiting_lists(within(request))
        .await
        .map(|_| ())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    (method == "RecordWaitingLists").then_some("La liste d’attente est enregistrée.")
}
