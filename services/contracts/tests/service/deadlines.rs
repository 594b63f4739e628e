//! One list of what is due, the calendar, and the e-mails.

use contracts::app::{
    deadlines::rebuild,
    notices::{self, mailer::Mailer},
    time_passes,
};
use proto::contracts::v1::{
    AmendmentChanges, EvaluationKind, ExportCalendarRequest, ListDeadlinesRequest, MeetingDecision,
    MeetingKind, NoticeFrequency, PlanEvaluationRequest, PlanMeetingRequest, RecordMinutesRequest,
    RequestRenewalRequest, Side, SubmitEvaluationReportRequest, UpdateNoticePreferencesRequest,
};
use sqlx::Executor as _;
use testkit::{Persona, request_id};
use time::Duration;

use crate::support::{
    Mailbox, SITE, World, contract_manager, director, director_general, manager, stranger,
};

async fn kinds(
    world: &World,
    who: &Persona,
    request: ListDeadlinesRequest,
) -> Vec<(String, String)> {
    let mut client = world.deadlines(who);
    let page = client.list_deadlines(request).await.unwrap().into_inner();
    page.deadlines
        .into_iter()
        .map(|deadline| (deadline.kind, deadline.due_date))
        .collect()
}

fn of_procedures() -> ListDeadlinesRequest {
    ListDeadlinesRequest {
        kind: "NOTICE_ANSWER".into(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_follows_each_act_and_a_passing_day_decides_nothing() {
    let world = World::new().await;
    let proposed = world.proposed().await;
    let opened = world.open(&proposed, &director_general()).await.unwrap();
    let noticed = world.give_notice(&opened).await.unwrap();
    let expected = vec![("NOTICE_ANSWER".to_owned(), "2026-04-10".to_owned())];
    assert_eq!(kinds(&world, &manager(), of_procedures()).await, expected);
    assert_eq!(kinds(&world, &director(), of_procedures()).await, expected);
    assert_eq!(kinds(&world, &stranger(), of_procedures()).await, []);
    let elsewhere = Persona::human("manager").region("94");
    assert_eq!(kinds(&world, &elsewhere, of_procedures()).await, []);

    let overdue = || ListDeadlinesRequest {
        overdue: true,
        side: Side::Establishment.into(),
        ..of_procedures()
    };
    assert_eq!(kinds(&world, &manager(), overdue()).await, []);
    world.advance(Duration::days(32));
    assert_eq!(kinds(&world, &manager(), overdue()).await, expected);
    let request = proto::contracts::v1::GetProcedureRequest {
        name: noticed.name.clone(),
    };
    let still = world
        .procedures(&manager())
        .get_procedure(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(still.etag, noticed.etag, "time alone changes nothing");

    let request = ExportCalendarRequest::default();
    let calendar = world
        .deadlines(&manager())
        .export_calendar(request)
        .await
        .unwrap()
        .into_inner();
    let text = String::from_utf8(calendar.content).unwrap();
    for line in [
        "BEGIN:VCALENDAR\r\n",
        "DTSTART;VALUE=DATE:20260410\r\n",
        "DTEND;VALUE=DATE:20260411\r\n",
        "CATEGORIES:NOTICE_ANSWER\r\n",
    ] {
        assert!(text.contains(line), "{line:?} in {text}");
    }
    world.drop_it(&noticed).await.unwrap();
    assert_eq!(kinds(&world, &manager(), of_procedures()).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_notice_leaves_once_whatever_runs_and_however_long_nothing_ran() {
    let world = World::new().await;
    let mailbox = Mailbox::open().await;
    let mailer = Mailer::new(&mailbox.url, "CPOM <cpom@ars.example>").unwrap();
    for (who, frequency) in [
        (director(), NoticeFrequency::Each),
        (stranger(), NoticeFrequency::Daily),
    ] {
        let request = UpdateNoticePreferencesRequest {
            etag: String::new(),
            email: format!("{}@ch-demo.example", frequency.as_str_name().to_lowercase()),
            frequency: frequency.into(),
            request_id: request_id(),
        };
        let mut client = world.deadlines(&who);
        client.update_notice_preferences(request).await.unwrap();
    }
    let proposed = world.proposed().await;
    let opened = world.open(&proposed, &director_general()).await.unwrap();
    world.give_notice(&opened).await.unwrap();
    let machine = &world.service.running.runtime.machine;
    let once = || notices::once(machine, Some(&mailer));

    // The review and the formal notice were both announced to the address of the consent.
    let (first, second) = tokio::join!(once(), once());
    first.unwrap();
    second.unwrap();
    let announced = mailbox.mails();
    assert_eq!(announced.len(), 2, "{announced:#?}");
    assert!(
        announced
            .iter()
            .all(|mail| mail.contains("To: direction@ch-demo.example"))
    );

    // Nothing ran for the reminders of a month and of a week before: the latest one leaves, once.
    world.advance(Duration::days(29));
    for _ in 0..2 {
        let (first, second) = tokio::join!(once(), once());
        first.unwrap();
        second.unwrap();
    }
    let reminded: Vec<_> = mailbox.mails().split_off(2);
    assert_eq!(reminded.len(), 1, "{reminded:#?}");
    assert!(reminded[0].contains("To: notice_frequency_each@ch-demo.example"));
    world.advance(Duration::days(400));
    once().await.unwrap();
    assert_eq!(
        mailbox.mails().len(),
        3,
        "who did not confirm within the year is told no more"
    );
}

/// What is due of a contract, soonest first.
async fn of(world: &World, contract: &str) -> Vec<(String, String)> {
    let request = ListDeadlinesRequest {
        contract: contract.into(),
        ..Default::default()
    };
    kinds(world, &director(), request).await
}

fn due(kind: &str, day: &str) -> (String, String) {
    (kind.to_owned(), day.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_list_follows_the_contract_its_renewal_its_evaluations_and_its_meetings() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let name = contract.name.as_str();
    let (mid_term, renewal, end) = (
        due("CONTRACT_MID_TERM", "2028-09-01"),
        due("CONTRACT_RENEWAL_REQUEST", "2030-02-28"),
        due("CONTRACT_END", "2031-02-28"),
    );
    assert_eq!(
        of(&world, name).await,
        [mid_term, renewal.clone(), end.clone()]
    );

    // The evaluation that is planned takes the place of the one that was to be planned.
    let plan = PlanEvaluationRequest {
        contract: name.into(),
        kind: EvaluationKind::MidTerm.into(),
        year: 2028,
        due_date: "2028-06-30".into(),
        request_id: request_id(),
    };
    let mut agency = world.follow_up(&contract_manager());
    let evaluation = agency.plan_evaluation(plan).await.unwrap().into_inner();
    let report = due("EVALUATION_REPORT", "2028-06-30");
    assert_eq!(
        of(&world, name).await,
        [report, renewal.clone(), end.clone()]
    );
    let submit = SubmitEvaluationReportRequest {
        name: evaluation.name,
        etag: evaluation.etag,
        report: "Bilan d’étape.".into(),
        request_id: request_id(),
    };
    let mut holder = world.follow_up(&director());
    holder.submit_evaluation_report(submit).await.unwrap();
    let conclusion = due("EVALUATION_CONCLUSION", "2028-06-30");
    assert_eq!(
        of(&world, name).await,
        [conclusion.clone(), renewal, end.clone()]
    );

    let ask = RequestRenewalRequest {
        contract: name.into(),
        request: "Nous demandons le renouvellement du contrat.".into(),
        request_id: request_id(),
    };
    world.terms(&director()).request_renewal(ask).await.unwrap();
    let answer = due("RENEWAL_ANSWER", "2026-07-10");
    assert_eq!(
        of(&world, name).await,
        [answer.clone(), conclusion.clone(), end.clone()]
    );

    let plan = PlanMeetingRequest {
        contract: name.into(),
        kind: MeetingKind::Committee.into(),
        date: "2026-03-10".into(),
        agenda: "Revue annuelle".into(),
        request_id: request_id(),
    };
    let meeting = agency.plan_meeting(plan).await.unwrap().into_inner();
    assert_eq!(
        of(&world, name).await[0],
        due("MEETING_MINUTES", "2026-03-10")
    );
    let minutes = RecordMinutesRequest {
        name: meeting.name,
        etag: meeting.etag,
        minutes: "Il est convenu de publier.".into(),
        attendees: vec!["Direction de l’établissement".into()],
        decisions: vec![MeetingDecision {
            text: "Publier.".into(),
            owner: "ARS".into(),
            due_date: "2026-05-01".into(),
            ..Default::default()
        }],
        request_id: request_id(),
    };
    agency.record_minutes(minutes).await.unwrap();
    let decision = due("MEETING_DECISION", "2026-05-01");
    let everything = [decision, answer, conclusion, end];
    assert_eq!(of(&world, name).await, everything);

    // The same list comes out of the facts when it is built again from nothing, by two processes at once.
    let mut owner = world.service.database.owner().await;
    owner
        .execute("truncate deadline; truncate deadline_build")
        .await
        .unwrap();
    assert_eq!(of(&world, name).await, []);
    let machine = &world.service.running.runtime.machine;
    let (first, second) = tokio::join!(rebuild::once(machine), rebuild::once(machine));
    first.unwrap();
    second.unwrap();
    assert_eq!(of(&world, name).await, everything);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_that_waits_for_signatures_is_due_on_its_day_of_effect() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let changes = AmendmentChanges {
        end_date: "2030-12-31".into(),
        ..Default::default()
    };
    let amendment = world
        .agreed_amendment(&contract, "2026-06-01", changes)
        .await;
    let impact = world.impact(&amendment).await;
    let moved: Vec<_> = impact
        .deadlines
        .iter()
        .map(|one| (&*one.what, &*one.before, &*one.after))
        .collect();
    assert_eq!(
        moved,
        [
            (
                "Demander le renouvellement du contrat",
                "2030-02-28",
                "2029-12-31"
            ),
            ("end", "2031-02-28", "2030-12-31"),
        ]
    );
    let amendment = world
        .acknowledge_impact_of(&amendment, &impact.sha256)
        .await
        .unwrap();
    let amendment = world.freeze_amendment(&amendment).await.unwrap();
    let signature = due("AMENDMENT_SIGNATURE", "2026-06-01");
    assert_eq!(of(&world, &contract.name).await[0], signature);
    let party = contract.required_signatories[1].clone();
    let amendment = world
        .sign_amendment(&amendment, "ars", &director_general())
        .await
        .unwrap();
    world
        .sign_amendment(&amendment, &party, &director())
        .await
        .unwrap();
    // Signed, it moves the end at once, and with it what has to be done before.
    let after = of(&world, &contract.name).await;
    assert!(!after.contains(&signature), "{after:?}");
    assert!(
        after.contains(&due("CONTRACT_END", "2030-12-31")),
        "{after:?}"
    );
    assert!(
        after.contains(&due("CONTRACT_RENEWAL_REQUEST", "2029-12-31")),
        "{after:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_wake_up_after_days_of_downtime_move_each_contract_once() {
    let world = World::new().await;
    let mut text = crate::support::text(&[SITE]);
    text.effect_date = "2026-04-01".into();
    text.end_date = "2026-12-31".into();
    let contract = world.signed(text).await;
    assert_eq!(of(&world, &contract.name).await.len(), 3);
    // Nothing ran for a year: the contract should have begun and ended meanwhile. Four replicas wake up at once, beside
    // the clock of the service itself.
    world.advance(Duration::days(365));
    let machine = &world.service.running.runtime.machine;
    let once = || time_passes::once(machine);
    let woken = tokio::join!(once(), once(), once(), once());
    for moved in [woken.0, woken.1, woken.2, woken.3] {
        moved.unwrap();
    }
    let ended = world
        .until(&contract, proto::contracts::v1::ContractState::Expired)
        .await;
    let told = "select count(*) from event where type like '%ContractInForce' or type like '%ContractExpired'";
    assert_eq!(world.count(told).await, 2, "each is told once");
    assert_eq!(of(&world, &ended.name).await, []);
    assert_eq!(time_passes::once(machine).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daily_digest_leaves_once_a_day_and_says_what_is_late() {
    let world = World::new().await;
    let mailbox = Mailbox::open().await;
    let mailer = Mailer::new(&mailbox.url, "CPOM <cpom@ars.example>").unwrap();
    let contract = world.in_force(&[SITE]).await;
    let plan = PlanMeetingRequest {
        contract: contract.name.clone(),
        kind: MeetingKind::Review.into(),
        date: "2026-03-20".into(),
        agenda: "Revue annuelle".into(),
        request_id: request_id(),
    };
    let mut agency = world.follow_up(&contract_manager());
    agency.plan_meeting(plan).await.unwrap();
    let request = UpdateNoticePreferencesRequest {
        etag: String::new(),
        email: "gestion@ars.example".into(),
        frequency: NoticeFrequency::Daily.into(),
        request_id: request_id(),
    };
    let mut client = world.deadlines(&contract_manager());
    client.update_notice_preferences(request).await.unwrap();
    let machine = &world.service.running.runtime.machine;
    let all = || async {
        let once = || notices::once(machine, Some(&mailer));
        let (first, second) = tokio::join!(once(), once());
        first.unwrap();
        second.unwrap();
        mailbox.mails().len()
    };
    assert_eq!(all().await, 1);
    assert_eq!(all().await, 1, "once a day, whatever runs");
    // The processes were down for two weeks: one digest, of today.
    world.advance(Duration::days(14));
    assert_eq!(all().await, 2);
    let digest = mailbox.mails().pop().unwrap();
    assert!(digest.contains("To: gestion@ars.example"), "{digest}");
}
