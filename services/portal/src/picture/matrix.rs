//! Shares from one place to another: where the residents of each territory are treated.

use kernel::Decimal;

use super::{Svg, short};
use crate::text::numbers;

/// Shares of each row, in percent, from 0 to 100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Matrix {
    pub(crate) rows: Vec<String>,
    pub(crate) columns: Vec<String>,
    pub(crate) shares: Vec<Vec<Decimal>>,
}

const LABEL: i64 = 150;
const ROW: i64 = 36;
/// With more columns than this, their names lean so that figures stay as large as the words around them.
const UPRIGHT: i64 = 8;
/// What cells then share.
const ACROSS: i64 = 900;

/// How wide a cell is, how high the head, how many letters a name of a column may have.
struct Layout {
    cell: i64,
    top: i64,
    letters: usize,
    /// What a name that leans needs to the right of the last column.
    margin: i64,
}

impl Layout {
    fn of(columns: i64) -> Self {
        if columns <= UPRIGHT {
            Self {
                cell: 86,
                top: 30,
                letters: 13,
                margin: 0,
            }
        } else {
            Self {
                cell: (ACROSS / columns).clamp(50, 86),
                top: 96,
                letters: 16,
                margin: 70,
            }
        }
    }

    fn leans(&self) -> bool {
        self.margin > 0
    }
}

/// One cell a pair, darker where the share is larger.
pub(crate) fn matrix(id: &str, title: &str, of: &Matrix) -> String {
    let count = |items: usize| i64::try_from(items).unwrap_or(0);
    let (rows, columns) = (count(of.rows.len()), count(of.columns.len()));
    let layout = Layout::of(columns);
    let (cell, top) = (layout.cell, layout.top);
    let width = LABEL + columns.max(1) * cell + layout.margin;
    let mut svg = Svg::new(width, top + rows.max(1) * ROW);
    if layout.leans() {
        svg.class = "pic pic-long";
    }
    for (rank, column) in (0..).zip(&of.columns) {
        let x = LABEL + rank * cell + cell / 2;
        let name = short(column, layout.letters);
        if layout.leans() {
            svg.leaning("pic-soft", x, top - 8, &name);
        } else {
            svg.text("pic-soft", "middle", x, top - 10, &name);
        }
    }
    let mut sentences = Vec::new();
    for (line, (row, shares)) in (0..).zip(of.rows.iter().zip(&of.shares)) {
        let y = top + line * ROW;
        svg.text("pic-text", "start", 0, y + 23, &short(row, 20));
        for (rank, (column, share)) in (0..).zip(of.columns.iter().zip(shares)) {
            let x = LABEL + rank * cell;
            let class = class_of(*share);
            svg.rect(&format!("pic-tile pic-tile--{class}"), x, y, cell, ROW);
            if *share > Decimal::ZERO {
                let on = match class {
                    4 => "pic-on pic-on--inverse",
                    3 => "pic-on pic-on--mid",
                    _ => "pic-on",
                };
                let shown = numbers::decimal(share.round_dp(0));
                svg.text(on, "middle", x + cell / 2, y + 23, &shown);
                let told = numbers::decimal(share.round_dp(1));
                sentences.push(format!("{row} vers {column} : {told} %."));
            }
        }
    }
    svg.finish_telling(id, title, sentences)
}

/// From 0 (nothing) to 4 (three quarters and more).
fn class_of(share: Decimal) -> u8 {
    match share {
        share if share <= Decimal::ZERO => 0,
        share if share < Decimal::from(10) => 1,
        share if share < Decimal::from(30) => 2,
        share if share < Decimal::from(75) => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_share_is_drawn_and_those_above_zero_are_told() {
        let of = Matrix {
            rows: vec!["Nord".to_owned()],
            columns: vec!["Nord".to_owned(), "Sud".to_owned(), "ailleurs".to_owned()],
            shares: vec![vec![
                Decimal::new(805, 1),
                Decimal::new(195, 1),
                Decimal::ZERO,
            ]],
        };
        let drawn = matrix("m", "Flux", &of);
        assert_eq!(drawn.matches("<rect").count(), 3);
        assert!(drawn.contains("Nord vers Nord : 80,5 %. Nord vers Sud : 19,5 %."));
        assert!(!drawn.contains("vers ailleurs"));
        assert!(!drawn.contains("rotate("));
    }

    #[test]
    fn names_of_many_columns_lean_and_stay_readable() {
        let names = || (1..=17).map(|rank| format!("Territoire {rank}"));
        let of = Matrix {
            rows: names().take(1).collect(),
            columns: names().collect(),
            shares: vec![vec![Decimal::from(5); 17]],
        };
        let drawn = matrix("m", "Flux", &of);
        assert_eq!(drawn.matches("rotate(").count(), 17);
        assert!(drawn.contains("pic-long") && drawn.contains(">Territoire 17</text>"));
        assert!(drawn.contains("Territoire 1 vers Territoire 17 : 5 %."));
    }
}
