//! Credits of a year and origin: opened, added to, engaged, released.

use proto::targets::v1::{
    CreditEngagement, CreditEngagementState, CreditEnvelope, EngageCreditsRequest,
    OpenCreditEnvelopeRequest, RecordCreditsRequest, ReleaseCreditsRequest,
};
use tonic::Status;

use super::{ActForm, Acts, Field, decimal, version};
use crate::{
    form::Form,
    pages::id_of,
    services::{Services, within},
    text::region::euros,
};

/// Where credits are.
pub(crate) const PATH: &str = "/territoires/credits";

/// The form that opens an envelope.
pub(crate) fn open(regions: Vec<(String, String)>) -> ActForm {
    ActForm::new(
        "OpenCreditEnvelope",
        "Ouvrir une enveloppe",
        "Ouvrir l’enveloppe",
    )
    .intro(
        "Des crédits notifiés avant les places qu’ils financeront. Une année en a une par origine.",
    )
    .with(Field::choice("region", "Région", regions))
    .with(Field::line("year", "Année").hint("Sur quatre chiffres."))
    .with(
        Field::line("origin", "Origine")
            .hint("En majuscules, par exemple « CNSA_PLAN_ALZHEIMER »."),
    )
    .with(Field::line("title", "Intitulé"))
    .with(Field::line("amount", "Montant, en euros"))
    .with(Field::line("decision", "Notification").hint("L’acte où les crédits figurent."))
    .on(PATH, "")
}

/// Opens it, and says which it is.
pub(crate) async fn send_open(services: &Services, form: &Form) -> Result<String, Status> {
    let request = OpenCreditEnvelopeRequest {
        region: form.text("region").to_owned(),
        year: form.whole("year").unwrap_or_default(),
        origin: form.text("origin").to_owned(),
        title: form.text("title").to_owned(),
        amount: decimal(form.text("amount")),
        decision: form.text("decision").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.credits();
    let envelope = client
        .open_credit_envelope(within(request))
        .await?
        .into_inner();
    Ok(id_of(&envelope.name).to_owned())
}

/// What may be done on an envelope: by who records credits, and by who engages them.
pub(crate) fn acts(
    envelope: &CreditEnvelope,
    engagements: &[CreditEngagement],
    page: &str,
    (records, engages): (bool, bool),
) -> Acts {
    let has_engagement = engagements.iter().any(is_open);
    let methods = [
        (engages, "EngageCredits"),
        (records, "RecordCredits"),
        (engages && has_engagement, "ReleaseCredits"),
    ];
    Acts::possible(methods, page, &envelope.etag, |method| {
        form(method, engagements)
    })
}

fn is_open(engagement: &CreditEngagement) -> bool {
    engagement.state() == CreditEngagementState::Engaged
}

/// How an act on an envelope is done.
pub(crate) fn form(method: &str, engagements: &[CreditEngagement]) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    Some(match method {
        "EngageCredits" => act("Engager des crédits", "Engager")
            .intro("Jamais plus que ce qui est disponible, même à deux au même instant.")
            .with(Field::line("amount", "Montant, en euros"))
            .with(Field::text("purpose", "Pour quoi"))
            .with(
                Field::line("finess", "Établissement ou entité")
                    .hint("Son numéro FINESS, s’il est déjà connu.")
                    .optional(),
            )
            .with(Field::line("decision", "Décision")),
        "RecordCredits" => act("Ajouter ou reprendre des crédits", "Enregistrer")
            .with(
                Field::line("amount", "Montant, en euros")
                    .hint("Négatif pour une reprise ; ce qui est engagé reste couvert."),
            )
            .with(Field::line("decision", "Notification")),
        "ReleaseCredits" => {
            let choices = engagements
                .iter()
                .filter(|one| is_open(one))
                .map(|one| {
                    let told = format!("{} — {}", euros(&one.outstanding), one.purpose);
                    (version::key(&one.name, &one.etag), told)
                })
                .collect();
            act("Libérer un engagement", "Libérer")
                .with(Field::choice("engagement", "Engagement", choices))
                .with(
                    Field::line("amount", "Montant, en euros")
                        .hint("Vide : tout ce qui reste.")
                        .optional(),
                )
                .with(Field::text("reasons", "Motifs"))
        }
        _ => return None,
    })
}

/// Sends an act. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    let mut client = services.credits();
    let amount = decimal(form.text("amount"));
    let decision = form.text("decision").to_owned();
    let request_id = form.text("request_id").to_owned();
    Some(match method {
        "EngageCredits" => {
            let request = EngageCreditsRequest {
                envelope: name,
                amount,
                purpose: form.text("purpose").to_owned(),
                finess: form.text("finess").to_owned(),
                decision,
                request_id,
            };
            client.engage_credits(within(request)).await.map(|_| ())
        }
        "RecordCredits" => {
            let request = RecordCreditsRequest {
                name,
                etag: form.text("etag").to_owned(),
                amount,
                decision,
                request_id,
            };
            client.record_credits(within(request)).await.map(|_| ())
        }
        "ReleaseCredits" => {
            let (name, etag) = version::chosen(form, "engagement");
            let request = ReleaseCreditsRequest {
                name,
                etag,
                amount,
                reasons: form.text("reasons").to_owned(),
                request_id,
            };
            client.release_credits(within(request)).await.map(|_| ())
        }
        _ => return None,
    })
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "OpenCreditEnvelope" => "L’enveloppe est ouverte.",
        "EngageCredits" => "Les crédits sont engagés.",
        "RecordCredits" => "Le mouvement est enregistré.",
        "ReleaseCredits" => "Les crédits sont de nouveau disponibles.",
        _ => return None,
    })
}
