//! Use cases of reference data, case-mix, rates and publications.

pub(crate) mod case_mix_version;
pub(crate) mod compute_flows;
pub(crate) mod compute_rates;
pub(crate) mod import_case_mix;
pub(crate) mod import_finances;
pub(crate) mod import_nomenclature;
pub(crate) mod import_outlines;
pub(crate) mod import_population;
pub(crate) mod import_territories;
pub(crate) mod pmsi_realisations;
pub(crate) mod publish_rates;
pub(crate) mod published_before;
pub(crate) mod rate_table;
pub(crate) mod read_case_mix;
pub(crate) mod read_finances;
pub(crate) mod read_nomenclatures;
pub(crate) mod read_outlines;
pub(crate) mod read_published_rates;
pub(crate) mod read_territories;
pub(crate) mod territory_context;
pub(crate) mod upload;
pub(crate) mod whole_file;
