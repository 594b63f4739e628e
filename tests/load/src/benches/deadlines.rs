//! The list of what is due over many contracts, page by page, against pgbench reading the same rows.

use cpom_tests::{
    scenario::Scenario,
    suite::{Service, Suite},
};
use proto::contracts::v1::{ListDeadlinesRequest, deadline_service_client::DeadlineServiceClient};
use sqlx::Row as _;
use testkit::Persona;

use super::{many_contracts, reading, undecoded::Undecoded};
use crate::figure::{Figure, Target};

/// The largest page, as a list is read from one end to the other.
const PAGE: i32 = 200;
/// Pages that are read again and again.
const PLACES: usize = 500;
const LIST_DEADLINES: &str = "/cpom.contracts.v1.DeadlineService/ListDeadlines";

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

    let places = places(&suite, &manager, &region).await?;
    let peer = suite.peer(Service::Contracts, &manager)?;
    let deadlines = Undecoded::new(peer, LIST_DEADLINES);
    let (region, places, deadlines) = (region.as_str(), &places, &deadlines);
    let reached = reading::calls(seconds, |client, made| async move {
        let place = usize::try_from(client * 7_919 + made)? % places.len();
        let page = deadlines
            .clone()
            .call(page_at(region, &places[place]))
            .await?;
        anyhow::ensure!(!page.is_empty(), "an empty page");
        Ok(())
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

/// Where pages begin: the tokens of the first pages, each of which is read and counted.
async fn places(suite: &Suite, manager: &Persona, region: &str) -> anyhow::Result<Vec<String>> {
    let peer = suite.peer(Service::Contracts, manager)?;
    let mut client = DeadlineServiceClient::new(peer);
    let mut places = vec![String::new()];
    while places.len() < PLACES {
        let request = page_at(region, &places[places.len() - 1]);
        let page = client.list_deadlines(request).await?.into_inner();
        if page.next_page_token.is_empty() {
            // The last page is not full.
            break;
        }
        anyhow::ensure!(
            page.deadlines.len() == usize::try_from(PAGE)?,
            "a short page"
        );
        places.push(page.next_page_token);
    }
    places.pop();
    anyhow::ensure!(!places.is_empty(), "a single page");
    Ok(places)
}

fn page_at(region: &str, page_token: &str) -> ListDeadlinesRequest {
    ListDeadlinesRequest {
        region: region.to_owned(),
        page_size: PAGE,
        page_token: page_token.to_owned(),
        ..Default::default()
    }
}
