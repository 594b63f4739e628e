//! Establishments of a category side by side on a figure: questions, no score.

use proto::targets::v1::{
    Allowance, Capacity, CompareIndicatorRequest, ComparedFigure, IndicatorComparison,
    RecordAllowancesRequest,
};
use testkit::{Persona, request_id, wrong_fields};
use tonic::{Code, Status};

use crate::{
    capacities::authorised_and_financed,
    needs::NUMBERS,
    world::{SITE, World, contract_manager, director},
};

fn asked(figure: ComparedFigure, indicator: &str) -> CompareIndicatorRequest {
    CompareIndicatorRequest {
        region: "93".to_owned(),
        category: "500".to_owned(),
        figure: figure.into(),
        indicator: indicator.to_owned(),
        year: 2024,
    }
}

impl World {
    async fn compared(
        &self,
        who: &Persona,
        request: CompareIndicatorRequest,
    ) -> Result<IndicatorComparison, Status> {
        let mut client = self.capacities(who);
        Ok(client.compare_indicator(request).await?.into_inner())
    }

    /// A hundred permanent places each.
    async fn six_establishments(&self) {
        let places: Vec<Capacity> = NUMBERS
            .iter()
            .flat_map(|number| {
                authorised_and_financed(100, "2017-01-01")
                    .into_iter()
                    .map(|place| Capacity {
                        establishment: (*number).to_owned(),
                        ..place
                    })
            })
            .collect();
        self.record(places).await.unwrap();
    }

    /// 100 000 € to the first, 200 000 € to the second, and so on.
    async fn allowances(&self, establishments: &[&str]) {
        let allowances = (1..)
            .zip(establishments)
            .map(|(rank, number)| Allowance {
                establishment: (*number).to_owned(),
                year: 2024,
                care_allowance: format!("{}.00", rank * 90_000),
                equation_result: "1000000.00".to_owned(),
                dependence_allowance: format!("{}.00", rank * 10_000),
                decision: "Décision tarifaire".to_owned(),
            })
            .collect();
        let request = RecordAllowancesRequest {
            region: "93".to_owned(),
            allowances,
            request_id: request_id(),
        };
        let mut client = self.tariffs(&contract_manager());
        client.record_allowances(request).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_for_a_place_is_compared_and_a_group_too_small_is_told_nothing() {
    let world = World::new().await;
    world.six_establishments().await;
    let request = asked(ComparedFigure::AllowancePerPlace, "");
    world.allowances(&NUMBERS[..4]).await;
    let few = world
        .compared(&contract_manager(), request.clone())
        .await
        .unwrap();
    assert_eq!((few.establishments_known, few.median.as_str()), (4, ""));

    world.allowances(&NUMBERS[..5]).await;
    let compared = world.compared(&contract_manager(), request).await.unwrap();
    assert_eq!(
        (
            compared.establishments_known,
            compared.establishments_count,
            compared.median.as_str(),
            compared.tenth.as_str()
        ),
        (5, 6, "3000", "")
    );
    let of = |number: &str| {
        let found = compared
            .establishments
            .iter()
            .find(|one| one.establishment == number);
        found.unwrap().clone()
    };
    assert_eq!(of(NUMBERS[1]).value, "2000");
    let unknown = of(NUMBERS[5]);
    assert_eq!(unknown.value, "");
    assert!(unknown.unknown.contains("RecordAllowances"), "{unknown:?}");
    assert!(
        compared
            .establishments
            .iter()
            .all(|one| one.question.is_empty())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submitted_indicator_is_compared_whole_or_for_each_place() {
    let world = World::new().await;
    world
        .record(authorised_and_financed(80, "2017-01-01"))
        .await
        .unwrap();
    world
        .realised(&[("MS_ABSENTEEISM", "9.5"), ("EHPAD_DAYS", "28000")])
        .await;
    for (figure, indicator, value, title) in [
        (
            ComparedFigure::Indicator,
            "MS_ABSENTEEISM",
            "9.5",
            "Taux d’absentéisme du personnel, hors formation (%)",
        ),
        (
            ComparedFigure::IndicatorPerPlace,
            "EHPAD_DAYS",
            "350",
            "Journées réalisées en hébergement permanent, par place financée",
        ),
    ] {
        let compared = world
            .compared(&contract_manager(), asked(figure, indicator))
            .await
            .unwrap();
        assert_eq!(compared.title, title);
        let values: Vec<&str> = compared
            .establishments
            .iter()
            .map(|one| one.value.as_str())
            .collect();
        assert_eq!(values, [value]);
    }
    let silent = world
        .compared(
            &contract_manager(),
            asked(ComparedFigure::Indicator, "MS_STAY_DAYS"),
        )
        .await
        .unwrap();
    assert_eq!(silent.establishments[0].value, "");
    assert!(silent.establishments[0].unknown.contains("MS_STAY_DAYS"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_compared_is_refused_and_an_establishment_compares_nobody() {
    let world = World::new().await;
    for wrong in [
        asked(ComparedFigure::Indicator, "MS_NOTHING"),
        asked(ComparedFigure::Indicator, ""),
        asked(ComparedFigure::AllowancePerPlace, "EHPAD_DAYS"),
    ] {
        let refused = world.compared(&contract_manager(), wrong).await;
        assert_eq!(wrong_fields(&refused.unwrap_err()), ["indicator"]);
    }
    let request = asked(ComparedFigure::AllowancePerPlace, "");
    let denied = world.compared(&director(SITE), request).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
}
