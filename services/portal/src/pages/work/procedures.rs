//! The procedures that wait: to be opened, answered, decided, notified. The director general acts on them, and the
//! establishment answers.

use futures::future::try_join_all;
use proto::contracts::v1::{ListProceduresRequest, Procedure, ProcedureState, Side};
use time::Date;

use super::{Task, follows_controls, has, page_size};
use crate::{
    Failure,
    pages::{id_of, region_name},
    services::within,
    store::Person,
    text::{dates, follow_up as words, labels},
    visitor::Visitor,
};

const WHO_DECIDES: &str = "le directeur général";

/// The states of the procedures that wait for a person, or that a person follows.
fn states(person: &Person) -> &'static [ProcedureState] {
    if has(person, "establishment_director") {
        &[ProcedureState::Opened, ProcedureState::UnderNotice]
    } else if has(person, "director_general") || follows_controls(person) {
        &[
            ProcedureState::Proposed,
            ProcedureState::Opened,
            ProcedureState::UnderNotice,
            ProcedureState::Decided,
        ]
    } else {
        &[]
    }
}

/// What waits for this person, and for the others on the same contracts: a call for each state.
pub(super) async fn tasks(visitor: &Visitor) -> Result<(Vec<Task>, bool), Failure> {
    let states = states(visitor.person()).iter();
    let listed = try_join_all(states.map(|state| waiting(visitor, *state))).await?;
    let is_cut = listed.iter().any(|(_, is_cut)| *is_cut);
    let tasks = listed.into_iter().flat_map(|(tasks, _)| tasks);
    Ok((tasks.collect(), is_cut))
}

async fn waiting(visitor: &Visitor, state: ProcedureState) -> Result<(Vec<Task>, bool), Failure> {
    let person = visitor.person();
    let acts = has(person, "director_general") || has(person, "establishment_director");
    let request = ListProceduresRequest {
        state: state.into(),
        page_size: page_size(acts),
        ..Default::default()
    };
    let mut client = visitor.services.procedures();
    let page = client.list_procedures(within(request)).await?.into_inner();
    let today = visitor.portal.clock.now().date();
    let tasks = page.procedures.iter();
    let tasks = tasks.filter_map(|one| task(person, one, today));
    Ok((tasks.collect(), !page.next_page_token.is_empty()))
}

/// What a procedure waits for, and who acts where it is not who reads.
struct Wait {
    who: Option<&'static str>,
    why: String,
}

/// None for what ended, and for what the establishment has no part in yet.
fn task(person: &Person, procedure: &Procedure, today: Date) -> Option<Task> {
    let state = procedure.state();
    let notice = procedure.notice.as_ref();
    let due = notice.and_then(|notice| dates::parse(&notice.due_date));
    let due = due.filter(|_| state == ProcedureState::UnderNotice);
    let is_over = due.is_some_and(|due| due < today);
    let is_establishment = has(person, "establishment_director");
    let wait = if is_establishment {
        answered(procedure)?
    } else {
        followed(person, procedure, (due, is_over))?
    };
    Some(Task {
        title: format!(
            "{} — {}",
            words::procedure(procedure.kind()),
            region_name(&procedure.region)
        ),
        path: format!("/procedures/{}", id_of(&procedure.name)),
        badge: words::procedure_state(state),
        why: wait.why,
        is_late: is_over && is_establishment && wait.who.is_none(),
        due,
        who: wait.who.map(ToOwned::to_owned),
    })
}

/// For the establishment, which reads a procedure once it is opened, and answers it once it is given notice.
fn answered(procedure: &Procedure) -> Option<Wait> {
    let of_agency = Some(labels::side(Side::Ars));
    let (who, why) = match procedure.state() {
        ProcedureState::Opened => (
            of_agency,
            "Une procédure est ouverte : vous serez mis en demeure, puis entendu. Rien n’est décidé.",
        ),
        ProcedureState::UnderNotice if procedure.observations.is_empty() => {
            (None, "Votre réponse à la mise en demeure est attendue.")
        }
        ProcedureState::UnderNotice => (
            of_agency,
            "Votre réponse est reçue : elle est lue avant toute décision.",
        ),
        _ => return None,
    };
    Some(Wait {
        who,
        why: why.to_owned(),
    })
}

/// For the agency. Before the end of its delay the establishment may still answer, whatever it said already.
fn followed(
    person: &Person,
    procedure: &Procedure,
    (due, is_over): (Option<Date>, bool),
) -> Option<Wait> {
    let decides = has(person, "director_general");
    let waits = |own: &str, other: &str| {
        let why = if decides { own } else { other }.to_owned();
        let who = (!decides).then_some(WHO_DECIDES);
        Wait { who, why }
    };
    let same = |why: &str| waits(why, why);
    Some(match procedure.state() {
        ProcedureState::Proposed => {
            let proposer = labels::actor(procedure.proposer.as_ref());
            waits(
                &format!("Proposée par {proposer}. Elle est sans effet tant que vous ne l’ouvrez pas."),
                &format!("Proposée par {proposer}. Elle est sans effet tant qu’elle n’est pas ouverte."),
            )
        }
        ProcedureState::Opened => same("Elle est ouverte : la mise en demeure reste à envoyer."),
        // Who follows it records the proof, and the director general waits for it.
        ProcedureState::UnderNotice if due.is_none() => Wait {
            who: None,
            why: if decides {
                "La réception de la mise en demeure n’est pas prouvée : aucun délai ne court."
            } else {
                "La réception de la mise en demeure n’est pas prouvée : aucun délai ne court avant que sa preuve soit enregistrée."
            }
            .to_owned(),
        },
        ProcedureState::UnderNotice if is_over => waits(
            "Le délai de réponse est passé : le dossier attend votre lecture, puis votre décision.",
            "Le délai de réponse est passé : le dossier attend d’être lu, puis une décision.",
        ),
        ProcedureState::UnderNotice => {
            let why = "L’établissement peut encore répondre : aucune décision n’est possible avant le terme.";
            Wait {
                who: (!decides).then_some(labels::side(Side::Establishment)),
                why: why.to_owned(),
            }
        }
        ProcedureState::Decided => same("La décision est prise : elle reste à notifier."),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::{FormalNotice, Observations};
    use time::macros::date;

    use super::*;
    use crate::pages::work::tests::somebody;

    const TODAY: Date = date!(2026 - 11 - 22);
    const LATER: Date = date!(2026 - 12 - 02);

    fn under_notice() -> Procedure {
        let mut procedure = Procedure {
            notice: Some(FormalNotice {
                due_date: "2026-12-01".to_owned(),
                ..Default::default()
            }),
            ..Default::default()
        };
        procedure.set_state(ProcedureState::UnderNotice);
        procedure
    }

    #[test]
    fn a_procedure_waits_for_whoever_has_to_act_and_for_nobody_once_it_ended() {
        let (general, holder) = (
            somebody("director_general"),
            somebody("establishment_director"),
        );
        let mut procedure = under_notice();
        let told = task(&general, &procedure, TODAY).unwrap();
        assert!(told.why.contains("aucune décision"), "{}", told.why);
        let answers = task(&holder, &procedure, TODAY).unwrap();
        assert_eq!(answers.due, Some(date!(2026 - 12 - 01)));
        assert!(!answers.is_late && answers.who.is_none());
        let late = task(&holder, &procedure, LATER).unwrap();
        assert!(late.is_late);
        let decides = task(&general, &procedure, LATER).unwrap();
        assert!(decides.why.contains("votre décision") && !decides.is_late);
        procedure.set_state(ProcedureState::Dropped);
        assert!(task(&general, &procedure, TODAY).is_none());
        procedure.set_state(ProcedureState::Proposed);
        assert!(task(&holder, &procedure, TODAY).is_none());
        procedure = Procedure::default();
        procedure.set_state(ProcedureState::Opened);
        let told = task(&holder, &procedure, TODAY).unwrap();
        assert!(told.why.contains("Rien n’est décidé") && told.due.is_none());
        assert_eq!(told.who.as_deref(), Some("l’agence"));
        assert_eq!(states(&holder).len(), 2);
    }

    #[test]
    fn who_follows_a_procedure_is_told_who_acts() {
        let manager = somebody("manager");
        let mut procedure = under_notice();
        let who =
            |procedure: &Procedure, today: Date| task(&manager, procedure, today).unwrap().who;
        assert_eq!(who(&procedure, TODAY).as_deref(), Some("l’établissement"));
        assert_eq!(who(&procedure, LATER).as_deref(), Some(WHO_DECIDES));
        procedure.observations = vec![Observations::default()];
        let holder = task(&somebody("establishment_director"), &procedure, TODAY).unwrap();
        assert_eq!(holder.who.as_deref(), Some("l’agence"));
        procedure.set_state(ProcedureState::Decided);
        assert_eq!(who(&procedure, LATER).as_deref(), Some(WHO_DECIDES));
        procedure.set_state(ProcedureState::UnderNotice);
        procedure.notice = None;
        // The proof of its receipt is recorded by who follows it.
        assert_eq!(who(&procedure, TODAY), None);
    }

    #[test]
    fn a_council_and_a_controller_follow_no_procedure() {
        for role in ["department_president", "controller", "auditor"] {
            assert!(states(&somebody(role)).is_empty(), "{role}");
        }
        assert_eq!(states(&somebody("contract_manager")).len(), 4);
    }
}
