use proto::targets::v1::{
    Allowance, Capacity, CapacityKind, CarePublic, ComputeEhpadModulationRequest, Funding,
    FundingKind, GetMeansAndResultsRequest, ListAllowancesRequest, ListCapacitiesRequest,
    ListWaitingListsRequest, ReceptionMode, RecordAllowancesRequest, RecordFundingsRequest,
    RecordWaitingListsRequest, WaitingList, funding_service_client::FundingServiceClient,
    waiting_list_service_client::WaitingListServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, reason, request_id, wrong_fields};
use tonic::{Code, Status};

use crate::world::{Contract, OTHER_SITE, SITE, World, contract_manager, director, stays};

fn waiting(establishment: &str, day: &str, persons: i32) -> WaitingList {
    WaitingList {
        establishment: establishment.to_owned(),
        mode: ReceptionMode::Permanent.into(),
        public: CarePublic::OlderPeople.into(),
        day: day.to_owned(),
        persons,
        source: "ViaTrajectoire".to_owned(),
    }
}

fn allowance(year: i32, care: &str) -> Allowance {
    Allowance {
        establishment: SITE.to_owned(),
        year,
        care_allowance: care.to_owned(),
        equation_result: "1300000.00".to_owned(),
        dependence_allowance: "400000.00".to_owned(),
        decision: "Décision tarifaire".to_owned(),
    }
}

/// Places whose public is left to their category.
fn place(category: &str) -> Capacity {
    Capacity {
        establishment: SITE.to_owned(),
        line: format!("line-{category}"),
        category: category.to_owned(),
        kind: CapacityKind::Authorised.into(),
        mode: ReceptionMode::Permanent.into(),
        places: 80,
        valid_from: "2017-01-01".to_owned(),
        commune: "13055".to_owned(),
        decision: "Arrêté".to_owned(),
        ..Default::default()
    }
}

impl World {
    fn waiting_lists(&self, persona: &Persona) -> WaitingListServiceClient<Peer> {
        WaitingListServiceClient::new(self.service.peer(persona))
    }

    fn fundings(&self, persona: &Persona) -> FundingServiceClient<Peer> {
        FundingServiceClient::new(self.service.peer(persona))
    }

    async fn wait_for_places(&self, waiting_lists: Vec<WaitingList>) -> Result<i32, Status> {
        let request = RecordWaitingListsRequest {
            region: "93".to_owned(),
            waiting_lists,
            request_id: request_id(),
        };
        let mut client = self.waiting_lists(&contract_manager());
        Ok(client
            .record_waiting_lists(request)
            .await?
            .into_inner()
            .lines)
    }

    async fn allow(&self, allowances: Vec<Allowance>) -> Result<String, Status> {
        let request = RecordAllowancesRequest {
            region: "93".to_owned(),
            allowances,
            request_id: request_id(),
        };
        let mut client = self.fundings(&contract_manager());
        Ok(client.record_allowances(request).await?.into_inner().name)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_waiting_list_counts_and_an_establishment_reads_its_own() {
    let world = World::new().await;
    let unknown = world
        .wait_for_places(vec![waiting(SITE, "2024-01-01", 3)])
        .await
        .unwrap_err();
    assert_eq!(wrong_fields(&unknown), ["waiting_lists[0].establishment"]);
    world.register(SITE, "13055").await;
    world.register(OTHER_SITE, "83137").await;
    let twice = vec![
        waiting(SITE, "2024-01-01", 3),
        waiting(SITE, "2024-01-01", 4),
    ];
    let refused = world.wait_for_places(twice).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["waiting_lists[1]"]);
    let lists = vec![
        waiting(SITE, "2024-01-01", 30),
        waiting(SITE, "2024-06-01", 12),
        waiting(OTHER_SITE, "2024-01-01", 7),
    ];
    assert_eq!(world.wait_for_places(lists).await.unwrap(), 3);
    world
        .wait_for_places(vec![waiting(SITE, "2024-06-01", 15)])
        .await
        .unwrap();
    let read = |persona: Persona, as_of: &str| {
        let request = ListWaitingListsRequest {
            region: "93".to_owned(),
            as_of: as_of.to_owned(),
            ..Default::default()
        };
        let mut client = world.waiting_lists(&persona);
        async move {
            let listed = client.list_waiting_lists(request).await.unwrap();
            let lists = listed.into_inner().waiting_lists;
            lists
                .into_iter()
                .map(|list| list.persons)
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(read(contract_manager(), "2024-03-01").await, [30, 7]);
    assert_eq!(read(contract_manager(), "2024-07-01").await, [15, 7]);
    assert_eq!(read(director(OTHER_SITE), "2024-07-01").await, [7]);
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_show_who_waits_where_it_is_told_and_what_the_scheme_aims_at() {
    let world = World::new().await;
    world.adopted_scheme().await;
    world.installed().await;
    let before = world.needs(Vec::new()).await.unwrap();
    let var = before
        .territories
        .iter()
        .find(|row| row.title == "83")
        .unwrap();
    assert_eq!((var.waiting_persons.as_str(), var.establishments), ("", 1));
    // The scheme began in November 2023: on the first of January 2023 it aims at nothing yet.
    assert_eq!(var.home_share_target_percent, "");

    let establishment = "690781810";
    world
        .wait_for_places(vec![waiting(establishment, "2022-12-01", 0)])
        .await
        .unwrap();
    let after = world.needs_on("2024-01-01").await.unwrap();
    let told: Vec<(&str, &str, i32, &str)> = after
        .territories
        .iter()
        .filter(|row| ["06", "83"].contains(&row.title.as_str()))
        .map(|row| {
            (
                row.title.as_str(),
                row.waiting_persons.as_str(),
                row.establishments_with_waiting_list,
                row.home_share_target_percent.as_str(),
            )
        })
        .collect();
    assert_eq!(told, [("06", "", 0, ""), ("83", "0", 1, "25.5")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn allowances_are_kept_from_year_to_year_and_a_modulation_starts_from_them() {
    let world = World::new().await;
    let places = [CapacityKind::Authorised, CapacityKind::Financed].map(|kind| Capacity {
        kind: kind.into(),
        ..place("500")
    });
    world.record(places.to_vec()).await.unwrap();
    let compute = ComputeEhpadModulationRequest {
        establishment: SITE.to_owned(),
        tariff_year: 2025,
        activity_year: 2024,
        ..Default::default()
    };
    let mut client = world.capacities(&contract_manager());
    let unknown = client
        .compute_ehpad_modulation(compute.clone())
        .await
        .unwrap_err();
    assert_eq!(reason(&unknown), "ALLOWANCE_UNKNOWN");
    let half = ComputeEhpadModulationRequest {
        care_allowance: "1.00".to_owned(),
        ..compute.clone()
    };
    let refused = client.compute_ehpad_modulation(half).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["equation_result"]);

    let stated = vec![allowance(2024, "1200000.00"), allowance(2025, "1.00")];
    let name = world.allow(stated).await.unwrap();
    world
        .allow(vec![allowance(2025, "1234567.00")])
        .await
        .unwrap();
    assert!(
        world.history(&name).await[0]
            .r#type
            .ends_with("AllowancesRecorded")
    );
    let listed = world
        .fundings(&director(SITE))
        .list_allowances(ListAllowancesRequest {
            establishment: SITE.to_owned(),
        })
        .await
        .unwrap()
        .into_inner();
    let years: Vec<(i32, &str, &str)> = listed
        .years
        .iter()
        .map(|year| {
            (
                year.allowance.as_ref().unwrap().year,
                year.convergence_percent.as_str(),
                year.change_points.as_str(),
            )
        })
        .collect();
    assert_eq!(years, [(2024, "92.31", ""), (2025, "94.97", "2.66")]);
    let not_theirs = world
        .fundings(&director(OTHER_SITE))
        .list_allowances(ListAllowancesRequest {
            establishment: SITE.to_owned(),
        })
        .await
        .unwrap_err();
    assert_eq!(not_theirs.code(), Code::NotFound);

    world
        .realised(&[
            ("EHPAD_PRESENCE_DAYS", "26000"),
            ("EHPAD_SHORT_ABSENCE_DAYS", "760"),
        ])
        .await;
    let proposal = client
        .compute_ehpad_modulation(compute)
        .await
        .unwrap()
        .into_inner();
    let amounts: Vec<&str> = proposal
        .sections
        .iter()
        .map(|section| section.amount.as_str())
        .collect();
    assert_eq!(proposal.convergence_percent, "94.97");
    assert_eq!(amounts, ["1234567.00", "400000.00"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_of_places_is_that_of_their_category_unless_it_is_given() {
    let world = World::new().await;
    let for_children = Capacity {
        public: CarePublic::DisabledChildren.into(),
        ..place("379")
    };
    world
        .record(vec![place("500"), for_children])
        .await
        .unwrap();
    let request = ListCapacitiesRequest {
        region: "93".to_owned(),
        ..Default::default()
    };
    let mut client = world.capacities(&contract_manager());
    let listed = client.list_capacities(request).await.unwrap().into_inner();
    let publics: Vec<CarePublic> = listed
        .capacities
        .iter()
        .map(proto::targets::v1::Capacity::public)
        .collect();
    assert_eq!(
        publics,
        [CarePublic::DisabledChildren, CarePublic::OlderPeople]
    );
    // A SSIAD serves older and disabled people: nobody can tell from its category.
    let refused = world.record(vec![place("354")]).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["capacities[0].public"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn means_stand_beside_results_and_what_nobody_recorded_is_missing() {
    let world = World::new().await;
    let contract = Contract::new();
    world
        .contract_in_force(&contract, vec![stays("a", SITE)])
        .await;
    let mut client = world.fundings(&contract_manager());
    let request = GetMeansAndResultsRequest {
        contract: contract.name(),
        year: 2024,
    };
    let empty = client
        .get_means_and_results(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert!(empty.means.is_empty());
    assert_eq!(empty.results.unwrap().objectives.len(), 1);

    let funding = |contract: &str, year, kind: FundingKind, amount: &str| Funding {
        contract: contract.to_owned(),
        year,
        kind: kind.into(),
        amount: amount.to_owned(),
        source: "Décision tarifaire".to_owned(),
    };
    let record = |fundings| RecordFundingsRequest {
        region: "93".to_owned(),
        fundings,
        request_id: request_id(),
    };
    let stranger = Contract::new().name();
    let refused = client
        .record_fundings(record(vec![funding(
            &stranger,
            2024,
            FundingKind::Care,
            "1",
        )]))
        .await
        .unwrap_err();
    assert_eq!(wrong_fields(&refused), ["fundings[0].contract"]);
    let name = contract.name();
    let fundings = vec![
        funding(&name, 2024, FundingKind::Care, "1000000.00"),
        funding(&name, 2023, FundingKind::Care, "980000.00"),
        funding(&name, 2022, FundingKind::Care, "1.00"),
        funding(&name, 2024, FundingKind::OneOff, "5000.50"),
    ];
    client.record_fundings(record(fundings)).await.unwrap();
    let shown = client
        .get_means_and_results(request)
        .await
        .unwrap()
        .into_inner();
    let means: Vec<(i32, &str)> = shown
        .means
        .iter()
        .map(|funding| (funding.year, funding.amount.as_str()))
        .collect();
    assert_eq!(
        means,
        [(2023, "980000.00"), (2024, "1000000.00"), (2024, "5000.50")]
    );
}
