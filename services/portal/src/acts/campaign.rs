//! Acts on a campaign.

use proto::controls::v1::{
    Campaign, CloseCampaignRequest, CreateCampaignRequest, FreezeCampaignRequest,
    ShareCampaignRequest, StartCampaignRequest,
};
use tonic::Status;

use super::{ActForm, Acts, Field, sending::sent};
use crate::{
    form::Form,
    pages::id_of,
    services::{Services, within},
};

/// Where campaigns are.
pub(crate) const PATH: &str = "/campagnes";

/// What may be done next, and why not the rest, as the service says it; nothing for who never does any of it.
pub(crate) fn acts(campaign: &Campaign, page: &str) -> Acts {
    Acts::theirs(&campaign.allowed_actions, page, &campaign.etag, form)
}

/// How an act on a campaign is done.
pub(crate) fn form(method: &str) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    Some(match method {
        "FreezeCampaign" => act("Arrêter les données", "Arrêter les données")
            .intro("Les cibles, les données reçues et la politique de tolérance sont fixées à cet instant : la mesure portera sur elles, quoi qu’il arrive ensuite. La version des données du PMSI détenue à cet instant est conservée avec son empreinte."),
        "StartCampaign" => act("Lancer la campagne", "Lancer la campagne").intro(
            "Chaque contrat en vigueur au moins un jour de l’année est mesuré sur les données arrêtées.",
        ),
        "ShareCampaign" => act("Communiquer les résultats", "Communiquer les résultats")
            .intro("Les établissements voient dès lors leurs contrôles et leurs constats.")
            .with(Field::text("message", "Message aux établissements")),
        "CloseCampaign" => act("Clore la campagne", "Clore la campagne")
            .intro("Les résultats sont communiqués. Les revues ouvertes continuent."),
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
    sent!(
        services.campaigns(),
        name,
        form,
        match method {
            "FreezeCampaign" => freeze_campaign(FreezeCampaignRequest {
                pmsi_version: String::new(),
            }),
            "ShareCampaign" => share_campaign(ShareCampaignRequest {
                message: form.text("message").to_owned(),
            }),
            "StartCampaign" => start_campaign(StartCampaignRequest {}),
            "CloseCampaign" => close_campaign(CloseCampaignRequest {}),
        }
    )
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "CreateCampaign" => "La campagne est prévue.",
        "FreezeCampaign" => "Les données de la campagne sont arrêtées.",
        "StartCampaign" => "La campagne est lancée.",
        "ShareCampaign" => "Les résultats sont communiqués.",
        "CloseCampaign" => "La campagne est close.",
        _ => return None,
    })
}

/// The form of a new campaign, under one of these policies.
pub(crate) fn new_campaign(
    regions: Vec<(String, String)>,
    policies: Vec<(String, String)>,
) -> ActForm {
    ActForm::new(
        "CreateCampaign",
        "Prévoir une campagne",
        "Prévoir la campagne",
    )
    .with(Field::choice("region", "Région", regions))
    .with(Field::line("year", "Année contrôlée").hint("Sur quatre chiffres."))
    .with(
        Field::choice("tolerance_policy", "Politique de tolérance", policies)
            .hint("Fixée par la région, motivée et datée : aucun seuil national n’existe."),
    )
    .on(PATH, "")
}

/// Plans it, and says which it is.
pub(crate) async fn send_plan(services: &Services, form: &Form) -> Result<String, Status> {
    let request = CreateCampaignRequest {
        region: form.text("region").to_owned(),
        year: form.whole("year").unwrap_or_default(),
        tolerance_policy: form.text("tolerance_policy").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.campaigns();
    let campaign = client.create_campaign(within(request)).await?.into_inner();
    Ok(id_of(&campaign.name).to_owned())
}
