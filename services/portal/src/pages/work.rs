//! « À faire »: what waits for this person, why, and until when; then what others have to do on the same
//! contracts.

mod amendments;
mod follow_up;

use askama::Template;
use axum::response::Response;
use proto::{
    contracts::v1::{
        Contract, ContractState, ListContractsRequest, ListProceduresRequest, ListReviewsRequest,
        Procedure, ProcedureState, Review, ReviewState, Side,
    },
    controls::v1::{CampaignState, ListCampaignsRequest},
};
use time::Date;

use self::amendments::{PRESIDENT, has_to_sign};
use super::{html, id_of, region_name};
use crate::{
    Failure,
    frame::{Frame, Section},
    services::every,
    store::Person,
    text::{dates, follow_up as words, labels, labels::Badge},
    visitor::Visitor,
};

/// One thing to do.
struct Task {
    title: String,
    path: String,
    badge: Badge,
    why: String,
    /// Last day, where there is one.
    due: Option<Date>,
    is_late: bool,
    /// Who acts, where it is not the person who reads.
    who: Option<String>,
}

impl Task {
    fn due_in_words(&self) -> String {
        self.due.map(dates::day).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "work.html")]
struct Page {
    frame: Frame,
    first_name: String,
    tasks: Vec<Task>,
    /// What waits for others, on the same contracts.
    others: Vec<Task>,
    is_cut: bool,
    /// Whether the person reads what the registry changed under contracts.
    keeps: bool,
}

/// Most of one kind that is looked at: nobody reads further down.
const MOST: usize = 200;

/// `/travail`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(tasks_page(&visitor).await).await
}

async fn tasks_page(visitor: &Visitor) -> Result<Response, Failure> {
    let (contracts, amendments, followed, reviews, others) = tokio::try_join!(
        contract_tasks(visitor),
        amendments::tasks(visitor),
        follow_up::tasks(visitor),
        review_tasks(visitor),
        other_tasks(visitor)
    )?;
    let is_cut = contracts.1 || amendments.1 || followed.1 || reviews.1;
    let mut tasks: Vec<Task> = reviews
        .0
        .into_iter()
        .chain(others)
        .chain(contracts.0)
        .chain(amendments.0)
        .chain(followed.0)
        .collect();
    // What has a last day comes first, the nearest before the others.
    tasks.sort_by_key(|task| (task.due.is_none(), task.due));
    let (tasks, others) = tasks.into_iter().partition(|task| task.who.is_none());
    html(&Page {
        frame: visitor.frame("À faire", Section::Work),
        first_name: visitor.person().name.clone(),
        tasks,
        others,
        is_cut,
        keeps: visitor.is("contract_manager") || visitor.is("manager"),
    })
}

/// Whether this person follows what others do on their contracts: whoever negotiates them, and the councils that sign them.
fn follows(person: &Person) -> bool {
    const FOLLOWING: [&str; 5] = [
        "contract_manager",
        "manager",
        "establishment_director",
        PRESIDENT,
        "department_manager",
    ];
    person
        .roles
        .iter()
        .any(|own| FOLLOWING.contains(&own.as_str()))
}

/// The states in which a contract may wait for this person.
fn awaited_states(visitor: &Visitor) -> Vec<ContractState> {
    let mut states = Vec::new();
    if visitor.is("contract_manager") {
        states.extend([
            ContractState::Draft,
            ContractState::Negotiation,
            ContractState::Consultation,
        ]);
    }
    if visitor.is("manager") {
        states.extend([ContractState::Negotiation, ContractState::Consultation]);
    }
    if visitor.is("director_general") || visitor.is(PRESIDENT) {
        states.extend([ContractState::ReadyToSign, ContractState::PartiallySigned]);
    }
    if visitor.is_establishment() {
        states.extend([
            ContractState::Negotiation,
            ContractState::ReadyToSign,
            ContractState::PartiallySigned,
        ]);
    }
    states.sort_by_key(|state| i32::from(*state));
    states.dedup();
    states
}

async fn contract_tasks(visitor: &Visitor) -> Result<(Vec<Task>, bool), Failure> {
    let (mut tasks, mut is_cut) = (Vec::new(), false);
    for state in awaited_states(visitor) {
        let request = ListContractsRequest {
            state: state.into(),
            ..Default::default()
        };
        let (contracts, more) = every!(
            visitor.services.contracts(),
            list_contracts,
            request,
            contracts,
            MOST
        )?;
        is_cut |= more;
        tasks.extend(contracts.iter().filter_map(|c| contract_task(visitor, c)));
    }
    Ok((tasks, is_cut))
}

/// What this person has to do on a contract, or waits for, if anything.
fn contract_task(visitor: &Visitor, contract: &Contract) -> Option<Task> {
    let (own_side, other_side) = if visitor.is_establishment() {
        (Side::Establishment, Side::Ars)
    } else {
        (Side::Ars, Side::Establishment)
    };
    let has_agreed = contract.agreed_by().any(|side| side == own_side);
    let (required, signatures) = (&contract.required_signatories, &contract.signatures);
    let has_to_sign = has_to_sign(visitor.person(), required, signatures);
    let mut who = None;
    let why = match contract.state() {
        ContractState::Draft => "Le projet attend l’ouverture de la négociation.".to_owned(),
        ContractState::Negotiation if has_agreed => {
            who = Some(labels::side(other_side).to_owned());
            format!(
                "Votre partie a donné son accord à la version {} : elle attend celui de l’autre.",
                contract.text_version
            )
        }
        ContractState::Negotiation => format!(
            "La version {} attend l’accord de votre partie.",
            contract.text_version
        ),
        ContractState::Consultation => {
            let asked = contract
                .text
                .as_ref()
                .map_or(0, |text| text.consultations.len());
            let missing = asked.saturating_sub(contract.opinions.len());
            if missing == 0 {
                "Tous les avis sont rendus : le texte peut être figé.".to_owned()
            } else {
                format!("Avis d’instances encore attendus : {missing}.")
            }
        }
        ContractState::ReadyToSign | ContractState::PartiallySigned if has_to_sign => {
            "Le document figé attend votre signature.".to_owned()
        }
        ContractState::ReadyToSign | ContractState::PartiallySigned
            if follows(visitor.person()) =>
        {
            who = Some(amendments::unsigned(required, signatures));
            "Le document figé attend d’autres signatures.".to_owned()
        }
        _ => return None,
    };
    let title = contract
        .text
        .as_ref()
        .map_or("", |text| text.title.as_str());
    Some(Task {
        title: format!("{} — {title}", contract.number),
        path: format!("/contrats/{}", id_of(&contract.name)),
        badge: labels::contract_state(contract.state()),
        why,
        due: None,
        is_late: false,
        who,
    })
}

async fn review_tasks(visitor: &Visitor) -> Result<(Vec<Task>, bool), Failure> {
    let mut states = Vec::new();
    if ["controller", "manager", "reviewer"]
        .iter()
        .any(|role| visitor.is(role))
    {
        states.push(ReviewState::Open);
    }
    if visitor.is("reviewer") || visitor.is_establishment() {
        states.push(ReviewState::Notified);
    }
    if visitor.is("manager") {
        states.push(ReviewState::Examined);
    }
    let (mut tasks, mut is_cut) = (Vec::new(), false);
    for state in states {
        let request = ListReviewsRequest {
            state: state.into(),
            ..Default::default()
        };
        let (reviews, more) = every!(
            visitor.services.reviews(),
            list_reviews,
            request,
            reviews,
            MOST
        )?;
        is_cut |= more;
        tasks.extend(reviews.iter().filter_map(|r| review_task(visitor, r)));
    }
    Ok((tasks, is_cut))
}

fn review_task(visitor: &Visitor, review: &Review) -> Option<Task> {
    let due = dates::parse(&review.observations_due_date);
    let today = visitor.portal.clock.now().date();
    let why = match review.state() {
        ReviewState::Open => {
            "Des constats attendent d’être portés à la connaissance de l’établissement."
        }
        ReviewState::Notified if visitor.is_establishment() && review.observations.is_empty() => {
            "Vos observations sont attendues sur les constats de cette année."
        }
        ReviewState::Notified if visitor.is_establishment() => return None,
        ReviewState::Notified if review.observations.is_empty() => {
            "L’établissement n’a pas encore répondu ; l’examen peut être préparé."
        }
        ReviewState::Notified => "L’établissement a répondu : le dossier peut être examiné.",
        ReviewState::Examined => "L’examen est fait : une personne doit conclure.",
        _ => return None,
    };
    let due = due.filter(|_| review.state() == ReviewState::Notified);
    Some(Task {
        title: format!("Revue {}, contrat {}", review.year, review.contract_number),
        path: format!("/revues/{}", id_of(&review.name)),
        badge: labels::review_state(review.state()),
        why: format!(
            "{why} {}",
            crate::text::counted(
                i64::try_from(review.findings.len()).unwrap_or(0),
                "constat joint.",
                "constats joints."
            )
        ),
        is_late: due.is_some_and(|due| due < today),
        due,
        who: None,
    })
}

async fn procedure_tasks(visitor: &Visitor) -> Result<Vec<Task>, Failure> {
    let awaited: &[ProcedureState] = if visitor.is("director_general") {
        &[
            ProcedureState::Proposed,
            ProcedureState::Opened,
            ProcedureState::UnderNotice,
            ProcedureState::Decided,
        ]
    } else if visitor.is_establishment() {
        &[ProcedureState::UnderNotice]
    } else {
        &[]
    };
    let today = visitor.portal.clock.now().date();
    let is_establishment = visitor.is_establishment();
    let mut tasks = Vec::new();
    for state in awaited {
        let request = ListProceduresRequest {
            state: (*state).into(),
            ..Default::default()
        };
        let (procedures, _) = every!(
            visitor.services.procedures(),
            list_procedures,
            request,
            procedures,
            MOST
        )?;
        let shown = procedures.iter();
        tasks.extend(shown.filter_map(|one| procedure_task(one, is_establishment, today)));
    }
    Ok(tasks)
}

/// What the director general, or the establishment, has to do on a procedure, if anything.
fn procedure_task(procedure: &Procedure, is_establishment: bool, today: Date) -> Option<Task> {
    let state = procedure.state();
    let notice = procedure.notice.as_ref();
    let due = notice.and_then(|notice| dates::parse(&notice.due_date));
    let due = due.filter(|_| state == ProcedureState::UnderNotice);
    let is_over = due.is_some_and(|due| due < today);
    let why = match state {
        ProcedureState::UnderNotice if is_establishment => {
            if !procedure.observations.is_empty() {
                return None;
            }
            "Votre réponse à la mise en demeure est attendue.".to_owned()
        }
        _ if is_establishment => return None,
        ProcedureState::Proposed => format!(
            "Proposée par {}. Elle est sans effet tant que vous ne l’ouvrez pas.",
            labels::actor(procedure.proposer.as_ref())
        ),
        ProcedureState::Opened => {
            "Elle est ouverte : la mise en demeure reste à envoyer.".to_owned()
        }
        ProcedureState::UnderNotice if due.is_none() => {
            "La réception de la mise en demeure n’est pas prouvée : aucun délai ne court."
                .to_owned()
        }
        ProcedureState::UnderNotice if is_over => {
            "Le délai de réponse est passé : le dossier attend votre lecture, puis votre décision."
                .to_owned()
        }
        ProcedureState::UnderNotice => {
            "L’établissement peut encore répondre : aucune décision n’est possible avant le terme."
                .to_owned()
        }
        ProcedureState::Decided => "La décision est prise : elle reste à notifier.".to_owned(),
        _ => return None,
    };
    Some(Task {
        title: format!(
            "{} — {}",
            words::procedure(procedure.kind()),
            region_name(&procedure.region)
        ),
        path: format!("/procedures/{}", id_of(&procedure.name)),
        badge: words::procedure_state(state),
        why,
        is_late: is_over && is_establishment,
        due,
        who: None,
    })
}

async fn other_tasks(visitor: &Visitor) -> Result<Vec<Task>, Failure> {
    let mut tasks = procedure_tasks(visitor).await?;
    if visitor.is("controller") || visitor.is("manager") {
        let request = ListCampaignsRequest::default();
        let (campaigns, _) = every!(
            visitor.services.campaigns(),
            list_campaigns,
            request,
            campaigns,
            MOST
        )?;
        let waiting = campaigns.iter().filter_map(|campaign| {
            let why = match campaign.state() {
                CampaignState::Planned => "La campagne est prévue : elle peut être lancée.",
                CampaignState::Running => "Les contrôles sont en cours de mesure.",
                CampaignState::Measured => {
                    "Tous les contrôles sont mesurés : la campagne peut être close."
                }
                _ => return None,
            };
            Some(Task {
                title: format!(
                    "Campagne {} — {}",
                    campaign.year,
                    region_name(&campaign.region)
                ),
                path: format!("/campagnes/{}", id_of(&campaign.name)),
                badge: labels::campaign_state(campaign.state()),
                why: why.to_owned(),
                due: None,
                is_late: false,
                who: None,
            })
        });
        tasks.extend(waiting);
    }
    Ok(tasks)
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::FormalNotice;
    use time::macros::date;

    use super::*;

    #[test]
    fn a_procedure_waits_for_whoever_has_to_act_and_for_nobody_once_it_ended() {
        let today = date!(2026 - 11 - 22);
        let mut procedure = Procedure {
            notice: Some(FormalNotice {
                due_date: "2026-12-01".to_owned(),
                ..Default::default()
            }),
            ..Default::default()
        };
        procedure.set_state(ProcedureState::UnderNotice);
        let general = procedure_task(&procedure, false, today).unwrap();
        assert!(general.why.contains("aucune décision"), "{}", general.why);
        let holder = procedure_task(&procedure, true, today).unwrap();
        assert_eq!(holder.due, Some(date!(2026 - 12 - 01)));
        assert!(!holder.is_late);
        let late = procedure_task(&procedure, true, date!(2026 - 12 - 02)).unwrap();
        assert!(late.is_late);
        let decides = procedure_task(&procedure, false, date!(2026 - 12 - 02)).unwrap();
        assert!(decides.why.contains("votre décision") && !decides.is_late);
        procedure.set_state(ProcedureState::Dropped);
        assert!(procedure_task(&procedure, false, today).is_none());
        procedure.set_state(ProcedureState::Proposed);
        assert!(procedure_task(&procedure, true, today).is_none());
    }
}
