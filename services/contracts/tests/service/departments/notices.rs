//! What the people of a council are reminded of by e-mail.

use contracts::app::notices::{self, mailer::Mailer};
use proto::contracts::v1::{
    MeetingKind, NoticeFrequency, PlanMeetingRequest, UpdateNoticePreferencesRequest,
};
use testkit::request_id;

use super::{officer, president, signed};
use crate::support::{Mailbox, World, contract_manager};

#[tokio::test(flavor = "multi_thread")]
async fn a_council_hears_of_what_is_due_under_its_own_contracts_and_of_no_others() {
    let world = World::new().await;
    let mailbox = Mailbox::open().await;
    let mailer = Mailer::new(&mailbox.url, "CPOM <cpom@ars.example>").unwrap();
    let contract = signed(&world).await;
    let planned = PlanMeetingRequest {
        contract: contract.name.clone(),
        kind: MeetingKind::Review.into(),
        date: "2026-03-20".into(),
        agenda: "Revue annuelle".into(),
        request_id: request_id(),
    };
    let mut agency = world.follow_up(&contract_manager());
    agency.plan_meeting(planned).await.unwrap();
    for (who, email) in [
        (president("13"), "presidence@departement.example"),
        (officer("13"), "service@departement.example"),
        (president("06"), "voisin@departement.example"),
    ] {
        let request = UpdateNoticePreferencesRequest {
            etag: String::new(),
            email: email.into(),
            frequency: NoticeFrequency::Daily.into(),
            request_id: request_id(),
        };
        let mut client = world.deadlines(&who);
        client.update_notice_preferences(request).await.unwrap();
    }
    let machine = &world.service.running.runtime.machine;
    for _ in 0..2 {
        notices::once(machine, Some(&mailer)).await.unwrap();
    }
    let mails = mailbox.mails();
    let told = |address: &str| {
        let to = format!("To: {address}");
        mails.iter().filter(|mail| mail.contains(&to)).count()
    };
    assert_eq!(told("presidence@departement.example"), 1, "{mails:#?}");
    assert_eq!(told("service@departement.example"), 1, "{mails:#?}");
    assert_eq!(told("voisin@departement.example"), 0, "{mails:#?}");
}
