//! Steps of commitments: due for who owes them, and told as done.

use contracts::app::{deadlines::rebuild, time_passes};
use proto::contracts::v1::{
    AmendmentChanges, Attachment, Commitment, CommitmentOwner, CommitmentStep, CompleteStepRequest,
    CompletedStep, Contract, ContractContent, ListDeadlinesRequest,
    deadline_service_client::DeadlineServiceClient,
};
use sqlx::Executor as _;
use testkit::{Persona, reason, request_id};
use time::Duration;
use tonic::{Code, Status};

use crate::support::{
    OTHER_SITE, SITE, World, auditor, contract_manager, director, director_general, files::told,
    manager, stranger, text,
};

const REPORT: &[u8] = b"%PDF-1.7\nreception des travaux\n";

fn step(title: &str, due_date: &str) -> CommitmentStep {
    CommitmentStep {
        title: title.into(),
        due_date: due_date.into(),
    }
}

fn commitment(code: &str, owner: CommitmentOwner, steps: Vec<CommitmentStep>) -> Commitment {
    Commitment {
        code: code.into(),
        owner: owner.into(),
        text: "Ouvrir l’unité de chirurgie ambulatoire".into(),
        steps,
        ..Default::default()
    }
}

/// In force since 1 March 2026: two steps of the establishment, one of the agency.
async fn in_force(world: &World) -> Contract {
    let mut text = text(&[SITE]);
    text.effect_date = "2026-03-01".into();
    text.end_date = "2031-02-28".into();
    let works = vec![
        step("Travaux", "2026-06-30"),
        step("Ouverture", "2027-01-01"),
    ];
    text.content = Some(ContractContent {
        commitments: vec![
            commitment("E1", CommitmentOwner::Establishment, works),
            commitment(
                "A1",
                CommitmentOwner::Ars,
                vec![step("Autorisation", "2026-05-31")],
            ),
        ],
        ..Default::default()
    });
    world.signed(text).await
}

async fn complete(
    world: &World,
    who: &Persona,
    contract: &Contract,
    (commitment, step, done_date): (&str, CommitmentStep, &str),
    attachments: Vec<Attachment>,
) -> Result<CompletedStep, Status> {
    let request = CompleteStepRequest {
        contract: contract.name.clone(),
        commitment: commitment.into(),
        title: step.title,
        due_date: step.due_date,
        done_date: done_date.into(),
        note: "Procès-verbal de réception.".into(),
        attachments,
        request_id: request_id(),
    };
    Ok(world
        .follow_up(who)
        .complete_step(request)
        .await?
        .into_inner())
}

/// Steps that are due of a contract, soonest first.
async fn due(world: &World, contract: &Contract) -> Vec<(String, String)> {
    let request = ListDeadlinesRequest {
        contract: contract.name.clone(),
        ..Default::default()
    };
    let mut client = DeadlineServiceClient::new(world.service.peer(&director()));
    let page = client.list_deadlines(request).await.unwrap().into_inner();
    page.deadlines
        .into_iter()
        .filter(|deadline| deadline.kind.starts_with("COMMITMENT_STEP"))
        .map(|deadline| (deadline.kind, deadline.due_date))
        .collect()
}

fn expected(deadlines: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = deadlines
        .iter()
        .map(|(kind, day)| ((*kind).to_owned(), (*day).to_owned()));
    owned.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_is_due_until_who_owes_it_tells_that_it_is_done() {
    let world = World::new().await;
    let contract = in_force(&world).await;
    let works = ("COMMITMENT_STEP", "2026-06-30");
    let opening = ("COMMITMENT_STEP", "2027-01-01");
    let permit = ("COMMITMENT_STEP_ARS", "2026-05-31");
    let all = expected(&[permit, works, opening]);
    assert_eq!(due(&world, &contract).await, all);

    // The establishment tells its own, before the day, with what shows it.
    let report = world
        .keep_file(&director(), &contract.name, ("reception.pdf", REPORT))
        .await
        .unwrap();
    let first = ("E1", step("Travaux", "2026-06-30"), "2026-03-05");
    let done = complete(&world, &director(), &contract, first, vec![report.clone()])
        .await
        .unwrap();
    assert_eq!(
        (done.done_date.as_str(), done.attachments.as_slice()),
        ("2026-03-05", [report.clone()].as_slice())
    );
    assert_eq!(due(&world, &contract).await, expected(&[permit, opening]));
    let shown = world.get(&contract, &auditor()).await.unwrap();
    assert_eq!(shown.completed_steps, [done]);
    assert_eq!(
        world
            .download(&manager(), &contract.name, &report)
            .await
            .unwrap(),
        REPORT
    );
    let told = "select count(*) from event where type like '%StepCompleted'";
    assert_eq!(world.count(told).await, 1);

    // The agency tells its own, and the same list comes out of the facts when it is built again.
    let request = CompleteStepRequest {
        contract: contract.name.clone(),
        commitment: "A1".into(),
        title: "Autorisation".into(),
        due_date: "2026-05-31".into(),
        done_date: "2026-03-10".into(),
        note: String::new(),
        attachments: vec![],
        request_id: request_id(),
    };
    let mut agency = world.follow_up(&contract_manager());
    let told = agency.complete_step(request.clone()).await.unwrap();
    // The same request again is the same answer.
    let again = agency.complete_step(request).await.unwrap();
    assert_eq!(told.into_inner(), again.into_inner());
    let left = expected(&[opening]);
    assert_eq!(due(&world, &contract).await, left);
    let mut owner = world.service.database.owner().await;
    owner
        .execute("truncate deadline; truncate deadline_build")
        .await
        .unwrap();
    let machine = &world.service.running.runtime.machine;
    rebuild::once(machine).await.unwrap();
    assert_eq!(due(&world, &contract).await, left);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_tells_the_steps_of_others_nor_what_is_no_step() {
    let world = World::new().await;
    let contract = in_force(&world).await;
    let before = due(&world, &contract).await;
    let works = || ("E1", step("Travaux", "2026-06-30"), "2026-03-05");
    let permit = || ("A1", step("Autorisation", "2026-05-31"), "2026-03-05");
    let refused = |answer: Result<CompletedStep, Status>| reason(&answer.unwrap_err());
    let of_theirs = complete(&world, &contract_manager(), &contract, works(), vec![]).await;
    assert_eq!(refused(of_theirs), "NOT_YOUR_COMMITMENT");
    let of_agency = complete(&world, &director(), &contract, permit(), vec![]).await;
    assert_eq!(refused(of_agency), "NOT_YOUR_COMMITMENT");
    let by_other = complete(&world, &stranger(), &contract, works(), vec![]).await;
    assert_eq!(by_other.unwrap_err().code(), Code::NotFound);
    let by_general = complete(&world, &director_general(), &contract, permit(), vec![]).await;
    assert_eq!(by_general.unwrap_err().code(), Code::PermissionDenied);
    let future = ("E1", step("Travaux", "2026-06-30"), "2027-03-05");
    let future = complete(&world, &director(), &contract, future, vec![]).await;
    assert_eq!(refused(future), "DATE_OUT_OF_RANGE");
    let unknown = ("E1", step("Travaux", "2026-07-01"), "2026-03-05");
    let unknown = complete(&world, &director(), &contract, unknown, vec![]).await;
    assert_eq!(refused(unknown), "UNKNOWN_ELEMENT");
    let missing = told(("reception.pdf", REPORT));
    let missing = complete(&world, &director(), &contract, works(), vec![missing]).await;
    assert_eq!(refused(missing), "ATTACHMENT_NOT_KEPT");
    assert_eq!(due(&world, &contract).await, before);

    complete(&world, &director(), &contract, works(), vec![])
        .await
        .unwrap();
    let twice = complete(&world, &director(), &contract, works(), vec![]).await;
    assert_eq!(refused(twice), "STEP_ALREADY_DONE");
    let draft = world.create(text(&[OTHER_SITE])).await.unwrap();
    let draft = complete(&world, &director(), &draft, works(), vec![]).await;
    assert_eq!(refused(draft), "WRONG_STATE");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_moves_the_steps_on_its_day_of_effect() {
    let world = World::new().await;
    let contract = in_force(&world).await;
    let moved = vec![step("Travaux", "2026-09-30")];
    let changes = AmendmentChanges {
        put_commitments: vec![commitment("E1", CommitmentOwner::Establishment, moved)],
        ..Default::default()
    };
    world
        .signed_amendment(&contract, "2026-06-01", changes)
        .await;
    let permit = ("COMMITMENT_STEP_ARS", "2026-05-31");
    let before = [
        permit,
        ("COMMITMENT_STEP", "2026-06-30"),
        ("COMMITMENT_STEP", "2027-01-01"),
    ];
    assert_eq!(due(&world, &contract).await, expected(&before));
    world.advance(Duration::days(90));
    let machine = &world.service.running.runtime.machine;
    let after = expected(&[permit, ("COMMITMENT_STEP", "2026-09-30")]);
    testkit::eventually("the amendment takes effect", || async {
        time_passes::once(machine).await.unwrap();
        (due(&world, &contract).await == after).then_some(())
    })
    .await;
}
