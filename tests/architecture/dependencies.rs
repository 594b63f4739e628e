//! Who may depend on whom.

use std::collections::BTreeSet;

use cargo_metadata::{Metadata, MetadataCommand, Package};

use crate::{SERVICES, assert_none, read, root};

fn workspace() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata answers")
}

/// Whether a package of the workspace lies under a folder of the repository.
fn lies_in(package: &Package, folder: &str) -> bool {
    package
        .manifest_path
        .starts_with(root().join(folder).to_str().expect("a UTF-8 path"))
}

/// Dependencies of every kind (usual, of tests, of builds) that `forbidden` says yes to.
fn offending(from: &str, forbidden: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let workspace = workspace();
    let packages: Vec<&Package> = workspace
        .packages
        .iter()
        .filter(|package| lies_in(package, from))
        .collect();
    assert!(!packages.is_empty(), "no package under {from}");
    packages
        .into_iter()
        .flat_map(|package| {
            let name = package.name.to_string();
            let forbidden = &forbidden;
            package
                .dependencies
                .iter()
                .filter(move |dependency| forbidden(&name, &dependency.name))
                .map(move |d| format!("{} depends on {} ({})", package.name, d.name, d.kind))
        })
        .collect()
}

#[test]
fn shared_crates_never_depend_on_services() {
    let broken = offending("crates", |_, dependency| SERVICES.contains(&dependency));
    assert_none("what services share knows none of them", &broken);
}

#[test]
fn services_never_depend_on_each_other_not_even_in_tests() {
    let broken = offending("services", |package, dependency| {
        dependency != package && SERVICES.contains(&dependency)
    });
    assert_none("services share .proto files and nothing else", &broken);
}

#[test]
fn services_do_not_depend_on_the_tools_around_them() {
    const TOOLS: [&str; 4] = ["cpom", "cpom-dev", "cpom-tests", "cpom-load"];
    let broken = offending("services", |_, dependency| TOOLS.contains(&dependency));
    assert_none(
        "the command line, the launcher and the tests stand above the services",
        &broken,
    );
}

#[test]
fn the_kernel_knows_no_runtime_no_database_and_no_wire() {
    // Value types only: adding a line here is a decision, not a convenience.
    const ALLOWED: [&str; 8] = [
        "jiff",
        "proptest",
        "rust_decimal",
        "serde",
        "serde_json",
        "thiserror",
        "time",
        "uuid",
    ];
    let broken = offending("crates/kernel", |_, dependency| {
        !ALLOWED.contains(&dependency)
    });
    assert_none("the kernel is what every pure domain may import", &broken);
}

/// The table `[workspace.dependencies]`.
fn workspace_dependencies() -> toml::Table {
    let manifest: toml::Table = read("Cargo.toml").parse().expect("Cargo.toml is TOML");
    manifest["workspace"]["dependencies"]
        .as_table()
        .expect("a table")
        .clone()
}

#[test]
fn every_dependency_comes_from_the_table_of_the_workspace() {
    let mut broken = Vec::new();
    for package in workspace().packages {
        let text = std::fs::read_to_string(&package.manifest_path).expect("the manifest is there");
        let manifest: toml::Table = text.parse().expect("the manifest is TOML");
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(section) = manifest.get(section).and_then(toml::Value::as_table) else {
                continue;
            };
            for (name, source) in section {
                let inherits = source.get("workspace").and_then(toml::Value::as_bool);
                if inherits != Some(true) {
                    broken.push(format!("{}: {name}", package.name));
                }
            }
        }
    }
    assert_none("versions are chosen once, in the root Cargo.toml", &broken);
}

#[test]
fn every_dependency_of_the_workspace_is_used_and_its_reason_is_written_down() {
    let used: BTreeSet<String> = workspace()
        .packages
        .iter()
        .flat_map(|package| {
            package
                .dependencies
                .iter()
                .map(|dependency| dependency.name.clone())
        })
        .collect();
    let reasons = read("docs/DEPENDENCIES.md");
    let mut broken = Vec::new();
    for (name, source) in workspace_dependencies() {
        if !used.contains(&name) {
            broken.push(format!("{name}: nobody uses it"));
        }
        let is_ours = source.get("path").is_some();
        if !is_ours && !reasons.contains(&format!("`{name}`")) {
            broken.push(format!("{name}: docs/DEPENDENCIES.md does not say why"));
        }
    }
    assert_none("each dependency has a use and a reason", &broken);
}
