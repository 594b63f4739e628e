//! One value of a file and the ways to read it. Each way says what is wrong in the same words,
//! whatever the layout.

use kernel::{Decimal, Finess, Region, Siret, finess::FinessError, siret::SiretError};

use super::issue::{Issue, Reason};
use crate::domain::{
    Siren,
    geography::{self, Territory},
    registry::Location,
};

/// A value and where it stands. The value is trimmed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) line: u64,
    pub(super) name: &'a str,
    pub(super) value: &'a str,
}

/// Longest accepted text, in characters. The official layouts stop at 60.
const TEXT_CHARS: usize = 300;

impl Field<'_> {
    pub(super) fn issue(&self, reason: Reason, explanation: impl Into<String>) -> Issue {
        Issue::new(self.line, self.name, reason, explanation, self.value)
    }

    /// A text, or none when empty. A text that lost its accents elsewhere is kept and reported.
    pub(super) fn text(&self, warnings: &mut Vec<Issue>) -> Result<Option<String>, Issue> {
        if self.value.is_empty() {
            return Ok(None);
        }
        if self.value.chars().any(char::is_control) {
            let words = "the value holds a control character, which no published file does";
            return Err(self.issue(Reason::ControlCharacter, words));
        }
        if self.value.chars().count() > TEXT_CHARS {
            let words = format!("the value is longer than {TEXT_CHARS} characters");
            return Err(self.issue(Reason::ValueTooLong, words));
        }
        if self.value.contains(char::REPLACEMENT_CHARACTER) {
            let words =
                "letters were lost when this file was converted; take it from its publisher";
            warnings.push(self.issue(Reason::DamagedText, words));
        }
        Ok(Some(self.value.to_owned()))
    }

    /// A text that must be there.
    pub(super) fn required_text(&self, warnings: &mut Vec<Issue>) -> Result<String, Issue> {
        self.text(warnings)?.ok_or_else(|| self.missing())
    }

    fn missing(&self) -> Issue {
        self.issue(
            Reason::MissingField,
            "the field is empty and the record cannot do without it",
        )
    }

    /// A FINESS number that must be there.
    pub(super) fn finess(&self) -> Result<Finess, Issue> {
        if self.value.is_empty() {
            return Err(self.missing());
        }
        self.value.parse().map_err(|error: FinessError| {
            // 010000024 opened in a spreadsheet becomes 10000024: the key still holds.
            let lost_zero = format!("0{}", self.value).parse::<Finess>().is_ok();
            match error {
                FinessError::Length(8) if lost_zero => self.issue(
                    Reason::SpreadsheetDamage,
                    "a spreadsheet dropped the leading zero; export the column as text",
                ),
                FinessError::Length(_) => self.issue(Reason::FinessLength, error.to_string()),
                FinessError::SpreadsheetDamage => {
                    self.issue(Reason::SpreadsheetDamage, error.to_string())
                }
                FinessError::Format => self.issue(Reason::FinessFormat, error.to_string()),
                FinessError::Key => self.issue(Reason::FinessKey, error.to_string()),
            }
        })
    }

    /// A code of so many digits, or none when empty. A code of another form tells that the columns
    /// shifted, so it leaves the line out.
    pub(super) fn digits(&self, count: usize) -> Result<Option<String>, Issue> {
        if self.value.is_empty() {
            return Ok(None);
        }
        let well_formed =
            self.value.len() == count && self.value.bytes().all(|c| c.is_ascii_digit());
        if !well_formed {
            let words = format!("a code of {count} digits is expected here");
            return Err(self.issue(Reason::BadCode, words));
        }
        Ok(Some(self.value.to_owned()))
    }

    /// A SIRET, or none when empty. It is no key of the registry and published files hold a few bad
    /// ones: the line is taken without it, and the report says so. A number that a spreadsheet
    /// rounded leaves the line out, because the others on the line went through the same spreadsheet.
    pub(super) fn siret(&self, warnings: &mut Vec<Issue>) -> Result<Option<Siret>, Issue> {
        if self.value.is_empty() {
            return Ok(None);
        }
        match self.value.parse::<Siret>() {
            Ok(siret) => Ok(Some(siret)),
            Err(error @ SiretError::SpreadsheetDamage) => {
                Err(self.issue(Reason::SpreadsheetDamage, error.to_string()))
            }
            Err(error) => {
                let reason = match error {
                    SiretError::Key => Reason::SiretKey,
                    _ => Reason::SiretFormat,
                };
                let words = format!("{error}; the record was taken without its SIRET");
                warnings.push(self.issue(reason, words));
                Ok(None)
            }
        }
    }

    /// A SIREN, or none when empty or (with a warning) wrong, for the same reason.
    pub(super) fn siren(&self, warnings: &mut Vec<Issue>) -> Option<Siren> {
        if self.value.is_empty() {
            return None;
        }
        let siren = Siren::parse(self.value);
        if siren.is_none() {
            let words = "a SIREN has 9 digits and a Luhn key; the record was taken without it";
            warnings.push(self.issue(Reason::SirenKey, words));
        }
        siren
    }

    /// A region by its INSEE code.
    pub(super) fn region(&self) -> Result<Region, Issue> {
        if self.value.is_empty() {
            return Err(self.missing());
        }
        self.value
            .parse()
            .map_err(|error: kernel::region::UnknownRegion| {
                self.issue(Reason::UnknownRegion, error.to_string())
            })
    }

    /// The territory of a département (INSEE or FINESS code).
    pub(super) fn territory(&self) -> Result<Territory, Issue> {
        if self.value.is_empty() {
            return Err(self.missing());
        }
        geography::territory(&geography::department_code(self.value)).ok_or_else(|| {
            self.issue(
                Reason::UnknownRegion,
                "no region has a département of this code",
            )
        })
    }

    /// A commune by its INSEE code, or none when empty.
    pub(super) fn commune(&self) -> Result<Option<String>, Issue> {
        if self.value.is_empty() {
            return Ok(None);
        }
        let code = geography::commune_code(self.value).ok_or_else(|| {
            self.issue(
                Reason::BadCode,
                "the INSEE code of a commune has 5 characters (13055, 2A004)",
            )
        })?;
        Ok(Some(code))
    }
}

/// A place from its latitude and longitude. Anything but two numbers on Earth is reported and left out.
pub(super) fn location(
    latitude: Field<'_>,
    longitude: Field<'_>,
    warnings: &mut Vec<Issue>,
) -> Option<Location> {
    if latitude.value.is_empty() && longitude.value.is_empty() {
        return None;
    }
    let number = |field: Field<'_>| field.value.parse::<Decimal>().ok();
    let location = number(latitude)
        .zip(number(longitude))
        .and_then(|(latitude, longitude)| Location::new(latitude, longitude));
    if location.is_none() {
        let words = "latitude and longitude are not two numbers of degrees; the record was taken without them";
        warnings.push(latitude.issue(Reason::BadCoordinates, words));
    }
    location
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(value: &str) -> Field<'_> {
        Field {
            line: 3,
            name: "f",
            value,
        }
    }

    #[test]
    fn each_damage_to_a_finess_number_has_its_reason() {
        for (value, reason) in [
            ("", Reason::MissingField),
            ("10000024", Reason::SpreadsheetDamage),
            ("1,00E+07", Reason::SpreadsheetDamage),
            ("75071218", Reason::FinessLength),
            ("750712185", Reason::FinessKey),
            ("2C0000014", Reason::FinessFormat),
        ] {
            assert_eq!(field(value).finess().unwrap_err().reason, reason, "{value}");
        }
        assert!(field("010000024").finess().is_ok());
    }

    #[test]
    fn a_wrong_siret_is_a_warning_and_a_rounded_one_a_rejection() {
        let mut warnings = Vec::new();
        assert_eq!(field("73282932000075").siret(&mut warnings), Ok(None));
        assert_eq!(field("775552003").siret(&mut warnings), Ok(None));
        let reasons: Vec<Reason> = warnings.iter().map(|w| w.reason).collect();
        assert_eq!(reasons, [Reason::SiretKey, Reason::SiretFormat]);
        let damaged = field("2,601E+13").siret(&mut warnings).unwrap_err();
        assert_eq!(damaged.reason, Reason::SpreadsheetDamage);
        assert_eq!(warnings.len(), 2);
    }

    #[test]
    fn a_text_is_bounded_printable_and_its_lost_letters_are_noticed() {
        let mut warnings = Vec::new();
        assert_eq!(
            field("a\0b").text(&mut warnings).unwrap_err().reason,
            Reason::ControlCharacter
        );
        let long = "é".repeat(301);
        let issue = field(&long).text(&mut warnings).unwrap_err();
        assert_eq!(
            (issue.reason, issue.value.chars().count()),
            (Reason::ValueTooLong, 80)
        );
        assert!(warnings.is_empty());
        assert_eq!(
            field("d\u{FFFD}p\u{F4}t").text(&mut warnings),
            Ok(Some("d\u{FFFD}pôt".into()))
        );
        assert_eq!(warnings.len(), 1);
    }

    #[test]
    fn half_a_place_is_no_place() {
        let mut warnings = Vec::new();
        assert_eq!(location(field("43.3"), field(""), &mut warnings), None);
        assert_eq!(location(field("NaN"), field("5.4"), &mut warnings), None);
        assert_eq!(warnings.len(), 2);
        assert_eq!(location(field(""), field(""), &mut warnings), None);
        assert_eq!(warnings.len(), 2);
        assert!(location(field("43.3"), field("5.4"), &mut warnings).is_some());
    }
}
