//! The head of a column, and how its figures are written: those of one unit stand under one another.

use super::Cell;
use crate::text::numbers;

/// The head of a column.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) title: String,
    pub(crate) is_number: bool,
    /// Decimals of every figure of a column of one unit, so that they stand under one another.
    decimals: Option<usize>,
}

impl Column {
    /// A title that ends in `#` heads numbers.
    pub(super) fn of(title: &str) -> Self {
        let is_number = title.ends_with('#');
        let title = title.trim_end_matches('#').to_owned();
        let decimals = (is_number && has_one_unit(&title)).then_some(0);
        Self {
            title,
            is_number,
            decimals,
        }
    }

    /// A figure more of the column.
    pub(super) fn measure(&mut self, cell: &Cell) {
        const CENTS: usize = 2;
        let (Some(decimals), Cell::Number(number)) = (self.decimals.as_mut(), cell) else {
            return;
        };
        let own = usize::try_from(number.normalize().scale()).unwrap_or_default();
        let own = if own > 0 && self.title.contains('€') {
            own.max(CENTS)
        } else {
            own
        };
        *decimals = own.max(*decimals);
    }

    /// A cell as people read it in this column.
    pub(crate) fn shown(&self, cell: &Cell) -> String {
        /// More of them than this are a computation, not a figure to compare.
        const MOST: usize = 4;
        match (cell, self.decimals) {
            (Cell::Number(number), Some(decimals)) if decimals <= MOST => {
                numbers::with_decimals(*number, decimals)
            }
            _ => cell.shown(),
        }
    }
}

/// Whether all figures under a title count the same thing: euros, percents, rates, indices.
fn has_one_unit(title: &str) -> bool {
    title.contains(['€', '%'])
        || title.contains("pour 1 000")
        || ["Indice", "Taux", "Rapport"]
            .iter()
            .any(|word| title.starts_with(word))
}

#[cfg(test)]
mod tests {
    use crate::table::{Cell, Table};

    #[test]
    fn figures_of_one_unit_have_as_many_decimals_as_one_another() {
        let titles = ["Indice#", "Cible#", "Montant (€)#"];
        let mut table = Table::new("essai", "Essai", &titles);
        for row in [["1.1", "4", "1235000.5"], ["1.19", "85.5", "1300000"]] {
            table.push(row.map(Cell::number).to_vec());
        }
        let shown: Vec<String> = table
            .rows
            .iter()
            .flat_map(|row| table.cells(row))
            .map(|(cell, column)| column.shown(cell))
            .collect();
        assert_eq!(
            shown,
            [
                "1,10",
                "4",
                "1\u{202f}235\u{202f}000,50",
                "1,19",
                "85,5",
                "1\u{202f}300\u{202f}000,00"
            ],
            "a column that counts several things keeps each as it is"
        );
        assert!(table.csv().contains("1,1;4;1235000,5"));
    }
}
