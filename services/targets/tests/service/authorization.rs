use testkit::walk_authorization;

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn every_method_is_in_the_table_and_refuses_who_is_not() {
    let world = World::new().await;
    let services = [
        "cpom.targets.v1.TargetSetService",
        "cpom.targets.v1.IndicatorService",
        "cpom.targets.v1.NomenclatureService",
        "cpom.targets.v1.TerritoryService",
        "cpom.targets.v1.CaseMixService",
        "cpom.targets.v1.FinanceService",
        "cpom.targets.v1.RateService",
        "cpom.targets.v1.PublishedRateService",
        "cpom.targets.v1.FrameworkService",
        "cpom.targets.v1.DialogueService",
        "cpom.targets.v1.RealisationService",
        "cpom.targets.v1.CapacityService",
        "cpom.targets.v1.NeedsService",
        "cpom.targets.v1.SchemeService",
        "cpom.targets.v1.CreditService",
        "cpom.targets.v1.CooperationService",
        "cpom.targets.v1.ProjectCallService",
        "cpom.targets.v1.WaitingListService",
        "cpom.targets.v1.FundingService",
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
