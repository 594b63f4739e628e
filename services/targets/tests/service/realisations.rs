//! What was realised: zero, missing and masked stay different; corrections supersede; campaigns are frozen.

use std::time::Duration;

use proto::targets::v1::{
    Absence, IndicatorValue, ListIndicatorValuesRequest, Objective, RealisedState,
    StreamRealisationsRequest, indicator_value::Content,
};
use sqlx::Executor as _;
use testkit::Persona;

use crate::{
    data::cases,
    world::{
        Contract, ENTITY, OTHER_ENTITY, OTHER_SITE, SITE, World, contract_manager, number, stays,
        system, value,
    },
};

fn asked(contracts: &[&Contract]) -> StreamRealisationsRequest {
    StreamRealisationsRequest {
        region: "93".to_owned(),
        year: 2024,
        contracts: contracts.iter().map(|contract| contract.name()).collect(),
        ..Default::default()
    }
}

fn absent(absence: Absence) -> Content {
    Content::Absence(absence.into())
}

fn objective(indicator: &str) -> Objective {
    let unit = if indicator == "MCO_SESSIONS" {
        proto::types::v1::Unit::Sessions
    } else {
        proto::types::v1::Unit::Stays
    };
    Objective {
        id: indicator.to_lowercase().replace('_', "-"),
        indicator: indicator.to_owned(),
        unit: unit.into(),
        ..stays("a", SITE)
    }
}

/// Twelve months of 100, the last one with this content.
fn year_ending_with(indicator: &str, last: Option<Content>) -> Vec<IndicatorValue> {
    let months = (1..=11).map(|month| value(indicator, &format!("2024-{month:02}"), number("100")));
    months
        .chain(last.map(|content| value(indicator, "2024-12", content)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn zero_missing_and_masked_stay_different_to_the_end() {
    let world = World::new().await;
    let contract = Contract::new();
    let indicators = [
        "MCO_STAYS",
        "MCO_FULL_STAYS",
        "MCO_DAY_STAYS",
        "MCO_SESSIONS",
    ];
    let set = world
        .contract_in_force(
            &contract,
            indicators.iter().map(|code| objective(code)).collect(),
        )
        .await;
    let mut values = year_ending_with("MCO_STAYS", Some(number("0")));
    values.extend(year_ending_with(
        "MCO_FULL_STAYS",
        Some(absent(Absence::Missing)),
    ));
    values.extend(year_ending_with(
        "MCO_DAY_STAYS",
        Some(absent(Absence::Masked)),
    ));
    let acknowledged = world.submit(&system(ENTITY), values).await;
    assert_eq!(
        (acknowledged.accepted, acknowledged.rejected.len()),
        (36, 0)
    );

    let realisations = world.realisations(asked(&[&contract])).await;
    assert_eq!(realisations.len(), 1);
    assert_eq!(
        (&realisations[0].contract, &realisations[0].target_set),
        (&contract.name(), &set)
    );
    let found: Vec<_> = realisations[0]
        .objectives
        .iter()
        .map(|realised| {
            let last = realised.inputs.last().map_or("", |input| &input.value);
            (
                realised.state(),
                realised.value.as_str(),
                realised.upper.as_str(),
                last,
            )
        })
        .collect();
    let expected = [
        (RealisedState::Exact, "1100", "", "0"),
        (RealisedState::Incomplete, "1100", "", "MISSING"),
        (RealisedState::Masked, "1101", "1110", "MASKED"),
        (RealisedState::Missing, "", "", ""),
    ];
    assert_eq!(found, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_supersedes_and_the_first_value_is_kept() {
    let world = World::new().await;
    let contract = Contract::new();
    world
        .contract_in_force(&contract, vec![objective("MCO_STAYS")])
        .await;
    let corrections = ["1000", "1200", "1100"];
    for correction in corrections {
        world
            .submit(
                &system(ENTITY),
                vec![value("MCO_STAYS", "2024", number(correction))],
            )
            .await;
    }
    // Within one batch, the later row is the correction.
    let twice = ["7", "1150"].map(|text| value("MCO_STAYS", "2024", number(text)));
    world.submit(&system(ENTITY), twice.to_vec()).await;

    let realised = &world.realisations(asked(&[&contract])).await[0].objectives[0];
    assert_eq!(
        (realised.state(), realised.value.as_str()),
        (RealisedState::Exact, "1150")
    );
    assert_eq!(realised.inputs.len(), 1);

    let list = async |include_superseded, page_size| {
        let mut request = ListIndicatorValuesRequest {
            subject: SITE.to_owned(),
            indicator: "MCO_STAYS".to_owned(),
            year: 2024,
            include_superseded,
            page_size,
            ..Default::default()
        };
        let mut client = world.indicators(&contract_manager());
        let mut values = Vec::new();
        loop {
            let page = client
                .list_indicator_values(request.clone())
                .await
                .unwrap()
                .into_inner();
            values.extend(
                page.values
                    .into_iter()
                    .map(|received| received.value.unwrap().content),
            );
            if page.next_page_token.is_empty() {
                return values;
            }
            request.page_token = page.next_page_token;
        }
    };
    assert_eq!(list(false, 0).await, [Some(number("1150"))]);
    let all = ["1000", "1200", "1100", "7", "1150"].map(|text| Some(number(text)));
    assert_eq!(list(true, 0).await, all);
    assert_eq!(list(true, 2).await, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yearly_figure_counts_before_the_months() {
    let world = World::new().await;
    let contract = Contract::new();
    world
        .contract_in_force(&contract, vec![objective("MCO_STAYS")])
        .await;
    world
        .submit(
            &system(ENTITY),
            vec![value("MCO_STAYS", "2024", number("1300"))],
        )
        .await;
    world
        .submit(
            &system(ENTITY),
            year_ending_with("MCO_STAYS", Some(number("100"))),
        )
        .await;
    let realised = &world.realisations(asked(&[&contract])).await[0].objectives[0];
    assert_eq!(
        (realised.value.as_str(), realised.inputs.len()),
        ("1300", 1)
    );
    assert_eq!(realised.inputs[0].period, "2024");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_of_a_campaign_are_frozen() {
    let world = World::new().await;
    let contract = Contract::new();
    world
        .contract_in_force(&contract, vec![objective("MCO_STAYS")])
        .await;
    world
        .submit(
            &system(ENTITY),
            vec![value("MCO_STAYS", "2024", number("1000"))],
        )
        .await;
    let freeze = world.service.setup.clock.now();
    world
        .submit(
            &system(ENTITY),
            vec![value("MCO_STAYS", "2024", number("2000"))],
        )
        .await;

    let frozen = StreamRealisationsRequest {
        received_before: Some(kit::timestamp(freeze)),
        ..asked(&[&contract])
    };
    let as_of_the_freeze = world.realisations(frozen.clone()).await;
    assert_eq!(as_of_the_freeze[0].objectives[0].value, "1000");
    assert_eq!(
        world.realisations(asked(&[&contract])).await[0].objectives[0].value,
        "2000"
    );

    // A batch that is being written may have been received before the freeze: it is waited for.
    let mut owner = world.service.database.owner().await;
    owner.execute("begin").await.unwrap();
    let writing = "select pg_advisory_xact_lock_shared(hashtext('cpom-indicator-value'))";
    owner.execute(writing).await.unwrap();
    let reading = world.realisations(frozen);
    tokio::pin!(reading);
    let early = tokio::time::timeout(Duration::from_millis(300), &mut reading).await;
    assert!(early.is_err(), "read while a batch was being written");
    owner.execute("commit").await.unwrap();
    assert_eq!(reading.await, as_of_the_freeze);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_contract_that_is_asked_for_is_answered_in_order() {
    let world = World::new().await;
    let mut contracts = [Contract::new(), Contract::of(OTHER_ENTITY, OTHER_SITE)];
    for contract in &contracts {
        world
            .contract_in_force(contract, vec![stays("a", contract.site)])
            .await;
    }
    let drafted = Contract::new();
    world.drafted(&drafted).await;
    let unknown: Vec<Contract> = (0..60).map(|_| Contract::new()).collect();
    let mut all: Vec<&Contract> = contracts.iter().chain([&drafted]).chain(&unknown).collect();
    all.reverse();
    let answered = world.realisations(asked(&all)).await;
    all.sort_by_key(|contract| contract.name());
    let names: Vec<String> = all.iter().map(|contract| contract.name()).collect();
    assert_eq!(
        answered
            .iter()
            .map(|one| one.contract.clone())
            .collect::<Vec<_>>(),
        names
    );
    contracts.sort_by_key(Contract::name);
    let with_a_set: Vec<&str> = answered
        .iter()
        .filter(|one| !one.target_set.is_empty())
        .map(|one| one.contract.as_str())
        .collect();
    assert_eq!(with_a_set, contracts.each_ref().map(Contract::name));
}

#[tokio::test(flavor = "multi_thread")]
async fn values_once_received_are_never_changed() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![objective("MCO_STAYS")])
        .await;
    world
        .submit(
            &system(ENTITY),
            vec![value("MCO_STAYS", "2024", number("1000"))],
        )
        .await;
    let mut owner = world.service.database.owner().await;
    for attempt in [
        "update indicator_value set value = 1",
        "delete from indicator_value",
        "truncate indicator_value",
        "update indicator_value_2024 set value = 1",
        "delete from indicator_value_2024",
        "truncate indicator_value_2024",
    ] {
        let error = owner.execute(attempt).await.unwrap_err().to_string();
        assert!(error.contains("append-only"), "{attempt}: {error}");
    }
    for attempt in [
        "set role cpom_machine; insert into target_set (id) values (gen_random_uuid())",
        "set role cpom_machine; insert into indicator_value (year) values (2024)",
        "set role cpom_app; insert into contract_copy (id) values (gen_random_uuid())",
        "set role cpom_app; delete from submission",
    ] {
        let error = owner
            .execute(sqlx::raw_sql(attempt))
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains("permission denied"), "{attempt}: {error}");
        owner.execute("reset role").await.unwrap();
    }
    let auditor = Persona::human("auditor").region("*");
    let request = ListIndicatorValuesRequest {
        subject: SITE.to_owned(),
        ..Default::default()
    };
    let page = world
        .indicators(&auditor)
        .list_indicator_values(request)
        .await
        .unwrap();
    assert_eq!(page.into_inner().values.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_pmsi_says_stands_beside_what_was_submitted() {
    let world = World::new().await;
    world.with_reference_data().await;
    let contract = Contract::new();
    let objectives = ["MCO_STAYS", "MCO_DAY_STAYS", "MCO_SESSIONS"]
        .map(objective)
        .to_vec();
    world.contract_in_force(&contract, objectives).await;
    world
        .submit(
            &system(ENTITY),
            vec![value("MCO_STAYS", "2024", number("1000"))],
        )
        .await;
    let half = cases(
        2024,
        &[
            (SITE, 6, "08C24", "HC", "04001", "300"),
            (SITE, 6, "08C24", "AMBU", "04001", "120"),
            (SITE, 6, "08C24", "AMBU", "04004", "1 à 10"),
        ],
    );
    world.import_case_mix(&half, &[]).await;
    let realisations = world.realisations(asked(&[&contract])).await;
    let find = |id: &str| {
        realisations[0]
            .objectives
            .iter()
            .find(|o| o.objective == id)
            .unwrap()
    };
    assert_eq!(find("mco-stays").value, "1000");
    let pmsi = find("mco-stays").pmsi.clone().unwrap();
    assert_eq!(
        (pmsi.state(), pmsi.through_month),
        (RealisedState::Incomplete, 6)
    );
    assert_eq!((pmsi.value.as_str(), pmsi.upper.as_str()), ("421", "430"));
    assert_eq!(find("mco-day-stays").pmsi.clone().unwrap().value, "121");

    let whole = cases(2024, &[(SITE, 12, "08C24", "HC", "04001", "900")]);
    world.import_case_mix(&whole, &[]).await;
    let after = world.realisations(asked(&[&contract])).await;
    let stays = after[0]
        .objectives
        .iter()
        .find(|o| o.objective == "mco-stays")
        .unwrap();
    let changed = stays.pmsi.clone().unwrap();
    assert_eq!(
        (changed.state(), changed.value.as_str()),
        (RealisedState::Exact, "900")
    );
    assert_ne!(changed.data_version, pmsi.data_version);
}
