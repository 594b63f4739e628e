//! Acts of the contradictory procedure. Each is a person's, and each gives its reasons.

use proto::{
    contracts::v1::{
        AddReviewContextRequest, CompleteMilestoneRequest, ConcludeReviewRequest,
        ExamineReviewRequest, ExtendObservationPeriodRequest, MilestoneDraft, NotifyReviewRequest,
        ProcedureKind, RecordReviewHearingRequest, RecordReviewReceiptRequest, ReopenReviewRequest,
        Review, SubmitObservationsRequest,
    },
    controls::v1::GetPeerComparisonRequest,
    targets::v1::{GetTerritoryContextRequest, TerritoryContext},
};
use tonic::Status;

use super::{ActForm, Field, attachments, keep, keep_text, sending::sent, wrong};
use crate::{
    form::Form,
    pages::id_of,
    services::{Services, within},
    text::{dates, follow_up as words, labels},
};

/// How an act on a review is done.
pub(crate) fn form(method: &str) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    Some(match method {
        "NotifyReview" => act("Inviter l’établissement à répondre", "Envoyer l’invitation")
            .intro("L’établissement reçoit les constats et leur calcul, et dispose d’un délai pour présenter ses observations (CRPA L121-1 et L122-1).")
            .with(Field::text("message", "Message à l’établissement")),
        "RecordReviewReceipt" => act("Constater la réception", "Enregistrer la réception")
            .intro("Le délai pour répondre court de la réception. L’établissement la constate en consultant le dossier ici ; pour une lettre, l’agence indique le jour et la preuve.")
            .with(Field::day("receipt_date", "Jour de réception de la lettre").optional())
            .with(Field::line("proof", "Référence de la preuve").optional()),
        "ExtendObservationPeriod" => act("Prolonger le délai de réponse", "Prolonger le délai")
            .intro("Une seule fois, de la même durée.")
            .with(Field::text("reasons", "Motifs")),
        COMPLETE => act("Prendre acte d’une étape du plan d’action", "Enregistrer l’étape")
            .intro("L’agence constate qu’une étape est atteinte. Une étape atteinte ne se reprend pas."),
        "ReopenReview" => act("Rouvrir la revue", "Rouvrir la revue")
            .with(Field::text("reasons", "Motifs")),
        "SubmitObservations" => act("Présenter vos observations", "Envoyer nos observations")
            .intro("Elles sont jointes au dossier telles quelles et lues avant toute conclusion.")
            .with(Field::text("text", "Vos observations"))
            .with(Field::files("Pièces jointes")),
        "RecordReviewHearing" => act("Consigner une audition", "Enregistrer le compte rendu")
            .intro("L’établissement peut être entendu, assisté de qui il veut. Le compte rendu est lu avant toute conclusion.")
            .with(Field::day("date", "Jour de l’audition"))
            .with(Field::text("participants", "Présents").hint("Un par ligne, avec sa qualité."))
            .with(Field::text("minutes", "Compte rendu"))
            .with(Field::files("Pièces jointes")),
        "AddReviewContext" => act("Verser un élément de contexte", "Verser au dossier")
            .intro("Un chiffre du territoire ou des pairs, un événement de l’année : les deux parties le lisent. Il éclaire l’examen et n’en tient pas lieu.")
            .with(Field::line("title", "Intitulé"))
            .with(Field::text("text", "Ce qu’il apporte"))
            .with(Field::files("Pièces jointes")),
        "ExamineReview" => act("Enregistrer l’examen", "Enregistrer l’examen")
            .intro("La personne qui examine n’est pas celle qui a conduit la campagne.")
            .with(
                Field::text("analysis", "Analyse")
                    .hint("Les faits, leur explication, les observations de l’établissement, le contexte du territoire."),
            )
            .with(Field::radio("recommended_outcome", "Suite que vous recommandez", outcomes())),
        "ConcludeReview" => act("Conclure la revue", "Conclure")
            .grave()
            .intro("La conclusion est la vôtre. Par elle-même, elle n’a aucun effet juridique : seul le directeur général peut ouvrir une procédure.")
            .with(
                Field::text("reasons", "Motifs")
                    .hint("En fait et en droit (CRPA L211-2 et L211-5)."),
            )
            .with(Field::radio("outcome", "Suite retenue", outcomes()))
            .with(
                Field::choice("procedure_kind", "Nature de la procédure", sanctions())
                    .hint("Pour une procédure seulement ; sans choix, une pénalité. La résiliation demande un manquement grave.")
                    .optional(),
            )
            .with(
                Field::text("milestones", "Étapes du plan d’action")
                    .hint("Une par ligne, l’échéance d’abord : « 2027-03-31 Recruter un cadre ». Au moins une pour un plan d’action, aucune sinon.")
                    .optional(),
            ),
        _ => return None,
    })
}

/// The act that takes note of a step of the action plan.
pub(crate) const COMPLETE: &str = "CompleteMilestone";

/// Steps of the action plan that are not reached yet, by their places in the plan.
pub(crate) fn steps_left(review: &Review) -> Vec<(String, String)> {
    let plan = review.conclusion.iter().flat_map(|one| &one.milestones);
    let left = plan.zip(1..).filter(|(one, _)| one.complete_time.is_none());
    left.map(|(one, rank): (_, i32)| {
        let due = dates::from_wire(&one.due_date);
        (rank.to_string(), format!("{}, pour le {due}", one.title))
    })
    .collect()
}

/// The form of an act with the steps that it may be about.
pub(crate) fn about_steps(form: ActForm, review: &Review) -> ActForm {
    if form.method != COMPLETE {
        return form;
    }
    form.with(Field::choice("rank", "Étape atteinte", steps_left(review)))
        .with(Field::text("note", "Ce qui a été constaté"))
}

/// Sends an act. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    if let Err(refused) = keep(services, &name, form).await {
        return Some(Err(refused));
    }
    if method == "AddReviewContext" {
        return Some(add_context(services, name, form).await);
    }
    let typed = |name: &str| form.text(name).to_owned();
    sent!(
        services.reviews(),
        name,
        form,
        match method {
            "NotifyReview" => notify_review(NotifyReviewRequest {
                message: typed("message"),
                ..Default::default()
            }),
            "RecordReviewReceipt" => record_review_receipt(RecordReviewReceiptRequest {
                receipt_date: typed("receipt_date"),
                proof: typed("proof"),
            }),
            "ExtendObservationPeriod" =>
                extend_observation_period(ExtendObservationPeriodRequest {
                    reasons: typed("reasons"),
                }),
            "ReopenReview" => reopen_review(ReopenReviewRequest {
                reasons: typed("reasons"),
            }),
            COMPLETE => complete_milestone(CompleteMilestoneRequest {
                rank: form.whole("rank").unwrap_or_default(),
                note: typed("note"),
            }),
            "SubmitObservations" => submit_observations(SubmitObservationsRequest {
                text: typed("text"),
                attachments: attachments(form),
            }),
            "RecordReviewHearing" => record_review_hearing(RecordReviewHearingRequest {
                date: typed("date"),
                participants: form.lines("participants"),
                minutes: typed("minutes"),
                attachments: attachments(form),
            }),
            "ExamineReview" => examine_review(ExamineReviewRequest {
                analysis: typed("analysis"),
                recommended_outcome: form.whole("recommended_outcome").unwrap_or_default(),
            }),
            "ConcludeReview" => conclude_review(ConcludeReviewRequest {
                outcome: form.whole("outcome").unwrap_or_default(),
                reasons: typed("reasons"),
                milestones: milestones(form),
                procedure_kind: form.whole("procedure_kind").unwrap_or_default(),
                ..Default::default()
            }),
        }
    )
}

/// Adds a note of context, with the computed texts that it names.
async fn add_context(services: &Services, name: String, form: &Form) -> Result<(), Status> {
    let mut request = AddReviewContextRequest {
        name,
        etag: form.text("etag").to_owned(),
        title: form.text("title").to_owned(),
        text: form.text("text").to_owned(),
        attachments: attachments(form),
        request_id: form.text("request_id").to_owned(),
        ..Default::default()
    };
    take_comparison(services, form, &mut request).await?;
    take_territory(services, form, &mut request).await?;
    let mut client = services.reviews();
    client.add_review_context(within(request)).await.map(|_| ())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "NotifyReview" => "L’établissement est invité à présenter ses observations.",
        "RecordReviewReceipt" => "La réception est enregistrée.",
        "ExtendObservationPeriod" => "Le délai est prolongé.",
        COMPLETE => "L’étape du plan d’action est atteinte.",
        "ReopenReview" => "La revue est rouverte.",
        "SubmitObservations" => "Vos observations sont jointes au dossier.",
        "RecordReviewHearing" => "Le compte rendu de l’audition est joint au dossier.",
        "AddReviewContext" => "L’élément de contexte est versé au dossier.",
        "ExamineReview" => "L’examen est enregistré.",
        "ConcludeReview" => "La revue est conclue.",
        _ => return None,
    })
}

/// The field that names a computed comparison.
pub(crate) const COMPARISON: &str = "comparison";
/// The field that names what was published about the territory.
pub(crate) const TERRITORY: &str = "territory";
/// Why a text that was chosen is not taken.
const HAVE_CHANGED: &str = "Ces chiffres ont changé depuis l’affichage de la page. Relisez-les, puis choisissez de nouveau.";

/// What stands for a comparison in a form: the finding, and the hash of the text that the person saw.
pub(crate) fn comparison_choice(finding: &str, sha256: &str) -> String {
    format!("{finding} {sha256}")
}

/// Joins the comparison that a form names to a note of context, when it still is what the person saw: its text becomes a
/// file under its hash, with its sources beside it.
async fn take_comparison(
    services: &Services,
    form: &Form,
    request: &mut AddReviewContextRequest,
) -> Result<(), Status> {
    let chosen = form.text(COMPARISON);
    if chosen.is_empty() {
        return Ok(());
    }
    let (finding, seen) = chosen.split_once(' ').unwrap_or((chosen, ""));
    let asked = GetPeerComparisonRequest {
        finding: finding.to_owned(),
    };
    let comparison = services
        .comparisons()
        .get_peer_comparison(within(asked))
        .await?
        .into_inner();
    let sha256 = comparison.statement_sha256;
    if sha256 != seen {
        return Err(wrong(COMPARISON, HAVE_CHANGED));
    }
    let file_name = format!("comparaison-{}.txt", id_of(finding));
    let text = (comparison.statement, sha256.clone());
    let file = keep_text(services, &request.name, file_name, text).await?;
    request.attachments.push(file);
    request.references.extend([
        comparison.finding,
        comparison.campaign,
        format!("cpom.controls.v1.PeerComparisonService, sha256:{sha256}"),
    ]);
    Ok(())
}

/// What stands for the published rates of the territory in a form: the contract and the year that are examined, and the hash of
/// the text that the person saw.
pub(crate) fn territory_choice(context: &TerritoryContext) -> String {
    let TerritoryContext {
        contract,
        year,
        statement_sha256,
        ..
    } = context;
    format!("{contract} {year} {statement_sha256}")
}

/// Joins what was published about the territory to a note of context, when it still is what the person saw, with the
/// publications that it cites beside it.
async fn take_territory(
    services: &Services,
    form: &Form,
    request: &mut AddReviewContextRequest,
) -> Result<(), Status> {
    let chosen = form.text(TERRITORY);
    if chosen.is_empty() {
        return Ok(());
    }
    let mut parts = chosen.split(' ');
    let mut part = || parts.next().unwrap_or_default();
    let (contract, year, seen) = (part(), part(), part());
    let asked = GetTerritoryContextRequest {
        contract: contract.to_owned(),
        year: year.parse().unwrap_or_default(),
    };
    let context = services
        .rates()
        .get_territory_context(within(asked))
        .await?
        .into_inner();
    let sha256 = context.statement_sha256;
    if sha256 != seen {
        return Err(wrong(TERRITORY, HAVE_CHANGED));
    }
    let file_name = format!("territoire-{year}.txt");
    let text = (context.statement, sha256.clone());
    let file = keep_text(services, &request.name, file_name, text).await?;
    request.attachments.push(file);
    let cited = context.publications.into_iter().filter_map(|one| one.set);
    request.references.extend(cited.map(|set| set.name));
    request.references.push(format!(
        "cpom.targets.v1.RateService/GetTerritoryContext, sha256:{sha256}"
    ));
    Ok(())
}

/// The steps of an action plan, one a line; the service says which line is wrong.
fn milestones(form: &Form) -> Vec<MilestoneDraft> {
    form.lines("milestones")
        .iter()
        .map(|line| {
            let (due_date, title) = line.split_once(' ').unwrap_or((line, ""));
            MilestoneDraft {
                title: title.trim().to_owned(),
                due_date: due_date.to_owned(),
            }
        })
        .collect()
}

/// What a conclusion may propose to the director general.
fn sanctions() -> Vec<(String, String)> {
    let kinds = [ProcedureKind::Penalty, ProcedureKind::Termination];
    let choice = |kind: ProcedureKind| {
        let (name, basis) = (words::procedure(kind), words::procedure_basis(kind));
        (i32::from(kind).to_string(), format!("{name} ({basis})"))
    };
    kinds.map(choice).into()
}

fn outcomes() -> Vec<(String, String)> {
    labels::OUTCOMES
        .iter()
        .map(|(outcome, label)| (i32::from(*outcome).to_string(), capitalised(label)))
        .collect()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use prost_types::Timestamp;
    use proto::contracts::v1::{Conclusion, Milestone};

    use super::*;

    #[test]
    fn a_step_of_the_plan_is_chosen_by_its_place_while_it_is_not_reached() {
        let step = |title: &str, seconds: Option<i64>| Milestone {
            title: title.to_owned(),
            due_date: "2027-03-31".to_owned(),
            complete_time: seconds.map(|seconds| Timestamp { seconds, nanos: 0 }),
            ..Default::default()
        };
        let review = Review {
            conclusion: Some(Conclusion {
                milestones: vec![step("Recruter", Some(1)), step("Ouvrir", None)],
                ..Default::default()
            }),
            ..Default::default()
        };
        let left = steps_left(&review);
        let told = "Ouvrir, pour le 31 mars 2027";
        assert_eq!(left, [("2".to_owned(), told.to_owned())]);
        let form = about_steps(form(COMPLETE).unwrap(), &review);
        assert_eq!(form.fields.len(), 2);
        let other = about_steps(super::form("ReopenReview").unwrap(), &review);
        assert_eq!(other.fields.len(), 1);
        assert!(steps_left(&Review::default()).is_empty());
    }
}
