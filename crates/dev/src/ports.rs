//! Free ports on the loopback interface.

use std::{
    collections::HashSet,
    net::{Ipv4Addr, SocketAddr, TcpListener},
};

use anyhow::Context as _;

/// Hands out free ports, never the same twice.
#[derive(Debug, Default)]
pub(crate) struct Ports {
    taken: HashSet<u16>,
}

impl Ports {
    /// Any free port.
    pub(crate) fn any(&mut self) -> anyhow::Result<SocketAddr> {
        self.near(0)
    }

    /// `preferred` when it is free, so that addresses stay the same from one start to the next; any
    /// free port otherwise.
    pub(crate) fn near(&mut self, preferred: u16) -> anyhow::Result<SocketAddr> {
        loop {
            let wanted = if self.taken.contains(&preferred) {
                0
            } else {
                preferred
            };
            let port = bindable(wanted)
                .or_else(|_| bindable(0))
                .context("no free port on 127.0.0.1")?;
            if self.taken.insert(port) {
                return Ok((Ipv4Addr::LOCALHOST, port).into());
            }
        }
    }
}

fn bindable(port: u16) -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, port))?
        .local_addr()?
        .port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_not_handed_out() {
        let busy = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = busy.local_addr().unwrap().port();
        let given = Ports::default().near(port).unwrap();
        assert_ne!(given.port(), port);
        assert!(TcpListener::bind(given).is_ok());
    }

    #[test]
    fn the_preferred_port_is_handed_out_once() {
        let free = bindable(0).unwrap();
        let mut ports = Ports::default();
        assert_eq!(ports.near(free).unwrap().port(), free);
        assert_ne!(ports.near(free).unwrap().port(), free);
    }
}
