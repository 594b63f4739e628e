//! The worker measures some controls of a campaign: asks what was realised, compares, and writes results,
//! findings and events in one transaction. No transaction is open while it waits for the answer.

use std::collections::{HashMap, HashSet};

use ::store::{By, Db};
use kernel::new_id;
use rpc::client::Peer;
use tracing::info;

use crate::{
    domain::{
        ContractId, ControlId, Finding, FindingId, TargetSetId, ToleranceRules,
        compare::{Question, compare},
        control::{Compared, Measured},
        finding::{self, Direction, Facts, Origin},
        objective::{Measure, Objective},
    },
    events::published,
    grpc::realisations::{self, Realisation, RealisationError},
    store::{
        campaign::Running,
        control::{self, Outcome},
        finding::{self as findings, Earlier},
        inconsistent,
        target_set_copy::{self, Targets},
        tolerance_policy,
    },
};

/// Controls of one transaction.
const CHUNK: i64 = 100;

/// Why a chunk was not measured. It stays scheduled and is tried again.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    #[error(transparent)]
    Store(#[from] ::store::Error),
    #[error(transparent)]
    Realisation(#[from] RealisationError),
}

/// What became of the attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chunk {
    /// This many controls were measured. None when other workers were quicker.
    Measured(usize),
    /// No control is scheduled any more.
    NothingLeft,
}

/// Measures a chunk. Safe with several workers, and at any moment of death: a control is claimed and written
/// in the same transaction, so it is measured exactly once.
pub async fn run(
    db: &Db,
    targets: &Peer,
    running: &Running,
    worker: uuid::Uuid,
) -> Result<Chunk, MeasureError> {
    let campaign = &running.campaign;
    let chunk = control::some_scheduled(db.pool(), campaign.id, worker, CHUNK).await?;
    if chunk.is_empty() {
        return Ok(Chunk::NothingLeft);
    }
    let (ids, contracts): (Vec<ControlId>, Vec<ContractId>) = chunk.iter().copied().unzip();
    let mut by_control = target_set_copy::of_controls(db.pool(), &ids).await?;
    let mut target_sets: HashMap<ContractId, Targets> = chunk
        .iter()
        .filter_map(|(id, contract)| Some((*contract, by_control.remove(id)?)))
        .collect();
    let realised = realisations(targets, running, &target_sets).await?;
    let mut connection = db.pool().acquire().await.map_err(::store::Error::from)?;
    let policy = tolerance_policy::find(&mut connection, campaign.policy)
        .await?
        .ok_or_else(|| inconsistent(format!("{} is gone", campaign.policy)))?;
    drop(connection);
    let before = policy.rules.judged_year_before(campaign.year);
    let earlier = findings::deviations(db.pool(), &contracts, before).await?;

    let at = db.clock().now();
    let mut unit = db.unit(By::service("controls", at)).await?;
    let claimed: HashSet<ControlId> = control::claim(unit.connection(), &ids)
        .await?
        .into_iter()
        .collect();
    let mut outcomes = Vec::with_capacity(claimed.len());
    let mut raised = Vec::new();
    let mut facts = Vec::new();
    let controllers = std::slice::from_ref(&running.controller);
    for (id, contract) in chunk.into_iter().filter(|(id, _)| claimed.contains(id)) {
        let set = target_sets.remove(&contract);
        let measured = measure(
            running,
            &policy.rules,
            set.as_ref(),
            realised.get(&contract),
        );
        let outcome = Outcome {
            id,
            contract,
            target_set: set.as_ref().map(|set| (set.id, set.version)),
            comparisons: serde_json::to_string(&measured.comparisons).map_err(inconsistent)?,
            measured,
        };
        facts.push(published::control_measured(campaign, &outcome)?);
        let established = Established {
            running,
            rules: &policy.rules,
            earlier: &earlier,
        };
        for (finding, established) in established.findings(&outcome, set.as_ref()) {
            let finding = Finding::raised(finding, established, at);
            let event = finding::Event::Raised(Box::new(finding.facts.clone()));
            facts.push(published::finding(&finding, &event, controllers)?);
            raised.push(finding);
        }
        outcomes.push(outcome);
    }
    control::record(unit.connection(), &outcomes, at).await?;
    findings::insert(unit.connection(), &raised).await?;
    unit.append(facts).await?;
    unit.done().await?;
    if !outcomes.is_empty() {
        info!(
            controls = outcomes.len(),
            findings = raised.len(),
            "controls measured"
        );
    }
    Ok(Chunk::Measured(outcomes.len()))
}

/// What the contracts that have targets realised. An answer that is not about the very targets we know is
/// refused: a comparison with other targets would be wrong and look right.
async fn realisations(
    targets: &Peer,
    running: &Running,
    target_sets: &HashMap<ContractId, Targets>,
) -> Result<HashMap<ContractId, Realisation>, RealisationError> {
    if target_sets.is_empty() {
        return Ok(HashMap::new());
    }
    let frozen: Vec<(ContractId, TargetSetId)> = target_sets
        .iter()
        .map(|(contract, set)| (*contract, set.id))
        .collect();
    let (region, year) = (running.campaign.region.code(), running.campaign.year);
    let freeze_time = running.freeze_time;
    let realised = realisations::fetch(targets.clone(), region, year, freeze_time, &frozen).await?;
    for (contract, here) in frozen {
        let there = realised.get(&contract).map(|answer| answer.target_set);
        if there != Some(here) {
            let there = there.map_or_else(|| "nothing".to_owned(), |id| id.to_string());
            let message = format!("{contract} has {here} here, {there} there");
            return Err(RealisationError::Answer(message));
        }
    }
    Ok(realised)
}

/// Compares every objective of the contract. A contract without targets has nothing to compare.
fn measure(
    running: &Running,
    rules: &ToleranceRules,
    set: Option<&Targets>,
    realisation: Option<&Realisation>,
) -> Measured {
    let missing = Measure::missing();
    let comparisons = set.map_or_else(Vec::new, |set| {
        let target_source = format!("{} (version {})", set.id, set.version);
        let (policy, campaign) = (
            running.campaign.policy.to_string(),
            running.campaign.id.to_string(),
        );
        set.objectives
            .iter()
            .map(|objective| {
                let measure = realisation
                    .and_then(|realisation| realisation.measures.get(&objective.id))
                    .unwrap_or(&missing);
                compare(&Question {
                    year: running.campaign.year,
                    objective,
                    target_source: &target_source,
                    rules,
                    policy: &policy,
                    campaign: &campaign,
                    freeze_time: running.freeze_time,
                    measure,
                })
            })
            .collect()
    });
    Measured::conclude(comparisons, || FindingId(new_id()))
}

/// What the findings of a chunk have in common.
struct Established<'a> {
    running: &'a Running,
    rules: &'a ToleranceRules,
    /// Deviations that stand since the last year that is judged.
    earlier: &'a HashMap<(ContractId, String), Earlier>,
}

impl Established<'_> {
    /// The findings that a measured control raises.
    fn findings(&self, outcome: &Outcome, set: Option<&Targets>) -> Vec<(FindingId, Facts)> {
        let objectives = set.map_or(&[][..], |set| &set.objectives);
        let comparisons = outcome.measured.comparisons.iter();
        comparisons
            .zip(objectives)
            .filter_map(|(compared, objective)| {
                let finding = compared.finding?;
                let facts = self.facts(outcome, compared, objective)?;
                Some((FindingId(finding), facts))
            })
            .collect()
    }

    fn facts(
        &self,
        outcome: &Outcome,
        compared: &Compared,
        objective: &Objective,
    ) -> Option<Facts> {
        let comparison = &compared.comparison;
        let direction = Direction::of(comparison.result);
        let key = (outcome.contract, objective.id.clone());
        let earlier = self
            .earlier
            .get(&key)
            .filter(|earlier| Some(earlier.direction) == direction);
        let consecutive_years = earlier.map_or(1, |earlier| earlier.consecutive_years + 1);
        let campaign = &self.running.campaign;
        Some(Facts {
            region: campaign.region,
            campaign: campaign.id,
            control: outcome.id,
            contract: outcome.contract,
            year: campaign.year,
            origin: Origin::Computed,
            objective: objective.id.clone(),
            severity: comparison.severity?,
            opposable: objective.opposable,
            penalty_eligible: objective.penalty_eligible,
            direction,
            consecutive_years,
            priority: self.rules.is_priority(consecutive_years),
            legal_basis: String::new(),
            trace: comparison.trace.clone(),
        })
    }
}
