//! A copy that arrives in the middle of freezing.

use sqlx::Executor as _;

use super::*;

/// The reading of the contracts stops at its first row until the test lets go of the lock, whose key is 1. Only in a unit
/// of work, which has written its request already: what is read before it goes on.
const STOP_IN_THE_MIDDLE: &str = "
    create function held() returns boolean language plpgsql volatile as $$
    begin
        if pg_current_xact_id_if_assigned() is not null then
            perform pg_advisory_xact_lock_shared(1);
        end if;
        return true;
    end $$;
    grant execute on function held() to cpom_app;
    alter table contract_copy enable row level security;
    create policy people on contract_copy to cpom_app using (held());
    create policy machines on contract_copy to cpom_machine using (true) with check (true);";

#[tokio::test(flavor = "multi_thread")]
async fn targets_that_arrive_while_the_contracts_are_read_are_not_left_out() {
    let with_targets = contract().deviating();
    let world = World::with(&[contract_without_targets()]).await;
    world.listening().await;
    // The contract is copied; its targets are still on their way.
    world
        .peers
        .events
        .lock()
        .unwrap()
        .push(with_targets.in_force());
    world.publish(&with_targets.in_force()).await;
    eventually("the contract is copied", || async {
        (world.count("select count(*) from contract_copy").await == 2).then_some(())
    })
    .await;
    let planned = world.planned().await;

    let mut owner = world.database.owner().await;
    owner.execute(STOP_IN_THE_MIDDLE).await.unwrap();
    owner
        .execute("begin; select pg_advisory_xact_lock(1)")
        .await
        .unwrap();
    let mut campaigns = world.campaigns();
    let freezing = tokio::spawn({
        let request = freeze(&planned);
        async move { campaigns.freeze_campaign(request).await }
    });
    eventually("the contracts are being read", || async {
        let waiting = "select count(*) from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'advisory'
                           and query like '%contract_copy%'";
        (world.count(waiting).await == 1).then_some(())
    })
    .await;
    hold(&world.peers, &with_targets);
    world.publish(&with_targets.targets_in_effect()).await;
    eventually("the targets are copied", || async {
        (world.count("select count(*) from target_set_copy").await == 1).then_some(())
    })
    .await;
    owner.execute("commit").await.unwrap();

    let refused = freezing.await.unwrap().unwrap_err();
    assert_eq!(reason(&refused), "COPY_BEHIND");
    let campaign = world.campaign(&planned.name).await;
    assert_eq!(campaign.state(), pb::CampaignState::Planned);
    // Asked again, nothing is missing.
    let frozen = world
        .campaigns()
        .freeze_campaign(freeze(&planned))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(frozen.frozen.unwrap().target_sets, 1);
}
