//! Ports that can be named before anybody listens on them.

use std::{
    net::{Ipv4Addr, TcpListener},
    process,
    sync::atomic::{AtomicU16, Ordering},
};

use anyhow::Context as _;

/// Below the ports that Linux gives to outgoing connections (32768 to 60999), so that a service that was
/// killed finds its own free when it comes back.
const FIRST: u16 = 12_000;
const LAST: u16 = 32_000;

/// A port on loopback that nobody uses and that this process has not named before.
pub fn free_port() -> anyhow::Result<u16> {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    // Processes that run at the same time begin at different places.
    let start = u16::try_from(process::id().wrapping_mul(64) % u32::from(LAST - FIRST))?;
    for _ in FIRST..LAST {
        let step = start.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed)) % (LAST - FIRST);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, FIRST + step)).is_ok() {
            return Ok(FIRST + step);
        }
    }
    None.context("no port is free")
}
