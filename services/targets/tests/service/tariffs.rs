//! What EHPAD are given: targets set ahead, the equation, and modulations that the tariff authority sets aside.

use proto::targets::v1::{
    Allowance, AllowanceSection, AllowanceTarget, ComputeEhpadModulationRequest,
    ComputeTariffEquationRequest, ListAllowancesRequest, ListModulationWaiversRequest,
    ListPointValuesRequest, ModulationWaiver, PointValue, RecordAllowanceTargetsRequest,
    RecordAllowancesRequest, TariffOption, WaiveModulationRequest, WaiverReason,
    funding_service_client::FundingServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, reason, request_id, wrong_fields};
use tonic::{Code, Status};

use crate::{
    capacities::authorised_and_financed,
    departments::{officer, president, shared},
    world::{
        OTHER_SITE, SITE, World, contract_manager, director, director_general, number, stays,
        system, value,
    },
};

fn target(year: i32, amount: &str, percent: &str) -> AllowanceTarget {
    AllowanceTarget {
        establishment: SITE.to_owned(),
        year,
        care_allowance: amount.to_owned(),
        convergence_percent: percent.to_owned(),
        source: "CPOM, annexe tarifaire".to_owned(),
    }
}

fn waiver(section: AllowanceSection, percent: &str) -> WaiveModulationRequest {
    WaiveModulationRequest {
        computation: Some(ComputeEhpadModulationRequest {
            establishment: SITE.to_owned(),
            tariff_year: 2025,
            activity_year: 2024,
            care_allowance: "1234567.00".to_owned(),
            equation_result: "1234567.00".to_owned(),
            dependence_allowance: "400000.00".to_owned(),
        }),
        section: section.into(),
        waived_percent: percent.to_owned(),
        reason: WaiverReason::Works.into(),
        reasons: "Une aile fermée six mois pour travaux.".to_owned(),
        decision: "Arrêté du 3 mars 2025".to_owned(),
        request_id: request_id(),
    }
}

impl World {
    pub(crate) fn tariffs(&self, persona: &Persona) -> FundingServiceClient<Peer> {
        FundingServiceClient::new(self.service.peer(persona))
    }

    async fn aim(&self, targets: Vec<AllowanceTarget>) -> Result<String, Status> {
        let request = RecordAllowanceTargetsRequest {
            region: "93".to_owned(),
            targets,
            request_id: request_id(),
        };
        let mut client = self.tariffs(&contract_manager());
        Ok(client
            .record_allowance_targets(request)
            .await?
            .into_inner()
            .name)
    }

    async fn waive(
        &self,
        who: &Persona,
        request: WaiveModulationRequest,
    ) -> Result<ModulationWaiver, Status> {
        let mut client = self.tariffs(who);
        Ok(client.waive_modulation(request).await?.into_inner())
    }

    async fn waivers(&self, who: &Persona) -> Result<Vec<ModulationWaiver>, Status> {
        let request = ListModulationWaiversRequest {
            establishment: SITE.to_owned(),
            tariff_year: 2025,
        };
        let mut client = self.tariffs(who);
        let listed = client.list_modulation_waivers(request).await?;
        Ok(listed.into_inner().waivers)
    }

    /// A hundred places occupied at 91.40 %, under a contract that the council of 13 signs.
    async fn under_the_threshold(&self) {
        self.record(authorised_and_financed(100, "2017-01-01"))
            .await
            .unwrap();
        self.contract_in_force(&shared(), vec![stays("a", SITE)])
            .await;
        let days = vec![value("EHPAD_DAYS", "2024", number("33452.4"))];
        let acknowledged = self.submit(&system(SITE), days).await;
        assert!(acknowledged.rejected.is_empty(), "{acknowledged:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_set_ahead_stands_beside_what_was_reached() {
    let world = World::new().await;
    world.register(SITE, "13055").await;
    for wrong in [target(2025, "", ""), target(2025, "1.00", "97")] {
        let refused = world.aim(vec![wrong]).await.unwrap_err();
        assert_eq!(wrong_fields(&refused), ["targets[0].care_allowance"]);
    }
    let stranger = AllowanceTarget {
        establishment: OTHER_SITE.to_owned(),
        ..target(2025, "", "97")
    };
    let refused = world.aim(vec![stranger]).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["targets[0].establishment"]);

    let name = world
        .aim(vec![target(2026, "1300000.00", ""), target(2025, "", "90")])
        .await
        .unwrap();
    world.aim(vec![target(2025, "", "97")]).await.unwrap();
    let told = world.history(&name).await;
    assert!(told[0].r#type.ends_with("AllowanceTargetsRecorded"));
    let allowances = RecordAllowancesRequest {
        region: "93".to_owned(),
        allowances: vec![Allowance {
            establishment: SITE.to_owned(),
            year: 2025,
            care_allowance: "1248000.00".to_owned(),
            equation_result: "1300000.00".to_owned(),
            dependence_allowance: String::new(),
            decision: "Décision tarifaire".to_owned(),
        }],
        request_id: request_id(),
    };
    let mut agency = world.tariffs(&contract_manager());
    agency.record_allowances(allowances).await.unwrap();
    let request = ListAllowancesRequest {
        establishment: SITE.to_owned(),
    };
    let mut reader = world.tariffs(&director(SITE));
    let listed = reader.list_allowances(request).await.unwrap().into_inner();
    assert_eq!(listed.years.len(), 1);
    let followed: Vec<(i32, &str, &str, &str)> = listed
        .targets
        .iter()
        .map(|one| {
            (
                one.target.as_ref().unwrap().year,
                one.reached_convergence_percent.as_str(),
                one.gap.as_str(),
                one.set_role.as_str(),
            )
        })
        .collect();
    assert_eq!(
        followed,
        [
            (2025, "96", "-1", "contract_manager"),
            (2026, "", "", "contract_manager")
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_equation_is_computed_from_figures_on_record_with_their_sources() {
    let world = World::new().await;
    world
        .record(authorised_and_financed(80, "2017-01-01"))
        .await
        .unwrap();
    let request = ComputeTariffEquationRequest {
        establishment: SITE.to_owned(),
        year: 2025,
        gmp: "737".to_owned(),
        pmp: "231".to_owned(),
        tariff_option: TariffOption::Partial.into(),
        internal_pharmacy: false,
    };
    let mut client = world.tariffs(&contract_manager());
    let unknown = client
        .compute_tariff_equation(request.clone())
        .await
        .unwrap_err();
    assert_eq!(reason(&unknown), "POINT_VALUE_UNKNOWN");
    assert!(unknown.message().contains("departments/13"), "{unknown}");
    let point = |option: TariffOption, value: &str| PointValue {
        department: "departments/13".to_owned(),
        year: 2025,
        tariff_option: option.into(),
        internal_pharmacy: false,
        value: value.to_owned(),
        source: "Arrêté du 2 juin 2025".to_owned(),
    };
    let nowhere = PointValue {
        department: "departments/20".to_owned(),
        ..point(TariffOption::Global, "14.20")
    };
    let refused = world.points(vec![nowhere]).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["values[0].department"]);
    let values = vec![
        point(TariffOption::Global, "14.20"),
        point(TariffOption::Partial, "12.00"),
    ];
    world.points(values).await.unwrap();
    // A correction.
    world
        .points(vec![point(TariffOption::Partial, "13.10")])
        .await
        .unwrap();
    let listed = client
        .list_point_values(ListPointValuesRequest {
            region: "93".to_owned(),
            year: 2025,
        })
        .await
        .unwrap()
        .into_inner();
    let values: Vec<&str> = listed.values.iter().map(|one| one.value.as_str()).collect();
    assert_eq!(values, ["14.20", "13.10"]);

    let equation = client
        .compute_tariff_equation(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (
            equation.pmp_coefficient.as_str(),
            equation.gmps.as_str(),
            equation.places,
            equation.result.as_str()
        ),
        ("2.59", "1335.29", 80, "1399383.92")
    );
    assert!(equation.coefficient_source.contains("R314-159"));
    assert!(equation.explanation.contains("× 80 places × 13,1 €"));
    let point = equation.point_value.unwrap();
    assert_eq!(point.source, "Arrêté du 2 juin 2025");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tariff_authority_sets_aside_the_modulation_of_its_own_section() {
    let world = World::new().await;
    world.under_the_threshold().await;
    let care = waiver(AllowanceSection::Care, "50");
    for who in [contract_manager(), officer("13"), director(SITE)] {
        let denied = world.waive(&who, care.clone()).await.unwrap_err();
        assert_eq!(denied.code(), Code::PermissionDenied, "{denied:?}");
    }
    let dependence = waiver(AllowanceSection::Dependence, "100");
    for (who, request) in [(director_general(), &dependence), (president("13"), &care)] {
        let refused = world.waive(&who, request.clone()).await.unwrap_err();
        assert_eq!(reason(&refused), "NOT_THE_TARIFF_AUTHORITY");
    }
    let hidden = world.waive(&president("84"), dependence.clone()).await;
    assert_eq!(hidden.unwrap_err().code(), Code::NotFound);

    let decided = world
        .waive(&director_general(), care.clone())
        .await
        .unwrap();
    assert_eq!(
        (
            decided.waived_change.as_str(),
            decided.remaining_change.as_str()
        ),
        ("-11111.11", "-11111.10")
    );
    assert_eq!(decided.decided_role, "director_general");
    let kept = decided.proposal.as_ref().unwrap();
    assert_eq!(kept.sections[0].change, "-22222.21");
    // The same request decides once.
    let again = world.waive(&director_general(), care).await.unwrap();
    assert_eq!(again, decided);
    let council = world.waive(&president("13"), dependence).await.unwrap();
    assert_eq!(council.waived_change, "-7200.00");

    for who in [contract_manager(), officer("13"), director(SITE)] {
        let listed = world.waivers(&who).await.unwrap();
        let names: Vec<&str> = listed.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, [&*decided.name, &*council.name]);
        assert_eq!(listed[0].proposal, decided.proposal);
        assert_eq!(listed[0].remaining_change, "-11111.10");
    }
    let hidden = world.waivers(&director(OTHER_SITE)).await.unwrap_err();
    assert_eq!(hidden.code(), Code::NotFound);
    let told = world.history(&decided.name).await;
    assert!(told[0].r#type.ends_with("ModulationWaived"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiver_is_of_something_computed_and_says_why() {
    let world = World::new().await;
    world.under_the_threshold().await;
    let care = |percent| waiver(AllowanceSection::Care, percent);
    for percent in ["0", "100.01"] {
        let refused = world.waive(&director_general(), care(percent)).await;
        assert_eq!(reason(&refused.unwrap_err()), "WAIVER_OUT_OF_RANGE");
    }
    let silent = WaiveModulationRequest {
        reasons: " — ".to_owned(),
        ..care("100")
    };
    let refused = world.waive(&director_general(), silent).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["reasons"]);
    // Without its amount, nothing is computed of a section.
    let mut partial = waiver(AllowanceSection::Dependence, "100");
    if let Some(computation) = &mut partial.computation {
        computation.dependence_allowance = String::new();
    }
    let refused = world.waive(&president("13"), partial).await.unwrap_err();
    assert_eq!(reason(&refused), "NOTHING_TO_WAIVE");
    assert!(world.waivers(&contract_manager()).await.unwrap().is_empty());
}
