use proto::targets::v1::{
    Capacity, CapacityKind, CarePublic, GetNeedsRequest, Needs, PlacesChange, ReceptionMode,
    needs_service_client::NeedsServiceClient,
};
use testkit::{Persona, reason};
use tonic::{Code, Status};

use crate::world::{World, contract_manager};

pub(crate) const VERSION: &str = "territoryVersions/departements-93";

/// Département, EHPAD places and people of 75 and more of PACA on 1 January 2023.
const PACA: [(&str, &str, i32, i32); 6] = [
    ("04", "04070", 2098, 22_569),
    ("05", "05061", 1428, 18_078),
    ("06", "06088", 11_559, 148_963),
    ("13", "13055", 16_086, 220_608),
    ("83", "83137", 10_260, 156_919),
    ("84", "84007", 4566, 64_946),
];

/// Valid FINESS numbers for as many establishments.
pub(crate) const NUMBERS: [&str; 6] = [
    "130786049",
    "010000040",
    "750712184",
    "590782637",
    "690781810",
    "210780581",
];

impl World {
    /// The départements of PACA, and their people of 75 and more, as an import leaves them.
    pub(crate) async fn departments(&self) {
        let mut owner = self.service.database.owner().await;
        sqlx::raw_sql(
            "insert into territory_version
                 (id, kind, composed_of, region, valid_from, geography, source, file_name, sha256, territories, areas,
                  created_at)
             values
                 ('departements-93', 'department', 'department', '93', '2016-01-01',
                  'nomenclatures/geography/versions/2023', 'INSEE', 'd.csv', repeat('0', 64), 6, 6, now());
             insert into population
                 (id, version, year, areas, source, file_name, sha256, area_count, inhabitants, created_at)
             values
                 ('insee-2023', 1, 2023, 'department', 'INSEE, estimations', 'p.csv', repeat('0', 64), 6, 0, now());",
        )
        .execute(&mut owner)
        .await
        .unwrap();
        for (code, _, _, people) in PACA {
            sqlx::query(
                "insert into territory (version, code, title, areas) values ('departements-93', $1, $1, array[$1])",
            )
            .bind(code)
            .execute(&mut owner)
            .await
            .unwrap();
            // Men of 0 to 94 years, then women: the people of 75 and more are all women of 95 and more, and a
            // thousand men of 70 to 74 do not count.
            let mut classes = vec![0; 40];
            classes[14] = 1000;
            classes[39] = people;
            sqlx::query(
                "insert into population_area (population, area, classes) values ('insee-2023', $1, $2)",
            )
            .bind(code)
            .bind(classes)
            .execute(&mut owner)
            .await
            .unwrap();
        }
    }

    pub(crate) async fn installed(&self) {
        let capacities = PACA
            .iter()
            .zip(NUMBERS)
            .flat_map(|((_, commune, places, _), establishment)| {
                // As many lines as it takes: one has five thousand places at most.
                (0..).map_while(move |line| {
                    let left = places - line * 5000;
                    (left > 0).then(|| installed(establishment, commune, line, left.min(5000)))
                })
            })
            .collect();
        self.record(capacities).await.unwrap();
    }

    pub(crate) async fn needs(&self, scenario: Vec<PlacesChange>) -> Result<Needs, Status> {
        self.needs_of("2023-01-01", scenario).await
    }

    pub(crate) async fn needs_on(&self, as_of: &str) -> Result<Needs, Status> {
        self.needs_of(as_of, Vec::new()).await
    }

    async fn needs_of(&self, as_of: &str, scenario: Vec<PlacesChange>) -> Result<Needs, Status> {
        let request = GetNeedsRequest {
            region: "93".to_owned(),
            territory_version: VERSION.to_owned(),
            public: CarePublic::OlderPeople.into(),
            population: "populations/insee-2023".to_owned(),
            as_of: as_of.to_owned(),
            kind: CapacityKind::Installed.into(),
            scenario,
            activity_year: 0,
        };
        let persona: Persona = contract_manager();
        let mut client = NeedsServiceClient::new(self.service.peer(&persona));
        Ok(client.get_needs(request).await?.into_inner())
    }
}

fn installed(establishment: &str, commune: &str, line: i32, places: i32) -> Capacity {
    Capacity {
        establishment: establishment.to_owned(),
        line: format!("permanent-{line}"),
        category: "500".to_owned(),
        kind: CapacityKind::Installed.into(),
        mode: ReceptionMode::Permanent.into(),
        public: CarePublic::OlderPeople.into(),
        places,
        opening_days: 0,
        valid_from: "2017-01-01".to_owned(),
        commune: commune.to_owned(),
        plans: Vec::new(),
        decision: "Arrêté".to_owned(),
    }
}

fn change(code: &str, places: i32) -> PlacesChange {
    PlacesChange {
        territory: format!("{VERSION}/territories/{code}"),
        mode: ReceptionMode::Permanent.into(),
        places,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn equipment_of_the_six_departements_and_what_a_scenario_does_to_their_inequality() {
    let world = World::new().await;
    world.departments().await;
    world.installed().await;
    let needs = world
        .needs(vec![change("04", -200), change("83", 200)])
        .await
        .unwrap();
    assert_eq!((needs.minimum_age, needs.maximum_age), (75, 0));
    assert_eq!(needs.population_source, "INSEE, estimations (2023)");
    let rates: Vec<(&str, &str)> = needs
        .territories
        .iter()
        .map(|row| {
            (
                row.equipment_rate.as_str(),
                row.equipment_rate_after.as_str(),
            )
        })
        .collect();
    assert_eq!(
        rates,
        [
            ("92.96", "84.1"),
            ("78.99", "78.99"),
            ("77.6", "77.6"),
            ("72.92", "72.92"),
            ("65.38", "66.66"),
            ("70.3", "70.3")
        ]
    );
    let (before, after) = (needs.before.unwrap(), needs.after.unwrap());
    assert_eq!(
        (
            before.regional_rate.as_str(),
            before.ratio.as_str(),
            before.variation_percent.as_str()
        ),
        ("72.77", "1.42", "11.38")
    );
    assert_eq!(
        (after.ratio.as_str(), after.variation_percent.as_str()),
        ("1.26", "7.71")
    );

    // A scenario has changed nothing.
    let again = world.needs(Vec::new()).await.unwrap();
    assert_eq!(again.before, Some(before));
    assert_eq!(again.after, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commune_or_a_population_that_is_not_covered_is_named() {
    let world = World::new().await;
    let unknown = world.needs(Vec::new()).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    world.departments().await;
    let beyond = world.needs(vec![change("38", 10)]).await.unwrap_err();
    assert_eq!(reason(&beyond), "UNKNOWN_TERRITORY");
    let too_few = world.needs(vec![change("04", -1)]).await.unwrap_err();
    assert_eq!(reason(&too_few), "TOO_FEW_PLACES");
    world
        .record(vec![installed(NUMBERS[0], "38185", 0, 80)])
        .await
        .unwrap();
    let outside = world.needs(Vec::new()).await.unwrap_err();
    assert_eq!(reason(&outside), "COMMUNE_NOT_COVERED");
    assert!(outside.message().contains("38185"), "{outside}");

    let mut owner = world.service.database.owner().await;
    sqlx::query("delete from population_area where area = '84'")
        .execute(&mut owner)
        .await
        .unwrap();
    let unpopulated = world.needs(Vec::new()).await.unwrap_err();
    assert_eq!(reason(&unpopulated), "POPULATION_UNKNOWN");
}
