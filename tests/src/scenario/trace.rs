//! A trace that a test begins, to be found again at the other end.

use tonic::{Request, metadata::MetadataValue};

/// A W3C trace.
#[derive(Debug, Clone)]
pub struct Trace {
    id: String,
}

impl Trace {
    /// A new one.
    pub fn begin() -> Self {
        Self {
            id: kernel::new_id().simple().to_string(),
        }
    }

    /// The identifier that every event caused by this trace carries.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A request that belongs to the trace.
    pub fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        let traceparent = format!("00-{}-00f067aa0ba902b7-01", self.id);
        if let Ok(value) = MetadataValue::try_from(traceparent) {
            request.metadata_mut().insert("traceparent", value);
        }
        request
    }

    /// Whether a recorded `traceparent` belongs to the trace.
    pub fn owns(&self, traceparent: &str) -> bool {
        traceparent.split('-').nth(1) == Some(self.id.as_str())
    }
}
