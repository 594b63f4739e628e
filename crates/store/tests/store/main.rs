//! The write path against real Postgres.

mod bounded;
mod commands;
mod history;
mod late;
mod log;
mod provision;
mod rare;
mod saved;
mod support;
