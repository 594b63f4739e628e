//! Nothing is reachable without a token, a role and a line in the table.

use testkit::{Persona, walk_authorization};
use tonic::Code;

use crate::support::{Registry, header, messages, sites_file, upload};

#[tokio::test(flavor = "multi_thread")]
async fn every_method_asks_for_a_token_and_a_role() {
    let registry = Registry::start().await;
    walk_authorization(
        &registry.service.setup,
        &registry.service.running,
        establishments::DEFINITION.authorization,
        &["cpom.establishments.v1.EstablishmentService"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_read_may_not_import() {
    let registry = Registry::start().await;
    for role in [
        "contract_manager",
        "director_general",
        "auditor",
        "service",
        "establishment_system",
    ] {
        let mut client = registry.client(&Persona::human(role).region("*"));
        let messages = messages(header(), sites_file(1).join("\n").as_bytes());
        let refused = upload(&mut client, messages).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{role}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_suite_itself_may_not_write_to_the_registry() {
    let registry = Registry::start().await;
    registry.import(&sites_file(1)).await;
    let machine = registry.service.running.runtime.machine.pool();
    for statement in [
        "update establishment set title = 'x'",
        "update legal_entity set title = 'x'",
        "delete from establishment",
    ] {
        let refused = sqlx::query(statement).execute(machine).await.unwrap_err();
        assert!(
            refused.to_string().contains("permission denied"),
            "{statement}: {refused}"
        );
    }
    let people = registry.service.running.runtime.db.pool();
    let refused = sqlx::query("delete from legal_entity")
        .execute(people)
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("permission denied"),
        "{refused}"
    );
}
