//! The W3C trace context as a text that can be stored in a row or a header.

use std::collections::HashMap;

pub use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Name of the header and of the column.
pub const TRACEPARENT: &str = "traceparent";

/// The trace context of the current span, to be stored with what it causes. None outside any trace.
pub fn current_traceparent() -> Option<String> {
    let mut carrier = HashMap::new();
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut carrier);
    carrier.remove(TRACEPARENT)
}

/// The id of the current trace, by which the logs can be searched. None outside any trace.
pub fn current_trace_id() -> Option<String> {
    current_traceparent()?
        .split('-')
        .nth(1)
        .map(ToOwned::to_owned)
}

/// Makes `span` a child of the context that was stored. A missing or ill-formed context starts a new trace.
pub fn follow(span: &Span, traceparent: Option<&str>) {
    let Some(traceparent) = traceparent else {
        return;
    };
    let carrier = HashMap::from([(TRACEPARENT.to_owned(), traceparent.to_owned())]);
    // A span that is filtered out cannot have a parent; nothing is lost then.
    let _ignored = span.set_parent(TraceContextPropagator::new().extract(&carrier));
}
