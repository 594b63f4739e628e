//! One answer per `request_id` (AIP-155).

use std::sync::Arc;

use kernel::{Actor, ActorKind};
use sha2::{Digest as _, Sha256};
use sqlx::{Postgres, Row as _, Transaction};
use time::OffsetDateTime;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{By, Error, Unit};

/// A request that changes something.
#[derive(Debug, Clone)]
pub struct Command {
    pub actor: Actor,
    /// Fully qualified method.
    pub method: String,
    pub request_id: Uuid,
    /// SHA-256 of the request.
    pub fingerprint: [u8; 32],
    pub at: OffsetDateTime,
}

/// The outcome of opening a command.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "one per request, taken apart at once"
)]
pub enum Begun<R> {
    /// The request was carried out before; this is the answer it got.
    Replayed(R),
    Fresh(Unit),
}

impl Command {
    /// A command whose content is `request`.
    pub fn new(
        actor: Actor,
        method: &str,
        request_id: Uuid,
        request: &impl prost::Message,
        at: OffsetDateTime,
    ) -> Self {
        let fingerprint = Sha256::digest(request.encode_to_vec()).into();
        Self {
            actor,
            method: method.to_owned(),
            request_id,
            fingerprint,
            at,
        }
    }

    /// Claims the `request_id` inside the transaction. A concurrent duplicate waits here for the first one
    /// to commit (and then replays it) or to fail (and then does the work): there is no "in progress" state
    /// to clean up.
    pub(crate) async fn begin<R: prost::Message + Default>(
        &self,
        mut tx: Transaction<'static, Postgres>,
        wake: Arc<Notify>,
    ) -> Result<Begun<R>, Error> {
        // The commitment of who acts comes with it, so that it costs no journey of its own.
        let claimed = sqlx::query(
            "with claimed as (
                 insert into request (actor, method, request_id, fingerprint, recorded_at)
                 values ($1, $2, $3, $4, $5)
                 on conflict do nothing
                 returning true
             )
             select
                 exists (select from claimed) as fresh,
                 (select commitment from person where subject = $1) as person",
        )
        .bind(&self.actor.subject)
        .bind(&self.method)
        .bind(self.request_id)
        .bind(self.fingerprint.as_slice())
        .bind(self.at)
        .fetch_one(&mut *tx)
        .await?;
        if claimed.get("fresh") {
            let by = By {
                actor: self.actor.clone(),
                request_id: Some(self.request_id),
                traceparent: telemetry::current_traceparent(),
                at: self.at,
            };
            let person = (by.actor.kind == ActorKind::Human)
                .then(|| claimed.get("person"))
                .flatten();
            let unit = Unit::new(tx, by, Some(self.clone()), person, wake);
            return Ok(Begun::Fresh(unit));
        }
        let row = sqlx::query(
            "select fingerprint, response
             from request
             where actor = $1 and method = $2 and request_id = $3",
        )
        .bind(&self.actor.subject)
        .bind(&self.method)
        .bind(self.request_id)
        .fetch_one(&mut *tx)
        .await?;
        if row.get::<&[u8], _>("fingerprint") != self.fingerprint {
            return Err(Error::RequestReused);
        }
        let reply = R::decode(row.get::<&[u8], _>("response"))
            .map_err(|e| Error::Inconsistent(format!("recorded answer: {e}")))?;
        Ok(Begun::Replayed(reply))
    }
}
