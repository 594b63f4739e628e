//! The ground of one procedure: a small region, some time ago, in which a contract leaves out what it was held to. The finding
//! that says so is opposable and grave enough to found a procedure; that one is proposed, opened and decided is for people.
//! Beside it, what the ends of contracts need: others that run, and a care home that none covers yet.

use anyhow::{Context as _, ensure};
use cpom::{
    demo::{
        self,
        plan::{CONTRACT_YEARS, END_DATE, Plan, PlannedContract},
        synthetic,
    },
    issuer::{Kind, TokenRequest},
    token::IssuerClient,
};
use kernel::legal_time::legal_day;
use proto::{
    contracts::v1::{
        GetContractRequest, ListReviewsRequest, Review, ReviewState,
        contract_service_client::ContractServiceClient, review_service_client::ReviewServiceClient,
    },
    controls::v1::{
        AdoptTolerancePolicyRequest, CreateTolerancePolicyRequest, ToleranceRules,
        tolerance_policy_service_client::TolerancePolicyServiceClient,
    },
    targets::v1::{Objective, indicator_value::Content},
    types::v1::Severity,
};
use rpc::client::{Credentials, Peer, peer};
use serde_json::json;
use testkit::request_id;

use crate::{region::REGION, stack::Stack};

/// How long ago it begins: by today the delay of a formal notice that was prolonged and that of a payment are over, a renewal
/// is acquired by silence, and a contract that was announced to end six months later has ended.
pub(crate) const DAYS_AGO: i64 = 210;
/// The region that `cargo dev up` shows, of which a few contracts are kept.
const SEED: u64 = 42;
const CONTRACTS: usize = 3;
/// The demonstration conducts one of their reviews to an action plan; the other one waits.
const NEGLECTED: usize = 2;
/// What is authorised binds, and is counted once a year.
const INDICATOR: &str = "SITES";
const YEAR: &str = "2024";

/// What is measured of a care home.
const OF_CARE_HOMES: &str = "EHPAD_DAYS";

/// A review that may found a procedure, and who is concerned.
#[derive(Debug)]
pub(crate) struct Ground {
    review: String,
    /// The legal entity of its contract.
    entity: String,
    /// Another one, whose director has no part in it.
    stranger: String,
    /// The last one that has a contract.
    renewed: String,
    home: Home,
}

/// A care home that no contract covers, of a legal entity that has none.
#[derive(Debug)]
struct Home {
    entity: String,
    site: String,
}

impl Ground {
    /// What the journey needs to know; `clock` is where days are let pass.
    pub(crate) fn told(&self, clock: &str) -> String {
        json!({
            "review": self.review,
            "entity": self.entity,
            "stranger": self.stranger,
            "renewed": self.renewed,
            "home": { "entity": self.home.entity, "site": self.home.site },
            "lastDay": END_DATE,
            "clock": clock,
        })
        .to_string()
    }
}

/// The objective of a contract that may found a penalty.
fn binding(contract: &PlannedContract) -> Option<&Objective> {
    let mut objectives = contract.objectives.iter();
    objectives.find(|objective| objective.indicator == INDICATOR && objective.penalty_eligible)
}

/// Nothing of what was authorised is there.
fn neglect(contract: &mut PlannedContract) -> anyhow::Result<()> {
    let objective = binding(contract).context("an objective that binds")?;
    let subject = objective.subject.clone();
    let mut values = contract.values.iter_mut();
    let realised = values.find(|value| {
        value.subject == subject && value.indicator == INDICATOR && value.period == YEAR
    });
    realised.context("a value of the year")?.content = Some(Content::Value("0".to_owned()));
    Ok(())
}

/// The last one of the region: its contract is not among those that are kept.
fn home(plan: &Plan) -> Option<Home> {
    let mut contracts = plan.contracts.iter().rev();
    contracts.find_map(|contract| {
        let mut objectives = contract.objectives.iter();
        let measured = objectives.find(|objective| objective.indicator == OF_CARE_HOMES)?;
        Some(Home {
            entity: contract.legal_entity.to_string(),
            site: measured.subject.clone(),
        })
    })
}

fn plan() -> anyhow::Result<(Plan, Home)> {
    let mut plan = synthetic::plan(SEED);
    let home = home(&plan).context("a care home")?;
    plan.planning = None;
    plan.division = None;
    plan.contracts
        .retain(|contract| binding(contract).is_some());
    plan.contracts.truncate(CONTRACTS);
    ensure!(plan.contracts.len() == CONTRACTS, "too few contracts");
    for contract in plan.contracts.iter_mut().take(NEGLECTED) {
        neglect(contract)?;
    }
    let is_free = plan
        .contracts
        .iter()
        .all(|contract| contract.legal_entity.as_str() != home.entity);
    ensure!(is_free, "the care home is under contract");
    Ok((plan, home))
}

/// Lets the director of the care home be chosen on the sign-in page.
async fn offer(stack: &Stack, home: &Home) -> anyhow::Result<()> {
    let entity = &home.entity;
    let director = TokenRequest {
        finess: vec![entity.clone()],
        ..TokenRequest::new(
            Kind::Human,
            "establishment_director",
            &format!("person:ground-direction-{entity}"),
            &format!("Direction de l’entité {entity}"),
            &[REGION],
        )
    };
    IssuerClient::at(stack.issuer_url())?
        .offer(&[director])
        .await
}

/// Somebody of the agency, calling a service.
async fn agent(stack: &Stack, role: &str, service: &str) -> anyhow::Result<Peer> {
    let sub = format!("person:ground-{role}");
    let request = TokenRequest::new(Kind::Human, role, &sub, role, &[REGION]);
    let token = IssuerClient::at(stack.issuer_url())?.mint(&request).await?;
    let url = stack.peers.url(service).context("an address")?;
    Ok(peer(url, Credentials::Token(token))?)
}

/// Puts the tolerance of the plan in effect, on the day of the services.
async fn tolerate(stack: &Stack, plan: &Plan) -> anyhow::Result<()> {
    let tolerance = &plan.tolerance;
    let manager = agent(stack, "manager", "controls").await?;
    let mut policies = TolerancePolicyServiceClient::new(manager);
    let rules = ToleranceRules {
        first_year: *CONTRACT_YEARS.start(),
        last_year: *CONTRACT_YEARS.end(),
        conforming_percent: tolerance.conforming_percent.to_owned(),
        minor_percent: tolerance.minor_percent.to_owned(),
        minimum_count: tolerance.minimum_count.to_owned(),
        ..Default::default()
    };
    let request = CreateTolerancePolicyRequest {
        region: REGION.to_owned(),
        rules: Some(rules),
        reasons: tolerance.reasons.to_owned(),
        request_id: request_id(),
    };
    let draft = policies.create_tolerance_policy(request).await?;
    let draft = draft.into_inner();
    let request = AdoptTolerancePolicyRequest {
        name: draft.name,
        etag: draft.etag,
        effect_date: legal_day(stack.clock.now(), plan.region).to_string(),
        reasons: tolerance.reasons.to_owned(),
        replaces: String::new(),
        request_id: request_id(),
    };
    policies.adopt_tolerance_policy(request).await?;
    Ok(())
}

/// Whether one of its findings may found a procedure.
fn may_found(review: &Review) -> bool {
    let mut findings = review.findings.iter();
    findings.any(|finding| {
        finding.opposable
            && finding.penalty_eligible
            && finding.severity >= i32::from(Severity::Major)
            && finding.withdraw_time.is_none()
    })
}

/// The review that waits.
async fn awaited(stack: &Stack) -> anyhow::Result<Review> {
    let manager = agent(stack, "manager", "contracts").await?;
    let request = ListReviewsRequest {
        region: REGION.to_owned(),
        state: ReviewState::Open.into(),
        ..Default::default()
    };
    let listed = ReviewServiceClient::new(manager)
        .list_reviews(request)
        .await?
        .into_inner();
    let mut reviews = listed.reviews.into_iter();
    reviews.find(may_found).context("no review waits")
}

/// Runs the loop over the small region, and says which review waits for people.
pub(crate) async fn prepare(stack: &Stack) -> anyhow::Result<Ground> {
    let (plan, home) = tokio::task::spawn_blocking(plan).await??;
    let entities: Vec<String> = plan
        .contracts
        .iter()
        .map(|contract| contract.legal_entity.to_string())
        .collect();
    tolerate(stack, &plan).await?;
    Box::pin(demo::carry_out(&stack.addresses()?, plan)).await?;
    offer(stack, &home).await?;
    let review = awaited(stack).await?;
    let request = GetContractRequest {
        name: review.contract,
    };
    let manager = agent(stack, "manager", "contracts").await?;
    let contract = ContractServiceClient::new(manager)
        .get_contract(request)
        .await?
        .into_inner();
    let parties = contract.text.unwrap_or_default().legal_entities;
    let party = parties.first().context("a party")?;
    let entity = party.rsplit('/').next().unwrap_or_default().to_owned();
    let mut others = entities;
    others.retain(|other| *other != entity);
    let mut others = others.into_iter();
    let (stranger, renewed) = (others.next(), others.next());
    Ok(Ground {
        review: review
            .name
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned(),
        entity,
        stranger: stranger.context("somebody else")?,
        renewed: renewed.context("a third one")?,
        home,
    })
}
