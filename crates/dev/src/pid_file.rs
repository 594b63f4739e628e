//! Which processes we started, so that the next start can end what a killed launcher left behind.
//!
//! A pid alone proves nothing, since the system gives it out again; a pid with its start time does.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process_group};

use crate::{console, interrupt::TICK};

/// One process, told apart from any other that had or will have its pid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Process {
    pid: i32,
    /// Clock ticks after boot, the 22nd field of `/proc/PID/stat`.
    started: String,
}

impl Process {
    /// The running process with this pid; `None` when there is none.
    pub(crate) fn running(pid: i32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (state, started) = parse_stat(&stat)?;
        // A zombie has ended: only its parent has not looked yet.
        (state != "Z").then(|| Self {
            pid,
            started: started.to_owned(),
        })
    }

    pub(crate) fn is_running(&self) -> bool {
        Self::running(self.pid).as_ref() == Some(self)
    }

    pub(crate) fn signal(&self, signal: Signal) {
        if let Some(pid) = Pid::from_raw(self.pid)
            && self.is_running()
        {
            // It leads its own group. It may end between the look and the signal: nothing to do then.
            let _ = kill_process_group(pid, signal);
        }
    }

    /// Waits until its new parent has taken note of its end: Postgres does not start while the pid of
    /// an earlier one exists.
    fn wait_until_reaped(&self) {
        let ended = Instant::now();
        while ended.elapsed() < REAPING && Path::new(&format!("/proc/{}", self.pid)).exists() {
            thread::sleep(TICK);
        }
    }

    /// Waits for its end, and after `grace` insists.
    pub(crate) fn wait_for_end(&self, grace: Duration) {
        let start = Instant::now();
        while self.is_running() {
            if start.elapsed() > grace {
                self.signal(Signal::KILL);
            }
            thread::sleep(TICK);
        }
    }
}

/// How long the system may take to forget a process that has ended.
const REAPING: Duration = Duration::from_secs(5);

/// State and start time. The command name, in brackets, may hold spaces and brackets itself.
fn parse_stat(stat: &str) -> Option<(&str, &str)> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    Some((fields.next()?, fields.nth(18)?))
}

/// The file that remembers one process.
#[derive(Debug)]
pub(crate) struct PidFile {
    path: PathBuf,
}

impl PidFile {
    /// Remembers `process`, and how to ask it to end.
    pub(crate) fn write(path: PathBuf, process: &Process, stop: Signal) -> anyhow::Result<Self> {
        let line = format!("{} {} {}\n", process.pid, process.started, stop.as_raw());
        fs::write(&path, line).with_context(|| format!("writing {}", path.display()))?;
        Ok(Self { path })
    }
}

impl Drop for PidFile {
    fn drop(&mut self) {
        // The next start tolerates a file that stays.
        let _ = fs::remove_file(&self.path);
    }
}

/// Ends the processes remembered in `folder` that still run, and forgets all of them. `ours` tells
/// which files, by their names.
pub(crate) fn end_leftovers(
    folder: &Path,
    ours: impl Fn(&str) -> bool,
    grace: Duration,
) -> anyhow::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        if !entry.file_name().to_str().is_some_and(&ours) {
            continue;
        }
        let path = entry.path();
        let line = fs::read_to_string(&path)?;
        if let Some((process, stop)) = parse_line(&line)
            && process.is_running()
        {
            console::step(
                "leftover",
                format_args!("ending {} of an earlier start", path.display()),
            );
            process.signal(stop);
            process.wait_for_end(grace);
            process.wait_until_reaped();
        }
        fs::remove_file(&path)?;
    }
    Ok(())
}

fn parse_line(line: &str) -> Option<(Process, Signal)> {
    let mut fields = line.split_whitespace();
    let pid = fields.next()?.parse().ok()?;
    let started = fields.next()?.to_owned();
    let stop = Signal::from_named_raw(fields.next()?.parse().ok()?)?;
    Some((Process { pid, started }, stop))
}

#[cfg(test)]
mod tests {
    use std::{
        env,
        os::unix::process::CommandExt as _,
        process::{self, Command},
    };

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = env::temp_dir().join(format!("cpom-dev-{name}-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_command_name_with_brackets_does_not_shift_the_fields() {
        let stat = "42 (a) b) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 777 20";
        assert_eq!(parse_stat(stat), Some(("S", "777")));
        assert_eq!(parse_stat("42"), None);
    }

    #[test]
    fn a_leftover_is_ended_and_forgotten() {
        let folder = folder("leftover");
        let mut child = Command::new("sleep")
            .arg("600")
            .process_group(0)
            .spawn()
            .unwrap();
        let process = Process::running(child.id().try_into().unwrap()).unwrap();
        std::mem::forget(PidFile::write(folder.join("a.pid"), &process, Signal::TERM).unwrap());
        // Its parent is us: without this it would stay a zombie.
        let waiter = thread::spawn(move || child.wait().unwrap());
        end_leftovers(&folder, |_| true, Duration::from_secs(5)).unwrap();
        assert!(!waiter.join().unwrap().success());
        assert!(!folder.join("a.pid").exists());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn another_process_that_got_the_pid_is_left_alone() {
        let folder = folder("reused");
        let mut child = Command::new("sleep")
            .arg("600")
            .process_group(0)
            .spawn()
            .unwrap();
        fs::write(folder.join("a.pid"), format!("{} 1 15\n", child.id())).unwrap();
        end_leftovers(&folder, |_| true, Duration::from_secs(5)).unwrap();
        assert!(child.try_wait().unwrap().is_none(), "it was signalled");
        child.kill().unwrap();
        child.wait().unwrap();
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_damaged_file_is_forgotten() {
        let folder = folder("damaged");
        fs::write(folder.join("a.pid"), "not a pid").unwrap();
        end_leftovers(&folder, |_| true, Duration::from_secs(5)).unwrap();
        assert!(!folder.join("a.pid").exists());
        fs::remove_dir_all(&folder).unwrap();
    }
}
