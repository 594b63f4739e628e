//! Background tasks, and the two phases of a shutdown.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{error, warn};

/// The tasks of a process. `soft` asks everybody to finish what is begun and take nothing new; `hard` ends
/// what has not finished in time.
#[derive(Debug, Clone)]
pub struct Tasks {
    tracker: TaskTracker,
    soft: CancellationToken,
    hard: CancellationToken,
    failed: Arc<AtomicBool>,
}

impl Default for Tasks {
    fn default() -> Self {
        Self {
            tracker: TaskTracker::new(),
            soft: CancellationToken::new(),
            hard: CancellationToken::new(),
            failed: Arc::default(),
        }
    }
}

impl Tasks {
    /// Runs a task until the process stops. One that ends before makes the process stop, with a failure.
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let (soft, hard, failed) = (
            self.soft.clone(),
            self.hard.clone(),
            Arc::clone(&self.failed),
        );
        let inner = self.tracker.spawn(async move {
            tokio::select! {
                () = task => {}
                () = hard.cancelled() => warn!(task = name, "ended before it had finished"),
            }
        });
        self.tracker.spawn(async move {
            let ended = inner.await;
            if !soft.is_cancelled() {
                error!(
                    task = name,
                    panic = ended.is_err(),
                    "a task ended by itself; stopping"
                );
                failed.store(true, Ordering::SeqCst);
                soft.cancel();
            }
        });
    }

    /// Cancelled when the process should finish.
    pub fn stop(&self) -> CancellationToken {
        self.soft.clone()
    }

    /// Whether a task ended by itself.
    pub fn failed(&self) -> bool {
        self.failed.load(Ordering::SeqCst)
    }

    /// Asks everybody to finish and waits, at most `limit`.
    pub async fn finish(&self, limit: Duration) {
        self.soft.cancel();
        self.tracker.close();
        if tokio::time::timeout(limit, self.tracker.wait())
            .await
            .is_err()
        {
            self.hard.cancel();
            self.tracker.wait().await;
        }
    }
}
