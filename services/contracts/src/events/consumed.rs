//! Events of other services. Everything here runs with the rights of a machine.

use bus::{Consumer, Envelope, Failure, Handler};
use proto::{
    controls::v1::{FindingCorrected, FindingRaised, FindingWithdrawn},
    establishments::v1::{
        EstablishmentChanged, EstablishmentClosed, EstablishmentRegistered, LegalEntityChanged,
        LegalEntityClosed, LegalEntityRegistered,
    },
    types::v1::Severity as WireSeverity,
};
use store::Unit;

use crate::{
    app::{findings, tasks},
    domain::{
        CampaignId,
        review::{
            Severity,
            machine::{Corrected, RaisedFinding},
        },
        task::SiteNews,
    },
    grpc::convert,
    store as rows,
};

/// Legal entities of the registry.
pub const LEGAL_ENTITIES: Consumer = Consumer {
    name: "contracts-legal-entity",
    source: "establishments",
    kind: "legal_entity",
};
/// Sites of the registry.
pub const ESTABLISHMENTS: Consumer = Consumer {
    name: "contracts-establishment",
    source: "establishments",
    kind: "establishment",
};
/// Campaigns, for who conducted them.
pub const CAMPAIGNS: Consumer = Consumer {
    name: "contracts-campaign",
    source: "controls",
    kind: "campaign",
};
/// Findings, which open reviews.
pub const FINDINGS: Consumer = Consumer {
    name: "contracts-finding",
    source: "controls",
    kind: "finding",
};

/// What is not as its owner promised will not be on any later delivery either.
fn reject(error: impl std::fmt::Display) -> Failure {
    Failure::Reject(error.to_string())
}

fn severity(severity: WireSeverity) -> Result<Severity, Failure> {
    match severity {
        WireSeverity::Info => Ok(Severity::Info),
        WireSeverity::Minor => Ok(Severity::Minor),
        WireSeverity::Major => Ok(Severity::Major),
        WireSeverity::Grave => Ok(Severity::Grave),
        WireSeverity::Unspecified => Err(reject("the finding has no severity")),
    }
}

/// Keeps the copy of the registry.
#[derive(Debug, Clone, Copy)]
pub struct Registry;

impl Handler for Registry {
    async fn handle(&self, unit: &mut Unit, event: &Envelope) -> Result<(), Failure> {
        if event.is::<LegalEntityRegistered>()
            || event.is::<LegalEntityChanged>()
            || event.is::<LegalEntityClosed>()
        {
            // The three messages have the same shape: the new state of the entity.
            let entity = event
                .decode::<LegalEntityChanged>()?
                .legal_entity
                .unwrap_or_default();
            let copy = convert::legal_entity_copy(&entity).map_err(reject)?;
            rows::perimeter::copy_legal_entity(unit.connection(), &copy).await?;
            if event.is::<LegalEntityClosed>() {
                tasks::entity_closed(unit, copy.finess).await?;
            }
        }
        if event.is::<EstablishmentRegistered>()
            || event.is::<EstablishmentChanged>()
            || event.is::<EstablishmentClosed>()
        {
            let changed = event.decode::<EstablishmentChanged>()?;
            let site = changed.establishment.unwrap_or_default();
            let copy = convert::establishment_copy(&site).map_err(reject)?;
            rows::perimeter::copy_establishment(unit.connection(), &copy).await?;
            let is_transferred = changed
                .changed_fields
                .iter()
                .any(|field| field == "legal_entity");
            if event.is::<EstablishmentClosed>() || is_transferred {
                let news = SiteNews {
                    finess: copy.finess,
                    legal_entity: copy.legal_entity,
                    open: copy.open,
                };
                tasks::site_changed(unit, &news).await?;
            }
        }
        Ok(())
    }
}

/// Notes who conducts campaigns: they do not examine what these find.
#[derive(Debug, Clone, Copy)]
pub struct Campaigns;

impl Handler for Campaigns {
    async fn handle(&self, unit: &mut Unit, event: &Envelope) -> Result<(), Failure> {
        let campaign: CampaignId = event.aggregate.parse().map_err(reject)?;
        Ok(rows::review::copy_controller(unit.connection(), campaign, &event.actor).await?)
    }
}

/// Opens reviews and keeps their findings true. It can do nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Findings;

impl Handler for Findings {
    async fn handle(&self, unit: &mut Unit, event: &Envelope) -> Result<(), Failure> {
        let finding = event.aggregate.parse().map_err(reject)?;
        if event.is::<FindingRaised>() {
            let raised: FindingRaised = event.decode()?;
            let contract = raised.contract.parse().map_err(reject)?;
            let campaign = raised.campaign.parse().map_err(reject)?;
            let severity = severity(raised.severity())?;
            // Who controlled does not examine.
            for controller in &raised.controllers {
                rows::review::copy_controller(unit.connection(), campaign, &controller.subject)
                    .await?;
            }
            let year = raised.year;
            let raised = RaisedFinding {
                finding,
                objective: raised.objective,
                summary: raised.summary,
                severity,
                opposable: raised.opposable,
                penalty_eligible: raised.penalty_eligible,
                control: raised.control.parse().ok(),
            };
            return findings::attach(
                unit,
                findings::Target {
                    contract,
                    campaign,
                    year,
                },
                raised,
            )
            .await;
        }
        if event.is::<FindingCorrected>() {
            let corrected: FindingCorrected = event.decode()?;
            let contract = corrected.contract.parse().map_err(reject)?;
            let campaign = corrected.campaign.parse().map_err(reject)?;
            rows::review::copy_controller(unit.connection(), campaign, &event.actor).await?;
            let says = Corrected {
                severity: severity(corrected.severity())?,
                summary: corrected.summary,
                opposable: corrected.opposable,
                penalty_eligible: corrected.penalty_eligible,
            };
            let whose = (contract, campaign);
            return findings::amend(unit, whose, finding, (says, corrected.reasons)).await;
        }
        if event.is::<FindingWithdrawn>() {
            let withdrawn: FindingWithdrawn = event.decode()?;
            let contract = withdrawn.contract.parse().map_err(reject)?;
            let campaign = withdrawn.campaign.parse().map_err(reject)?;
            rows::review::copy_controller(unit.connection(), campaign, &event.actor).await?;
            return findings::detach(unit, (contract, campaign), finding, withdrawn.reasons).await;
        }
        Ok(())
    }
}
