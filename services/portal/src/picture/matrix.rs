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
const TOP: i64 = 30;
const CELL: i64 = 86;
const ROW: i64 = 36;

/// One cell a pair, darker where the share is larger.
pub(crate) fn matrix(id: &str, title: &str, of: &Matrix) -> String {
    let count = |items: usize| i64::try_from(items).unwrap_or(0);
    let (rows, columns) = (count(of.rows.len()), count(of.columns.len()));
    let mut svg = Svg::new(LABEL + columns.max(1) * CELL, TOP + rows.max(1) * ROW);
    for (rank, column) in (0..).zip(&of.columns) {
        let x = LABEL + rank * CELL + CELL / 2;
        svg.text("pic-soft", "middle", x, 20, &short(column, 13));
    }
    let mut sentences = Vec::new();
    for (line, (row, shares)) in (0..).zip(of.rows.iter().zip(&of.shares)) {
        let y = TOP + line * ROW;
        svg.text("pic-text", "start", 0, y + 23, &short(row, 20));
        for (rank, (column, share)) in (0..).zip(of.columns.iter().zip(shares)) {
            let x = LABEL + rank * CELL;
            let class = class_of(*share);
            svg.rect(&format!("pic-tile pic-tile--{class}"), x, y, CELL, ROW);
            if *share > Decimal::ZERO {
                let on = match class {
                    4 => "pic-on pic-on--inverse",
                    3 => "pic-on pic-on--mid",
                    _ => "pic-on",
                };
                let shown = numbers::decimal(share.round_dp(0));
                svg.text(on, "middle", x + CELL / 2, y + 23, &shown);
                let told = numbers::decimal(share.round_dp(1));
                sentences.push(format!("{row} vers {column} : {told} %."));
            }
        }
    }
    svg.finish(id, title, &sentences.join(" "))
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
    }
}
