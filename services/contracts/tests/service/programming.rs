//! Programming: a joint decision, its versions, its publication, and what it tells of drafts.

use contracts::app::deadlines::rebuild;
use proto::contracts::v1::{
    ApproveProgrammingRequest, CheckContractProgrammingRequest, ContractContent,
    CreateContractRequest, DiscardProgrammingRequest, DraftProgrammingRequest,
    ExportCalendarRequest, GetProgrammingRequest, ListDeadlinesRequest, ListProgrammingsRequest,
    ListTasksRequest, Programming, ProgrammingFit, ProgrammingLine, ProgrammingState,
    PublishProgrammingRequest, RegimeKind, ReviseProgrammingRequest, TaskKind,
};
use sqlx::Executor as _;
use testkit::{Persona, eventually, reason, request_id};
use time::Duration;
use tonic::Status;

use crate::support::{
    ENTITY, OTHER_SITE, REGION, SITE, World, auditor, contract_manager, director, director_general,
    ehpad, mandate, president, text,
};

fn line(site: &str, planned_year: i32) -> ProgrammingLine {
    ProgrammingLine {
        legal_entity: format!("legalEntities/{ENTITY}"),
        establishments: vec![format!("establishments/{site}")],
        planned_year,
        note: String::new(),
    }
}

/// A world whose sites are EHPAD of the Bouches-du-Rhône, with a president on record.
async fn world() -> World {
    let world = World::new().await;
    for finess in [SITE, OTHER_SITE] {
        let changed = ehpad(finess);
        world.producer.site_changed(changed, &["category"], 2).await;
    }
    eventually("the categories are copied", || async {
        let known = "select count(*) from establishment_copy where category = '500'";
        (world.count(known).await == 2).then_some(())
    })
    .await;
    let presidency = mandate("departments/13", "president-13");
    world.register_mandate(presidency).await.unwrap();
    world
}

fn draft(lines: Vec<ProgrammingLine>) -> DraftProgrammingRequest {
    DraftProgrammingRequest {
        region: REGION.into(),
        regime_kind: RegimeKind::Ehpad.into(),
        councils: vec!["departments/13".into()],
        first_year: 2027,
        lines,
        comment: "Programmation 2027-2031".into(),
        request_id: request_id(),
    }
}

async fn drafted(world: &World, lines: Vec<ProgrammingLine>) -> Result<Programming, Status> {
    let mut client = world.programming(&contract_manager());
    Ok(client.draft_programming(draft(lines)).await?.into_inner())
}

async fn approve(
    world: &World,
    it: &Programming,
    authority: &str,
    who: &Persona,
) -> Result<Programming, Status> {
    let request = ApproveProgrammingRequest {
        name: it.name.clone(),
        etag: it.etag.clone(),
        authority: authority.into(),
        title: "Présidente".into(),
        request_id: request_id(),
    };
    let mut client = world.programming(who);
    Ok(client.approve_programming(request).await?.into_inner())
}

async fn publish(world: &World, it: &Programming, date: &str) -> Result<Programming, Status> {
    let request = PublishProgrammingRequest {
        name: it.name.clone(),
        etag: it.etag.clone(),
        act: "RAA R93-2026-241".into(),
        publication_date: date.into(),
        request_id: request_id(),
    };
    let mut client = world.programming(&contract_manager());
    Ok(client.publish_programming(request).await?.into_inner())
}

async fn published(world: &World, lines: Vec<ProgrammingLine>, date: &str) -> Programming {
    let it = drafted(world, lines).await.unwrap();
    let it = approve(world, &it, "ars", &director_general())
        .await
        .unwrap();
    let it = approve(world, &it, "departments/13", &president("13"))
        .await
        .unwrap();
    publish(world, &it, date).await.unwrap()
}

/// A draft of an EHPAD contract over a site that takes effect in 2028.
async fn contract(world: &World, site: &str) -> String {
    let mut text = text(&[site]);
    text.effect_date = "2028-01-01".into();
    text.end_date = "2032-12-31".into();
    text.content = Some(ContractContent {
        departmental_councils: vec!["departments/13".into()],
        ..Default::default()
    });
    let request = CreateContractRequest {
        region: REGION.into(),
        text: Some(text),
        request_id: request_id(),
        regime_kind: RegimeKind::Ehpad.into(),
    };
    let mut client = world.contracts(&contract_manager());
    client
        .create_contract(request)
        .await
        .unwrap()
        .into_inner()
        .name
}

async fn fit(world: &World, contract: &str, who: &Persona) -> (ProgrammingFit, i32) {
    let request = CheckContractProgrammingRequest {
        contract: contract.into(),
    };
    let mut client = world.programming(who);
    let answer = client.check_contract_programming(request).await.unwrap();
    let site = answer.into_inner().sites.remove(0);
    (site.fit(), site.planned_year)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_joint_decision_is_approved_by_each_authority_and_published_before_the_year() {
    let world = world().await;
    let it = drafted(&world, vec![line(SITE, 2028)]).await.unwrap();
    assert_eq!((it.number, it.first_year, it.last_year), (1, 2027, 2031));
    assert_eq!(it.publication_due_date, "2026-12-31");
    assert_eq!(it.required_approvals, ["ars", "departments/13"]);

    // What is being prepared is not the establishment's yet.
    let get = || GetProgrammingRequest {
        name: it.name.clone(),
    };
    let hidden = world.programming(&director()).get_programming(get()).await;
    assert_eq!(hidden.unwrap_err().code(), tonic::Code::NotFound);

    let early = publish(&world, &it, "2026-03-10").await.unwrap_err();
    assert_eq!(reason(&early), "APPROVALS_MISSING");
    assert!(
        early.message().contains("departments/13"),
        "{}",
        early.message()
    );
    let other = approve(&world, &it, "departments/06", &president("13"))
        .await
        .unwrap_err();
    assert_eq!(reason(&other), "NOT_AN_AUTHORITY");
    let wrong = approve(&world, &it, "ars", &president("13"))
        .await
        .unwrap_err();
    assert_eq!(reason(&wrong), "WRONG_SIGNATORY");
    let stranger = Persona::human("department_president")
        .named("paul")
        .region(REGION)
        .department("13");
    let wrong = approve(&world, &it, "departments/13", &stranger)
        .await
        .unwrap_err();
    assert_eq!(reason(&wrong), "WRONG_SIGNATORY");

    let elsewhere = president("06");
    let unknown = approve(&world, &it, "departments/13", &elsewhere).await;
    assert_eq!(unknown.unwrap_err().code(), tonic::Code::NotFound);
    let drafts = |who: &Persona| {
        let mut client = world.programming(who);
        async move {
            let found = client.list_programmings(ListProgrammingsRequest::default());
            found.await.unwrap().into_inner().programmings.len()
        }
    };
    assert_eq!(
        (drafts(&elsewhere).await, drafts(&president("13")).await),
        (0, 1)
    );

    let it = approve(&world, &it, "ars", &director_general())
        .await
        .unwrap();
    let it = approve(&world, &it, "departments/13", &president("13"))
        .await
        .unwrap();
    assert!(it.approvals[1].mandate.starts_with("mandates/"));
    let tomorrow = publish(&world, &it, "2026-03-11").await.unwrap_err();
    assert_eq!(reason(&tomorrow), "DATE_OUT_OF_RANGE");
    let it = publish(&world, &it, "2026-03-10").await.unwrap();
    assert_eq!(it.state(), ProgrammingState::Published);
    assert!(it.in_force && !it.late);
    let read = world.programming(&director()).get_programming(get()).await;
    assert_eq!(read.unwrap().into_inner().lines.len(), 1);
    assert_eq!(drafts(&elsewhere).await, 1, "what is published is public");

    // A published decision never changes: another version does.
    let revise = ReviseProgrammingRequest {
        name: it.name.clone(),
        etag: it.etag.clone(),
        lines: vec![line(SITE, 2029)],
        comment: "Report.".into(),
        request_id: request_id(),
    };
    let mut client = world.programming(&contract_manager());
    let refused = client.revise_programming(revise).await.unwrap_err();
    assert_eq!(reason(&refused), "WRONG_STATE");
    let events = "select count(*) from event where aggregate_kind = 'programming'";
    assert_eq!(world.count(events).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_checked_against_the_horizon_the_registry_and_the_competences() {
    let world = world().await;
    let early = drafted(&world, vec![line(SITE, 2026)]).await.unwrap_err();
    assert_eq!(early.code(), tonic::Code::InvalidArgument);
    assert!(
        early.message().contains("lines[0].planned_year"),
        "{}",
        early.message()
    );
    let unknown = drafted(&world, vec![line("130000003", 2028)])
        .await
        .unwrap_err();
    assert!(
        ["PERIMETER_NOT_IN_REGISTRY", "INVALID_FIELDS"].contains(&reason(&unknown).as_str()),
        "{unknown:?}"
    );
    let alone = DraftProgrammingRequest {
        councils: vec![],
        ..draft(vec![line(SITE, 2028)])
    };
    let mut client = world.programming(&contract_manager());
    let refused = client.draft_programming(alone).await.unwrap_err();
    assert_eq!(reason(&refused), "SIGNATORY_MISSING");
    assert_eq!(world.count("select count(*) from programming").await, 0);

    let first = drafted(&world, vec![line(SITE, 2028)]).await.unwrap();
    let second = drafted(&world, vec![line(SITE, 2029)]).await.unwrap_err();
    assert_eq!(reason(&second), "PROGRAMMING_UNDER_WAY");
    assert!(
        second.message().contains(&first.name),
        "{}",
        second.message()
    );
    let approved = approve(&world, &first, "ars", &director_general())
        .await
        .unwrap();
    let revise = ReviseProgrammingRequest {
        name: approved.name.clone(),
        etag: approved.etag.clone(),
        lines: vec![line(SITE, 2029)],
        comment: "Report.".into(),
        request_id: request_id(),
    };
    let revised = client
        .revise_programming(revise)
        .await
        .unwrap()
        .into_inner();
    assert!(
        revised.approvals.is_empty(),
        "approvals were of other lines"
    );
    let discard = DiscardProgrammingRequest {
        name: revised.name,
        etag: revised.etag,
        reasons: "Reprise à zéro.".into(),
        request_id: request_id(),
    };
    let discarded = client
        .discard_programming(discard)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(discarded.state(), ProgrammingState::Discarded);
    let next = drafted(&world, vec![line(SITE, 2029)]).await.unwrap();
    assert_eq!(next.number, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_told_what_the_version_in_force_programs_and_goes_on() {
    let world = world().await;
    let (site, other) = (
        contract(&world, SITE).await,
        contract(&world, OTHER_SITE).await,
    );
    let manager = contract_manager();
    assert_eq!(
        fit(&world, &site, &manager).await,
        (ProgrammingFit::NotProgrammed, 0)
    );
    published(&world, vec![line(SITE, 2028)], "2026-03-10").await;
    assert_eq!(
        fit(&world, &site, &manager).await,
        (ProgrammingFit::Programmed, 2028)
    );
    assert_eq!(
        fit(&world, &site, &director()).await,
        (ProgrammingFit::Programmed, 2028)
    );
    assert_eq!(
        fit(&world, &other, &manager).await,
        (ProgrammingFit::NotProgrammed, 0)
    );

    // The next version postpones one contract and drops nothing else: its draft is told, and only that one.
    world.advance(Duration::days(1));
    let lines = vec![line(SITE, 2029), line(OTHER_SITE, 2028)];
    let second = published(&world, lines, "2026-03-11").await;
    assert_eq!(second.number, 2);
    assert_eq!(
        fit(&world, &site, &manager).await,
        (ProgrammingFit::OtherYear, 2029)
    );
    assert_eq!(
        fit(&world, &other, &manager).await,
        (ProgrammingFit::Programmed, 2028)
    );
    let mut client = world.tasks(&manager);
    let tasks = client
        .list_tasks(ListTasksRequest::default())
        .await
        .unwrap();
    let tasks = tasks.into_inner().tasks;
    assert_eq!(tasks.len(), 1, "{tasks:#?}");
    assert_eq!(tasks[0].kind(), TaskKind::ProgrammingChanged);
    assert_eq!(tasks[0].contract, site);
    assert!(
        tasks[0].explanation.contains("2029"),
        "{}",
        tasks[0].explanation
    );

    let list = ListProgrammingsRequest {
        region: REGION.into(),
        ..Default::default()
    };
    let mut client = world.programming(&auditor());
    let found = client.list_programmings(list).await.unwrap().into_inner();
    let in_force: Vec<_> = found
        .programmings
        .iter()
        .map(|p| (p.number, p.in_force))
        .collect();
    assert_eq!(in_force, [(2, true), (1, false)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_after_the_last_day_of_the_year_is_late_and_counts() {
    let world = world().await;
    let it = drafted(&world, vec![line(SITE, 2028)]).await.unwrap();
    world.advance(Duration::days(300));
    let it = approve(&world, &it, "ars", &director_general())
        .await
        .unwrap();
    let it = approve(&world, &it, "departments/13", &president("13"))
        .await
        .unwrap();
    let it = publish(&world, &it, "2027-01-04").await.unwrap();
    assert!(it.late && it.in_force);
}

/// The days of publication that somebody reads.
async fn days(world: &World, who: &Persona) -> Vec<String> {
    let request = ListDeadlinesRequest {
        kind: "PROGRAMMING_PUBLICATION".into(),
        ..Default::default()
    };
    let mut client = world.deadlines(who);
    let page = client.list_deadlines(request).await.unwrap().into_inner();
    assert!(page.deadlines.iter().all(|due| due.contract.is_empty()));
    page.deadlines.into_iter().map(|due| due.due_date).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_of_publication_is_a_deadline_of_those_who_decide() {
    let world = world().await;
    let draft = drafted(&world, vec![line(SITE, 2028)]).await.unwrap();
    let day = ["2026-12-31"];
    assert_eq!(days(&world, &contract_manager()).await, day);
    assert_eq!(days(&world, &president("13")).await, day);
    let none: [&str; 0] = [];
    assert_eq!(days(&world, &director()).await, none);
    let elsewhere = Persona::human("contract_manager").region("94");
    assert_eq!(days(&world, &elsewhere).await, none);
    let calendar = world
        .deadlines(&contract_manager())
        .export_calendar(ExportCalendarRequest::default())
        .await
        .unwrap()
        .into_inner();
    let text = String::from_utf8(calendar.content).unwrap();
    assert!(
        text.contains("CATEGORIES:PROGRAMMING_PUBLICATION"),
        "{text}"
    );

    let discard = DiscardProgrammingRequest {
        name: draft.name.clone(),
        etag: draft.etag.clone(),
        reasons: "À reprendre.".into(),
        request_id: request_id(),
    };
    let mut client = world.programming(&contract_manager());
    client.discard_programming(discard).await.unwrap();
    assert_eq!(days(&world, &contract_manager()).await, none);

    // Once published, the next yearly update is due; the list built again from the facts says the same.
    published(&world, vec![line(SITE, 2028)], "2026-03-10").await;
    let next = ["2027-12-31"];
    assert_eq!(days(&world, &contract_manager()).await, next);
    let mut owner = world.service.database.owner().await;
    owner
        .execute("truncate deadline; truncate deadline_build")
        .await
        .unwrap();
    rebuild::once(&world.service.running.runtime.machine)
        .await
        .unwrap();
    assert_eq!(days(&world, &contract_manager()).await, next);
}
