//! « À faire »: what waits for this person, why, and until when; then what others have to do on the same
//! contracts.

mod amendments;
mod decisions;
mod follow_up;
mod procedures;
mod reviews;

use askama::Template;
use axum::response::Response;
use futures::future::try_join_all;
use proto::{
    contracts::v1::{Contract, ContractState, ListContractsRequest, Side},
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
    text::{dates, labels, labels::Badge},
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
/// The same in one call, of what waits for who reads, and of what that person follows alone.
const MOST_OWN: i32 = 200;
const MOST_FOLLOWED: i32 = 50;

/// How many of one kind are asked for, in one call.
fn page_size(acts: bool) -> i32 {
    if acts { MOST_OWN } else { MOST_FOLLOWED }
}

/// `/travail`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(tasks_page(&visitor).await).await
}

async fn tasks_page(visitor: &Visitor) -> Result<Response, Failure> {
    // All calls at once: each answers a page.
    let listed = tokio::try_join!(
        contract_tasks(visitor),
        amendments::tasks(visitor),
        Box::pin(decisions::tasks(visitor)),
        follow_up::tasks(visitor),
        reviews::tasks(visitor),
        procedures::tasks(visitor),
        campaign_tasks(visitor)
    )?;
    let (contracts, amendments, decided, followed, reviews, procedures, campaigns) = listed;
    let kinds = [
        reviews, procedures, campaigns, contracts, amendments, decided, followed,
    ];
    let is_cut = kinds.iter().any(|(_, is_cut)| *is_cut);
    let mut tasks: Vec<Task> = kinds.into_iter().flat_map(|(tasks, _)| tasks).collect();
    // What has a last day comes first, the nearest before the others.
    tasks.sort_by_key(|task| (task.due.is_none(), task.due));
    let (tasks, others) = tasks.into_iter().partition(|task| task.who.is_none());
    html(&Page {
        frame: visitor.frame("À faire", Section::Work),
        first_name: visitor.person().name.clone(),
        tasks,
        others,
        is_cut,
        keeps: visitor.keeps_contracts(),
    })
}

fn has(person: &Person, role: &str) -> bool {
    person.roles.iter().any(|own| own == role)
}

/// Whether this person follows what others do on their contracts: whoever negotiates them, and the councils that sign them.
fn follows(person: &Person) -> bool {
    follows_controls(person)
        || [PRESIDENT, "department_manager"]
            .iter()
            .any(|role| has(person, role))
}

/// The same of what follows from a control, which is between the agency and the establishment.
fn follows_controls(person: &Person) -> bool {
    const FOLLOWING: [&str; 3] = ["contract_manager", "manager", "establishment_director"];
    FOLLOWING.iter().any(|role| has(person, role))
}

/// The states in which a contract may wait for this person, or for those whom this person follows.
fn awaited_states(person: &Person) -> Vec<ContractState> {
    let mut states = Vec::new();
    if has(person, "contract_manager") {
        states.extend([
            ContractState::Draft,
            ContractState::Negotiation,
            ContractState::Consultation,
        ]);
    }
    if has(person, "manager") {
        states.extend([ContractState::Negotiation, ContractState::Consultation]);
    }
    if has(person, "establishment_director") {
        states.push(ContractState::Negotiation);
    }
    if has(person, "director_general") || follows(person) {
        states.extend([ContractState::ReadyToSign, ContractState::PartiallySigned]);
    }
    states.sort_by_key(|state| i32::from(*state));
    states.dedup();
    states
}

async fn contract_tasks(visitor: &Visitor) -> Result<(Vec<Task>, bool), Failure> {
    let states = awaited_states(visitor.person()).into_iter();
    let listed = try_join_all(states.map(|state| contracts_in(visitor, state))).await?;
    let is_cut = listed.iter().any(|(_, is_cut)| *is_cut);
    let tasks = listed.into_iter().flat_map(|(tasks, _)| tasks);
    Ok((tasks.collect(), is_cut))
}

async fn contracts_in(
    visitor: &Visitor,
    state: ContractState,
) -> Result<(Vec<Task>, bool), Failure> {
    let request = ListContractsRequest {
        state: state.into(),
        ..Default::default()
    };
    let (contracts, is_cut) = every!(
        visitor.services.contracts(),
        list_contracts,
        request,
        contracts,
        MOST
    )?;
    let person = visitor.person();
    let tasks = contracts
        .iter()
        .filter_map(|one| contract_task(person, one));
    Ok((tasks.collect(), is_cut))
}

/// What this person has to do on a contract, or waits for, if anything.
fn contract_task(person: &Person, contract: &Contract) -> Option<Task> {
    let (own_side, other_side) = if has(person, "establishment_director") {
        (Side::Establishment, Side::Ars)
    } else {
        (Side::Ars, Side::Establishment)
    };
    let has_agreed = contract.agreed_by().any(|side| side == own_side);
    let (required, signatures) = (&contract.required_signatories, &contract.signatures);
    let has_to_sign = has_to_sign(person, required, signatures);
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
        ContractState::ReadyToSign | ContractState::PartiallySigned if follows(person) => {
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

async fn campaign_tasks(visitor: &Visitor) -> Result<(Vec<Task>, bool), Failure> {
    if !visitor.is("controller") && !visitor.is("manager") {
        return Ok((Vec::new(), false));
    }
    let request = ListCampaignsRequest::default();
    let (campaigns, is_cut) = every!(
        visitor.services.campaigns(),
        list_campaigns,
        request,
        campaigns,
        MOST
    )?;
    let waiting = campaigns.iter().filter_map(|campaign| {
        let why = match campaign.state() {
            CampaignState::Planned => "La campagne est prévue : elle peut être lancée.",
            CampaignState::Running => "Les contrôles sont en cours de mesure.",
            CampaignState::Measured => {
                "Tous les contrôles sont mesurés : la campagne peut être close."
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
    Ok((waiting.collect(), is_cut))
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::Signature;

    use super::*;

    /// Somebody of a role, whatever the region.
    pub(super) fn somebody(role: &str) -> Person {
        Person {
            subject: "person:somebody".to_owned(),
            name: "Quelqu’un".to_owned(),
            roles: vec![role.to_owned()],
            regions: vec!["*".to_owned()],
            finess: Vec::new(),
            departments: Vec::new(),
        }
    }

    #[test]
    fn a_contract_that_waits_for_signatures_alone_is_followed_by_who_negotiated_it() {
        let mut contract = Contract {
            number: "93-2026-0042".to_owned(),
            required_signatories: ["ars", "legalEntities/130786049"]
                .map(ToOwned::to_owned)
                .to_vec(),
            signatures: vec![Signature {
                party: "legalEntities/130786049".to_owned(),
                ..Default::default()
            }],
            ..Default::default()
        };
        contract.set_state(ContractState::PartiallySigned);
        for role in ["contract_manager", "manager", "department_manager"] {
            let person = somebody(role);
            assert!(awaited_states(&person).contains(&ContractState::PartiallySigned));
            let told = contract_task(&person, &contract).unwrap();
            assert_eq!(told.who.as_deref(), Some("l’agence régionale de santé"));
        }
        let general = contract_task(&somebody("director_general"), &contract).unwrap();
        assert!(general.who.is_none() && general.why.contains("votre signature"));
        assert!(awaited_states(&somebody("auditor")).is_empty());
        assert!(contract_task(&somebody("auditor"), &contract).is_none());
    }
}
