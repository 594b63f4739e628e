//! Lines of `;`-separated fields. A record never spans two lines in these files, so each line is read
//! alone and a damaged one cannot swallow its neighbours.

use std::borrow::Cow;

use super::{
    field::Field,
    issue::{Issue, Reason, Unreadable},
};

/// The lines that say something, numbered from 1.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
}

/// Cuts a line at each `;`. A field may be wrapped in quotes, which only count when the closing one
/// stands right before a separator or the end; any other quote is text, as in `CLINIQUE "LES PINS"`.
pub(super) fn split(line: &str) -> Vec<Cow<'_, str>> {
    let mut fields = Vec::new();
    let mut rest = Some(line);
    while let Some(text) = rest {
        let (field, after) = quoted(text).unwrap_or_else(|| match text.split_once(';') {
            Some((field, after)) => (Cow::Borrowed(field), Some(after)),
            None => (Cow::Borrowed(text), None),
        });
        fields.push(field);
        rest = after;
    }
    fields
}

/// A leading quoted field and what follows its separator, or none when the text does not begin with one.
fn quoted(text: &str) -> Option<(Cow<'_, str>, Option<&str>)> {
    let inner = text.strip_prefix('"')?;
    let mut from = 0;
    loop {
        let quote = from + inner.get(from..)?.find('"')?;
        let after = inner.get(quote + 1..)?;
        let rest = match after.bytes().next() {
            None => None,
            Some(b';') => after.get(1..),
            Some(b'"') => {
                from = quote + 2;
                continue;
            }
            Some(_) => return None,
        };
        let field = inner.get(..quote)?;
        let field = if field.contains("\"\"") {
            Cow::Owned(field.replace("\"\"", "\""))
        } else {
            Cow::Borrowed(field)
        };
        return Some((field, rest));
    }
}

/// The columns of a file (or of one of its record types), by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    names: Vec<String>,
    /// Number of fields a whole line has at least.
    required_len: usize,
}

impl Layout {
    /// Columns fixed by a specification, of which the last ones may be absent.
    pub(super) fn fixed(names: &[&str], required_len: usize) -> Self {
        Self {
            names: names.iter().map(|n| (*n).to_owned()).collect(),
            required_len,
        }
    }

    /// Columns named by the header line, in any order; those that the layout cannot do without must be there.
    pub(super) fn from_header(
        header: &str,
        layout: &'static str,
        needed: &[&str],
    ) -> Result<Self, Unreadable> {
        let wrong = |problem| Err(Unreadable::Layout { layout, problem });
        let names: Vec<String> = split(header)
            .iter()
            .map(|name| name.trim().to_ascii_lowercase())
            .collect();
        let missing: Vec<&str> = needed
            .iter()
            .copied()
            .filter(|n| !names.iter().any(|name| name == n))
            .collect();
        if !missing.is_empty() {
            return wrong(format!(
                "its first line must name the columns, and lacks {}",
                missing.join(", ")
            ));
        }
        if let Some(twice) = needed
            .iter()
            .find(|n| names.iter().filter(|m| m == *n).count() > 1)
        {
            return wrong(format!("column {twice} is there twice"));
        }
        let required_len = names.len();
        Ok(Self {
            names,
            required_len,
        })
    }

    /// The fields of a line, or why it is not a whole line.
    pub(super) fn row<'a>(&'a self, line: u64, text: &'a str) -> Result<Row<'a>, Issue> {
        let fields = split(text);
        if fields.len() < self.required_len {
            let missing = self.names.get(fields.len()).map_or("", String::as_str);
            let explanation = format!(
                "the line stops after {} of {} fields; it was cut",
                fields.len(),
                self.required_len
            );
            return Err(Issue::new(
                line,
                missing,
                Reason::TruncatedLine,
                explanation,
                text,
            ));
        }
        // Spreadsheets add empty fields at the end; anything else there has shifted the columns.
        if fields
            .iter()
            .skip(self.names.len())
            .any(|extra| !extra.trim().is_empty())
        {
            let explanation = format!(
                "the line has {} fields for {} columns: put values that hold a ; between quotes",
                fields.len(),
                self.names.len()
            );
            return Err(Issue::new(
                line,
                "",
                Reason::TooManyFields,
                explanation,
                text,
            ));
        }
        Ok(Row {
            line,
            layout: self,
            fields,
        })
    }
}

/// One line, its fields reached by name.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) line: u64,
    layout: &'a Layout,
    fields: Vec<Cow<'a, str>>,
}

impl Row<'_> {
    /// The field of that name; empty when the file has no such column.
    pub(super) fn field<'a>(&'a self, name: &'a str) -> Field<'a> {
        let place = self.layout.names.iter().position(|n| n == name);
        let value = place
            .and_then(|i| self.fields.get(i))
            .map_or("", |value| value.trim());
        Field {
            line: self.line,
            name,
            value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quotes_wrap_a_field_or_are_text() {
        for (line, fields) in [
            ("a;b;c", vec!["a", "b", "c"]),
            ("a;;", vec!["a", "", ""]),
            ("", vec![""]),
            (r#""a;b";c"#, vec!["a;b", "c"]),
            (r#""LES ""PINS""";c"#, vec![r#"LES "PINS""#, "c"]),
            (
                r#"CLINIQUE "LES PINS";c"#,
                vec![r#"CLINIQUE "LES PINS""#, "c"],
            ),
            (r#""LES PINS" ANNEXE;c"#, vec![r#""LES PINS" ANNEXE"#, "c"]),
            (r#""never closed;c"#, vec![r#""never closed"#, "c"]),
        ] {
            assert_eq!(split(line), fields, "{line}");
        }
    }

    #[test]
    fn blank_lines_and_line_ends_do_not_shift_the_numbers() {
        let read: Vec<_> = lines("a\r\n\r\nb\n \nc").collect();
        assert_eq!(read, [(1, "a"), (3, "b"), (5, "c")]);
    }

    #[test]
    fn a_header_names_what_it_lacks() {
        let needed = ["a", "b", "c"];
        assert!(Layout::from_header("C; a;B;d", "test", &needed).is_ok());
        let problem = |header: &str| Layout::from_header(header, "test", &needed).unwrap_err();
        assert!(
            problem("a;x").to_string().ends_with("lacks b, c"),
            "{}",
            problem("a;x")
        );
        assert!(
            problem("a;b;c;a")
                .to_string()
                .contains("column a is there twice")
        );
    }

    #[test]
    fn a_short_line_names_the_first_field_it_lacks() {
        let layout = Layout::from_header("a;b;c", "test", &[]).unwrap();
        let issue = layout.row(7, "1;2").unwrap_err();
        assert_eq!(
            (issue.line, issue.field.as_str(), issue.reason),
            (7, "c", Reason::TruncatedLine)
        );
        assert_eq!(
            layout.row(7, "1;2;3;4").unwrap_err().reason,
            Reason::TooManyFields
        );
        assert!(layout.row(7, "1;2;3;;").is_ok());
    }

    proptest! {
        #[test]
        fn what_is_quoted_comes_back(fields in prop::collection::vec("[a-z;\" ]{0,6}", 1..6)) {
            let line: Vec<String> =
                fields.iter().map(|f| format!("\"{}\"", f.replace('"', "\"\""))).collect();
            let line = line.join(";");
            prop_assert_eq!(split(&line), fields);
        }

        #[test]
        fn no_line_makes_the_reader_panic(line in "\\PC*") {
            let _ = split(&line);
        }
    }
}
