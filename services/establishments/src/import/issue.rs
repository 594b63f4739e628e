//! What can be wrong with a file or with one of its lines, in terms a caller can act on.

/// Why a line was left out, or taken without one of its fields. The texts are part of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    // These leave the line out.
    FinessLength,
    FinessFormat,
    FinessKey,
    SpreadsheetDamage,
    MissingField,
    TruncatedLine,
    TooManyFields,
    BadCode,
    BadDate,
    ValueTooLong,
    ControlCharacter,
    UnknownRegion,
    UnknownRecordType,
    BadJsonShape,
    DuplicateLine,
    UnknownLegalEntity,
    RegionConflict,
    // With these the line is taken, without the field.
    SiretFormat,
    SiretKey,
    SirenKey,
    BadCoordinates,
    // The line is taken as it is.
    DamagedText,
    // About the file: nothing was closed.
    ClosuresWithheld,
}

impl Reason {
    /// Stable text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FinessLength => "FINESS_LENGTH",
            Self::FinessFormat => "FINESS_FORMAT",
            Self::FinessKey => "FINESS_KEY",
            Self::SpreadsheetDamage => "SPREADSHEET_DAMAGE",
            Self::MissingField => "MISSING_FIELD",
            Self::TruncatedLine => "TRUNCATED_LINE",
            Self::TooManyFields => "TOO_MANY_FIELDS",
            Self::BadCode => "BAD_CODE",
            Self::BadDate => "BAD_DATE",
            Self::ValueTooLong => "VALUE_TOO_LONG",
            Self::ControlCharacter => "CONTROL_CHARACTER",
            Self::UnknownRegion => "UNKNOWN_REGION",
            Self::UnknownRecordType => "UNKNOWN_RECORD_TYPE",
            Self::BadJsonShape => "BAD_JSON_SHAPE",
            Self::DuplicateLine => "DUPLICATE_LINE",
            Self::UnknownLegalEntity => "UNKNOWN_LEGAL_ENTITY",
            Self::RegionConflict => "REGION_CONFLICT",
            Self::SiretFormat => "SIRET_FORMAT",
            Self::SiretKey => "SIRET_KEY",
            Self::SirenKey => "SIREN_KEY",
            Self::BadCoordinates => "BAD_COORDINATES",
            Self::DamagedText => "DAMAGED_TEXT",
            Self::ClosuresWithheld => "CLOSURES_WITHHELD",
        }
    }
}

/// Something wrong at one place of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// From 1, the header included; 0 for the file as a whole.
    pub line: u64,
    /// Column or JSON key; empty for the line as a whole.
    pub field: String,
    pub reason: Reason,
    /// What is wrong and what to do, in words.
    pub explanation: String,
    /// The offending value, cut to [`Issue::VALUE_CHARS`] characters.
    pub value: String,
}

impl Issue {
    /// Enough to recognise a value, little enough to show a thousand of them.
    pub const VALUE_CHARS: usize = 80;

    pub fn new(
        line: u64,
        field: &str,
        reason: Reason,
        explanation: impl Into<String>,
        value: &str,
    ) -> Self {
        Self {
            line,
            field: shown(field),
            reason,
            explanation: explanation.into(),
            value: shown(value),
        }
    }
}

/// What can be shown and stored of a text from a file: its beginning, without control characters (Postgres
/// stores no NUL).
fn shown(text: &str) -> String {
    let printable = |c: char| {
        if c.is_control() {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    text.chars()
        .take(Issue::VALUE_CHARS)
        .map(printable)
        .collect()
}

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("the file is empty: send the bytes of the extract after the header")]
    Empty,
    #[error("the file is {0}: export it as UTF-8 (or windows-1252) text")]
    Encoding(&'static str),
    #[error("this is not a {layout} file: {problem}")]
    Layout {
        layout: &'static str,
        problem: String,
    },
    #[error(
        "the JSON ends or breaks at line {line}, column {column}: {problem}; download the file again"
    )]
    Json {
        line: usize,
        column: usize,
        problem: String,
    },
}

impl Unreadable {
    /// Stable text.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "EMPTY_FILE",
            Self::Encoding(_) => "UNSUPPORTED_ENCODING",
            Self::Layout { .. } => "UNKNOWN_LAYOUT",
            Self::Json { .. } => "BAD_JSON",
        }
    }
}
