//! How somebody is reminded by e-mail of what is due.

use proto::contracts::v1::{NoticePreferences, UpdateNoticePreferencesRequest};
use tonic::Status;

use super::{ActForm, Field, choices, wrong};
use crate::{
    form::Form,
    services::{Services, within},
    text::upkeep as words,
};

/// Where one chooses.
pub(crate) const PATH: &str = "/echeances/rappels";
pub(crate) const METHOD: &str = "UpdateNoticePreferences";

/// The form, holding what was chosen last.
pub(crate) fn form(preferences: &NoticePreferences) -> ActForm {
    let chosen = match preferences.frequency {
        0 => String::new(),
        chosen => chosen.to_string(),
    };
    ActForm::new(
        METHOD,
        "Choisir comment être prévenu",
        "Enregistrer mon choix",
    )
    .intro("Ce choix est le vôtre seul, et se change quand vous voulez. Il vaut un an, pour les fonctions que vous exercez aujourd’hui.")
    .with(
        Field::line("email", "Adresse électronique")
            .hint("Par exemple prenom.nom@etablissement.fr.")
            .holding(&preferences.email),
    )
    .with(
        Field::radio("frequency", "Combien de courriels", choices(&words::FREQUENCIES))
            .holding(&chosen),
    )
    .on(PATH, &preferences.etag)
}

/// Records the choice.
pub(crate) async fn send(services: &Services, form: &Form) -> Result<(), Status> {
    if !is_address(form.text("email")) {
        return Err(wrong("email", "Ce n’est pas une adresse électronique."));
    }
    let request = UpdateNoticePreferencesRequest {
        etag: form.text("etag").to_owned(),
        email: form.text("email").to_owned(),
        frequency: form.whole("frequency").unwrap_or_default(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.deadlines();
    let sent = client.update_notice_preferences(within(request)).await;
    sent.map(|_| ())
}

/// Whether a text looks like an address; the service looks closer.
pub(super) fn is_address(text: &str) -> bool {
    let is_plain = |letter: char| !letter.is_whitespace() && !"<>()\"".contains(letter);
    let parts = text.split_once('@');
    parts.is_some_and(|(who, place)| !who.is_empty() && place.contains('.'))
        && text.chars().all(is_plain)
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    (method == METHOD).then_some("Votre choix est noté pour un an.")
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::NoticeFrequency;

    use super::*;

    #[test]
    fn what_is_no_address_is_told_before_it_is_sent() {
        assert!(is_address("prenom.nom@ars.example"));
        for wrong in [
            "",
            "ars.example",
            "@ars.example",
            "a@localhost",
            "a b@ars.example",
        ] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_form_holds_what_was_chosen_last() {
        let fresh = form(&NoticePreferences::default());
        assert!(fresh.fields.iter().all(|field| field.value.is_empty()));
        let mut preferences = NoticePreferences {
            etag: "\"2\"".to_owned(),
            email: "a@b.example".to_owned(),
            ..Default::default()
        };
        preferences.set_frequency(NoticeFrequency::Daily);
        let again = form(&preferences);
        assert_eq!(again.etag, "\"2\"");
        assert_eq!(again.fields[0].value, "a@b.example");
        let daily = i32::from(NoticeFrequency::Daily).to_string();
        assert_eq!(again.fields[1].value, daily);
    }
}
