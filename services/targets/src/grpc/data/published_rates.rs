//! `PublishedRateService`, and the files that it serves.

use std::pin::Pin;

use futures::{Stream, stream};
use prost::Message as _;
use proto::targets::v1::{self as pb, published_rate_service_server::PublishedRateService};
use rpc::Error;
use serde_json::{Value, json as object};
use tonic::{Request, Response, Status};

use crate::{
    app::{App, data::read_published_rates},
    store::published_rates::{PublishedRow, RateSet},
};

/// Bytes of one message of a download.
const CHUNK_BYTES: usize = 64 * 1024;

pub(crate) struct PublishedRates(pub(crate) App);

rpc::answers! {
    PublishedRateService for PublishedRates;

    fn list_published_rate_sets(app, _, request: pb::ListPublishedRateSetsRequest)
        -> pb::ListPublishedRateSetsResponse
    {
        read_published_rates::list(app, &request).await?
    }
    fn get_published_rate_set(app, _, request: pb::GetPublishedRateSetRequest)
        -> pb::PublishedRateSet
    {
        read_published_rates::get(app, &request.name).await?
    }
    fn list_published_rates(app, _, request: pb::ListPublishedRatesRequest)
        -> pb::ListPublishedRatesResponse
    {
        read_published_rates::rates(app, &request).await?
    }
    fn get_published_rate(app, _, request: pb::GetPublishedRateRequest) -> pb::PublishedRate {
        read_published_rates::rate(app, &request).await?
    }

    by hand {
        type DownloadPublishedRatesStream =
            Pin<Box<dyn Stream<Item = Result<pb::DownloadPublishedRatesResponse, Status>> + Send>>;

        async fn download_published_rates(
            &self,
            request: Request<pb::DownloadPublishedRatesRequest>,
        ) -> Result<Response<Self::DownloadPublishedRatesStream>, Status> {
            let (_, request) = rpc::accept(request)?;
            let file = read_published_rates::download(&self.0, &request).await?;
            let mut parts: Vec<pb::DownloadPublishedRatesResponse> = file
                .bytes
                .chunks(CHUNK_BYTES)
                .map(|chunk| pb::DownloadPublishedRatesResponse {
                    chunk: chunk.to_vec(),
                    ..Default::default()
                })
                .collect();
            if let Some(first) = parts.first_mut() {
                first.file_name = file.name;
                file.media_type.clone_into(&mut first.media_type);
            }
            Ok(Response::new(Box::pin(stream::iter(
                parts.into_iter().map(Ok),
            ))))
        }
    }
}

/// A file to download.
pub(crate) struct Download {
    pub(crate) name: String,
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// Writes a set.
pub(crate) fn write_set(set: &RateSet) -> Result<pb::PublishedRateSet, Error> {
    let basis = pb::RateBasis::decode(set.basis.as_slice()).map_err(Error::internal)?;
    Ok(pb::PublishedRateSet {
        name: format!("publishedRateSets/{}/versions/{}", set.series, set.version),
        series: set.series.clone(),
        version: set.version,
        title: set.title.clone(),
        region: set.region.to_string(),
        basis: Some(basis),
        population_year: set.population_year.into(),
        method: set.method.clone(),
        sources: set.sources.clone(),
        correction: set.correction.clone(),
        data_version: set.data_version.clone(),
        threshold: set.threshold,
        rates: set.rates,
        suppressed: set.suppressed,
        sha256: set.sha256.clone(),
        corrected: set.is_corrected,
        publish_time: Some(kit::timestamp(set.published_at)),
    })
}

/// Writes a rate.
pub(crate) fn write_rate(row: &PublishedRow) -> pb::PublishedRate {
    let state = match row.state.as_str() {
        "known" => pb::RateState::Known,
        "no_reference" => pb::RateState::NoReference,
        "masked" => pb::RateState::Masked,
        _ => pb::RateState::Suppressed,
    };
    let is_significant = |low: f64, high: f64| low > 1.0 || high < 1.0;
    pb::PublishedRate {
        rate: Some(pb::Rate {
            territory: row.territory.clone(),
            activity: row.activity.clone(),
            state: state.into(),
            cases: row.cases.unwrap_or_default(),
            cases_upper: 0,
            population: row.population.unwrap_or_default(),
            crude: row.crude.unwrap_or_default(),
            direct: row.direct.unwrap_or_default(),
            expected: row.expected.unwrap_or_default(),
            index: row.index.unwrap_or_default(),
            index_low: row.index_low.unwrap_or_default(),
            index_high: row.index_high.unwrap_or_default(),
            indirect: row.indirect.unwrap_or_default(),
            significant: row
                .index_low
                .zip(row.index_high)
                .is_some_and(|(low, high)| is_significant(low, high)),
            ambulatory_cases: row.ambulatory_cases.unwrap_or_default(),
            ambulatory_share: row.ambulatory_share,
        }),
        territory_title: row.territory_title.clone(),
        activity_label: row.activity_label.clone(),
    }
}

/// Reads one value of a row, as text for CSV and as JSON.
type Cell = fn(&PublishedRow) -> Value;

/// A column of the published files: name, French meaning, unit, rule, value.
struct Column {
    name: &'static str,
    meaning: &'static str,
    unit: &'static str,
    cell: Cell,
}

const COLUMNS: [Column; 16] = [
    Column {
        name: "territory",
        meaning: "Code du territoire de résidence des patients ; « * » pour l’ensemble des territoires",
        unit: "code",
        cell: |row| object!(row.territory),
    },
    Column {
        name: "territory_title",
        meaning: "Nom du territoire",
        unit: "texte",
        cell: |row| object!(row.territory_title),
    },
    Column {
        name: "activity",
        meaning: "Code de l’activité dans la nomenclature de la publication ; « * » pour l’ensemble des activités",
        unit: "code",
        cell: |row| object!(row.activity),
    },
    Column {
        name: "activity_label",
        meaning: "Libellé de l’activité",
        unit: "texte",
        cell: |row| object!(row.activity_label),
    },
    Column {
        name: "state",
        meaning: "known : publié ; no_reference : seul le taux brut existe, parce que la référence n’a aucun cas, des cas masqués à la source ou un effectif couvert par le secret, ou que les taux standardisés feraient retrouver l’effectif d’une classe d’âge et de sexe ; masked : des cas sont masqués à la source ; suppressed : couvert par le secret statistique (effectif inférieur au seuil de la publication, ou case qui permettrait d’en retrouver un)",
        unit: "état",
        cell: |row| object!(row.state),
    },
    Column {
        name: "cases",
        meaning: "Cas des résidents du territoire, quel que soit le lieu de prise en charge (numérateur)",
        unit: "cas",
        cell: |row| object!(row.cases),
    },
    Column {
        name: "population",
        meaning: "Habitants du territoire (dénominateur)",
        unit: "habitants",
        cell: |row| object!(row.population),
    },
    Column {
        name: "crude",
        meaning: "Taux brut : cas pour 1 000 habitants",
        unit: "pour 1 000 habitants",
        cell: |row| object!(row.crude),
    },
    Column {
        name: "direct",
        meaning: "Taux standardisé direct : taux qu’aurait le territoire avec la structure par âge et sexe de la référence, arrondi à une décimale",
        unit: "pour 1 000 habitants",
        cell: |row| object!(row.direct),
    },
    Column {
        name: "expected",
        meaning: "Cas attendus : cas qu’aurait le territoire avec les taux par âge et sexe de la référence, arrondis à une décimale",
        unit: "cas",
        cell: |row| object!(row.expected),
    },
    Column {
        name: "index",
        meaning: "Indice de recours : cas observés rapportés aux cas attendus, tels que publiés",
        unit: "rapport",
        cell: |row| object!(row.index),
    },
    Column {
        name: "index_low",
        meaning: "Borne inférieure de l’intervalle de confiance à 95 % de l’indice (Byar)",
        unit: "rapport",
        cell: |row| object!(row.index_low),
    },
    Column {
        name: "index_high",
        meaning: "Borne supérieure de l’intervalle de confiance à 95 % de l’indice (Byar)",
        unit: "rapport",
        cell: |row| object!(row.index_high),
    },
    Column {
        name: "indirect",
        meaning: "Taux standardisé indirect : indice multiplié par le taux brut de la référence",
        unit: "pour 1 000 habitants",
        cell: |row| object!(row.indirect),
    },
    Column {
        name: "ambulatory_cases",
        meaning: "Cas sans nuitée (séjours seulement)",
        unit: "cas",
        cell: |row| object!(row.ambulatory_cases),
    },
    Column {
        name: "ambulatory_share",
        meaning: "Part des cas sans nuitée, séances exclues (séjours seulement)",
        unit: "part de 0 à 1",
        cell: |row| object!(row.ambulatory_share),
    },
];

/// The rates as CSV: UTF-8, `;`, decimal point, a header line.
pub(crate) fn csv(rows: &[PublishedRow]) -> Result<Vec<u8>, Error> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .from_writer(Vec::new());
    writer
        .write_record(COLUMNS.iter().map(|column| column.name))
        .map_err(Error::internal)?;
    for row in rows {
        let cells = COLUMNS.iter().map(|column| match (column.cell)(row) {
            Value::Null => String::new(),
            Value::String(text) => text,
            number => number.to_string(),
        });
        writer.write_record(cells).map_err(Error::internal)?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::internal(error.to_string()))
}

/// The set and its rates as one JSON object.
pub(crate) fn json(set: &pb::PublishedRateSet, rows: &[PublishedRow]) -> Result<Vec<u8>, Error> {
    let set = proto::json::to_value(set, false).map_err(Error::internal)?;
    let rates: Vec<Value> = rows
        .iter()
        .map(|row| {
            let cells = COLUMNS
                .iter()
                .map(|column| (column.name.to_owned(), (column.cell)(row)));
            Value::Object(cells.collect())
        })
        .collect();
    serde_json::to_vec(&object!({"set": set, "rates": rates})).map_err(Error::internal)
}

/// The data dictionary of the files: each column with its meaning and unit.
pub(crate) fn dictionary() -> Result<Vec<u8>, Error> {
    let columns: Vec<Value> = COLUMNS
        .iter()
        .map(
            |column| object!({"name": column.name, "meaning": column.meaning, "unit": column.unit}),
        )
        .collect();
    let dictionary = object!({
        "encoding": "UTF-8",
        "separator": ";",
        "decimal": ".",
        "empty": "valeur absente, masquée à la source quand state vaut masked, couverte par le secret statistique quand state vaut suppressed",
        "secrecy": "aucun effectif inférieur au seuil de la publication (set.threshold) ; d’autres cases sont masquées pour qu’aucune ne soit retrouvée par sommes et différences, y compris entre versions et entre découpages",
        "columns": columns,
    });
    serde_json::to_vec_pretty(&dictionary).map_err(Error::internal)
}
