//! The write path against real Postgres.

mod bounded;
mod commands;
mod history;
mod log;
mod provision;
mod saved;
mod support;
