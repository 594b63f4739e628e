//! What every page works with.

use std::sync::Arc;

use kernel::Clock;
use metrics_exporter_prometheus::PrometheusHandle;
use store::Db;

use crate::{Config, assets::Assets, identity::Oidc, services::Channels};

/// The state of the process. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Portal(Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) oidc: Oidc,
    pub(crate) channels: Channels,
    pub(crate) assets: Assets,
    pub(crate) metrics: Option<PrometheusHandle>,
}

impl Portal {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }
}

impl std::ops::Deref for Portal {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}
