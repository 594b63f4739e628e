//! Publishes rates: what is small, and what would give it back, is hidden before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use kernel::legal_time::legal_day;
use prost::Message as _;
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use super::{
    published_before::{earlier_sheets, published_before, residences},
    rate_table::{Basis, RateTable},
};
use crate::{
    app::App,
    domain::{
        DataRefusal,
        activity_groups::ActivityGroups,
        case_mix::Measure,
        class_secrecy::{self, Line, Sheet},
        publication::{Base, Bases, Place, Published, Release, Subject, tellable},
        rates::{Cases, Inhabitants, Outcome, Reference, TOTAL, crude as crude_rate, rates},
    },
    events::data as published,
    grpc::data::published_rates::{csv, json, write_set},
    store::{
        nomenclature,
        published_classes::{self, Behind},
        published_rates::{self as store_rates, About, Files, Filter, PublishedRow, RateSet},
    },
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::PublishRatesRequest,
) -> Result<pb::PublishedRateSet, Error> {
    call.human()?;
    let command = call.command(&request.request_id, request)?;
    let mut basis = request.basis.clone().unwrap_or_default();
    let basis_read = Basis::read(app, call, &basis).await?;
    let table = basis_read.load(app, true).await?;
    basis.activities.clone_from(&table.activities);
    let labels = labels(app, &table).await?;
    let mut unit = claim!(app, command);
    store_rates::serialise(unit.connection()).await?;
    let about = About {
        field: table.basis.field,
        year: table.basis.year,
        measure: table.basis.measure,
    };
    let version = next_version(unit.connection(), request).await?;
    let region = table.basis.version.region;
    let release = release(&table);
    let (before, kept) = published_before(unit.connection(), about).await?;
    let groups = activity_groups(unit.connection(), about, &release, &before).await?;
    let threshold = store_rates::threshold(unit.connection(), legal_day(call.at, region)).await?;
    let largest_hidden = threshold.saturating_sub(1);
    // A count with masked cells is not known to anybody here, and no sum that has it is told.
    let told: BTreeSet<Subject> = tellable(largest_hidden, &groups, &release, &before)
        .into_iter()
        .filter(|(subject, may)| *may && !is_masked(&table, subject))
        .map(|(subject, _)| subject)
        .collect();
    let asked = asked(&release, &told);
    let sheet = sheet(&table, &release, asked);
    let compared = match earlier_sheets(&before, &kept) {
        Some(earlier) => class_secrecy::comparable(largest_hidden, &groups, &sheet, &earlier),
        None => BTreeSet::new(),
    };
    let rows = rows(&table, &told, &compared, &labels);
    let suppressed = rows.iter().filter(|row| row.state == "suppressed").count();
    let mut set = RateSet {
        series: request.series.clone(),
        version,
        region,
        title: request.title.clone(),
        basis: basis.encode_to_vec(),
        population_year: table.population_year,
        method: request.method.clone(),
        sources: request.sources.clone(),
        correction: request.correction.clone(),
        data_version: table.data_version.clone(),
        threshold: i32::try_from(threshold).unwrap_or(i32::MAX),
        rates: crate::grpc::files::count(rows.len()),
        suppressed: crate::grpc::files::count(suppressed),
        sha256: String::new(),
        published_at: unit.at(),
        is_corrected: false,
    };
    let csv = csv(&rows)?;
    set.sha256 = hex::encode(Sha256::digest(&csv));
    let reply = write_set(&set)?;
    let json = json(&reply, &rows)?;
    let files = Files {
        csv: &csv,
        json: &json,
    };
    store_rates::insert(unit.connection(), &set, about, files).await?;
    store_rates::insert_rates(unit.connection(), &set, &rows).await?;
    store_rates::insert_bases(unit.connection(), &set, &release.bases).await?;
    let behind = Behind {
        inhabitants: of_territories(&table),
        reference: sheet.reference,
        classes: &table.classes,
    };
    published_classes::insert(unit.connection(), &set, behind).await?;
    unit.append(vec![published::rates(&set)?]).await?;
    unit.commit(&reply).await?;
    Ok(reply)
}

async fn next_version(
    connection: &mut PgConnection,
    request: &pb::PublishRatesRequest,
) -> Result<i32, Error> {
    let filter = Filter {
        series: Some(request.series.clone()),
        ..Filter::default()
    };
    let latest = store_rates::sets(connection, filter, 1).await?;
    match (latest.first(), request.correction.trim().is_empty()) {
        (None, true) => Ok(1),
        (None, false) => Err(DataRefusal::NothingToCorrect.into()),
        (Some(_), true) => Err(DataRefusal::CorrectionRequired.into()),
        (Some(latest), false) => Ok(latest.version + 1),
    }
}

async fn labels(app: &App, table: &RateTable) -> Result<BTreeMap<String, String>, Error> {
    let mut labels = BTreeMap::new();
    let basis = &table.basis;
    for id in nomenclature::of_cases(app.db.pool(), basis.field, basis.year).await? {
        labels.extend(nomenclature::labels(app.db.pool(), &id, &table.activities).await?);
    }
    Ok(labels)
}

/// Which activities are members of which, among those that are or were published.
async fn activity_groups(
    connection: &mut PgConnection,
    about: About,
    release: &Release,
    before: &[Published],
) -> Result<ActivityGroups, Error> {
    let releases = before.iter().map(|published| &published.release);
    let codes: BTreeSet<&String> = releases
        .chain([release])
        .flat_map(|release| &release.activities)
        .collect();
    let codes: Vec<String> = codes.into_iter().cloned().collect();
    let mut above = Vec::new();
    for id in nomenclature::of_cases(&mut *connection, about.field, about.year).await? {
        above.extend(nomenclature::above(&mut *connection, &id, &codes).await?);
    }
    Ok(ActivityGroups::new(above))
}

fn is_masked(table: &RateTable, subject: &Subject) -> bool {
    match subject.place {
        Place::Territory(place) => sum(table, Some(place), subject.activity).masked > 0,
        Place::All => sum(table, None, subject.activity).masked > 0,
        Place::Reference => reference(table, subject.activity).masked > 0,
    }
}

fn release(table: &RateTable) -> Release {
    let mut cells = Bases::new();
    for (activity, residences) in &table.places {
        for (residence, (cases, ambulatory)) in residences {
            let base = Base {
                cases: u64::try_from(*cases).unwrap_or(0),
                ambulatory: u64::try_from(*ambulatory).unwrap_or(0),
            };
            cells
                .entry(activity.clone())
                .or_default()
                .insert(residence.clone(), base);
        }
    }
    let basis = &table.basis;
    Release {
        territories: residences(&basis.territories, basis.version.composed_of, &cells),
        reference: basis.reference.as_ref().map(|(version, territories)| {
            let of = residences(territories, version.composed_of, &cells);
            of.into_iter().flatten().collect()
        }),
        activities: table.activities.clone(),
        bases: cells,
        tells_ambulatory: basis.measure == Measure::Stays,
    }
}

/// The lines that would have standardised rates: the cases of their reference are told.
fn asked(release: &Release, told: &BTreeSet<Subject>) -> BTreeSet<Line> {
    let asked = told.iter().filter_map(|subject| {
        let territory = match subject.place {
            Place::Territory(place) => Some(place),
            Place::All => None,
            Place::Reference => return None,
        };
        let is_told =
            !subject.ambulatory && told.contains(&release.compared_with(subject.activity));
        is_told.then_some((territory, subject.activity))
    });
    asked.collect()
}

/// What the rates of a release are computed from.
fn sheet<'a>(table: &'a RateTable, release: &'a Release, lines: BTreeSet<Line>) -> Sheet<'a> {
    let reference = table.basis.reference.as_ref();
    Sheet {
        release,
        measure: table.basis.measure,
        classes: &table.classes,
        inhabitants: table.inhabitants.clone(),
        reference: reference.map(|_| table.reference_inhabitants),
        lines,
    }
}

/// Inhabitants by territory.
fn of_territories(table: &RateTable) -> Vec<(String, Inhabitants)> {
    let codes = table.basis.territories.iter().map(|known| &known.code);
    let of = codes.cloned().zip(table.inhabitants.iter().copied());
    of.collect()
}

/// Every line with its totals, without what may not be told.
fn rows(
    table: &RateTable,
    told: &BTreeSet<Subject>,
    compared: &BTreeSet<Line>,
    labels: &BTreeMap<String, String>,
) -> Vec<PublishedRow> {
    let mut rows = Vec::new();
    let with_total = |count: usize| (0..count).map(Some).chain([None]).collect::<Vec<_>>();
    for territory in with_total(table.basis.territories.len()) {
        for activity in with_total(table.activities.len()) {
            let known = territory.and_then(|place| table.basis.territories.get(place));
            let code = activity.and_then(|place| table.activities.get(place));
            let label = code.and_then(|code| labels.get(code).or(Some(code)));
            let place = PublishedRow {
                territory: known.map_or(TOTAL, |t| &t.code).to_owned(),
                territory_title: known
                    .map_or("Tous les territoires", |t| &t.title)
                    .to_owned(),
                activity: code.map_or(TOTAL, String::as_str).to_owned(),
                activity_label: label
                    .map_or("Toutes les activités", String::as_str)
                    .to_owned(),
                ..PublishedRow::default()
            };
            let may = |ambulatory| {
                told.contains(&Subject {
                    place: territory.map_or(Place::All, Place::Territory),
                    activity,
                    ambulatory,
                })
            };
            let line = (territory, activity);
            rows.push(row(table, line, &place, &may, compared.contains(&line)));
        }
    }
    rows.sort_by(|a, b| (&a.territory, &a.activity).cmp(&(&b.territory, &b.activity)));
    rows
}

fn row(
    table: &RateTable,
    (territory, activity): Line,
    place: &PublishedRow,
    may: &impl Fn(bool) -> bool,
    is_compared: bool,
) -> PublishedRow {
    let inhabitants = inhabitants(table, territory);
    let population = Some(inhabitants.iter().sum());
    let cases = sum(table, territory, activity);
    let without = |state: &str| PublishedRow {
        state: state.to_owned(),
        population,
        ..place.clone()
    };
    if cases.masked > 0 {
        return without("masked");
    }
    if !may(false) {
        return without("suppressed");
    }
    let reference_cases = reference(table, activity);
    let outcome = rates(
        &inhabitants,
        &cases,
        Reference {
            inhabitants: &table.reference_inhabitants,
            cases: &reference_cases,
        },
    );
    let tells_ambulatory = table.basis.measure == Measure::Stays && may(true);
    let part = u64::try_from(cases.ambulatory).unwrap_or(0);
    let whole = u64::try_from(cases.without_sessions).unwrap_or(0);
    let told = PublishedRow {
        cases: Some(cases.total()),
        population,
        ambulatory_cases: tells_ambulatory.then_some(cases.ambulatory),
        ambulatory_share: tells_ambulatory
            .then(|| statistics::flows::share(part, whole))
            .flatten(),
        ..place.clone()
    };
    let (crude, standardised) = match outcome {
        Outcome::Known(rates) => {
            let crude_there = crude_rate(&table.reference_inhabitants, &reference_cases);
            let rounded = class_secrecy::published(&rates, cases.total(), crude_there);
            (rates.crude, rounded.filter(|_| is_compared))
        }
        Outcome::NoReference { crude } => (crude, None),
        Outcome::Masked { .. } => return without("masked"),
    };
    match standardised {
        Some(rates) => PublishedRow {
            state: "known".to_owned(),
            crude: Some(crude),
            direct: Some(rates.direct),
            expected: Some(rates.expected),
            index: Some(rates.index),
            index_low: Some(rates.index_low),
            index_high: Some(rates.index_high),
            indirect: Some(rates.indirect),
            ..told
        },
        None => PublishedRow {
            state: "no_reference".to_owned(),
            crude: Some(crude),
            ..told
        },
    }
}

fn inhabitants(table: &RateTable, territory: Option<usize>) -> Inhabitants {
    let mut sum = [0; crate::domain::demography::STRATA];
    for (place, counts) in table.inhabitants.iter().enumerate() {
        if territory.is_none_or(|asked| asked == place) {
            for (total, count) in sum.iter_mut().zip(counts) {
                *total += count;
            }
        }
    }
    sum
}

fn sum(table: &RateTable, territory: Option<usize>, activity: Option<usize>) -> Cases {
    let mut sum = Cases::default();
    for (place, row) in table.cases.iter().enumerate() {
        for (code, cases) in row.iter().enumerate() {
            if territory.is_none_or(|asked| asked == place)
                && activity.is_none_or(|asked| asked == code)
            {
                sum.add(cases);
            }
        }
    }
    sum
}

fn reference(table: &RateTable, activity: Option<usize>) -> Cases {
    let mut sum = Cases::default();
    for (code, cases) in table.reference_cases.iter().enumerate() {
        if activity.is_none_or(|asked| asked == code) {
            sum.add(cases);
        }
    }
    sum
}
