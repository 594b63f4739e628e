//! Rates, flows, and what is published of them.

use proto::{
    targets::v1::{
        ComputeFlowsRequest, ComputeRatesRequest, DownloadPublishedRatesRequest,
        GetPublishedRateRequest, ListPublishedRateSetsRequest, ListPublishedRatesRequest,
        PmsiField, PublishRatesRequest, PublishedFormat, PublishedRate, PublishedRateSet, Rate,
        RateState,
    },
    types::v1::Unit,
};
use testkit::{reason, request_id};

use crate::{
    data::{basis, cases},
    world::{OTHER_SITE, SITE, World, director, manager},
};

async fn rates(world: &World) -> Vec<Rate> {
    let request = ComputeRatesRequest {
        basis: Some(basis()),
    };
    let reply = world
        .rates(&manager())
        .compute_rates(request)
        .await
        .unwrap();
    reply.into_inner().rates
}

pub(crate) async fn publish(world: &World, series: &str, correction: &str) -> PublishedRateSet {
    let request = publication(series, correction);
    world
        .rates(&manager())
        .publish_rates(request)
        .await
        .unwrap()
        .into_inner()
}

fn publication(series: &str, correction: &str) -> PublishRatesRequest {
    PublishRatesRequest {
        series: series.to_owned(),
        title: "Taux de recours MCO 2023".to_owned(),
        basis: Some(basis()),
        method: "Séjours hors séances des résidents, standardisés par âge et sexe.".to_owned(),
        sources: "PMSI, INSEE".to_owned(),
        correction: correction.to_owned(),
        request_id: request_id(),
    }
}

/// Zone A: 400 stays in 08C24; B: 5; C: 900. In 05K06: 30, 40, 50.
pub(crate) async fn with_cases(world: &World) {
    world.with_reference_data().await;
    let file = cases(
        2023,
        &[
            (SITE, 12, "08C24", "HC", "04001", "300"),
            (SITE, 12, "08C24", "AMBU", "04001", "100"),
            (SITE, 12, "08C24", "HC", "04004", "5"),
            (OTHER_SITE, 12, "08C24", "HC", "04005", "900"),
            (OTHER_SITE, 12, "05K06", "HC", "04001", "30"),
            (OTHER_SITE, 12, "05K06", "HC", "04004", "40"),
            (SITE, 12, "05K06", "HC", "04005", "50"),
            (SITE, 12, "08C24", "HC", "99", "11"),
        ],
    );
    world.import_case_mix(&file, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rates_are_of_residents_wherever_they_were_treated() {
    let world = World::new().await;
    with_cases(&world).await;
    let rates = rates(&world).await;
    let find = |territory: &str, activity: &str| {
        rates
            .iter()
            .find(|r| (r.territory.as_str(), r.activity.as_str()) == (territory, activity))
            .unwrap()
    };
    let a = find("A", "08C24");
    assert_eq!(
        (a.cases, a.population, a.ambulatory_cases),
        (400, 4_000, 100)
    );
    assert_eq!((a.crude, a.ambulatory_share), (100.0, Some(0.25)));
    // 1,305 cases among 600 men of 75 to 79 are expected in proportion: 217.5 for the 100 of zone A.
    assert!((a.expected - 217.5).abs() < 1e-9);
    assert!((a.index - 400.0 / 217.5).abs() < 1e-9);
    assert!(a.significant && a.index_low > 1.0);
    // The same structure everywhere: the direct rate is the crude one.
    assert!((a.direct - 100.0).abs() < 1e-9);
    let request = ComputeRatesRequest {
        basis: Some(basis()),
    };
    let reply = world
        .rates(&manager())
        .compute_rates(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!((reply.cases_elsewhere, reply.population_year), (11, 2022));
    let denied = world
        .rates(&director(SITE))
        .compute_rates(request)
        .await
        .unwrap_err();
    assert_eq!(denied.code(), tonic::Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_masked_cell_stays_masked_from_the_import_to_the_published_file() {
    let world = World::new().await;
    world.with_reference_data().await;
    let file = cases(
        2023,
        &[
            (SITE, 12, "08C24", "HC", "04001", "300"),
            (SITE, 12, "08C24", "HC", "04004", "1 à 10"),
            (SITE, 12, "08C24", "HC", "04005", "400"),
            (SITE, 12, "05K06", "HC", "04001", "30"),
            (SITE, 12, "05K06", "HC", "04004", "40"),
        ],
    );
    world.import_case_mix(&file, &[]).await;
    let rates = rates(&world).await;
    let b = rates
        .iter()
        .find(|rate| rate.territory == "B" && rate.activity == "08C24")
        .unwrap();
    assert_eq!(
        (b.state(), b.cases, b.cases_upper),
        (RateState::Masked, 1, 10)
    );
    let set = publish(&world, "mco", "").await;
    let published = told(&world, &set).await;
    let find = |territory: &str, activity: &str| {
        let rate = published
            .iter()
            .filter_map(|published| published.rate.clone());
        let mut of_place =
            rate.filter(|r| (r.territory.as_str(), r.activity.as_str()) == (territory, activity));
        of_place.next().unwrap()
    };
    // Nobody here knows the cell, so nobody is told a sum that has it in.
    for (territory, activity) in [("B", "08C24"), ("B", "*"), ("*", "08C24"), ("*", "*")] {
        let rate = find(territory, activity);
        assert_eq!(
            (rate.state(), rate.cases, rate.crude),
            (RateState::Masked, 0, 0.0)
        );
        assert!(rate.population > 0);
    }
    // Its neighbours have their cases, and no reference to compare them with.
    let a = find("A", "08C24");
    assert_eq!(
        (a.state(), a.cases, a.crude, a.index),
        (RateState::NoReference, 300, 75.0, 0.0)
    );
    assert_eq!(find("B", "05K06").state(), RateState::Known);
    let csv = String::from_utf8(download(&world, &set, PublishedFormat::Csv).await).unwrap();
    assert!(csv.contains(";masked;;8000;;"), "{csv}");
}

#[tokio::test(flavor = "multi_thread")]
async fn from_which_count_on_a_rate_is_told_is_a_dated_rule() {
    let world = World::new().await;
    with_cases(&world).await;
    let mut owner = world.service.database.owner().await;
    for (day, smallest) in [("2020-01-01", 35), ("2999-01-01", 500)] {
        sqlx::query("insert into secrecy_threshold values ($1::date, $2, 'test')")
            .bind(day)
            .bind(smallest)
            .execute(&mut owner)
            .await
            .unwrap();
    }
    let set = publish(&world, "mco", "").await;
    assert_eq!(set.threshold, 35);
    let rates = told(&world, &set).await;
    let small = rates
        .iter()
        .map(|published| published.rate.clone().unwrap());
    let small = small
        .filter(|rate| rate.state() == RateState::Known && rate.cases < 35)
        .count();
    assert_eq!(small, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_together_is_said() {
    let world = World::new().await;
    with_cases(&world).await;
    let asked = |change: fn(&mut proto::targets::v1::RateBasis)| {
        let mut basis = basis();
        change(&mut basis);
        ComputeRatesRequest { basis: Some(basis) }
    };
    for (request, expected) in [
        (
            asked(|b| b.population = "populations/none".to_owned()),
            "POPULATION_UNKNOWN",
        ),
        (
            asked(|b| b.territory_version = "territoryVersions/none".to_owned()),
            "TERRITORY_VERSION_UNKNOWN",
        ),
        (asked(|b| b.year = 2018), "POPULATION_WRONG_YEAR"),
        (asked(|b| b.year = 2024), "NO_CASES"),
    ] {
        let refused = world
            .rates(&manager())
            .compute_rates(request)
            .await
            .unwrap_err();
        assert_eq!(reason(&refused), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn flows_tell_who_leaves_and_who_comes() {
    let world = World::new().await;
    with_cases(&world).await;
    let request = ComputeFlowsRequest {
        field: PmsiField::Mco.into(),
        year: 2023,
        unit: Unit::Stays.into(),
        territory_version: "territoryVersions/zones-2023".to_owned(),
        activity: "08C24".to_owned(),
        by_establishment: true,
    };
    let reply = world
        .rates(&manager())
        .compute_flows(request)
        .await
        .unwrap()
        .into_inner();
    let of = |code: &str| {
        reply
            .territories
            .iter()
            .find(|t| t.territory == code)
            .unwrap()
    };
    // The first site is in zone A, the other one in zone B.
    assert_eq!((of("A").consumption, of("A").production), (400, 416));
    assert_eq!(
        (of("A").leak, of("A").self_sufficiency),
        (Some(0.0), Some(1.0))
    );
    assert_eq!(of("B").leak, Some(1.0));
    assert_eq!((of("C").leak, of("C").attraction), (Some(1.0), None));
    let shares: f64 = reply
        .cells
        .iter()
        .filter(|cell| cell.from == "C")
        .map(|cell| cell.share)
        .sum();
    assert!((shares - 1.0).abs() < 1e-9);
    let site = reply
        .market_shares
        .iter()
        .find(|share| share.finess == SITE)
        .unwrap();
    assert_eq!((site.territory.as_str(), site.share), ("A", 1.0));
    assert_eq!(site.catchment, ["04001"]);
    // All residents of A are treated there; of the other one’s territory nobody is.
    assert_eq!(site.resident_share, Some(1.0));
    let mut others = reply.market_shares.iter();
    let other = others.find(|share| share.finess == OTHER_SITE).unwrap();
    assert_eq!(other.resident_share, Some(0.0));
    let treated = |from: &str| -> (i64, f64) {
        let flows = reply.establishment_flows.iter();
        let flows = flows.filter(|flow| flow.from == from);
        flows.fold((0, 0.0), |(cases, share), flow| {
            (cases + flow.cases, share + flow.share)
        })
    };
    for code in ["A", "B", "C"] {
        let (cases, share) = treated(code);
        assert_eq!(cases, of(code).consumption, "{code}");
        assert!((share - 1.0).abs() < 1e-9, "{code}: {share}");
    }
}

/// Everything of a set, by territory and activity.
pub(crate) async fn told(world: &World, set: &PublishedRateSet) -> Vec<PublishedRate> {
    let request = ListPublishedRatesRequest {
        parent: set.name.clone(),
        page_size: 200,
        ..Default::default()
    };
    world
        .public()
        .list_published_rates(request)
        .await
        .unwrap()
        .into_inner()
        .rates
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_reads_what_was_published_and_nobody_what_is_small() {
    let world = World::new().await;
    with_cases(&world).await;
    let set = publish(&world, "mco-93-2023", "").await;
    assert_eq!((set.version, set.threshold, set.rates), (1, 11, 12));
    let rates = told(&world, &set).await;
    let state = |territory: &str, activity: &str| {
        let found = rates
            .iter()
            .map(|r| r.rate.clone().unwrap())
            .find(|r| (r.territory.as_str(), r.activity.as_str()) == (territory, activity));
        found.unwrap().state()
    };
    assert_eq!(state("B", "08C24"), RateState::Suppressed);
    assert_eq!(state("*", "*"), RateState::Known);
    // 5 = the total of the zone less the other activity: one of the two is not told.
    assert!(
        state("B", "*") == RateState::Suppressed || state("B", "05K06") == RateState::Suppressed
    );
    let hidden = rates
        .iter()
        .filter(|r| r.rate.as_ref().unwrap().state() == RateState::Suppressed);
    for rate in hidden {
        let rate = rate.rate.clone().unwrap();
        assert_eq!(
            (rate.cases, rate.crude, rate.index, rate.ambulatory_share),
            (0, 0.0, 0.0, None)
        );
    }
    let request = GetPublishedRateRequest {
        parent: set.name.clone(),
        territory: "B".to_owned(),
        activity: "08C24".to_owned(),
    };
    let refused = world
        .public()
        .get_published_rate(request)
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "RATE_SUPPRESSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_downloaded_without_login_and_has_its_checksum_and_dictionary() {
    let world = World::new().await;
    with_cases(&world).await;
    let set = publish(&world, "mco-93-2023", "").await;
    let csv = download(&world, &set, PublishedFormat::Csv).await;
    assert_eq!(testkit_sha256(&csv), set.sha256);
    let text = String::from_utf8(csv).unwrap();
    let header = text.lines().next().unwrap();
    assert!(header.starts_with("territory;territory_title;activity;"));
    assert_eq!(text.lines().count(), 13);
    let hidden = text
        .lines()
        .find(|line| line.starts_with("B;Zone B;08C24;"))
        .unwrap();
    assert!(hidden.contains(";suppressed;;"), "{hidden}");
    let json = download(&world, &set, PublishedFormat::Json).await;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["rates"].as_array().unwrap().len(), 12);
    let dictionary = download(&world, &set, PublishedFormat::Dictionary).await;
    let dictionary: serde_json::Value = serde_json::from_slice(&dictionary).unwrap();
    let described: Vec<&str> = dictionary["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["name"].as_str().unwrap())
        .collect();
    assert_eq!(described.join(";"), header);
}

async fn download(world: &World, set: &PublishedRateSet, format: PublishedFormat) -> Vec<u8> {
    let request = DownloadPublishedRatesRequest {
        name: set.name.clone(),
        format: format.into(),
    };
    let mut stream = world
        .public()
        .download_published_rates(request)
        .await
        .unwrap()
        .into_inner();
    let mut bytes = Vec::new();
    while let Some(part) = stream.message().await.unwrap() {
        bytes.extend(part.chunk);
    }
    bytes
}

fn testkit_sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_another_version_and_the_first_stays_as_it_was() {
    let world = World::new().await;
    with_cases(&world).await;
    let first = publish(&world, "mco-93-2023", "").await;
    let before = told(&world, &first).await;
    let silent = world
        .rates(&manager())
        .publish_rates(publication("mco-93-2023", ""))
        .await
        .unwrap_err();
    assert_eq!(reason(&silent), "CORRECTION_REQUIRED");
    let file = cases(
        2023,
        &[
            (OTHER_SITE, 12, "08C24", "HC", "04005", "930"),
            (OTHER_SITE, 12, "05K06", "HC", "04001", "30"),
            (OTHER_SITE, 12, "05K06", "HC", "04004", "40"),
        ],
    );
    world.import_case_mix(&file, &[]).await;
    let second = publish(&world, "mco-93-2023", "Transmission de décembre corrigée.").await;
    assert_eq!(
        (second.version, first.data_version == second.data_version),
        (2, false)
    );
    assert_eq!(told(&world, &first).await, before);
    let request = ListPublishedRateSetsRequest {
        series: "mco-93-2023".to_owned(),
        ..Default::default()
    };
    let sets = world
        .public()
        .list_published_rate_sets(request)
        .await
        .unwrap()
        .into_inner()
        .sets;
    let corrected: Vec<(i32, bool)> = sets
        .iter()
        .map(|set| (set.version, set.corrected))
        .collect();
    assert_eq!(corrected, [(2, false), (1, true)]);
    // What was small is told by neither, nor by the difference of the two.
    for set in [&first, &second] {
        let rates = told(&world, set).await;
        let hidden = rates
            .iter()
            .map(|r| r.rate.clone().unwrap())
            .find(|r| r.territory == "B" && r.activity == "08C24");
        assert_eq!(hidden.unwrap().state(), RateState::Suppressed);
    }
}
