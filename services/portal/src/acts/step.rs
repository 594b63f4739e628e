//! Telling that a step of a commitment is done.

use proto::contracts::v1::{
    CommitmentOwner, CommitmentStep, CompleteStepRequest, CompletedStep, ContractText,
};
use tonic::Status;

use super::{ActForm, Field, attachments, keep};
use crate::{
    form::Form,
    services::{Services, within},
    text::dates,
};

pub(crate) const METHOD: &str = "CompleteStep";

/// A step of a contract, with how it was done if it is.
pub(crate) struct Step<'a> {
    /// Code of its commitment.
    pub(crate) commitment: &'a str,
    pub(crate) owner: CommitmentOwner,
    pub(crate) promised: &'a CommitmentStep,
    pub(crate) done: Option<&'a CompletedStep>,
}

/// Every step of a text, the nearest day first.
pub(crate) fn steps<'a>(text: &'a ContractText, done: &'a [CompletedStep]) -> Vec<Step<'a>> {
    let commitments = text.content.iter().flat_map(|content| &content.commitments);
    let mut steps: Vec<Step<'a>> = commitments
        .flat_map(|commitment| {
            commitment.steps.iter().map(move |step| Step {
                commitment: &commitment.code,
                owner: commitment.owner(),
                promised: step,
                done: done.iter().find(|one| {
                    one.commitment == commitment.code
                        && one.title == step.title
                        && one.due_date == step.due_date
                }),
            })
        })
        .collect();
    steps.sort_by_key(|one| (&one.promised.due_date, one.commitment));
    steps
}

/// Who tells: the side a person is on; none for who owes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Teller {
    Agency,
    Establishment,
}

impl Teller {
    fn owes(self, owner: CommitmentOwner) -> bool {
        match owner {
            CommitmentOwner::Ars => self == Self::Agency,
            CommitmentOwner::Establishment => self == Self::Establishment,
            CommitmentOwner::Both => true,
            CommitmentOwner::Unspecified => false,
        }
    }
}

/// The form, for who owes steps that are not done yet.
pub(crate) fn form(steps: &[Step<'_>], teller: Teller, page: &str) -> Option<ActForm> {
    let left: Vec<(String, String)> = steps
        .iter()
        .filter(|one| one.done.is_none() && teller.owes(one.owner))
        .map(|one| {
            let Step {
                commitment,
                promised,
                ..
            } = one;
            let key = format!("{commitment}|{}|{}", promised.due_date, promised.title);
            let due = dates::from_wire(&promised.due_date);
            (
                key,
                format!("{commitment} : {}, pour le {due}", promised.title),
            )
        })
        .collect();
    (!left.is_empty()).then(|| blank(left).on(page, ""))
}

/// The form as it stands whatever is left to do.
pub(crate) fn fallback(typed: &Form, page: &str) -> ActForm {
    let key = typed.text("title").to_owned();
    let told = key.splitn(3, '|').last().unwrap_or_default().to_owned();
    blank(vec![(key, told)]).on(page, "")
}

fn blank(steps: Vec<(String, String)>) -> ActForm {
    ActForm::new(
        METHOD,
        "Dire qu’une étape est franchie",
        "Enregistrer l’étape",
    )
    .intro("Qui doit l’engagement le dit, avant ou après le jour prévu. Cela éclaire le suivi ; une étape dite franchie ne se reprend pas.")
    .with(Field::choice("title", "Étape", steps))
    .with(Field::day("done_date", "Franchie le").hint("Aujourd’hui au plus tard."))
    .with(Field::text("note", "Comment").optional())
    .with(Field::files("Ce qui le montre"))
}

/// Tells it, once the contracts service keeps what shows it.
pub(crate) async fn send(services: &Services, contract: String, form: &Form) -> Result<(), Status> {
    keep(services, &contract, form).await?;
    let mut key = form.text("title").splitn(3, '|').map(ToOwned::to_owned);
    let mut part = || key.next().unwrap_or_default();
    let request = CompleteStepRequest {
        contract,
        commitment: part(),
        due_date: part(),
        title: part(),
        done_date: form.text("done_date").to_owned(),
        note: form.text("note").to_owned(),
        attachments: attachments(form),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.follow_up();
    client.complete_step(within(request)).await.map(|_| ())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    (method == METHOD).then_some("L’étape est notée comme franchie.")
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::{Commitment, ContractContent};

    use super::*;
    use crate::acts::FieldKind;

    fn commitment(code: &str, owner: CommitmentOwner, steps: &[(&str, &str)]) -> Commitment {
        let step = |(title, day): &(&str, &str)| CommitmentStep {
            title: (*title).to_owned(),
            due_date: (*day).to_owned(),
        };
        Commitment {
            code: code.to_owned(),
            owner: owner.into(),
            steps: steps.iter().map(step).collect(),
            ..Default::default()
        }
    }

    #[test]
    fn each_side_is_offered_the_steps_it_owes_and_that_are_not_done() {
        let works = [
            ("Travaux | gros œuvre", "2027-06-30"),
            ("Ouverture", "2028-01-01"),
        ];
        let text = ContractText {
            content: Some(ContractContent {
                commitments: vec![
                    commitment("E1", CommitmentOwner::Establishment, &works),
                    commitment(
                        "A1",
                        CommitmentOwner::Ars,
                        &[("Autorisation", "2027-01-31")],
                    ),
                ],
                ..Default::default()
            }),
            ..Default::default()
        };
        let done = [CompletedStep {
            commitment: "E1".to_owned(),
            title: "Ouverture".to_owned(),
            due_date: "2028-01-01".to_owned(),
            ..Default::default()
        }];
        let steps = steps(&text, &done);
        let days: Vec<&str> = steps
            .iter()
            .map(|one| one.promised.due_date.as_str())
            .collect();
        assert_eq!(days, ["2027-01-31", "2027-06-30", "2028-01-01"]);
        let offered = |teller| -> Vec<String> {
            let form = form(&steps, teller, "/contrats/1/suivi").unwrap();
            let FieldKind::Choice(choices) = &form.fields[0].kind else {
                return Vec::new();
            };
            choices.iter().map(|(key, _)| key.clone()).collect()
        };
        assert_eq!(
            offered(Teller::Establishment),
            ["E1|2027-06-30|Travaux | gros œuvre"]
        );
        assert_eq!(offered(Teller::Agency), ["A1|2027-01-31|Autorisation"]);
    }
}
