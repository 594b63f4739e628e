//! Whoever reads what auditors read understands it: each method they may call has its words, and each fact of a history.

use cpom_tests::documents::events::aggregate_kind;
use rpc::Rules;

use crate::{SERVICES, assert_none, read};

const AUDITOR: &str = "auditor";

#[test]
fn every_method_that_an_auditor_may_call_has_its_words_in_french() {
    let mut allowed = 0;
    let mut broken = Vec::new();
    for service in SERVICES {
        let table = read(&format!("services/{service}/authorization.toml"));
        let rules = Rules::parse(&table).expect("authorization.toml is well-formed");
        for path in rules.paths() {
            let is_allowed = rules
                .get(path)
                .is_some_and(|rule| rule.roles.iter().any(|role| role == AUDITOR));
            if is_allowed {
                allowed += 1;
                if portal::reading_in_french(path).is_none() {
                    broken.push(format!(
                        "{path}: add its words to services/portal/src/text/readings.rs"
                    ));
                }
            }
        }
    }
    assert!(allowed > 100, "{allowed}");
    assert_none("a method without its words in French", &broken);
}

#[test]
fn every_fact_of_a_history_has_its_words_in_french() {
    let facts: Vec<String> = proto::json::POOL
        .files()
        .filter(|file| file.name().ends_with("/events.proto"))
        .flat_map(|file| {
            let messages = file.messages();
            let names = messages.map(|message| message.full_name().to_owned());
            names.collect::<Vec<_>>()
        })
        .filter(|name| aggregate_kind(name).is_some())
        .collect();
    assert!(facts.len() > 150, "{}", facts.len());
    let broken: Vec<String> = facts
        .into_iter()
        .filter(|name| portal::fact_in_french(name).is_none())
        .map(|name| format!("{name}: add its words to services/portal/src/text/labels.rs"))
        .collect();
    assert_none("a fact without its words in French", &broken);
}
