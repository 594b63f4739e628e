//! Nothing is reachable without a token, a role, and a line in the table.

use crate::common::World;

#[tokio::test(flavor = "multi_thread")]
async fn every_method_refuses_strangers_and_what_is_for_people_refuses_machines() {
    let world = World::with(&[]).await;
    testkit::walk_authorization(
        &world.setup,
        &world.running,
        controls::DEFINITION.authorization,
        &[
            "cpom.controls.v1.TolerancePolicyService",
            "cpom.controls.v1.CampaignService",
            "cpom.controls.v1.ControlService",
            "cpom.controls.v1.MissionService",
            "cpom.controls.v1.PeerComparisonService",
        ],
    )
    .await;
}

#[test]
fn no_permission_message_event_or_column_of_this_service_means_a_sanction() {
    let words = [
        "sanction",
        "penalty",
        "pénalité",
        "procedure",
        "formal notice",
        "mise en demeure",
    ];
    let names_of_package = proto::json::POOL
        .all_messages()
        .filter(|message| message.package_name() == "cpom.controls.v1")
        .map(|message| message.name().to_lowercase());
    let permissions = rpc::Rules::parse(controls::DEFINITION.authorization).unwrap();
    let methods: Vec<_> = permissions.paths().map(str::to_lowercase).collect();
    for name in names_of_package.chain(methods) {
        assert!(words.iter().all(|word| !name.contains(word)), "{name}");
    }
    for migration in controls::MIGRATIONS.iter() {
        let columns = migration
            .sql
            .as_str()
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"));
        for line in columns {
            // Whether a person may one day propose one is a fact of the objective, told as it is.
            let line = line
                .replace("penalty_eligible", "")
                .replace("finding_penalty_check", "");
            assert!(words.iter().all(|word| !line.contains(word)), "{line}");
        }
    }
}
