//! A member of a group denounces its single contract (CSP R6132-19-3).

use proto::contracts::v1::{
    Contract, ContractContent, GetWithdrawalRequest, GiveWithdrawalNoticeRequest, Grouping,
    ListWithdrawalsRequest, SetWithdrawalTermsRequest, Withdrawal,
};
use testkit::{Persona, reason, request_id};
use time::Duration;
use tonic::{Code, Status};

use crate::support::{
    ENTITY, OTHER_ENTITY, SITE, World, contract_manager, director, director_general, manager,
    stranger, text,
};

fn entity(finess: &str) -> String {
    format!("legalEntities/{finess}")
}

/// The contract of a group of two members, signed on 10 March 2026 and in force.
async fn group(world: &World) -> Contract {
    let bodies = ["Comité stratégique", "Commission médicale de groupement"];
    let mut text = text(&[SITE]);
    text.effect_date = "2026-03-01".into();
    text.end_date = "2031-02-28".into();
    text.legal_entities.push(entity(OTHER_ENTITY));
    text.consultations = bodies.map(str::to_owned).into();
    text.content = Some(ContractContent {
        grouping: Some(Grouping {
            name: "GHT de démonstration".into(),
            support_entity: entity(ENTITY),
            request_date: "2026-02-10".into(),
        }),
        ..Default::default()
    });
    let mut contract = world.consulted(text).await;
    for body in bodies {
        contract = world.record_opinion(&contract, body).await.unwrap();
    }
    let contract = world.freeze(&contract).await.unwrap();
    let dg = director_general();
    let contract = world.sign(&contract, "ars", &dg).await.unwrap();
    let support = entity(ENTITY);
    world.sign(&contract, &support, &director()).await.unwrap()
}

async fn notify(
    world: &World,
    contract: &Contract,
    finess: &str,
    who: &Persona,
) -> Result<Withdrawal, Status> {
    let request = GiveWithdrawalNoticeRequest {
        contract: contract.name.clone(),
        legal_entity: entity(finess),
        reasons: "Notre projet médical s’inscrit dans un autre territoire.".into(),
        request_id: request_id(),
    };
    let mut client = world.terms(who);
    Ok(client.give_withdrawal_notice(request).await?.into_inner())
}

async fn set_terms(
    world: &World,
    withdrawal: &Withdrawal,
    effect_date: &str,
    who: &Persona,
) -> Result<Withdrawal, Status> {
    let request = SetWithdrawalTermsRequest {
        name: withdrawal.name.clone(),
        etag: withdrawal.etag.clone(),
        effect_date: effect_date.into(),
        others_go_on: true,
        terms: "Les équipes partagées sont réparties.".into(),
        reasons: "La continuité des soins est assurée.".into(),
        request_id: request_id(),
    };
    let mut client = world.terms(who);
    Ok(client.set_withdrawal_terms(request).await?.into_inner())
}

async fn due(world: &World, who: &Persona) -> Vec<String> {
    world.due_days(who, "WITHDRAWAL_TERMS").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_gives_notice_after_three_years_and_the_director_general_sets_the_terms() {
    let world = World::new().await;
    let contract = group(&world).await;
    // 9 March 2029, the day before the third year is over.
    world.advance(Duration::days(1095));
    let early = notify(&world, &contract, OTHER_ENTITY, &stranger()).await;
    let early = early.unwrap_err();
    assert_eq!(
        (early.code(), reason(&early).as_str()),
        (Code::FailedPrecondition, "WITHDRAWAL_TOO_EARLY")
    );
    assert!(
        early.message().contains("2029-03-10"),
        "{}",
        early.message()
    );
    world.advance(Duration::days(1));
    let support = notify(&world, &contract, ENTITY, &director()).await;
    assert_eq!(reason(&support.unwrap_err()), "GROUPING_NOT_POSSIBLE");
    let for_another = notify(&world, &contract, OTHER_ENTITY, &director()).await;
    assert_eq!(reason(&for_another.unwrap_err()), "OUTSIDE_MANDATE");
    let denied = notify(&world, &contract, OTHER_ENTITY, &manager()).await;
    assert_eq!(denied.unwrap_err().code(), Code::PermissionDenied);

    let given = notify(&world, &contract, OTHER_ENTITY, &stranger()).await;
    let given = given.unwrap();
    assert_eq!(
        (
            given.receipt_date.as_str(),
            given.earliest_effect_date.as_str(),
            given.terms_due_date.as_str()
        ),
        ("2029-03-10", "2029-09-10", "2029-09-10")
    );
    let again = notify(&world, &contract, OTHER_ENTITY, &stranger()).await;
    let again = again.unwrap_err();
    assert_eq!(
        (again.code(), reason(&again).as_str()),
        (Code::AlreadyExists, "WITHDRAWAL_STANDS")
    );
    for who in [director_general(), contract_manager(), stranger()] {
        assert_eq!(due(&world, &who).await, ["2029-09-10"], "{who:?}");
    }

    let dg = director_general();
    let short = set_terms(&world, &given, "2029-09-09", &dg).await;
    let short = short.unwrap_err();
    assert_eq!(reason(&short), "WITHDRAWAL_NOTICE_TOO_SHORT");
    let late = set_terms(&world, &given, "2031-03-01", &dg).await;
    assert_eq!(reason(&late.unwrap_err()), "DATE_OUT_OF_RANGE");
    let denied = set_terms(&world, &given, "2029-10-01", &manager()).await;
    assert_eq!(denied.unwrap_err().code(), Code::PermissionDenied);
    let set = set_terms(&world, &given, "2029-10-01", &dg).await.unwrap();
    assert_eq!(set.effect_date, "2029-10-01");
    assert!(set.others_go_on && due(&world, &dg).await.is_empty());
    let twice = set_terms(&world, &set, "2029-10-01", &dg).await;
    assert_eq!(reason(&twice.unwrap_err()), "WRONG_STATE");

    let mut client = world.terms(&director());
    let request = ListWithdrawalsRequest {
        contract: contract.name.clone(),
    };
    let listed = client.list_withdrawals(request).await.unwrap().into_inner();
    assert_eq!(listed.withdrawals, std::slice::from_ref(&set));
    let request = GetWithdrawalRequest {
        name: set.name.clone(),
    };
    let read = client.get_withdrawal(request).await.unwrap().into_inner();
    assert_eq!(read, set);
    // Nothing is applied by it: both are members until an amendment says otherwise.
    let now = world.get(&contract, &manager()).await.unwrap();
    assert_eq!(now.text.unwrap().legal_entities.len(), 2);
}
