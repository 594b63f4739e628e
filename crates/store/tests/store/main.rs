//! The write path against real Postgres.

mod commands;
mod history;
mod provision;
mod support;
