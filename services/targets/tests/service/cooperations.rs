use proto::targets::v1::{
    Cooperation, CooperationContent, CooperationKind, CooperationState, EndCooperationRequest,
    ExpectedSaving, GetSavingsReportRequest, ListCooperationsRequest, ObtainedSaving,
    RecordSavingsRequest, RegisterCooperationRequest, ReviseCooperationRequest,
    cooperation_service_client::CooperationServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, reason, request_id, wrong_fields};
use tonic::{Code, Status};

use crate::world::{Contract, OTHER_SITE, SITE, World, contract_manager, stays};

fn content(contracts: Vec<String>) -> CooperationContent {
    CooperationContent {
        kind: CooperationKind::Gcsms.into(),
        title: "GCSMS du Var".to_owned(),
        purpose: "Paie, achats et astreintes de nuit".to_owned(),
        members: vec![SITE.to_owned(), OTHER_SITE.to_owned()],
        contracts,
        start_date: "2023-01-01".to_owned(),
        decision: "Convention constitutive du 3 novembre 2022".to_owned(),
        expected: [(2023, "-20000"), (2024, "50000.50")]
            .map(|(year, amount)| ExpectedSaving {
                year,
                amount: amount.to_owned(),
                basis: "PGFP".to_owned(),
            })
            .to_vec(),
    }
}

impl World {
    fn cooperations(&self, persona: &Persona) -> CooperationServiceClient<Peer> {
        CooperationServiceClient::new(self.service.peer(persona))
    }

    async fn cooperate(&self, content: CooperationContent) -> Result<Cooperation, Status> {
        let request = RegisterCooperationRequest {
            region: "93".to_owned(),
            content: Some(content),
            request_id: request_id(),
        };
        let mut client = self.cooperations(&contract_manager());
        Ok(client.register_cooperation(request).await?.into_inner())
    }

    async fn save(
        &self,
        cooperation: &Cooperation,
        year: i32,
        amount: &str,
    ) -> Result<Cooperation, Status> {
        let request = RecordSavingsRequest {
            name: cooperation.name.clone(),
            etag: cooperation.etag.clone(),
            saving: Some(ObtainedSaving {
                year,
                amount: amount.to_owned(),
                source: "ERRD".to_owned(),
                recorded_by: String::new(),
            }),
            request_id: request_id(),
        };
        let mut client = self.cooperations(&contract_manager());
        Ok(client.record_savings(request).await?.into_inner())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn members_and_contracts_are_known_before_a_cooperation_is_registered() {
    let world = World::new().await;
    let unknown = world
        .cooperate(content(vec![Contract::new().name()]))
        .await
        .unwrap_err();
    assert_eq!(
        wrong_fields(&unknown),
        [
            "content.members[0]",
            "content.members[1]",
            "content.contracts[0]"
        ]
    );
    world.register(SITE, "13055").await;
    world.register(OTHER_SITE, "83137").await;
    let contract = Contract::new();
    world
        .contract_in_force(&contract, vec![stays("a", SITE)])
        .await;
    let registered = world
        .cooperate(content(vec![contract.name()]))
        .await
        .unwrap();
    assert_eq!(registered.state(), CooperationState::Active);
    let machine = Persona::system("contract_manager").region("93");
    let by_machine = world
        .cooperations(&machine)
        .register_cooperation(RegisterCooperationRequest {
            region: "93".to_owned(),
            content: Some(content(Vec::new())),
            request_id: request_id(),
        })
        .await
        .unwrap_err();
    assert_eq!(by_machine.code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread")]
async fn savings_are_corrected_by_year_and_a_year_nobody_told_is_not_zero() {
    let world = World::new().await;
    world.register(SITE, "13055").await;
    world.register(OTHER_SITE, "83137").await;
    let one = world.cooperate(content(Vec::new())).await.unwrap();
    world.cooperate(content(Vec::new())).await.unwrap();
    let told = world.save(&one, 2023, "-30000").await.unwrap();
    let stale = world.save(&one, 2023, "1").await.unwrap_err();
    assert_eq!(stale.code(), Code::Aborted);
    let corrected = world.save(&told, 2023, "-25000.25").await.unwrap();
    assert_eq!(corrected.obtained.len(), 1);
    assert!(!corrected.obtained[0].recorded_by.is_empty());
    let before = world.save(&corrected, 2022, "1").await.unwrap_err();
    assert_eq!(wrong_fields(&before), ["saving.year"]);

    let request = GetSavingsReportRequest {
        region: "93".to_owned(),
    };
    let mut client = world.cooperations(&contract_manager());
    let report = client
        .get_savings_report(request)
        .await
        .unwrap()
        .into_inner();
    let rows: Vec<_> = report
        .years
        .iter()
        .map(|year| {
            (
                year.year,
                year.expected.as_str(),
                year.obtained.as_str(),
                year.cooperations_expecting,
                year.cooperations_told,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (2023, "-40000", "-25000.25", 2, 1),
            (2024, "100001.00", "", 2, 0)
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cooperation_ends_with_its_reasons_and_its_last_accounts_may_still_come() {
    let world = World::new().await;
    world.register(SITE, "13055").await;
    world.register(OTHER_SITE, "83137").await;
    let registered = world.cooperate(content(Vec::new())).await.unwrap();
    let end = |etag: &str, end_date: &str| EndCooperationRequest {
        name: registered.name.clone(),
        etag: etag.to_owned(),
        end_date: end_date.to_owned(),
        reasons: "Retrait d’un membre".to_owned(),
        request_id: request_id(),
    };
    let mut client = world.cooperations(&contract_manager());
    let too_early = client
        .end_cooperation(end(&registered.etag, "2022-12-31"))
        .await
        .unwrap_err();
    assert_eq!(wrong_fields(&too_early), ["end_date"]);
    let ended = client
        .end_cooperation(end(&registered.etag, "2024-12-31"))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(ended.end_reasons, "Retrait d’un membre");
    let revise = ReviseCooperationRequest {
        name: ended.name.clone(),
        etag: ended.etag.clone(),
        content: Some(content(Vec::new())),
        request_id: request_id(),
    };
    let refused = client.revise_cooperation(revise).await.unwrap_err();
    assert_eq!(reason(&refused), "COOPERATION_ENDED");
    world.save(&ended, 2024, "1000").await.unwrap();

    let active = ListCooperationsRequest {
        region: "93".to_owned(),
        state: CooperationState::Active.into(),
        ..Default::default()
    };
    let listed = client.list_cooperations(active).await.unwrap();
    assert!(listed.into_inner().cooperations.is_empty());
    let history = world.history(&registered.name).await;
    let ending = history
        .iter()
        .find(|event| event.r#type.ends_with("CooperationEnded"));
    assert_eq!(ending.unwrap().reason, "Retrait d’un membre");
}
