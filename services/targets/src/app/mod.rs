//! Use cases: one file each, the only place that opens a transaction.

/// Claims a request, or a command: the unit of work in which it is carried out. Who repeats it is answered as before.
macro_rules! claim {
    ($app:expr, $call:expr, $request:expr) => {
        claim!($app, $call.command(&$request.request_id, $request)?)
    };
    ($app:expr, $command:expr) => {
        match $app.db.command(&$command).await? {
            ::store::Begun::Replayed(reply) => return Ok(reply),
            ::store::Begun::Fresh(unit) => unit,
        }
    };
}

pub(crate) mod agree_to_target_set;
pub(crate) mod create_target_set;
pub(crate) mod data;
pub(crate) mod data_error;
pub(crate) mod error;
pub(crate) mod follow_amendment;
pub(crate) mod follow_contract;
pub(crate) mod list_indicator_values;
pub(crate) mod medicosocial;
pub(crate) mod offer;
pub(crate) mod open_submission;
pub(crate) mod own_sites;
pub(crate) mod planning;
pub(crate) mod read_submission;
pub(crate) mod read_target_sets;
pub(crate) mod receive_batches;
pub(crate) mod replace_objectives;
pub(crate) mod store_batches;
pub(crate) mod stream_realisations;
pub(crate) mod target_sets;
pub(crate) mod validate_batch;
pub(crate) mod year_to_date;

use std::sync::Arc;

use store::Db;
use tokio_util::sync::CancellationToken;

use crate::domain::Catalogue;

/// What use cases work with. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) db: Db,
    /// The indicators this version of the service was migrated with.
    pub(crate) catalogue: Arc<Catalogue>,
    /// Streams end when the process is asked to stop.
    pub(crate) stop: CancellationToken,
}
