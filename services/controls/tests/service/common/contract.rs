//! A contract as its owners tell of it.

use kernel::new_id;
use proto::{
    contracts::v1::{AmendmentInEffect, ContractInForce, TermExtended},
    targets::v1 as targets,
    types::v1 as types,
};

use super::{REGION, Realised, YEAR, peers::OwnersEvent};

/// A contract of the test, and what it realised.
#[derive(Debug, Clone)]
pub(crate) struct TestContract {
    pub(crate) name: String,
    pub(crate) target_set: String,
    region: String,
    legal_entity: String,
    effect_date: String,
    end_date: String,
    objectives: Vec<targets::Objective>,
    pub(super) realised: Vec<targets::ObjectiveRealisation>,
}

/// A contract of the region over 2022 to 2026 with no objective yet.
pub(crate) fn contract() -> TestContract {
    TestContract {
        name: format!("contracts/{}", new_id()),
        target_set: format!("targetSets/{}", new_id()),
        region: REGION.to_owned(),
        legal_entity: "130786049".to_owned(),
        effect_date: "2022-01-01".to_owned(),
        end_date: "2026-12-31".to_owned(),
        objectives: vec![],
        realised: vec![],
    }
}

/// A contract that was frozen without a target set.
pub(crate) fn contract_without_targets() -> TestContract {
    TestContract {
        target_set: String::new(),
        ..contract()
    }
}

impl TestContract {
    pub(crate) fn over(mut self, effect_date: &str, end_date: &str) -> Self {
        effect_date.clone_into(&mut self.effect_date);
        end_date.clone_into(&mut self.end_date);
        self
    }

    pub(crate) fn region(mut self, code: &str) -> Self {
        code.clone_into(&mut self.region);
        self
    }

    pub(crate) fn of(mut self, legal_entity: &str) -> Self {
        legal_entity.clone_into(&mut self.legal_entity);
        self
    }

    /// Adds an objective of stays for 2023 and 2024, and what was realised.
    pub(crate) fn objective(mut self, id: &str, target: &str, realised: Realised<'_>) -> Self {
        self.objectives.push(targets::Objective {
            id: id.to_owned(),
            title: format!("Objectif {id}"),
            kind: targets::ObjectiveKind::Quantified.into(),
            subject: "130786049".to_owned(),
            indicator: "MCO_STAYS".to_owned(),
            unit: types::Unit::Stays.into(),
            yearly: [YEAR - 1, YEAR]
                .map(|year| targets::YearlyTarget {
                    year,
                    point: target.to_owned(),
                    band: None,
                })
                .to_vec(),
            opposable: true,
            penalty_eligible: true,
            ..Default::default()
        });
        self.realised.push(realised.of(id));
        self
    }

    /// The last objective is measured on this site.
    pub(crate) fn on(mut self, finess: &str) -> Self {
        if let Some(objective) = self.objectives.last_mut() {
            finess.clone_into(&mut objective.subject);
        }
        self
    }

    /// A contract whose only objective is met.
    pub(crate) fn conforming(self) -> Self {
        self.objective("stays", "1000", Realised::Exact("1010"))
    }

    /// A contract whose only objective is missed by a third.
    pub(crate) fn deviating(self) -> Self {
        self.objective("stays", "1200", Realised::Exact("800"))
    }

    pub(crate) fn in_force(&self) -> OwnersEvent {
        let message = ContractInForce {
            region: self.region.clone(),
            number: "93-0001".to_owned(),
            legal_entities: vec![format!("legalEntities/{}", self.legal_entity)],
            establishments: vec![],
            effect_date: self.effect_date.clone(),
            end_date: self.end_date.clone(),
            target_set: self.target_set.clone(),
            ..Default::default()
        };
        OwnersEvent::new(
            ("contract", &self.name),
            1,
            (&self.name, &self.region),
            &message,
        )
    }

    /// An amendment takes effect, by which these are its legal entities.
    pub(crate) fn shared_with(&self, number: i32, day: &str, parties: &[&str]) -> OwnersEvent {
        let names = parties
            .iter()
            .map(|finess| format!("legalEntities/{finess}"));
        let message = AmendmentInEffect {
            contract: self.name.clone(),
            number,
            effect_date: day.to_owned(),
            end_date: self.end_date.clone(),
            legal_entities: names.collect(),
            ..Default::default()
        };
        OwnersEvent::new(
            ("amendment", &format!("amendments/{}", new_id())),
            1,
            (&self.name, &self.region),
            &message,
        )
    }

    /// An amendment moves its last day.
    pub(crate) fn moved(&self, last_day: &str) -> OwnersEvent {
        let data = serde_json::json!({"contract": self.name, "endDate": last_day});
        OwnersEvent::named(
            "2025-03-01T09:00:00Z",
            "cpom.contracts.v1.AmendmentInEffect",
            ("amendment", &self.name.replace("contracts/", "amendments/")),
            1,
            (&self.name, &self.region),
            &data,
        )
    }

    /// It is extended.
    pub(crate) fn extended(&self, last_day: &str) -> OwnersEvent {
        let message = TermExtended {
            last_day: last_day.to_owned(),
            basis: "extension".to_owned(),
            reasons: "Report".to_owned(),
        };
        OwnersEvent::new(
            ("contract", &self.name),
            2,
            (&self.name, &self.region),
            &message,
        )
    }

    /// It is extended at an instant.
    pub(crate) fn extended_at(&self, time: &str, last_day: &str) -> OwnersEvent {
        let data = serde_json::json!({"lastDay": last_day, "basis": "extension"});
        let kind = ("contract", self.name.as_str());
        let place = (self.name.as_str(), self.region.as_str());
        OwnersEvent::named(
            time,
            "cpom.contracts.v1.TermExtended",
            kind,
            2,
            place,
            &data,
        )
    }

    pub(crate) fn targets_in_effect(&self) -> OwnersEvent {
        let message = targets::TargetSetInEffect {
            region: self.region.clone(),
            contract: self.name.clone(),
            effect_date: self.effect_date.clone(),
            end_date: self.end_date.clone(),
            objectives: self.objectives.clone(),
            ..Default::default()
        };
        OwnersEvent::new(
            ("target_set", &self.target_set),
            1,
            (&self.name, &self.region),
            &message,
        )
    }
}
