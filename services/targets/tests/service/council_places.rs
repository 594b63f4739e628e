//! Places, occupancy, needs and tariffs as a departmental council reads them: of the sites of the contracts that it signs, and of
//! the territories that lie in its département.

use proto::targets::v1::{
    Capacity, CapacityKind, CarePublic, CompareIndicatorRequest, CompareOccupancyRequest,
    ComparedFigure, ComputeEhpadModulationRequest, ComputeTariffEquationRequest, GetNeedsRequest,
    GetOccupancyRequest, GetPlanReportRequest, ListCapacitiesRequest,
    ListModulationParametersRequest, ListModulationWaiversRequest, ListPointValuesRequest,
    ListWaitingListsRequest, Needs, PointValue, ReceptionMode, RecordPointValuesRequest,
    RecordWaitingListsRequest, TariffOption, WaitingList, WaiveModulationRequest, WaiverReason,
    needs_service_client::NeedsServiceClient,
    waiting_list_service_client::WaitingListServiceClient,
};
use testkit::{Persona, request_id};
use tonic::{Code, Status};

use crate::{
    capacities::authorised_and_financed,
    departments::{Walk, officer, president, shared},
    needs::VERSION,
    world::{OTHER_SITE, SITE, World, contract_manager, number, stays, system, value},
};

const REGION: &str = "93";

impl World {
    /// Places of [`SITE`] and of [`OTHER_SITE`] in Marseille, who waits there, and a value of the point.
    pub(crate) async fn with_places_and_points(&self) {
        let mut places = authorised_and_financed(80, "2017-01-01");
        let others: Vec<Capacity> = places
            .iter()
            .map(|place| Capacity {
                establishment: OTHER_SITE.to_owned(),
                ..place.clone()
            })
            .collect();
        places.extend(others);
        self.record(places).await.unwrap();
        let waiting_lists = [SITE, OTHER_SITE]
            .map(|establishment| WaitingList {
                establishment: establishment.to_owned(),
                mode: ReceptionMode::Permanent.into(),
                public: CarePublic::OlderPeople.into(),
                day: "2024-01-01".to_owned(),
                persons: 12,
                source: "ViaTrajectoire".to_owned(),
            })
            .to_vec();
        let request = RecordWaitingListsRequest {
            region: REGION.to_owned(),
            waiting_lists,
            request_id: request_id(),
        };
        WaitingListServiceClient::new(self.service.peer(&contract_manager()))
            .record_waiting_lists(request)
            .await
            .unwrap();
        self.points(vec![point("departments/13", "13.10")])
            .await
            .unwrap();
    }

    pub(crate) async fn points(&self, values: Vec<PointValue>) -> Result<i32, Status> {
        let request = RecordPointValuesRequest {
            region: REGION.to_owned(),
            values,
            request_id: request_id(),
        };
        let mut client = self.tariffs(&contract_manager());
        Ok(client
            .record_point_values(request)
            .await?
            .into_inner()
            .lines)
    }

    async fn waiting_at(&self, who: &Persona) -> Vec<String> {
        let request = ListWaitingListsRequest {
            region: REGION.to_owned(),
            ..Default::default()
        };
        let mut client = WaitingListServiceClient::new(self.service.peer(who));
        let listed = client.list_waiting_lists(request).await.unwrap();
        let lists = listed.into_inner().waiting_lists;
        lists.into_iter().map(|list| list.establishment).collect()
    }

    async fn places_of(&self, who: &Persona, establishment: &str) -> Vec<String> {
        let request = ListCapacitiesRequest {
            region: REGION.to_owned(),
            establishment: establishment.to_owned(),
            kind: CapacityKind::Authorised.into(),
            ..Default::default()
        };
        let mut client = self.capacities(who);
        let listed = client.list_capacities(request).await.unwrap();
        let places = listed.into_inner().capacities;
        places.into_iter().map(|one| one.establishment).collect()
    }

    async fn needs_for(&self, who: &Persona) -> Result<Needs, Status> {
        let request = GetNeedsRequest {
            region: REGION.to_owned(),
            territory_version: VERSION.to_owned(),
            public: CarePublic::OlderPeople.into(),
            population: "populations/insee-2023".to_owned(),
            as_of: "2025-01-01".to_owned(),
            kind: CapacityKind::Authorised.into(),
            ..Default::default()
        };
        let mut client = NeedsServiceClient::new(self.service.peer(who));
        Ok(client.get_needs(request).await?.into_inner())
    }
}

fn point(department: &str, value: &str) -> PointValue {
    PointValue {
        department: department.to_owned(),
        year: 2025,
        tariff_option: TariffOption::Partial.into(),
        internal_pharmacy: false,
        value: value.to_owned(),
        source: "Arrêté".to_owned(),
    }
}

fn occupancy(establishment: &str) -> GetOccupancyRequest {
    GetOccupancyRequest {
        establishment: establishment.to_owned(),
        mode: ReceptionMode::Permanent.into(),
        year: 2024,
    }
}

fn occupancies() -> CompareOccupancyRequest {
    CompareOccupancyRequest {
        region: REGION.to_owned(),
        category: "500".to_owned(),
        mode: ReceptionMode::Permanent.into(),
        year: 2024,
    }
}

fn days() -> CompareIndicatorRequest {
    CompareIndicatorRequest {
        region: REGION.to_owned(),
        category: "500".to_owned(),
        figure: ComparedFigure::Indicator.into(),
        indicator: "EHPAD_DAYS".to_owned(),
        year: 2024,
    }
}

fn report() -> GetPlanReportRequest {
    GetPlanReportRequest {
        region: REGION.to_owned(),
        as_of: "2024-06-30".to_owned(),
    }
}

fn computation() -> ComputeEhpadModulationRequest {
    ComputeEhpadModulationRequest {
        establishment: SITE.to_owned(),
        tariff_year: 2025,
        activity_year: 2024,
        ..Default::default()
    }
}

/// A council that signs for none of the sites finds neither them nor their places.
pub(crate) async fn places_are_hidden(world: &World, who: &Persona, walk: &mut Walk) {
    assert_eq!(world.places_of(who, "").await, [""; 0]);
    assert_eq!(world.places_of(who, SITE).await, [""; 0]);
    walk.0.insert("CapacityService/ListCapacities");
    assert_eq!(world.waiting_at(who).await, [""; 0]);
    walk.0.insert("WaitingListService/ListWaitingLists");
    let mut client = world.capacities(who);
    walk.hidden(
        "CapacityService/GetOccupancy",
        client.get_occupancy(occupancy(SITE)).await,
    );
    let compared = client.compare_occupancy(occupancies()).await.unwrap();
    assert!(compared.into_inner().establishments.is_empty());
    walk.0.insert("CapacityService/CompareOccupancy");
    let compared = client.compare_indicator(days()).await.unwrap().into_inner();
    assert_eq!(
        (compared.establishments.len(), compared.median.as_str()),
        (0, "")
    );
    walk.0.insert("CapacityService/CompareIndicator");
    let told = client.get_plan_report(report()).await.unwrap().into_inner();
    assert_eq!((told.rows.len(), told.objectives.len()), (0, 0));
    walk.0.insert("CapacityService/GetPlanReport");
    // It reads the territories of its own département, and those only.
    let needs = world.needs_for(who).await.unwrap();
    let titles: Vec<&str> = needs
        .territories
        .iter()
        .map(|row| row.title.as_str())
        .collect();
    assert_eq!(titles, ["84"]);
    assert_eq!(needs.territories[0].authorised, 0);
    walk.0.insert("NeedsService/GetNeeds");
}

/// Nor what they are given, nor what would become of it; the rules of the law are the same for everybody.
pub(crate) async fn tariffs_are_hidden(world: &World, who: &Persona, walk: &mut Walk) {
    let mut client = world.capacities(who);
    walk.hidden(
        "CapacityService/ComputeEhpadModulation",
        client.compute_ehpad_modulation(computation()).await,
    );
    let rules = client
        .list_modulation_parameters(ListModulationParametersRequest { year: 2025 })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(rules.parameters.len(), 2);
    walk.0.insert("CapacityService/ListModulationParameters");
    let mut client = world.tariffs(who);
    let request = ListPointValuesRequest {
        region: REGION.to_owned(),
        year: 0,
    };
    let points = client.list_point_values(request).await.unwrap();
    assert!(points.into_inner().values.is_empty());
    walk.0.insert("FundingService/ListPointValues");
    let request = ComputeTariffEquationRequest {
        establishment: SITE.to_owned(),
        year: 2025,
        gmp: "737".to_owned(),
        pmp: "231".to_owned(),
        tariff_option: TariffOption::Partial.into(),
        internal_pharmacy: false,
    };
    walk.hidden(
        "FundingService/ComputeTariffEquation",
        client.compute_tariff_equation(request).await,
    );
    let request = ListModulationWaiversRequest {
        establishment: SITE.to_owned(),
        tariff_year: 0,
    };
    walk.hidden(
        "FundingService/ListModulationWaivers",
        client.list_modulation_waivers(request).await,
    );
}

/// Only its president decides for a council, and on no establishment of another.
pub(crate) async fn nobody_waives_elsewhere(world: &World, walk: &mut Walk) {
    let request = WaiveModulationRequest {
        computation: Some(computation()),
        section: proto::targets::v1::AllowanceSection::Dependence.into(),
        waived_percent: "100".to_owned(),
        reason: WaiverReason::Works.into(),
        reasons: "Travaux de désamiantage.".to_owned(),
        decision: "Arrêté".to_owned(),
        request_id: request_id(),
    };
    let mut client = world.tariffs(&president("84"));
    walk.hidden(
        "FundingService/WaiveModulation",
        client.waive_modulation(request.clone()).await,
    );
    let mut client = world.tariffs(&officer("84"));
    let denied = client.waive_modulation(request).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_council_reads_the_places_of_the_sites_it_signs_for_and_of_no_others() {
    let world = World::new().await;
    world
        .contract_in_force(&shared(), vec![stays("a", SITE)])
        .await;
    world.with_places_and_points().await;
    let full = vec![value("EHPAD_DAYS", "2024", number("29280"))];
    let acknowledged = world.submit(&system(SITE), full).await;
    assert!(acknowledged.rejected.is_empty(), "{acknowledged:?}");
    for who in [president("13"), officer("13")] {
        assert_eq!(world.places_of(&who, "").await, [SITE]);
        assert_eq!(world.places_of(&who, SITE).await, [SITE]);
        assert_eq!(world.places_of(&who, OTHER_SITE).await, [""; 0]);
        assert_eq!(world.waiting_at(&who).await, [SITE]);
        let mut client = world.capacities(&who);
        let shown = client.get_occupancy(occupancy(SITE)).await.unwrap();
        assert_eq!(shown.into_inner().rate_percent, "100");
        let hidden = client.get_occupancy(occupancy(OTHER_SITE)).await;
        assert_eq!(hidden.unwrap_err().code(), Code::NotFound);
        let compared = client.compare_occupancy(occupancies()).await.unwrap();
        let compared = compared.into_inner().establishments;
        assert_eq!(
            (compared.len(), compared[0].establishment.as_str()),
            (1, SITE)
        );
        let compared = client.compare_indicator(days()).await.unwrap().into_inner();
        assert_eq!(compared.establishments.len(), 1);
        assert_eq!(compared.establishments_count, 2);
        let rows = client
            .get_plan_report(report())
            .await
            .unwrap()
            .into_inner()
            .rows;
        assert_eq!((rows.len(), rows[0].authorised), (1, 80));
    }
    assert_eq!(world.places_of(&contract_manager(), "").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_council_reads_the_needs_of_its_own_territories_and_no_rate_of_one_establishment() {
    let world = World::new().await;
    world.departments().await;
    world
        .contract_in_force(&shared(), vec![stays("a", SITE)])
        .await;
    world.with_places_and_points().await;
    let full = vec![value("EHPAD_DAYS", "2024", number("29280"))];
    world.submit(&system(SITE), full).await;

    let agency = world.needs_for(&contract_manager()).await.unwrap();
    assert_eq!(agency.territories.len(), 6);
    let council = world.needs_for(&president("13")).await.unwrap();
    let [territory] = council.territories.as_slice() else {
        panic!("{council:?}");
    };
    assert_eq!(
        (territory.title.as_str(), territory.authorised),
        ("13", 160)
    );
    let rates: Vec<(i32, &str, i32, i32)> = [&agency, &council]
        .into_iter()
        .flat_map(|needs| &needs.territories)
        .filter(|row| row.title == "13")
        .flat_map(|row| &row.occupancies)
        .map(|told| {
            (
                told.year,
                told.rate_percent.as_str(),
                told.establishments,
                told.establishments_known,
            )
        })
        .collect();
    assert_eq!(rates, [(2024, "100", 2, 1), (2024, "", 2, 1)]);
    let elsewhere = world.needs_for(&president("2A")).await.unwrap_err();
    assert_eq!(elsewhere.code(), Code::NotFound);
}
