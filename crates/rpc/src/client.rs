//! Calling another service.

use std::{path::PathBuf, time::Duration};

use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, Endpoint},
};

/// A channel that authenticates itself and carries the trace.
pub type Peer = InterceptedService<Channel, Credentials>;

/// Where the token comes from.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// A token that is given once.
    Token(String),
    /// A file that somebody renews; read at each call.
    File(PathBuf),
}

impl Interceptor for Credentials {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let token = match self {
            Self::Token(token) => token.clone(),
            Self::File(path) => std::fs::read_to_string(path).map_err(|error| {
                Status::unauthenticated(format!("the token file cannot be read: {error}"))
            })?,
        };
        let bearer: MetadataValue<Ascii> = format!("Bearer {}", token.trim())
            .parse()
            .map_err(|_| Status::unauthenticated("the token is not ASCII"))?;
        request.metadata_mut().insert("authorization", bearer);
        if let Some(traceparent) = telemetry::current_traceparent()
            && let Ok(value) = traceparent.parse()
        {
            request
                .metadata_mut()
                .insert(telemetry::context::TRACEPARENT, value);
        }
        Ok(request)
    }
}

/// A channel to `url` that connects when it is first used and notices a peer that died.
///
/// # Errors
/// When `url` is ill-formed.
pub fn channel(url: &str) -> Result<Channel, tonic::transport::Error> {
    let endpoint = Endpoint::from_shared(url.to_owned())?
        .connect_timeout(Duration::from_secs(2))
        .http2_keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(10))
        .keep_alive_while_idle(true)
        // Bulk streams should not wait for window updates.
        .initial_stream_window_size(4 * 1024 * 1024)
        .initial_connection_window_size(8 * 1024 * 1024)
        // A page of rows comes in one frame instead of four.
        .max_frame_size(256 * 1024)
        .tcp_nodelay(true);
    Ok(endpoint.connect_lazy())
}

/// An authenticated channel to `url`.
///
/// # Errors
/// When `url` is ill-formed.
pub fn peer(url: &str, credentials: Credentials) -> Result<Peer, tonic::transport::Error> {
    Ok(InterceptedService::new(channel(url)?, credentials))
}
