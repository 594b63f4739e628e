//! Generates the wire code from `proto/`. `buf/validate/validate.proto` comes out of a crate, so that
//! no third-party source stands in the repository.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message as _;
use protox::file::{
    ChainFileResolver, DescriptorSetFileResolver, GoogleFileResolver, IncludeFileResolver,
};

const FILES: &[&str] = &[
    "cpom/type/v1/type.proto",
    "cpom/history/v1/history.proto",
    "cpom/history/v1/proof.proto",
    "cpom/history/v1/audits.proto",
    "cpom/history/v1/saved_exports.proto",
    "cpom/establishments/v1/establishments.proto",
    "cpom/establishments/v1/events.proto",
    "cpom/contracts/v1/contracts.proto",
    "cpom/contracts/v1/regimes.proto",
    "cpom/contracts/v1/negotiation.proto",
    "cpom/contracts/v1/amendments.proto",
    "cpom/contracts/v1/mandates.proto",
    "cpom/contracts/v1/tasks.proto",
    "cpom/contracts/v1/terms.proto",
    "cpom/contracts/v1/follow_up.proto",
    "cpom/contracts/v1/reviews.proto",
    "cpom/contracts/v1/deliveries.proto",
    "cpom/contracts/v1/attachments.proto",
    "cpom/contracts/v1/procedures.proto",
    "cpom/contracts/v1/deadlines.proto",
    "cpom/contracts/v1/programming.proto",
    "cpom/contracts/v1/evidence.proto",
    "cpom/contracts/v1/documents.proto",
    "cpom/contracts/v1/published.proto",
    "cpom/contracts/v1/events.proto",
    "cpom/targets/v1/target_sets.proto",
    "cpom/targets/v1/indicators.proto",
    "cpom/targets/v1/frameworks.proto",
    "cpom/targets/v1/dialogues.proto",
    "cpom/targets/v1/realisations.proto",
    "cpom/targets/v1/capacities.proto",
    "cpom/targets/v1/needs.proto",
    "cpom/targets/v1/schemes.proto",
    "cpom/targets/v1/credits.proto",
    "cpom/targets/v1/cooperations.proto",
    "cpom/targets/v1/project_calls.proto",
    "cpom/targets/v1/waiting_lists.proto",
    "cpom/targets/v1/fundings.proto",
    "cpom/targets/v1/nomenclatures.proto",
    "cpom/targets/v1/territories.proto",
    "cpom/targets/v1/case_mix.proto",
    "cpom/targets/v1/finances.proto",
    "cpom/targets/v1/rates.proto",
    "cpom/targets/v1/events.proto",
    "cpom/controls/v1/controls.proto",
    "cpom/controls/v1/missions.proto",
    "cpom/controls/v1/peer_comparisons.proto",
    "cpom/controls/v1/events.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    println!("cargo::rerun-if-changed={}", root.display());
    let out = PathBuf::from(env::var("OUT_DIR")?);

    let validate_rules = prost_protovalidate_types::DESCRIPTOR_POOL.encode_to_vec();
    let mut resolver = ChainFileResolver::new();
    resolver.add(IncludeFileResolver::new(root));
    resolver.add(DescriptorSetFileResolver::decode(
        validate_rules.as_slice(),
    )?);
    resolver.add(GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    compiler
        .include_imports(true)
        .include_source_info(false)
        .open_files(FILES)?;
    // Encoded from the source so that the `buf.validate` options survive.
    let descriptors = compiler.encode_file_descriptor_set();
    fs::write(out.join("descriptors.bin"), &descriptors)?;

    let mut own = prost_reflect::prost_types::FileDescriptorSet::decode(descriptors.as_slice())?;
    own.file.retain(|file| !file.package().starts_with("buf."));
    let mut messages = prost_build::Config::new();
    messages.enable_type_names();
    tonic_prost_build::configure()
        .include_file("packages.rs")
        .compile_fds_with_config(own, messages)?;

    prost_protovalidate_build::Builder::new()
        .file_descriptor_set_bytes(descriptors)
        .fail_on_runtime_only(true)
        .compile()?;
    Ok(())
}
