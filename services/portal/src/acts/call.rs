//! Calls for projects: from the need to the authorisation (CASF L313-1-1), or without one.

use proto::targets::v1::{
    AuthoriseCandidateRequest, CommissionOpinion, DropProjectCallRequest, LinkProjectCallRequest,
    OpenProjectCallRequest, ProjectAuthorisation, ProjectCalendar, ProjectCall, ProjectCallState,
    ProjectCandidate, ProjectNeed, ProjectSpecification, PublishProjectCallRequest,
    RecordCommissionOpinionRequest, RegisterCandidateRequest, ScheduleProjectCallRequest,
};
use tonic::Status;

use super::{ActForm, Acts, Field, attachments, choices, sending::sent, wrong};
use crate::{
    form::Form,
    pages::id_of,
    services::{Services, within},
    text::territory as words,
};

/// Where calls are.
pub(crate) const PATH: &str = "/territoires/appels-a-projet";

/// The form that opens one; `territories` are those of the region that is looked at.
pub(crate) fn open(
    region: &str,
    territories: Vec<(String, String)>,
    objectives: Vec<(String, String)>,
) -> ActForm {
    ActForm::new(
        "OpenProjectCall",
        "Préparer un appel à projet",
        "Enregistrer le besoin",
    )
    .with(Field::hidden("region", region))
    .with(Field::line("need.title", "Intitulé"))
    .with(Field::choice("need.territory", "Territoire", territories))
    .with(
        Field::line("need.category", "Catégorie d’établissement")
            .hint("Code FINESS, par exemple 182."),
    )
    .with(Field::choice(
        "need.public",
        "Public",
        choices(&words::PUBLICS),
    ))
    .with(Field::line("need.places", "Nombre de places"))
    .with(
        Field::choice("need.scheme_objective", "Objectif du schéma", objectives)
            .hint("Celui auquel il répond, s’il y en a un.")
            .optional(),
    )
    .with(Field::text("need.rationale", "Pourquoi ce besoin"))
    .on(PATH, "")
}

/// Opens it, and says which it is.
pub(crate) async fn send_open(services: &Services, form: &Form) -> Result<String, Status> {
    let need = ProjectNeed {
        title: form.text("need.title").to_owned(),
        territory: form.text("need.territory").to_owned(),
        category: form.text("need.category").to_owned(),
        public: form.whole("need.public").unwrap_or_default(),
        places: form.whole("need.places").unwrap_or_default(),
        scheme_objective: form.text("need.scheme_objective").to_owned(),
        rationale: form.text("need.rationale").to_owned(),
    };
    let request = OpenProjectCallRequest {
        region: form.text("region").to_owned(),
        need: Some(need),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.calls();
    let call = client
        .open_project_call(within(request))
        .await?
        .into_inner();
    Ok(id_of(&call.name).to_owned())
}

/// Who looks at a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reader {
    /// The agency runs the call.
    pub(crate) runs: bool,
    /// The director general alone authorises (CASF L313-1 and L313-3).
    pub(crate) authorises: bool,
    pub(crate) drops: bool,
}

/// What may have followed an authorisation: names with what is told of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Followed {
    /// Places that were recorded under the act of the authorisation.
    pub(crate) recordings: Vec<(String, String)>,
    /// Amendments of the contracts of the candidate.
    pub(crate) amendments: Vec<(String, String)>,
}

/// What may be done next.
pub(crate) fn acts(call: &ProjectCall, page: &str, reader: Reader, followed: &Followed) -> Acts {
    use ProjectCallState::{Authorised, Examined, Prepared, Published};
    let (state, has_calendar) = (call.state(), call.calendar.is_some());
    let is_open = matches!(state, Prepared | Published | Examined);
    let methods = [
        (
            reader.runs && state == Prepared && has_calendar,
            "PublishProjectCall",
        ),
        (reader.runs && state == Prepared, "ScheduleProjectCall"),
        (reader.runs && state == Published, "RegisterCandidate"),
        (reader.runs && state == Published, "RecordCommissionOpinion"),
        (reader.authorises && state == Examined, "AuthoriseCandidate"),
        (reader.runs && state == Authorised, "LinkProjectCall"),
        (reader.drops && is_open, "DropProjectCall"),
    ];
    Acts::possible(methods, page, &call.etag, |method| {
        form(method, call, followed)
    })
}

/// How an act on a call is done.
pub(crate) fn form(method: &str, call: &ProjectCall, followed: &Followed) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    let calendar = call.calendar.clone().unwrap_or_default();
    Some(match method {
        "ScheduleProjectCall" => act("Fixer le calendrier", "Enregistrer le calendrier")
            .with(
                Field::day("calendar.publication", "Publication").holding(&calendar.publication),
            )
            .with(
                Field::day("calendar.deadline", "Dernier jour pour répondre")
                    .holding(&calendar.deadline),
            )
            .with(
                Field::day("calendar.commission", "Commission de sélection")
                    .holding(&calendar.commission),
            ),
        "PublishProjectCall" => act("Publier le cahier des charges", "Publier")
            .grave()
            .with(Field::line("specification.title", "Intitulé"))
            .with(
                Field::line("specification.reference", "Où il est publié")
                    .hint("Recueil des actes administratifs, ou adresse."),
            )
            .with(
                Field::text("specification.criteria", "Critères")
                    .hint("Un par ligne : comment les réponses seront comparées."),
            )
            .with(
                Field::files("Cahier des charges publié")
                    .hint("Le portail n’en garde que l’empreinte : c’est le fichier publié qui fait foi."),
            ),
        "RegisterCandidate" => act("Enregistrer un candidat", "Enregistrer")
            .with(Field::line("candidate.title", "Nom"))
            .with(
                Field::line("candidate.id", "Identifiant dans l’appel")
                    .hint("En minuscules, par exemple « adapei-83 »."),
            )
            .with(
                Field::line("candidate.finess", "Numéro FINESS")
                    .hint("De l’entité, si elle en a un.")
                    .optional(),
            )
            .with(Field::line("candidate.places", "Places proposées"))
            .with(Field::day("candidate.received", "Reçue le")),
        "RecordCommissionOpinion" => act("Enregistrer l’avis de la commission", "Enregistrer l’avis")
            .intro("L’avis éclaire la décision et ne la lie pas.")
            .with(Field::day("opinion.day", "Séance du"))
            .with(
                Field::text("opinion.ranking", "Classement")
                    .hint("Un identifiant par ligne, le premier d’abord ; les candidats écartés n’y sont pas.")
                    .optional(),
            )
            .with(Field::text("opinion.text", "Avis")),
        "AuthoriseCandidate" => act("Autoriser un candidat", "Autoriser")
            .grave()
            .intro("La décision est la vôtre. Un autre choix que le premier classé se motive.")
            .with(Field::choice("authorisation.candidate", "Candidat", candidates(call)))
            .with(Field::line("authorisation.places", "Places autorisées"))
            .with(Field::line("authorisation.decision", "Arrêté"))
            .with(Field::text("authorisation.reasons", "Motifs").optional()),
        "LinkProjectCall" => act("Relier ce qui a suivi", "Relier")
            .intro("Les places enregistrées sous l’arrêté d’autorisation, et l’avenant du contrat du candidat. L’un, l’autre ou les deux.")
            .with(
                Field::choice("capacity_recording", "Places enregistrées", followed.recordings.clone())
                    .hint(if followed.recordings.is_empty() {
                        "Aucune place n’est encore enregistrée sous cet arrêté : enregistrez-les d’abord."
                    } else {
                        "Celles dont l’acte est l’arrêté d’autorisation."
                    })
                    .optional(),
            )
            .with(
                Field::choice("amendment", "Avenant", followed.amendments.clone())
                    .hint(if followed.amendments.is_empty() {
                        "Les contrats du candidat n’ont pas d’avenant, ou il n’a pas de numéro FINESS."
                    } else {
                        "Ceux des contrats du candidat."
                    })
                    .optional(),
            ),
        "DropProjectCall" => act("Renoncer à l’appel", "Renoncer")
            .grave()
            .with(Field::text("reasons", "Motifs")),
        _ => return None,
    })
}

fn candidates(call: &ProjectCall) -> Vec<(String, String)> {
    call.candidates
        .iter()
        .map(|one| {
            (
                one.id.clone(),
                format!("{} ({} places)", one.title, one.places),
            )
        })
        .collect()
}

/// Sends an act. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    let typed = |name: &str| form.text(name).to_owned();
    let file = attachments(form).into_iter().next();
    if file.is_none() && method == "PublishProjectCall" {
        return Some(Err(wrong(super::PIECES, "Choisissez le fichier publié.")));
    }
    sent!(
        services.calls(),
        name,
        form,
        match method {
            "ScheduleProjectCall" => schedule_project_call(ScheduleProjectCallRequest {
                calendar: Some(ProjectCalendar {
                    publication: typed("calendar.publication"),
                    deadline: typed("calendar.deadline"),
                    commission: typed("calendar.commission"),
                }),
            }),
            "PublishProjectCall" => publish_project_call(PublishProjectCallRequest {
                specification: Some(ProjectSpecification {
                    title: typed("specification.title"),
                    reference: typed("specification.reference"),
                    sha256: file.map(|file| file.sha256).unwrap_or_default(),
                    criteria: form.lines("specification.criteria"),
                }),
            }),
            "RegisterCandidate" => register_candidate(RegisterCandidateRequest {
                candidate: Some(ProjectCandidate {
                    finess: typed("candidate.finess"),
                    id: typed("candidate.id"),
                    title: typed("candidate.title"),
                    places: form.whole("candidate.places").unwrap_or_default(),
                    received: typed("candidate.received"),
                }),
            }),
            "RecordCommissionOpinion" =>
                record_commission_opinion(RecordCommissionOpinionRequest {
                    opinion: Some(CommissionOpinion {
                        day: typed("opinion.day"),
                        ranking: form.lines("opinion.ranking"),
                        text: typed("opinion.text"),
                    }),
                }),
            "AuthoriseCandidate" => authorise_candidate(AuthoriseCandidateRequest {
                authorisation: Some(ProjectAuthorisation {
                    candidate: typed("authorisation.candidate"),
                    places: form.whole("authorisation.places").unwrap_or_default(),
                    decision: typed("authorisation.decision"),
                    reasons: typed("authorisation.reasons"),
                    ..Default::default()
                }),
            }),
            "LinkProjectCall" => link_project_call(LinkProjectCallRequest {
                capacity_recording: typed("capacity_recording"),
                amendment: typed("amendment"),
            }),
            "DropProjectCall" => drop_project_call(DropProjectCallRequest {
                reasons: typed("reasons"),
            }),
        }
    )
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "OpenProjectCall" => "Le besoin est enregistré.",
        "ScheduleProjectCall" => "Le calendrier est fixé.",
        "PublishProjectCall" => "Le cahier des charges est publié.",
        "RegisterCandidate" => "Le candidat est enregistré.",
        "RecordCommissionOpinion" => "L’avis est enregistré.",
        "AuthoriseCandidate" => "L’autorisation est enregistrée.",
        "LinkProjectCall" => "Ce qui a suivi est relié à l’appel.",
        "DropProjectCall" => "L’appel est sans suite.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_but_the_director_general_authorises_and_only_after_the_opinion() {
        let offered = |state: ProjectCallState, reader: Reader| -> Vec<String> {
            let mut call = ProjectCall::default();
            call.set_state(state);
            let page = "/territoires/appels-a-projet/1";
            let acts = acts(&call, page, reader, &Followed::default());
            acts.forms.into_iter().map(|form| form.method).collect()
        };
        let agent = Reader {
            runs: true,
            authorises: false,
            drops: false,
        };
        let general = Reader {
            runs: false,
            authorises: true,
            drops: true,
        };
        assert_eq!(
            offered(ProjectCallState::Prepared, agent),
            ["ScheduleProjectCall"],
            "nothing is published without a calendar"
        );
        assert_eq!(
            offered(ProjectCallState::Published, general),
            ["DropProjectCall"]
        );
        assert_eq!(
            offered(ProjectCallState::Examined, general),
            ["AuthoriseCandidate", "DropProjectCall"]
        );
        assert!(offered(ProjectCallState::Examined, agent).is_empty());
        assert!(offered(ProjectCallState::Authorised, general).is_empty());
        assert_eq!(
            offered(ProjectCallState::Authorised, agent),
            ["LinkProjectCall"]
        );
    }
}
