//! Whether a legal entity receives on the portal what is notified to it: its director says so, and may take it back.

use proto::contracts::v1::{
    DeliveryConsent, GiveDeliveryConsentRequest, WithdrawDeliveryConsentRequest,
};
use tonic::Status;

use super::{
    ActForm, Field,
    reminder::{PATH, is_address},
    version, wrong,
};
use crate::{
    form::Form,
    services::{Services, within},
};

pub(crate) const GIVE: &str = "GiveDeliveryConsent";
pub(crate) const WITHDRAW: &str = "WithdrawDeliveryConsent";

/// FINESS number of the legal entity that a consent is about.
pub(crate) fn entity(consent: &DeliveryConsent) -> &str {
    consent.name.split('/').nth(1).unwrap_or_default()
}

/// What the director of these entities may do.
pub(crate) fn forms(consents: &[DeliveryConsent]) -> Vec<ActForm> {
    let has_given = consents.iter().any(|one| one.given);
    [(!consents.is_empty(), GIVE), (has_given, WITHDRAW)]
        .into_iter()
        .filter(|(is_possible, _)| *is_possible)
        .filter_map(|(_, method)| form(method, consents))
        .collect()
}

/// How one of the two acts is done.
pub(crate) fn form(method: &str, consents: &[DeliveryConsent]) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    let form = match method {
        GIVE => act("Accepter de recevoir sur le portail", "Accepter")
            .intro("Ce que l’agence notifie à votre entité peut alors lui parvenir ici : elle le reçoit quand elle le consulte, ou au plus tard quinze jours après (CRPA, articles L112-15 et R112-20). Un courriel vous avertit de chaque envoi. Vous pouvez y renoncer pour la suite, et changer d’adresse ici.")
            .with(chosen(consents.iter()))
            .with(
                Field::line("email", "Adresse électronique de l’avertissement")
                    .hint("Par exemple direction@etablissement.fr."),
            ),
        WITHDRAW => act("Ne plus recevoir sur le portail", "Y renoncer")
            .intro("Vaut pour ce qui sera envoyé désormais ; rien de ce qui a été envoyé ne change.")
            .with(chosen(consents.iter().filter(|one| one.given))),
        _ => return None,
    };
    Some(form.on(PATH, ""))
}

/// The entity that it is about.
fn chosen<'a>(consents: impl Iterator<Item = &'a DeliveryConsent>) -> Field {
    let choices: Vec<(String, String)> = consents
        .map(|one| {
            (
                version::key(&one.name, &one.etag),
                format!("FINESS {}", entity(one)),
            )
        })
        .collect();
    let only = match choices.as_slice() {
        [(only, _)] => only.clone(),
        _ => String::new(),
    };
    Field::choice("name", "Entité juridique", choices).holding(&only)
}

/// Says that it receives on the portal.
pub(crate) async fn give(services: &Services, form: &Form) -> Result<(), Status> {
    if !is_address(form.text("email")) {
        return Err(wrong("email", "Ce n’est pas une adresse électronique."));
    }
    let (name, etag) = version::chosen(form, "name");
    let request = GiveDeliveryConsentRequest {
        name,
        etag,
        email: form.text("email").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.consents();
    let sent = client.give_delivery_consent(within(request)).await;
    sent.map(|_| ())
}

/// Says that it does no more.
pub(crate) async fn withdraw(services: &Services, form: &Form) -> Result<(), Status> {
    let (name, etag) = version::chosen(form, "name");
    let request = WithdrawDeliveryConsentRequest {
        name,
        etag,
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.consents();
    let sent = client.withdraw_delivery_consent(within(request)).await;
    sent.map(|_| ())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        GIVE => "Votre entité reçoit sur le portail ce qui lui est notifié.",
        WITHDRAW => "Votre entité ne reçoit plus sur le portail ce qui lui est notifié.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consent(finess: &str, etag: &str, given: bool) -> DeliveryConsent {
        DeliveryConsent {
            name: format!("legalEntities/{finess}/deliveryConsent"),
            etag: etag.to_owned(),
            given,
            ..Default::default()
        }
    }

    #[test]
    fn what_was_given_can_be_taken_back_and_nothing_else() {
        let methods = |consents: &[DeliveryConsent]| -> Vec<String> {
            forms(consents)
                .into_iter()
                .map(|form| form.method)
                .collect()
        };
        assert!(methods(&[]).is_empty());
        let never = consent("750000001", "", false);
        let given = consent("750000002", "\"1\"", true);
        assert_eq!(methods(std::slice::from_ref(&never)), [GIVE]);
        assert_eq!(methods(&[never.clone(), given]), [GIVE, WITHDRAW]);
        let form = form(GIVE, &[never]).unwrap();
        assert_eq!(
            form.fields[0].value,
            "legalEntities/750000001/deliveryConsent"
        );
        assert_eq!(form.action, "/echeances/rappels/actes/GiveDeliveryConsent");
    }

    #[test]
    fn a_consent_names_its_entity() {
        assert_eq!(entity(&consent("750000002", "", false)), "750000002");
    }
}
