//! The service as its clients see it: real Postgres, real NATS, real tokens, and nothing but the wire.

#![cfg(test)]

mod amendments;
mod attachments;
mod authorization;
mod consents;
mod content;
mod contract_annexes;
mod contract_life;
mod database;
mod deadlines;
mod defence;
mod delegations;
mod departments;
mod documents;
mod evidence;
mod findings;
mod follow_up;
mod guards;
mod later_amendments;
mod mandates;
mod members;
mod misuse;
mod perimeter;
mod procedures;
mod programming;
mod published;
mod replay;
mod requests;
mod review_outcomes;
mod reviews;
mod steps;
mod support;
mod templates;
mod terms;
mod withdrawals;
mod work_list;
