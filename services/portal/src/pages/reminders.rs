//! « Rappels par courriel »: who is told of which deadlines, when, and how often.

use askama::Template;
use axum::response::Response;
use futures::future::join_all;
use proto::contracts::v1::{
    DeliveryConsent, GetDeliveryConsentRequest, GetNoticePreferencesRequest, NoticeFrequency,
    NoticePreferences,
};
use time::Date;

use super::{
    Attempt,
    acting::{Does::Notes, OnList},
    html_after, notice,
};
use crate::{
    Failure,
    acts::{
        Acts, FieldKind, consent,
        reminder::{self as acts, METHOD, PATH},
    },
    frame::{Frame, Section},
    services::within,
    text::{dates, labels},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "reminders.html")]
struct Page {
    frame: Frame,
    answer: String,
    /// Of which deadlines, and when.
    which: String,
    days: String,
    /// Until when the choice holds; empty where nothing leaves.
    until: String,
    /// What is notified on the portal: each legal entity, and what its director said.
    consents: Vec<(String, String)>,
    acts: Acts,
}

/// `/echeances/rappels`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(reminders_page(&visitor, None).await).await
}

async fn reminders_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let request = GetNoticePreferencesRequest {};
    let mut client = visitor.services.deadlines();
    let answer = client.get_notice_preferences(within(request)).await?;
    let preferences = answer.into_inner();
    let consents = consents(visitor).await;
    let mut offered = Acts::default();
    offered.open(acts::form(&preferences));
    offered.forms.extend(consent::forms(&consents));
    let offered = offered.after(attempt, PATH, "", |method| {
        if method == METHOD {
            Some(acts::form(&preferences))
        } else {
            consent::form(method, &consents)
        }
    });
    let today = visitor.portal.clock.now().date();
    let leaves = leaves(&preferences, today);
    let page = Page {
        frame: visitor
            .frame("Rappels par courriel", Section::Deadlines)
            .under("Échéances", "/echeances")
            .telling(notice(&visitor.query(), |method| {
                acts::done(method).or_else(|| consent::done(method))
            })),
        answer: answered(&preferences, leaves),
        which: which(visitor),
        days: when(&preferences.days_before),
        until: if leaves {
            dates::from_wire(&preferences.confirmed_until_date)
        } else {
            String::new()
        },
        consents: consents.iter().map(told).collect(),
        acts: offered,
    };
    html_after(&page, attempt)
}

/// What was said of each legal entity that the person directs; one that is not known yet is left out.
async fn consents(visitor: &Visitor) -> Vec<DeliveryConsent> {
    if !visitor.is_establishment() {
        return Vec::new();
    }
    let asked = visitor.person().finess.iter().map(|finess| async move {
        let request = GetDeliveryConsentRequest {
            name: format!("legalEntities/{finess}/deliveryConsent"),
        };
        let mut client = visitor.services.consents();
        let answer = client.get_delivery_consent(within(request)).await;
        Some(answer.ok()?.into_inner())
    });
    join_all(asked).await.into_iter().flatten().collect()
}

/// A legal entity, and how it receives.
fn told(consent: &DeliveryConsent) -> (String, String) {
    let how = if consent.given {
        let since = dates::timestamp(consent.update_time.as_ref());
        let email = &consent.email;
        format!("sur le portail depuis le {since}, avec un avertissement à {email}")
    } else {
        "par lettre ou en mains propres : rien n’est réputé reçu sur le portail".to_owned()
    };
    (format!("FINESS {}", consent::entity(consent)), how)
}

/// Whether e-mails leave today for this choice.
fn leaves(preferences: &NoticePreferences, today: Date) -> bool {
    let wants = matches!(
        preferences.frequency(),
        NoticeFrequency::Each | NoticeFrequency::Daily
    );
    let until = dates::parse(&preferences.confirmed_until_date);
    wants && until.is_some_and(|until| today < until)
}

fn answered(preferences: &NoticePreferences, leaves: bool) -> String {
    let email = &preferences.email;
    match preferences.frequency() {
        NoticeFrequency::Unspecified => {
            "Vous n’avez encore rien demandé : aucun courriel ne part.".to_owned()
        }
        NoticeFrequency::Never => "Vous avez demandé à ne recevoir aucun courriel.".to_owned(),
        NoticeFrequency::Each | NoticeFrequency::Daily if !leaves => {
            "Votre choix a plus d’un an : aucun courriel ne part tant que vous ne le confirmez pas."
                .to_owned()
        }
        NoticeFrequency::Each => format!("Un courriel pour chaque rappel, à {email}."),
        NoticeFrequency::Daily => format!("Un courriel par jour au plus, à {email}."),
    }
}

/// Which deadlines somebody is told of: those their function acts on; for a council, those it has a part in.
fn which(visitor: &Visitor) -> String {
    if visitor.is_council() {
        return "Le terme, les évaluations, les avenants et les réunions des contrats que signe votre conseil, et la publication des \
                programmations qu’il arrête."
            .to_owned();
    }
    let roles = visitor.person().roles.iter();
    let roles: Vec<&str> = roles.map(|role| labels::role(role)).collect();
    let place = if visitor.is_establishment() {
        "pour les contrats de vos entités juridiques"
    } else {
        "dans vos régions"
    };
    format!(
        "Celles dont votre fonction a la charge ({}), {place}.",
        roles.join(", ")
    )
}

/// `30 jours avant, la veille et le lendemain`.
fn when(days_before: &[i32]) -> String {
    let told = |days: &i32| match *days {
        0 => "le jour même".to_owned(),
        1 => "la veille".to_owned(),
        -1 => "le lendemain".to_owned(),
        days if days > 0 => format!("{days} jours avant"),
        days => format!("{} jours après", days.unsigned_abs()),
    };
    let told: Vec<String> = days_before.iter().map(told).collect();
    match told.split_last() {
        None => "Aucun rappel n’est en vigueur.".to_owned(),
        Some((only, [])) => format!("Le rappel part {only} du dernier jour."),
        Some((last, others)) => format!(
            "Un rappel part {} et {last}, compté du dernier jour.",
            others.join(", ")
        ),
    }
}

/// What one chooses here.
pub(crate) static ACTS: OnList = OnList {
    page: PATH,
    acts: &[
        (
            METHOD,
            Notes(|services, form| Box::pin(acts::send(services, form))),
        ),
        (
            consent::GIVE,
            Notes(|services, form| Box::pin(consent::give(services, form))),
        ),
        (
            consent::WITHDRAW,
            Notes(|services, form| Box::pin(consent::withdraw(services, form))),
        ),
    ],
    show: |visitor, attempt| Box::pin(reminders_page(visitor, Some(attempt))),
};

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn the_page_says_when_reminders_leave() {
        assert_eq!(
            when(&[30, 7, 1, -1]),
            "Un rappel part 30 jours avant, 7 jours avant, la veille et le lendemain, compté du dernier jour."
        );
        assert_eq!(when(&[1]), "Le rappel part la veille du dernier jour.");
        assert!(when(&[]).starts_with("Aucun"));
        assert!(when(&[5, -3]).contains("3 jours après"));
    }

    #[test]
    fn a_choice_of_more_than_a_year_sends_nothing() {
        let mut preferences = NoticePreferences {
            email: "a@b.example".to_owned(),
            confirmed_until_date: "2027-11-23".to_owned(),
            ..Default::default()
        };
        let told = |preferences: &NoticePreferences, today: Date| {
            answered(preferences, leaves(preferences, today))
        };
        let today = date!(2026 - 11 - 23);
        assert!(told(&preferences, today).contains("encore rien demandé"));
        preferences.set_frequency(NoticeFrequency::Daily);
        assert!(told(&preferences, today).ends_with("à a@b.example."));
        assert!(told(&preferences, date!(2027 - 11 - 23)).contains("plus d’un an"));
        preferences.set_frequency(NoticeFrequency::Never);
        assert!(told(&preferences, today).contains("aucun courriel"));
    }
}
