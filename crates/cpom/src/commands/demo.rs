//! `cpom demo`.

use anyhow::Result;

use super::Context;
use crate::{
    cli::DemoArgs,
    demo::{self, Source},
    failure::Exit,
};

pub(super) async fn run(context: &Context, args: &DemoArgs) -> Result<Exit> {
    let source = match (&args.data, args.region) {
        (Some(folder), Some(region)) => Source::Published {
            folder: folder.clone(),
            region,
        },
        _ => Source::Synthetic { seed: args.seed },
    };
    let report = demo::run(&context.stack, source).await?;
    context.output.print(&report, || report.table())?;
    Ok(Exit::Success)
}
