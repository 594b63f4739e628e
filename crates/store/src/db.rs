//! The connection pool of a service.

use std::{sync::Arc, time::Duration};

use kernel::Clock;
use sqlx::{
    Connection as _, Executor as _, PgPool, Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::sync::Notify;

use crate::{Begun, By, Command, Error, Unit};

/// Which rights the connections of a pool have. Both are group roles of Postgres that own no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Commands of people and of establishment systems.
    App,
    /// Acts of the suite itself: consumers of events, clocks, campaigns. Has fewer rights, so that what
    /// only a person may do is refused by the database too.
    Machine,
}

impl Role {
    /// Name of the group role.
    pub fn name(self) -> &'static str {
        match self {
            Self::App => "cpom_app",
            Self::Machine => "cpom_machine",
        }
    }
}

/// How long a connection is believed to be alive after its last use.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// The statements of a unit of work go by key, so one plan serves all; seeing only arrays of unknown length,
/// Postgres would make a new plan for each execution. A plan that was made while the tables were small would read
/// them whole, and lasts as long as its connection: keys are always looked up.
const BEGIN: &str =
    "begin; set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off";

/// The database of one service, under one role. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pool: PgPool,
    clock: Clock,
    /// Rung after each commit that queued events; the relay listens.
    wake: Arc<Notify>,
}

impl Db {
    /// Opens a pool. Fails at once when the address or the login is wrong.
    pub async fn connect(
        url: &str,
        role: Role,
        max_connections: u32,
        clock: Clock,
    ) -> Result<Self, Error> {
        let options: PgConnectOptions = url.parse().map_err(Error::from)?;
        let options = options.options([
            // A unit of work is short; what is not has lost its owner.
            ("statement_timeout", "30s"),
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "30s"),
            ("client_min_messages", "warning"),
            // Queries are short, and compiling one takes longer than running it. A unit of work that must read a small table
            // whole would even pay for it each time: what is switched off below counts as a very high cost.
            ("jit", "off"),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(max_connections)
            .acquire_timeout(Duration::from_secs(5))
            // A connection that was used a moment ago is not asked whether it lives: that would be one
            // more round trip for each unit of work.
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    if meta.idle_for > TRUSTED_FOR {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    let set_role = match role {
                        Role::App => "set role cpom_app",
                        Role::Machine => "set role cpom_machine",
                    };
                    connection.execute(set_role).await?;
                    Ok(())
                })
            })
            .connect_with(options)
            .await?;
        Ok(Self {
            pool,
            clock,
            wake: Arc::new(Notify::new()),
        })
    }

    /// For reads outside a unit of work.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Rung after each commit that queued events.
    pub fn wake(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// The same bell for two pools of one service, so that one relay serves both.
    #[must_use]
    pub fn sharing_bell_of(mut self, other: &Self) -> Self {
        self.wake = other.wake();
        self
    }

    /// Opens a unit of work for an act of the suite itself.
    pub async fn unit(&self, by: By) -> Result<Unit, Error> {
        Ok(Unit::new(self.begin().await?, by, None, None, self.wake()))
    }

    /// Opens a unit of work for a request, or returns the answer it already got.
    ///
    /// # Errors
    /// [`Error::RequestReused`] when the `request_id` was used for another content.
    pub async fn command<R: prost::Message + Default>(
        &self,
        command: &Command,
    ) -> Result<Begun<R>, Error> {
        command.begin(self.begin().await?, self.wake()).await
    }

    /// `Pool::begin` of sqlx 0.9.0 is not cancel-safe: dropped at the wrong moment, it returns a connection
    /// with an open transaction to the pool. In its own task it is never dropped midway.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that begins a transaction"
    )]
    async fn begin(&self) -> Result<Transaction<'static, Postgres>, Error> {
        let pool = self.pool.clone();
        // Whatever stands in the way of a connection, nothing was refused and nothing was done.
        match tokio::spawn(async move { pool.begin_with(BEGIN).await }).await {
            Ok(begun) => begun.map_err(Error::Unavailable),
            Err(_) => Err(Error::Unavailable(sqlx::Error::WorkerCrashed)),
        }
    }

    /// Forgets the answers of requests older than `age`; a request repeated later is a new one.
    pub async fn forget_requests(&self, age: time::Duration) -> Result<u64, Error> {
        let forgotten = sqlx::query("delete from request where recorded_at < $1")
            .bind(self.clock.now() - age)
            .execute(&self.pool)
            .await?;
        Ok(forgotten.rows_affected())
    }

    /// Whether Postgres answers.
    pub async fn ping(&self) -> Result<(), Error> {
        sqlx::query("select 1").execute(&self.pool).await?;
        Ok(())
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }
}
