//! The procedure: every step by a person, the delays of the law, the cap, and what comes after.

use proto::contracts::v1::{
    AppealOutcome, GetProcedureRequest, ListProceduresRequest, Outcome, Procedure, ProcedureState,
    ProposeRefusalProcedureRequest,
};
use testkit::{Persona, reason, request_id};
use time::Duration;
use tonic::Code;

use crate::support::{
    Finding, REGION, SITE, World, auditor, director, director_general, manager, stranger,
};

async fn read(world: &World, it: &Procedure, who: &Persona) -> Result<Procedure, tonic::Status> {
    let request = GetProcedureRequest {
        name: it.name.clone(),
    };
    let mut client = world.procedures(who);
    Ok(client.get_procedure(request).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_penalty_goes_from_proposal_to_payment_and_its_history_tells_it() {
    let world = World::new().await;
    let proposed = world.proposed().await;
    let first_row = world.procedure_row(&proposed.name).await;
    assert_eq!(
        read(&world, &proposed, &director())
            .await
            .unwrap_err()
            .code(),
        Code::NotFound
    );
    let opened = world.open(&proposed, &director_general()).await.unwrap();
    let seen = read(&world, &opened, &director()).await.unwrap();
    assert_eq!(
        (seen.state(), seen.reasons.as_str()),
        (ProcedureState::Opened, "")
    );
    assert_eq!(
        read(&world, &opened, &stranger()).await.unwrap_err().code(),
        Code::NotFound
    );
    let noticed = world.give_notice(&opened).await.unwrap();
    assert_eq!(noticed.notice.as_ref().unwrap().due_date, "2026-04-10");
    let answered = world.answer_notice(&noticed).await.unwrap();
    let early = world
        .decide(&answered, "1000.00", &director_general())
        .await
        .unwrap_err();
    assert_eq!(reason(&early), "DELAY_RUNNING");
    world.advance(Duration::days(32));
    let unread = world
        .decide(&answered, "1000.00", &director_general())
        .await
        .unwrap_err();
    assert_eq!(reason(&unread), "OBSERVATIONS_UNREAD");
    let read_all = world.acknowledge(&answered).await.unwrap();
    let decided = world
        .decide(&read_all, "1000.00", &director_general())
        .await
        .unwrap();
    let decision = decided.decision.clone().unwrap();
    assert!(
        decision.remedies.contains("deux mois"),
        "{}",
        decision.remedies
    );
    assert!(
        decision.algorithmic_notice.contains("L311-3-1"),
        "{}",
        decision.algorithmic_notice
    );
    assert_eq!(decision.cap.unwrap().cap_eur, "50000.00");
    let seen = read(&world, &decided, &director()).await.unwrap();
    assert_eq!(
        (seen.state(), seen.decision),
        (ProcedureState::UnderNotice, None),
        "not communicable before it is notified"
    );
    let notified = world.notify_decision(&decided).await.unwrap();
    let seen = read(&world, &notified, &director()).await.unwrap();
    assert_eq!(seen.decision.unwrap().payment_due_date, "2026-05-11");
    let paid = world.pay(&notified, "400.00").await.unwrap();
    assert_eq!(paid.balance_eur, "600.00");
    let too_much = world.pay(&paid, "600.01").await.unwrap_err();
    assert_eq!(reason(&too_much), "PAYMENT_OVER_BALANCE");
    let appealed = world.appeal(&paid).await.unwrap_err();
    assert_eq!(reason(&appealed), "DATE_IN_FUTURE");
    world.advance(Duration::days(20));
    let appealed = world.appeal(&paid).await.unwrap();
    let reduced = world
        .end_appeal(&appealed, AppealOutcome::Reduced, "500.00")
        .await
        .unwrap();
    assert_eq!(reduced.balance_eur, "100.00");
    world.procedure_replays(&reduced.name, first_row).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proposer_opens_and_decides_nothing_under_any_hat() {
    let world = World::new().await;
    let proposed = world.proposed().await;
    let two_hats = director_general().named("manager-1");
    let refused = world.open(&proposed, &two_hats).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::PermissionDenied, "DECIDER_IS_PROPOSER")
    );
    let opened = world.open(&proposed, &director_general()).await.unwrap();
    let noticed = world.give_notice(&opened).await.unwrap();
    world.advance(Duration::days(32));
    let refused = world
        .decide(&noticed, "1000.00", &two_hats)
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "DECIDER_IS_PROPOSER");
    for who in [manager(), Persona::service(), auditor()] {
        let denied = world.decide(&noticed, "1.00", &who).await.unwrap_err();
        assert_eq!(denied.code(), Code::PermissionDenied, "{who:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_penalties_of_a_year_together_stay_within_the_cap_and_an_annulled_one_frees_it() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    world.consent(&director()).await;
    let mut procedures = Vec::new();
    for _ in 0..2 {
        let proposed = world.proposed_on(&contract.name).await;
        let opened = world.open(&proposed, &director_general()).await.unwrap();
        procedures.push(world.give_notice(&opened).await.unwrap());
    }
    world.advance(Duration::days(45));
    let dg = director_general();
    let first = world.decide(&procedures[0], "30000.00", &dg).await.unwrap();
    let over = world
        .decide(&procedures[1], "20000.01", &dg)
        .await
        .unwrap_err();
    assert_eq!(
        (over.code(), reason(&over).as_str()),
        (Code::FailedPrecondition, "AMOUNT_OVER_CAP")
    );
    let notified = world.notify_decision(&first).await.unwrap();
    let appealed = world.appeal(&notified).await.unwrap();
    let annulled = world
        .end_appeal(&appealed, AppealOutcome::Annulled, "")
        .await
        .unwrap();
    assert_eq!(annulled.state(), ProcedureState::Annulled);
    world.decide(&procedures[1], "50000.00", &dg).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_withdrawn_meanwhile_leaves_only_the_way_out() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    world.consent(&director()).await;
    let findings = [Finding::new(&contract.name, &crate::support::campaign())];
    let review = world.examined(&findings).await;
    let review = world
        .conclude(&review, Outcome::SanctionProposed, &manager())
        .await
        .unwrap();
    let list = ListProceduresRequest {
        region: REGION.into(),
        ..Default::default()
    };
    let mut client = world.procedures(&director_general());
    let proposed = client.list_procedures(list).await.unwrap().into_inner();
    let opened = world
        .open(&proposed.procedures[0], &director_general())
        .await
        .unwrap();
    world.producer.withdrawn(&findings[0]).await;
    world
        .review_when(review.campaign, |review| {
            review.findings[0].withdraw_time.is_some()
        })
        .await;
    let refused = world.give_notice(&opened).await.unwrap_err();
    assert_eq!(reason(&refused), "GROUND_CHANGED");
    let dropped = world.drop_it(&opened).await.unwrap();
    assert_eq!(dropped.state(), ProcedureState::Dropped);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hospital_contract_knows_no_penalty_for_refusing_to_sign() {
    let world = World::new().await;
    let contract = world.consulted(crate::support::text(&[SITE])).await;
    let request = ProposeRefusalProcedureRequest {
        contract: contract.name,
        reasons: "Refus de signer.".into(),
        request_id: request_id(),
    };
    let mut client = world.procedures(&manager());
    let refused = client.propose_refusal_procedure(request).await.unwrap_err();
    assert_eq!(reason(&refused), "REFUSAL_NOT_PENALISED");
}
