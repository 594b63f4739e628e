//! The write path of every service.
//!
//! A use case opens one [`Unit`] with [`Db::command`] (a person's or a system's request, answered once
//! per `request_id`) or [`Db::unit`] (an act of the suite itself), changes its rows, appends its
//! [`Fact`]s, and commits. The row, the event with its hash, the outbox entry and the record of the
//! request are then durable together, or not at all. Nothing else opens a transaction.
//!
//! ```ignore
//! let mut unit = match db.command(&call.command(&request)).await? {
//!     Begun::Replayed(reply) => return Ok(reply),
//!     Begun::Fresh(unit) => unit,
//! };
//! let contract = store::contract::lock(unit.connection(), id).await?;
//! …
//! unit.append(vec![Fact::new("contract", &name, version, &root, region, &event)]).await?;
//! unit.commit(&reply).await
//! ```

mod asked;
mod db;
mod error;
mod event;
pub mod history;
pub mod inbox;
pub mod log;
mod migrate;
pub mod parked;
pub mod person;
mod quiet;
pub mod reads;
mod request;
pub mod saved;
mod unit;

pub use asked::{after, restrict};
pub use db::{Db, Role};
pub use error::{Error, constraint};
pub use event::{Fact, Stored, chain_hash, subject};
pub use migrate::{SHARED, login_role, provision, schema_is_current};
pub use quiet::without_span;
pub use request::{Begun, Command};
pub use unit::{By, Unit};
