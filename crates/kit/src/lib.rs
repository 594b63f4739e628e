//! What turns a service's routes and consumers into a process.
//!
//! A service declares itself with a [`Definition`] and a `start` function that takes a [`Runtime`] and
//! returns its gRPC routes. `main` is then one line, and tests start the same thing in-process:
//!
//! ```ignore
//! pub static DEFINITION: Definition = Definition {
//!     name: "contracts",
//!     migrations: &MIGRATIONS,
//!     authorization: include_str!("../authorization.toml"),
//! };
//!
//! pub async fn start(runtime: Runtime) -> anyhow::Result<Routes> {
//!     runtime.consume(FINDINGS, events::consumed::Findings::new());
//!     runtime.tasks.spawn("clock", app::clock::run(runtime.clone()));
//!     let mut routes = RoutesBuilder::default();
//!     routes.add_service(ContractServiceServer::new(grpc::Contracts::new(&runtime))
//!         .max_decoding_message_size(kit::MESSAGE_LIMIT));
//!     Ok(routes.routes())
//! }
//!
//! fn main() -> ExitCode { kit::main(&contracts::DEFINITION, contracts::start) }
//! ```
//!
//! [`Runtime`] carries the two pools: `db` for what people and establishment systems ask (role `cpom_app`)
//! and `machine` for what the suite does by itself (role `cpom_machine`, fewer rights).
//! Health, reflection, `HistoryService`, `ProofService`, `AuditService`, `SavedExportService`, the sealed log, the outbox relay, metrics and shutdown come
//! with it.

use mimalloc::MiMalloc;

mod admin;
mod audits;
mod command_line;
mod config;
mod convert;
mod filter;
mod history;
mod operator;
mod proof;
mod runtime;
mod saved_exports;
mod sealing;
mod server;
mod tasks;

pub use command_line::main;
pub use config::{Config, ConfigError, Peers};
pub use convert::{actor, from_timestamp, timestamp};
pub use operator::migrate;
pub use proof::REASONS;
pub use runtime::{Definition, Runtime};
pub use server::{Running, serve};
pub use tasks::Tasks;
pub use tonic::service::{Routes, RoutesBuilder};

/// Of every process: an answer of many rows is thousands of short texts that come and go.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Usual limit of one message, in bytes.
pub const MESSAGE_LIMIT: usize = 1024 * 1024;
