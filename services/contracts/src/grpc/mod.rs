//! The wire: handlers convert, call a use case, and convert.

mod amendments;
mod attachments;
mod contracts;
pub mod convert;
mod deadlines;
mod delivery_consents;
mod documents;
mod evidence;
mod follow_up;
mod mandates;
mod negotiation;
mod procedures;
mod programming;
mod published;
mod regimes;
mod reviews;
mod tasks;
mod terms;

pub(crate) use amendments::Amendments;
pub(crate) use attachments::Attachments;
pub(crate) use contracts::Contracts;
pub(crate) use deadlines::Deadlines;
pub(crate) use delivery_consents::DeliveryConsents;
pub(crate) use documents::Documents;
pub(crate) use evidence::Evidences;
pub(crate) use follow_up::FollowUp;
pub(crate) use mandates::Mandates;
pub(crate) use negotiation::Negotiation;
pub(crate) use procedures::Procedures;
pub(crate) use programming::Programmings;
pub(crate) use published::PublishedContracts;
pub(crate) use regimes::Regimes;
pub(crate) use reviews::Reviews;
pub(crate) use tasks::Tasks;
pub(crate) use terms::Terms;
