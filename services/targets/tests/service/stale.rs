//! What is told of what changed since it was read.

use proto::targets::v1::{DialogueSession, RecordSessionRequest, Stance};
use testkit::{Persona, changes, reason, request_id};
use tonic::Code;

use crate::{
    dialogues::proposal,
    world::{ENTITY, OTHER_ENTITY, World, contract_manager, director},
};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_acts_on_what_has_changed_is_told_what_was_done_and_under_which_role() {
    let world = World::new().await;
    let dialogue = world.dialogue().await;
    let session = RecordSessionRequest {
        name: dialogue.name.clone(),
        etag: dialogue.etag.clone(),
        session: Some(DialogueSession {
            date: "2023-11-14".to_owned(),
            subject: "Diagnostic partagé".to_owned(),
            minutes: "Les taux publiés sont présentés.".to_owned(),
            present: vec![ENTITY.to_owned()],
        }),
        request_id: request_id(),
    };
    let colleague = contract_manager().named("colleague");
    let mut client = world.dialogues(&colleague);
    client.record_session(session.clone()).await.unwrap();
    let again = |who: Persona| {
        let mut client = world.dialogues(&who);
        let request = RecordSessionRequest {
            request_id: request_id(),
            ..session.clone()
        };
        async move { client.record_session(request).await.unwrap_err() }
    };
    // No history is open to them.
    let stale = again(contract_manager()).await;
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    assert_eq!(
        changes(&stale),
        ["SessionRecorded contract_manager colleague"]
    );
    let unseen = again(Persona::human("manager").region("94")).await;
    assert_eq!(
        (unseen.code(), changes(&unseen)),
        (Code::NotFound, Vec::new())
    );

    let proposed = world.propose(&dialogue, proposal()).await.unwrap();
    let against = "Le bloc est saturé.";
    let agency = contract_manager();
    world
        .position(&agency, &proposed, OTHER_ENTITY, Stance::Against, against)
        .await
        .unwrap();
    let stale = world
        .position(&director(ENTITY), &proposed, ENTITY, Stance::InFavour, "")
        .await
        .unwrap_err();
    assert_eq!(changes(&stale), ["PositionRecorded contract_manager"]);
}
