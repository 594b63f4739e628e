//! Which rows a reader sees.

/// Regions, or the numbers of an establishment's own entities and sites. None does not restrict.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) regions: Option<Vec<String>>,
    pub(crate) finess: Option<Vec<String>>,
}
