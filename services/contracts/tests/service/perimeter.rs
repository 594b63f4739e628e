//! Who signs for which sites, and what the registry changes under a contract.

use proto::{
    contracts::v1::{
        CompleteTaskRequest, ContractContent, ContractText, CreateContractRequest,
        ListTasksRequest, RegimeKind, Task, TaskKind,
    },
    establishments::v1::RegistryState,
};
use testkit::{eventually, reason, request_id};

use crate::support::{
    ENTITY, OTHER_ENTITY, OTHER_SITE, REGION, SITE, World, contract_manager, ehpad, text,
};

async fn create(
    world: &World,
    text: ContractText,
    kind: RegimeKind,
) -> Result<String, tonic::Status> {
    let request = CreateContractRequest {
        region: REGION.into(),
        text: Some(text),
        request_id: request_id(),
        regime_kind: kind.into(),
    };
    let answer = world
        .contracts(&contract_manager())
        .create_contract(request)
        .await?;
    Ok(answer.into_inner().legal_regime)
}

fn with_council(mut text: ContractText) -> ContractText {
    text.content = Some(ContractContent {
        departmental_councils: vec!["departments/13".into()],
        ..Default::default()
    });
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_of_joint_competence_needs_its_departmental_council() {
    let world = World::new().await;
    world
        .producer
        .site_changed(ehpad(SITE), &["category"], 2)
        .await;
    let known =
        "select count(*) from establishment_copy where category = '500' and department = '13'";
    eventually("the category is copied", || async {
        (world.count(known).await == 1).then_some(())
    })
    .await;
    let refused = create(&world, text(&[SITE]), RegimeKind::Ehpad)
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "SIGNATORY_MISSING");
    assert!(
        refused.message().contains("departments/13"),
        "{}",
        refused.message()
    );
    let regime = create(&world, with_council(text(&[SITE])), RegimeKind::Ehpad)
        .await
        .unwrap();
    assert_eq!(regime, "EHPAD_2017");
    // A hospital contract over the same site asks for nobody else.
    let regime = create(&world, text(&[SITE]), RegimeKind::Unspecified)
        .await
        .unwrap();
    assert_eq!(regime, "R2020_2025");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voluntary_contract_may_cover_a_site_that_a_mandatory_one_covers() {
    let world = World::new().await;
    let mandatory = world.in_force(&[SITE]).await;
    let refused = create(&world, text(&[SITE]), RegimeKind::Hospital)
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "PERIMETER_OVERLAP");
    assert!(refused.message().contains(&mandatory.number));
    let regime = create(&world, text(&[SITE]), RegimeKind::Optional)
        .await
        .unwrap();
    assert_eq!(regime, "OPTIONAL_2005");
}

async fn tasks(world: &World, count: usize) -> Vec<Task> {
    eventually("the tasks are raised", || async {
        let request = ListTasksRequest::default();
        let answer = world
            .tasks(&contract_manager())
            .list_tasks(request)
            .await
            .unwrap();
        let tasks = answer.into_inner().tasks;
        (tasks.len() == count).then_some(tasks)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_registry_closes_or_transfers_raises_a_task_on_the_contract_and_changes_nothing() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE, OTHER_SITE]).await;
    let mut closed = ehpad(SITE);
    closed.state = RegistryState::Closed.into();
    world.producer.site_changed(closed, &["state"], 2).await;
    let mut transferred = ehpad(OTHER_SITE);
    transferred.legal_entity = format!("legalEntities/{OTHER_ENTITY}");
    world
        .producer
        .site_changed(transferred, &["legal_entity"], 2)
        .await;
    world.producer.legal_entity_closed(ENTITY, 2).await;
    world.producer.legal_entity_closed(OTHER_ENTITY, 2).await;
    let raised = tasks(&world, 3).await;
    let mut kinds: Vec<_> = raised
        .iter()
        .map(|task| task.kind().as_str_name())
        .collect();
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        [
            "TASK_KIND_PARTY_CLOSED",
            "TASK_KIND_SITE_CLOSED",
            "TASK_KIND_SITE_TRANSFERRED"
        ]
    );
    assert!(raised.iter().all(|task| task.contract == contract.name));
    let unchanged = world.get(&contract, &contract_manager()).await.unwrap();
    assert_eq!(
        (&unchanged.etag, &unchanged.text),
        (&contract.etag, &contract.text)
    );

    let task = raised
        .iter()
        .find(|task| task.kind() == TaskKind::SiteClosed)
        .unwrap();
    let complete = CompleteTaskRequest {
        name: task.name.clone(),
        etag: task.etag.clone(),
        note: "Avenant de périmètre proposé.".into(),
        request_id: request_id(),
    };
    let done = world
        .tasks(&contract_manager())
        .complete_task(complete.clone())
        .await
        .unwrap();
    assert!(done.into_inner().done);
    assert_eq!(tasks(&world, 2).await.len(), 2);
    let again = CompleteTaskRequest {
        request_id: request_id(),
        ..complete
    };
    assert!(
        world
            .tasks(&contract_manager())
            .complete_task(again)
            .await
            .is_err()
    );
}
