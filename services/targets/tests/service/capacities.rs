use proto::targets::v1::{
    Capacity, CapacityKind, CarePublic, CompareOccupancyRequest, ComputeClauseModulationRequest,
    ComputeEhpadModulationRequest, GetOccupancyRequest, GetPlanReportRequest,
    ListCapacitiesRequest, ListModulationParametersRequest, ModulationProposal, Objective,
    Occupancy, PathwayStep, ReceptionMode, RecordCapacitiesRequest,
    capacity_service_client::CapacityServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, reason, request_id, wrong_fields};
use tonic::{Code, Status};

use crate::world::{
    Contract, SITE, World, contract_manager, director, number, stays, system, value,
};

/// Permanent places of an EHPAD in Marseille.
fn places(kind: CapacityKind, number: i32, valid_from: &str) -> Capacity {
    Capacity {
        establishment: SITE.to_owned(),
        line: "permanent".to_owned(),
        category: "500".to_owned(),
        kind: kind.into(),
        mode: ReceptionMode::Permanent.into(),
        public: CarePublic::OlderPeople.into(),
        places: number,
        opening_days: 0,
        valid_from: valid_from.to_owned(),
        commune: "13055".to_owned(),
        plans: vec!["SOLIDARITE_GRAND_AGE".to_owned()],
        decision: "Arrêté du 2 janvier 2017".to_owned(),
    }
}

pub(crate) fn authorised_and_financed(number: i32, valid_from: &str) -> Vec<Capacity> {
    vec![
        places(CapacityKind::Authorised, number, valid_from),
        places(CapacityKind::Financed, number, valid_from),
    ]
}

impl World {
    pub(crate) fn capacities(&self, persona: &Persona) -> CapacityServiceClient<Peer> {
        CapacityServiceClient::new(self.service.peer(persona))
    }

    /// Records places of establishments that the registry knows.
    pub(crate) async fn record(&self, capacities: Vec<Capacity>) -> Result<i32, Status> {
        for capacity in &capacities {
            self.register(&capacity.establishment, &capacity.commune)
                .await;
        }
        self.record_of(capacities).await
    }

    async fn record_of(&self, capacities: Vec<Capacity>) -> Result<i32, Status> {
        let request = RecordCapacitiesRequest {
            region: "93".to_owned(),
            capacities,
            request_id: request_id(),
        };
        let mut client = self.capacities(&contract_manager());
        Ok(client.record_capacities(request).await?.into_inner().lines)
    }

    async fn occupancy(&self, year: i32) -> Result<Occupancy, Status> {
        let request = GetOccupancyRequest {
            establishment: SITE.to_owned(),
            mode: ReceptionMode::Permanent.into(),
            year,
        };
        let mut client = self.capacities(&contract_manager());
        Ok(client.get_occupancy(request).await?.into_inner())
    }

    /// The site is in force under a contract and submits these yearly figures of 2024.
    pub(crate) async fn realised(&self, figures: &[(&str, &str)]) {
        self.contract_in_force(&Contract::new(), vec![stays("a", SITE)])
            .await;
        let values = figures
            .iter()
            .map(|(indicator, figure)| value(indicator, "2024", number(figure)))
            .collect();
        let acknowledged = self.submit(&system(SITE), values).await;
        assert!(acknowledged.rejected.is_empty(), "{acknowledged:?}");
    }

    async fn modulation(&self, equation: &str) -> Result<ModulationProposal, Status> {
        let request = ComputeEhpadModulationRequest {
            establishment: SITE.to_owned(),
            tariff_year: 2025,
            activity_year: 2024,
            care_allowance: "1234567.00".to_owned(),
            equation_result: equation.to_owned(),
            dependence_allowance: "400000.00".to_owned(),
        };
        let mut client = self.capacities(&contract_manager());
        Ok(client.compute_ehpad_modulation(request).await?.into_inner())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn occupancy_counts_each_day_of_a_leap_year_and_may_exceed_a_hundred() {
    let world = World::new().await;
    let mut capacities = authorised_and_financed(80, "2017-01-01");
    capacities.extend(authorised_and_financed(90, "2024-12-01"));
    world.record(capacities).await.unwrap();
    world
        .realised(&[
            ("EHPAD_PRESENCE_DAYS", "29500"),
            ("EHPAD_SHORT_ABSENCE_DAYS", "700"),
        ])
        .await;
    let occupancy = world.occupancy(2024).await.unwrap();
    // 335 days of 80 places and 31 days of 90.
    assert_eq!(occupancy.theoretical_days, "29590");
    assert_eq!(
        (occupancy.realised_days.as_str(), occupancy.days_in_year),
        ("30200", 366)
    );
    assert_eq!(occupancy.rate_percent, "102.06");
    let stretches: Vec<(&str, i32)> = occupancy
        .stretches
        .iter()
        .map(|stretch| (stretch.last_day.as_str(), stretch.places))
        .collect();
    assert_eq!(stretches, [("2024-11-30", 80), ("2024-12-31", 90)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_is_asked_for_and_not_taken_for_zero() {
    let world = World::new().await;
    let unknown = world.occupancy(2024).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    world
        .record(vec![places(CapacityKind::Authorised, 80, "2017-01-01")])
        .await
        .unwrap();
    let not_financed = world.occupancy(2024).await.unwrap_err();
    assert_eq!(reason(&not_financed), "CAPACITY_UNKNOWN");
    assert!(not_financed.message().contains("financed"));
    world
        .record(vec![places(CapacityKind::Financed, 80, "2017-01-01")])
        .await
        .unwrap();
    let no_activity = world.occupancy(2024).await.unwrap_err();
    assert_eq!(reason(&no_activity), "ACTIVITY_UNKNOWN");
    assert!(no_activity.message().contains("EHPAD_DAYS"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_record_corrects_and_the_three_capacities_stay_apart() {
    let world = World::new().await;
    let mut capacities = authorised_and_financed(80, "2017-01-01");
    capacities.push(places(CapacityKind::Installed, 76, "2017-01-01"));
    assert_eq!(world.record(capacities).await.unwrap(), 3);
    world
        .record(vec![places(CapacityKind::Financed, 78, "2017-01-01")])
        .await
        .unwrap();
    let list = |as_of: &str| ListCapacitiesRequest {
        region: "93".to_owned(),
        as_of: as_of.to_owned(),
        ..Default::default()
    };
    let mut client = world.capacities(&contract_manager());
    let listed = client.list_capacities(list("2024-01-01")).await.unwrap();
    let places_by_kind: Vec<(CapacityKind, i32)> = listed
        .into_inner()
        .capacities
        .iter()
        .map(|capacity| (capacity.kind(), capacity.places))
        .collect();
    assert_eq!(
        places_by_kind,
        [
            (CapacityKind::Authorised, 80),
            (CapacityKind::Financed, 78),
            (CapacityKind::Installed, 76)
        ]
    );
    let before = client.list_capacities(list("2016-12-31")).await.unwrap();
    assert!(before.into_inner().capacities.is_empty());
    let elsewhere = director("750712184");
    let others = world
        .capacities(&elsewhere)
        .list_capacities(list("2024-01-01"))
        .await
        .unwrap();
    assert!(others.into_inner().capacities.is_empty());

    let report = GetPlanReportRequest {
        region: "93".to_owned(),
        as_of: "2024-01-01".to_owned(),
    };
    let rows = client
        .get_plan_report(report)
        .await
        .unwrap()
        .into_inner()
        .rows;
    let [row] = rows.as_slice() else {
        panic!("{rows:?}");
    };
    assert_eq!(
        (
            row.plan.as_str(),
            row.public(),
            row.authorised,
            row.installed,
            row.financed
        ),
        ("SOLIDARITE_GRAND_AGE", CarePublic::OlderPeople, 80, 76, 78)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_twice_in_one_recording_is_named_and_nothing_is_recorded() {
    let world = World::new().await;
    let twice = vec![
        places(CapacityKind::Authorised, 80, "2017-01-01"),
        places(CapacityKind::Authorised, 81, "2017-01-01"),
    ];
    let status = world.record(twice).await.unwrap_err();
    assert_eq!(wrong_fields(&status), ["capacities[1]"]);
    assert_eq!(
        world.occupancy(2024).await.unwrap_err().code(),
        Code::NotFound
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn modulation_is_a_proposal_with_its_rule_and_its_computation() {
    let world = World::new().await;
    world
        .record(authorised_and_financed(100, "2017-01-01"))
        .await
        .unwrap();
    // 91.40 % of 36,600 days.
    world.realised(&[("EHPAD_DAYS", "33452.4")]).await;
    let proposal = world.modulation("1234567.00").await.unwrap();
    assert_eq!(proposal.convergence_percent, "100");
    let found: Vec<(&str, &str, &str)> = proposal
        .sections
        .iter()
        .map(|section| {
            (
                section.compared_with.as_str(),
                section.rate_percent.as_str(),
                section.change.as_str(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [("95", "-1.80", "-22222.21"), ("95", "-1.80", "-7200.00")]
    );
    let rule = proposal.sections[0].parameter.as_ref().unwrap();
    assert!(rule.source.contains("R314-160") && rule.upward);
    assert!(
        proposal
            .notice
            .contains("l’autorité de tarification décide")
    );
    let nothing = world.modulation("0").await.unwrap_err();
    assert_eq!(reason(&nothing), "NOTHING_TO_COMPARE");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_are_dated_rows_with_their_source() {
    let world = World::new().await;
    let mut client = world.capacities(&contract_manager());
    for (year, rules, thresholds) in [
        (2019, 6, vec!["", "91", "95"]),
        (2024, 2, vec!["95"]),
        (2016, 0, vec![]),
    ] {
        let request = ListModulationParametersRequest { year };
        let parameters = client
            .list_modulation_parameters(request)
            .await
            .unwrap()
            .into_inner()
            .parameters;
        assert_eq!(parameters.len(), rules);
        let of_care: Vec<&str> = parameters
            .iter()
            .take(rules / 2)
            .map(|parameter| parameter.threshold_percent.as_str())
            .collect();
        assert_eq!(of_care, thresholds);
        assert!(
            parameters
                .iter()
                .all(|parameter| !parameter.source.is_empty())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clause_says_what_it_measures_and_proposes_beyond_its_tolerance() {
    let world = World::new().await;
    world
        .record(authorised_and_financed(20, "2017-01-01"))
        .await
        .unwrap();
    world.realised(&[("MS_PERSONS", "90")]).await;
    let clause = |indicator: &str| ComputeClauseModulationRequest {
        establishment: SITE.to_owned(),
        year: 2024,
        indicator: indicator.to_owned(),
        mode: ReceptionMode::Unspecified.into(),
        target: "100".to_owned(),
        tolerance_percent: "5".to_owned(),
        slope: "0.5".to_owned(),
        cap_percent: "3".to_owned(),
        amount: "200000.00".to_owned(),
        clause: "Article 7".to_owned(),
    };
    let mut client = world.capacities(&contract_manager());
    let proposal = client
        .compute_clause_modulation(clause("MS_PERSONS"))
        .await
        .unwrap()
        .into_inner();
    let [section] = proposal.sections.as_slice() else {
        panic!("{proposal:?}");
    };
    assert_eq!(
        (
            section.measured.as_str(),
            section.rate_percent.as_str(),
            section.change.as_str()
        ),
        ("90", "-2.50", "-5000.00")
    );
    let missing = client
        .compute_clause_modulation(clause("MS_SERVICES"))
        .await
        .unwrap_err();
    assert_eq!(reason(&missing), "ACTIVITY_UNKNOWN");
    let other = client
        .compute_clause_modulation(clause("MCO_STAYS"))
        .await
        .unwrap_err();
    assert_eq!(wrong_fields(&other), ["indicator"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn places_of_an_establishment_that_the_registry_does_not_know_are_not_recorded() {
    let world = World::new().await;
    world.register(SITE, "13055").await;
    let stranger = Capacity {
        establishment: "750712184".to_owned(),
        ..places(CapacityKind::Authorised, 10, "2024-01-01")
    };
    let known = places(CapacityKind::Authorised, 10, "2024-01-01");
    let refused = world.record_of(vec![known, stranger]).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(wrong_fields(&refused), ["capacities[1].establishment"]);
    assert!(refused.message().contains("750712184"), "{refused}");
    // All lines or none.
    let unknown = world.occupancy(2024).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn establishments_of_a_category_are_compared_and_those_without_figures_say_why() {
    let world = World::new().await;
    let other = Capacity {
        establishment: "750712184".to_owned(),
        ..places(CapacityKind::Authorised, 80, "2017-01-01")
    };
    let day_care = Capacity {
        line: "jour".to_owned(),
        mode: ReceptionMode::Day.into(),
        ..places(CapacityKind::Authorised, 12, "2017-01-01")
    };
    let mut capacities = authorised_and_financed(80, "2017-01-01");
    capacities.extend([other, day_care]);
    world.record(capacities).await.unwrap();
    world.realised(&[("EHPAD_DAYS", "29280")]).await;
    let request = CompareOccupancyRequest {
        region: "93".to_owned(),
        category: "500".to_owned(),
        mode: ReceptionMode::Permanent.into(),
        year: 2024,
    };
    let mut client = world.capacities(&contract_manager());
    let compared = client
        .compare_occupancy(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (
            compared.median_percent.as_str(),
            compared.tenth_percent.as_str()
        ),
        ("100", "")
    );
    let told: Vec<(&str, &str, bool)> = compared
        .establishments
        .iter()
        .map(|compared| {
            let is_unknown = !compared.unknown.is_empty();
            (
                compared.establishment.as_str(),
                compared.rate_percent.as_str(),
                is_unknown,
            )
        })
        .collect();
    assert_eq!(told, [(SITE, "100", false), ("750712184", "", true)]);
    assert!(compared.establishments[1].unknown.contains("financed"));
    let denied = world
        .capacities(&director(SITE))
        .compare_occupancy(request)
        .await;
    assert_eq!(denied.unwrap_err().code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread")]
async fn objectives_of_contracts_are_counted_under_the_plans_they_serve() {
    let world = World::new().await;
    let serving = |id: &str, plans: &[&str]| Objective {
        plans: plans.iter().map(|plan| (*plan).to_owned()).collect(),
        pathway_steps: vec![PathwayStep::Respite.into()],
        ..stays(id, SITE)
    };
    let objectives = vec![
        serving("a", &["ALZHEIMER_2008_2012", "SOLIDARITE_GRAND_AGE"]),
        Objective {
            indicator: "MCO_DAY_STAYS".to_owned(),
            ..serving("b", &["ALZHEIMER_2008_2012"])
        },
    ];
    let contract = Contract::new();
    let set = world.contract_in_force(&contract, objectives.clone()).await;
    let set = world
        .wait_for_state(&set, proto::targets::v1::TargetSetState::InEffect)
        .await;
    assert_eq!(set.objectives[0].plans, objectives[0].plans);
    assert_eq!(set.objectives[1].pathway_steps, objectives[1].pathway_steps);
    let report = |as_of: &str| GetPlanReportRequest {
        region: "93".to_owned(),
        as_of: as_of.to_owned(),
    };
    let mut client = world.capacities(&contract_manager());
    let told = client
        .get_plan_report(report("2024-06-30"))
        .await
        .unwrap()
        .into_inner();
    let told: Vec<(&str, i64, i64)> = told
        .objectives
        .iter()
        .map(|row| (row.plan.as_str(), row.objectives, row.contracts))
        .collect();
    assert_eq!(
        told,
        [
            ("ALZHEIMER_2008_2012", 2, 1),
            ("SOLIDARITE_GRAND_AGE", 1, 1)
        ]
    );
    let before = client.get_plan_report(report("2023-12-31")).await.unwrap();
    assert!(before.into_inner().objectives.is_empty());
}
