use proto::targets::v1::{
    CreateTargetSetRequest, GetAgreedTargetSetRequest, GetTargetSetRequest, ListTargetSetsRequest,
    ReplaceObjectivesRequest, TargetSetState, YearlyTarget,
};
use testkit::{Persona, changes, reason, request_id, wrong_fields};
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::world::{Contract, ENTITY, SITE, World, contract_manager, director, stays};

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_that_is_not_known_yet_is_waited_for() {
    let world = World::new().await;
    let request = CreateTargetSetRequest {
        contract: Contract::new().name(),
        objectives: vec![stays("a", SITE)],
        note: String::new(),
        request_id: request_id(),
        ..Default::default()
    };
    let mut client = world.target_sets(&contract_manager());
    let status = client.create_target_set(request).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::FailedPrecondition, "CONTRACT_NOT_KNOWN_YET")
    );
    assert!(
        status
            .get_details_retry_info()
            .unwrap()
            .retry_delay
            .is_some()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_is_agreed_once_both_sides_have() {
    let world = World::new().await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    let set = world.create(&contract, vec![stays("a", SITE)]).await;
    assert_eq!(
        (set.state(), set.contract.as_str()),
        (TargetSetState::Draft, &*contract.name())
    );

    let agreed = GetAgreedTargetSetRequest {
        contract: contract.name(),
        ..Default::default()
    };
    let mut client = world.target_sets(&contract_manager());
    let set = world.agree(&contract_manager(), &set).await.unwrap();
    assert_eq!(
        (set.state(), set.agreed_by.len()),
        (TargetSetState::Draft, 1)
    );
    let status = client
        .get_agreed_target_set(agreed.clone())
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::NotFound);

    let set = world.agree(&director(ENTITY), &set).await.unwrap();
    assert_eq!(
        (set.state(), set.agreed_by.len()),
        (TargetSetState::Agreed, 2)
    );
    assert_eq!(
        client
            .get_agreed_target_set(agreed)
            .await
            .unwrap()
            .into_inner(),
        set
    );

    let types: Vec<String> = world
        .history(&set.name)
        .await
        .into_iter()
        .map(|event| event.r#type)
        .collect();
    let expected = [
        "cpom.targets.v1.TargetSetDrafted",
        "cpom.targets.v1.TargetSetAgreedBySide",
        "cpom.targets.v1.TargetSetAgreedBySide",
        "cpom.targets.v1.TargetSetAgreed",
    ];
    assert_eq!(types, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn new_objectives_need_new_agreements() {
    let world = World::new().await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    let set = world.create(&contract, vec![stays("a", SITE)]).await;
    let set = world.agree(&contract_manager(), &set).await.unwrap();
    let set = world.agree(&director(ENTITY), &set).await.unwrap();
    let request = ReplaceObjectivesRequest {
        name: set.name.clone(),
        etag: set.etag.clone(),
        objectives: vec![stays("b", ENTITY)],
        note: String::new(),
        request_id: request_id(),
    };
    let mut client = world.target_sets(&contract_manager());
    let replaced = client
        .replace_objectives(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (replaced.state(), replaced.agreed_by.len()),
        (TargetSetState::Draft, 0)
    );
    assert_eq!(replaced.objectives, [stays("b", ENTITY)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_etag_is_refused() {
    let world = World::new().await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    let read_before = world.create(&contract, vec![stays("a", SITE)]).await;
    world
        .agree(&contract_manager(), &read_before)
        .await
        .unwrap();
    let status = world
        .agree(&director(ENTITY), &read_before)
        .await
        .unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::Aborted, "ETAG_MISMATCH")
    );
    // Each side is told what was done, and the agency’s people by whom. Who does not see it is told nothing.
    assert_eq!(changes(&status), ["TargetSetAgreedBySide contract_manager"]);
    let colleague = contract_manager().named("colleague");
    let status = world.agree(&colleague, &read_before).await.unwrap_err();
    assert_eq!(
        changes(&status),
        ["TargetSetAgreedBySide contract_manager contract_manager-1"]
    );
    let elsewhere = Persona::human("contract_manager").region("94");
    let status = world.agree(&elsewhere, &read_before).await.unwrap_err();
    assert_eq!(
        (status.code(), changes(&status)),
        (Code::NotFound, Vec::new())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_carried_out_once_and_its_id_is_not_reused() {
    let world = World::new().await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    let set = world.create(&contract, vec![stays("a", SITE)]).await;
    let request = ReplaceObjectivesRequest {
        name: set.name.clone(),
        etag: set.etag.clone(),
        objectives: vec![stays("b", SITE)],
        note: String::new(),
        request_id: request_id(),
    };
    let mut client = world.target_sets(&contract_manager());
    let first = client
        .replace_objectives(request.clone())
        .await
        .unwrap()
        .into_inner();
    let again = client
        .replace_objectives(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, again);
    assert_eq!(world.history(&set.name).await.len(), 2);

    let other = ReplaceObjectivesRequest {
        objectives: vec![stays("c", SITE)],
        ..request
    };
    let status = client.replace_objectives(other).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::InvalidArgument, "REQUEST_ID_REUSED")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_of_the_objectives_is_named() {
    let world = World::new().await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    world.create(&contract, vec![stays("a", SITE)]).await;
    let create = |objectives| CreateTargetSetRequest {
        contract: contract.name(),
        objectives,
        note: String::new(),
        request_id: request_id(),
        ..Default::default()
    };
    let mut client = world.target_sets(&contract_manager());

    let mut outside = stays("a", "750712184");
    outside.yearly.push(YearlyTarget {
        year: 2035,
        point: "1".to_owned(),
        band: None,
    });
    let status = client
        .create_target_set(create(vec![outside]))
        .await
        .unwrap_err();
    assert_eq!(
        wrong_fields(&status),
        ["objectives[0].subject", "objectives[0].yearly[1].year"]
    );

    let mut binding = stays("a", SITE);
    binding.opposable = true;
    let mut neither = stays("b", SITE);
    neither.yearly[0].point.clear();
    let status = client
        .create_target_set(create(vec![binding, neither]))
        .await
        .unwrap_err();
    assert_eq!(
        wrong_fields(&status),
        ["objectives[0].opposable", "objectives[1].yearly[0]"]
    );

    let status = client
        .create_target_set(create(Vec::new()))
        .await
        .unwrap_err();
    assert_eq!(reason(&status), "NOTE_REQUIRED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_has_one_living_set() {
    let world = World::new().await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    world.create(&contract, vec![stays("a", SITE)]).await;
    let second = CreateTargetSetRequest {
        contract: contract.name(),
        objectives: vec![stays("b", SITE)],
        note: String::new(),
        request_id: request_id(),
        ..Default::default()
    };
    let mut client = world.target_sets(&contract_manager());
    let status = client.create_target_set(second).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::AlreadyExists, "TARGET_SET_EXISTS")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_sets_follow_each_other() {
    let world = World::new().await;
    let mut names = Vec::new();
    for _ in 0..3 {
        let contract = Contract::new();
        world.drafted(&contract).await;
        names.push(world.create(&contract, vec![stays("a", SITE)]).await.name);
    }
    let mut client = world.target_sets(&contract_manager());
    let mut request = ListTargetSetsRequest {
        region: "93".to_owned(),
        state: TargetSetState::Draft.into(),
        page_size: 2,
        ..Default::default()
    };
    let mut listed = Vec::new();
    loop {
        let page = client
            .list_target_sets(request.clone())
            .await
            .unwrap()
            .into_inner();
        listed.extend(page.target_sets.into_iter().map(|set| set.name));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(listed, names);

    let of_another_state = ListTargetSetsRequest {
        state: TargetSetState::Ended.into(),
        ..request
    };
    let status = client.list_target_sets(of_another_state).await.unwrap_err();
    assert_eq!(wrong_fields(&status), ["page_token"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_is_what_was_written() {
    let world = World::new().await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    let set = world
        .create(&contract, vec![stays("a", SITE), stays("b", ENTITY)])
        .await;
    let request = GetTargetSetRequest {
        name: set.name.clone(),
    };
    let mut client = world.target_sets(&contract_manager());
    assert_eq!(
        client.get_target_set(request).await.unwrap().into_inner(),
        set
    );
}
