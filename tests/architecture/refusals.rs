//! Whoever is refused something on a screen reads why in French.

use std::{collections::BTreeSet, fs};

use cpom_tests::documents;

use crate::{assert_none, read, root};

/// Those that a screen cannot say.
fn without_sentence<'a>(reasons: impl Iterator<Item = &'a str>) -> Vec<String> {
    reasons
        .filter(|reason| portal::refusal_in_french(reason).is_none())
        .map(|reason| format!("{reason}: add its sentence to services/portal/src/text/refusals"))
        .collect()
}

#[test]
fn every_reason_of_every_service_has_its_sentence_in_french() {
    let documents = documents::all().expect("the documents that follow from the code");
    let errors = documents
        .iter()
        .find(|document| document.path == "docs/ERRORS.md")
        .expect("the document of the reasons");
    let reasons: Vec<&str> = errors
        .content
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    assert!(reasons.len() > 200, "{}", reasons.len());
    assert_none(
        "a reason without its sentence in French",
        &without_sentence(reasons.into_iter()),
    );
}

#[test]
fn every_reason_to_refuse_a_value_has_its_sentence_in_french() {
    let source = read("services/targets/src/domain/indicator.rs");
    let (_, rest) = source
        .split_once("pub fn reason(self)")
        .expect("where values are refused");
    let (names, _) = rest.split_once("pub fn explain").expect("its end");
    let reasons: Vec<&str> = names
        .lines()
        .filter_map(|line| line.split('"').nth(1))
        .collect();
    assert!(reasons.len() > 10, "{reasons:?}");
    assert_none(
        "a value refused without its sentence in French",
        &without_sentence(reasons.into_iter()),
    );
}

#[test]
fn no_reason_has_two_sentences() {
    let folder = root().join("services/portal/src/text/refusals");
    let mut known = BTreeSet::new();
    let mut twice = Vec::new();
    for entry in fs::read_dir(&folder).expect("the sentences") {
        let path = entry.expect("a file of sentences").path();
        let source = fs::read_to_string(&path).expect("its text");
        for line in source.lines() {
            let Some((names, _)) = line.split_once("=>") else {
                continue;
            };
            for name in names.split('"').skip(1).step_by(2) {
                if !known.insert(name.to_owned()) {
                    twice.push(format!("{name}: again in {}", path.display()));
                }
            }
        }
    }
    assert!(known.len() > 200, "{}", known.len());
    assert_none("a reason with two sentences", &twice);
}
