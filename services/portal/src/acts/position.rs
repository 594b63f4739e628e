//! The position of a side on an objective of the text that is negotiated.

use proto::contracts::v1::{Contract, RecordPositionRequest, Stance};
use tonic::Status;

use super::{ActForm, Field, choices};
use crate::{
    form::Form,
    services::{Services, within},
    text::{follow_up as words, upkeep::party},
};

/// The form, on the current version. `councils` are those among which whoever acts for several must choose; fewer than two
/// leave no choice.
pub(crate) fn form(contract: &Contract, councils: &[String]) -> ActForm {
    let objectives = contract
        .text
        .iter()
        .flat_map(|text| &text.objectives)
        .map(|one| (one.code.clone(), format!("{} — {}", one.code, one.title)))
        .collect();
    let stances = [Stance::Accepted, Stance::Reserved, Stance::Refused];
    let stances = choices(&stances.map(|stance| (stance, words::stance(stance).text)));
    let form = ActForm::new(
        "RecordPosition",
        "Dire la position de votre partie",
        "Enregistrer notre position",
    )
    .intro("Une position se change ; les précédentes sont conservées. Elle ne vaut pas accord sur le texte.")
    .with(Field::hidden("text_version", &contract.text_version.to_string()))
    .with(Field::choice("objective", "Objectif", objectives))
    .with(Field::radio("stance", "Position", stances))
    .with(Field::text("comment", "Ce qu’il faudrait changer, et pourquoi").optional());
    if councils.len() < 2 {
        return form;
    }
    let councils = councils
        .iter()
        .map(|name| (name.clone(), party(name)))
        .collect();
    form.with(
        Field::choice("department", "Conseil départemental qui parle", councils)
            .hint("À choisir si vous agissez pour plusieurs des départements signataires.")
            .optional(),
    )
}

/// Sends it. None: a method that is not this one.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    if method != "RecordPosition" {
        return None;
    }
    let request = RecordPositionRequest {
        name,
        text_version: form.whole("text_version").unwrap_or_default(),
        objective: form.text("objective").to_owned(),
        stance: form.whole("stance").unwrap_or_default(),
        comment: form.text("comment").to_owned(),
        request_id: form.text("request_id").to_owned(),
        department: form.text("department").to_owned(),
    };
    let mut client = services.negotiation();
    let sent = client.record_position(within(request)).await;
    Some(sent.map(|_| ()))
}
