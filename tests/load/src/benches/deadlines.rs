//! The list of what is due over many contracts, page by page, against pgbench reading the same rows.

use std::sync::Arc;

use cpom_tests::{scenario::Scenario, suite::Service};
use proto::contracts::v1::{ListDeadlinesRequest, deadline_service_client::DeadlineServiceClient};
use sqlx::Row as _;
use tokio::sync::Mutex;

use super::{many_contracts, reading};
use crate::figure::{Figure, Target};

/// The largest page, as a list is read from one end to the other.
const PAGE: i32 = 200;

pub(crate) async fn run(contracts: u32, seconds: u32) -> anyhow::Result<Vec<Figure>> {
    let (mut suite, real) = many_contracts::with_real(1).await?;
    many_contracts::multiply(&suite, &real[0], contracts).await?;
    let database = suite.database(Service::Contracts)?;
    let url = database.owner_url.clone();
    let mut owner = database.owner().await;
    let row = sqlx::query("select min(due)::text, max(due) - min(due) from deadline")
        .fetch_one(&mut owner)
        .await?;
    let (first, days): (String, i32) = (row.get(0), row.get(1));
    suite.keep_connections();
    let people = Scenario::new(&suite)?.people;
    let manager = people.manager();
    let region = people.region.code().to_owned();

    // Each client reads on from where its last page ended, and begins again at the end.
    let tokens = Arc::new(Mutex::new(vec![String::new(); 8]));
    let (suite, region) = (&suite, region.as_str());
    let reached = reading::calls(seconds, |client, _| {
        let (tokens, manager) = (Arc::clone(&tokens), manager.clone());
        async move {
            let place = usize::try_from(client)?;
            let page_token = tokens.lock().await[place].clone();
            let request = ListDeadlinesRequest {
                region: region.to_owned(),
                page_size: PAGE,
                page_token,
                ..Default::default()
            };
            let mut client = DeadlineServiceClient::new(suite.peer(Service::Contracts, &manager)?);
            let page = client.list_deadlines(request).await?.into_inner();
            anyhow::ensure!(!page.deadlines.is_empty(), "an empty page");
            tokens.lock().await[place] = page.next_page_token;
            Ok(())
        }
    })
    .await?;
    let script = format!(
        "\\set day random(0, {days})
         select deadline.subject, deadline.contract_id,
             (select number from contract where contract.id = deadline.contract_id) as number, deadline.region,
             deadline.kind, deadline.rank, deadline.due
         from deadline
         where deadline.region = any('{{{region}}}') and deadline.region = '{region}'
             and (deadline.due, deadline.subject, deadline.kind, deadline.rank) > (date '{first}' + :day::integer, '', '', 0)
         order by deadline.due, deadline.subject, deadline.kind, deadline.rank limit {limit};",
        limit = PAGE + 1,
    );
    let raw = reading::pgbench(&url, &script, seconds)?;
    Ok(vec![Figure::ratio(
        format!("pages of {PAGE} deadlines over {contracts} contracts"),
        "/s",
        reached,
        raw,
        Target::AtLeast(0.5),
    )])
}
