//! Why reference data, case-mix, rates and publications are refused. Reasons are public API: see `app/data_error.rs`.

use super::{case_mix::PmsiField, nomenclature::NomenclatureId};

/// What the rules of data do not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataRefusal {
    #[error("the first message of an upload holds the header and nothing else")]
    HeaderExpected,
    #[error("after the header, every message of an upload holds a chunk of the file")]
    ChunkExpected,
    #[error("the file is larger than {limit} bytes; cut it in several")]
    FileTooLarge { limit: usize },
    #[error("nothing was received for {seconds} seconds; upload the file again")]
    UploadStalled { seconds: u64 },
    #[error(
        "{0} was imported from another file and does not change; import this file as another version"
    )]
    VersionExists(String),
    #[error("{0} is not here; import it first, or take another version")]
    NomenclatureUnknown(NomenclatureId),
    #[error("{0} is not here; import it first, or take another version")]
    TerritoryVersionUnknown(String),
    #[error("{0} is not here; import it first, or take another one")]
    PopulationUnknown(String),
    #[error("{0} is of another year or other areas; import this file under another identifier")]
    PopulationOtherYear(String),
    #[error(
        "these bytes were not looked at; run the import with dry_run first, then apply the same file with its sha256"
    )]
    DryRunFirst,
    #[error(
        "the bytes have the SHA-256 {received}, not {expected}; upload the file that was checked"
    )]
    ChecksumMismatch { expected: String, received: String },
    #[error("gates are let pass by a person, with a justification")]
    JustificationRequired,
    #[error(
        "the population is of {population_year}, more than three years from the cases of {year}; take a closer one"
    )]
    PopulationWrongYear { population_year: i16, year: i16 },
    #[error(
        "the population is known by département only, and the territories are made of communes"
    )]
    PopulationTooCoarse,
    #[error(
        "the population has no inhabitants of {area}, which is in a territory; import a complete one"
    )]
    PopulationIncomplete { area: String },
    #[error("there is no case of the field {} in {year}; import the case-mix first", .field.as_str())]
    NoCases { field: PmsiField, year: i16 },
    #[error(
        "{count} activities have cases, at most {limit} go into one table; name those that matter"
    )]
    TooManyActivities { count: usize, limit: usize },
    #[error("a new version of a series says what it corrects")]
    CorrectionRequired,
    #[error(
        "a first version corrects nothing; leave `correction` empty, or check the name of the series"
    )]
    NothingToCorrect,
    #[error(
        "this rate is hidden by statistical secrecy: it counts fewer than 11 cases, or would give such a count back"
    )]
    RateSuppressed,
}
