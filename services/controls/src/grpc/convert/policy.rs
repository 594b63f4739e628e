//! Tolerance policies.

use kernel::Decimal;
use kit::timestamp;
use proto::{controls::v1 as pb, types::v1 as types};
use rpc::{Error, etag};
use time::Date;

use super::actor;
use crate::domain::{
    CampaignId, Comparison, Policy, ToleranceRules,
    objective::Unit,
    policy::{Phase, Simulation},
    tolerance::{Band, Draft, NeutralisedYear, TypedBand},
};

/// Checked rules; every defect is told with its field.
pub fn rules(rules: Option<&pb::ToleranceRules>) -> Result<ToleranceRules, Error> {
    let rules = rules.ok_or_else(|| Error::invalid("rules", "is required"))?;
    let texts = |conforming: &str, minor: &str, count: &str| {
        [conforming, minor, count].map(ToOwned::to_owned)
    };
    let usual = texts(
        &rules.conforming_percent,
        &rules.minor_percent,
        &rules.minimum_count,
    );
    let mut bands = Vec::new();
    for (place, told) in rules.bands.iter().enumerate() {
        let path = format!("rules.bands[{place}].");
        let texts = texts(
            &told.conforming_percent,
            &told.minor_percent,
            &told.minimum_count,
        );
        bands.push(TypedBand {
            units: told.units().map(unit).collect::<Result<_, _>>()?,
            band: band(&path, &texts)?,
        });
    }
    let draft = Draft {
        first_year: rules.first_year,
        last_year: rules.last_year,
        usual: band("rules.", &usual)?,
        bands,
        neutralised: rules
            .neutralised_years
            .iter()
            .map(|told| NeutralisedYear {
                year: told.year,
                reasons: told.reasons.trim().to_owned(),
            })
            .collect(),
        priority_after_years: rules.priority_after_years.unsigned_abs(),
        chance_excluded: rules.chance_excluded,
    };
    draft
        .try_into()
        .map_err(|defects| super::inconsistent("rules.", defects))
}

fn band(path: &str, texts: &[String; 3]) -> Result<Band, Error> {
    let number = |field: &str, text: &str| -> Result<Decimal, Error> {
        Decimal::from_str_exact(text)
            .map_err(|error| Error::invalid(format!("{path}{field}"), error))
    };
    let [conforming, minor, count] = texts;
    Ok(Band {
        conforming_percent: number("conforming_percent", conforming)?,
        minor_percent: number("minor_percent", minor)?,
        minimum_count: number("minimum_count", count)?,
    })
}

fn unit(unit: types::Unit) -> Result<Unit, Error> {
    Ok(match unit {
        types::Unit::Stays => Unit::Stays,
        types::Unit::Sessions => Unit::Sessions,
        types::Unit::Days => Unit::Days,
        types::Unit::Patients => Unit::Patients,
        types::Unit::Acts => Unit::Acts,
        types::Unit::Places => Unit::Places,
        types::Unit::Sites => Unit::Sites,
        types::Unit::Devices => Unit::Devices,
        types::Unit::Percent => Unit::Percent,
        types::Unit::Minutes => Unit::Minutes,
        types::Unit::Unspecified => {
            return Err(Error::invalid("rules.bands", "names an unknown unit"));
        }
    })
}

fn unit_message(unit: Unit) -> types::Unit {
    match unit {
        Unit::Stays => types::Unit::Stays,
        Unit::Sessions => types::Unit::Sessions,
        Unit::Days => types::Unit::Days,
        Unit::Patients => types::Unit::Patients,
        Unit::Acts => types::Unit::Acts,
        Unit::Places => types::Unit::Places,
        Unit::Sites => types::Unit::Sites,
        Unit::Devices => types::Unit::Devices,
        Unit::Percent => types::Unit::Percent,
        Unit::Minutes => types::Unit::Minutes,
    }
}

pub fn rules_message(rules: &ToleranceRules) -> pb::ToleranceRules {
    let usual = rules.usual();
    pb::ToleranceRules {
        first_year: rules.first_year(),
        last_year: rules.last_year(),
        conforming_percent: usual.conforming_percent.to_string(),
        minor_percent: usual.minor_percent.to_string(),
        minimum_count: usual.minimum_count.to_string(),
        bands: rules.bands().iter().map(band_message).collect(),
        neutralised_years: rules
            .neutralised_years()
            .iter()
            .map(|neutralised| pb::NeutralisedYear {
                year: neutralised.year,
                reasons: neutralised.reasons.clone(),
            })
            .collect(),
        priority_after_years: rules.priority_after_years().cast_signed(),
        chance_excluded: rules.chance_excluded(),
    }
}

fn band_message(typed: &TypedBand) -> pb::ToleranceBand {
    pb::ToleranceBand {
        units: typed
            .units
            .iter()
            .map(|unit| unit_message(*unit).into())
            .collect(),
        conforming_percent: typed.band.conforming_percent.to_string(),
        minor_percent: typed.band.minor_percent.to_string(),
        minimum_count: typed.band.minimum_count.to_string(),
    }
}

/// A policy as it stands on the legal day of its region.
pub fn message(policy: &Policy, today: Date) -> pb::TolerancePolicy {
    let state = match policy.phase(today) {
        Phase::Draft => pb::TolerancePolicyState::Draft,
        Phase::Simulated => pb::TolerancePolicyState::Simulated,
        Phase::Adopted => pb::TolerancePolicyState::Adopted,
        Phase::InEffect => pb::TolerancePolicyState::InEffect,
        Phase::Replaced => pb::TolerancePolicyState::Replaced,
    };
    let adoption = policy.state.adoption();
    let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    pb::TolerancePolicy {
        name: policy.id.to_string(),
        etag: etag::of(policy.version),
        region: policy.region.to_string(),
        rules: Some(rules_message(&policy.rules)),
        reasons: policy.reasons.clone(),
        author: Some(actor(&policy.author)),
        create_time: Some(timestamp(policy.created_at)),
        state: state.into(),
        simulations: policy.simulations.iter().map(simulation).collect(),
        effect_date: day(adoption.map(|adoption| adoption.effect_date)),
        replace_date: day(adoption.and_then(|adoption| adoption.replace_date)),
        adopter: adoption.map(|adoption| actor(&adoption.adopter)),
        adopt_time: adoption.map(|adoption| timestamp(adoption.at)),
        allowed_actions: Vec::new(),
    }
}

pub fn simulation(simulation: &Simulation) -> pb::PolicySimulation {
    pb::PolicySimulation {
        year: simulation.year,
        campaign: CampaignId(simulation.campaign).to_string(),
        contracts: simulation.contracts.cast_signed(),
        raised: simulation.raised.cast_signed(),
        would_raise: simulation.would_raise.cast_signed(),
        added: simulation.added.cast_signed(),
        removed: simulation.removed.cast_signed(),
        changed: simulation.changed.cast_signed(),
        simulate_time: Some(timestamp(simulation.at)),
    }
}

/// What was raised for an objective and what would have been; none when neither was.
pub fn simulated_objective(
    recorded: &Comparison,
    judged: &Comparison,
) -> Option<pb::SimulatedObjective> {
    if recorded.severity.is_none() && judged.severity.is_none() {
        return None;
    }
    let severity = |comparison: &Comparison| {
        comparison
            .severity
            .map_or(types::Severity::Unspecified, super::severity)
            .into()
    };
    Some(pb::SimulatedObjective {
        objective: recorded.objective.clone(),
        title: recorded.title.clone(),
        raised: severity(recorded),
        would_raise: severity(judged),
        summary: judged.trace.conclusion.clone(),
    })
}
