//! One launcher of a kind at a time in a checkout.

use std::{
    fs::{File, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    process,
};

use anyhow::{Context as _, bail};

use crate::workspace::{Workspace, create_folder};

/// Held until dropped; the system releases it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Fails, naming the other process, when one of the same `kind` runs in this checkout.
    pub(crate) fn take(workspace: &Workspace, kind: &str) -> anyhow::Result<Self> {
        create_folder(&workspace.state())?;
        let path = workspace.state().join(format!("{kind}.lock"));
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("opening {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                file.read_to_string(&mut pid)?;
                bail!(
                    "`cargo dev {kind}` already runs in this checkout (pid {}): \
                     stop it first, with Ctrl-C in its terminal or `kill {0}`",
                    pid.trim()
                );
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("locking {}", path.display()));
            }
        }
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", process::id())?;
        Ok(Self { _file: file })
    }
}
