//! Building a copy from the owner's history.

use std::{convert::Infallible, future::Future};

use futures::{StreamExt as _, stream::BoxStream};
use store::inbox;
use tracing::info;

use crate::{
    Envelope, Failure, Handler,
    worker::{CHUNK, Delivery, Verdict, Worker},
};

/// Events of an owner, each aggregate's in its order, as their exact bytes.
pub type History = BoxStream<'static, Result<Vec<u8>, Failure>>;

/// A service whose whole history can be read.
pub trait Owner: Send + Sync + 'static {
    /// Every event of one kind of aggregate.
    fn history(&self, kind: &str) -> impl Future<Output = Result<History, Failure>> + Send;
}

/// For a consumer that takes what the broker holds and nothing else.
#[derive(Debug)]
pub(crate) struct NoOwner(Infallible);

impl Owner for NoOwner {
    async fn history(&self, _: &str) -> Result<History, Failure> {
        match self.0 {}
    }
}

impl<H: Handler> Worker<'_, H> {
    /// Reads the owner's whole history, unless that was done. What is known already is a duplicate; what can
    /// never be applied is parked, as from the stream.
    pub(crate) async fn complete_copy(&self, owner: Option<&impl Owner>) -> Result<(), Failure> {
        let name = self.consumer.name;
        let Some(owner) = owner else { return Ok(()) };
        if inbox::is_bootstrapped(self.db.pool(), name).await? {
            return Ok(());
        }
        let begun = self.db.clock().now();
        let mut history = owner.history(self.consumer.kind).await?.ready_chunks(CHUNK);
        let mut events = 0;
        loop {
            let chunk = tokio::select! {
                chunk = history.next() => chunk,
                () = self.stop.cancelled() => {
                    return Err(Failure::Away("the process stops".to_owned()));
                }
            };
            let Some(chunk) = chunk else { break };
            let deliveries = chunk
                .into_iter()
                .map(|bytes| from_history(bytes?))
                .collect::<Result<Vec<_>, Failure>>()?;
            events += deliveries.len();
            self.apply_history(&deliveries).await?;
        }
        inbox::set_bootstrapped(self.db.pool(), name, begun).await?;
        info!(
            consumer = name,
            events, "copy built from the owner's history"
        );
        Ok(())
    }

    async fn apply_history(&self, deliveries: &[Delivery]) -> Result<(), Failure> {
        if deliveries.len() > 1 && self.apply_together(deliveries).await.is_ok() {
            return Ok(());
        }
        for delivery in deliveries {
            let mut delivery = delivery.clone();
            while let Verdict::Later(delay) = self.settle(&delivery).await {
                tokio::select! {
                    () = tokio::time::sleep(delay) => delivery.attempts += 1,
                    () = self.stop.cancelled() => {
                        return Err(Failure::Away("the process stops".to_owned()));
                    }
                }
            }
        }
        Ok(())
    }
}

fn from_history(body: Vec<u8>) -> Result<Delivery, Failure> {
    let event = Envelope::parse(&body)?;
    let subject = "history".to_owned();
    Ok(Delivery {
        event,
        subject,
        body,
        attempts: 1,
        in_order: true,
    })
}
