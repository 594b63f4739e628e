//! The reviews that wait: to be notified, answered, examined, concluded.

use futures::future::try_join_all;
use proto::contracts::v1::{ListReviewsRequest, Review, ReviewState, Side};
use time::Date;

use super::{Task, follows_controls, has, page_size};
use crate::{
    Failure,
    pages::id_of,
    services::within,
    store::Person,
    text::{counted, dates, labels},
    visitor::Visitor,
};

/// Who acts at the agency, in words.
const WHO_NOTIFY: &str = "le contrôleur, l’instructeur ou le responsable de l’agence";
const WHO_EXAMINE: &str = "l’instructeur";
const WHO_CONCLUDE: &str = "le responsable de l’agence";

/// Whether a person acts on reviews of a state.
fn acts(person: &Person, state: ReviewState) -> bool {
    let roles: &[&str] = match state {
        ReviewState::Open => &["controller", "manager", "reviewer"],
        ReviewState::Notified => &["reviewer", "establishment_director"],
        ReviewState::Examined => &["manager"],
        _ => &[],
    };
    roles.iter().any(|role| has(person, role))
}

/// Whether a person follows those of a state. The establishment knows of a review once it is notified.
fn follows(person: &Person, state: ReviewState) -> bool {
    let is_known = state != ReviewState::Open || !has(person, "establishment_director");
    is_known && follows_controls(person)
}

/// What waits for this person, and for the others on the same contracts: a call for each state.
pub(super) async fn tasks(visitor: &Visitor) -> Result<(Vec<Task>, bool), Failure> {
    let person = visitor.person();
    let states = [
        ReviewState::Open,
        ReviewState::Notified,
        ReviewState::Examined,
    ];
    let asked = states
        .into_iter()
        .filter(|state| acts(person, *state) || follows(person, *state))
        .map(|state| waiting(visitor, state));
    let listed = try_join_all(asked).await?;
    let is_cut = listed.iter().any(|(_, is_cut)| *is_cut);
    let tasks = listed.into_iter().flat_map(|(tasks, _)| tasks);
    Ok((tasks.collect(), is_cut))
}

async fn waiting(visitor: &Visitor, state: ReviewState) -> Result<(Vec<Task>, bool), Failure> {
    let person = visitor.person();
    let request = ListReviewsRequest {
        state: state.into(),
        page_size: page_size(acts(person, state)),
        ..Default::default()
    };
    let mut client = visitor.services.reviews();
    let page = client.list_reviews(within(request)).await?.into_inner();
    let today = visitor.portal.clock.now().date();
    let tasks = page.reviews.iter();
    let tasks = tasks.filter_map(|one| task(person, one, today));
    Ok((tasks.collect(), !page.next_page_token.is_empty()))
}

/// What a review waits for: its last day where there is one, and who acts where it is not who reads.
struct Wait {
    who: Option<&'static str>,
    why: &'static str,
    due: Option<Date>,
}

fn task(person: &Person, review: &Review, today: Date) -> Option<Task> {
    let wait = wait(person, review, today)?;
    let findings = counted(
        i64::try_from(review.findings.len()).unwrap_or(0),
        "constat joint.",
        "constats joints.",
    );
    Some(Task {
        title: format!("Revue {}, contrat {}", review.year, review.contract_number),
        path: format!("/revues/{}", id_of(&review.name)),
        badge: labels::review_state(review.state()),
        why: format!("{} {findings}", wait.why),
        is_late: wait.due.is_some_and(|due| due < today),
        due: wait.due,
        who: wait.who.map(ToOwned::to_owned),
    })
}

/// None for what is concluded, and what the establishment was not told of yet.
fn wait(person: &Person, review: &Review, today: Date) -> Option<Wait> {
    let is_establishment = has(person, "establishment_director");
    let is_own = acts(person, review.state());
    let other = |who: &'static str| (!is_own).then_some(who);
    // The agency says to the establishment who acts as one.
    let of_agency = |who: &'static str| {
        let who = if is_establishment {
            labels::side(Side::Ars)
        } else {
            who
        };
        other(who)
    };
    Some(match review.state() {
        ReviewState::Open if is_establishment => return None,
        ReviewState::Open => Wait {
            who: other(WHO_NOTIFY),
            why: "Des constats attendent d’être portés à la connaissance de l’établissement.",
            due: None,
        },
        ReviewState::Notified => notified(person, review, today),
        ReviewState::Examined => Wait {
            who: of_agency(WHO_CONCLUDE),
            why: "L’examen est fait : une personne doit conclure.",
            due: None,
        },
        _ => return None,
    })
}

/// It waits for the answer, and for who examines it once the answer came or its delay is over.
fn notified(person: &Person, review: &Review, today: Date) -> Wait {
    let due = dates::parse(&review.observations_due_date);
    let is_answered = !review.observations.is_empty();
    if has(person, "establishment_director") {
        return if is_answered {
            Wait {
                who: Some(labels::side(Side::Ars)),
                why: "Vos observations sont reçues : le dossier est à examiner.",
                due: None,
            }
        } else {
            Wait {
                who: None,
                why: "Vos observations sont attendues sur les constats de cette année.",
                due,
            }
        };
    }
    let is_own = acts(person, ReviewState::Notified);
    let is_over = due.is_some_and(|due| due < today);
    match (is_own, is_answered) {
        (true, true) => Wait {
            who: None,
            why: "L’établissement a répondu : le dossier peut être examiné.",
            due,
        },
        (true, false) => Wait {
            who: None,
            why: "L’établissement n’a pas encore répondu ; l’examen peut être préparé.",
            due,
        },
        (false, true) => Wait {
            who: Some(WHO_EXAMINE),
            why: "L’établissement a répondu : le dossier est à examiner.",
            due: None,
        },
        (false, false) if is_over => Wait {
            who: Some(WHO_EXAMINE),
            why: "Le délai de réponse est passé : le dossier est à examiner.",
            due: None,
        },
        (false, false) => Wait {
            who: Some(labels::side(Side::Establishment)),
            why: "L’établissement n’a pas encore répondu.",
            due,
        },
    }
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::Observations;
    use time::macros::date;

    use super::*;
    use crate::pages::work::tests::somebody;

    const TODAY: Date = date!(2026 - 11 - 23);

    fn review(state: ReviewState) -> Review {
        let mut review = Review {
            name: "reviews/4".to_owned(),
            observations_due_date: "2026-12-01".to_owned(),
            ..Default::default()
        };
        review.set_state(state);
        review
    }

    /// Who acts, for somebody of a role: none for nobody, and an empty word for who reads.
    fn who(role: &str, review: &Review, today: Date) -> Option<String> {
        task(&somebody(role), review, today).map(|task| task.who.unwrap_or_default())
    }

    #[test]
    fn a_review_waits_for_whoever_has_to_act_at_its_step() {
        let open = review(ReviewState::Open);
        for role in ["controller", "reviewer", "manager"] {
            assert_eq!(who(role, &open, TODAY).as_deref(), Some(""));
        }
        assert_eq!(
            who("contract_manager", &open, TODAY).as_deref(),
            Some(WHO_NOTIFY)
        );
        assert_eq!(who("establishment_director", &open, TODAY), None);
        let examined = review(ReviewState::Examined);
        assert_eq!(who("manager", &examined, TODAY).as_deref(), Some(""));
        assert_eq!(
            who("contract_manager", &examined, TODAY).as_deref(),
            Some(WHO_CONCLUDE)
        );
        assert_eq!(
            who("establishment_director", &examined, TODAY).as_deref(),
            Some("l’agence")
        );
        let concluded = review(ReviewState::Concluded);
        assert_eq!(who("manager", &concluded, TODAY), None);
    }

    #[test]
    fn an_answer_or_the_end_of_its_delay_passes_a_review_on() {
        let mut notified = review(ReviewState::Notified);
        let manager = "contract_manager";
        assert_eq!(
            who(manager, &notified, TODAY).as_deref(),
            Some("l’établissement")
        );
        let after = date!(2026 - 12 - 02);
        assert_eq!(who(manager, &notified, after).as_deref(), Some(WHO_EXAMINE));
        let late = task(&somebody("establishment_director"), &notified, after).unwrap();
        assert!(late.who.is_none() && late.is_late);
        notified.observations = vec![Observations::default()];
        assert_eq!(who(manager, &notified, TODAY).as_deref(), Some(WHO_EXAMINE));
        let director = task(&somebody("establishment_director"), &notified, after).unwrap();
        assert_eq!(director.who.as_deref(), Some("l’agence"));
        assert!(director.due.is_none() && !director.is_late);
        assert_eq!(who("reviewer", &notified, TODAY).as_deref(), Some(""));
    }
}
