//! `cpom issuer`.

use anyhow::Result;
use kernel::Clock;

use crate::{
    cli::IssuerArgs,
    failure::Exit,
    issuer::{Options, WARNING, bind},
};

pub(super) async fn run(args: &IssuerArgs) -> Result<Exit> {
    let options = Options {
        listen: args.listen,
        container_name: args.container_name.clone(),
        browser_url: args.browser_url.clone(),
        state_dir: args.state_dir.clone(),
        service_token_file: args.service_token_file.clone(),
    };
    let bound = bind(&options, Clock::system()).await?;
    eprintln!("{WARNING}");
    println!("{}", bound.url());
    bound.serve(stop_asked()).await?;
    Ok(Exit::Success)
}

/// Ctrl-C, or the launcher's TERM.
async fn stop_asked() {
    use tokio::signal::{
        ctrl_c,
        unix::{SignalKind, signal},
    };
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
