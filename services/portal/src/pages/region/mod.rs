//! What a region sets out to do with its medico-social offer: its scheme, its credits, cooperations, calls for projects,
//! who waits, and establishments of a category side by side.

mod call_links;
pub(crate) mod calls;
pub(crate) mod capacities;
pub(crate) mod cooperations;
pub(crate) mod credits;
pub(crate) mod peers;
pub(crate) mod scheme;
pub(crate) mod scheme_draft;
pub(crate) mod schemes;
pub(crate) mod waiting;

use super::{sheet::Filter, territory::regions};
use crate::{
    form::{Form, address},
    visitor::Visitor,
};

/// The region that is looked at, and the filter that chooses another.
pub(super) fn by_region(visitor: &Visitor, query: &Form) -> (String, Filter) {
    let (region, choices) = regions(visitor, query);
    (region, Filter::Choice("region", "Région", choices))
}

/// What an address asks of the region that was typed.
fn of_typed(form: &Form) -> Form {
    let mut query = Form::default();
    query.push("region", form.text("region"));
    query
}

/// The same page of one region.
pub(super) fn with_region(path: &str, region: &str) -> String {
    address(path, &format!("region={region}"))
}
