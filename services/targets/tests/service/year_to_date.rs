use proto::targets::v1::{
    Absence, Band, GetYearToDateRequest, RealisedState, YearToDate, YearlyTarget,
    indicator_value::Content, realisation_service_client::RealisationServiceClient,
};
use testkit::Persona;
use tonic::{Code, Status};

use crate::world::{
    Contract, ENTITY, OTHER_ENTITY, SITE, World, contract_manager, director, number, stays, system,
    value,
};

impl World {
    async fn year_to_date(
        &self,
        persona: &Persona,
        contract: &Contract,
        through_month: i32,
    ) -> Result<YearToDate, Status> {
        let request = GetYearToDateRequest {
            contract: contract.name(),
            year: 2024,
            through_month,
            received_before: None,
        };
        let mut client = RealisationServiceClient::new(self.service.peer(persona));
        Ok(client.get_year_to_date(request).await?.into_inner())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_is_followed_month_by_month_beside_its_target() {
    let world = World::new().await;
    let contract = Contract::new();
    let mut banded = stays("b", SITE);
    banded.indicator = "MCO_DAY_STAYS".to_owned();
    banded.yearly = vec![YearlyTarget {
        year: 2024,
        point: String::new(),
        band: Some(Band {
            min: "600".to_owned(),
            max: "720".to_owned(),
        }),
    }];
    let set = world
        .contract_in_force(&contract, vec![stays("a", SITE), banded])
        .await;
    let mut values: Vec<_> = (1..=4)
        .map(|month| value("MCO_STAYS", &format!("2024-{month:02}"), number("90")))
        .collect();
    values.push(value("MCO_DAY_STAYS", "2024-01", number("50")));
    values.push(value(
        "MCO_DAY_STAYS",
        "2024-03",
        Content::Absence(Absence::Masked.into()),
    ));
    world.submit(&system(SITE), values).await;

    let through_march = world
        .year_to_date(&contract_manager(), &contract, 3)
        .await
        .unwrap();
    assert_eq!(through_march.target_set, set);
    assert!(through_march.data_time.is_some());
    let [whole, part] = through_march.objectives.as_slice() else {
        panic!("{through_march:?}");
    };
    assert_eq!(
        (whole.state(), whole.value.as_str()),
        (RealisedState::Exact, "270")
    );
    assert_eq!(
        (whole.target_lower.as_str(), whole.to_date_lower.as_str()),
        ("1200", "300")
    );
    assert_eq!(whole.progress_percent, "90");
    assert_eq!(
        (part.state(), part.value.as_str()),
        (RealisedState::Incomplete, "51")
    );
    assert_eq!(part.missing_months, [2]);
    assert_eq!(
        (part.to_date_lower.as_str(), part.to_date_upper.as_str()),
        ("150", "180")
    );
    assert_eq!(part.progress_percent, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_is_followed_by_its_own_establishment_and_no_other() {
    let world = World::new().await;
    let contract = Contract::new();
    world
        .contract_in_force(&contract, vec![stays("a", SITE)])
        .await;
    let own = world.year_to_date(&director(ENTITY), &contract, 6).await;
    assert_eq!(own.unwrap().objectives[0].state(), RealisedState::Missing);
    let other = world
        .year_to_date(&director(OTHER_ENTITY), &contract, 6)
        .await;
    assert_eq!(other.unwrap_err().code(), Code::NotFound);
}
