//! The write path against real Postgres.

mod commands;
mod history;
mod log;
mod provision;
mod support;
