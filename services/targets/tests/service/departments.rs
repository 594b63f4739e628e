//! What those who act for a departmental council read and record: what is of the contracts that it signs.

use std::collections::BTreeSet;

use proto::{
    contracts::v1::VersionProposed,
    targets::v1::{
        Allowance, Funding, FundingKind, GetAgreedTargetSetRequest, GetMeansAndResultsRequest,
        GetTargetSetRequest, GetYearToDateRequest, ListAllowancesRequest,
        ListConsistencyWarningsRequest, ListFinanceFiguresRequest, ListIndicatorValuesRequest,
        ListTargetSetsRequest, RecordAllowancesRequest, RecordFundingsRequest,
        finance_service_client::FinanceServiceClient, funding_service_client::FundingServiceClient,
        realisation_service_client::RealisationServiceClient,
    },
};
use rpc::{Rules, client::Peer};
use testkit::{Persona, eventually, reason, request_id, wrong_fields};
use tonic::{Code, Status};

use crate::council_places::{nobody_waives_elsewhere, places_are_hidden, tariffs_are_hidden};
use crate::world::{
    Contract, OTHER_ENTITY, OTHER_SITE, SITE, World, contract_manager, number, stays, system, value,
};

pub(crate) fn president(department: &str) -> Persona {
    Persona::human("department_president")
        .region("93")
        .department(department)
}

pub(crate) fn officer(department: &str) -> Persona {
    Persona::human("department_manager")
        .region("93")
        .department(department)
}

pub(crate) fn shared() -> Contract {
    Contract {
        councils: &["13"],
        ..Contract::new()
    }
}

impl World {
    fn means(&self, who: &Persona) -> FundingServiceClient<Peer> {
        FundingServiceClient::new(self.service.peer(who))
    }

    async fn sets_of(&self, who: &Persona) -> Vec<String> {
        let mut client = self.target_sets(who);
        let listed = client
            .list_target_sets(ListTargetSetsRequest::default())
            .await;
        let listed = listed.unwrap().into_inner().target_sets;
        listed.into_iter().map(|set| set.name).collect()
    }
}

fn funding(contract: &Contract, kind: FundingKind) -> Funding {
    Funding {
        contract: contract.name(),
        year: 2024,
        kind: kind.into(),
        amount: "400000.00".to_owned(),
        source: "Arrêté de tarification".to_owned(),
    }
}

fn record(fundings: Vec<Funding>) -> RecordFundingsRequest {
    RecordFundingsRequest {
        region: "93".to_owned(),
        fundings,
        request_id: request_id(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_council_reads_the_targets_of_the_contracts_it_signs_and_of_no_others() {
    let world = World::new().await;
    let (own, other) = (shared(), Contract::of(OTHER_ENTITY, OTHER_SITE));
    world.drafted(&own).await;
    world.drafted(&other).await;
    let own_set = world.create(&own, vec![stays("a", SITE)]).await;
    let other_set = world.create(&other, vec![stays("a", OTHER_SITE)]).await;
    for who in [president("13"), officer("13")] {
        assert_eq!(world.sets_of(&who).await, [&*own_set.name]);
        let mut client = world.target_sets(&who);
        let name = own_set.name.clone();
        assert!(
            client
                .get_target_set(GetTargetSetRequest { name })
                .await
                .is_ok()
        );
        let name = other_set.name.clone();
        let hidden = client.get_target_set(GetTargetSetRequest { name }).await;
        assert_eq!(hidden.unwrap_err().code(), Code::NotFound);
    }
    assert_eq!(world.sets_of(&president("84")).await, [""; 0]);
    assert_eq!(world.sets_of(&contract_manager()).await.len(), 2);

    // Another text, another council.
    let moved = Contract {
        councils: &["84"],
        ..own.clone()
    };
    let proposed = VersionProposed {
        number: 2,
        text: Some(moved.text()),
        comment: String::new(),
    };
    world.tell(&own, 2, &proposed).await;
    eventually("the new text is known", || async {
        (world.sets_of(&president("84")).await == [&*own_set.name]).then_some(())
    })
    .await;
    assert_eq!(world.sets_of(&president("13")).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_council_records_what_it_gives_and_nothing_else() {
    let world = World::new().await;
    let own = shared();
    let both = Contract {
        councils: &["13", "84"],
        ..Contract::of(OTHER_ENTITY, OTHER_SITE)
    };
    world.contract_in_force(&own, vec![stays("a", SITE)]).await;
    world.drafted(&both).await;
    world.create(&both, vec![stays("a", OTHER_SITE)]).await;
    let mut council = world.means(&officer("13"));
    let lines = vec![
        funding(&own, FundingKind::Department),
        funding(&own, FundingKind::Care),
    ];
    let refused = council.record_fundings(record(lines)).await.unwrap_err();
    assert_eq!(reason(&refused), "OUTSIDE_COMPETENCE");
    assert!(
        refused.message().contains("fundings[1].kind"),
        "{refused:?}"
    );
    // Whose money it is cannot be told where two councils give.
    let lines = vec![funding(&both, FundingKind::Department)];
    let refused = council.record_fundings(record(lines)).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["fundings[0].contract"]);
    let lines = vec![funding(&own, FundingKind::Department)];
    let mut neighbour = world.means(&officer("84"));
    let refused = neighbour
        .record_fundings(record(lines.clone()))
        .await
        .unwrap_err();
    assert_eq!(wrong_fields(&refused), ["fundings[0].contract"]);

    council.record_fundings(record(lines)).await.unwrap();
    let request = GetMeansAndResultsRequest {
        contract: own.name(),
        year: 2024,
    };
    let mut reader = world.means(&president("13"));
    let read = reader.get_means_and_results(request).await.unwrap();
    assert_eq!(
        read.into_inner().means,
        [funding(&own, FundingKind::Department)]
    );
}

/// Calls that must answer as if there were nothing.
pub(crate) struct Walk(pub(crate) BTreeSet<&'static str>);

impl Walk {
    pub(crate) fn hidden<T: std::fmt::Debug>(
        &mut self,
        rpc: &'static str,
        answer: Result<T, Status>,
    ) {
        assert_eq!(answer.unwrap_err().code(), Code::NotFound, "{rpc}");
        self.0.insert(rpc);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_council_may_call_tells_it_nothing_of_another_one() {
    let world = World::new().await;
    let own = shared();
    let set = world.contract_in_force(&own, vec![stays("a", SITE)]).await;
    let measured = vec![value("MCO_STAYS", "2024-01", number("90"))];
    world.submit(&system(SITE), measured).await;
    world.register(SITE, "13055").await;
    let allowances = RecordAllowancesRequest {
        region: "93".to_owned(),
        allowances: vec![Allowance {
            establishment: SITE.to_owned(),
            year: 2024,
            care_allowance: "1300000.00".to_owned(),
            equation_result: "1300000.00".to_owned(),
            dependence_allowance: "400000.00".to_owned(),
            decision: "Décision tarifaire".to_owned(),
        }],
        request_id: request_id(),
    };
    let mut agency = world.means(&contract_manager());
    agency.record_allowances(allowances).await.unwrap();
    world.departments().await;
    world.with_places_and_points().await;
    let mut walk = Walk(BTreeSet::new());
    for who in [president("84"), officer("84")] {
        figures_are_hidden(&world, &own, &set, &who, &mut walk).await;
        places_are_hidden(&world, &who, &mut walk).await;
        tariffs_are_hidden(&world, &who, &mut walk).await;
    }
    nobody_waives_elsewhere(&world, &mut walk).await;
    let lines = vec![funding(&own, FundingKind::Department)];
    let refused = world
        .means(&officer("84"))
        .record_fundings(record(lines))
        .await;
    assert_eq!(
        wrong_fields(&refused.unwrap_err()),
        ["fundings[0].contract"]
    );
    walk.0.insert("FundingService/RecordFundings");
    let rules = Rules::parse(targets::DEFINITION.authorization).unwrap();
    let of_councils: BTreeSet<&str> = rules
        .paths()
        .filter(|path| {
            let entitled = &rules.get(path).unwrap().roles;
            entitled.iter().any(|role| role.starts_with("department_"))
        })
        .map(|path| path.trim_start_matches("/cpom.targets.v1."))
        .collect();
    assert_eq!(walk.0, of_councils);

    // The council itself reads them.
    let request = ListAllowancesRequest {
        establishment: SITE.to_owned(),
    };
    let shown = world.means(&president("13")).list_allowances(request).await;
    assert_eq!(shown.unwrap().into_inner().years.len(), 1);
    let mut reader = FinanceServiceClient::new(world.service.peer(&president("13")));
    let shown = reader.list_finance_figures(finances()).await;
    assert!(shown.unwrap().into_inner().figures.is_empty());
    let request = ListIndicatorValuesRequest {
        subject: SITE.to_owned(),
        ..Default::default()
    };
    let shown = world
        .indicators(&officer("13"))
        .list_indicator_values(request)
        .await;
    assert_eq!(shown.unwrap().into_inner().values.len(), 1);
}

async fn figures_are_hidden(
    world: &World,
    contract: &Contract,
    set: &str,
    who: &Persona,
    walk: &mut Walk,
) {
    let mut client = world.target_sets(who);
    let name = set.to_owned();
    let answer = client
        .get_target_set(GetTargetSetRequest { name: name.clone() })
        .await;
    walk.hidden("TargetSetService/GetTargetSet", answer);
    assert_eq!(world.sets_of(who).await, [""; 0]);
    walk.0.insert("TargetSetService/ListTargetSets");
    let request = GetAgreedTargetSetRequest {
        contract: contract.name(),
        ..Default::default()
    };
    let answer = client.get_agreed_target_set(request).await;
    walk.hidden("TargetSetService/GetAgreedTargetSet", answer);
    let answer = client
        .list_consistency_warnings(ListConsistencyWarningsRequest { name })
        .await;
    walk.hidden("TargetSetService/ListConsistencyWarnings", answer);
    let request = ListIndicatorValuesRequest {
        subject: SITE.to_owned(),
        ..Default::default()
    };
    let answer = world.indicators(who).list_indicator_values(request).await;
    walk.hidden("IndicatorService/ListIndicatorValues", answer);
    let request = GetYearToDateRequest {
        contract: contract.name(),
        year: 2024,
        through_month: 3,
        received_before: None,
    };
    let mut client = RealisationServiceClient::new(world.service.peer(who));
    let answer = client.get_year_to_date(request).await;
    walk.hidden("RealisationService/GetYearToDate", answer);
    let mut client = world.means(who);
    let request = ListAllowancesRequest {
        establishment: SITE.to_owned(),
    };
    walk.hidden(
        "FundingService/ListAllowances",
        client.list_allowances(request).await,
    );
    let request = GetMeansAndResultsRequest {
        contract: contract.name(),
        year: 2024,
    };
    let answer = client.get_means_and_results(request).await;
    walk.hidden("FundingService/GetMeansAndResults", answer);
    let answer = FinanceServiceClient::new(world.service.peer(who))
        .list_finance_figures(finances())
        .await;
    walk.hidden("FinanceService/ListFinanceFigures", answer);
}

/// Of every year.
fn finances() -> ListFinanceFiguresRequest {
    ListFinanceFiguresRequest {
        finess: SITE.to_owned(),
        ..Default::default()
    }
}
