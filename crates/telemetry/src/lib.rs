//! Logs, traces and metrics of every process, and the W3C trace context that follows a command through
//! gRPC, the outbox and NATS, so that one trace goes from a submission to the review it leads to.

pub mod context;
mod setup;

pub use context::{Context, current_trace_id, current_traceparent, follow};
pub use setup::{Guard, LogFormat, init};
