//! Use cases, one a file. Here, and only here, units of work are opened.

pub mod abandon_contract;
pub mod agree_to_version;
pub mod conclude_review;
pub mod create_contract;
pub mod document;
pub mod error;
pub mod examine_review;
pub mod findings;
pub mod freeze_contract;
pub mod notify_review;
pub mod open_negotiation;
pub mod propose_version;
pub mod read_contracts;
pub mod read_procedures;
pub mod read_reviews;
pub mod record_opinion;
pub mod sign_contract;
pub mod submit_observations;
pub mod time_passes;
pub mod withdraw_from_signature;

mod contract_act;
mod review_act;
mod scope;

use proto::targets::v1::target_set_service_client::TargetSetServiceClient;
use rpc::client::Peer;
use store::Db;

/// What the use cases of people work with.
#[derive(Debug, Clone)]
pub struct App {
    pub db: Db,
    /// Asked for the agreed targets when a contract is frozen.
    pub targets: TargetSetServiceClient<Peer>,
}

/// The name, etag and request id of a request that changes a resource.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) name: &'a str,
    pub(crate) etag: &'a str,
    pub(crate) request_id: &'a str,
}
