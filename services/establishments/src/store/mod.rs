//! All the SQL of this service.

pub(crate) mod establishment;
pub(crate) mod legal_entity;
pub(crate) mod registry_import;
pub(crate) mod row;
pub(crate) mod scope;
