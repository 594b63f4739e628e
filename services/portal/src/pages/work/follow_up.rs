//! The evaluations and meetings that wait: a report to send, a conclusion, minutes, what a meeting decided; and what follows
//! from a review or a procedure once it is concluded or decided.

use futures::future::try_join_all;
use proto::contracts::v1::{Deadline, ListDeadlinesRequest};
use time::Duration;

use super::{Task, follows, follows_controls, has};
use crate::{
    Failure,
    pages::deadlines,
    services::within,
    store::Person,
    text::{dates, labels, labels::badge},
    visitor::Visitor,
};

/// Most of one kind: the list of deadlines has the others.
const MOST: i32 = 50;
/// What is further away waits for nobody yet.
const HORIZON: Duration = Duration::days(90);

/// A kind of deadline that is something to do.
struct Kind {
    code: &'static str,
    state: &'static str,
    /// Whether it waits already, however far its last day.
    is_ripe: bool,
    /// Whether it follows from a control, which no council takes part in.
    is_of_control: bool,
    /// Said to who acts, and to the others.
    own: &'static str,
    other: &'static str,
}

const KINDS: [Kind; 8] = [
    Kind {
        code: "EVALUATION_REPORT",
        state: "rapport attendu",
        is_ripe: false,
        is_of_control: false,
        own: "Le rapport de votre établissement est attendu.",
        other: "Le rapport de l’établissement est attendu.",
    },
    Kind {
        code: "EVALUATION_CONCLUSION",
        state: "à conclure",
        is_ripe: true,
        is_of_control: false,
        own: "Le rapport est reçu : l’évaluation reste à conclure, objectif par objectif.",
        other: "Le rapport est reçu : l’évaluation reste à conclure.",
    },
    Kind {
        code: "MEETING_MINUTES",
        state: "réunion prévue",
        is_ripe: false,
        is_of_control: false,
        own: "La réunion est à tenir, et son compte rendu à enregistrer.",
        other: "La réunion est prévue ; son compte rendu sera enregistré ensuite.",
    },
    Kind {
        code: "MEETING_DECISION",
        state: "décision à exécuter",
        is_ripe: false,
        is_of_control: false,
        own: "Une décision de la réunion n’est pas encore notée comme faite.",
        other: "Une décision de la réunion n’est pas encore notée comme faite.",
    },
    Kind {
        code: "REVIEW_MILESTONE",
        state: "plan d’action",
        is_ripe: false,
        is_of_control: true,
        own: "Une étape de votre plan d’action reste à franchir.",
        other: "Une étape du plan d’action n’est pas encore franchie.",
    },
    Kind {
        code: "FILE_ACCESS",
        state: "dossier demandé",
        is_ripe: true,
        is_of_control: true,
        own: "L’établissement a demandé son dossier : il reste à le lui communiquer.",
        other: "Le dossier demandé n’est pas encore communiqué.",
    },
    Kind {
        code: "DEFENCE_ANSWER",
        state: "ministre consulté",
        is_ripe: true,
        is_of_control: true,
        own: "La réponse du ministre de la défense est attendue avant toute résiliation.",
        other: "La réponse du ministre de la défense n’est pas encore enregistrée.",
    },
    Kind {
        code: "PENALTY_PAYMENT",
        state: "pénalité à payer",
        is_ripe: true,
        is_of_control: true,
        own: "La pénalité notifiée reste à payer.",
        other: "La pénalité notifiée n’est pas encore payée en entier.",
    },
];

/// What waits for an answer of the director general.
const ANSWERS: [Kind; 2] = [
    Kind {
        code: "RENEWAL_ANSWER",
        state: "renouvellement demandé",
        is_ripe: true,
        is_of_control: false,
        own: "La demande de renouvellement attend votre réponse, que le silence accorde.",
        other: "La demande de renouvellement attend la réponse de l’agence, que le silence accorde.",
    },
    Kind {
        code: "WITHDRAWAL_TERMS",
        state: "retrait notifié",
        is_ripe: true,
        is_of_control: false,
        own: "Un membre du groupement se retire : les modalités de son retrait restent à fixer.",
        other: "Un membre du groupement se retire : l’agence en fixe les modalités.",
    },
];

/// What waits for this person, and for the others on the same contracts.
pub(super) async fn tasks(visitor: &Visitor) -> Result<(Vec<Task>, bool), Failure> {
    let person = visitor.person();
    let is_followed = |kind: &&Kind| {
        if kind.is_of_control {
            follows_controls(person)
        } else {
            follows(person)
        }
    };
    let is_answered = follows_controls(person) || has(person, "director_general");
    let answers = ANSWERS.iter().filter(|_| is_answered);
    let asked = KINDS.iter().filter(is_followed).chain(answers);
    let asked = asked.map(|kind| waiting(visitor, kind));
    let listed = try_join_all(asked).await?;
    let is_cut = listed.iter().any(|(_, is_cut)| *is_cut);
    let tasks = listed.into_iter().flat_map(|(tasks, _)| tasks);
    Ok((tasks.collect(), is_cut))
}

async fn waiting(visitor: &Visitor, kind: &Kind) -> Result<(Vec<Task>, bool), Failure> {
    let until = visitor.portal.clock.now().date().saturating_add(HORIZON);
    let request = ListDeadlinesRequest {
        kind: kind.code.to_owned(),
        due_before: if kind.is_ripe {
            String::new()
        } else {
            until.to_string()
        },
        page_size: MOST,
        ..Default::default()
    };
    let mut client = visitor.services.deadlines();
    let page = client.list_deadlines(within(request)).await?.into_inner();
    let person = visitor.person();
    let tasks = page.deadlines.iter().map(|one| task(person, kind, one));
    Ok((tasks.collect(), !page.next_page_token.is_empty()))
}

fn task(person: &Person, kind: &Kind, deadline: &Deadline) -> Task {
    // A manager does what a contract manager does.
    let is_own = has(person, &deadline.role)
        || (deadline.role == "contract_manager" && has(person, "manager"));
    Task {
        title: format!("{} — {}", deadline.contract_number, deadline.title),
        path: deadlines::path(deadline),
        badge: badge(kind.state, "fr-badge--new"),
        why: if is_own { kind.own } else { kind.other }.to_owned(),
        due: dates::parse(&deadline.due_date),
        is_late: deadline.overdue,
        who: (!is_own).then(|| labels::side(deadline.side()).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::Side;
    use time::macros::date;

    use super::*;
    use crate::pages::work::tests::somebody;

    #[test]
    fn what_is_due_is_told_to_who_acts_and_to_the_other_side() {
        let mut deadline = Deadline {
            subject: "evaluations/4".to_owned(),
            contract_number: "93-2026-0042".to_owned(),
            role: "contract_manager".to_owned(),
            title: "Conclure l’évaluation du contrat".to_owned(),
            due_date: "2026-12-31".to_owned(),
            ..Default::default()
        };
        deadline.set_side(Side::Ars);
        for role in ["contract_manager", "manager"] {
            let own = task(&somebody(role), &KINDS[1], &deadline);
            assert!(own.who.is_none() && own.why.contains("objectif par objectif"));
            assert_eq!(
                (own.path.as_str(), own.due),
                ("/evaluations/4", Some(date!(2026 - 12 - 31)))
            );
        }
        for role in ["establishment_director", "department_president"] {
            let other = task(&somebody(role), &KINDS[1], &deadline);
            assert_eq!(other.who.as_deref(), Some("l’agence"));
        }
    }

    #[test]
    fn a_renewal_waits_for_the_director_general_and_is_told_to_who_asked() {
        let mut deadline = Deadline {
            subject: "renewals/6".to_owned(),
            contract: "contracts/1".to_owned(),
            role: "director_general".to_owned(),
            due_date: "2026-12-31".to_owned(),
            ..Default::default()
        };
        deadline.set_side(Side::Ars);
        let own = task(&somebody("director_general"), &ANSWERS[0], &deadline);
        assert!(own.who.is_none() && own.why.contains("votre réponse"));
        assert_eq!(own.path, "/contrats/1#terme");
        let other = task(&somebody("establishment_director"), &ANSWERS[0], &deadline);
        assert_eq!(other.who.as_deref(), Some("l’agence"));
    }
}
