//! A regional scheme becomes what counts when the director general adopts it (CSP L1434-3).

use proto::targets::v1::{AdoptSchemeRequest, Scheme, SchemeState};
use tonic::Status;

use super::{ActForm, Acts, Field};
use crate::{
    form::Form,
    services::{Services, within},
};

/// Where schemes are.
pub(crate) const PATH: &str = "/territoires/schema";

/// What may be done on a draft.
pub(crate) fn acts(scheme: &Scheme, page: &str, may_adopt: bool) -> Acts {
    let may_adopt = may_adopt && scheme.state() == SchemeState::Draft;
    Acts::possible([(may_adopt, "AdoptScheme")], page, &scheme.etag, form)
}

/// How an act on a scheme is done.
pub(crate) fn form(method: &str) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    (method == "AdoptScheme").then(|| {
        act("Adopter le schéma", "Adopter le schéma")
            .grave()
            .intro("Il ne change plus jamais : une révision est un autre schéma.")
            .with(Field::line("decision", "Arrêté d’adoption"))
    })
}

/// Sends an act. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    if method != "AdoptScheme" {
        return None;
    }
    let request = AdoptSchemeRequest {
        name,
        etag: form.text("etag").to_owned(),
        decision: form.text("decision").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.schemes();
    Some(client.adopt_scheme(within(request)).await.map(|_| ()))
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    (method == "AdoptScheme").then_some("Le schéma est adopté.")
}
