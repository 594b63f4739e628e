//! A private Postgres: own data folder, own port, loopback only, never as root.

use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::ErrorKind,
    net::SocketAddr,
    os::unix::fs::{MetadataExt as _, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};
use rustix::process::{Signal, geteuid};

use crate::{
    console,
    daemon::{Daemon, tail},
    interrupt::Interrupt,
    secret,
    setup::PostgresPrograms,
    workspace::{Workspace, create_folder, remove_folder},
};

/// What a crash may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// As in production: what is committed is on the disk.
    Full,
    /// For tests, which make hundreds of small databases: nothing waits for the disk (a power failure
    /// would lose data, a crash of a program does not), and every start is from nothing.
    Disposable,
}

/// A running private server.
#[derive(Debug)]
pub(crate) struct Postgres {
    pub(crate) daemon: Daemon,
    /// An administrator's URL.
    pub(crate) url: String,
}

impl Postgres {
    /// Starts the server whose data are in `folder`, made at the first start.
    pub(crate) fn start(
        workspace: &Workspace,
        interrupt: &Interrupt,
        programs: &PostgresPrograms,
        name: &str,
        folder: &Path,
        address: SocketAddr,
        durability: Durability,
    ) -> anyhow::Result<Self> {
        let owner = Owner::current()?;
        let folder = owner.reachable(folder)?;
        let data = folder.join("data");
        let password_file = folder.join("password");
        let password = secret::kept_in(&password_file)?;
        owner.give(&password_file)?;
        if durability == Durability::Disposable {
            remove_folder(&data)?;
        }
        if !data.join("PG_VERSION").is_file() {
            create_cluster(workspace, &owner, programs, &folder, &password_file)?;
        }
        let made_by = fs::read_to_string(data.join("PG_VERSION"))?;
        if made_by.trim() != programs.major.to_string() {
            bail!(
                "{} was made by PostgreSQL {}, and PostgreSQL {} is here now: remove that folder to \
                 start afresh",
                data.display(),
                made_by.trim(),
                programs.major
            );
        }

        let mut command = owner.command(&programs.folder.join("postgres"), &folder);
        command.arg("-D").arg(&data);
        let durable = if durability == Durability::Full {
            "on"
        } else {
            "off"
        };
        for setting in [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={}", address.port()),
            "unix_socket_directories=".to_owned(),
            // Four services with a pool each, the tests with one database each.
            "max_connections=300".to_owned(),
            "shared_buffers=256MB".to_owned(),
            "max_wal_size=2GB".to_owned(),
            "timezone=UTC".to_owned(),
            "log_timezone=UTC".to_owned(),
            format!("fsync={durable}"),
            format!("synchronous_commit={durable}"),
            format!("full_page_writes={durable}"),
        ] {
            command.args(["-c", &setting]);
        }
        // SIGINT is Postgres's fast shutdown: SIGTERM would wait for every client to leave.
        let mut daemon = Daemon::spawn(workspace, name, &command, Signal::INT)?;
        let (pid, status_file) = (daemon.id().to_string(), data.join("postmaster.pid"));
        daemon.wait_until(interrupt, || is_ready(&status_file, &pid))?;
        Ok(Self {
            daemon,
            url: format!("postgres://postgres:{password}@{address}/postgres"),
        })
    }
}

/// The server writes `ready` on the eighth line of the file whose first line is its pid.
fn is_ready(status_file: &Path, pid: &str) -> bool {
    let text = fs::read_to_string(status_file).unwrap_or_default();
    let mut lines = text.lines();
    lines.next() == Some(pid) && lines.nth(6).is_some_and(|status| status.trim() == "ready")
}

/// Makes the cluster beside its place and moves it there, so that an interrupted start leaves nothing
/// half made.
fn create_cluster(
    workspace: &Workspace,
    owner: &Owner,
    programs: &PostgresPrograms,
    folder: &Path,
    password_file: &Path,
) -> anyhow::Result<()> {
    let (unfinished, log) = (folder.join("data.new"), workspace.log("initdb"));
    remove_folder(&unfinished)?;
    create_folder(&workspace.state().join("log"))?;
    let output = fs::File::create(&log)?;
    let status = owner
        .command(&programs.folder.join("initdb"), folder)
        .arg("--pgdata")
        .arg(&unfinished)
        .arg("--pwfile")
        .arg(password_file)
        .args([
            "--username=postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
        ])
        .args(["--locale=C.UTF-8", "--no-sync"])
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .status()
        .context("could not run initdb")?;
    if !status.success() {
        bail!("initdb failed ({status}):\n{}", tail(&log));
    }
    fs::rename(&unfinished, folder.join("data"))?;
    Ok(())
}

/// Who runs the server. Postgres refuses to run as root.
#[derive(Debug)]
enum Owner {
    Ourselves,
    Other { name: String, uid: u32, gid: u32 },
}

impl Owner {
    fn current() -> anyhow::Result<Self> {
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
    fn reachable(&self, folder: &Path) -> anyhow::Result<PathBuf> {
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

    fn give(&self, path: &Path) -> anyhow::Result<()> {
        if let Self::Other { uid, gid, .. } = self {
            chown(path, Some(*uid), Some(*gid))
                .with_context(|| format!("giving {} to the database server", path.display()))?;
        }
        Ok(())
    }

    /// A command that runs as this user.
    fn command(&self, program: &Path, folder: &Path) -> Command {
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

    #[test]
    fn readiness_of_an_earlier_server_does_not_count() {
        let file = std::env::temp_dir().join(format!("cpom-dev-postmaster-{}", std::process::id()));
        fs::write(
            &file,
            "42\n/data\n1700000000\n5432\n\n127.0.0.1\n  12 34\nready   \n",
        )
        .unwrap();
        assert!(is_ready(&file, "42"));
        assert!(!is_ready(&file, "43"));
        fs::write(
            &file,
            "42\n/data\n1700000000\n5432\n\n127.0.0.1\n  12 34\nstarting\n",
        )
        .unwrap();
        assert!(!is_ready(&file, "42"));
        fs::remove_file(&file).unwrap();
    }
}
