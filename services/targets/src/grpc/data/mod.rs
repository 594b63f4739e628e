//! Services of reference data, case-mix, rates and publications.

pub(crate) mod case_mix;
pub(crate) mod finances;
pub(crate) mod kinds;
pub(crate) mod nomenclatures;
pub(crate) mod published_rates;
pub(crate) mod rates;
pub(crate) mod territories;
