//! Ctrl-C and its kin.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    flag,
};

use crate::failure::Failure;

/// How often a wait looks up.
pub(crate) const TICK: Duration = Duration::from_millis(20);

/// Whether the user asked to stop.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt {
    asked: Arc<AtomicBool>,
}

impl Interrupt {
    /// From now on the first signal asks, and a second one ends the launcher at once (what it started
    /// ends with it, see [`crate::daemon`]).
    pub(crate) fn listen() -> anyhow::Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            flag::register_conditional_shutdown(signal, 130, Arc::clone(&asked))?;
            flag::register(signal, Arc::clone(&asked))?;
        }
        Ok(Self { asked })
    }

    /// One that nobody asks.
    #[cfg(test)]
    pub(crate) fn never() -> Self {
        Self {
            asked: Arc::default(),
        }
    }

    pub(crate) fn asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Waits a moment; fails when the user asked to stop.
    pub(crate) fn tick(&self) -> Result<(), Failure> {
        if self.asked() {
            return Err(Failure::Interrupted);
        }
        thread::sleep(TICK);
        Ok(())
    }
}
