//! One list of what is due, the calendar, and the e-mails.

use contracts::app::notices::{self, mailer::Mailer};
use proto::contracts::v1::{
    ExportCalendarRequest, ListDeadlinesRequest, NoticeFrequency, Side,
    UpdateNoticePreferencesRequest,
};
use testkit::{Persona, request_id};
use time::Duration;

use crate::support::{Mailbox, World, director, director_general, manager, stranger};

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
