//! The commitments of a contract and their steps: what is due, what is done, by whom, and what shows it.

use proto::contracts::v1::{CompletedStep, Contract, ContractText, GetConsolidatedContractRequest};
use tonic::Code;

use super::{id_of, pieces::Piece};
use crate::{
    Failure,
    acts::step::{self, Step, Teller},
    services::within,
    table::{Cell, Table},
    text::{dates, follow_up as words, labels},
    visitor::Visitor,
};

/// A commitment as a page shows it.
pub(crate) struct Promise {
    pub(crate) code: String,
    pub(crate) text: String,
    pub(crate) owner: String,
    /// Whose competence it is, in words; empty where nobody said.
    pub(crate) competence: String,
}

/// The commitments of a text.
pub(crate) fn promises(text: &ContractText) -> Vec<Promise> {
    let commitments = text.content.iter().flat_map(|content| &content.commitments);
    commitments
        .map(|one| Promise {
            code: one.code.clone(),
            text: one.text.clone(),
            owner: owner(one.owner()).to_owned(),
            competence: words::competence(one.competence.as_ref()),
        })
        .collect()
}

fn owner(owner: proto::contracts::v1::CommitmentOwner) -> &'static str {
    let found = words::OWNERS.iter().find(|(one, _)| *one == owner);
    found.map_or("qui s’engage n’est pas dit", |(_, text)| text)
}

/// How a step was done.
pub(super) struct Done {
    pub(super) title: String,
    pub(super) day: String,
    pub(super) who: String,
    pub(super) note: String,
    pub(super) pieces: Vec<Piece>,
}

/// What the follow-up of a contract says of its steps.
pub(super) struct Shown {
    pub(super) table: Table,
    pub(super) done: Vec<Done>,
}

/// The text as the amendments in effect make it today; as it was drafted where nothing is signed.
pub(super) async fn text_today(
    visitor: &Visitor,
    contract: &Contract,
) -> Result<ContractText, Failure> {
    let request = GetConsolidatedContractRequest {
        name: contract.name.clone(),
        as_of: String::new(),
    };
    let mut client = visitor.services.amendments();
    let signed = match client.get_consolidated_contract(within(request)).await {
        Ok(consolidated) => consolidated.into_inner().text,
        Err(status)
            if matches!(
                status.code(),
                Code::FailedPrecondition
                    | Code::InvalidArgument
                    | Code::NotFound
                    | Code::PermissionDenied
            ) =>
        {
            None
        }
        Err(status) => return Err(status.into()),
    };
    Ok(signed.or_else(|| contract.text.clone()).unwrap_or_default())
}

/// On which side the person tells of steps, if on any.
pub(super) fn teller(visitor: &Visitor) -> Option<Teller> {
    if visitor.is_establishment() {
        Some(Teller::Establishment)
    } else if visitor.keeps_contracts() {
        Some(Teller::Agency)
    } else {
        None
    }
}

/// The steps of a contract, with those of earlier texts that were done.
pub(super) fn shown(contract: &Contract, text: &ContractText, today: &str) -> Shown {
    let done = &contract.completed_steps;
    let mut table = Table::new(
        "etapes",
        "Étapes des engagements, par jour",
        &[
            "Pour le",
            "Engagement",
            "Étape",
            "Qui",
            "État",
            "Franchie le",
        ],
    );
    for one in step::steps(text, done) {
        table.push(row(&one, today));
    }
    let page = format!("/contrats/{}", id_of(&contract.name));
    Shown {
        table,
        done: done.iter().map(|one| told(one, &page)).collect(),
    }
}

/// Days compare as they are written.
fn row(one: &Step<'_>, today: &str) -> Vec<Cell> {
    let due = one.promised.due_date.as_str();
    let (state, day) = match one.done {
        Some(done) => (
            labels::badge("franchie", "fr-badge--success"),
            Cell::day(&done.done_date),
        ),
        None if due < today => (
            labels::badge("échéance passée", "fr-badge--error"),
            Cell::Empty,
        ),
        None => (labels::badge("à franchir", "fr-badge--new"), Cell::Empty),
    };
    vec![
        Cell::day(due),
        Cell::text(one.commitment),
        Cell::text(one.promised.title.as_str()),
        Cell::text(owner(one.owner)),
        Cell::Badge(state),
        day,
    ]
}

fn told(one: &CompletedStep, page: &str) -> Done {
    Done {
        title: format!("{} : {}", one.commitment, one.title),
        day: dates::from_wire(&one.done_date),
        who: labels::signed(one.recorded_by.as_ref(), one.record_time.as_ref()),
        note: one.note.clone(),
        pieces: one
            .attachments
            .iter()
            .map(|attachment| Piece::of(page, attachment))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::{
        Attachment, Commitment, CommitmentOwner, CommitmentStep, ContractContent,
    };

    use super::*;

    #[test]
    fn a_step_is_due_late_or_done_and_what_shows_it_can_be_had() {
        let step = |title: &str, day: &str| CommitmentStep {
            title: title.to_owned(),
            due_date: day.to_owned(),
        };
        let commitment = Commitment {
            code: "E1".to_owned(),
            owner: CommitmentOwner::Both.into(),
            steps: vec![
                step("Travaux", "2027-06-30"),
                step("Recrutement", "2027-01-31"),
                step("Ouverture", "2028-01-01"),
            ],
            ..Default::default()
        };
        let text = ContractText {
            content: Some(ContractContent {
                commitments: vec![commitment],
                ..Default::default()
            }),
            ..Default::default()
        };
        let done = CompletedStep {
            commitment: "E1".to_owned(),
            title: "Travaux".to_owned(),
            due_date: "2027-06-30".to_owned(),
            done_date: "2027-02-01".to_owned(),
            attachments: vec![Attachment {
                sha256: "0f".repeat(32),
                ..Default::default()
            }],
            ..Default::default()
        };
        let contract = Contract {
            name: "contracts/1".to_owned(),
            completed_steps: vec![done],
            ..Default::default()
        };
        let shown = shown(&contract, &text, "2027-03-01");
        let states: Vec<String> = shown.table.rows.iter().map(|row| row[4].shown()).collect();
        assert_eq!(states, ["échéance passée", "franchie", "à franchir"]);
        let path = format!("/contrats/1/pieces/{}", "0f".repeat(32));
        assert_eq!(shown.done[0].pieces[0].path, path);
        assert_eq!(promises(&text)[0].owner, "les deux parties");
    }
}
