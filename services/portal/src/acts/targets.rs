//! Acts on the objectives of a contract.

use proto::targets::v1::{AgreeToTargetSetRequest, AgreeingSide, TargetSet, TargetSetState};
use tonic::Status;

use super::ActForm;
use crate::{
    form::Form,
    services::{Services, within},
};

/// The agreement of one side, when it is still awaited.
pub(crate) fn agreement(
    set: &TargetSet,
    side: Option<AgreeingSide>,
    page: &str,
) -> Option<ActForm> {
    let side = side?;
    let awaited = set.state() == TargetSetState::Draft && !set.agreed_by().any(|s| s == side);
    awaited.then(|| {
        let mut form = ActForm::new(
            "AgreeToTargetSet",
            "Donner l’accord de votre partie sur les objectifs",
            "Donner notre accord",
        )
        .intro("Quand les deux parties ont donné leur accord, les objectifs peuvent être figés avec le contrat.");
        form.action = format!("{page}/objectifs/accord");
        set.etag.clone_into(&mut form.etag);
        form.with(super::Field::hidden("name", &set.name))
    })
}

/// Sends the agreement.
pub(crate) async fn agree(services: &Services, form: &Form) -> Result<(), Status> {
    let request = AgreeToTargetSetRequest {
        name: form.text("name").to_owned(),
        etag: form.text("etag").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    services
        .target_sets()
        .agree_to_target_set(within(request))
        .await
        .map(|_| ())
}
