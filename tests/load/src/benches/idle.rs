//! What a service costs while nobody asks anything of it.

use std::time::Duration;

use cpom_tests::suite::{Mode, Service, Suite};

use crate::figure::{Figure, Target};

const QUIET: Duration = Duration::from_secs(5);
const MEMORY_LIMIT_MB: f64 = 60.0;
const READY_LIMIT_SECONDS: f64 = 1.0;

pub(crate) async fn run() -> anyhow::Result<Vec<Figure>> {
    let suite = Suite::start(Mode::Programs).await?;
    tokio::time::sleep(QUIET).await;
    let mut figures = Vec::new();
    for service in Service::ALL {
        let program = suite.program(service)?;
        let name = service.name();
        figures.push(Figure::absolute(
            format!("idle memory of {name}"),
            "MB",
            program.resident_megabytes()?,
            Target::AtMost(MEMORY_LIMIT_MB),
        ));
        figures.push(Figure::absolute(
            format!("{name} ready after"),
            "s",
            program.ready_after().as_secs_f64(),
            Target::AtMost(READY_LIMIT_SECONDS),
        ));
    }
    Ok(figures)
}
