//! The background task that seals the history, and the keys it signs with.

use std::{fs, path::Path, time::Duration};

use store::{
    Db,
    log::{Sealed, seal},
};
use tokio_util::sync::CancellationToken;
use tracing::warn;
use transparency::SigningKey;

use crate::ConfigError;

/// Reads the keys of a file, one a line. All carry the name of the log, which ends with that of the service, so that two
/// services never sign as one; during a rotation there are two keys.
pub(crate) fn keys(file: Option<&Path>, service: &str) -> Result<Vec<SigningKey>, ConfigError> {
    let Some(file) = file else {
        warn!(
            "CPOM_CHECKPOINT_KEY_FILE is not set: no checkpoint is signed, and nothing can be proved to an outsider"
        );
        return Ok(Vec::new());
    };
    let wrong = |what: String| {
        ConfigError(vec![format!(
            "CPOM_CHECKPOINT_KEY_FILE={}: {what}",
            file.display()
        )])
    };
    let text = fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    let keys = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::parse)
        .collect::<Result<Vec<SigningKey>, _>>()
        .map_err(|error| wrong(error.to_string()))?;
    match keys.as_slice() {
        [] => Err(wrong("it holds no key".to_owned())),
        [first, rest @ ..] if rest.iter().any(|key| key.name() != first.name()) => {
            Err(wrong("its keys name different logs".to_owned()))
        }
        [first, ..] if !first.name().ends_with(&format!("/{service}")) => Err(wrong(format!(
            "its keys are named {}, and those of this service end with /{service}",
            first.name()
        ))),
        _ => Ok(keys),
    }
}

/// Seals what is new until `stop`. Every replica runs this; one at a time does it.
pub(crate) async fn run(db: Db, keys: Vec<SigningKey>, every: Duration, stop: CancellationToken) {
    loop {
        match seal(&db, &keys).await {
            Ok(Sealed::Batch) if !stop.is_cancelled() => continue,
            Ok(_) => {}
            Err(error) => warn!(%error, "events are not sealed yet"),
        }
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            () = stop.cancelled() => return,
        }
    }
}
