//! One unit of work: one transaction.

use std::{collections::HashMap, sync::Arc};

use kernel::{Actor, ActorKind};
use sqlx::{PgConnection, Postgres, Transaction};
use time::OffsetDateTime;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    Command, Error, Fact,
    event::{self, Audience},
    person,
};

/// Who acts, when, under which request and trace. Written with every event of the unit.
#[derive(Debug, Clone)]
pub struct By {
    pub actor: Actor,
    pub request_id: Option<Uuid>,
    pub traceparent: Option<String>,
    pub at: OffsetDateTime,
}

impl By {
    /// A process of the suite, in the current trace.
    pub fn service(process: &str, at: OffsetDateTime) -> Self {
        Self {
            actor: Actor::service(process),
            request_id: None,
            traceparent: telemetry::current_traceparent(),
            at,
        }
    }
}

/// An open transaction. Dropped without [`Unit::commit`], it changes nothing.
#[derive(Debug)]
pub struct Unit {
    tx: Transaction<'static, Postgres>,
    by: By,
    command: Option<Command>,
    /// Commitments to persons by their identifiers, as far as they are known.
    persons: HashMap<String, String>,
    wake: Arc<Notify>,
    has_events: bool,
}

impl Unit {
    pub(crate) fn new(
        tx: Transaction<'static, Postgres>,
        by: By,
        command: Option<Command>,
        person: Option<String>,
        wake: Arc<Notify>,
    ) -> Self {
        let known = person.map(|commitment| (by.actor.subject.clone(), commitment));
        Self {
            tx,
            by,
            command,
            persons: known.into_iter().collect(),
            wake,
            has_events: false,
        }
    }

    /// Where the store functions of a service run their SQL.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    pub fn by(&self) -> &By {
        &self.by
    }

    /// From here on, what is appended was caused by what this trace context names.
    pub fn caused_by(&mut self, traceparent: Option<String>) {
        self.by.traceparent = traceparent;
    }

    /// The instant of everything in this unit.
    pub fn at(&self) -> OffsetDateTime {
        self.by.at
    }

    /// Appends facts to the histories of their aggregates, in this order, and queues them for publication.
    /// Returns the ids of the events.
    ///
    /// # Errors
    /// A violation of `event_version_key` means that somebody else changed the aggregate meanwhile.
    pub async fn append(&mut self, facts: Vec<Fact>) -> Result<Vec<Uuid>, Error> {
        self.write(facts, Audience::Everybody).await
    }

    /// Appends facts that the history keeps and that nobody is told of.
    ///
    /// # Errors
    /// As [`Unit::append`].
    pub(crate) async fn record(&mut self, facts: Vec<Fact>) -> Result<Vec<Uuid>, Error> {
        self.write(facts, Audience::Auditors).await
    }

    async fn write(&mut self, facts: Vec<Fact>, audience: Audience) -> Result<Vec<Uuid>, Error> {
        if facts.is_empty() {
            return Ok(Vec::new());
        }
        self.has_events = true;
        let mut persons = event::subjects(&facts);
        if self.by.actor.kind == ActorKind::Human {
            persons.insert(self.by.actor.subject.clone());
        }
        // In the order of their identifiers: two units that name the same persons wait and do not lock each other.
        for subject in persons {
            if !self.persons.contains_key(&subject) {
                let commitment = person::commit(&mut self.tx, &subject, self.by.at).await?;
                self.persons.insert(subject, commitment);
            }
        }
        event::append(&mut self.tx, &self.by, &self.persons, facts, audience).await
    }

    /// Commits an act of the suite itself.
    pub async fn done(self) -> Result<(), Error> {
        self.finish(None::<&()>).await
    }

    /// Records the answer of the request and commits.
    pub async fn commit<R: prost::Message>(self, reply: &R) -> Result<(), Error> {
        self.finish(Some(reply)).await
    }

    async fn finish<R: prost::Message>(mut self, reply: Option<&R>) -> Result<(), Error> {
        if let (Some(command), Some(reply)) = (&self.command, reply) {
            sqlx::query(
                "update request
                 set response = $4
                 where actor = $1 and method = $2 and request_id = $3",
            )
            .bind(&command.actor.subject)
            .bind(&command.method)
            .bind(command.request_id)
            .bind(reply.encode_to_vec())
            .execute(&mut *self.tx)
            .await?;
        }
        self.tx.commit().await?;
        if self.has_events {
            self.wake.notify_one();
        }
        Ok(())
    }
}
