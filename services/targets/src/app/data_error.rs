//! How each refusal of data appears on the wire.

use rpc::{Reason, ReasonDoc};
use tonic::Code;

use crate::domain::DataRefusal;

impl rpc::Refusal for DataRefusal {
    fn reason(&self) -> Reason {
        let reason = |name| Reason::listed(name, DATA_REASONS);
        match self {
            Self::HeaderExpected => reason("HEADER_EXPECTED"),
            Self::ChunkExpected => reason("CHUNK_EXPECTED"),
            Self::FileTooLarge { limit } => reason("FILE_TOO_LARGE").with("limit_bytes", limit),
            Self::UploadStalled { seconds } => reason("UPLOAD_STALLED").with("seconds", seconds),
            Self::VersionExists(name) => reason("VERSION_EXISTS").with("name", name),
            Self::NomenclatureUnknown(name) => reason("NOMENCLATURE_UNKNOWN").with("name", name),
            Self::TerritoryVersionUnknown(name) => {
                reason("TERRITORY_VERSION_UNKNOWN").with("name", name)
            }
            Self::PopulationUnknown(name) => reason("POPULATION_UNKNOWN").with("name", name),
            Self::PopulationOtherYear(name) => reason("POPULATION_OTHER_YEAR").with("name", name),
            Self::DryRunFirst => reason("DRY_RUN_FIRST"),
            Self::ChecksumMismatch { expected, received } => reason("CHECKSUM_MISMATCH")
                .with("expected", expected)
                .with("received", received),
            Self::JustificationRequired => reason("JUSTIFICATION_REQUIRED"),
            Self::PopulationWrongYear {
                population_year,
                year,
            } => reason("POPULATION_WRONG_YEAR")
                .with("population_year", population_year)
                .with("year", year),
            Self::PopulationTooCoarse => reason("POPULATION_TOO_COARSE"),
            Self::PopulationIncomplete { area } => {
                reason("POPULATION_INCOMPLETE").with("area", area)
            }
            Self::NoCases { year, .. } => reason("NO_CASES").with("year", year),
            Self::TooManyActivities { count, limit } => reason("TOO_MANY_ACTIVITIES")
                .with("count", count)
                .with("limit", limit),
            Self::CorrectionRequired => reason("CORRECTION_REQUIRED"),
            Self::NothingToCorrect => reason("NOTHING_TO_CORRECT"),
            Self::RateSuppressed => reason("RATE_SUPPRESSED"),
        }
    }
}

/// The reasons of data, for `docs/ERRORS.md`.
pub const DATA_REASONS: &[ReasonDoc] = &[
    ReasonDoc::new(
        "HEADER_EXPECTED",
        Code::InvalidArgument,
        "send the header alone in the first message",
    ),
    ReasonDoc::new(
        "CHUNK_EXPECTED",
        Code::InvalidArgument,
        "send only chunks after the header",
    ),
    ReasonDoc::new(
        "FILE_TOO_LARGE",
        Code::InvalidArgument,
        "cut the file in several",
    ),
    ReasonDoc::new(
        "UPLOAD_STALLED",
        Code::DeadlineExceeded,
        "upload the file again, on a better line",
    ),
    ReasonDoc::new(
        "VERSION_EXISTS",
        Code::AlreadyExists,
        "import the file as another version",
    ),
    ReasonDoc::new(
        "NOMENCLATURE_UNKNOWN",
        Code::FailedPrecondition,
        "import the nomenclature first",
    ),
    ReasonDoc::new(
        "TERRITORY_VERSION_UNKNOWN",
        Code::FailedPrecondition,
        "import the territories first",
    ),
    ReasonDoc::new(
        "POPULATION_UNKNOWN",
        Code::FailedPrecondition,
        "import the population first",
    ),
    ReasonDoc::new(
        "POPULATION_OTHER_YEAR",
        Code::AlreadyExists,
        "import the file under another identifier",
    ),
    ReasonDoc::new(
        "DRY_RUN_FIRST",
        Code::FailedPrecondition,
        "run the import with dry_run, then apply the same bytes",
    ),
    ReasonDoc::new(
        "CHECKSUM_MISMATCH",
        Code::InvalidArgument,
        "upload the file that was checked",
    ),
    ReasonDoc::new(
        "JUSTIFICATION_REQUIRED",
        Code::InvalidArgument,
        "say in `justification` why the gates may pass",
    ),
    ReasonDoc::new(
        "POPULATION_WRONG_YEAR",
        Code::InvalidArgument,
        "take a population at most three years away",
    ),
    ReasonDoc::new(
        "POPULATION_TOO_COARSE",
        Code::FailedPrecondition,
        "take a population by commune, or territories made of départements",
    ),
    ReasonDoc::new(
        "POPULATION_INCOMPLETE",
        Code::FailedPrecondition,
        "take a population that has the area",
    ),
    ReasonDoc::new(
        "NO_CASES",
        Code::FailedPrecondition,
        "import the case-mix of the field and year",
    ),
    ReasonDoc::new(
        "TOO_MANY_ACTIVITIES",
        Code::InvalidArgument,
        "name at most 200 activities",
    ),
    ReasonDoc::new(
        "CORRECTION_REQUIRED",
        Code::InvalidArgument,
        "say in `correction` what was wrong",
    ),
    ReasonDoc::new(
        "NOTHING_TO_CORRECT",
        Code::InvalidArgument,
        "leave `correction` empty, or check `series`",
    ),
    ReasonDoc::new(
        "RATE_SUPPRESSED",
        Code::FailedPrecondition,
        "use a larger territory or a broader activity",
    ),
];

#[cfg(test)]
mod tests {
    use rpc::Refusal as _;

    use super::*;
    use crate::domain::{
        case_mix::PmsiField,
        nomenclature::{NomenclatureId, NomenclatureKind},
    };

    #[test]
    fn every_refusal_is_documented() {
        let text = String::new;
        let nomenclature = NomenclatureId {
            kind: NomenclatureKind::Forms,
            version: text(),
        };
        let refusals = [
            DataRefusal::HeaderExpected,
            DataRefusal::ChunkExpected,
            DataRefusal::FileTooLarge { limit: 1 },
            DataRefusal::UploadStalled { seconds: 1 },
            DataRefusal::VersionExists(text()),
            DataRefusal::NomenclatureUnknown(nomenclature),
            DataRefusal::TerritoryVersionUnknown(text()),
            DataRefusal::PopulationUnknown(text()),
            DataRefusal::PopulationOtherYear(text()),
            DataRefusal::DryRunFirst,
            DataRefusal::ChecksumMismatch {
                expected: text(),
                received: text(),
            },
            DataRefusal::JustificationRequired,
            DataRefusal::PopulationWrongYear {
                population_year: 1,
                year: 2,
            },
            DataRefusal::PopulationTooCoarse,
            DataRefusal::PopulationIncomplete { area: text() },
            DataRefusal::NoCases {
                field: PmsiField::Mco,
                year: 2024,
            },
            DataRefusal::TooManyActivities { count: 2, limit: 1 },
            DataRefusal::CorrectionRequired,
            DataRefusal::NothingToCorrect,
            DataRefusal::RateSuppressed,
        ];
        assert_eq!(refusals.len(), DATA_REASONS.len());
        for refusal in refusals {
            assert_ne!(refusal.reason().code, Code::Internal, "{refusal:?}");
        }
    }
}
