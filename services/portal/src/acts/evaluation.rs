//! Evaluations of a contract: planned, reported by the holder, concluded by the agency objective by objective.

use proto::contracts::v1::{
    Achievement, Assessment, ConcludeEvaluationRequest, Contract, Evaluation, EvaluationKind,
    EvaluationState, PlanEvaluationRequest, StrategicObjective, SubmitEvaluationReportRequest,
};
use tonic::Status;

use super::{ActForm, Acts, Field, choices, line::parts, sending::sent};
use crate::{
    form::Form,
    services::{Services, within},
    text::follow_up as words,
};

/// The form that plans one.
pub(crate) fn plan(page: &str) -> ActForm {
    let kinds = [
        EvaluationKind::Annual,
        EvaluationKind::MidTerm,
        EvaluationKind::Final,
    ];
    let kinds = choices(&kinds.map(|kind| (kind, words::evaluation(kind))));
    ActForm::new(
        "PlanEvaluation",
        "Prévoir une évaluation",
        "Prévoir l’évaluation",
    )
    .with(Field::radio("kind", "Laquelle", kinds))
    .with(Field::line("year", "Année évaluée").hint("Sur quatre chiffres."))
    .with(Field::day("due_date", "À conclure pour le"))
    .on(page, "")
}

/// Plans it.
pub(crate) async fn send_plan(
    services: &Services,
    contract: String,
    form: &Form,
) -> Result<(), Status> {
    let request = PlanEvaluationRequest {
        contract,
        kind: form.whole("kind").unwrap_or_default(),
        year: form.whole("year").unwrap_or_default(),
        due_date: form.text("due_date").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.follow_up();
    client.plan_evaluation(within(request)).await.map(|_| ())
}

/// Objectives that an evaluation speaks of.
fn objectives(contract: &Contract) -> &[StrategicObjective] {
    contract
        .text
        .as_ref()
        .map_or(&[], |text| text.objectives.as_slice())
}

/// What the person who looks may do on one.
pub(crate) fn acts(
    evaluation: &Evaluation,
    contract: &Contract,
    page: &str,
    (is_agency, is_holder): (bool, bool),
) -> Acts {
    let mut acts = Acts::default();
    let method = match evaluation.state() {
        EvaluationState::Planned if is_holder => Some("SubmitEvaluationReport"),
        EvaluationState::Planned | EvaluationState::Reported if is_agency => {
            Some("ConcludeEvaluation")
        }
        _ => None,
    };
    if let Some(form) = method.and_then(|method| form(method, contract)) {
        acts.open(form.on(page, &evaluation.etag));
    }
    acts
}

/// How an act on an evaluation is done.
pub(crate) fn form(method: &str, contract: &Contract) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    Some(match method {
        "SubmitEvaluationReport" => act("Envoyer le rapport", "Envoyer le rapport")
            .intro("L’agence conclut ensuite, objectif par objectif. Rien de ce rapport ne vaut sanction.")
            .with(Field::text("report", "Rapport de l’établissement")),
        "ConcludeEvaluation" => {
            let codes: Vec<String> = objectives(contract)
                .iter()
                .map(|one| format!("{} ({})", one.code, one.title))
                .collect();
            act("Conclure l’évaluation", "Conclure l’évaluation")
                .intro("Une conclusion est écrite et motivée. Elle n’a pas d’effet juridique par elle-même.")
                .with(
                    Field::text("assessments", "Objectif par objectif")
                        .hint(&format!(
                            "Une ligne chacun : code | atteint, en partie, non atteint ou sans objet | commentaire. Objectifs : {}.",
                            codes.join(", ")
                        ))
                        .holding(&started(contract)),
                )
                .with(Field::text("conclusion", "Conclusion"))
        }
        _ => return None,
    })
}

/// A line for each objective, to be completed.
fn started(contract: &Contract) -> String {
    let lines: Vec<String> = objectives(contract)
        .iter()
        .map(|one| format!("{} | | ", one.code))
        .collect();
    lines.join("\n")
}

/// What is said of each objective, as it was typed: an achievement that is no known word is left unsaid, which the service
/// refuses beside its line.
fn assessments(form: &Form) -> Vec<Assessment> {
    form.lines("assessments")
        .iter()
        .map(|line| {
            let [code, said, comment] = parts(line);
            let achievement = match said.to_lowercase().as_str() {
                "atteint" => Achievement::Reached,
                "en partie" | "atteint en partie" => Achievement::Partly,
                "non atteint" => Achievement::NotReached,
                "sans objet" => Achievement::NotApplicable,
                _ => Achievement::Unspecified,
            };
            Assessment {
                objective: code.to_owned(),
                achievement: achievement.into(),
                comment: comment.to_owned(),
            }
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
    sent!(
        services.follow_up(),
        name,
        form,
        match method {
            "SubmitEvaluationReport" => submit_evaluation_report(SubmitEvaluationReportRequest {
                report: form.text("report").to_owned(),
            }),
            "ConcludeEvaluation" => conclude_evaluation(ConcludeEvaluationRequest {
                assessments: assessments(form),
                conclusion: form.text("conclusion").to_owned(),
            }),
        }
    )
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "PlanEvaluation" => "L’évaluation est prévue.",
        "SubmitEvaluationReport" => "Le rapport est envoyé.",
        "ConcludeEvaluation" => "L’évaluation est conclue.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assessments_are_typed_a_line_each_and_an_unknown_word_says_nothing() {
        let form = Form::parse(
            "assessments=O1+%7C+atteint+%7C+Tout+est+fait%0AO2+%7C+Non+atteint%0AO3+%7C+presque+%7C+x",
        );
        let read = assessments(&form);
        assert_eq!(read.len(), 3);
        assert_eq!(read[0].achievement(), Achievement::Reached);
        assert_eq!(read[0].comment, "Tout est fait");
        assert_eq!(read[1].achievement(), Achievement::NotReached);
        assert_eq!(read[2].achievement(), Achievement::Unspecified);
    }
}
