//! Where a scenario takes place: a suite, and a region of it that no other scenario has seen.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
};

use anyhow::Context as _;
use cpom_tests::{
    scenario::{Registry, Scenario},
    suite::{People, Suite},
};
use time::{OffsetDateTime, macros::datetime};
use tokio::runtime::Handle;

/// The morning on which every scenario begins.
const MORNING: OffsetDateTime = datetime!(2026-03-10 09:00 UTC);

/// The regions of mainland France, where it is the same day.
const REGIONS: [&str; 12] = [
    "11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93",
];

/// What each region has: enough for two parties that know nothing of each other, and one more.
const ENTITIES: u32 = 3;
const SITES_EACH: u32 = 2;

/// Starting four services takes longer than most scenarios: a suite that is left as it was found serves the next one.
static FREE: Mutex<Vec<Stage>> = Mutex::new(Vec::new());
static STOPPING: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

fn lock<T>(mutex: &'static Mutex<T>) -> MutexGuard<'static, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) suite: Suite,
    /// Regions that earlier scenarios have had.
    used: u32,
}

impl Stage {
    pub(crate) async fn take() -> anyhow::Result<Self> {
        let free = lock(&FREE).pop();
        Ok(match free {
            Some(stage) => stage,
            None => Self {
                suite: Suite::starting_at(MORNING).await?,
                used: 0,
            },
        })
    }

    pub(crate) fn scenario(&self) -> anyhow::Result<Scenario<'_>> {
        let code = REGIONS.get(usize::try_from(self.used)?);
        let region = code.context("a region is left")?.parse()?;
        Ok(Scenario {
            suite: &self.suite,
            people: People { region },
        })
    }

    /// The establishments of this region and of no other.
    pub(crate) fn registry(&self) -> anyhow::Result<Registry> {
        let first = self.used * ENTITIES * (SITES_EACH + 1);
        let region = self.scenario()?.people.region;
        Registry::generate_from(first, region, ENTITIES, SITES_EACH)
    }

    /// For the next scenario, unless this one has let time pass or was in the last region.
    pub(crate) fn leave(self) {
        let next = Self {
            used: self.used + 1,
            ..self
        };
        let is_as_it_was = next.suite.setup.clock.now() == MORNING;
        if is_as_it_was && next.scenario().is_ok() {
            lock(&FREE).push(next);
        } else {
            next.stop();
        }
    }

    /// In a thread of its own: dropping databases takes time, and no scenario should wait for another’s.
    fn stop(self) {
        let runtime = Handle::current();
        let stopping = thread::spawn(move || runtime.block_on(self.suite.stop()));
        lock(&STOPPING).push(stopping);
    }
}

/// Stops what is left and waits until every database is gone.
pub(crate) fn close() {
    for stage in lock(&FREE).drain(..) {
        stage.stop();
    }
    for stopping in lock(&STOPPING).drain(..) {
        assert!(stopping.join().is_ok(), "a suite stops");
    }
}
