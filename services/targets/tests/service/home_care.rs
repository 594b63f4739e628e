//! The equation of care at home, from amounts on record.

use std::slice;

use proto::targets::v1::{
    Capacity, CapacityKind, ComputeHomeCareEquationRequest, HomeCareAmounts, HomeCareComplement,
    ListHomeCareAmountsRequest, ReceptionMode, RecordHomeCareAmountsRequest, WeeklyPackage,
    WeeksOfCare,
};
use testkit::{reason, request_id, wrong_fields};
use tonic::{Code, Status};

use crate::{
    capacities::authorised_and_financed,
    world::{OTHER_SITE, SITE, World, contract_manager, director},
};

/// Places of a service of care at home, installed and only installed.
fn installed(number: i32) -> Vec<Capacity> {
    let mut places = authorised_and_financed(number, "2017-01-01");
    places.truncate(1);
    for place in &mut places {
        place.kind = CapacityKind::Installed.into();
        "domicile".clone_into(&mut place.line);
        "354".clone_into(&mut place.category);
        place.mode = ReceptionMode::Home.into();
    }
    places
}

fn package(code: &str, amount: &str) -> WeeklyPackage {
    WeeklyPackage {
        code: code.to_owned(),
        title: format!("Profil {code}"),
        weekly_amount: amount.to_owned(),
    }
}

fn amounts(structure: &str) -> HomeCareAmounts {
    HomeCareAmounts {
        year: 2025,
        structure_amount: structure.to_owned(),
        packages: vec![package("GIR12", "210.55"), package("GIR56", "80.00")],
        source: "Arrêté fixant les montants de 2025".to_owned(),
    }
}

fn request(weeks: &[(&str, &str)]) -> ComputeHomeCareEquationRequest {
    let weeks = weeks.iter().map(|(profile, weeks)| WeeksOfCare {
        profile: (*profile).to_owned(),
        weeks: (*weeks).to_owned(),
    });
    ComputeHomeCareEquationRequest {
        establishment: SITE.to_owned(),
        year: 2025,
        weeks: weeks.collect(),
        complements: Vec::new(),
    }
}

impl World {
    async fn home_care(&self, amounts: HomeCareAmounts) -> Result<String, Status> {
        let request = RecordHomeCareAmountsRequest {
            region: "93".to_owned(),
            amounts: vec![amounts],
            request_id: request_id(),
        };
        let mut client = self.tariffs(&contract_manager());
        let recording = client.record_home_care_amounts(request).await?;
        Ok(recording.into_inner().name)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_places_and_weeks_of_care_give_is_computed_from_amounts_on_record() {
    let world = World::new().await;
    world.record(installed(40)).await.unwrap();
    let asked = request(&[("GIR12", "520.5"), ("GIR56", "300")]);
    let mut client = world.tariffs(&contract_manager());
    let unknown = client
        .compute_home_care_equation(asked.clone())
        .await
        .unwrap_err();
    assert_eq!(reason(&unknown), "HOME_CARE_AMOUNTS_UNKNOWN");
    world.home_care(amounts("4000")).await.unwrap();
    // A correction.
    let name = world.home_care(amounts("5000")).await.unwrap();
    let told = world.history(&name).await;
    assert!(told[0].r#type.ends_with("HomeCareAmountsRecorded"));
    let listed = client
        .list_home_care_amounts(ListHomeCareAmountsRequest {
            region: "93".to_owned(),
            year: 0,
        })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(listed.amounts, [amounts("5000")]);

    let mut reader = world.tariffs(&director(SITE));
    let equation = reader
        .compute_home_care_equation(asked)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (
            equation.places,
            equation.places_kind(),
            equation.overseas_percent.as_str(),
            equation.structure_part.as_str(),
            equation.result.as_str(),
        ),
        (40, CapacityKind::Installed, "", "200000.00", "333591.28")
    );
    let parts: Vec<&str> = equation
        .packages
        .iter()
        .map(|part| part.amount.as_str())
        .collect();
    assert_eq!(parts, ["109591.28", "24000.00"]);
    assert_eq!(
        equation.amounts_source,
        "Arrêté fixant les montants de 2025"
    );
    assert!(equation.parameter_source.contains("à confirmer"));
    assert!(equation.explanation.contains("40 places × 5\u{202f}000 €"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_is_unknown_or_stands_twice_is_named() {
    let world = World::new().await;
    world.record(installed(40)).await.unwrap();
    let mut twice = amounts("5000");
    twice.packages.push(package("GIR12", "1.00"));
    let refused = world.home_care(twice).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["amounts[0].packages[2].code"]);
    world.home_care(amounts("5000")).await.unwrap();
    let mut client = world.tariffs(&contract_manager());
    let asked = request(&[("GIR12", "1"), ("GIR34", "1"), ("GIR12", "2")]);
    let refused = client.compute_home_care_equation(asked).await.unwrap_err();
    assert_eq!(
        wrong_fields(&refused),
        ["weeks[1].profile", "weeks[2].profile"]
    );
    let before = ComputeHomeCareEquationRequest {
        year: 2022,
        ..request(&[])
    };
    let refused = client.compute_home_care_equation(before).await.unwrap_err();
    assert_eq!(reason(&refused), "NO_EQUATION_RULE");
    let mut stranger = world.tariffs(&director(OTHER_SITE));
    let hidden = stranger
        .compute_home_care_equation(request(&[]))
        .await
        .unwrap_err();
    assert_eq!(hidden.code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_for_coordination_stands_beside_the_result_with_its_source() {
    let world = World::new().await;
    world.record(installed(40)).await.unwrap();
    world.home_care(amounts("5000")).await.unwrap();
    let coordination = HomeCareComplement {
        title: "Dotation de coordination".to_owned(),
        amount: "12000".to_owned(),
        source: "Décision tarifaire 2025-31".to_owned(),
    };
    let asked = |complements: Vec<HomeCareComplement>| ComputeHomeCareEquationRequest {
        complements,
        ..request(&[])
    };
    let mut client = world.tariffs(&contract_manager());
    let equation = client
        .compute_home_care_equation(asked(vec![coordination.clone()]))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (equation.result.as_str(), equation.total.as_str()),
        ("200000.00", "212000.00")
    );
    assert_eq!(equation.complements, slice::from_ref(&coordination));
    let twice = asked(vec![coordination.clone(), coordination]);
    let refused = client.compute_home_care_equation(twice).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["complements[1].title"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ehpad_has_no_place_at_home() {
    let world = World::new().await;
    world
        .record(authorised_and_financed(80, "2017-01-01"))
        .await
        .unwrap();
    world.home_care(amounts("5000")).await.unwrap();
    let mut client = world.tariffs(&contract_manager());
    let refused = client
        .compute_home_care_equation(request(&[]))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "NO_CAPACITY");
}
