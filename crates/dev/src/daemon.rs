//! Programs that run beside the launcher and end with it.
//!
//! Three nets, so that nothing outlives it: it asks each one to stop; should it be killed, the kernel
//! signals each one (`setpriv --pdeathsig`, the parent-death signal without unsafe code); and should
//! that fail too, the next start finds the pid files. Each program leads its own process group, so a
//! Ctrl-C in the terminal reaches only the launcher, which stops them in order.

use std::{
    cell::Cell,
    fs::{self, File},
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use anyhow::{Context as _, anyhow, bail};
use rustix::process::Signal;

use crate::{
    interrupt::Interrupt,
    pid_file::{PidFile, Process},
    setup,
    workspace::{Workspace, create_folder},
};

/// How long a program may take to stop before it is killed.
pub(crate) const GRACE: Duration = Duration::from_secs(15);
/// How long a program may take to be ready.
const START_LIMIT: Duration = Duration::from_mins(1);
/// How much of a log is shown when a program dies.
const TAIL_LINES: usize = 25;

/// What to run, under which name, and how to ask it to stop.
#[derive(Debug)]
pub(crate) struct Daemon {
    name: String,
    child: Child,
    process: Process,
    /// How to ask it to stop; `None` once it was asked, since a second signal means "at once".
    stop: Cell<Option<Signal>>,
    log: PathBuf,
    _pid_file: PidFile,
}

impl Daemon {
    /// Starts `command` with its output in `.cpom/log/NAME.log` and its pid in `.cpom/run/NAME.pid`.
    ///
    /// `stop` is the signal that ends it in order. The parent-death signal follows the *thread* that
    /// spawns: call this on the main thread.
    pub(crate) fn spawn(
        workspace: &Workspace,
        name: &str,
        command: &Command,
        stop: Signal,
    ) -> anyhow::Result<Self> {
        let (log, run) = (workspace.log(name), workspace.pids());
        for folder in [log.parent(), Some(run.as_path())].into_iter().flatten() {
            create_folder(folder)?;
        }
        let output = File::create(&log).with_context(|| format!("writing {}", log.display()))?;
        let mut child = dying_with_parent(command, stop)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting {name}"))?;
        let Some(process) = i32::try_from(child.id()).ok().and_then(Process::running) else {
            let status = child.wait()?;
            bail!("{name} ended at once ({status}), see {}", log.display());
        };
        let pid_file = PidFile::write(run.join(format!("{name}.pid")), &process, stop)?;
        Ok(Self {
            name: name.to_owned(),
            child,
            process,
            stop: Cell::new(Some(stop)),
            log,
            _pid_file: pid_file,
        })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Fails, with the end of its log, when the program has ended.
    pub(crate) fn check(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(self.death(status)),
        }
    }

    /// Waits until `ready` says so, the program dies, the user interrupts, or a minute passes.
    pub(crate) fn wait_until(
        &mut self,
        interrupt: &Interrupt,
        mut ready: impl FnMut() -> bool,
    ) -> anyhow::Result<()> {
        let start = std::time::Instant::now();
        while !ready() {
            self.check()?;
            interrupt.tick()?;
            if start.elapsed() > START_LIMIT {
                bail!(
                    "{} is not ready after a minute; its log ends with\n{}",
                    self.name,
                    self.tail()
                );
            }
        }
        Ok(())
    }

    fn death(&self, status: ExitStatus) -> anyhow::Error {
        anyhow!(
            "{} ended unexpectedly ({status}); its log ends with\n{}",
            self.name,
            self.tail()
        )
    }

    fn tail(&self) -> String {
        format!("{}\n(all of it: {})", tail(&self.log), self.log.display())
    }

    /// Asks the program to stop without waiting, so that several can stop together.
    pub(crate) fn ask_to_stop(&self) {
        if let Some(signal) = self.stop.take() {
            self.process.signal(signal);
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.ask_to_stop();
        self.process.wait_for_end(GRACE);
        // Reaps it; it has ended.
        let _ = self.child.wait();
    }
}

/// The last lines of a log, indented.
pub(crate) fn tail(log: &std::path::Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let text = text.unwrap_or_else(|error| format!("(unreadable: {error})"));
    let lines: Vec<&str> = text.lines().collect();
    let shown = lines.iter().skip(lines.len().saturating_sub(TAIL_LINES));
    shown
        .map(|line| format!("    {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The same command under `setpriv --pdeathsig`, where there is one (any Linux has it).
fn dying_with_parent(command: &Command, signal: Signal) -> Command {
    let name = match signal {
        Signal::INT => "INT",
        _ => "TERM",
    };
    let Some(setpriv) = setup::search_path("setpriv") else {
        return copy(command, Command::new(command.get_program()));
    };
    let mut wrapped = Command::new(setpriv);
    // A command that already is a setpriv (to become another user) takes the option itself: becoming
    // another user would clear the signal.
    if command.get_program() == "setpriv" {
        wrapped.args(["--pdeathsig", name]);
    } else {
        wrapped
            .args(["--pdeathsig", name, "--"])
            .arg(command.get_program());
    }
    copy(command, wrapped)
}

fn copy(from: &Command, mut to: Command) -> Command {
    to.args(from.get_args());
    for (name, value) in from.get_envs() {
        match value {
            Some(value) => to.env(name, value),
            None => to.env_remove(name),
        };
    }
    if let Some(folder) = from.get_current_dir() {
        to.current_dir(folder);
    }
    to
}

#[cfg(test)]
mod tests {
    use std::{env, process};

    use super::*;

    fn workspace(name: &str) -> Workspace {
        Workspace::at(env::temp_dir().join(format!("cpom-dev-{name}-{}", process::id())))
    }

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_program_that_dies_is_named_with_the_end_of_its_log() {
        let workspace = workspace("death");
        let script = "seq 100; echo no disk left >&2; sleep 0.2; exit 3";
        let mut daemon = Daemon::spawn(&workspace, "store", &shell(script), Signal::TERM).unwrap();
        let error = daemon
            .wait_until(&Interrupt::never(), || false)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("store ended unexpectedly (exit status: 3)"),
            "{error}"
        );
        assert!(
            error.contains("no disk left") && error.contains("100"),
            "{error}"
        );
        assert!(!error.contains("    50\n"), "the whole log: {error}");
        fs::remove_dir_all(workspace.root()).unwrap();
    }

    #[test]
    fn a_program_that_is_dropped_ends_in_order_with_its_children() {
        let workspace = workspace("drop");
        let script = "trap 'echo asked; exit 0' TERM; sleep 600 & echo child $!; wait";
        let mut daemon = Daemon::spawn(&workspace, "store", &shell(script), Signal::TERM).unwrap();
        let log = workspace.log("store");
        let written = || fs::read_to_string(&log).unwrap();
        daemon
            .wait_until(&Interrupt::never(), || written().contains("child"))
            .unwrap();
        let child = written()
            .split_whitespace()
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        assert!(Process::running(child).is_some());
        drop(daemon);
        assert!(written().contains("asked"));
        assert!(Process::running(child).is_none(), "its child outlives it");
        assert!(!workspace.pids().join("store.pid").exists());
        fs::remove_dir_all(workspace.root()).unwrap();
    }
}
