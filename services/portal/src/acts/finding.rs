//! Acts on a finding whose data were wrong: to correct it when the deviation stands, to withdraw it otherwise.

use proto::controls::v1::{CorrectFindingRequest, Finding, FindingOrigin, WithdrawFindingRequest};
use tonic::Status;

use super::{ActForm, Acts, Field, choices, decimal, sending::sent};
use crate::{form::Form, services::Services, text::missions as words};

/// What may be done, and why not the rest, as the service says it; nothing for who never does any of it.
pub(crate) fn acts(finding: &Finding, page: &str) -> Acts {
    Acts::theirs(&finding.allowed_actions, page, &finding.etag, |method| {
        form(method, finding)
    })
}

/// How an act on a finding is done.
pub(crate) fn form(method: &str, finding: &Finding) -> Option<ActForm> {
    Some(match method {
        "CorrectFinding" => correction(finding).with(Field::text("reasons", "Motifs")),
        "WithdrawFinding" => ActForm::new(method, "Retirer ce constat", "Retirer le constat")
            .grave()
            .intro("À faire quand les données étaient fausses. La revue en est informée et le constat n’y compte plus.")
            .with(Field::text("reasons", "Motifs")),
        _ => return None,
    })
}

/// A computed finding is corrected by its value, one that a person made by what that person said.
fn correction(finding: &Finding) -> ActForm {
    let form = ActForm::new(
        "CorrectFinding",
        "Corriger ce constat",
        "Corriger le constat",
    );
    if finding.origin() == FindingOrigin::Manual {
        return form
            .intro("À faire quand l’écart demeure, mais autrement qu’il n’est dit. La revue en est informée.")
            .with(
                Field::choice("severity", "Gravité", choices(&words::SEVERITIES))
                    .hint("Si elle change.")
                    .optional(),
            )
            .with(
                Field::text("text", "Ce qui a été vu")
                    .hint("Si le texte change. 5 000 caractères au plus.")
                    .optional(),
            );
    }
    form.intro("À faire quand une donnée était fausse et que l’écart demeure. La comparaison est refaite avec cette valeur, selon la cible et la politique de la campagne. La revue en est informée.")
        .with(Field::line("realised", "Ce qui a été réalisé dans l’année"))
        .with(Field::line("source", "D’où vient cette valeur"))
}

/// Sends it. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    let reasons = form.text("reasons").to_owned();
    sent!(
        services.controls(),
        name,
        form,
        match method {
            "CorrectFinding" => correct_finding(CorrectFindingRequest {
                realised: decimal(form.text("realised")),
                source: form.text("source").to_owned(),
                severity: form.whole("severity").unwrap_or_default(),
                text: form.text("text").to_owned(),
                reasons,
            }),
            "WithdrawFinding" => withdraw_finding(WithdrawFindingRequest { reasons }),
        }
    )
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "CorrectFinding" => "Le constat est corrigé.",
        "WithdrawFinding" => "Le constat est retiré.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::types::v1::AllowedAction;

    #[test]
    fn a_finding_is_corrected_by_what_it_rests_on_when_the_service_allows_it() {
        let names = |finding: &Finding| {
            let forms = acts(finding, "/constats/1").forms;
            let fields = forms.iter().flat_map(|form| &form.fields);
            fields.map(|field| field.name).collect::<Vec<_>>()
        };
        let answered = |reason: &str| {
            ["CorrectFinding", "WithdrawFinding"]
                .map(|method| AllowedAction {
                    method: method.to_owned(),
                    allowed: reason.is_empty(),
                    reason: reason.to_owned(),
                    explanation: String::new(),
                })
                .to_vec()
        };
        let computed = Finding {
            origin: FindingOrigin::Computed.into(),
            allowed_actions: answered(""),
            ..Default::default()
        };
        assert_eq!(
            names(&computed),
            ["realised", "source", "reasons", "reasons"]
        );
        let manual = Finding {
            origin: FindingOrigin::Manual.into(),
            ..computed.clone()
        };
        assert_eq!(names(&manual), ["severity", "text", "reasons", "reasons"]);
        // Once withdrawn, it is said why; to whoever never does it, nothing is.
        let withdrawn = Finding {
            allowed_actions: answered("FINDING_WITHDRAWN"),
            ..computed.clone()
        };
        let told = acts(&withdrawn, "/constats/1");
        assert_eq!((told.forms.len(), told.refused.len()), (0, 2));
        assert!(told.refused[0].why.contains("a été retiré"));
        let others = Finding {
            allowed_actions: answered("PERMISSION_DENIED"),
            ..computed
        };
        let told = acts(&others, "/constats/1");
        assert_eq!((told.forms.len(), told.refused.len()), (0, 0));
    }
}
