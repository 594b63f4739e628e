//! Every RPC of the service, and the two places that name roles.

use contracts::{
    DEFINITION,
    domain::{contract, review::human},
};
use testkit::walk_authorization;

use crate::support::World;

const SERVICES: [&str; 3] = [
    "cpom.contracts.v1.ContractService",
    "cpom.contracts.v1.ReviewService",
    "cpom.contracts.v1.ProcedureService",
];

#[tokio::test(flavor = "multi_thread")]
async fn no_method_is_reachable_without_token_role_and_line_in_the_table() {
    let world = World::new().await;
    let (setup, running) = (&world.service.setup, &world.service.running);
    walk_authorization(setup, running, DEFINITION.authorization, &SERVICES).await;
}

#[test]
fn the_table_and_the_domain_name_the_same_roles() {
    let rules = rpc::Rules::parse(DEFINITION.authorization).unwrap();
    let contract_acts =
        contract::acts::Act::ALL.map(|act| ("ContractService", act.method(), act.roles()));
    let review_acts = human::Act::ALL.map(|act| ("ReviewService", act.method(), act.roles()));
    for (service, method, roles) in contract_acts.into_iter().chain(review_acts) {
        let rule = rules
            .get(&format!("/cpom.contracts.v1.{service}/{method}"))
            .unwrap();
        assert!(rule.human, "{method} is an act of a person");
        assert_eq!(rule.roles, roles, "{method}");
    }
}

#[test]
fn no_machine_may_do_what_only_people_do() {
    let rules = rpc::Rules::parse(DEFINITION.authorization).unwrap();
    for path in rules.paths() {
        let rule = rules.get(path).unwrap();
        let method = path.rsplit('/').next().unwrap();
        let reads = ["Get", "List", "Stream"]
            .iter()
            .any(|verb| method.starts_with(verb));
        assert!(
            reads || rule.human,
            "{path} changes something and is open to machines"
        );
    }
}
