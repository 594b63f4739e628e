//! Tolerance policies through the API.

use crate::common::{REGION, World, manager, policy_request};
use proto::controls::v1::{
    self as pb, tolerance_policy_service_client::TolerancePolicyServiceClient,
};
use testkit::{Persona, reason, request_id, wrong_fields};
use tonic::Code;

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_records_a_policy_which_says_who_and_why() {
    let world = World::with(&[]).await;
    let request = policy_request();
    let mut policies = world.policies();
    let created = policies
        .create_tolerance_policy(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(created.rules, request.rules);
    assert_eq!(created.reasons, request.reasons);
    assert_eq!(created.author.as_ref().unwrap().subject, "manager-1");
    let get = pb::GetTolerancePolicyRequest {
        name: created.name.clone(),
    };
    let read = policies.get_tolerance_policy(get).await.unwrap();
    let as_created = pb::TolerancePolicy {
        allowed_actions: vec![],
        ..read.into_inner()
    };
    assert_eq!(as_created, created);
    // The same request again records nothing more.
    let again = policies
        .create_tolerance_policy(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(again, created);
    let list = pb::ListTolerancePoliciesRequest {
        region: REGION.into(),
        ..Default::default()
    };
    let listed = policies
        .list_tolerance_policies(list)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(listed.tolerance_policies, [created]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_contradict_themselves_are_refused_field_by_field() {
    let world = World::with(&[]).await;
    let good = policy_request();
    let with = |change: fn(&mut pb::ToleranceRules)| {
        let mut request = pb::CreateTolerancePolicyRequest {
            request_id: request_id(),
            ..good.clone()
        };
        change(request.rules.as_mut().unwrap());
        request
    };
    for (request, fields) in [
        (
            with(|r| r.minor_percent = "4".into()),
            vec!["rules.minor_percent"],
        ),
        (with(|r| r.last_year = 2022), vec!["rules.last_year"]),
        (with(|r| r.first_year = 1789), vec!["rules.first_year"]),
        (
            with(|r| r.conforming_percent = "5,5".into()),
            vec!["rules.conforming_percent"],
        ),
        (
            with(|r| r.minimum_count = "-1".into()),
            vec!["rules.minimum_count"],
        ),
        (
            with(|r| {
                r.last_year = 2020;
                r.minor_percent = "1".into();
            }),
            vec!["rules.last_year", "rules.minor_percent"],
        ),
    ] {
        let refused = world
            .policies()
            .create_tolerance_policy(request)
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(wrong_fields(&refused), fields);
    }
    let unreasoned = pb::CreateTolerancePolicyRequest {
        reasons: "—".into(),
        ..good
    };
    let refused = world
        .policies()
        .create_tolerance_policy(unreasoned)
        .await
        .unwrap_err();
    assert_eq!(wrong_fields(&refused), ["reasons"]);
    assert_eq!(
        world.count("select count(*) from tolerance_policy").await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_of_another_region_is_neither_made_nor_seen() {
    let world = World::with(&[]).await;
    let policy = world.draft().await;
    let elsewhere = Persona::human("manager").region("94");
    let mut policies = TolerancePolicyServiceClient::new(world.peer(&elsewhere));
    let get = pb::GetTolerancePolicyRequest { name: policy.name };
    assert_eq!(
        policies.get_tolerance_policy(get).await.unwrap_err().code(),
        Code::NotFound
    );
    let refused = policies
        .create_tolerance_policy(policy_request())
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "PERMISSION_DENIED");
    let mut own = TolerancePolicyServiceClient::new(world.peer(&manager()));
    let list = pb::ListTolerancePoliciesRequest {
        region: "94".into(),
        ..Default::default()
    };
    let listed = own
        .list_tolerance_policies(list)
        .await
        .unwrap()
        .into_inner();
    assert!(listed.tolerance_policies.is_empty());
}
