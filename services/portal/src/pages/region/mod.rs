//! What a region sets out to do with its medico-social offer: its scheme, its credits, cooperations, calls for projects,
//! who waits, what a point of the tariff equation is worth, and establishments of a category side by side.

mod call_links;
pub(crate) mod calls;
pub(crate) mod capacities;
pub(crate) mod cooperations;
pub(crate) mod credits;
pub(crate) mod peers;
pub(crate) mod scheme;
pub(crate) mod scheme_draft;
pub(crate) mod schemes;
pub(crate) mod tariffs;
pub(crate) mod waiting;

use super::{sheet::Filter, territory::regions};
use crate::{
    form::{Form, address},
    visitor::Visitor,
};

/// The region that is looked at, and the filter that chooses another.
fn by_region(visitor: &Visitor, query: &Form) -> (String, Filter) {
    let (region, choices) = regions(visitor, query);
    (region, Filter::Choice("region", "Région", choices))
}

/// The same page of one region.
fn with_region(path: &str, region: &str) -> String {
    address(path, &format!("region={region}"))
}
