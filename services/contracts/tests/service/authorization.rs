//! Every RPC of the service, and the two places that name roles.

use contracts::{
    DEFINITION,
    domain::{amendment, contract, procedure, review},
};
use testkit::walk_authorization;

use crate::support::World;

const SERVICES: [&str; 17] = [
    "cpom.contracts.v1.AttachmentService",
    "cpom.contracts.v1.DeadlineService",
    "cpom.contracts.v1.DeliveryConsentService",
    "cpom.contracts.v1.DocumentService",
    "cpom.contracts.v1.RegimeService",
    "cpom.contracts.v1.NegotiationService",
    "cpom.contracts.v1.AmendmentService",
    "cpom.contracts.v1.EvidenceService",
    "cpom.contracts.v1.MandateService",
    "cpom.contracts.v1.ProgrammingService",
    "cpom.contracts.v1.TaskService",
    "cpom.contracts.v1.TermService",
    "cpom.contracts.v1.FollowUpService",
    "cpom.contracts.v1.ContractService",
    "cpom.contracts.v1.ReviewService",
    "cpom.contracts.v1.ProcedureService",
    "cpom.contracts.v1.PublishedContractService",
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
    let of_contract = |act: contract::acts::Act| {
        let service = match act {
            contract::acts::Act::RecordPosition => "NegotiationService",
            contract::acts::Act::Extend | contract::acts::Act::Close => "TermService",
            _ => "ContractService",
        };
        (service, act.method(), act.roles())
    };
    let contract_acts = contract::acts::Act::ALL.map(of_contract);
    let amendment_acts =
        amendment::acts::Act::ALL.map(|act| ("AmendmentService", act.method(), act.roles()));
    let review_acts = review::act::Act::ALL.map(|act| ("ReviewService", act.method(), act.roles()));
    let procedure_acts =
        procedure::act::Act::ALL.map(|act| ("ProcedureService", act.method(), act.roles()));
    for (service, method, roles) in contract_acts
        .into_iter()
        .chain(amendment_acts)
        .chain(review_acts)
        .chain(procedure_acts)
    {
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
        let reads = ["Get", "List", "Stream", "Diff", "Export", "Check"]
            .iter()
            .any(|verb| method.starts_with(verb));
        assert!(
            reads || rule.human,
            "{path} changes something and is open to machines"
        );
    }
}
