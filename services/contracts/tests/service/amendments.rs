//! Amendments, from the proposal to the contract they make.

use contracts::app::time_passes;
use proto::contracts::v1::{
    AmendmentChanges, AmendmentState, ChangeKind, FundingLine, FundingSource, ListContractsRequest,
    RejectAmendmentRequest, ReviseAmendmentRequest, StrategicObjective, TextSection,
    WithdrawAmendmentRequest,
};
use testkit::{eventually, reason, request_id, wrong_fields};
use time::Duration;
use tonic::Code;

use crate::support::{
    ENTITY, Finding, OTHER_ENTITY, OTHER_SITE, SITE, World, campaign, contract_manager, director,
    director_general, manager, text,
};

fn money(code: &str, amount: &str) -> AmendmentChanges {
    AmendmentChanges {
        put_funding: vec![FundingLine {
            code: code.into(),
            label: "Aide à l’investissement".into(),
            source: FundingSource::Fir.into(),
            year: 2027,
            amount_eur: amount.into(),
            condition: String::new(),
            reversible: true,
            department: String::new(),
        }],
        ..Default::default()
    }
}

fn party() -> String {
    format!("legalEntities/{ENTITY}")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_is_weighed_numbered_signed_and_takes_effect_on_its_day() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let amendment = world
        .agreed_amendment(&contract, "2026-04-01", money("F1", "50000.50"))
        .await;
    assert_eq!(amendment.state(), AmendmentState::Consultation);

    let refused = world.freeze_amendment(&amendment).await.unwrap_err();
    assert_eq!(reason(&refused), "IMPACT_NOT_ACKNOWLEDGED");
    let impact = world.impact(&amendment).await;
    assert_eq!(impact.money.len(), 1);
    let moved = &impact.money[0];
    assert_eq!(
        (
            moved.before_eur.as_str(),
            moved.after_eur.as_str(),
            moved.difference_eur.as_str()
        ),
        ("0.00", "50000.50", "50000.50")
    );
    assert_eq!(impact.target_set, contract.target_set);
    let wrong = "0".repeat(64);
    let refused = world
        .acknowledge_impact_of(&amendment, &wrong)
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "IMPACT_MOVED");

    let amendment = world
        .acknowledge_impact_of(&amendment, &impact.sha256)
        .await
        .unwrap();
    let amendment = world.freeze_amendment(&amendment).await.unwrap();
    assert_eq!(
        (amendment.number, amendment.state()),
        (1, AmendmentState::ReadyToSign)
    );
    let refused = world
        .sign_amendment(&amendment, "ars", &director())
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "WRONG_SIGNATORY");
    let waiting = async || {
        let request = ListContractsRequest {
            amendment_to_sign: true,
            ..Default::default()
        };
        let mut client = world.contracts(&director());
        let page = client.list_contracts(request).await.unwrap().into_inner();
        page.contracts.len()
    };
    assert_eq!(waiting().await, 1, "it waits for both parties");
    let amendment = world
        .sign_amendment(&amendment, "ars", &director_general())
        .await
        .unwrap();
    assert_eq!(waiting().await, 1, "it waits for the establishment");
    let amendment = world
        .sign_amendment(&amendment, &party(), &director())
        .await
        .unwrap();
    assert_eq!(amendment.state(), AmendmentState::Signed);
    assert_eq!(waiting().await, 0);

    // Nothing is read before its day, everything from then on, whatever the clock of the machine has done.
    assert!(
        world
            .consolidated(&contract, "2026-03-31")
            .await
            .amendments
            .is_empty()
    );
    let consolidated = world.consolidated(&contract, "2026-04-01").await;
    assert_eq!(consolidated.amendments[0].name, amendment.name);
    let content = consolidated.text.unwrap().content.unwrap();
    assert_eq!(content.funding[0].amount_eur, "50000.50");

    world.advance(Duration::days(30));
    eventually("the amendment takes effect", || async {
        time_passes::once(&world.service.running.runtime.machine)
            .await
            .unwrap();
        let now = world.get_amendment(&amendment).await;
        (now.state() == AmendmentState::InEffect).then_some(())
    })
    .await;
    let told = "select count(*) from event where type = 'cpom.contracts.v1.AmendmentInEffect'";
    assert_eq!(world.count(told).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_on_a_day_is_the_fold_by_day_of_effect() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let late = world
        .signed_amendment(&contract, "2027-01-01", money("F1", "300"))
        .await;
    let early = world
        .signed_amendment(&contract, "2026-06-01", money("F1", "200"))
        .await;
    assert_eq!((late.number, early.number), (1, 2));
    for (day, amount) in [
        ("2026-06-01", "200"),
        ("2026-12-31", "200"),
        ("2027-01-01", "300"),
    ] {
        let text = world.consolidated(&contract, day).await.text.unwrap();
        assert_eq!(text.content.unwrap().funding[0].amount_eur, amount, "{day}");
    }
    let before = world
        .consolidated(&contract, "2026-05-31")
        .await
        .text
        .unwrap();
    assert_eq!(before.content, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_keeps_the_holders_and_its_numbers_follow_each_other() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let other_holder = AmendmentChanges {
        legal_entities: vec![format!("legalEntities/{OTHER_ENTITY}")],
        ..money("F1", "1")
    };
    let refused = world
        .propose(&contract, "2026-06-01", other_holder)
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::FailedPrecondition, "AMENDMENT_CHANGES_HOLDER")
    );
    let outside = world
        .propose(&contract, "2032-06-01", money("F1", "1"))
        .await
        .unwrap_err();
    assert_eq!(reason(&outside), "DATE_OUT_OF_RANGE");
    let nothing = world
        .propose(&contract, "2026-06-01", AmendmentChanges::default())
        .await
        .unwrap();
    let nothing = world.talk(&nothing).await.unwrap();
    let refused = world
        .agree_to_amendment(&nothing, &manager())
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "AMENDMENT_EMPTY");

    let first = world
        .agreed_amendment(&contract, "2026-06-01", money("F1", "1"))
        .await;
    let second = world
        .agreed_amendment(&contract, "2026-06-01", money("F2", "2"))
        .await;
    let hash = world.impact(&first).await.sha256;
    let first = world.acknowledge_impact_of(&first, &hash).await.unwrap();
    let first = world.freeze_amendment(&first).await.unwrap();
    let hash = world.impact(&second).await.sha256;
    let second = world.acknowledge_impact_of(&second, &hash).await.unwrap();
    let refused = world.freeze_amendment(&second).await.unwrap_err();
    assert_eq!(reason(&refused), "AMENDMENT_AWAITING_SIGNATURE");
    assert!(refused.message().contains(&first.name));

    // What the first changes is part of what the second is weighed against.
    let first = world
        .sign_amendment(&first, "ars", &director_general())
        .await
        .unwrap();
    world
        .sign_amendment(&first, &party(), &director())
        .await
        .unwrap();
    let third = world
        .propose(&contract, "2026-07-01", money("F1", "5"))
        .await
        .unwrap();
    let impact = world.impact(&third).await;
    assert_eq!(impact.money[0].before_eur, "1.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_under_review_is_shown_and_moves_the_impact() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let amendment = world
        .agreed_amendment(&contract, "2026-06-01", money("F1", "1"))
        .await;
    let before = world.impact(&amendment).await;
    let amendment = world
        .acknowledge_impact_of(&amendment, &before.sha256)
        .await
        .unwrap();
    world
        .review_with(&[Finding::new(&contract.name, &campaign())])
        .await;
    let refused = world.freeze_amendment(&amendment).await.unwrap_err();
    assert_eq!(reason(&refused), "IMPACT_MOVED");
    let after = world.impact(&amendment).await;
    assert_eq!(after.findings.len(), 1);
    let amendment = world
        .acknowledge_impact_of(&amendment, &after.sha256)
        .await
        .unwrap();
    world.freeze_amendment(&amendment).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_eleventh_objective_does_not_come_by_amendment() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let objective = |n: usize| StrategicObjective {
        axis: "A".into(),
        title: format!("Objectif {n}"),
        description: String::new(),
        code: format!("N{n}"),
        competence: None,
    };
    let ten = AmendmentChanges {
        put_objectives: (1..=10).map(objective).collect(),
        ..Default::default()
    };
    let amendment = world.propose(&contract, "2026-06-01", ten).await.unwrap();
    let amendment = world.talk(&amendment).await.unwrap();
    let refused = world
        .agree_to_amendment(&amendment, &manager())
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "TOO_MANY_OBJECTIVES");

    let revise = ReviseAmendmentRequest {
        name: amendment.name.clone(),
        etag: amendment.etag.clone(),
        effect_date: "2026-06-01".into(),
        changes: Some(AmendmentChanges {
            put_objectives: (1..=9).map(objective).collect(),
            remove_objectives: vec!["INCONNU".into()],
            ..Default::default()
        }),
        request_id: request_id(),
    };
    let revised = world
        .amendments(&director())
        .revise_amendment(revise)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(revised.revision, 2);
    let refused = world
        .agree_to_amendment(&revised, &director())
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "UNKNOWN_ELEMENT");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_moves_from_one_contract_to_another_by_amendment() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE, OTHER_SITE]).await;
    let leaves = AmendmentChanges {
        remove_establishments: vec![format!("establishments/{OTHER_SITE}")],
        ..Default::default()
    };
    world
        .signed_amendment(&contract, "2026-06-01", leaves)
        .await;
    let consolidated = world
        .consolidated(&contract, "2026-06-01")
        .await
        .text
        .unwrap();
    assert_eq!(
        consolidated.establishments,
        [format!("establishments/{SITE}")]
    );

    let mut earlier = text(&[OTHER_SITE]);
    earlier.effect_date = "2026-05-01".into();
    let refused = world.create(earlier).await.unwrap_err();
    assert_eq!(reason(&refused), "PERIMETER_OVERLAP");
    assert!(
        refused.message().contains(&contract.number),
        "{}",
        refused.message()
    );
    let mut free = text(&[OTHER_SITE]);
    free.effect_date = "2026-06-01".into();
    world.signed(free).await;

    let comes = AmendmentChanges {
        add_establishments: vec![format!("establishments/{OTHER_SITE}")],
        ..Default::default()
    };
    let amendment = world.propose(&contract, "2026-07-01", comes).await.unwrap();
    let impact = world.impact(&amendment).await;
    assert!(impact.changes.iter().any(|change| {
        change.section() == TextSection::Perimeter && change.kind() == ChangeKind::Added
    }));
    let amendment = world.talk(&amendment).await.unwrap();
    let refused = world
        .agree_to_amendment(&amendment, &manager())
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "PERIMETER_OVERLAP");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_side_rejects_and_the_other_withdraws() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let amendment = world
        .propose(&contract, "2026-06-01", money("F1", "1"))
        .await
        .unwrap();
    let reject = RejectAmendmentRequest {
        name: amendment.name.clone(),
        etag: amendment.etag.clone(),
        reasons: "Le financement ne couvre pas le besoin.".into(),
        request_id: request_id(),
    };
    let own = world
        .amendments(&contract_manager())
        .reject_amendment(reject.clone())
        .await;
    assert_eq!(reason(&own.unwrap_err()), "OWN_PROPOSAL");
    let withdraw = WithdrawAmendmentRequest {
        name: amendment.name.clone(),
        etag: amendment.etag.clone(),
        reasons: "À revoir.".into(),
        request_id: request_id(),
    };
    let not_theirs = world
        .amendments(&director())
        .withdraw_amendment(withdraw)
        .await;
    assert_eq!(reason(&not_theirs.unwrap_err()), "NOT_YOUR_PROPOSAL");
    let rejected = world
        .amendments(&director())
        .reject_amendment(reject)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(rejected.state(), AmendmentState::Rejected);
    assert_eq!(
        world.consolidated(&contract, "2030-01-01").await.amendments,
        []
    );

    let nameless = AmendmentChanges {
        put_objectives: vec![StrategicObjective::default()],
        ..Default::default()
    };
    let refused = world
        .propose(&contract, "2026-06-01", nameless)
        .await
        .unwrap_err();
    assert!(!wrong_fields(&refused).is_empty());
}
