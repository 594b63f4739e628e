//! Acts on an inflection: positions of establishments, and what the agency retains.

use proto::targets::v1::{
    AgreeInflectionRequest, DropInflectionRequest, Position, RecordPositionRequest, Stance,
};
use tonic::Status;

use super::{ActForm, Field, choices, sending::sent};
use crate::{form::Form, services::Services, text::territory as words};

/// How an act is done; `invited` are those whose position the person may record.
pub(crate) fn form(method: &str, invited: &[(String, String)]) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    Some(match method {
        "RecordPosition" => act("Prendre position", "Enregistrer la position")
            .intro("Un désaccord n’empêche rien et n’est jamais effacé : il reste écrit, avec ses motifs.")
            .with(Field::choice("position.finess", "Établissement", invited.to_vec()))
            .with(Field::radio("position.stance", "Position", stances()))
            .with(
                Field::text("position.reasons", "Motifs")
                    .hint("Nécessaires pour une position défavorable.")
                    .optional(),
            ),
        "AgreeInflection" => act("Retenir cette inflexion", "Retenir l’inflexion")
            .grave()
            .intro("Possible une fois que chaque établissement invité a pris position. Les désaccords restent écrits."),
        "DropInflection" => act("Abandonner cette inflexion", "Abandonner l’inflexion")
            .grave()
            .with(Field::text("reasons", "Motifs")),
        _ => return None,
    })
}

/// How a projection that was tried is retained in its dialogue: with the parameters that are on screen.
pub(crate) fn retain(kept: &[(&'static str, String)]) -> ActForm {
    let form = ActForm::new(
        RETAIN,
        "Retenir cette projection dans le dialogue",
        "Retenir la projection",
    )
    .intro("Elle reste écrite avec ses paramètres et vos motifs. Elle n’engage personne et ne change ni l’inflexion, ni un contrat.");
    let form = kept.iter().fold(form, |form, (name, value)| {
        form.with(Field::hidden(name, value))
    });
    form.with(Field::text("reasons", "Pourquoi ces paramètres"))
}

/// The act that retains a projection.
pub(crate) const RETAIN: &str = "RetainProjection";

fn stances() -> Vec<(String, String)> {
    let stances = [
        Stance::InFavour,
        Stance::Against,
        Stance::Abstains,
        Stance::Absent,
    ];
    choices(&stances.map(|stance| (stance, words::stance(stance).text)))
}

/// Sends an act. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    sent!(
        services.dialogues(),
        name,
        form,
        match method {
            "RecordPosition" => record_position(RecordPositionRequest {
                position: Some(Position {
                    finess: form.text("position.finess").to_owned(),
                    stance: form.whole("position.stance").unwrap_or_default(),
                    reasons: form.text("position.reasons").to_owned(),
                    ..Default::default()
                }),
            }),
            "AgreeInflection" => agree_inflection(AgreeInflectionRequest {}),
            "DropInflection" => drop_inflection(DropInflectionRequest {
                reasons: form.text("reasons").to_owned(),
            }),
        }
    )
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "RecordPosition" => "La position est enregistrée.",
        "AgreeInflection" => "L’inflexion est retenue.",
        "DropInflection" => "L’inflexion est abandonnée.",
        "ProposeInflection" => {
            "L’inflexion est proposée. Chaque établissement invité peut prendre position."
        }
        RETAIN => "La projection est retenue dans le dialogue.",
        _ => return None,
    })
}
