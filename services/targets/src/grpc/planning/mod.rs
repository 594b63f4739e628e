//! Frameworks, dialogues and inflections: conversions and handlers.

pub(crate) mod cascade;
pub(crate) mod dialogue_service;
pub(crate) mod dialogues;
pub(crate) mod framework_service;
pub(crate) mod frameworks;
pub(crate) mod inflections;
pub(crate) mod projections;
pub(crate) mod reading;
