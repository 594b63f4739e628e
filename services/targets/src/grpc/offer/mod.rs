//! Schemes, credits, cooperations, calls for projects and supplied figures: conversions and handlers.

/// The page of things that a request asks for.
macro_rules! asked {
    ($request:ident, $state:expr) => {
        $crate::app::offer::kept::Asked {
            region: &$request.region,
            state: $state,
            page_size: $request.page_size,
            page_token: &$request.page_token,
        }
    };
}

pub(crate) mod cooperation_service;
pub(crate) mod cooperations;
pub(crate) mod credit_service;
pub(crate) mod credits;
pub(crate) mod funding_service;
pub(crate) mod fundings;
pub(crate) mod home_care;
pub(crate) mod project_call_service;
pub(crate) mod project_calls;
pub(crate) mod scheme_service;
pub(crate) mod schemes;
pub(crate) mod tariffs;
pub(crate) mod waiting_list_service;
pub(crate) mod waiting_lists;

use kernel::Decimal;
use proto::targets::v1 as pb;
use rpc::Violation;
use time::Date;

use super::{
    medicosocial::capacities::{read_mode, read_public},
    planning::reading::wrong,
    scalars,
};
use crate::{
    domain::{
        medicosocial::{CarePublic, ReceptionMode},
        offer::{Kept, Life},
    },
    store::planning::Dated,
};

/// A thing that has its message.
pub(crate) trait Written: Life {
    type Wire: prost::Message + Default;

    fn write(dated: &Dated<Kept<Self>>) -> Self::Wire;
}

/// Reads a public that must be given.
fn public(path: &str, public: pb::CarePublic) -> Result<CarePublic, Violation> {
    read_public(public).ok_or_else(|| wrong(path, ".public", "is required"))
}

/// Reads a mode that must be given.
fn mode(path: &str, mode: pb::ReceptionMode) -> Result<ReceptionMode, Violation> {
    read_mode(mode).ok_or_else(|| wrong(path, ".mode", "is required"))
}

/// Reads `YYYY-MM-DD`.
fn day(path: &str, field: &str, text: &str) -> Result<Date, Violation> {
    scalars::date(text).ok_or_else(|| wrong(path, field, format!("{text:?} is not a day")))
}

/// Writes a decimal that may be missing.
fn optional(value: Option<Decimal>) -> String {
    value.map(scalars::decimal).unwrap_or_default()
}
