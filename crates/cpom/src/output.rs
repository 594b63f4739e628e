//! What goes to standard output: tables for people, JSON for programs.

use anyhow::Result;
use prost::{Message, Name};
use serde::Serialize;
use serde_json::Value;

/// Narrow no-break space, the French separator of thousands.
const THOUSANDS: char = '\u{202f}';

/// How to print.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    pub json: bool,
}

impl Output {
    /// Prints a value as JSON, or the text of `table` for people.
    pub fn print(self, value: &impl Serialize, table: impl FnOnce() -> String) -> Result<()> {
        use std::io::Write;
        let text = if self.json {
            serde_json::to_string_pretty(value)? + "\n"
        } else {
            table()
        };
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            // The reader (`head`, a pager) has seen enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
            written => written?,
        }
        Ok(())
    }

    /// Prints a message, or the text of `table`.
    pub fn message<M: Message + Name>(
        self,
        message: &M,
        table: impl FnOnce() -> String,
    ) -> Result<()> {
        self.print(&json(message)?, table)
    }

    /// Prints messages as a JSON list, or the text of `table`.
    pub fn messages<M: Message + Name>(
        self,
        messages: &[M],
        table: impl FnOnce() -> String,
    ) -> Result<()> {
        let list = messages.iter().map(json).collect::<Result<Vec<_>>>()?;
        self.print(&Value::Array(list), table)
    }
}

fn json<M: Message + Name>(message: &M) -> Result<Value> {
    Ok(proto::json::to_value(message, true)?)
}

/// Rows under headings, in columns as wide as their widest cell.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(headings: &[&str]) -> Self {
        Self {
            rows: vec![headings.iter().map(|&heading| heading.to_owned()).collect()],
        }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or_default()
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (index, row) in self.rows.iter().enumerate() {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                // Numbers to the right, where their digits line up.
                let cell = if index > 0 && is_number(cell) {
                    format!("{cell:>width$}  ")
                } else {
                    format!("{cell:<width$}  ")
                };
                line.push_str(&cell);
            }
            writeln!(f, "{}", line.trim_end())?;
            if index == 0 {
                let rule: Vec<String> = widths.iter().map(|&width| "─".repeat(width)).collect();
                writeln!(f, "{}", rule.join("  "))?;
            }
        }
        Ok(())
    }
}

fn is_number(cell: &str) -> bool {
    let mut characters = cell.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_digit() || first == '-' || first == '−')
        && characters.all(|c| c.is_ascii_digit() || c == THOUSANDS || c == ',' || c == '.')
}

/// A count as the French write it: `12 345` with narrow no-break spaces.
pub fn french(count: impl TryInto<i64>) -> String {
    let digits = count.try_into().unwrap_or_default().to_string();
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => ("−", rest),
        None => ("", digits.as_str()),
    };
    let mut text = String::from(sign);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(THOUSANDS);
        }
        text.push(digit);
    }
    text
}

/// An instant as people read it, in UTC to the second.
pub fn instant(time: Option<&prost_types::Timestamp>) -> String {
    let Some(time) = time else {
        return String::new();
    };
    let text = time.to_string();
    match text.get(..19) {
        Some(seconds) => format!("{}Z", seconds.replace('T', " ")),
        None => text,
    }
}

/// The enum value without the prefix that protobuf wants: `CONTRACT_STATE_IN_FORCE` → `IN_FORCE`.
pub fn short<'a>(name: &'a str, prefix: &str) -> &'a str {
    name.strip_prefix(prefix).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_written_the_french_way() {
        assert_eq!(french(0), "0");
        assert_eq!(french(999), "999");
        assert_eq!(french(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(french(-1_000), "−1\u{202f}000");
    }

    #[test]
    fn a_table_lines_up_and_puts_numbers_to_the_right() {
        let mut table = Table::new(&["Nom", "Nombre"]);
        table.row(["été".into(), "7".into()]);
        table.row(["hiver".into(), "1\u{202f}234".into()]);
        assert_eq!(
            table.to_string(),
            "Nom    Nombre\n─────  ──────\nété         7\nhiver   1\u{202f}234\n"
        );
    }

    #[test]
    fn an_instant_is_cut_to_the_second() {
        let time = prost_types::Timestamp {
            seconds: 0,
            nanos: 123_000_000,
        };
        assert_eq!(instant(Some(&time)), "1970-01-01 00:00:00Z");
    }
}
