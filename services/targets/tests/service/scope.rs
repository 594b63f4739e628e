//! Who sees and does what on which establishment.

use proto::targets::v1::{
    GetSubmissionRequest, GetTargetSetRequest, ListIndicatorValuesRequest, ListTargetSetsRequest,
    StreamRealisationsRequest,
};
use testkit::{Persona, reason};
use tonic::Code;

use crate::world::{
    Contract, ENTITY, OTHER_ENTITY, OTHER_SITE, SITE, World, contract_manager, director, number,
    stays, system, value,
};

#[tokio::test(flavor = "multi_thread")]
async fn establishments_see_their_own_sets_and_agencies_those_of_their_region() {
    let world = World::new().await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    let set = world.create(&contract, vec![stays("a", SITE)]).await;
    let sees = async |persona: Persona| {
        let mut client = world.target_sets(&persona);
        let request = GetTargetSetRequest {
            name: set.name.clone(),
        };
        let got = client.get_target_set(request).await;
        let list = ListTargetSetsRequest::default();
        let listed = client
            .list_target_sets(list)
            .await
            .unwrap()
            .into_inner()
            .target_sets
            .len();
        match got {
            Ok(_) => assert_eq!(listed, 1),
            Err(ref status) => assert_eq!((status.code(), listed), (Code::NotFound, 0)),
        }
        got.is_ok()
    };
    assert!(sees(contract_manager()).await);
    assert!(sees(director(ENTITY)).await);
    assert!(sees(director(SITE)).await);
    assert!(sees(Persona::human("auditor").region("*")).await);
    assert!(!sees(director(OTHER_ENTITY)).await);
    assert!(!sees(Persona::human("contract_manager").region("11")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_director_of_a_party_agrees_for_the_establishment() {
    let world = World::new().await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    let set = world.create(&contract, vec![stays("a", SITE)]).await;
    let of_a_site = world.agree(&director(SITE), &set).await.unwrap_err();
    assert_eq!(of_a_site.code(), Code::PermissionDenied);
    let of_another = world
        .agree(&director(OTHER_ENTITY), &set)
        .await
        .unwrap_err();
    assert_eq!(of_another.code(), Code::NotFound);
    let machine = Persona::system("establishment_director")
        .region("93")
        .finess(ENTITY);
    assert_eq!(
        world.agree(&machine, &set).await.unwrap_err().code(),
        Code::PermissionDenied
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_for_somebody_elses_site_is_left_out() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    world
        .contract_in_force(
            &Contract::of(OTHER_ENTITY, OTHER_SITE),
            vec![stays("a", OTHER_SITE)],
        )
        .await;
    let mut theirs = value("MCO_STAYS", "2024", number("1"));
    theirs.subject = OTHER_SITE.to_owned();
    let own = value("MCO_STAYS", "2024", number("1200"));

    let by_the_entity = world
        .submit(&system(ENTITY), vec![theirs.clone(), own.clone()])
        .await;
    assert_eq!(by_the_entity.accepted, 1);
    assert_eq!(by_the_entity.rejected.len(), 1);
    let rejected = &by_the_entity.rejected[0];
    assert_eq!(
        (rejected.index, rejected.reason.as_str()),
        (0, "NOT_YOUR_ESTABLISHMENT")
    );

    let by_the_agency = world.submit(&contract_manager(), vec![theirs, own]).await;
    assert_eq!(
        (by_the_agency.accepted, by_the_agency.rejected.len()),
        (2, 0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_belongs_to_the_one_who_opened_it() {
    let world = World::new().await;
    let submission = kernel::new_id();
    world.open(&system(ENTITY), submission).await.unwrap();
    let somebody_else = system(OTHER_ENTITY).named("clinic");
    let Err(status) = world.open(&somebody_else, submission).await else {
        panic!("accepted");
    };
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::PermissionDenied, "NOT_YOUR_SUBMISSION")
    );

    let request = GetSubmissionRequest {
        name: format!("submissions/{submission}"),
    };
    let get = async |persona: &Persona| {
        world
            .indicators(persona)
            .get_submission(request.clone())
            .await
            .map(|_| ())
    };
    assert!(get(&system(ENTITY)).await.is_ok());
    assert!(get(&contract_manager()).await.is_ok());
    assert_eq!(
        get(&somebody_else).await.unwrap_err().code(),
        Code::NotFound
    );
    let of_another_region = Persona::human("contract_manager").region("11");
    assert_eq!(
        get(&of_another_region).await.unwrap_err().code(),
        Code::NotFound
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn activity_is_shown_to_its_own_establishment_and_to_its_agency() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    world
        .submit(
            &system(ENTITY),
            vec![value("MCO_STAYS", "2024", number("1200"))],
        )
        .await;
    let request = ListIndicatorValuesRequest {
        subject: SITE.to_owned(),
        ..Default::default()
    };
    let list = async |persona: Persona| {
        let mut client = world.indicators(&persona);
        client
            .list_indicator_values(request.clone())
            .await
            .map(|page| page.into_inner().values.len())
    };
    assert_eq!(list(director(ENTITY)).await.unwrap(), 1);
    assert_eq!(list(system(SITE)).await.unwrap(), 1);
    assert_eq!(list(contract_manager()).await.unwrap(), 1);
    assert_eq!(
        list(director(OTHER_ENTITY)).await.unwrap_err().code(),
        Code::NotFound
    );
    let elsewhere = Persona::human("contract_manager").region("11");
    assert_eq!(list(elsewhere).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_outside_the_token_is_refused() {
    let world = World::new().await;
    let elsewhere = system(ENTITY).named("elsewhere");
    let without_region = Persona::system("establishment_system").finess(ENTITY);
    assert!(world.open(&elsewhere, kernel::new_id()).await.is_ok());
    let Err(status) = world.open(&without_region, kernel::new_id()).await else {
        panic!("accepted");
    };
    assert_eq!(status.code(), Code::PermissionDenied);

    let mut client = world.indicators(&Persona::human("controller").region("11"));
    let request = StreamRealisationsRequest {
        region: "93".to_owned(),
        year: 2024,
        contracts: vec![Contract::new().name()],
        ..Default::default()
    };
    let status = client.stream_realisations(request).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);
}
