//! Open streams do not keep a process from stopping.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::Code;

use crate::error::plain;

/// The body of an answer. One that has nothing to say when the process stops ends with UNAVAILABLE, so that
/// its client connects to another replica; one that has is let finish.
#[derive(Debug)]
pub struct Ending<B> {
    inner: B,
    stop: Pin<Box<WaitForCancellationFutureOwned>>,
    ended: bool,
}

impl<B> Ending<B> {
    pub(crate) fn new(inner: B, stop: CancellationToken) -> Self {
        Self {
            inner,
            stop: Box::pin(stop.cancelled_owned()),
            ended: false,
        }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Ending<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(cx) {
            return Poll::Ready(frame);
        }
        ready!(self.stop.as_mut().poll(cx));
        self.ended = true;
        let status = plain(
            Code::Unavailable,
            "UNAVAILABLE",
            "the service stops; connect again",
        );
        let mut trailers = HeaderMap::new();
        // What cannot be written as a header leaves the stream cut, which clients take as UNAVAILABLE too.
        let _unwritable = status.add_header(&mut trailers);
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
