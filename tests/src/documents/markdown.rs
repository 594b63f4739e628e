//! Tables that a person can read in the source as well.

/// Tells where a document comes from, after its title.
pub(super) const GENERATED: &str =
    "_Generated from the code by `cargo run --package cpom-tests --bin docs`; do not edit._\n";

/// A table with padded columns.
pub(super) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = header.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells
            .zip(&widths)
            .map(|(cell, width)| format!(" {cell:<width$} "))
            .collect();
        format!("|{}|\n", padded.join("|"))
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut text = line(&mut header.iter().copied());
    text.push_str(&line(&mut rule.iter().map(String::as_str)));
    for row in rows {
        text.push_str(&line(&mut row.iter().map(String::as_str)));
    }
    text
}

/// Text that stands in a cell.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [
            vec!["é".to_owned(), "two".to_owned()],
            vec!["three".to_owned(), cell("a|b\n c")],
        ];
        assert_eq!(
            table(&["x", "y"], &rows),
            "| x     | y      |\n| ----- | ------ |\n| é     | two    |\n| three | a\\|b c |\n"
        );
    }
}
