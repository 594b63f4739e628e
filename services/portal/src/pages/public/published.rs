//! Published rates, for everybody: second of the five dialogues. What was published never changes; a correction is
//! another version.

use askama::Template;
use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use proto::targets::v1::{
    DownloadPublishedRatesRequest, GetPublishedRateSetRequest, ListPublishedRateSetsRequest,
    ListPublishedRatesRequest, PublishedFormat, PublishedRate, PublishedRateSet, Rate,
};
use tonic::Code;

use super::published_figures::{ALL, activity_title, answer, map, spread, table, whole};
use crate::{
    Failure,
    frame::{Frame, Section},
    pages::{Exports, error, ground, html, region_name},
    picture::Standing,
    services::{every, within},
    table::{Export, Table},
    text::{counted, dates, labels, territory as words},
    visitor::Anybody,
};

const MOST_SETS: usize = 400;
const MOST_RATES: usize = 2_000;

/// A publication in the list.
struct Shown {
    path: String,
    title: String,
    region: String,
    year: i32,
    version: i32,
    published: String,
    rates: String,
}

#[derive(Template)]
#[template(path = "published_sets.html")]
struct List {
    frame: Frame,
    sets: Vec<Shown>,
}

/// Another version of the same series.
struct Version {
    path: String,
    number: i32,
    published: String,
    correction: String,
    is_here: bool,
}

#[derive(Template)]
#[template(path = "published.html")]
struct Page {
    frame: Frame,
    title: String,
    region: String,
    year: i32,
    population_year: i32,
    version: i32,
    published: String,
    is_corrected: bool,
    latest: String,
    correction: String,
    /// What stands out, in one sentence.
    answer: String,
    activities: Vec<(String, String, bool)>,
    activity: String,
    whole: Option<String>,
    map: String,
    /// Where the shapes come from; none when the map is made of tiles.
    ground: Option<String>,
    /// Class, sign, words, whether it is hatched.
    legend: Vec<(&'static str, &'static str, &'static str, bool)>,
    spread: Option<String>,
    table: Table,
    exports: Exports,
    method: String,
    sources: String,
    threshold: i32,
    suppressed: String,
    sha256: String,
    path: String,
    versions: Vec<Version>,
    /// What is counted, and in which field.
    counted: String,
    beside: Vec<Beside>,
}

/// The same year and field of the region, by other territories or counted otherwise.
#[derive(Debug, PartialEq, Eq)]
struct Beside {
    path: String,
    title: String,
    /// How it differs.
    how: &'static str,
}

/// `/taux`.
pub(crate) async fn list(anybody: Anybody) -> Response {
    let made = list_page(&anybody).await;
    made.unwrap_or_else(|failure| error::page(anybody.frame("Erreur", Section::None), &failure))
}

/// The latest version of each series.
pub(crate) async fn latest_sets(anybody: &Anybody) -> Result<Vec<PublishedRateSet>, Failure> {
    let (mut sets, _) = every!(
        anybody.portal.channels.published_rates(),
        list_published_rate_sets,
        ListPublishedRateSetsRequest::default(),
        sets,
        MOST_SETS
    )?;
    sets.retain(|set| !set.corrected);
    Ok(sets)
}

async fn list_page(anybody: &Anybody) -> Result<Response, Failure> {
    let sets = latest_sets(anybody).await?;
    html(&List {
        frame: anybody.frame("Taux de recours publiés", Section::Territories),
        sets: sets.iter().map(shown).collect(),
    })
}

fn shown(set: &PublishedRateSet) -> Shown {
    Shown {
        path: format!("/taux/{}", set.series),
        title: set.title.clone(),
        region: region_name(&set.region),
        year: set.basis.as_ref().map_or(0, |basis| basis.year),
        version: set.version,
        published: dates::timestamp(set.publish_time.as_ref()),
        rates: counted(set.rates, "taux", "taux"),
    }
}

/// `/taux/{series}`: its latest version.
pub(crate) async fn series(Path(series): Path<String>, anybody: Anybody) -> Response {
    let made = set_page(&anybody, &series, None).await;
    made.unwrap_or_else(|failure| error::page(anybody.frame("Erreur", Section::None), &failure))
}

/// `/taux/{series}/{version}`.
pub(crate) async fn version(
    Path((series, version)): Path<(String, String)>,
    anybody: Anybody,
) -> Response {
    let made = match version.parse() {
        Ok(number) => set_page(&anybody, &series, Some(number)).await,
        Err(_) => Err(Failure::NotFound),
    };
    made.unwrap_or_else(|failure| error::page(anybody.frame("Erreur", Section::None), &failure))
}

async fn versions(anybody: &Anybody, series: &str) -> Result<Vec<PublishedRateSet>, Failure> {
    let request = ListPublishedRateSetsRequest {
        series: series.to_owned(),
        ..Default::default()
    };
    let listed = every!(
        anybody.portal.channels.published_rates(),
        list_published_rate_sets,
        request,
        sets,
        MOST_SETS
    );
    match listed {
        Ok((sets, _)) => Ok(sets),
        // A series that cannot be one of ours leads nowhere.
        Err(status) if status.code() == Code::InvalidArgument => Err(Failure::NotFound),
        Err(status) => Err(status.into()),
    }
}

/// Rates of one place in the set; an empty code does not restrict.
async fn rates(
    anybody: &Anybody,
    parent: &str,
    territory: &str,
    activity: &str,
) -> Result<Vec<PublishedRate>, Failure> {
    let request = ListPublishedRatesRequest {
        parent: parent.to_owned(),
        territory: territory.to_owned(),
        activity: activity.to_owned(),
        ..Default::default()
    };
    let (rates, _) = every!(
        anybody.portal.channels.published_rates(),
        list_published_rates,
        request,
        rates,
        MOST_RATES
    )?;
    Ok(rates)
}

/// The other series that a reader of this one may turn to: départements where it has zones, patients where it has stays.
async fn beside(anybody: &Anybody, set: &PublishedRateSet) -> Result<Vec<Beside>, Failure> {
    let request = ListPublishedRateSetsRequest {
        region: set.region.clone(),
        ..Default::default()
    };
    let (sets, _) = every!(
        anybody.portal.channels.published_rates(),
        list_published_rate_sets,
        request,
        sets,
        MOST_SETS
    )?;
    Ok(compared(set, &sets))
}

fn compared(here: &PublishedRateSet, sets: &[PublishedRateSet]) -> Vec<Beside> {
    let own = here.basis.clone().unwrap_or_default();
    let how = |set: &PublishedRateSet| {
        let basis = set.basis.as_ref()?;
        let is_other = set.series != here.series && !set.corrected;
        let is_alike = (basis.year, basis.field) == (own.year, own.field);
        if !is_other || !is_alike {
            return None;
        }
        if basis.territory_version != own.territory_version {
            Some("par d’autres territoires")
        } else if basis.unit != own.unit {
            Some("compté autrement")
        } else {
            None
        }
    };
    sets.iter()
        .filter_map(|set| {
            Some(Beside {
                path: format!("/taux/{}", set.series),
                title: set.title.clone(),
                how: how(set)?,
            })
        })
        .collect()
}

async fn set_page(
    anybody: &Anybody,
    series: &str,
    number: Option<i32>,
) -> Result<Response, Failure> {
    let query = anybody.query();
    let versions = versions(anybody, series).await?;
    let newest = versions.iter().map(|set| set.version).max();
    let wanted = number.or(newest);
    let set = versions
        .iter()
        .find(|set| Some(set.version) == wanted)
        .ok_or(Failure::NotFound)?;
    let activity = match query.text("activite") {
        "" => ALL,
        chosen => chosen,
    };
    let (totals, chosen, beside) = tokio::try_join!(
        rates(anybody, &set.name, ALL, ""),
        rates(anybody, &set.name, "", activity),
        beside(anybody, set)
    )?;
    if chosen.is_empty() && activity != ALL {
        return Err(Failure::NotFound);
    }
    let table = table(&chosen);
    if let Some(export) = Export::asked(query.text("format")) {
        return table.export(export);
    }
    let territories: Vec<(&PublishedRate, &Rate)> = chosen
        .iter()
        .filter_map(|told| told.rate.as_ref().map(|rate| (told, rate)))
        .filter(|(_, rate)| rate.territory != ALL)
        .collect();
    let basis = set.basis.clone().unwrap_or_default();
    let codes: Vec<&str> = territories
        .iter()
        .map(|(_, rate)| rate.territory.as_str())
        .collect();
    let channels = &anybody.portal.channels;
    let ground = ground::of(channels, &basis.territory_version, &codes).await;
    let path = format!("/taux/{series}/{}", set.version);
    let label = totals
        .iter()
        .find(|told| {
            told.rate
                .as_ref()
                .is_some_and(|rate| rate.activity == activity)
        })
        .map_or_else(|| "Toutes les activités".to_owned(), activity_title);
    html(&Page {
        frame: anybody
            .frame(&set.title, Section::Territories)
            .under("Taux de recours publiés", "/taux"),
        title: set.title.clone(),
        region: region_name(&set.region),
        year: basis.year,
        population_year: set.population_year,
        version: set.version,
        published: dates::timestamp(set.publish_time.as_ref()),
        is_corrected: set.corrected,
        latest: format!("/taux/{series}"),
        correction: set.correction.clone(),
        answer: answer(&territories),
        activities: totals
            .iter()
            .filter_map(|told| told.rate.as_ref().map(|rate| (told, rate)))
            .map(|(told, rate)| {
                let is_chosen = rate.activity == activity;
                (rate.activity.clone(), activity_title(told), is_chosen)
            })
            .collect(),
        whole: whole(&chosen, labels::unit(basis.unit())),
        map: map(&territories, &label, ground.as_ref()),
        legend: Standing::ALL
            .iter()
            .map(|standing| {
                let is_hatched = ground.is_some() && *standing == Standing::Hidden;
                (
                    standing.class(),
                    standing.sign(),
                    standing.label(),
                    is_hatched,
                )
            })
            .collect(),
        ground: ground.map(|ground| ground.source),
        spread: spread(&territories, &label),
        activity: label,
        table,
        exports: Exports::of(&path, &query),
        method: set.method.clone(),
        sources: set.sources.clone(),
        threshold: set.threshold,
        suppressed: counted(
            set.suppressed,
            "taux n’est pas diffusé",
            "taux ne sont pas diffusés",
        ),
        sha256: set.sha256.clone(),
        versions: versions
            .iter()
            .map(|one| Version {
                path: format!("/taux/{series}/{}", one.version),
                number: one.version,
                published: dates::timestamp(one.publish_time.as_ref()),
                correction: one.correction.clone(),
                is_here: one.version == set.version,
            })
            .collect(),
        path,
        counted: format!(
            "{}, {}",
            words::field(basis.field()),
            labels::unit(basis.unit())
        ),
        beside,
    })
}

/// `/taux/{series}/{version}/fichier/{format}`: the file that was published, byte for byte.
pub(crate) async fn download(
    Path((series, version, format)): Path<(String, String, String)>,
    anybody: Anybody,
) -> Response {
    let made = file(&anybody, &series, &version, &format).await;
    made.unwrap_or_else(|failure| error::page(anybody.frame("Erreur", Section::None), &failure))
}

async fn file(
    anybody: &Anybody,
    series: &str,
    version: &str,
    format: &str,
) -> Result<Response, Failure> {
    let format = match format {
        "csv" => PublishedFormat::Csv,
        "json" => PublishedFormat::Json,
        "dictionnaire" => PublishedFormat::Dictionary,
        _ => return Err(Failure::NotFound),
    };
    let name = format!("publishedRateSets/{series}/versions/{version}");
    let mut client = anybody.portal.channels.published_rates();
    // An address that names no publication is refused here rather than half-way through a file.
    let set = GetPublishedRateSetRequest { name: name.clone() };
    if let Err(status) = client.get_published_rate_set(within(set)).await {
        return Err(match status.code() {
            Code::InvalidArgument => Failure::NotFound,
            _ => status.into(),
        });
    }
    let request = DownloadPublishedRatesRequest {
        name,
        format: format.into(),
    };
    let mut stream = client
        .download_published_rates(within(request))
        .await?
        .into_inner();
    let (mut content, mut file_name, mut media_type) = (Vec::new(), String::new(), String::new());
    while let Some(part) = stream.message().await? {
        if file_name.is_empty() {
            (file_name, media_type) = (part.file_name, part.media_type);
        }
        content.extend(part.chunk);
    }
    let mut headers = HeaderMap::new();
    let named = HeaderValue::from_str(&format!("attachment; filename=\"{file_name}\""));
    if let (Ok(kind), Ok(named)) = (HeaderValue::from_str(&media_type), named) {
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::CONTENT_DISPOSITION, named);
    }
    // What was published never changes, and holds nothing of its reader.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=86400"),
    );
    Ok((headers, content).into_response())
}

#[cfg(test)]
mod tests {
    use proto::targets::v1::RateBasis;

    use super::*;

    fn set(series: &str, year: i32, territories: &str, unit: i32) -> PublishedRateSet {
        PublishedRateSet {
            series: series.to_owned(),
            title: format!("Recours {series}"),
            basis: Some(RateBasis {
                year,
                unit,
                territory_version: format!("territoryVersions/{territories}"),
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    #[test]
    fn a_reader_is_led_to_the_same_year_by_other_territories_or_counted_otherwise() {
        let here = set("zones", 2023, "zones", 1);
        let corrected = PublishedRateSet {
            corrected: true,
            ..set("departements", 2023, "departements", 1)
        };
        let sets = [
            here.clone(),
            corrected,
            set("departements", 2023, "departements", 1),
            set("patients", 2023, "zones", 2),
            set("zones-2022", 2022, "zones", 1),
        ];
        let found = compared(&here, &sets);
        let told: Vec<(&str, &str)> = found
            .iter()
            .map(|one| (one.path.as_str(), one.how))
            .collect();
        assert_eq!(
            told,
            [
                ("/taux/departements", "par d’autres territoires"),
                ("/taux/patients", "compté autrement")
            ]
        );
    }
}
