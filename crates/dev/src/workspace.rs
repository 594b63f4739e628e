//! Where things stand: the checkout, and what the launcher keeps under `.cpom`.

use std::{
    env,
    fs::{self, DirBuilder, Permissions},
    io::ErrorKind,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};

use crate::infrastructure::Purpose;

/// A checkout of this repository.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The checkout around the current folder.
    pub(crate) fn locate() -> anyhow::Result<Self> {
        let here = env::current_dir().context("the current folder is gone")?;
        match here
            .ancestors()
            .find(|folder| folder.join("crates/dev/Cargo.toml").is_file())
        {
            Some(root) => Ok(Self {
                root: root.to_owned(),
            }),
            None => bail!(
                "{} is not inside a checkout of this repository",
                here.display()
            ),
        }
    }

    #[cfg(test)]
    pub(crate) fn at(root: PathBuf) -> Self {
        Self { root }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Private to this checkout, not under version control.
    pub(crate) fn state(&self) -> PathBuf {
        self.root.join(".cpom")
    }

    /// The Python environment of the tools that come as wheels.
    pub(crate) fn venv(&self) -> PathBuf {
        self.state().join("venv")
    }

    /// Programs unpacked from the distribution's packages without installing them.
    pub(crate) fn tools(&self) -> PathBuf {
        self.state().join("tools")
    }

    /// Where private servers keep their data.
    pub(crate) fn data(&self, purpose: Purpose) -> PathBuf {
        match purpose {
            Purpose::Stack => self.state(),
            Purpose::Tests => self.state().join("test"),
        }
    }

    /// The pid files of what runs.
    pub(crate) fn pids(&self) -> PathBuf {
        self.state().join("run")
    }

    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.state().join("log").join(format!("{name}.log"))
    }

    /// The cargo that runs us, so that nested calls use the same toolchain.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root);
        // What the cargo that runs us says about this package: build scripts watch some of it, and would
        // build half of the dependencies again after every other call of cargo.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                cargo.env_remove(&name);
            }
        }
        cargo
    }
}

/// Creates a folder of the launcher, readable by its owner and traversable by all: a database server
/// that runs as another user must reach its own folder through it.
pub(crate) fn create_folder(path: &Path) -> anyhow::Result<()> {
    let created = DirBuilder::new()
        .recursive(true)
        .create(path)
        .and_then(|()| fs::set_permissions(path, Permissions::from_mode(0o711)));
    created.with_context(|| {
        format!(
            "cannot write {} (made by another user? remove it as that user)",
            path.display()
        )
    })
}

/// Removes a folder with all it holds, if it is there.
pub(crate) fn remove_folder(path: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", path.display()))
        }
        _ => Ok(()),
    }
}
