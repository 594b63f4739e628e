//! What controllers record during a mission, and how it ends.

use std::time::Duration;

use futures::stream;
use proto::controls::v1::{
    CancelMissionRequest, EvidenceHeader, Mission, RecordRemarkRequest, ReportMissionRequest,
    UploadEvidenceRequest,
};
use tonic::{Request, Status};

use super::{ActForm, Acts, Field, attachments, choices, sending::sent, wrong};
use crate::{
    form::Form,
    services::{Services, within},
    text::missions as words,
};

/// Bytes of one message.
const CHUNK: usize = 64 * 1024;
/// Longest wait for a file of 25 mebibytes.
const UPLOAD_DEADLINE: Duration = Duration::from_mins(1);

/// What may be done now, and why not the rest, as the service says it; nothing of what the person never does.
pub(crate) fn acts(mission: &Mission, objectives: &[(String, String)], page: &str) -> Acts {
    Acts::theirs(&mission.allowed_actions, page, &mission.etag, |method| {
        form(method, mission, objectives)
    })
}

/// How an act on a mission is done; `objectives` are those of its contract.
pub(crate) fn form(
    method: &str,
    mission: &Mission,
    objectives: &[(String, String)],
) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    Some(match method {
        "UploadEvidence" => act("Ajouter une pièce", "Ajouter la pièce")
            .intro("La pièce est gardée telle quelle, sous son empreinte : personne ne peut la remplacer.")
            .with(Field::line("header.title", "Ce qu’elle montre"))
            .with(
                Field::file("Fichier")
                    .hint("PDF, image, Word, Excel, OpenDocument, texte ou CSV ; 25 Mo au plus."),
            ),
        "RecordRemark" => act("Consigner une remarque ou un écart", "Consigner")
            .intro("Une remarque devient un rappel ; un écart devient un constat, que l’établissement pourra discuter. Ni l’un ni l’autre n’a d’effet juridique.")
            .with(Field::radio("kind", "Ce que vous consignez", choices(&words::REMARKS)))
            .with(Field::text("text", "Ce que vous avez vu").hint("5 000 caractères au plus."))
            .with(
                Field::line("legal_basis", "Texte ou clause dont on s’écarte")
                    .hint("Pour un écart.")
                    .optional(),
            )
            .with(
                Field::choice("severity", "Gravité", choices(&words::SEVERITIES))
                    .hint("Pour un écart.")
                    .optional(),
            )
            .with(
                Field::choice("objective", "Objectif du contrat", objectives.to_vec())
                    .hint("Un écart à un objectif est opposable si l’objectif l’est.")
                    .optional(),
            )
            .with(Field::several(
                "opposable",
                "Écart à aucun objectif",
                vec![("oui".to_owned(), "il est opposable à l’établissement".to_owned())],
            ))
            .with(Field::several("evidence", "Pièces qui le montrent", pieces(mission))),
        "ReportMission" => act("Rendre le rapport", "Rendre le rapport")
            .grave()
            .intro("Chaque remarque et chaque écart devient un constat. Rien ne peut plus être ajouté à la mission.")
            .with(Field::text("conclusions", "Conclusions")),
        "CancelMission" => act("Annuler la mission", "Annuler la mission")
            .grave()
            .intro("Elle s’arrête sans constat. Ce qui a été consigné reste au dossier.")
            .with(Field::text("reasons", "Motifs")),
        _ => return None,
    })
}

/// The files of a mission, as a choice.
fn pieces(mission: &Mission) -> Vec<(String, String)> {
    let told = |title: &str, file: &str| format!("{title} ({file})");
    mission
        .evidence
        .iter()
        .map(|one| (one.name.clone(), told(&one.title, &one.file_name)))
        .collect()
}

/// Sends an act, with the bytes of the file it came with. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    match method {
        "UploadEvidence" => return Some(upload(services, name, form).await),
        "RecordRemark" => return Some(remark(services, name, form).await),
        _ => {}
    }
    sent!(
        services.missions(),
        name,
        form,
        match method {
            "ReportMission" => report_mission(ReportMissionRequest {
                conclusions: form.text("conclusions").to_owned(),
            }),
            "CancelMission" => cancel_mission(CancelMissionRequest {
                reasons: form.text("reasons").to_owned(),
            }),
        }
    )
}

/// Records a remark, which is of no version of the mission.
async fn remark(services: &Services, mission: String, form: &Form) -> Result<(), Status> {
    let request = RecordRemarkRequest {
        mission,
        kind: form.whole("kind").unwrap_or_default(),
        text: form.text("text").to_owned(),
        legal_basis: form.text("legal_basis").to_owned(),
        severity: form.whole("severity").unwrap_or_default(),
        objective: form.text("objective").to_owned(),
        opposable: form.text("opposable") == "oui",
        evidence: form.all("evidence").map(ToOwned::to_owned).collect(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.missions();
    client.record_remark(within(request)).await.map(|_| ())
}

/// Says what the file is, then its bytes.
async fn upload(services: &Services, mission: String, form: &Form) -> Result<(), Status> {
    let content: &[u8] = form.files().first().map_or(&[][..], |file| &file.bytes);
    let file = attachments(form).into_iter().next();
    let Some(file) = file.filter(|_| !content.is_empty()) else {
        return Err(wrong(super::PIECES, "Choisissez le fichier."));
    };
    let header = EvidenceHeader {
        mission,
        title: form.text("header.title").to_owned(),
        file_name: file.file_name,
        media_type: file.media_type,
        size_bytes: file.size_bytes,
        sha256: file.sha256,
        request_id: form.text("request_id").to_owned(),
    };
    let first = UploadEvidenceRequest {
        header: Some(header),
        chunk: Vec::new(),
    };
    let then = content.chunks(CHUNK).map(|chunk| UploadEvidenceRequest {
        header: None,
        chunk: chunk.to_vec(),
    });
    let messages: Vec<UploadEvidenceRequest> = [first].into_iter().chain(then).collect();
    let mut request = Request::new(stream::iter(messages));
    request.set_timeout(UPLOAD_DEADLINE);
    services.missions().upload_evidence(request).await?;
    Ok(())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "CreateMission" => "La mission est ouverte.",
        "UploadEvidence" => "La pièce est gardée sous son empreinte.",
        "RecordRemark" => "C’est consigné. Rien n’est encore un constat.",
        "ReportMission" => "Le rapport est rendu : remarques et écarts sont devenus des constats.",
        "CancelMission" => "La mission est annulée, sans constat.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::types::v1::AllowedAction;

    const METHODS: [&str; 4] = [
        "UploadEvidence",
        "RecordRemark",
        "ReportMission",
        "CancelMission",
    ];

    /// What is offered, and what is said of the rest, when the service answers so.
    fn offered(reasons: [&str; 4]) -> (Vec<String>, Vec<String>) {
        let answered = METHODS.into_iter().zip(reasons);
        let mission = Mission {
            allowed_actions: answered
                .map(|(method, reason)| AllowedAction {
                    method: method.to_owned(),
                    allowed: reason.is_empty(),
                    reason: reason.to_owned(),
                    explanation: String::new(),
                })
                .collect(),
            ..Default::default()
        };
        let acts = acts(&mission, &[], "/missions/1");
        let methods = acts.forms.into_iter().map(|form| form.method).collect();
        let refused = acts.refused.into_iter().map(|one| one.why).collect();
        (methods, refused)
    }

    #[test]
    fn a_mission_offers_what_the_service_allows_and_says_why_not_the_rest() {
        let all = METHODS.map(str::to_owned).to_vec();
        assert_eq!(offered([""; 4]), (all, vec![]));
        let other = "NOT_ON_MISSION";
        let (methods, refused) = offered([other, other, other, ""]);
        assert_eq!(methods, ["CancelMission"]);
        assert_eq!(refused.len(), 3);
        assert!(refused[0].contains("l’équipe de la mission"));
        let never = "PERMISSION_DENIED";
        let (methods, refused) = offered([never, never, never, ""]);
        assert_eq!((methods.len(), refused.len()), (1, 0));
        let (methods, refused) = offered(["MISSION_OVER"; 4]);
        assert_eq!((methods.len(), refused.len()), (0, 4));
    }
}
