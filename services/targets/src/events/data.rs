//! Facts about reference data, case-mix and publications.

use std::collections::BTreeSet;

use kernel::Region;
use proto::targets::v1 as pb;
use store::{Error, Fact};

use crate::{
    domain::{finances::Figures, quality::Gate},
    grpc::files::count,
    store::{
        case_mix_write::Import, finances as store_finances, nomenclature::Version,
        outline::Drawing, population::Population, published_rates::RateSet, territory::Imported,
    },
};

/// A version of a nomenclature was imported.
pub(crate) fn nomenclature(version: &Version, region: Region) -> Result<Fact, Error> {
    let name = version.id.to_string();
    let message = pb::NomenclatureImported {
        nomenclature: name.clone(),
        valid_from: version.valid_from.to_string(),
        source: version.source.clone(),
        file_name: version.file_name.clone(),
        sha256: version.sha256.clone(),
        entries: version.entries,
    };
    Fact::new("nomenclature", &name, 1, &name, region, &message)
}

/// A version of territories was imported.
pub(crate) fn territories(imported: &Imported) -> Result<Fact, Error> {
    let version = &imported.version;
    let name = format!("territoryVersions/{}", version.id);
    let message = pb::TerritoriesImported {
        region: version.region.to_string(),
        territory_version: name.clone(),
        valid_from: version.valid_from.to_string(),
        valid_to: version
            .valid_to
            .map(|day| day.to_string())
            .unwrap_or_default(),
        source: imported.source.clone(),
        file_name: imported.file_name.clone(),
        sha256: imported.sha256.clone(),
        territories: imported.territories,
        areas: imported.areas,
    };
    Fact::new(
        "territory_version",
        &name,
        1,
        &name,
        version.region,
        &message,
    )
}

/// The outlines of a version of territories were imported, or replaced.
pub(crate) fn outlines(drawing: &Drawing, region: Region) -> Result<Fact, Error> {
    let territories = format!("territoryVersions/{}", drawing.version);
    let message = pb::OutlinesImported {
        territory_version: territories.clone(),
        source: drawing.source.clone(),
        licence: drawing.licence.clone(),
        file_name: drawing.file_name.clone(),
        sha256: drawing.sha256.clone(),
        territories: drawing.territories,
        points: drawing.points,
    };
    Fact::new(
        "territory_outlines",
        format!("territoryOutlines/{}", drawing.version),
        drawing.revision,
        &territories,
        region,
        &message,
    )
}

/// A population was imported, or replaced.
pub(crate) fn population(population: &Population, region: Region) -> Result<Fact, Error> {
    let name = format!("populations/{}", population.id);
    let message = pb::PopulationImported {
        population: name.clone(),
        year: population.year.into(),
        source: population.source.clone(),
        file_name: population.file_name.clone(),
        sha256: population.sha256.clone(),
        areas: population.area_count,
        inhabitants: population.inhabitants,
    };
    Fact::new(
        "population",
        &name,
        population.version,
        &name,
        region,
        &message,
    )
}

/// What an import of case-mix changed.
pub(crate) struct Applied {
    pub(crate) years: Vec<i16>,
    pub(crate) establishments: usize,
    pub(crate) replaced: usize,
}

/// A case-mix file was applied.
pub(crate) fn case_mix(import: &Import, applied: &Applied, gates: &[Gate]) -> Result<Fact, Error> {
    let message = pb::CaseMixImported {
        region: import.region.to_string(),
        field: import.field.as_str().to_owned(),
        source: import.source.clone(),
        extraction_date: import.extraction_date.to_string(),
        file_name: import.file_name.clone(),
        sha256: import.sha256.clone(),
        years: applied.years.iter().map(|year| i32::from(*year)).collect(),
        establishments: count(applied.establishments),
        replaced: count(applied.replaced),
        accepted_gates: gates.iter().map(|gate| gate.reason.to_owned()).collect(),
        justification: import.justification.clone(),
    };
    let fact = Fact::new(
        "case_mix_import",
        import.id,
        1,
        import.id,
        import.region,
        &message,
    )?;
    Ok(match import.justification.as_str() {
        "" => fact,
        reason => fact.because(reason),
    })
}

/// A file of finances was applied.
pub(crate) fn finances(
    import: &store_finances::Import,
    report: &pb::FinancesReport,
    figures: &Figures,
) -> Result<Fact, Error> {
    let years: BTreeSet<i16> = figures.keys().map(|key| key.year).collect();
    let message = pb::FinancesImported {
        region: import.region.to_string(),
        layout: import.layout.as_str().to_owned(),
        source: import.source.clone(),
        extraction_date: import.extraction_date.to_string(),
        file_name: import.file_name.clone(),
        sha256: import.sha256.clone(),
        years: years.into_iter().map(i32::from).collect(),
        subjects: report.subjects,
        replaced: report.replaced,
        unknown: report.unknown_count,
    };
    Fact::new(
        "finance_import",
        import.id,
        1,
        import.id,
        import.region,
        &message,
    )
}

/// Rates were published.
pub(crate) fn rates(set: &RateSet) -> Result<Fact, Error> {
    let series = format!("publishedRateSets/{}", set.series);
    let message = pb::RatesPublished {
        region: set.region.to_string(),
        rate_set: format!("{series}/versions/{}", set.version),
        title: set.title.clone(),
        method: set.method.clone(),
        sources: set.sources.clone(),
        correction: set.correction.clone(),
        data_version: set.data_version.clone(),
        sha256: set.sha256.clone(),
        rates: set.rates,
        suppressed: set.suppressed,
    };
    let version = i64::from(set.version);
    let fact = Fact::new(
        "published_rate_set",
        &series,
        version,
        &series,
        set.region,
        &message,
    )?;
    Ok(match set.correction.as_str() {
        "" => fact,
        reason => fact.because(reason),
    })
}
