//! A client that takes answers as they come: pgbench reads the bytes of rows too, and makes nothing of them.

use std::marker::PhantomData;

use anyhow::Context as _;
use http::uri::PathAndQuery;
use prost::{
    Message,
    bytes::{Buf as _, Bytes},
};
use rpc::client::Peer;
use tonic::{
    Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder},
};
use tonic_prost::{ProstCodec, ProstEncoder};

/// Calls one method.
#[derive(Debug, Clone)]
pub(super) struct Undecoded {
    grpc: Grpc<Peer>,
    path: PathAndQuery,
}

impl Undecoded {
    /// `method` is the full path, for example `/cpom.history.v1.HistoryService/ListEvents`.
    pub(super) fn new(peer: Peer, method: &'static str) -> Self {
        Self {
            grpc: Grpc::new(peer),
            path: PathAndQuery::from_static(method),
        }
    }

    /// The bytes of the answer.
    pub(super) async fn call<Asked>(&mut self, request: Asked) -> anyhow::Result<Bytes>
    where
        Asked: Message + 'static,
    {
        self.grpc.ready().await.context("the service is away")?;
        let request = tonic::Request::new(request);
        let answer = self
            .grpc
            .unary(request, self.path.clone(), AsBytes(PhantomData))
            .await?;
        Ok(answer.into_inner())
    }
}

/// Encodes messages, and leaves what is answered as it is.
struct AsBytes<Asked>(PhantomData<Asked>);

impl<Asked: Message + 'static> Codec for AsBytes<Asked> {
    type Encode = Asked;
    type Decode = Bytes;
    type Encoder = ProstEncoder<Asked>;
    type Decoder = Whole;

    fn encoder(&mut self) -> Self::Encoder {
        ProstCodec::<Asked, ()>::raw_encoder(tonic::codec::BufferSettings::default())
    }

    fn decoder(&mut self) -> Self::Decoder {
        Whole
    }
}

struct Whole;

impl Decoder for Whole {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, source: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(source.copy_to_bytes(source.remaining())))
    }
}
