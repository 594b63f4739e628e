//! The words of the specifications that stand for values.

use std::str::FromStr;

use anyhow::{Context as _, bail};
use cpom_tests::suite::People;
use cucumber::Parameter;
use kernel::{Finess, calendar::MONTHS};
use proto::contracts::v1::{AmendmentState, ContractState, Outcome};
use testkit::Persona;
use time::{Date, Month};

/// Somebody who may act in place of the director general, when a published act says so.
pub(crate) const DEPUTY: &str = "deputy";

/// The council that is competent for the care homes of the scenarios, and who presides it.
pub(crate) const COUNCIL: &str = "departments/13";
const DEPARTMENT: &str = "13";
const OTHER_DEPARTMENT: &str = "84";
pub(crate) const PRESIDENT: &str = "president";
/// The council of a neighbouring département, and who presides that one.
pub(crate) const OTHER_COUNCIL: &str = "departments/84";
pub(crate) const NEIGHBOUR: &str = "neighbour";

/// Somebody, or something, that acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "personne",
    regex = "le chargé de contractualisation|le responsable devenu directeur général|le responsable de l’ARS|le directeur général de l’ARS|\
             le directeur délégué|le président du conseil départemental|le président d’un autre conseil départemental|\
             le chargé de mission du conseil départemental|le directeur de l’établissement|le directeur d’un autre établissement|\
             l’examinateur devenu responsable|l’examinateur|le contrôleur devenu examinateur|\
             un traitement automatique"
)]
pub(crate) enum Someone {
    ContractManager,
    Manager,
    ManagerNowGeneral,
    DirectorGeneral,
    Deputy,
    President,
    OtherPresident,
    CouncilOfficer,
    Director,
    OtherDirector,
    Reviewer,
    ReviewerNowManager,
    ControllerNowReviewer,
    Machine,
}

impl FromStr for Someone {
    type Err = anyhow::Error;

    fn from_str(words: &str) -> anyhow::Result<Self> {
        Ok(match words {
            "le chargé de contractualisation" => Self::ContractManager,
            "le responsable de l’ARS" => Self::Manager,
            "le responsable devenu directeur général" => Self::ManagerNowGeneral,
            "le directeur général de l’ARS" => Self::DirectorGeneral,
            "le directeur délégué" => Self::Deputy,
            "le président du conseil départemental" => Self::President,
            "le président d’un autre conseil départemental" => Self::OtherPresident,
            "le chargé de mission du conseil départemental" => Self::CouncilOfficer,
            "le directeur de l’établissement" => Self::Director,
            "le directeur d’un autre établissement" => Self::OtherDirector,
            "l’examinateur" => Self::Reviewer,
            "l’examinateur devenu responsable" => Self::ReviewerNowManager,
            "le contrôleur devenu examinateur" => Self::ControllerNowReviewer,
            "un traitement automatique" => Self::Machine,
            other => bail!("nobody is called « {other} »"),
        })
    }
}

impl Someone {
    /// Who this is in a region, between the two parties `entity` and `other`.
    pub(crate) fn persona(self, people: People, entity: Finess, other: Finess) -> Persona {
        match self {
            Self::ContractManager => people.contract_manager(),
            Self::Manager => people.manager(),
            // The same person in another office.
            Self::ManagerNowGeneral => people.director_general().named("manager-1"),
            Self::DirectorGeneral => people.director_general(),
            Self::Deputy => people.manager().named(DEPUTY),
            Self::President => people.president_of_council(DEPARTMENT).named(PRESIDENT),
            Self::OtherPresident => people
                .president_of_council(OTHER_DEPARTMENT)
                .named(NEIGHBOUR),
            Self::CouncilOfficer => people.officer_of_council(DEPARTMENT),
            Self::Director => people.director_of(entity),
            Self::OtherDirector => people.director_of(other),
            Self::Reviewer => people.reviewer(),
            Self::ReviewerNowManager => people.reviewer().also("manager"),
            Self::ControllerNowReviewer => people.controller().also("reviewer"),
            Self::Machine => people.machine_with_every_role().finess(entity.as_str()),
        }
    }
}

/// A party to the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "partie",
    regex = "l’ARS|l’établissement|le conseil départemental"
)]
pub(crate) enum Side {
    Ars,
    Establishment,
    Council,
}

impl FromStr for Side {
    type Err = anyhow::Error;

    fn from_str(words: &str) -> anyhow::Result<Self> {
        match words {
            "l’ARS" => Ok(Self::Ars),
            "l’établissement" => Ok(Self::Establishment),
            "le conseil départemental" => Ok(Self::Council),
            other => bail!("« {other} » is no party"),
        }
    }
}

/// Where a contract stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "état",
    regex = "à l’état de projet|en négociation|en consultation|prêt à être signé|partiellement signé|signé|\
             en vigueur|sous mise en demeure|résilié|expiré|renouvelé|clos|abandonné"
)]
pub(crate) struct Stage(pub(crate) ContractState);

impl FromStr for Stage {
    type Err = anyhow::Error;

    fn from_str(words: &str) -> anyhow::Result<Self> {
        Ok(Self(match words {
            "à l’état de projet" => ContractState::Draft,
            "en négociation" => ContractState::Negotiation,
            "en consultation" => ContractState::Consultation,
            "prêt à être signé" => ContractState::ReadyToSign,
            "partiellement signé" => ContractState::PartiallySigned,
            "signé" => ContractState::Signed,
            "en vigueur" => ContractState::InForce,
            "sous mise en demeure" => ContractState::NoticeOfTermination,
            "résilié" => ContractState::Terminated,
            "expiré" => ContractState::Expired,
            "renouvelé" => ContractState::Renewed,
            "clos" => ContractState::Closed,
            "abandonné" => ContractState::Abandoned,
            other => bail!("a contract is never « {other} »"),
        }))
    }
}

/// Where an amendment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "étape",
    regex = "proposé|en négociation|en consultation|prêt à être signé|partiellement signé|signé|en vigueur|\
             rejeté|retiré"
)]
pub(crate) struct AmendmentStage(pub(crate) AmendmentState);

impl FromStr for AmendmentStage {
    type Err = anyhow::Error;

    fn from_str(words: &str) -> anyhow::Result<Self> {
        Ok(Self(match words {
            "proposé" => AmendmentState::Proposed,
            "en négociation" => AmendmentState::Negotiation,
            "en consultation" => AmendmentState::Consultation,
            "prêt à être signé" => AmendmentState::ReadyToSign,
            "partiellement signé" => AmendmentState::PartiallySigned,
            "signé" => AmendmentState::Signed,
            "en vigueur" => AmendmentState::InEffect,
            "rejeté" => AmendmentState::Rejected,
            "retiré" => AmendmentState::Withdrawn,
            other => bail!("an amendment is never « {other} »"),
        }))
    }
}

/// How a review ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "issue",
    regex = "sans suite|par un plan d’actions|par une proposition d’avenant|par une proposition de sanction"
)]
pub(crate) struct Ending(pub(crate) Outcome);

impl FromStr for Ending {
    type Err = anyhow::Error;

    fn from_str(words: &str) -> anyhow::Result<Self> {
        Ok(Self(match words {
            "sans suite" => Outcome::NoAction,
            "par un plan d’actions" => Outcome::ActionPlan,
            "par une proposition d’avenant" => Outcome::AmendmentProposed,
            "par une proposition de sanction" => Outcome::SanctionProposed,
            other => bail!("no review ends « {other} »"),
        }))
    }
}

/// A day such as `1er avril 2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(name = "jour", regex = r"\d{1,2}(?:er)? \p{L}+ \d{4}")]
pub(crate) struct Day(pub(crate) Date);

impl FromStr for Day {
    type Err = anyhow::Error;

    fn from_str(words: &str) -> anyhow::Result<Self> {
        let parts: Vec<&str> = words.split(' ').collect();
        let [day, month, year] = parts[..] else {
            bail!("« {words} » is not a day");
        };
        let place = MONTHS.iter().position(|name| *name == month);
        let month = Month::January.nth_next(u8::try_from(place.context("a month")?)?);
        let day = day.trim_end_matches("er").parse()?;
        Ok(Self(Date::from_calendar_date(year.parse()?, month, day)?))
    }
}
