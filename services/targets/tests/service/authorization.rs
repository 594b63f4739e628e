use testkit::walk_authorization;

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn every_method_is_in_the_table_and_refuses_who_is_not() {
    let world = World::new().await;
    let services = [
        "cpom.targets.v1.TargetSetService",
        "cpom.targets.v1.IndicatorService",
    ];
    let authorization = targets::DEFINITION.authorization;
    walk_authorization(
        &world.service.setup,
        &world.service.running,
        authorization,
        &services,
    )
    .await;
}
