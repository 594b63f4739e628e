//! What each kind of file may mention.

use std::path::Path;

use crate::{
    SERVICES, assert_none, root,
    rust_code::{Source, sources, test_files},
};

const LONGEST_FILE_LINES: usize = 500;

/// Crates that a pure domain may name.
const DOMAIN_MAY_NAME: [&str; 11] = [
    "alloc",
    "core",
    "hex",
    "kernel",
    "rust_decimal",
    "serde",
    "statistics",
    "std",
    "thiserror",
    "time",
    "uuid",
];

/// What would make a domain depend on the moment, the machine or chance.
const DOMAIN_MAY_NOT_SAY: [&str; 9] = [
    ".await",
    "Clock",
    "Instant::now",
    "SystemTime",
    "async fn",
    "new_id(",
    "now_utc",
    "std::env",
    "std::fs",
];

fn is_under(source: &Source, folder: &str) -> bool {
    source.path.starts_with(folder)
}

/// The sources of the domains, without their unit tests.
fn domains() -> Vec<(Source, String)> {
    let mut domains = Vec::new();
    for service in SERVICES {
        let folder = format!("services/{service}/src/domain");
        let files = sources(&[&folder]);
        let tests = test_files(&files);
        for file in files {
            let is_test = tests
                .iter()
                .any(|test| Path::new(&file.path).starts_with(test));
            if !is_test {
                let code = file.production_code();
                domains.push((file, code));
            }
        }
    }
    assert!(domains.len() > 20, "the domains were not found");
    domains
}

/// The names before the first `::` of each path of a line.
fn path_roots(line: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices("::").filter_map(move |(at, _)| {
        let before = &line[..at];
        let start = before.rfind(|c| !is_word(c)).map_or(0, |place| place + 1);
        let is_root = !before[..start].ends_with("::") && !before[..start].ends_with('$');
        (is_root && start < at).then(|| &before[start..])
    })
}

/// What follows `crate::` in a line.
fn modules_of_this_crate(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::").skip(1).map(|rest| {
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        &rest[..end]
    })
}

#[test]
fn domains_name_nothing_but_values() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
    let manifest: toml::Table = manifest.parse().expect("TOML");
    let table = manifest["workspace"]["dependencies"]
        .as_table()
        .expect("a table");
    let crates: Vec<String> = table.keys().map(|name| name.replace('-', "_")).collect();
    let mut broken = Vec::new();
    for (source, code) in domains() {
        for (line, text) in (1..).zip(code.lines()) {
            for name in path_roots(text) {
                let is_crate = crates.iter().any(|known| known == name);
                if is_crate && !DOMAIN_MAY_NAME.contains(&name) {
                    broken.push(source.at(line, name));
                }
            }
            // `use crate::{a, b}` would name several at once: domains write one `crate::domain` each.
            for module in modules_of_this_crate(text).filter(|module| *module != "domain") {
                broken.push(source.at(line, &format!("crate::{module}")));
            }
        }
    }
    assert_none("a domain is pure: values, the kernel and itself", &broken);
}

#[test]
fn domains_take_time_identifiers_and_chance_as_parameters() {
    // Identifiers are made at the edge by `typed_id!`, whose expansion is the kernel's.
    let mut broken = Vec::new();
    for (source, code) in domains() {
        for (line, text) in (1..).zip(code.lines()) {
            for word in DOMAIN_MAY_NOT_SAY
                .iter()
                .filter(|word| text.contains(**word))
            {
                broken.push(source.at(line, word));
            }
        }
    }
    assert_none("a domain decides the same thing each time", &broken);
}

/// Where SQL may stand outside the `store` of a service, and why.
const SQL_ELSEWHERE: [(&str, &str); 4] = [
    ("crates/store/", "the write path that the services share"),
    (
        "crates/bus/src/relay.rs",
        "the outbox is emptied where the broker acknowledges",
    ),
    (
        "crates/kit/src/admin.rs",
        "gauges of the outbox and of parked events, read only",
    ),
    ("crates/testkit/", "clones and cuts the databases of tests"),
];

#[test]
fn sql_stands_in_the_store_of_a_service_and_nowhere_else() {
    const MARKS: [&str; 5] = [
        "sqlx::query",
        "query_as",
        "query_scalar",
        "QueryBuilder",
        "raw_sql",
    ];
    let mut broken = Vec::new();
    for source in sources(&["services", "crates"]) {
        let allowed = is_store(&source)
            || is_integration_test(&source)
            || SQL_ELSEWHERE
                .iter()
                .any(|(place, _)| is_under(&source, place));
        if allowed {
            continue;
        }
        for (line, text) in (1..).zip(source.production_code().lines()) {
            for mark in MARKS.iter().filter(|mark| text.contains(**mark)) {
                broken.push(source.at(line, mark));
            }
        }
    }
    assert_none("all SQL of a service is in its store", &broken);
}

fn is_store(source: &Source) -> bool {
    let parts: Vec<&str> = source.path.splitn(5, '/').collect();
    matches!(parts[..], ["services", _, "src", "store" | "store.rs", ..])
}

fn is_integration_test(source: &Source) -> bool {
    source.path.split('/').nth(2) == Some("tests")
}

/// Where transactions may be opened outside the use cases of a service, and why.
const TRANSACTIONS_ELSEWHERE: [(&str, &str); 4] = [
    ("crates/store/", "the write path that the services share"),
    (
        "crates/bus/",
        "the relay empties the outbox; a consumer applies an event",
    ),
    (
        "crates/kit/src/operator.rs",
        "an operator takes up parked events",
    ),
    ("crates/testkit/", "databases of tests"),
];

#[test]
fn transactions_are_opened_by_use_cases_and_consumers_only() {
    const OPENINGS: [&str; 7] = [
        ".begin(",
        "db.unit(",
        "db.command(",
        "machine.unit(",
        "machine.command(",
        "pool.acquire(",
        "pool().acquire(",
    ];
    let mut broken = Vec::new();
    for source in sources(&["services", "crates"]) {
        let parts: Vec<&str> = source.path.splitn(5, '/').collect();
        let allowed = matches!(parts[..], ["services", _, "src", "app" | "events", ..])
            || is_integration_test(&source)
            || TRANSACTIONS_ELSEWHERE
                .iter()
                .any(|(place, _)| is_under(&source, place));
        if allowed {
            continue;
        }
        let code: String = source
            .production_code()
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect();
        for opening in OPENINGS.iter().filter(|opening| code.contains(**opening)) {
            broken.push(format!("{}: {opening}", source.path));
        }
    }
    assert_none("one unit of work a use case", &broken);
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    let broken: Vec<String> = sources(&["services", "crates", "tests"])
        .iter()
        .map(|source| (source, source.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE_LINES)
        .map(|(source, lines)| format!("{}: {lines} lines", source.path))
        .collect();
    assert_none("one idea a file", &broken);
}

#[test]
fn path_roots_are_the_first_names_of_paths() {
    let roots: Vec<&str> =
        path_roots("let a: std::vec::Vec<tokio::A> = $crate::b::c(x.y::<u8>());").collect();
    assert_eq!(roots, ["std", "tokio", "y"]);
    let modules: Vec<&str> =
        modules_of_this_crate("use crate::store::x; crate::{domain}").collect();
    assert_eq!(modules, ["store", ""]);
}
