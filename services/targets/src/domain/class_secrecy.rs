//! What standardised rates tell of classes of age and sex, and when that is too much.
//!
//! Classes are not published. But a direct rate is a sum of the cases of each class with weights that everybody can
//! compute, and so are expected cases: written with all their digits they tell the cases of every class, because few
//! whole numbers add up to them. So only two figures leave beside the counts, both rounded to one decimal; the index, its
//! interval and the indirect rate are computed from what is told.
//!
//! A rounded figure may still tell a class: of few inhabitants, or of few classes; and several of the same class more than
//! each of them: another division, other inhabitants, another unit, a group and its members, a correction. So everything
//! ever published about the same cases is one system, made of cells. A line has standardised rates only if,
//! for each class with 1 to 10 cases of each piece, territory and reference, other cases would have been told in the same
//! words by all publications: one case may stand in another class everywhere it is counted, be it that one stands in its
//! place elsewhere, without any figure changing. Who knows that a count did not change, or by how much a correction changed
//! it, knows no more by it. What cannot be shown to be hidden is not told.

mod cells;
mod figures;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use statistics::rates::{Rates, byar};

use self::{
    cells::{Cells, Reach, Shift},
    figures::{Figures, rounded},
};
use super::{
    activity_groups::ActivityGroups,
    case_mix::Measure,
    demography::STRATA,
    publication::Release,
    rates::{Inhabitants, number},
};

/// A line of a table: territory and activity, in the order of the table; none for a total.
pub type Line = (Option<usize>, Option<usize>);

/// Cases by activity, place of residence and class.
pub type Classes = BTreeMap<String, BTreeMap<String, Vec<i32>>>;

/// Rates as they are published: rounded, or computed from what is. None when nothing is expected in one decimal.
pub fn published(rates: &Rates, cases: i64, reference_crude: f64) -> Option<Rates> {
    let expected = rounded(rates.expected);
    if expected <= 0.0 {
        return None;
    }
    let observed = number(cases);
    let index = observed / expected;
    let (index_low, index_high) = byar(observed, expected);
    Some(Rates {
        crude: rates.crude,
        direct: rounded(rates.direct),
        expected,
        index,
        index_low,
        index_high,
        indirect: index * reference_crude,
    })
}

/// One publication, as far as classes go.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    pub release: &'a Release,
    pub measure: Measure,
    pub classes: &'a Classes,
    /// Of each of the release’s territories.
    pub inhabitants: Vec<Inhabitants>,
    /// Of what they are compared with; none when that is the territories together.
    pub reference: Option<Inhabitants>,
    /// The lines that have standardised rates, or would have.
    pub lines: BTreeSet<Line>,
}

/// Of the lines that would have standardised rates, those that may, beside everything that was told before about the same
/// cases, in whatever division, unit or version.
pub fn comparable(
    largest_hidden: u64,
    groups: &ActivityGroups,
    sheet: &Sheet<'_>,
    before: &[Sheet<'_>],
) -> BTreeSet<Line> {
    if sheet.lines.is_empty() {
        return BTreeSet::new();
    }
    let told = before.iter().filter(|sheet| !sheet.lines.is_empty());
    let sheets: Vec<&Sheet<'_>> = told.chain([sheet]).collect();
    let mut judge = Judge {
        largest_hidden,
        cells: Cells::new(groups, &sheets),
        figures: sheets.iter().map(|sheet| Figures::new(sheet)).collect(),
        columns: sheets
            .iter()
            .map(|sheet| sheet.release.activities.len())
            .collect(),
        has_reference: sheets
            .iter()
            .map(|sheet| sheet.release.reference.is_some())
            .collect(),
    };
    for target in judge.targets() {
        judge.protect(&target);
    }
    judge
        .figures
        .last()
        .map(|figures| figures.lines().collect())
        .unwrap_or_default()
}

/// Where cases of a class are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Area {
    Piece(usize),
    Territory(usize),
    All,
    Reference,
}

/// A small count: of a class, in an activity or all of them, as a publication divides the region.
#[derive(Debug, Clone, Copy)]
struct Target {
    sheet: usize,
    area: Area,
    column: Option<usize>,
    class: usize,
}

/// Knows every publication; the last is the one that is judged.
struct Judge {
    largest_hidden: u64,
    cells: Cells,
    figures: Vec<Figures>,
    /// By publication: how many activities, and whether the territories are compared with anything else.
    columns: Vec<usize>,
    has_reference: Vec<bool>,
}

impl Judge {
    fn is_small(&self, count: i64) -> bool {
        u64::try_from(count).is_ok_and(|count| (1..=self.largest_hidden).contains(&count))
    }

    /// Every small count of every publication, of its pieces and of what it adds up.
    fn targets(&self) -> Vec<Target> {
        let mut targets = Vec::new();
        let mut cells = HashSet::new();
        for (sheet, figures) in self.figures.iter().enumerate() {
            let columns = self.columns.get(sheet).copied().unwrap_or_default();
            let mut pieces_of = BTreeMap::new();
            for (piece, row, _) in self.cells.pieces(sheet) {
                *pieces_of.entry(row).or_insert(0_usize) += 1;
                for column in 0..columns {
                    let cell = self.cells.inside(sheet, piece, column);
                    for class in 0..STRATA {
                        let count = self.cells.count(sheet, piece, column, class);
                        let people = match row {
                            Some(row) => figures.people(row, class),
                            None => figures.reference_people(class),
                        };
                        // The same cells in another publication are the same secret.
                        if self.is_small(count)
                            && people > 0
                            && cells.insert((cell.to_vec(), class))
                        {
                            targets.push(Target {
                                sheet,
                                area: Area::Piece(piece),
                                column: Some(column),
                                class,
                            });
                        }
                    }
                }
            }
            let rows = figures.row(None);
            let reference = self.has_reference.get(sheet).copied().unwrap_or_default();
            let areas = (0..rows)
                .map(Area::Territory)
                .chain([Area::All])
                .chain(reference.then_some(Area::Reference));
            for area in areas {
                for column in (0..columns).map(Some).chain([None]) {
                    let is_piece = match area {
                        Area::Territory(row) => pieces_of.get(&Some(row)) == Some(&1),
                        Area::Piece(_) | Area::All | Area::Reference => false,
                    };
                    if is_piece && column.is_some() {
                        continue;
                    }
                    let target = |class| Target {
                        sheet,
                        area,
                        column,
                        class,
                    };
                    let is_secret = |class: &usize| {
                        let (count, people) = Self::sum(figures, area, column, *class);
                        self.is_small(count) && people > 0
                    };
                    targets.extend((0..STRATA).filter(is_secret).map(target));
                }
            }
        }
        targets
    }

    /// Cases of a class, and inhabitants.
    fn sum(figures: &Figures, area: Area, column: Option<usize>, class: usize) -> (i64, i64) {
        let column = figures.column(column);
        let row = match area {
            Area::Territory(row) => row,
            Area::All | Area::Piece(_) => figures.row(None),
            Area::Reference => {
                let count = figures.reference_at(column, class);
                return (count, figures.reference_people(class));
            }
        };
        (figures.at(row, column, class), figures.people(row, class))
    }

    /// The pieces of a target with their territory.
    fn pieces<'a>(
        &'a self,
        target: &'a Target,
    ) -> impl Iterator<Item = (usize, Option<usize>)> + 'a {
        let pieces = self.cells.pieces(target.sheet);
        pieces
            .filter(move |(piece, row, is_in_reference)| match target.area {
                Area::Piece(asked) => asked == *piece,
                Area::Territory(asked) => *row == Some(asked),
                Area::All => row.is_some(),
                Area::Reference => *is_in_reference,
            })
            .map(|(piece, row, _)| (piece, row))
    }

    /// The cells that a target adds up.
    fn cells(&self, target: &Target) -> BTreeSet<usize> {
        let columns = self.columns.get(target.sheet).copied().unwrap_or_default();
        let asked = match target.column {
            Some(column) => column..column + 1,
            None => 0..columns,
        };
        let mut cells = BTreeSet::new();
        for (piece, _) in self.pieces(target) {
            for column in asked.clone() {
                cells.extend(self.cells.inside(target.sheet, piece, column));
            }
        }
        cells
    }

    /// Whether there may be a case less in the class, for all that is told.
    fn is_open(&self, target: &Target, cells: &BTreeSet<usize>) -> bool {
        let from = target.class;
        cells.iter().any(|cell| {
            let leaving = Shift {
                cell: *cell,
                amount: 1,
            };
            let may_hold =
                |to: &usize| *to != from && self.cells.may_leave(&self.figures, *cell, from, *to);
            (0..STRATA).filter(may_hold).any(|to| {
                let peers = self.cells.peers(*cell);
                let mut peers = peers.filter(|peer| !cells.contains(peer));
                self.is_unseen(&[leaving], from, to)
                    || peers.any(|peer| {
                        let coming = Shift {
                            cell: peer,
                            amount: -1,
                        };
                        self.cells.may_leave(&self.figures, peer, to, from)
                            && self.is_unseen(&[leaving, coming], from, to)
                    })
            })
        })
    }

    /// Whether no told figure of any publication changes.
    fn is_unseen(&self, shifts: &[Shift], from: usize, to: usize) -> bool {
        self.figures.iter().enumerate().all(|(sheet, figures)| {
            let parts: Vec<(&Reach, i64)> = shifts
                .iter()
                .filter_map(|shift| Some((self.cells.reach(shift.cell, sheet)?, shift.amount)))
                .collect();
            parts.is_empty() || figures.reads_the_same(&parts, from, to)
        })
    }

    /// Nobody of any other class is treated in any of the target’s territories: its count follows from that.
    fn follows_anyway(&self, target: &Target) -> bool {
        let Some(figures) = self.figures.get(target.sheet) else {
            return true;
        };
        let mut pieces = self.pieces(target);
        !pieces.any(|(_, row)| {
            let mut others = (0..STRATA).filter(|to| *to != target.class);
            others.any(|to| figures.is_believed(row, to))
        })
    }

    /// Takes lines back until the count is protected: its own, the territory’s total, the territory, the activity, the
    /// totals, all. What earlier publications alone leave without protection is not touched any more.
    fn protect(&mut self, target: &Target) {
        let cells = self.cells(target);
        if self.is_open(target, &cells) || self.follows_anyway(target) {
            return;
        }
        let (rows, columns) = self.touched(target, &cells);
        let steps: [&dyn Fn(Line) -> bool; 5] = [
            &|(row, column): Line| rows.contains(&row) && columns.contains(&column),
            &|(row, column): Line| rows.contains(&row) && column.is_none(),
            &|(row, _): Line| rows.contains(&row),
            &|(_, column): Line| columns.contains(&column),
            &|(_, column): Line| column.is_none(),
        ];
        for is_taken_back in steps {
            if let Some(figures) = self.figures.last_mut() {
                figures.withhold(is_taken_back);
            }
            if self.is_open(target, &cells) {
                return;
            }
        }
        let kept = self.figures.last().map(Figures::told).unwrap_or_default();
        if let Some(figures) = self.figures.last_mut() {
            figures.withhold(&|_: Line| true);
        }
        let helps = self.is_open(target, &cells);
        if let Some(figures) = self.figures.last_mut().filter(|_| !helps) {
            figures.put_back(kept);
        }
    }

    /// The lines of the publication that is judged whose figures have the target’s cells: their territories and their
    /// activities.
    fn touched(
        &self,
        target: &Target,
        cells: &BTreeSet<usize>,
    ) -> (BTreeSet<Option<usize>>, BTreeSet<Option<usize>>) {
        let last = self.figures.len().saturating_sub(1);
        if target.sheet == last {
            let row = match target.area {
                Area::Territory(row) => Some(row),
                Area::Piece(_) => self.pieces(target).find_map(|(_, row)| row),
                Area::All | Area::Reference => None,
            };
            return ([row].into(), [target.column].into());
        }
        let reaches = || {
            cells
                .iter()
                .filter_map(move |cell| self.cells.reach(*cell, last))
        };
        let columns = reaches().flat_map(|reach| reach.columns.iter().copied().map(Some));
        let total = target.column.is_none().then_some(None);
        (
            reaches().map(|reach| reach.row).collect(),
            columns.chain(total).collect(),
        )
    }
}

#[cfg(test)]
mod tests;
