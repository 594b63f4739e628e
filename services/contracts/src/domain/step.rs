//! A step of a commitment that is done: told by who owes it, before or after its day, and once. It has no legal effect by
//! itself (CSP L6114-1, D6114-8).

use kernel::{HumanActor, Region};
use time::{Date, OffsetDateTime};

use super::{
    Contract, ContractId, ContractText, Person, Refusal, Side, StepId,
    content::{Commitment, Owner, Step},
    follow_up,
    person::role,
    statement::Attachment,
    text::FieldDefect,
};

/// Who may tell it, of both sides.
pub const ROLES: &[&str] = &[
    role::CONTRACT_MANAGER,
    role::MANAGER,
    role::ESTABLISHMENT_DIRECTOR,
];
const METHOD: &str = "CompleteStep";

/// Which step, as the contract gives it. Another day, given by an amendment, makes another step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepKey {
    /// Code of the commitment.
    pub commitment: String,
    pub title: String,
    pub due_date: Date,
}

/// A step, and how it was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletedStep {
    pub id: StepId,
    pub contract: ContractId,
    pub region: Region,
    pub step: StepKey,
    pub done: Done,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// When and how, with what shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub date: Date,
    pub note: String,
    pub attachments: Vec<Attachment>,
}

impl StepKey {
    /// The key of a step of a commitment.
    pub fn of(commitment: &Commitment, step: &Step) -> Self {
        Self {
            commitment: commitment.code.clone(),
            title: step.title.clone(),
            due_date: step.due_date,
        }
    }
}

impl CompletedStep {
    /// Who owes a step of a contract that is or was in force tells that it is done. `text` is the contract as its
    /// amendments make it today.
    pub fn record(
        (id, step, done): (StepId, StepKey, Done),
        (contract, text): (&Contract, &ContractText),
        person: &Person,
        (today, at): (Date, OffsetDateTime),
    ) -> Result<Self, Refusal> {
        let side = Side::of_role(person.entitled(METHOD, ROLES)?);
        contract.check_side(side, person)?;
        follow_up::followed(METHOD, contract)?;
        let commitment = commitment(text, &step)?;
        if !owes(side, commitment.owner) {
            return Err(Refusal::NotYourCommitment {
                commitment: commitment.code.clone(),
            });
        }
        if done.date > today {
            let explanation = format!("must not be after today, {today}");
            let defect = FieldDefect::new("done_date", explanation);
            return Err(Refusal::DateOutOfRange(defect));
        }
        Ok(Self {
            id,
            contract: contract.id,
            region: contract.region,
            step,
            done,
            by: person.human().clone(),
            at,
        })
    }
}

fn owes(side: Side, owner: Owner) -> bool {
    match owner {
        Owner::Ars => side == Side::Ars,
        Owner::Establishment => side == Side::Establishment,
        Owner::Both => matches!(side, Side::Ars | Side::Establishment),
    }
}

/// The commitment of a step that the text has.
fn commitment<'a>(text: &'a ContractText, step: &StepKey) -> Result<&'a Commitment, Refusal> {
    let unknown = |what, code: &str| Refusal::UnknownElement {
        what,
        code: code.to_owned(),
    };
    let commitments = &text.content.commitments;
    let commitment = commitments
        .iter()
        .find(|commitment| commitment.code == step.commitment)
        .ok_or_else(|| unknown("commitment", &step.commitment))?;
    let mut steps = commitment.steps.iter();
    if steps.any(|one| one.title == step.title && one.due_date == step.due_date) {
        Ok(commitment)
    } else {
        Err(unknown("step on that day", &step.title))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;
    use uuid::Uuid;

    use super::*;
    use crate::domain::fixtures::{self, NOW, in_force};

    fn key() -> StepKey {
        StepKey {
            commitment: "E1".into(),
            title: "Ouverture".into(),
            due_date: date!(2028 - 01 - 01),
        }
    }

    fn text(owner: Owner) -> ContractText {
        let mut parts = fixtures::text(1, date!(2031 - 03 - 31)).into_parts();
        parts.content.commitments = vec![Commitment {
            code: "E1".into(),
            objective: String::new(),
            owner,
            text: "Ouvrir l’unité".into(),
            steps: vec![Step {
                title: "Ouverture".into(),
                due_date: date!(2028 - 01 - 01),
            }],
            indicators: Vec::new(),
            competence: None,
        }];
        ContractText::new(parts).unwrap()
    }

    fn recorded(
        owner: Owner,
        who: &'static str,
        step: StepKey,
        day: Date,
    ) -> Result<CompletedStep, &'static str> {
        let done = Done {
            date: day,
            note: "PV de réception".into(),
            attachments: Vec::new(),
        };
        CompletedStep::record(
            (StepId(Uuid::from_u128(1)), step, done),
            (&in_force(), &text(owner)),
            &fixtures::person("x", who),
            (date!(2027 - 05 - 01), NOW),
        )
        .map_err(|refusal| refusal.reason())
    }

    #[test]
    fn who_owes_a_step_tells_that_it_is_done_and_nobody_else() {
        let day = date!(2027 - 04 - 30);
        let told = |owner, who| recorded(owner, who, key(), day).map(|done| done.done.date);
        let theirs = role::ESTABLISHMENT_DIRECTOR;
        let agency = role::CONTRACT_MANAGER;
        assert_eq!(told(Owner::Establishment, theirs), Ok(day));
        assert_eq!(told(Owner::Ars, agency), Ok(day));
        assert_eq!(told(Owner::Both, theirs), Ok(day));
        assert_eq!(told(Owner::Both, agency), Ok(day));
        let not_yours = Err("NOT_YOUR_COMMITMENT");
        assert_eq!(told(Owner::Establishment, agency), not_yours);
        assert_eq!(told(Owner::Ars, theirs), not_yours);
        let nobody = Err("ROLE_NOT_ENTITLED");
        assert_eq!(told(Owner::Ars, role::DIRECTOR_GENERAL), nobody);
    }

    #[test]
    fn only_a_step_of_the_text_is_done_and_not_in_the_future() {
        let theirs = role::ESTABLISHMENT_DIRECTOR;
        let today = date!(2027 - 05 - 01);
        let told = |step, day| recorded(Owner::Establishment, theirs, step, day).map(drop);
        assert_eq!(told(key(), today), Ok(()));
        let tomorrow = today.next_day().unwrap();
        assert_eq!(told(key(), tomorrow), Err("DATE_OUT_OF_RANGE"));
        let moved = StepKey {
            due_date: date!(2028 - 01 - 02),
            ..key()
        };
        assert_eq!(told(moved, today), Err("UNKNOWN_ELEMENT"));
        let other = StepKey {
            commitment: "E2".into(),
            ..key()
        };
        assert_eq!(told(other, today), Err("UNKNOWN_ELEMENT"));
    }
}
