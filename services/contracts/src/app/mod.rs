//! Use cases, one a file. Here, and only here, units of work are opened.

/// Claims a request: who acts, and the unit of work in which it is carried out. Who repeats it is answered as before.
macro_rules! claim {
    ($app:expr, $call:expr, $request:expr) => {{
        let person = $crate::app::scope::acting($call)?;
        let command = $call.command(&$request.request_id, &$request)?;
        match $app.db.command(&command).await? {
            ::store::Begun::Replayed(reply) => return Ok(reply),
            ::store::Begun::Fresh(unit) => (person, unit),
        }
    }};
}

/// Opens the act of a request that has a name, an etag and a request id. Who repeats it is answered as before.
macro_rules! opened {
    ($($act:ident)::+, $app:expr, $call:expr, $request:expr) => {{
        let target = $crate::app::Target {
            name: &$request.name,
            etag: &$request.etag,
            request_id: &$request.request_id,
        };
        match $crate::app::$($act)::+::open($app, $call, target, &$request).await? {
            $crate::app::Opened::Replayed(reply) => return Ok(*reply),
            $crate::app::Opened::Fresh(act) => act,
        }
    }};
}

pub mod abandon_contract;
pub mod acknowledge_observations;
pub mod add_review_context;
pub mod agree_to_version;
pub mod amend;
pub mod amendment_after_review;
pub mod amendment_impact;
pub mod answer_formal_notice;
pub mod attachments;
pub mod close_contract;
pub mod compare_versions;
pub mod complete_milestone;
pub mod conclude_review;
pub mod consult_defence;
pub mod create_contract;
pub mod deadlines;
pub mod decide_procedure;
pub mod delivery_consents;
pub mod denial_error;
pub mod document;
pub mod documents;
pub mod drop_procedure;
pub mod error;
pub mod evaluations;
pub mod evidence;
pub mod examine_review;
pub mod extend_contract;
pub mod extend_formal_notice;
pub mod extend_observation_period;
pub mod file_appeal;
pub mod findings;
pub mod freeze_contract;
pub mod grant_file_access;
pub mod mandates;
pub mod meetings;
pub mod notice_preferences;
pub mod notices;
pub mod notify_decision;
pub mod notify_review;
pub mod open_negotiation;
pub mod open_procedure;
pub mod positions;
pub mod programming;
pub mod propose_amendment;
pub mod propose_refusal_procedure;
pub mod propose_version;
pub mod read_amendments;
pub mod read_contracts;
pub mod read_procedures;
pub mod read_published;
pub mod read_regimes;
pub mod read_reviews;
pub mod record_appeal_outcome;
pub mod record_defence_answer;
pub mod record_opinion;
pub mod record_payment;
pub mod record_procedure_hearing;
pub mod record_procedure_receipt;
pub mod record_review_hearing;
pub mod record_review_receipt;
pub mod refer_to_fund;
pub mod renewals;
pub mod reopen_review;
pub mod request_file_access;
pub mod send_formal_notice;
pub mod sign_contract;
pub mod steps;
pub mod submit_observations;
pub mod tasks;
pub mod termination;
pub mod time_passes;
pub mod withdraw_from_signature;
pub mod withdrawals;

mod amendment_act;
mod announce;
mod contract_act;
mod procedure_act;
mod reasons;
mod review_act;
mod scope;

use std::sync::Arc;

use objects::Objects;
use proto::targets::v1::target_set_service_client::TargetSetServiceClient;
use rpc::client::Peer;
use signing::Provider;
use store::Db;
use typeset::Typesetter;

/// What the use cases of people work with.
#[derive(Debug, Clone)]
pub struct App {
    pub db: Db,
    /// Asked for the agreed targets when a contract is frozen.
    pub targets: TargetSetServiceClient<Peer>,
    /// Makes the electronic signatures; none when no provider is configured.
    pub signing: Option<Arc<dyn Provider>>,
    /// Sets documents, by a program that stands beside this one.
    pub typesetter: Typesetter,
    /// Keeps the files that people send.
    pub objects: Objects,
}

/// The name, etag and request id of a request that changes a resource.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) name: &'a str,
    pub(crate) etag: &'a str,
    pub(crate) request_id: &'a str,
}

/// A request that was answered before, or the act to carry out.
pub(crate) enum Opened<Reply, Act> {
    Replayed(Box<Reply>),
    Fresh(Box<Act>),
}
