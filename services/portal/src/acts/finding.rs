//! The one act on a finding: to withdraw it, when the data were wrong.

use proto::controls::v1::{Finding, FindingState, WithdrawFindingRequest};
use tonic::Status;

use super::{ActForm, Acts, Field};
use crate::{
    form::Form,
    services::{Services, within},
};

/// A controller may withdraw a finding that stands.
pub(crate) fn acts(finding: &Finding, page: &str, may_act: bool) -> Acts {
    let mut acts = Acts::default();
    if may_act && finding.state() == FindingState::Raised {
        acts.forms.push(form().on(page, &finding.etag));
    }
    acts
}

/// How it is done.
pub(crate) fn form() -> ActForm {
    ActForm::new("WithdrawFinding", "Retirer ce constat", "Retirer le constat")
        .grave()
        .intro("À faire quand les données étaient fausses. La revue en est informée et le constat n’y compte plus.")
        .with(Field::text("reasons", "Motifs"))
}

/// Sends it. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    if method != "WithdrawFinding" {
        return None;
    }
    let request = WithdrawFindingRequest {
        name,
        etag: form.text("etag").to_owned(),
        reasons: form.text("reasons").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let sent = services.controls().withdraw_finding(within(request)).await;
    Some(sent.map(|_| ()))
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    (method == "WithdrawFinding").then_some("Le constat est retiré.")
}
