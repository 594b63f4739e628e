//! What controllers intend to do in a year, and the missions they open.

use proto::controls::v1::{
    CreateMissionRequest, CreateProgrammeRequest, MissionKind, MissionLetter,
};
use tonic::Status;

use super::{ActForm, Field, choices};
use crate::{
    form::Form,
    pages::id_of,
    services::{Services, within},
    text::missions as words,
};

/// Where missions are.
pub(crate) const PATH: &str = "/missions";

/// The form that records what a region intends to control.
pub(crate) fn programme(regions: Vec<(String, String)>) -> ActForm {
    ActForm::new(
        "CreateProgramme",
        "Enregistrer un programme",
        "Enregistrer le programme",
    )
    .intro(
        "Ce que la région prévoit de contrôler dans l’année, et comment elle choisit les contrats.",
    )
    .with(Field::choice("region", "Région", regions))
    .with(Field::line("year", "Année").hint("Sur quatre chiffres."))
    .with(Field::line("title", "Intitulé"))
    .with(Field::text("priorities", "Priorités et choix des contrats"))
    .on(PATH, "")
}

/// Records it.
pub(crate) async fn send_programme(services: &Services, form: &Form) -> Result<(), Status> {
    let request = CreateProgrammeRequest {
        region: form.text("region").to_owned(),
        year: form.whole("year").unwrap_or_default(),
        title: form.text("title").to_owned(),
        priorities: form.text("priorities").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.missions();
    client.create_programme(within(request)).await.map(|_| ())
}

/// The form that opens a mission; `contract` is the number of the one that the page is about.
pub(crate) fn mission(
    contract: &str,
    campaigns: Vec<(String, String)>,
    programmes: Vec<(String, String)>,
) -> ActForm {
    ActForm::new("CreateMission", "Ouvrir une mission", "Ouvrir la mission")
        .intro("Une lettre, une équipe, deux dates. Seule l’équipe consigne, et seulement pendant la mission.")
        .with(
            Field::line("contract", "Contrat")
                .hint("Son numéro, tel que la liste des contrats le donne.")
                .holding(contract),
        )
        .with(Field::choice("campaign", "Campagne", campaigns))
        .with(
            Field::choice("programme", "Programme", programmes)
                .hint("Celui qui prévoyait ce contrôle, s’il y en a un.")
                .optional(),
        )
        .with(Field::radio("kind", "Comment", choices(&words::KINDS)))
        .with(Field::line("letter.reference", "Référence de la lettre de mission"))
        .with(Field::day("letter.date", "Date de la lettre"))
        .with(Field::line("letter.signatory", "Qui l’a signée").hint("Nom et qualité."))
        .with(
            Field::text("team", "Autres membres de l’équipe")
                .hint("Un identifiant par ligne. Vous en êtes.")
                .optional(),
        )
        .with(Field::day("start_date", "Premier jour"))
        .with(Field::day("end_date", "Dernier jour"))
        .on(PATH, "")
}

/// Opens it, and says which it is.
pub(crate) async fn send_mission(
    services: &Services,
    contract: String,
    form: &Form,
) -> Result<String, Status> {
    let request = CreateMissionRequest {
        contract,
        campaign: form.text("campaign").to_owned(),
        programme: form.text("programme").to_owned(),
        kind: form
            .whole("kind")
            .unwrap_or(MissionKind::Unspecified.into()),
        letter: Some(MissionLetter {
            reference: form.text("letter.reference").to_owned(),
            date: form.text("letter.date").to_owned(),
            signatory: form.text("letter.signatory").to_owned(),
        }),
        team: form.lines("team"),
        start_date: form.text("start_date").to_owned(),
        end_date: form.text("end_date").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.missions();
    let mission = client.create_mission(within(request)).await?.into_inner();
    Ok(id_of(&mission.name).to_owned())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "CreateProgramme" => "Le programme est enregistré.",
        "CreateMission" => "La mission est ouverte.",
        _ => return None,
    })
}
