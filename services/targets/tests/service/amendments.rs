//! The targets of an amendment: prepared beside those in effect, frozen with its document, in effect on its day.

use proto::{
    contracts::v1::{
        AmendmentFrozen, AmendmentInEffect, AmendmentProposed, AmendmentRejected,
        AmendmentSignatureWithdrawn, ContractRenewed, ContractTerminated, TermExtended,
    },
    targets::v1::{
        CreateTargetSetRequest, Objective, ReplaceObjectivesRequest, StreamRealisationsRequest,
        TargetSet, TargetSetState,
    },
};
use testkit::{eventually, reason, request_id};
use tonic::{Code, Status};

use crate::world::{
    Contract, ENTITY, OTHER_SITE, SITE, World, contract_manager, director, number, stays, system,
    value,
};

/// An amendment of a contract.
struct Amendment<'a> {
    world: &'a World,
    contract: &'a Contract,
    name: String,
}

impl<'a> Amendment<'a> {
    fn of(world: &'a World, contract: &'a Contract) -> Self {
        let name = format!("amendments/{}", kernel::new_id());
        Self {
            world,
            contract,
            name,
        }
    }

    async fn tell<M: prost::Message + prost::Name>(&self, version: i64, event: &M) {
        let of = ("amendment", self.name.as_str());
        self.world.tell_of(of, self.contract, version, event).await;
    }

    /// Its day has come.
    fn effect(&self, number: i32, day: &str, sites: &[&str]) -> AmendmentInEffect {
        AmendmentInEffect {
            contract: self.contract.name(),
            number,
            effect_date: day.to_owned(),
            establishments: sites
                .iter()
                .map(|site| format!("establishments/{site}"))
                .collect(),
            end_date: self.contract.end_date.to_owned(),
            changed: Vec::new(),
            ..Default::default()
        }
    }

    /// Its targets, agreed by both sides.
    async fn targets(&self, objectives: Vec<Objective>) -> TargetSet {
        let set = self.draft(objectives).await.unwrap();
        let set = self.world.agree(&contract_manager(), &set).await.unwrap();
        self.world.agree(&director(ENTITY), &set).await.unwrap()
    }

    async fn draft(&self, objectives: Vec<Objective>) -> Result<TargetSet, Status> {
        let request = CreateTargetSetRequest {
            contract: self.contract.name(),
            amendment: self.name.clone(),
            objectives,
            request_id: request_id(),
            ..Default::default()
        };
        let mut client = self.world.target_sets(&contract_manager());
        Ok(client.create_target_set(request).await?.into_inner())
    }

    /// Waits until this many of its events were applied here.
    async fn applied(&self, events: i64) {
        eventually("the events of the amendment are applied", || async {
            let mut owner = self.world.service.database.owner().await;
            let version: Option<i64> = sqlx::query_scalar(
                "select version from inbox where consumer = 'targets-amendment' and aggregate = $1",
            )
            .bind(&self.name)
            .fetch_optional(&mut owner)
            .await
            .unwrap();
            (version == Some(events)).then_some(())
        })
        .await;
    }
}

fn asked(contract: &Contract, target_sets: &[&str]) -> StreamRealisationsRequest {
    StreamRealisationsRequest {
        region: "93".to_owned(),
        year: 2024,
        contracts: vec![contract.name()],
        target_sets: target_sets.iter().map(|name| (*name).to_owned()).collect(),
        ..Default::default()
    }
}

fn sessions(id: &str) -> Objective {
    Objective {
        indicator: "MCO_SESSIONS".to_owned(),
        unit: proto::types::v1::Unit::Sessions.into(),
        ..stays(id, SITE)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_targets_of_an_amendment_take_effect_on_its_day_and_those_before_end_the_day_before() {
    let world = World::new().await;
    let contract = Contract::new();
    let first = world
        .contract_in_force(&contract, vec![stays("a", SITE)])
        .await;
    let amendment = Amendment::of(&world, &contract);
    let second = amendment.targets(vec![sessions("b")]).await;
    amendment.tell(1, &AmendmentProposed::default()).await;
    let effect = amendment.effect(1, "2024-07-01", &[SITE, OTHER_SITE]);
    amendment.tell(2, &effect).await;
    let in_effect = world
        .wait_for_state(&second.name, TargetSetState::InEffect)
        .await;
    assert_eq!(
        (in_effect.effect_date.as_str(), in_effect.end_date.as_str()),
        ("2024-07-01", "2028-12-31")
    );
    let ended = world.wait_for_state(&first, TargetSetState::Ended).await;
    assert_eq!(ended.end_date, "2024-06-30");
    assert_eq!(world.contract_sites(&contract).await, [SITE, OTHER_SITE]);

    // The same again, and late: nothing more happens.
    let before = world.history(&second.name).await;
    amendment.tell(2, &effect).await;
    amendment.tell(3, &effect).await;
    amendment.applied(3).await;
    assert_eq!(world.history(&second.name).await, before);
    assert_eq!(world.history(&first).await.last().unwrap().version, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_that_froze_one_set_of_the_year_gets_what_was_realised_of_that_set() {
    let world = World::new().await;
    let contract = Contract::new();
    let first = world
        .contract_in_force(&contract, vec![stays("a", SITE)])
        .await;
    let values = vec![
        value("MCO_STAYS", "2024", number("1000")),
        value("MCO_SESSIONS", "2024", number("70")),
    ];
    world.submit(&system(SITE), values).await;
    let frozen = world.realisations(asked(&contract, &[&first])).await;
    let amendment = Amendment::of(&world, &contract);
    let second = amendment.targets(vec![sessions("b")]).await;
    // What is prepared measures nothing.
    let mut client = world.indicators(&testkit::Persona::service());
    let request = asked(&contract, &[&second.name]);
    let mut stream = client
        .stream_realisations(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(stream.message().await.unwrap_err().code(), Code::NotFound);

    // On the first day of the year: the first set never was in effect, as it turns out. It was frozen all the same.
    amendment
        .tell(1, &amendment.effect(1, "2024-01-01", &[SITE]))
        .await;
    world
        .wait_for_state(&second.name, TargetSetState::InEffect)
        .await;
    assert_eq!(
        world.realisations(asked(&contract, &[&first])).await,
        frozen
    );
    assert_eq!(frozen[0].objectives[0].value, "1000");
    let latest = world.realisations(asked(&contract, &[])).await;
    assert_eq!(latest[0].target_set, second.name);
    assert_eq!(latest[0].objectives[0].value, "70");

    for (contracts, target_sets) in [
        (&contract, vec![first.as_str(), second.name.as_str()]),
        (&Contract::new(), vec![first.as_str()]),
    ] {
        let request = asked(contracts, &target_sets);
        let mut stream = client
            .stream_realisations(request)
            .await
            .unwrap()
            .into_inner();
        let refused = stream.message().await.unwrap_err();
        assert_eq!(
            (refused.code(), testkit::wrong_fields(&refused)),
            (Code::InvalidArgument, vec!["target_sets".to_owned()])
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_told_before_its_contract_waits_and_the_last_perimeter_is_by_day_of_effect() {
    let world = World::new().await;
    let contract = Contract::new();
    let (early, late) = (
        Amendment::of(&world, &contract),
        Amendment::of(&world, &contract),
    );
    // The later one first, and both before the contract is known.
    late.tell(1, &late.effect(2, "2026-01-01", &[OTHER_SITE]))
        .await;
    world
        .contract_in_force(&contract, vec![stays("a", SITE)])
        .await;
    late.applied(1).await;
    early
        .tell(1, &early.effect(1, "2025-01-01", &[SITE, OTHER_SITE]))
        .await;
    early.applied(1).await;
    assert_eq!(world.contract_sites(&contract).await, [OTHER_SITE]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_targets_of_an_amendment_stand_still_while_it_waits_for_signatures() {
    let world = World::new().await;
    let contract = Contract::new();
    world
        .contract_in_force(&contract, vec![stays("a", SITE)])
        .await;
    let amendment = Amendment::of(&world, &contract);
    let set = amendment.targets(vec![sessions("b")]).await;
    amendment.tell(1, &AmendmentFrozen::default()).await;
    amendment.applied(1).await;
    let replace = || async {
        let request = ReplaceObjectivesRequest {
            name: set.name.clone(),
            etag: set.etag.clone(),
            objectives: vec![sessions("c")],
            note: String::new(),
            request_id: request_id(),
        };
        let mut client = world.target_sets(&contract_manager());
        client.replace_objectives(request).await
    };
    let refused = replace().await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::FailedPrecondition, "AMENDMENT_FROZEN")
    );
    amendment
        .tell(2, &AmendmentSignatureWithdrawn::default())
        .await;
    amendment.applied(2).await;
    let replaced = replace().await.unwrap().into_inner();
    assert_eq!(replaced.state(), TargetSetState::Draft);

    // Given up: its targets end, and another amendment may have some.
    amendment.tell(3, &AmendmentRejected::default()).await;
    let ended = world.wait_for_state(&set.name, TargetSetState::Ended).await;
    assert_eq!(ended.effect_date, "");
    let next = Amendment::of(&world, &contract);
    assert!(next.draft(vec![sessions("d")]).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_in_effect_with_targets_nobody_agreed_to_is_set_aside_for_a_person() {
    let world = World::new().await;
    let contract = Contract::new();
    let first = world
        .contract_in_force(&contract, vec![stays("a", SITE)])
        .await;
    let amendment = Amendment::of(&world, &contract);
    amendment.draft(vec![sessions("b")]).await.unwrap();
    amendment
        .tell(1, &amendment.effect(1, "2024-07-01", &[SITE]))
        .await;
    let why = eventually("the event is parked", || async {
        let mut owner = world.service.database.owner().await;
        sqlx::query_scalar::<_, String>(
            "select reason from parked where consumer = 'targets-amendment'",
        )
        .fetch_optional(&mut owner)
        .await
        .unwrap()
    })
    .await;
    assert!(why.contains("both sides have to agree"), "{why}");
    world.wait_for_state(&first, TargetSetState::InEffect).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminated_contract_ends_its_targets_on_that_day_and_those_in_preparation_at_once() {
    let world = World::new().await;
    let contract = Contract::new();
    let first = world
        .contract_in_force(&contract, vec![stays("a", SITE)])
        .await;
    let amendment = Amendment::of(&world, &contract);
    let second = amendment.draft(vec![sessions("b")]).await.unwrap();
    let terminated = ContractTerminated {
        procedure: format!("procedures/{}", kernel::new_id()),
        last_day: "2025-03-31".to_owned(),
    };
    world.tell(&contract, 3, &terminated).await;
    let ended = world.wait_for_state(&first, TargetSetState::Ended).await;
    assert_eq!(ended.end_date, "2025-03-31");
    let unused = world
        .wait_for_state(&second.name, TargetSetState::Ended)
        .await;
    assert_eq!(unused.end_date, "");
    // Figures of its last year still come; those after it do not.
    let values = vec![
        value("MCO_STAYS", "2025-03", number("90")),
        value("MCO_STAYS", "2026-01", number("90")),
    ];
    let acknowledged = world.submit(&system(SITE), values).await;
    let refused: Vec<&str> = acknowledged
        .rejected
        .iter()
        .map(|row| row.reason.as_str())
        .collect();
    assert_eq!(refused, ["PERIOD_OUTSIDE_CONTRACT"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extended_contract_takes_figures_of_its_new_years_and_a_renewed_one_ends() {
    let world = World::new().await;
    let contract = Contract::new();
    let set = world
        .contract_in_force(&contract, vec![stays("a", SITE)])
        .await;
    let extended = TermExtended {
        last_day: "2029-12-31".to_owned(),
        basis: "extension".to_owned(),
        reasons: "Report".to_owned(),
    };
    world.tell(&contract, 3, &extended).await;
    world.tell(&contract, 4, &ContractRenewed::default()).await;
    world.wait_for_state(&set, TargetSetState::Ended).await;
    assert_eq!(world.contract_state(&contract).await, "expired");
    let values = vec![value("MCO_STAYS", "2029-01", number("90"))];
    let acknowledged = world.submit(&system(SITE), values).await;
    assert!(acknowledged.rejected.is_empty(), "{acknowledged:?}");
}
