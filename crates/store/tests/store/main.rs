//! The write path against real Postgres.

mod commands;
mod history;
mod log;
mod provision;
mod saved;
mod support;
