//! Pages are text: compressed, they take a sixth. What never changes is compressed once, the rest as it goes.

use std::io::Write as _;

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use flate2::{Compression, write::GzEncoder};

/// What is smaller fits one packet anyway.
const WORTH_IT: usize = 1_000;
/// Pages are made in memory before they are sent; none is larger.
const LARGEST: usize = 64 * 1024 * 1024;

/// Whether a browser takes gzip.
pub(crate) fn takes_gzip(asked: &HeaderMap) -> bool {
    asked
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|one| one.trim().starts_with("gzip")))
}

/// Compressed as small as it gets, where that is worth it: for what is kept.
pub(crate) fn smallest(plain: &[u8]) -> Option<Vec<u8>> {
    compressed(plain, Compression::best())
}

fn compressed(plain: &[u8], effort: Compression) -> Option<Vec<u8>> {
    if plain.len() < WORTH_IT {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::new(), effort);
    let written = encoder.write_all(plain).and_then(|()| encoder.finish());
    written.ok()
}

/// Compresses text for browsers that take gzip.
pub(crate) async fn compress(request: Request, next: Next) -> Response {
    let accepts = takes_gzip(request.headers());
    let response = next.run(request).await;
    let is_text = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/") || kind.starts_with("image/svg"));
    if !accepts || !is_text || response.headers().contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(plain) = to_bytes(body, LARGEST).await else {
        return Response::from_parts(parts, Body::empty());
    };
    match compressed(&plain, Compression::fast()) {
        Some(smaller) => {
            let headers = &mut parts.headers;
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
            headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(smaller))
        }
        None => Response::from_parts(parts, Body::from(plain)),
    }
}
