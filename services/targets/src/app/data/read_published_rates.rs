//! What was published, for everybody.

use proto::targets::v1 as pb;
use rpc::{Error, Page};
use time::OffsetDateTime;

use crate::{
    app::App,
    domain::DataRefusal,
    grpc::data::published_rates::{Download, dictionary, write_rate, write_set},
    store::published_rates::{self, FileKind, Filter, Place, RateFilter},
};

pub(crate) async fn list(
    app: &App,
    request: &pb::ListPublishedRateSetsRequest,
) -> Result<pb::ListPublishedRateSetsResponse, Error> {
    let arguments = [request.region.as_str(), request.series.as_str()];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let damaged = || Error::invalid("page_token", "is not a token of this method");
    let after = match page.key::<i128>(0)? {
        None => None,
        Some(nanos) => Some((
            OffsetDateTime::from_unix_timestamp_nanos(nanos).map_err(|_| damaged())?,
            page.key(1)?.ok_or_else(damaged)?,
            page.key(2)?.ok_or_else(damaged)?,
        )),
    };
    let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let filter = Filter {
        region: given(&request.region),
        series: given(&request.series),
        version: None,
        after,
    };
    let mut sets = published_rates::sets(app.db.pool(), filter, page.limit()).await?;
    let next_page_token = page.next(&mut sets, |set| {
        vec![
            set.published_at.unix_timestamp_nanos().to_string(),
            set.series.clone(),
            set.version.to_string(),
        ]
    });
    Ok(pb::ListPublishedRateSetsResponse {
        sets: sets.iter().map(write_set).collect::<Result<_, _>>()?,
        next_page_token,
    })
}

pub(crate) async fn get(app: &App, name: &str) -> Result<pb::PublishedRateSet, Error> {
    let place = place(name)?;
    let filter = Filter {
        series: Some(place.series.to_owned()),
        version: Some(place.version),
        ..Filter::default()
    };
    let sets = published_rates::sets(app.db.pool(), filter, 1).await?;
    let set = sets
        .first()
        .ok_or_else(|| Error::NotFound(name.to_owned()))?;
    write_set(set)
}

pub(crate) async fn rates(
    app: &App,
    request: &pb::ListPublishedRatesRequest,
) -> Result<pb::ListPublishedRatesResponse, Error> {
    let place = place(&request.parent)?;
    let arguments = [
        request.parent.as_str(),
        request.territory.as_str(),
        request.activity.as_str(),
    ];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let given = |text: &'_ str| (!text.is_empty()).then(|| text.to_owned());
    let (territory, activity) = (given(&request.territory), given(&request.activity));
    let after = page.key(0)?.zip(page.key(1)?);
    let filter = RateFilter {
        territory: territory.as_deref(),
        activity: activity.as_deref(),
        after,
    };
    let mut rows = published_rates::rates(app.db.pool(), place, filter, page.limit()).await?;
    if rows.is_empty() {
        get(app, &request.parent).await?;
    }
    let next_page_token = page.next(&mut rows, |row| {
        vec![row.territory.clone(), row.activity.clone()]
    });
    Ok(pb::ListPublishedRatesResponse {
        rates: rows.iter().map(write_rate).collect(),
        next_page_token,
    })
}

pub(crate) async fn rate(
    app: &App,
    request: &pb::GetPublishedRateRequest,
) -> Result<pb::PublishedRate, Error> {
    let filter = RateFilter {
        territory: Some(&request.territory),
        activity: Some(&request.activity),
        after: None,
    };
    let rows = published_rates::rates(app.db.pool(), place(&request.parent)?, filter, 1).await?;
    let row = rows.first().ok_or_else(|| {
        Error::NotFound(format!(
            "the rate of {} in {} of {}",
            request.territory, request.activity, request.parent
        ))
    })?;
    if row.state == "suppressed" {
        return Err(DataRefusal::RateSuppressed.into());
    }
    Ok(write_rate(row))
}

pub(crate) async fn download(
    app: &App,
    request: &pb::DownloadPublishedRatesRequest,
) -> Result<Download, Error> {
    let place = place(&request.name)?;
    let stem = format!("{}-v{}", place.series, place.version);
    let file = async |kind| -> Result<Vec<u8>, Error> {
        published_rates::file(app.db.pool(), place, kind)
            .await?
            .ok_or_else(|| Error::NotFound(request.name.clone()))
    };
    Ok(match request.format() {
        pb::PublishedFormat::Json => Download {
            name: format!("{stem}.json"),
            media_type: "application/json",
            bytes: file(FileKind::Json).await?,
        },
        pb::PublishedFormat::Dictionary => {
            get(app, &request.name).await?;
            Download {
                name: format!("{stem}-dictionnaire.json"),
                media_type: "application/json",
                bytes: dictionary()?,
            }
        }
        pb::PublishedFormat::Csv | pb::PublishedFormat::Unspecified => Download {
            name: format!("{stem}.csv"),
            media_type: "text/csv; charset=utf-8",
            bytes: file(FileKind::Csv).await?,
        },
    })
}

/// `publishedRateSets/{series}/versions/{version}`.
fn place(name: &str) -> Result<Place<'_>, Error> {
    name.strip_prefix("publishedRateSets/")
        .and_then(|rest| rest.split_once("/versions/"))
        .and_then(|(series, version)| {
            Some(Place {
                series,
                version: version.parse().ok()?,
            })
        })
        .ok_or_else(|| Error::NotFound(name.to_owned()))
}
