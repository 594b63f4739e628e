//! Programs the user watches: cargo, buf, the demonstration.

use std::{
    io::Read as _,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
};

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process};

use crate::{failure::Failure, interrupt::Interrupt};

/// Runs a program to its end; fails with its exit code, since it has said itself what is wrong.
pub(crate) fn run(command: &mut Command, interrupt: &Interrupt) -> anyhow::Result<()> {
    run_while(command, interrupt, || Ok(()))
}

/// The same, ended early when `healthy` fails.
pub(crate) fn run_while(
    command: &mut Command,
    interrupt: &Interrupt,
    healthy: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| could_not_run(command))?;
    succeed(wait(child, interrupt, healthy)?)
}

/// The same, and what it wrote on standard output.
pub(crate) fn capture(command: &mut Command, interrupt: &Interrupt) -> anyhow::Result<String> {
    capture_while(command, interrupt, || Ok(()))
}

/// The same, ended early when `healthy` fails.
pub(crate) fn capture_while(
    command: &mut Command,
    interrupt: &Interrupt,
    healthy: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| could_not_run(command))?;
    let mut output = child.stdout.take().context("no standard output")?;
    let reader = thread::spawn(move || {
        let mut text = String::new();
        output.read_to_string(&mut text).map(|_| text)
    });
    succeed(wait(child, interrupt, healthy)?)?;
    let text = reader
        .join()
        .map_err(|_| anyhow::anyhow!("the reader of standard output failed"))?;
    Ok(text?)
}

fn could_not_run(command: &Command) -> String {
    format!("could not run {}", command.get_program().to_string_lossy())
}

fn wait(
    mut child: Child,
    interrupt: &Interrupt,
    mut healthy: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return if interrupt.asked() {
                Err(Failure::Interrupted.into())
            } else {
                Ok(status)
            };
        }
        if let Err(reason) = healthy().and_then(|()| Ok(interrupt.tick()?)) {
            // A Ctrl-C reached it as well; a signal sent to the launcher alone did not.
            if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
                let _ = kill_process(pid, Signal::TERM);
            }
            child.wait()?;
            return Err(reason);
        }
    }
}

fn succeed(status: ExitStatus) -> anyhow::Result<()> {
    if status.success() {
        return Ok(());
    }
    let code = status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1);
    Err(Failure::Child(code).into())
}
