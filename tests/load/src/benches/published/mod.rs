//! Published rates read by everybody, and the same rows from the same database through `PostgREST`.

mod postgrest;

use std::time::{Duration, Instant};

use cpom_tests::{
    scenario::Scenario,
    suite::{Mode, Service, Suite},
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use proto::targets::v1::{
    ListPublishedRatesRequest, PublishRatesRequest, PublishedRateSet,
    published_rate_service_client::PublishedRateServiceClient,
    rate_service_client::RateServiceClient,
};
use testkit::request_id;
use tonic::transport::Channel;

use self::postgrest::PostgRest;
use super::production::{self, ACTIVITIES, Region, TERRITORIES};
use crate::{
    figure::{Figure, Target},
    raw_database::settle,
    statistics::rate,
};

const CLIENTS: u32 = 8;
const TURNS: u32 = 4;
/// Cells behind the publication: enough that most rates are told.
const CELLS: u32 = 400_000;
/// A territory’s activities and their total.
const PAGE: u32 = ACTIVITIES + 1;

pub(crate) async fn run(seconds: u32) -> anyhow::Result<Vec<Figure>> {
    let suite = Suite::start(Mode::Programs).await?;
    let scenario = Scenario::new(&suite)?;
    let region = Region::new(scenario.people.region)?;
    production::prepare(&scenario, &region).await?;
    let file = region.case_mix(CELLS)?;
    production::import(&scenario, &file).await?;
    let begin = Instant::now();
    let set = publish(&scenario).await?;
    let publishing = begin.elapsed();
    let database = suite.database(Service::Targets)?;
    let postgrest = PostgRest::start(&database.owner_url).await?;
    settle().await?;

    // Whoever reads them says nothing of themselves.
    let channel = Channel::from_shared(suite.url(Service::Targets)?)?.connect_lazy();
    let rates = PublishedRateServiceClient::new(channel);
    let (mut reached, mut raw) = (0.0, 0.0);
    // In turns, so that what else the machine does falls on both.
    for _ in 0..TURNS {
        reached += served(seconds, |place| page(rates.clone(), &set, place)).await?;
        raw += served(seconds, |place| postgrest.page(&set, place)).await?;
    }
    let turns = f64::from(TURNS);
    Ok(vec![
        Figure::ratio(
            format!("pages of {PAGE} published rates"),
            "/s",
            reached / turns,
            raw / turns,
            Target::AtLeast(1.0),
        ),
        Figure::absolute(
            format!("publishing {} rates with their secrecy", set.rates),
            "s",
            publishing.as_secs_f64(),
            Target::AtMost(PUBLISHING_LIMIT_S),
        ),
    ])
}

/// A person waits for it.
const PUBLISHING_LIMIT_S: f64 = 60.0;

pub(super) async fn publish(scenario: &Scenario<'_>) -> anyhow::Result<PublishedRateSet> {
    let peer = scenario
        .suite
        .peer(Service::Targets, &scenario.people.manager())?;
    let request = PublishRatesRequest {
        series: "load".to_owned(),
        title: "Taux de recours".to_owned(),
        basis: Some(production::basis()),
        method: "Séjours des résidents, standardisés par âge et sexe.".to_owned(),
        sources: "made up".to_owned(),
        correction: String::new(),
        request_id: request_id(),
    };
    let set = RateServiceClient::new(peer).publish_rates(request).await?;
    Ok(set.into_inner())
}

/// Pages a second at [`CLIENTS`] clients that each ask for one after the other.
async fn served<Asking>(seconds: u32, ask: impl Fn(u32) -> Asking) -> anyhow::Result<f64>
where
    Asking: Future<Output = anyhow::Result<usize>>,
{
    let begin = Instant::now();
    let end = begin + Duration::from_secs(seconds.into());
    let ask = &ask;
    let pages: u32 = stream::iter(0..CLIENTS)
        .map(|client| async move {
            let mut pages = 0;
            while Instant::now() < end {
                let rows = ask((client * 13 + pages) % TERRITORIES).await?;
                anyhow::ensure!(rows == usize::try_from(PAGE)?, "{rows} rates");
                pages += 1;
            }
            anyhow::Ok(pages)
        })
        .buffer_unordered(usize::try_from(CLIENTS)?)
        .try_fold(0, |sum, pages| async move { Ok(sum + pages) })
        .await?;
    Ok(rate(pages, begin.elapsed()))
}

/// The rates of one territory.
async fn page(
    mut rates: PublishedRateServiceClient<Channel>,
    set: &PublishedRateSet,
    place: u32,
) -> anyhow::Result<usize> {
    let request = ListPublishedRatesRequest {
        parent: set.name.clone(),
        territory: format!("T{place:03}"),
        page_size: i32::try_from(PAGE)?,
        ..Default::default()
    };
    let page = rates.list_published_rates(request).await?.into_inner();
    Ok(page.rates.len())
}
