use futures::future::join_all;
use proto::targets::v1::{
    CreditEngagement, CreditEngagementState, CreditEnvelope, EngageCreditsRequest,
    GetCreditEnvelopeRequest, GetCreditPositionRequest, ListCreditEngagementsRequest,
    OpenCreditEnvelopeRequest, RecordCreditsRequest, ReleaseCreditsRequest,
    credit_service_client::CreditServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, reason, request_id};
use time::macros::datetime;
use tonic::{Code, Status};

use crate::world::{World, contract_manager, manager};

impl World {
    fn credits(&self, persona: &Persona) -> CreditServiceClient<Peer> {
        CreditServiceClient::new(self.service.peer(persona))
    }

    async fn envelope(&self, origin: &str, amount: &str) -> Result<CreditEnvelope, Status> {
        let request = OpenCreditEnvelopeRequest {
            region: "93".to_owned(),
            year: 2024,
            origin: origin.to_owned(),
            title: "Plan Alzheimer".to_owned(),
            amount: amount.to_owned(),
            decision: "Notification du 12 mars 2024".to_owned(),
            request_id: request_id(),
        };
        let mut client = self.credits(&manager());
        Ok(client.open_credit_envelope(request).await?.into_inner())
    }

    async fn engage(&self, envelope: &str, amount: &str) -> Result<CreditEngagement, Status> {
        let request = EngageCreditsRequest {
            envelope: envelope.to_owned(),
            amount: amount.to_owned(),
            purpose: "Dix places de PASA".to_owned(),
            finess: String::new(),
            decision: "Engagement 2024-17".to_owned(),
            request_id: request_id(),
        };
        let mut client = self.credits(&contract_manager());
        Ok(client.engage_credits(request).await?.into_inner())
    }

    async fn read_envelope(&self, name: &str) -> CreditEnvelope {
        let request = GetCreditEnvelopeRequest {
            name: name.to_owned(),
        };
        let mut client = self.credits(&manager());
        client
            .get_credit_envelope(request)
            .await
            .unwrap()
            .into_inner()
    }

    async fn release(
        &self,
        engagement: &CreditEngagement,
        amount: &str,
    ) -> Result<CreditEngagement, Status> {
        let request = ReleaseCreditsRequest {
            name: engagement.name.clone(),
            etag: engagement.etag.clone(),
            amount: amount.to_owned(),
            reasons: "Projet reporté".to_owned(),
            request_id: request_id(),
        };
        let mut client = self.credits(&contract_manager());
        Ok(client.release_credits(request).await?.into_inner())
    }

    /// Credited, engaged and available on a day.
    async fn balances(&self, as_of: &str) -> Vec<(String, String, String)> {
        let request = GetCreditPositionRequest {
            region: "93".to_owned(),
            as_of: as_of.to_owned(),
        };
        let mut client = self.credits(&manager());
        let position = client.get_credit_position(request).await.unwrap();
        position
            .into_inner()
            .balances
            .into_iter()
            .map(|line| (line.credited, line.engaged, line.available))
            .collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_engaged_and_released_moves_what_is_available_to_the_cent() {
    let world = World::new().await;
    let envelope = world.envelope("CNSA", "1000.10").await.unwrap();
    let twice = world.envelope("CNSA", "5").await.unwrap_err();
    assert_eq!(reason(&twice), "CREDIT_ENVELOPE_EXISTS");
    let engaged = world.engage(&envelope.name, "1000.00").await.unwrap();
    let refused = world.engage(&envelope.name, "0.11").await.unwrap_err();
    assert_eq!(reason(&refused), "CREDITS_OVERCOMMITTED");
    assert!(refused.message().contains("0.10"), "{refused}");

    let taken_back = RecordCreditsRequest {
        name: envelope.name.clone(),
        etag: envelope.etag.clone(),
        amount: "-0.11".to_owned(),
        decision: "Gel".to_owned(),
        request_id: request_id(),
    };
    let mut client = world.credits(&manager());
    let refused = client.record_credits(taken_back.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "CREDITS_OVERCOMMITTED");
    let smaller = RecordCreditsRequest {
        amount: "-0.10".to_owned(),
        ..taken_back
    };
    client.record_credits(smaller).await.unwrap();

    let partly = world.release(&engaged, "400.25").await.unwrap();
    assert_eq!(
        (partly.state(), partly.outstanding.as_str()),
        (CreditEngagementState::Engaged, "599.75")
    );
    let too_much = world.release(&partly, "599.76").await.unwrap_err();
    assert_eq!(reason(&too_much), "RELEASE_TOO_MUCH");
    let cancelled = world.release(&partly, "").await.unwrap();
    assert_eq!(cancelled.state(), CreditEngagementState::Released);
    assert_eq!(cancelled.releases[1].reasons, "Projet reporté");
    let again = world.release(&cancelled, "").await.unwrap_err();
    assert_eq!(reason(&again), "RELEASE_TOO_MUCH");

    let read = world.read_envelope(&envelope.name).await;
    assert_eq!(
        (
            read.credited.as_str(),
            read.engaged.as_str(),
            read.available.as_str()
        ),
        ("1000.00", "0.00", "1000.00")
    );
    let types: Vec<String> = world
        .history(&engaged.name)
        .await
        .iter()
        .map(|event| event.r#type.rsplit('.').next().unwrap().to_owned())
        .collect();
    assert_eq!(
        types,
        ["CreditsEngaged", "CreditsReleased", "CreditsReleased"]
    );
    let released = ListCreditEngagementsRequest {
        region: "93".to_owned(),
        state: CreditEngagementState::Engaged.into(),
        ..Default::default()
    };
    let listed = client.list_credit_engagements(released).await.unwrap();
    assert!(listed.into_inner().engagements.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_engagements_at_once_only_those_that_fit_are_taken() {
    let world = World::new().await;
    let envelope = world.envelope("CNSA", "1000").await.unwrap();
    let asked = (0..12).map(|_| world.engage(&envelope.name, "300"));
    let answers = join_all(asked).await;
    let taken = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(taken, 3);
    for refused in answers.into_iter().filter_map(Result::err) {
        assert_eq!(reason(&refused), "CREDITS_OVERCOMMITTED", "{refused}");
    }
    let read = world.read_envelope(&envelope.name).await;
    assert_eq!(
        (read.engaged.as_str(), read.available.as_str()),
        ("900", "100")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_refuses_the_engagement_too_many_whatever_the_code_does() {
    let world = World::new().await;
    let envelope = world.envelope("CNSA", "1000").await.unwrap();
    let insert = |amount: &'static str| {
        let envelope = envelope.name.clone();
        let world = &world;
        async move {
            let mut owner = world.service.database.owner().await;
            sqlx::query(
                "insert into credit_engagement (id, version, region, state, record, created_at, updated_at)
                 values (
                     gen_random_uuid(), 1, '93', 'engaged',
                     jsonb_build_object('envelope', $1::text, 'amount', $2::text, 'outstanding', $2::text),
                     now(), now()
                 )",
            )
            .bind(envelope)
            .bind(amount)
            .execute(&mut owner)
            .await
        }
    };
    let at_once = join_all((0..4).map(|_| insert("300"))).await;
    let constraints: Vec<String> = at_once
        .into_iter()
        .filter_map(Result::err)
        .map(|error| {
            let told = error.as_database_error().unwrap();
            told.constraint().unwrap_or_default().to_owned()
        })
        .collect();
    assert_eq!(constraints, ["credit_envelope_available_check"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_is_read_as_it_was_on_any_day_and_only_by_people_of_the_region() {
    // Midnight has passed in Marseille, and not yet in Greenwich.
    let world = World::starting_at(datetime!(2024-03-11 23:30 UTC)).await;
    let envelope = world.envelope("CNSA", "1000").await.unwrap();
    let engaged = world.engage(&envelope.name, "400").await.unwrap();
    assert_eq!(engaged.day, "2024-03-12");
    assert!(world.balances("2024-03-11").await.is_empty());
    let now = world.balances("").await;
    let line = |credited: &str, engaged: &str, available: &str| {
        vec![(
            credited.to_owned(),
            engaged.to_owned(),
            available.to_owned(),
        )]
    };
    assert_eq!(now, line("1000", "400", "600"));
    world
        .service
        .setup
        .advance(time::Duration::days(40))
        .unwrap();
    world.release(&engaged, "150").await.unwrap();
    assert_eq!(world.balances("").await, line("1000", "250", "750"));
    assert_eq!(
        world.balances(&engaged.day).await,
        line("1000", "400", "600")
    );

    let elsewhere = Persona::human("manager").region("94");
    let request = GetCreditEnvelopeRequest {
        name: envelope.name,
    };
    let unseen = world
        .credits(&elsewhere)
        .get_credit_envelope(request)
        .await
        .unwrap_err();
    assert_eq!(unseen.code(), Code::NotFound);
}
