//! What the cells of a file mean, and what is wrong with each.

use proto::targets::v1::{Absence, IndicatorValue, indicator_value::Content};

use super::COLUMNS;
use crate::text::numbers;

/// Lines that one file may hold: what a person can still look over.
pub(crate) const MAX_LINES: usize = 2_000;

/// One line of the file: what was typed in each column, and what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// As the spreadsheet numbers it.
    pub(crate) number: usize,
    /// In the order of [`COLUMNS`].
    pub(crate) typed: [String; 4],
    /// In the order of [`COLUMNS`].
    pub(crate) errors: [Option<&'static str>; 4],
    /// What would be sent; none when something is wrong.
    pub(crate) value: Option<IndicatorValue>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    pub(crate) lines: Vec<Line>,
    /// Columns that the first line does not name.
    pub(crate) missing: Vec<&'static str>,
    pub(crate) is_cut: bool,
}

impl Reading {
    /// Lines that can be sent.
    pub(crate) fn good(&self) -> usize {
        self.lines
            .iter()
            .filter(|line| line.value.is_some())
            .count()
    }

    /// Lines that cannot.
    pub(crate) fn bad(&self) -> usize {
        self.lines.len() - self.good()
    }
}

/// Reads rows whose first names the columns, in any order. Lines without a value are left out: a model that was
/// filled in part is a usual file.
pub(crate) fn read(rows: &[Vec<String>]) -> Reading {
    let head = rows.first().map_or(&[][..], Vec::as_slice);
    let places = COLUMNS.map(|column| head.iter().position(|cell| same_name(cell, column)));
    let missing: Vec<&'static str> = COLUMNS
        .into_iter()
        .zip(places)
        .filter_map(|(column, place)| place.is_none().then_some(column))
        .collect();
    if !missing.is_empty() {
        return Reading {
            lines: Vec::new(),
            missing,
            is_cut: false,
        };
    }
    let filled = rows.iter().enumerate().skip(1).filter_map(|(place, row)| {
        let typed = places.map(|place| {
            place
                .and_then(|place| row.get(place))
                .cloned()
                .unwrap_or_default()
        });
        (!typed[3].is_empty()).then(|| line(place + 1, typed))
    });
    let mut lines: Vec<Line> = filled.take(MAX_LINES + 1).collect();
    let is_cut = lines.len() > MAX_LINES;
    lines.truncate(MAX_LINES);
    Reading {
        lines,
        missing,
        is_cut,
    }
}

fn same_name(cell: &str, column: &str) -> bool {
    let plain = |text: &str| {
        text.to_lowercase()
            .replace(['é', 'è'], "e")
            .trim()
            .to_owned()
    };
    plain(cell) == plain(column)
}

fn line(number: usize, typed: [String; 4]) -> Line {
    let [subject, indicator, period, value] = &typed;
    let subject = subject.replace(char::is_whitespace, "").to_uppercase();
    let content = content(value);
    let errors = [
        subject
            .parse::<kernel::Finess>()
            .is_err()
            .then_some("ce n’est pas un numéro FINESS (neuf caractères, clé comprise)"),
        (!is_code(indicator)).then_some("ce n’est pas un code d’indicateur, comme MCO_STAYS"),
        (!is_period(period)).then_some("écrivez une année (2025) ou un mois (2025-05)"),
        content
            .is_none()
            .then_some("écrivez un nombre, « masqué » ou « manquant »"),
    ];
    let value = content
        .filter(|_| errors.iter().all(Option::is_none))
        .map(|content| IndicatorValue {
            subject,
            indicator: indicator.clone(),
            period: period.clone(),
            content: Some(content),
        });
    Line {
        number,
        typed,
        errors,
        value,
    }
}

fn is_code(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|c| c.is_ascii_uppercase())
        && text.len() <= 40
        && letters.all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// `2025` or `2025-05`.
fn is_period(text: &str) -> bool {
    let (year, month) = text.split_once('-').unwrap_or((text, "01"));
    let digits = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    digits(year, 4)
        && digits(month, 2)
        && month
            .parse::<u8>()
            .is_ok_and(|month| (1..=12).contains(&month))
}

/// A number that is not negative, or the reason why there is none.
fn content(text: &str) -> Option<Content> {
    match text.to_lowercase().as_str() {
        "masqué" | "masque" | "1 à 10" | "1 a 10" => {
            Some(Content::Absence(Absence::Masked.into()))
        }
        "manquant" | "manquante" | "nd" => Some(Content::Absence(Absence::Missing.into())),
        _ => numbers::parse(text)
            .filter(|number| !number.is_sign_negative())
            .map(|number| Content::Value(number.normalize().to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[[&str; 4]]) -> Vec<Vec<String>> {
        let head = [["Indicateur", "finess", "periode", "VALEUR"]];
        head.iter()
            .chain(lines)
            .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
            .collect()
    }

    #[test]
    fn each_wrong_cell_is_named_and_the_good_lines_are_kept() {
        let reading = read(&rows(&[
            ["MCO_STAYS", "130786049", "2025", "1 234,5"],
            ["séjours", "130786048", "2025-13", "beaucoup"],
            ["MCO_STAYS", "130786049", "2025-05", "masqué"],
            ["MCO_STAYS", "130786049", "2025-06", ""],
        ]));
        assert_eq!((reading.good(), reading.bad()), (2, 1));
        let content: Vec<_> = reading
            .lines
            .iter()
            .filter_map(|line| line.value.as_ref()?.content.clone())
            .collect();
        assert_eq!(
            content,
            [
                Content::Value("1234.5".to_owned()),
                Content::Absence(Absence::Masked.into())
            ]
        );
        let wrong = &reading.lines[1];
        assert_eq!(wrong.number, 3);
        assert!(wrong.errors.iter().all(Option::is_some), "{wrong:?}");
    }

    #[test]
    fn a_file_without_its_columns_says_which() {
        let reading = read(&[vec!["FINESS".to_owned(), "Valeur".to_owned()]]);
        assert_eq!(reading.missing, ["Indicateur", "Période"]);
        assert_eq!(read(&[]).missing.len(), 4);
    }

    #[test]
    fn zero_missing_and_masked_are_three_things_and_nothing_is_negative() {
        assert_eq!(content("0"), Some(Content::Value("0".to_owned())));
        assert_eq!(
            content("manquant"),
            Some(Content::Absence(Absence::Missing.into()))
        );
        assert_eq!(content("-1"), None);
    }
}
