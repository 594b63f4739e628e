//! Who follows a campaign, while the service dies and comes back.

use std::{collections::BTreeSet, time::Duration};

use cpom::{
    client::Suite as Client,
    following,
    stack::{Service as Name, Stack},
};
use cpom_tests::{scenario::Scenario, suite::Service};
use proto::controls::v1::{Campaign, CampaignState};
use serde_json::json;
use tokio::sync::mpsc;

use crate::{CONTRACTS, campaigns::half_measured, owner, programs, region_that_fell_short};

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_goes_on_after_controls_was_killed_and_sees_each_state_once()
-> anyhow::Result<()> {
    let mut suite = programs().await?;
    region_that_fell_short(&suite).await?;
    let controller = Scenario::new(&suite)?.people.controller();
    let stack: Stack = serde_json::from_value(json!({"controls": suite.setup.peers.controls}))?;
    let session = Client::connect(&stack, &[Name::Controls])
        .await?
        .session(&suite.setup.issuer.token(&controller))?;
    let mut connection = owner(&suite, Service::Controls).await?;
    let (campaign, hold) = half_measured(&mut suite, &mut connection).await?;

    let (tell, mut told) = mpsc::unbounded_channel();
    let follower = tokio::spawn(async move {
        let seen = |state: &Campaign| drop(tell.send(state.clone()));
        following::until_measured(&session, &campaign, seen).await
    });
    let mut states = vec![told.recv().await.expect("the present state is told")];
    suite.kill(Service::Controls)?;
    // Away long enough for the follower to knock in vain.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!follower.is_finished());
    hold.rollback().await?;
    suite.start_service(Service::Controls).await?;
    let measured = follower.await??;
    while let Some(state) = told.recv().await {
        states.push(state);
    }

    let positions: BTreeSet<&str> = states.iter().map(|state| state.position.as_str()).collect();
    assert_eq!(positions.len(), states.len(), "{states:?}");
    let progress: Vec<i64> = states
        .iter()
        .filter_map(|state| Some(state.progress?.measured))
        .collect();
    let (half, all) = (i64::from(CONTRACTS - CONTRACTS / 2), i64::from(CONTRACTS));
    assert_eq!(
        (progress.first(), progress.last()),
        (Some(&half), Some(&all))
    );
    assert!(progress.is_sorted(), "{progress:?}");
    assert_eq!(states.last(), Some(&measured));
    assert_eq!(measured.state(), CampaignState::Measured);
    Ok(())
}
