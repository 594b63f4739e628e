//! The usual way of a procedure, step by step, and what surrounds it.

use contracts::{domain::Procedure as Aggregate, store as rows};
use proto::contracts::v1::{
    AcknowledgeObservationsRequest, AnswerFormalNoticeRequest, Channel, DecideProcedureRequest,
    DropProcedureRequest, FileAppealRequest, GiveDeliveryConsentRequest, ListDeadlinesRequest,
    NotifyDecisionRequest, OpenProcedureRequest, Outcome, Procedure, RecordAppealOutcomeRequest,
    RecordPaymentRequest, SendFormalNoticeRequest, deadline_service_client::DeadlineServiceClient,
    delivery_consent_service_client::DeliveryConsentServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, request_id};
use tonic::Status;

use super::{ENTITY, Finding, SITE, World, campaign, director, director_general, manager};

impl World {
    pub(crate) fn deadlines(&self, persona: &Persona) -> DeadlineServiceClient<Peer> {
        DeadlineServiceClient::new(self.service.peer(persona))
    }

    /// Days on which something of a kind is due, as somebody reads them.
    pub(crate) async fn due_days(&self, who: &Persona, kind: &str) -> Vec<String> {
        let request = ListDeadlinesRequest {
            kind: kind.to_owned(),
            ..Default::default()
        };
        let mut client = self.deadlines(who);
        let listed = client.list_deadlines(request).await.unwrap().into_inner();
        let days = listed.deadlines.into_iter();
        days.map(|deadline| deadline.due_date).collect()
    }

    /// The legal entity consents to the portal.
    pub(crate) async fn consent(&self, who: &Persona) {
        let request = GiveDeliveryConsentRequest {
            name: format!("legalEntities/{ENTITY}/deliveryConsent"),
            etag: String::new(),
            email: "direction@ch-demo.example".into(),
            request_id: request_id(),
        };
        DeliveryConsentServiceClient::new(self.service.peer(who))
            .give_delivery_consent(request)
            .await
            .unwrap();
    }

    /// The row of a review is what its history tells.
    pub(crate) async fn replays(&self, review: &str) {
        let mut connection = self
            .service
            .running
            .runtime
            .db
            .pool()
            .acquire()
            .await
            .unwrap();
        let row = rows::review::find(&mut connection, review.parse().unwrap())
            .await
            .unwrap();
        assert_eq!(row, Some(self.replayed_review(review).await));
    }

    /// The row of a procedure is what its history tells after `proposed`.
    pub(crate) async fn procedure_replays(&self, name: &str, proposed: Aggregate) {
        let row = self.procedure_row(name).await;
        assert_eq!(row, self.replayed_procedure(name, proposed).await);
    }

    pub(crate) async fn procedure_row(&self, name: &str) -> Aggregate {
        let mut connection = self
            .service
            .running
            .runtime
            .db
            .pool()
            .acquire()
            .await
            .unwrap();
        rows::procedure::find(&mut connection, name.parse().unwrap())
            .await
            .unwrap()
            .unwrap()
    }

    /// A penalty that a manager proposed, for a legal entity that consents to the portal.
    pub(crate) async fn proposed(&self) -> Procedure {
        let contract = self.in_force(&[SITE]).await;
        self.consent(&director()).await;
        self.proposed_on(&contract.name).await
    }

    pub(crate) async fn proposed_on(&self, contract: &str) -> Procedure {
        let findings = [Finding::new(contract, &campaign())];
        let review = self.examined(&findings).await;
        let review = self
            .conclude(&review, Outcome::SanctionProposed, &manager())
            .await
            .unwrap();
        let name = review.conclusion.unwrap().procedure;
        let request = proto::contracts::v1::GetProcedureRequest { name };
        self.procedures(&director_general())
            .get_procedure(request)
            .await
            .unwrap()
            .into_inner()
    }

    pub(crate) async fn open(&self, it: &Procedure, who: &Persona) -> Result<Procedure, Status> {
        let request = OpenProcedureRequest {
            name: it.name.clone(),
            etag: it.etag.clone(),
            reasons: "Le dossier est constitué.".into(),
            request_id: request_id(),
        };
        let mut client = self.procedures(who);
        Ok(client.open_procedure(request).await?.into_inner())
    }

    pub(crate) async fn give_notice(&self, it: &Procedure) -> Result<Procedure, Status> {
        let request = SendFormalNoticeRequest {
            name: it.name.clone(),
            etag: it.etag.clone(),
            reasons: "Deux implantations ne sont pas mises en œuvre.".into(),
            measures: "Les mettre en œuvre ou s’en expliquer.".into(),
            channel: Channel::Portal.into(),
            request_id: request_id(),
        };
        let mut client = self.procedures(&director_general());
        Ok(client.send_formal_notice(request).await?.into_inner())
    }

    pub(crate) async fn answer_notice(&self, it: &Procedure) -> Result<Procedure, Status> {
        let request = AnswerFormalNoticeRequest {
            name: it.name.clone(),
            etag: it.etag.clone(),
            text: "Les travaux s’achèvent.".into(),
            attachments: vec![],
            request_id: request_id(),
        };
        let mut client = self.procedures(&director());
        Ok(client.answer_formal_notice(request).await?.into_inner())
    }

    pub(crate) async fn acknowledge(&self, it: &Procedure) -> Result<Procedure, Status> {
        let request = AcknowledgeObservationsRequest {
            name: it.name.clone(),
            etag: it.etag.clone(),
            request_id: request_id(),
        };
        let mut client = self.procedures(&director_general());
        Ok(client.acknowledge_observations(request).await?.into_inner())
    }

    pub(crate) async fn drop_it(&self, it: &Procedure) -> Result<Procedure, Status> {
        let request = DropProcedureRequest {
            name: it.name.clone(),
            etag: it.etag.clone(),
            reasons: "Les mesures demandées sont prises.".into(),
            request_id: request_id(),
        };
        let mut client = self.procedures(&director_general());
        Ok(client.drop_procedure(request).await?.into_inner())
    }

    pub(crate) async fn decide(
        &self,
        it: &Procedure,
        amount: &str,
        who: &Persona,
    ) -> Result<Procedure, Status> {
        let request = DecideProcedureRequest {
            name: it.name.clone(),
            etag: it.etag.clone(),
            reasons: "Le manquement n’est pas justifié.".into(),
            amount_eur: amount.into(),
            legal_entity: format!("legalEntities/{ENTITY}"),
            base_eur: "1000000.00".into(),
            base_source: "Compte financier 2025".into(),
            termination_date: String::new(),
            request_id: request_id(),
        };
        let mut client = self.procedures(who);
        Ok(client.decide_procedure(request).await?.into_inner())
    }

    pub(crate) async fn notify_decision(&self, it: &Procedure) -> Result<Procedure, Status> {
        let request = NotifyDecisionRequest {
            name: it.name.clone(),
            etag: it.etag.clone(),
            channel: Channel::Portal.into(),
            request_id: request_id(),
        };
        let mut client = self.procedures(&manager());
        Ok(client.notify_decision(request).await?.into_inner())
    }

    pub(crate) async fn pay(&self, it: &Procedure, amount: &str) -> Result<Procedure, Status> {
        let request = RecordPaymentRequest {
            name: it.name.clone(),
            etag: it.etag.clone(),
            amount_eur: amount.into(),
            date: "2026-03-10".into(),
            reference: "Titre 12".into(),
            request_id: request_id(),
        };
        let mut client = self.procedures(&manager());
        Ok(client.record_payment(request).await?.into_inner())
    }

    pub(crate) async fn appeal(&self, it: &Procedure) -> Result<Procedure, Status> {
        let request = FileAppealRequest {
            name: it.name.clone(),
            etag: it.etag.clone(),
            kind: proto::contracts::v1::AppealKind::Judicial.into(),
            date: "2026-04-20".into(),
            grounds: "Erreur d’appréciation.".into(),
            request_id: request_id(),
        };
        let mut client = self.procedures(&director());
        Ok(client.file_appeal(request).await?.into_inner())
    }

    pub(crate) async fn end_appeal(
        &self,
        it: &Procedure,
        outcome: proto::contracts::v1::AppealOutcome,
        reduced: &str,
    ) -> Result<Procedure, Status> {
        let request = RecordAppealOutcomeRequest {
            name: it.name.clone(),
            etag: it.etag.clone(),
            rank: 1,
            outcome: outcome.into(),
            date: "2026-04-21".into(),
            reasons: "Jugement du tribunal administratif.".into(),
            reduced_amount_eur: reduced.into(),
            request_id: request_id(),
        };
        let mut client = self.procedures(&manager());
        Ok(client.record_appeal_outcome(request).await?.into_inner())
    }
}
