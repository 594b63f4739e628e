//! Which cells of a table of counts must be hidden before it is published with its totals.
//!
//! A small count, 1 to 10 as a rule, is hidden (primary). Totals would give it back by subtraction, so others are hidden with
//! it (secondary) until none can be recovered, neither by linear combination of what is published nor by also
//! using that counts are not negative.
//!
//! The table is a network: rows and columns (the totals are one more of each) are nodes, cells are edges. What is
//! published fixes every hidden cell except for shifts along cycles of hidden cells, alternately plus and minus.
//! A hidden cell is safe when such a cycle goes through it whose decreasing cells are all positive. An unsafe one
//! is given the cycle that hides the least: a shortest path.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashSet},
};

/// Counts from 1 up to here are hidden, unless another rule is given.
pub const LARGEST_HIDDEN: u64 = 10;

/// A table with its totals computed: the last row and the last column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    cells: Vec<Vec<u64>>,
}

/// The lines of a table do not have the same length, or there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("the table is empty")]
    Empty,
    #[error("line {0} does not have as many cells as the first")]
    Ragged(usize),
    #[error("the counts add up to more than can be represented")]
    TooLarge,
}

/// What may be published of one cell. Whether a hidden cell is primary or secondary is not told: it would be
/// information about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    Count(u64),
    Hidden,
}

type Cell = (usize, usize);

/// How a node of the network was reached most cheaply.
#[derive(Debug, Clone, Copy)]
struct Reached {
    cost: u64,
    /// The node before it and the cell between them; none at the start.
    from: Option<(usize, Cell)>,
}

impl Table {
    /// A table of inner counts, to which totals are added.
    ///
    /// # Errors
    /// When the lines differ in length, or there is none.
    pub fn new(counts: &[Vec<u64>]) -> Result<Self, TableError> {
        let width = counts.first().map_or(0, Vec::len);
        if width == 0 {
            return Err(TableError::Empty);
        }
        let mut cells = Vec::with_capacity(counts.len() + 1);
        let mut bottom = vec![0u64; width + 1];
        for (place, line) in counts.iter().enumerate() {
            if line.len() != width {
                return Err(TableError::Ragged(place + 1));
            }
            let mut line = line.clone();
            let total = line
                .iter()
                .try_fold(0u64, |sum, count| sum.checked_add(*count));
            line.push(total.ok_or(TableError::TooLarge)?);
            for (below, count) in bottom.iter_mut().zip(&line) {
                *below = below.checked_add(*count).ok_or(TableError::TooLarge)?;
            }
            cells.push(line);
        }
        cells.push(bottom);
        Ok(Self { cells })
    }

    /// What may be published when counts from 1 to `largest_hidden` are not, totals in the last row and column.
    pub fn publishable(&self, largest_hidden: u64) -> Vec<Vec<Published>> {
        let hidden = self.hidden(largest_hidden);
        let line = |(row, counts): (usize, &Vec<u64>)| {
            let cell = |(column, count): (usize, &u64)| {
                if hidden.contains(&(row, column)) {
                    Published::Hidden
                } else {
                    Published::Count(*count)
                }
            };
            counts.iter().enumerate().map(cell).collect()
        };
        self.cells.iter().enumerate().map(line).collect()
    }

    fn hidden(&self, largest_hidden: u64) -> HashSet<Cell> {
        let small = |count: u64| (1..=largest_hidden).contains(&count);
        let mut hidden: HashSet<Cell> =
            self.all().filter(|cell| small(self.count(*cell))).collect();
        loop {
            let mut unsafe_cells: Vec<Cell> = hidden
                .iter()
                .copied()
                .filter(|cell| !self.is_safe(*cell, &hidden))
                .collect();
            // The largest first: its cycle often protects smaller ones too. The order is fixed, so that the
            // same table is always published in the same way.
            unsafe_cells.sort_by_key(|cell| (Reverse(self.count(*cell)), *cell));
            let Some(cell) = unsafe_cells.first() else {
                return hidden;
            };
            hidden.extend(self.cheapest_protection(*cell, &hidden));
        }
    }

    fn all(&self) -> impl Iterator<Item = Cell> {
        let (rows, columns) = self.size();
        (0..rows).flat_map(move |row| (0..columns).map(move |column| (row, column)))
    }

    fn size(&self) -> (usize, usize) {
        (self.cells.len(), self.cells.first().map_or(0, Vec::len))
    }

    fn count(&self, (row, column): Cell) -> u64 {
        self.cells
            .get(row)
            .and_then(|line| line.get(column))
            .copied()
            .unwrap_or_default()
    }

    /// A total of lines or of columns (not the grand total) stands on the other side of its equation.
    fn is_opposite(&self, (row, column): Cell) -> bool {
        let (rows, columns) = self.size();
        (row + 1 == rows) != (column + 1 == columns)
    }

    /// Whether the cell may be walked in this direction: one way its count grows, the other way it shrinks,
    /// which a zero cannot.
    fn can_walk(&self, cell: Cell, from_row: bool) -> bool {
        let grows = from_row != self.is_opposite(cell);
        grows || self.count(cell) > 0
    }

    fn is_safe(&self, cell: Cell, hidden: &HashSet<Cell>) -> bool {
        let free = |cell: Cell| hidden.contains(&cell).then_some(0);
        [true, false]
            .into_iter()
            .any(|from_row| self.cycle(cell, from_row, &free).is_some())
    }

    /// The cells to hide so that this one is on a cycle, losing as little as possible.
    fn cheapest_protection(&self, cell: Cell, hidden: &HashSet<Cell>) -> Vec<Cell> {
        // One more for each cell, so that among equal losses the fewest cells are hidden.
        let price = |cell: Cell| {
            Some(if hidden.contains(&cell) {
                0
            } else {
                self.count(cell).saturating_add(1)
            })
        };
        let ways = [true, false]
            .into_iter()
            .filter_map(|from_row| self.cycle(cell, from_row, &price));
        ways.min_by_key(|(cost, _)| *cost)
            .map(|(_, cells)| cells)
            .unwrap_or_default()
    }

    /// The cheapest way back from one end of the cell to the other without the cell itself (Dijkstra).
    fn cycle(
        &self,
        through: Cell,
        from_row: bool,
        price: &impl Fn(Cell) -> Option<u64>,
    ) -> Option<(u64, Vec<Cell>)> {
        if !self.can_walk(through, from_row) {
            return None;
        }
        let (rows, columns) = self.size();
        // Rows are nodes 0.., columns follow.
        let (row_node, column_node) = (through.0, rows + through.1);
        let (start, goal) = if from_row {
            (column_node, row_node)
        } else {
            (row_node, column_node)
        };
        let mut best: Vec<Option<Reached>> = vec![None; rows + columns];
        let mut queue = BinaryHeap::from([Reverse((0u64, start))]);
        *best.get_mut(start)? = Some(Reached {
            cost: 0,
            from: None,
        });
        while let Some(Reverse((cost, node))) = queue.pop() {
            if node == goal {
                break;
            }
            if best.get(node)?.is_some_and(|known| known.cost < cost) {
                continue;
            }
            let on_row = node < rows;
            let neighbours = if on_row {
                rows..rows + columns
            } else {
                0..rows
            };
            for next in neighbours {
                let cell = if on_row {
                    (node, next - rows)
                } else {
                    (next, node - rows)
                };
                if cell == through || !self.can_walk(cell, on_row) {
                    continue;
                }
                let Some(price) = price(cell) else { continue };
                let total = cost.saturating_add(price);
                let slot = best.get_mut(next)?;
                if slot.is_none_or(|known| total < known.cost) {
                    *slot = Some(Reached {
                        cost: total,
                        from: Some((node, cell)),
                    });
                    queue.push(Reverse((total, next)));
                }
            }
        }
        let end = (*best.get(goal)?)?;
        let mut cells = Vec::new();
        let mut step = end.from;
        while let Some((previous, cell)) = step {
            cells.push(cell);
            step = (*best.get(previous)?)?.from;
        }
        Some((end.cost, cells))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn publish(counts: &[&[u64]]) -> Vec<Vec<Published>> {
        let counts: Vec<Vec<u64>> = counts.iter().map(|line| line.to_vec()).collect();
        Table::new(&counts).unwrap().publishable(LARGEST_HIDDEN)
    }

    fn hidden_cells(table: &[Vec<Published>]) -> usize {
        table
            .iter()
            .flatten()
            .filter(|cell| **cell == Published::Hidden)
            .count()
    }

    #[test]
    fn a_table_without_small_counts_is_published_whole() {
        assert_eq!(hidden_cells(&publish(&[&[0, 11, 20], &[30, 0, 50]])), 0);
    }

    #[test]
    fn one_small_count_takes_three_others_with_it() {
        let table = publish(&[&[5, 100, 90], &[80, 60, 70], &[200, 300, 400]]);
        assert_eq!(hidden_cells(&table), 4);
        assert_eq!(table[0][0], Published::Hidden);
    }

    /// The attacker knows all published cells, that lines and columns add up, and that counts are whole and not
    /// negative; it tries every completion.
    fn completions(table: &[Vec<Published>], limit: u64) -> Vec<Vec<u64>> {
        let unknown: Vec<Cell> = table
            .iter()
            .enumerate()
            .flat_map(|(r, line)| {
                line.iter()
                    .enumerate()
                    .map(move |(c, cell)| ((r, c), *cell))
            })
            .filter(|(_, cell)| *cell == Published::Hidden)
            .map(|(place, _)| place)
            .collect();
        let mut found = Vec::new();
        let mut guess = vec![0u64; unknown.len()];
        loop {
            let value = |r: usize, c: usize| match table[r][c] {
                Published::Count(count) => count,
                Published::Hidden => guess[unknown.iter().position(|p| *p == (r, c)).unwrap()],
            };
            let (rows, columns) = (table.len() - 1, table[0].len() - 1);
            let lines_add_up = (0..=rows)
                .all(|r| (0..columns).map(|c| value(r, c)).sum::<u64>() == value(r, columns));
            let columns_add_up = (0..=columns)
                .all(|c| (0..rows).map(|r| value(r, c)).sum::<u64>() == value(rows, c));
            if lines_add_up && columns_add_up {
                found.push(guess.clone());
            }
            let mut place = 0;
            while place < guess.len() && guess[place] == limit {
                guess[place] = 0;
                place += 1;
            }
            if place == guess.len() {
                return found;
            }
            guess[place] += 1;
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Every hidden cell of a small table has at least two possible values.
        #[test]
        fn trying_every_completion_recovers_no_hidden_cell(
            counts in prop::collection::vec(prop::collection::vec(prop_oneof![Just(0u64), 1u64..4, Just(11)], 2), 2)
        ) {
            let table = Table::new(&counts).unwrap().publishable(LARGEST_HIDDEN);
            let hidden = hidden_cells(&table);
            prop_assume!(hidden > 0 && hidden <= 5);
            let all = completions(&table, 24);
            prop_assert!(!all.is_empty());
            for place in 0..hidden {
                let first = all[0][place];
                prop_assert!(all.iter().any(|guess| guess[place] != first), "cell {place} of {table:?}");
            }
        }

        /// On larger tables: what is published leaves every small count undetermined by elimination.
        #[test]
        fn linear_algebra_recovers_no_small_count(
            counts in prop::collection::vec(prop::collection::vec(0u64..60, 6), 5)
        ) {
            let counts_table = Table::new(&counts).unwrap();
            let table = counts_table.publishable(LARGEST_HIDDEN);
            for (r, line) in counts.iter().enumerate() {
                for (c, count) in line.iter().enumerate() {
                    if (1..=LARGEST_HIDDEN).contains(count) {
                        prop_assert_eq!(table[r][c], Published::Hidden);
                        prop_assert!(!is_determined(&table, (r, c)));
                    }
                }
            }
        }
    }

    /// Modulo a large prime, ranks are what they are over the rationals, but for freak coincidences.
    const PRIME: i64 = 1_000_003;

    /// Gaussian elimination over the equations of the lines and columns: whether they fix this cell.
    fn is_determined(table: &[Vec<Published>], target: Cell) -> bool {
        let (rows, columns) = (table.len(), table[0].len());
        let unknown: Vec<Cell> = (0..rows)
            .flat_map(|r| (0..columns).map(move |c| (r, c)))
            .filter(|(r, c)| table[*r][*c] == Published::Hidden)
            .collect();
        let coefficient =
            |line: &dyn Fn(Cell) -> i64| unknown.iter().map(|p| line(*p)).collect::<Vec<_>>();
        let mut equations: Vec<Vec<i64>> = Vec::new();
        for r in 0..rows {
            equations.push(coefficient(&|p| {
                i64::from(p.0 == r) * if p.1 + 1 == columns { -1 } else { 1 }
            }));
        }
        for c in 0..columns {
            equations.push(coefficient(&|p| {
                i64::from(p.1 == c) * if p.0 + 1 == rows { -1 } else { 1 }
            }));
        }
        let rank = |mut m: Vec<Vec<i64>>| {
            let mut rank = 0;
            for column in 0..unknown.len() {
                let Some(pivot) = (rank..m.len()).find(|i| m[*i][column].rem_euclid(PRIME) != 0)
                else {
                    continue;
                };
                m.swap(rank, pivot);
                let inverse = (1..PRIME)
                    .find(|i| (i * m[rank][column]).rem_euclid(PRIME) == 1)
                    .unwrap();
                let pivot_row: Vec<i64> = m[rank]
                    .iter()
                    .map(|v| (v * inverse).rem_euclid(PRIME))
                    .collect();
                for (i, row) in m.iter_mut().enumerate() {
                    if i != rank && row[column].rem_euclid(PRIME) != 0 {
                        let factor = row[column];
                        for (value, p) in row.iter_mut().zip(&pivot_row) {
                            *value = (*value - factor * p).rem_euclid(PRIME);
                        }
                    }
                }
                m[rank] = pivot_row;
                rank += 1;
            }
            rank
        };
        let unit: Vec<i64> = unknown.iter().map(|p| i64::from(*p == target)).collect();
        let mut with_unit = equations.clone();
        with_unit.push(unit);
        rank(equations) == rank(with_unit)
    }
}
