//! The worker that measures running campaigns: one task per process, any number of processes.

use std::{sync::Arc, time::Duration};

use ::store::Db;
use kernel::new_id;
use rpc::client::Peer;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument as _, info, info_span, warn};
use uuid::Uuid;

use crate::{
    app::{
        conclude_campaign,
        measure_chunk::{self, Chunk, MeasureError},
    },
    store::campaign::{self, Running},
};

/// How often running campaigns are looked for: another process may have started one, or may have died.
const POLL: Duration = Duration::from_secs(1);
/// Longest pause while something the worker needs is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Measures what people have started; it starts nothing itself.
#[derive(Debug)]
pub struct Worker {
    /// Rights of the suite, not of people.
    pub db: Db,
    pub targets: Peer,
    /// Rung when a campaign starts in this process.
    pub started: Arc<Notify>,
}

impl Worker {
    /// Works until `stop`. A chunk that was begun is finished.
    pub async fn run(self, stop: CancellationToken) {
        let identity = new_id();
        let mut pause = POLL;
        while !stop.is_cancelled() {
            match self.pass(identity).await {
                Ok(true) => {
                    pause = POLL;
                    continue;
                }
                Ok(false) => pause = POLL,
                Err(error) => {
                    warn!(%error, pause_ms = pause.as_millis(), "controls wait to be measured");
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
            tokio::select! {
                () = self.started.notified() => {}
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Measures one chunk of each running campaign. Whether anything advanced; a campaign that cannot does
    /// not keep the others from it.
    async fn pass(&self, identity: Uuid) -> Result<bool, MeasureError> {
        let mut advanced = false;
        let mut failure = None;
        for running in campaign::running(self.db.pool()).await? {
            match self.advance(&running, identity).await {
                Ok(moved) => advanced |= moved,
                Err(error) => failure = Some(error),
            }
        }
        match failure {
            Some(error) if !advanced => Err(error),
            _ => Ok(advanced),
        }
    }

    /// One step of a campaign, in the trace of the command that started it.
    async fn advance(&self, running: &Running, identity: Uuid) -> Result<bool, MeasureError> {
        let id = running.campaign.id;
        let span = info_span!("measure campaign", campaign = %id, year = running.campaign.year);
        telemetry::follow(&span, running.traceparent.as_deref());
        async {
            let chunk = measure_chunk::run(&self.db, &self.targets, running, identity).await?;
            match chunk {
                Chunk::Measured(count) => Ok(count > 0),
                Chunk::NothingLeft => {
                    let concluded = conclude_campaign::run(&self.db, id).await?;
                    if concluded {
                        info!("campaign measured");
                    }
                    Ok(concluded)
                }
            }
        }
        .instrument(span)
        .await
    }
}
