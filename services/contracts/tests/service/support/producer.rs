//! The services whose events are listened to: what they publish, as they publish it.

use bus::Bus;
use kernel::new_id;
use proto::{
    controls::v1::{CampaignPlanned, FindingRaised, FindingWithdrawn},
    establishments::v1::{
        Establishment, EstablishmentChanged, EstablishmentClosed, EstablishmentRegistered,
        LegalEntity, LegalEntityChanged, LegalEntityClosed, LegalEntityRegistered, RegistryState,
    },
    json,
    types::v1::Severity,
};
use serde_json::json;

use super::{ENTITY, REGION};

/// An EHPAD of the first legal entity, in the Bouches-du-Rhône.
pub(crate) fn ehpad(finess: &str) -> Establishment {
    Establishment {
        name: format!("establishments/{finess}"),
        finess: finess.into(),
        legal_entity: format!("legalEntities/{ENTITY}"),
        title: "EHPAD de démonstration".into(),
        region: REGION.into(),
        department: "13".into(),
        category: "500".into(),
        state: RegistryState::Open.into(),
        ..Default::default()
    }
}

pub(crate) struct Producer {
    bus: Bus,
}

/// A finding on its way.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) name: String,
    pub(crate) contract: String,
    pub(crate) campaign: String,
    pub(crate) objective: &'static str,
    pub(crate) severity: Severity,
    pub(crate) opposable: bool,
}

impl Finding {
    pub(crate) fn new(contract: &str, campaign: &str) -> Self {
        Self {
            name: format!("findings/{}", new_id()),
            contract: contract.to_owned(),
            campaign: campaign.to_owned(),
            objective: "implantations",
            severity: Severity::Major,
            opposable: true,
        }
    }

    /// On a pilot indicator: it can be discussed and never sanctioned.
    pub(crate) fn not_opposable(mut self) -> Self {
        self.opposable = false;
        self
    }

    pub(crate) fn minor(mut self) -> Self {
        self.severity = Severity::Minor;
        self
    }

    pub(crate) fn about(mut self, objective: &'static str) -> Self {
        self.objective = objective;
        self
    }
}

impl Producer {
    pub(crate) async fn connect(url: &str) -> Self {
        let bus = Bus::connect(url, "producer", true).await.unwrap();
        for service in ["establishments", "controls"] {
            bus.ensure_stream(service).await.unwrap();
        }
        Self { bus }
    }

    pub(crate) async fn legal_entity(&self, finess: &str, version: i64, open: bool) {
        let state = if open {
            RegistryState::Open
        } else {
            RegistryState::Closed
        };
        let legal_entity = LegalEntity {
            name: format!("legalEntities/{finess}"),
            finess: finess.to_owned(),
            title: "CH de démonstration".to_owned(),
            region: REGION.to_owned(),
            state: state.into(),
            ..Default::default()
        };
        let name = legal_entity.name.clone();
        let event = LegalEntityRegistered {
            legal_entity: Some(legal_entity),
        };
        self.publish(
            "legal_entity",
            &name,
            version,
            "service:establishments",
            &event,
        )
        .await;
    }

    /// The registry has just changed the name of an entity.
    pub(crate) async fn renamed(&self, finess: &str, title: &str, version: i64) {
        let legal_entity = LegalEntity {
            name: format!("legalEntities/{finess}"),
            finess: finess.to_owned(),
            title: title.to_owned(),
            region: REGION.to_owned(),
            state: RegistryState::Open.into(),
            ..Default::default()
        };
        let name = legal_entity.name.clone();
        let event = LegalEntityChanged {
            legal_entity: Some(legal_entity),
            changed_fields: vec!["title".to_owned()],
        };
        let actor = "service:establishments";
        self.publish("legal_entity", &name, version, actor, &event)
            .await;
    }

    pub(crate) async fn establishment(
        &self,
        finess: &str,
        legal_entity: &str,
        region: &str,
        version: i64,
    ) {
        let establishment = Establishment {
            name: format!("establishments/{finess}"),
            finess: finess.to_owned(),
            legal_entity: format!("legalEntities/{legal_entity}"),
            title: "Site de démonstration".to_owned(),
            region: region.to_owned(),
            state: RegistryState::Open.into(),
            ..Default::default()
        };
        let name = establishment.name.clone();
        let event = EstablishmentRegistered {
            establishment: Some(establishment),
        };
        self.publish(
            "establishment",
            &name,
            version,
            "service:establishments",
            &event,
        )
        .await;
    }

    /// A site with its category and department, as the registry has just changed it.
    pub(crate) async fn site_changed(&self, site: Establishment, changed: &[&str], version: i64) {
        let name = site.name.clone();
        let kind = "establishment";
        let actor = "service:establishments";
        if site.state() == RegistryState::Closed {
            let event = EstablishmentClosed {
                establishment: Some(site),
            };
            return self.publish(kind, &name, version, actor, &event).await;
        }
        let event = EstablishmentChanged {
            establishment: Some(site),
            changed_fields: changed.iter().map(ToString::to_string).collect(),
        };
        self.publish(kind, &name, version, actor, &event).await;
    }

    pub(crate) async fn legal_entity_closed(&self, finess: &str, version: i64) {
        let legal_entity = LegalEntity {
            name: format!("legalEntities/{finess}"),
            finess: finess.to_owned(),
            title: "CH de démonstration".to_owned(),
            region: REGION.to_owned(),
            state: RegistryState::Closed.into(),
            ..Default::default()
        };
        let name = legal_entity.name.clone();
        let event = LegalEntityClosed {
            legal_entity: Some(legal_entity),
        };
        self.publish(
            "legal_entity",
            &name,
            version,
            "service:establishments",
            &event,
        )
        .await;
    }

    pub(crate) async fn campaign_planned(&self, campaign: &str, by: &str) {
        let event = CampaignPlanned {
            region: REGION.to_owned(),
            year: 2027,
            ..Default::default()
        };
        self.publish("campaign", campaign, 1, by, &event).await;
    }

    pub(crate) async fn raised(&self, finding: &Finding) {
        let event = FindingRaised {
            region: REGION.to_owned(),
            campaign: finding.campaign.clone(),
            contract: finding.contract.clone(),
            year: 2027,
            objective: finding.objective.to_owned(),
            severity: finding.severity.into(),
            opposable: finding.opposable,
            penalty_eligible: finding.opposable,
            summary: "Deux implantations autorisées ne sont pas mises en œuvre.".to_owned(),
            ..Default::default()
        };
        self.publish("finding", &finding.name, 1, "service:controls", &event)
            .await;
    }

    pub(crate) async fn withdrawn(&self, finding: &Finding) {
        let event = FindingWithdrawn {
            contract: finding.contract.clone(),
            campaign: finding.campaign.clone(),
            reasons: "Erreur de saisie.".to_owned(),
        };
        self.publish("finding", &finding.name, 2, "controller-1", &event)
            .await;
    }

    /// Publishes without a message id, so that the broker hides no duplicate from the service.
    async fn publish<M: prost::Message + prost::Name>(
        &self,
        kind: &str,
        aggregate: &str,
        version: i64,
        actor: &str,
        event: &M,
    ) {
        let envelope = json!({
            "specversion": "1.0",
            "id": new_id(),
            "source": "/cpom/test",
            "type": M::full_name(),
            "subject": aggregate,
            "time": "2026-03-10T09:00:00Z",
            "datacontenttype": "application/json",
            "aggregatekind": kind,
            "aggregateversion": version.to_string(),
            "root": aggregate,
            "region": REGION,
            "actor": actor,
            "actorkind": "service",
            "actorrole": "service",
            "data": json::to_value(event, false).unwrap(),
        });
        let subject = store::subject(kind, aggregate, &M::full_name());
        let body = serde_json::to_vec(&envelope).unwrap();
        let sent = self
            .bus
            .context()
            .publish(subject, body.into())
            .await
            .unwrap();
        sent.await.unwrap();
    }
}
