//! Bounds on one import.

use std::{env, time::Duration};

use anyhow::Context as _;

/// What one upload may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Largest file, in bytes (`CPOM_IMPORT_MAX_BYTES`). The whole file is held in memory while it is
    /// compared; the national classic extracts are about 30 MB, the national FINESS+ file more.
    pub file_bytes: usize,
    /// Longest silence between two messages of an upload.
    pub silence: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 64 * 1024 * 1024,
            silence: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// Reads the environment of the process.
    ///
    /// # Errors
    /// When a variable is not a number.
    pub fn from_env() -> anyhow::Result<Self> {
        let mut limits = Self::default();
        if let Ok(text) = env::var("CPOM_IMPORT_MAX_BYTES") {
            limits.file_bytes = text.parse().with_context(|| {
                format!("CPOM_IMPORT_MAX_BYTES={text} is not a number of bytes")
            })?;
        }
        Ok(limits)
    }
}
