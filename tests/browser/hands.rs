//! The hands of the clock, for a script: it asks which day it is, or lets days pass.

use std::net::Ipv4Addr;

use kernel::{Region, legal_time::legal_day};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::{region::REGION, stack::Stack};

/// What answers on loopback: `/33` lets thirty-three days pass, `/0` none; the answer is the day it then is.
pub(crate) struct Hands(TcpListener);

impl Hands {
    pub(crate) async fn bind() -> anyhow::Result<Self> {
        Ok(Self(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?))
    }

    pub(crate) fn url(&self) -> anyhow::Result<String> {
        Ok(format!("http://{}", self.0.local_addr()?))
    }

    /// Answers for ever. Who asks hears of what fails by an answer that does not come.
    pub(crate) async fn serve(&self, stack: &Stack) -> anyhow::Result<()> {
        let region = REGION.parse::<Region>()?;
        loop {
            let (asking, _) = self.0.accept().await?;
            if let Err(error) = answer(asking, stack, region).await {
                eprintln!("the clock: {error:#}");
            }
        }
    }
}

/// Reads one request to its end, and answers it.
async fn answer(asking: TcpStream, stack: &Stack, region: Region) -> anyhow::Result<()> {
    let mut asking = BufReader::new(asking);
    let mut request = String::new();
    asking.read_line(&mut request).await?;
    let mut header = String::new();
    // An empty line ends it.
    while asking.read_line(&mut header).await? > 2 {
        header.clear();
    }
    let days = request.split(['/', ' ']).find_map(|word| word.parse().ok());
    let days: i64 = days.unwrap_or_default();
    if days > 0 {
        stack.let_pass(days).await?;
    }
    let day = legal_day(stack.clock.now(), region).to_string();
    let length = day.len();
    let told = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{day}"
    );
    asking.write_all(told.as_bytes()).await?;
    asking.shutdown().await?;
    Ok(())
}
