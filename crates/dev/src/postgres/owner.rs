//! Who runs the server, and where that user can keep its data.

use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::ErrorKind,
    os::unix::fs::{MetadataExt as _, chown},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};
use rustix::process::geteuid;

use crate::{console, workspace::create_folder};

/// Who runs the server. Postgres refuses to run as root.
#[derive(Debug)]
pub(super) enum Owner {
    Ourselves,
    Other { name: String, uid: u32, gid: u32 },
}

impl Owner {
    pub(super) fn current() -> anyhow::Result<Self> {
        if !geteuid().is_root() {
            return Ok(Self::Ourselves);
        }
        let users = fs::read_to_string("/etc/passwd").context("reading /etc/passwd")?;
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| find_user(&users, name))
            .context("Postgres does not run as root, and there is no user postgres or nobody")
    }

    /// `folder`, made and owned by the server's user; or a place of its own under `/var/tmp` when that
    /// user cannot go through to `folder`, as in a home folder closed to others.
    pub(super) fn reachable(&self, folder: &Path) -> anyhow::Result<PathBuf> {
        create_folder(folder)?;
        if matches!(self, Self::Ourselves) {
            return Ok(folder.to_owned());
        }
        self.give(folder)?;
        if self.reaches(folder)? {
            return Ok(folder.to_owned());
        }
        let open = elsewhere(folder);
        make_trusted(&open)?;
        self.give(&open)?;
        if !self.reaches(&open)? {
            bail!(
                "the database server's user can use neither {} nor {}",
                folder.display(),
                open.display()
            );
        }
        let reason = format!(
            "in {}, since its user cannot reach {}",
            open.display(),
            folder.display()
        );
        console::step("postgres data", reason);
        Ok(open)
    }

    fn reaches(&self, folder: &Path) -> anyhow::Result<bool> {
        let status = self
            .command(Path::new("test"), Path::new("/"))
            .arg("-w")
            .arg(folder)
            .status()?;
        Ok(status.success())
    }

    pub(super) fn give(&self, path: &Path) -> anyhow::Result<()> {
        if let Self::Other { uid, gid, .. } = self {
            chown(path, Some(*uid), Some(*gid))
                .with_context(|| format!("giving {} to the database server", path.display()))?;
        }
        Ok(())
    }

    /// A command that runs as this user.
    pub(super) fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = match self {
            Self::Ourselves => Command::new(program),
            Self::Other { name, gid, .. } => {
                let mut command = Command::new("setpriv");
                command
                    .args([
                        "--reuid",
                        name,
                        "--regid",
                        &gid.to_string(),
                        "--clear-groups",
                        "--",
                    ])
                    .arg(program);
                command
            }
        };
        command.current_dir(folder).env("LC_ALL", "C.UTF-8");
        command
    }
}

/// Makes a folder in a place where everybody can make one: what stands there under its name must be a
/// folder that only root or the server's user can have made.
fn make_trusted(folder: &Path) -> anyhow::Result<()> {
    match fs::create_dir(folder) {
        Ok(()) => return create_folder(folder),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error).with_context(|| format!("making {}", folder.display())),
    }
    let found = fs::symlink_metadata(folder)?;
    let server = Owner::current()?;
    let trusted =
        found.uid() == 0 || matches!(server, Owner::Other { uid, .. } if uid == found.uid());
    if !found.is_dir() || !trusted {
        bail!("{} belongs to somebody else: remove it", folder.display());
    }
    Ok(())
}

/// A place for the data of this checkout that any user can reach.
fn elsewhere(folder: &Path) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    PathBuf::from(format!("/var/tmp/cpom-{:016x}", hasher.finish()))
}

fn find_user(users: &str, wanted: &str) -> Option<Owner> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| *name == wanted)?;
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Owner::Other {
            name: name.to_owned(),
            uid,
            gid,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let users = "root:x:0:0::/root:/bin/sh\npostgresql:x:5:6::/:/bin/false\npostgres:x:101:104::/:/bin/sh\n";
        match find_user(users, "postgres") {
            Some(Owner::Other {
                name,
                uid: 101,
                gid: 104,
            }) => assert_eq!(name, "postgres"),
            other => panic!("{other:?}"),
        }
        assert!(find_user(users, "nobody").is_none());
    }
}
