//! Between the messages of the wire and the values of the domain.

pub mod amendment;
pub mod content;
mod contract;
mod copies;
mod delivery;
#[cfg(test)]
mod disclosure;
pub mod document;
pub mod follow_up;
mod negotiation;
mod procedure;
pub mod programming;
mod published;
mod review;
mod withdrawal;

use std::{fmt::Display, str::FromStr};

use kernel::{HumanActor, Reasons};
use proto::types::v1 as types;
use rpc::Error;
use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

use crate::domain::AllowedAction;

pub use contract::{
    contract, contract_state_filter, legal_entity_filter, opinion, opinion_from, sense_from, side,
    signature, text, text_parts, version,
};
pub use copies::{establishment_copy, legal_entity_copy};
pub use delivery::{
    attachment, attachments_from, channel_from, claim, consent, consent_name, context_note,
    delivery, hearing, minutes,
};
pub use follow_up::{completed_step, evaluation, meeting, renewal};
pub use negotiation::{
    change, mandate, matters_from, position, recorded, regime, regime_kind, regime_kind_from,
    stance, stance_from, task, task_kind,
};
pub use procedure::{
    appeal, appeal_kind_from, appeal_outcome_from, decided, defence, euros_from, ground, kind,
    payment, procedure, procedure_state_filter,
};
pub use published::{published, withheld};
pub use review::{
    amendment, finding, milestone, outcome, outcome_from, review, review_state_filter,
};
pub use withdrawal::withdrawal;

const DATE: &[BorrowedFormatItem<'static>] = format_description!("[year]-[month]-[day]");

/// A resource name of the right collection.
pub fn name<Id: FromStr>(field: &'static str, name: &str) -> Result<Id, Error>
where
    Id::Err: Display,
{
    name.parse().map_err(|error| Error::invalid(field, error))
}

/// A resource name that restricts a list, or none.
pub fn name_filter<Id: FromStr>(field: &'static str, text: &str) -> Result<Option<Id>, Error>
where
    Id::Err: Display,
{
    if text.is_empty() {
        Ok(None)
    } else {
        name(field, text).map(Some)
    }
}

/// A text that restricts a list, or none.
pub fn filter(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Written reasons.
pub fn reasons(field: &'static str, text: String) -> Result<Reasons, Error> {
    text.try_into()
        .map_err(|error| Error::invalid(field, error))
}

/// A civil day.
pub fn date(field: &str, text: &str) -> Result<Date, Error> {
    let explanation = || Error::invalid(field, format!("{text:?} is not a day such as 2026-01-31"));
    Date::parse(text, DATE).map_err(|_| explanation())
}

/// A civil day that restricts a list, or none.
pub fn date_filter(field: &str, text: &str) -> Result<Option<Date>, Error> {
    if text.is_empty() {
        Ok(None)
    } else {
        date(field, text).map(Some)
    }
}

/// A person on the wire.
pub fn actor(human: &HumanActor) -> types::Actor {
    kit::actor(human.actor())
}

/// What may be done next, and why not the rest.
fn allowed_actions(actions: &[AllowedAction]) -> Vec<types::AllowedAction> {
    actions
        .iter()
        .map(|action| types::AllowedAction {
            method: action.method.to_owned(),
            allowed: action.refusal.is_none(),
            reason: action
                .refusal
                .as_ref()
                .map(|r| r.reason().to_owned())
                .unwrap_or_default(),
            explanation: action
                .refusal
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        })
        .collect()
}
