//! `cpom rates`: the statistical methods on a file, without any server, so that a statistician can check them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use statistics::{
    rates::{self, Stratum},
    suppression::{LARGEST_HIDDEN, Published, Table as Counts},
};

use super::Context;
use crate::{
    cli::RatesCommand,
    failure::Exit,
    output::{Table, french},
};

/// Label of computed totals, which a file may not use for a line of its own.
const TOTAL: &str = "TOTAL";

/// Columns of a file of age and sex classes.
const CLASSES: &[&str] = &[
    "territory",
    "age_class",
    "sex",
    "population",
    "cases",
    "reference_population",
    "reference_rate_per_1000",
];

pub(super) fn run(context: &Context, command: &RatesCommand) -> Result<Exit> {
    match command {
        RatesCommand::Compute(args) => compute(context, &args.file),
        RatesCommand::Suppress(args) => suppress(context, &args.file),
    }
}

fn compute(context: &Context, path: &Path) -> Result<Exit> {
    let mut territories: BTreeMap<String, Vec<Stratum>> = BTreeMap::new();
    let mut classes = BTreeSet::new();
    // By territory and column: the first line of a total, and whether there are classes beside it.
    let mut totals: BTreeMap<(String, &str), (Option<u64>, bool)> = BTreeMap::new();
    for line in read(path, CLASSES)? {
        let [territory, age_class, sex] = [0, 1, 2].map(|place| line.text(place).to_owned());
        ensure!(
            !territory.is_empty(),
            "line {}: the territory is empty",
            line.number
        );
        for (column, label) in [("age_class", &age_class), ("sex", &sex)] {
            let (total, has_classes) = totals.entry((territory.clone(), column)).or_default();
            if is_total(label) {
                total.get_or_insert(line.number);
            } else {
                *has_classes = true;
            }
        }
        let class = (territory.clone(), age_class, sex);
        ensure!(
            classes.insert(class),
            "line {}: this age class and sex of {territory} stands twice",
            line.number
        );
        let stratum = Stratum {
            population: line.decimal(3)?,
            cases: line.decimal(4)?,
            reference_population: line.decimal(5)?,
            reference_rate_per_1000: line.decimal(6)?,
        };
        ensure!(
            stratum.population > 0.0 || stratum.cases <= 0.0,
            "line {}, population: nobody is in a class that has cases",
            line.number
        );
        territories.entry(territory).or_default().push(stratum);
    }
    ensure!(!territories.is_empty(), "{} has no line", path.display());
    for ((territory, column), found) in totals {
        if let (Some(number), true) = found {
            bail!(
                "line {number}, {column}: a total of {territory} stands beside its classes, and they would count twice; leave it out"
            );
        }
    }
    let mut values = Vec::with_capacity(territories.len());
    let mut table = Table::new(&[
        "territory",
        "crude",
        "direct",
        "expected",
        "index",
        "index_low",
        "index_high",
        "indirect",
    ]);
    for (territory, strata) in territories {
        let rates = rates::compute(&strata).with_context(|| format!("territory {territory}"))?;
        let figures = [
            ("crude", rates.crude),
            ("direct", rates.direct),
            ("expected", rates.expected),
            ("index", rates.index),
            ("index_low", rates.index_low),
            ("index_high", rates.index_high),
            ("indirect", rates.indirect),
        ];
        let texts = figures.iter().map(|(_, figure)| format!("{figure:.4}"));
        table.row([territory.clone()].into_iter().chain(texts));
        let mut value = json!({ "territory": territory });
        for (name, figure) in figures {
            value[name] = json!(figure);
        }
        values.push(value);
    }
    context
        .output
        .print(&Value::Array(values), || table.to_string())?;
    Ok(Exit::Success)
}

fn suppress(context: &Context, path: &Path) -> Result<Exit> {
    let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
    for line in read(path, &["row", "column", "count"])? {
        let [row, column] = [0, 1].map(|place| line.text(place).to_owned());
        for label in [&row, &column] {
            ensure!(!label.is_empty(), "line {}: a label is empty", line.number);
            ensure!(
                !is_total(label),
                "line {}: totals are computed, leave them out",
                line.number
            );
        }
        let count = line.count(2)?;
        ensure!(
            counts.insert((row, column), count).is_none(),
            "line {}: this row and column stand twice",
            line.number
        );
    }
    ensure!(!counts.is_empty(), "{} has no line", path.display());
    let mut rows: Vec<&str> = Vec::new();
    let mut columns: BTreeSet<&str> = BTreeSet::new();
    for (row, column) in counts.keys() {
        if rows.last() != Some(&row.as_str()) {
            rows.push(row);
        }
        columns.insert(column);
    }
    // A combination that the file does not have is a count of zero.
    let cell = |row: &str, column: &str| {
        counts
            .get(&(row.to_owned(), column.to_owned()))
            .copied()
            .unwrap_or_default()
    };
    let inner: Vec<Vec<u64>> = rows
        .iter()
        .map(|row| columns.iter().map(|column| cell(row, column)).collect())
        .collect();
    let published = Counts::new(&inner)?.publishable(LARGEST_HIDDEN);

    let labels: Vec<&str> = columns.iter().copied().chain([TOTAL]).collect();
    let mut headings = vec![""];
    headings.extend(&labels);
    let mut table = Table::new(&headings);
    let mut values = Vec::new();
    for (row, cells) in rows.into_iter().chain([TOTAL]).zip(&published) {
        let mut texts = vec![row.to_owned()];
        for (column, cell) in labels.iter().zip(cells) {
            let (count, hidden) = match cell {
                Published::Count(count) => (json!(count), false),
                Published::Hidden => (Value::Null, true),
            };
            values.push(
                json!({ "row": row, "column": column, "count": count, "suppressed": hidden }),
            );
            texts.push(match cell {
                Published::Count(count) => french(i64::try_from(*count).unwrap_or(i64::MAX)),
                Published::Hidden => "·".to_owned(),
            });
        }
        table.row(texts);
    }
    context
        .output
        .print(&Value::Array(values), || table.to_string())?;
    Ok(Exit::Success)
}

/// Whether a label is that of a total, as tables write it.
fn is_total(label: &str) -> bool {
    [TOTAL, "ENSEMBLE"]
        .iter()
        .any(|total| label.eq_ignore_ascii_case(total))
}

/// A line of the file, its cells in the order that was asked for.
struct Line {
    number: u64,
    columns: &'static [&'static str],
    cells: Vec<String>,
}

impl Line {
    fn text(&self, place: usize) -> &str {
        self.cells.get(place).map_or("", |cell| cell.trim())
    }

    /// A number with a decimal point or comma; nothing else, so that `1 234` or `1.234,5` is not misread.
    fn decimal(&self, place: usize) -> Result<f64> {
        let text = self.text(place);
        let plain = text.replace(',', ".");
        let well_formed = plain.bytes().all(|c| c.is_ascii_digit() || c == b'.');
        match plain.parse::<f64>() {
            Ok(number) if well_formed && number.is_finite() => Ok(number),
            Ok(number) if number < 0.0 => bail!(
                "line {}, {}: {text:?} is negative",
                self.number,
                self.columns.get(place).unwrap_or(&""),
            ),
            _ => bail!(
                "line {}, {}: {text:?} is not a number; write it without spaces or thousands separators",
                self.number,
                self.columns.get(place).unwrap_or(&""),
            ),
        }
    }

    fn count(&self, place: usize) -> Result<u64> {
        let text = self.text(place);
        let column = self.columns.get(place).unwrap_or(&"");
        let is_negative = text.parse::<i64>().is_ok_and(|number| number < 0);
        ensure!(
            !is_negative,
            "line {}, {column}: {text:?} is negative",
            self.number
        );
        text.parse().with_context(|| {
            format!(
                "line {}, {column}: {text:?} is not a whole number; write it without thousands separators",
                self.number,
            )
        })
    }
}

/// Reads a `;` file with a header, whatever the order of its columns.
fn read(path: &Path, columns: &'static [&'static str]) -> Result<Vec<Line>> {
    let bytes =
        std::fs::read(path).with_context(|| format!("could not read {}", path.display()))?;
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let read = bytes.iter().take(error.valid_up_to());
            let number = 1 + read.filter(|byte| **byte == b'\n').count();
            bail!(
                "line {number}: {} is not UTF-8; save it as UTF-8",
                path.display()
            );
        }
    };
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .from_reader(text.as_bytes());
    let headers = reader.headers()?.clone();
    for column in columns {
        let mut same = headers.iter().filter(|header| header.trim() == *column);
        ensure!(
            same.nth(1).is_none(),
            "line 1: {} has two columns {column}",
            path.display()
        );
    }
    let places = columns
        .iter()
        .map(|column| {
            headers
                .iter()
                .position(|header| header.trim() == *column)
                .with_context(|| {
                    format!(
                        "line 1: {} has no column {column}; expected: {}",
                        path.display(),
                        columns.join(";")
                    )
                })
        })
        .collect::<Result<Vec<_>>>()?;
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record?;
        let number = record.position().map_or(0, csv::Position::line);
        ensure!(
            record.len() == headers.len(),
            "line {number}: it has {} fields and the header {}",
            record.len(),
            headers.len()
        );
        let cells = places
            .iter()
            .map(|place| record.get(*place).unwrap_or("").to_owned())
            .collect();
        lines.push(Line {
            number,
            columns,
            cells,
        });
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, content: &str) -> std::path::PathBuf {
        let path = std::env::temp_dir().join(format!("cpom-rates-{name}-{}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        path
    }

    #[test]
    fn columns_are_found_by_name_and_a_decimal_comma_is_read() {
        let path = file("order", "count;column;row\n12;x;a\n7;y;a\n");
        let lines = read(&path, &["row", "column", "count"]).unwrap();
        assert_eq!((lines[0].text(0), lines[0].count(2).unwrap()), ("a", 12));
        let path = file("comma", "row;column;count\na;x;1,5\n");
        assert!(
            (read(&path, &["row", "column", "count"]).unwrap()[0]
                .decimal(2)
                .unwrap()
                - 1.5)
                .abs()
                < 1e-9
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line_and_column() {
        let path = file("thousands", "row;column;count\na;x;1 234\n");
        let line = &read(&path, &["row", "column", "count"]).unwrap()[0];
        let error = format!("{:#}", line.count(2).unwrap_err());
        assert!(
            error.contains("line 2, count") && error.contains("thousands"),
            "{error}"
        );
        let path = file("missing", "row;count\na;1\n");
        let error = read(&path, &["row", "column", "count"])
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("no column column"), "{error}");
    }
}
