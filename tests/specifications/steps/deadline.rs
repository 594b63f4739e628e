//! What is due, as those who read the list find it.

use cucumber::then;
use proto::contracts::v1::{Deadline, ListDeadlinesRequest};

use crate::{
    figures::{Day, Someone},
    world::Specification,
};

/// The deadlines of the contract that somebody reads under this title.
async fn read(world: &Specification, who: Someone, title: &str) -> anyhow::Result<Vec<Deadline>> {
    world.nothing_refused()?;
    let mut client = world.suite()?.deadlines(&world.persona(who)?)?;
    let request = ListDeadlinesRequest {
        contract: world.contract()?.name,
        ..Default::default()
    };
    let mut deadlines = client.list_deadlines(request).await?.into_inner().deadlines;
    deadlines.retain(|deadline| deadline.title == title);
    Ok(deadlines)
}

#[then(regex = r"^(.+) lit l’échéance «\s(.+)\s» au (.+)$")]
async fn reads(
    world: &mut Specification,
    who: Someone,
    title: String,
    day: Day,
) -> anyhow::Result<()> {
    let deadlines = read(world, who, &title).await?;
    let days: Vec<&str> = deadlines.iter().map(|due| due.due_date.as_str()).collect();
    assert_eq!(days, [day.0.to_string()]);
    Ok(())
}

#[then(regex = r"^(.+) ne lit aucune échéance «\s(.+)\s»$")]
async fn reads_none(world: &mut Specification, who: Someone, title: String) -> anyhow::Result<()> {
    let deadlines = read(world, who, &title).await?;
    assert!(deadlines.is_empty(), "{deadlines:?}");
    Ok(())
}

#[then(regex = r"^(.+) lit que l’échéance «\s(.+)\s» est dépassée$")]
async fn reads_that_it_is_over(
    world: &mut Specification,
    who: Someone,
    title: String,
) -> anyhow::Result<()> {
    let deadlines = read(world, who, &title).await?;
    assert!(!deadlines.is_empty());
    assert!(deadlines.iter().all(|due| due.overdue), "{deadlines:?}");
    Ok(())
}
