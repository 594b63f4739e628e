//! The cells that all publications are made of: one piece of the region in one activity, by class; and where each counts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Sheet, figures::Figures};
use crate::domain::{
    activity_groups::ActivityGroups,
    case_mix::Measure,
    demography::STRATA,
    geography,
    publication::{self, Release},
};

/// Where a cell counts in one publication.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    /// The territory, when it is in one.
    pub(super) row: Option<usize>,
    pub(super) is_in_reference: bool,
    /// Its piece, or the département that holds it.
    piece: usize,
    /// Its activity and the groups that count it again.
    pub(super) columns: Vec<usize>,
    /// The column of this very cell.
    exact: Option<usize>,
}

/// Cases of one piece in one activity.
struct Cell {
    activity: usize,
    /// By publication.
    reaches: Vec<Option<Reach>>,
    /// Of each class, how many at least are in none of the cells inside this one.
    own: [i64; STRATA],
}

/// So many cases of a cell that are counted in another class: from one to the other, or back when there are fewer than none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shift {
    pub(super) cell: usize,
    pub(super) amount: i64,
}

/// A piece, an activity of a publication, and the cases of each class.
type Counts = BTreeMap<(usize, usize), [i64; STRATA]>;

/// Where a piece is in one publication.
#[derive(Clone, Copy, Default)]
struct Whereabouts {
    row: Option<usize>,
    is_in_reference: bool,
}

/// Every cell, numbered.
pub(super) struct Cells {
    all: Vec<Cell>,
    /// Cells of the same activity.
    peers: Vec<Vec<usize>>,
    /// By publication: what it counts, and in which unit.
    counts: Vec<Counts>,
    measures: Vec<Measure>,
    /// By publication.
    covered: Vec<BTreeMap<usize, Whereabouts>>,
    /// By publication, piece and column: the cells that count there.
    inside: HashMap<(usize, usize, usize), Vec<usize>>,
}

impl Cells {
    pub(super) fn new(groups: &ActivityGroups, sheets: &[&Sheet<'_>]) -> Self {
        let releases: Vec<&Release> = sheets.iter().map(|sheet| sheet.release).collect();
        let pieces = publication::pieces(&releases);
        let covered: Vec<BTreeMap<usize, Whereabouts>> = releases
            .iter()
            .map(|release| whereabouts(release, &pieces))
            .collect();
        let counts: Vec<Counts> = sheets.iter().map(|sheet| count(sheet, &pieces)).collect();
        let mut codes: Vec<&str> = releases
            .iter()
            .flat_map(|release| release.activities.iter().map(String::as_str))
            .collect();
        codes.sort_unstable();
        codes.dedup();
        let code_of = |code: &str| codes.binary_search(&code).ok();
        let mut found: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (counts, release) in counts.iter().zip(&releases) {
            found.extend(counts.keys().filter_map(|(piece, column)| {
                let code = release.activities.get(*column)?;
                Some((*piece, code_of(code)?))
            }));
        }
        let above: Vec<Vec<usize>> = above(groups, &codes);
        let columns_of: Vec<Vec<Option<usize>>> = releases
            .iter()
            .map(|release| {
                let column = |code: &&str| release.activities.iter().position(|a| a == code);
                codes.iter().map(column).collect()
            })
            .collect();
        let departments = Departments::new(&pieces);
        let mut cells = Vec::with_capacity(found.len());
        let mut peers = vec![Vec::new(); codes.len()];
        for (piece, activity) in &found {
            let groups = above.get(*activity).into_iter().flatten();
            let reaches = columns_of.iter().zip(&covered).map(|(columns, covered)| {
                let at = departments.place(*piece, covered)?;
                let place = covered.get(&at)?;
                let placed = |code: &usize| columns.get(*code).copied().flatten();
                let exact = placed(activity);
                let columns: Vec<usize> = exact
                    .into_iter()
                    .chain(groups.clone().filter_map(placed))
                    .collect();
                (!columns.is_empty()).then_some(Reach {
                    row: place.row,
                    is_in_reference: place.is_in_reference,
                    piece: at,
                    columns,
                    exact: exact.filter(|_| at == *piece),
                })
            });
            if let Some(peers) = peers.get_mut(*activity) {
                peers.push(cells.len());
            }
            cells.push(Cell {
                activity: *activity,
                reaches: reaches.collect(),
                own: [0; STRATA],
            });
        }
        let mut inside: HashMap<(usize, usize, usize), Vec<usize>> = HashMap::new();
        for (number, cell) in cells.iter().enumerate() {
            for (sheet, reach) in cell.reaches.iter().enumerate() {
                let Some(reach) = reach else {
                    continue;
                };
                for column in &reach.columns {
                    let at = (sheet, reach.piece, *column);
                    inside.entry(at).or_default().push(number);
                }
            }
        }
        let mut cells = Self {
            all: cells,
            peers,
            counts,
            measures: sheets.iter().map(|sheet| sheet.measure).collect(),
            covered,
            inside,
        };
        cells.take_apart();
        cells
    }

    /// What each cell has of its own, when what is inside is taken from it.
    fn take_apart(&mut self) {
        let known: Vec<Vec<&[i64; STRATA]>> = (0..self.all.len())
            .map(|cell| self.exact(cell).map(|(_, counts)| counts).collect())
            .collect();
        let bound = |cell: usize, class: usize, of: fn(i64, i64) -> i64| -> i64 {
            let counts = known.get(cell).into_iter().flatten();
            let counts = counts.filter_map(|counts| counts.get(class)).copied();
            counts.reduce(of).unwrap_or_default()
        };
        let own = |number: usize, cell: &Cell| -> [i64; STRATA] {
            let mut parts: BTreeSet<usize> = BTreeSet::new();
            for (sheet, reach) in cell.reaches.iter().enumerate() {
                let at = reach
                    .as_ref()
                    .and_then(|reach| Some((sheet, reach.piece, reach.exact?)));
                let here = at.and_then(|at| self.inside.get(&at));
                parts.extend(here.into_iter().flatten().filter(|part| **part != number));
            }
            std::array::from_fn(|class| {
                let of_parts: i64 = parts.iter().map(|part| bound(*part, class, i64::max)).sum();
                bound(number, class, i64::min) - of_parts
            })
        };
        let cells = self.all.iter().enumerate();
        let own: Vec<[i64; STRATA]> = cells.map(|(number, cell)| own(number, cell)).collect();
        for (cell, own) in self.all.iter_mut().zip(own) {
            cell.own = own;
        }
    }

    /// What publications say of this very cell, where they count anything in it.
    fn exact(&self, cell: usize) -> impl Iterator<Item = (usize, &[i64; STRATA])> {
        let reaches = self.all.get(cell).map(|cell| &cell.reaches);
        let reaches = reaches.into_iter().flatten().enumerate();
        reaches.filter_map(move |(sheet, reach)| {
            let reach = reach.as_ref()?;
            let counts = self.counts.get(sheet)?.get(&(reach.piece, reach.exact?))?;
            Some((sheet, counts))
        })
    }

    /// The pieces that a publication tells of, with their territory, and whether they are in what it compares with.
    pub(super) fn pieces(
        &self,
        sheet: usize,
    ) -> impl Iterator<Item = (usize, Option<usize>, bool)> {
        let covered = self.covered.get(sheet).into_iter().flatten();
        covered.map(|(piece, at)| (*piece, at.row, at.is_in_reference))
    }

    /// Cases of a class of a piece in an activity of a publication.
    pub(super) fn count(&self, sheet: usize, piece: usize, column: usize, class: usize) -> i64 {
        let counts = self.counts.get(sheet);
        let counts = counts.and_then(|counts| counts.get(&(piece, column)));
        let count = counts.and_then(|counts| counts.get(class));
        count.copied().unwrap_or_default()
    }

    /// The cells that count in a piece and column of a publication.
    pub(super) fn inside(&self, sheet: usize, piece: usize, column: usize) -> &[usize] {
        let inside = self.inside.get(&(sheet, piece, column));
        inside.map_or(&[], Vec::as_slice)
    }

    /// The other cells of the same activity.
    pub(super) fn peers(&self, cell: usize) -> impl Iterator<Item = usize> {
        let activity = self.all.get(cell).map(|cell| cell.activity);
        let peers = activity.and_then(|activity| self.peers.get(activity));
        let peers = peers.into_iter().flatten().copied();
        peers.filter(move |peer| *peer != cell)
    }

    /// Where a cell counts in a publication.
    pub(super) fn reach(&self, cell: usize, sheet: usize) -> Option<&Reach> {
        self.all.get(cell)?.reaches.get(sheet)?.as_ref()
    }

    /// Whether a case of the class may stand in another, for who knows that the same cases are counted everywhere: it is
    /// in none of the cells inside; each publication that tells anything of it counts one; and of several units none is
    /// left without a case where another has some.
    pub(super) fn may_leave(
        &self,
        figures: &[Figures],
        cell: usize,
        class: usize,
        other: usize,
    ) -> bool {
        let Some(known) = self.all.get(cell) else {
            return false;
        };
        if known.own.get(class).copied().unwrap_or_default() < 1 {
            return false;
        }
        let (mut left, mut left_exact) = (Vec::new(), Vec::new());
        let mut measures: Vec<Measure> = Vec::new();
        for (sheet, (figures, reach)) in figures.iter().zip(&known.reaches).enumerate() {
            let Some(reach) = reach else {
                continue;
            };
            if !figures.is_believed(reach.row, class) || !figures.is_believed(reach.row, other) {
                return false;
            }
            if !figures.tells(&reach.columns) {
                continue;
            }
            measures.extend(self.measures.get(sheet));
            for column in &reach.columns {
                let count = self.count(sheet, reach.piece, *column, class) - 1;
                left.push(count);
                if reach.exact == Some(*column) {
                    left_exact.push(count);
                }
            }
        }
        let is_one_unit = measures.windows(2).all(|pair| pair.first() == pair.last());
        let is_likely =
            is_one_unit || !left.contains(&0) || left_exact.iter().all(|count| *count == 0);
        is_likely && left.iter().all(|count| *count >= 0)
    }
}

/// Where the pieces of a publication are.
fn whereabouts(release: &Release, pieces: &HashMap<&str, usize>) -> BTreeMap<usize, Whereabouts> {
    let mut covered: BTreeMap<usize, Whereabouts> = BTreeMap::new();
    let is_own = release.reference.is_none();
    for (row, residences) in release.territories.iter().enumerate() {
        for piece in residences.iter().filter_map(|r| pieces.get(r.as_str())) {
            let place = covered.entry(*piece).or_default();
            place.row = Some(row);
            place.is_in_reference = is_own;
        }
    }
    let reference = release.reference.iter().flatten();
    for piece in reference.filter_map(|r| pieces.get(r.as_str())) {
        covered.entry(*piece).or_default().is_in_reference = true;
    }
    covered
}

/// What a publication counts, piece by piece.
fn count(sheet: &Sheet<'_>, pieces: &HashMap<&str, usize>) -> Counts {
    let mut counts = Counts::new();
    for (column, activity) in sheet.release.activities.iter().enumerate() {
        for (residence, cells) in sheet.classes.get(activity).into_iter().flatten() {
            let Some(piece) = pieces.get(residence.as_str()) else {
                continue;
            };
            let sums = counts.entry((*piece, column)).or_insert([0; STRATA]);
            for (sum, cell) in sums.iter_mut().zip(cells) {
                *sum += i64::from(*cell);
            }
        }
    }
    counts
}

/// The groups above each code, the nearest first; codes are in order.
fn above(groups: &ActivityGroups, codes: &[&str]) -> Vec<Vec<usize>> {
    let mut group_of: HashMap<usize, usize> = HashMap::new();
    for (place, group) in codes.iter().enumerate() {
        for member in groups.members(group) {
            if let Ok(member) = codes.binary_search(&member) {
                group_of.insert(member, place);
            }
        }
    }
    let line = |code: usize| {
        let mut line = Vec::new();
        let mut last = code;
        while let Some(group) = group_of.get(&last) {
            if line.contains(group) {
                break;
            }
            line.push(*group);
            last = *group;
        }
        line
    };
    (0..codes.len()).map(line).collect()
}

/// Which pieces are communes of which pieces that are départements.
struct Departments {
    whole_of: HashMap<usize, usize>,
    parts_of: HashMap<usize, Vec<usize>>,
}

impl Departments {
    fn new(pieces: &HashMap<&str, usize>) -> Self {
        let wholes: HashMap<&str, usize> = pieces
            .iter()
            .filter(|(residence, _)| publication::is_department(residence))
            .map(|(residence, piece)| (*residence, *piece))
            .collect();
        let (mut whole_of, mut parts_of) = (HashMap::new(), HashMap::new());
        for (residence, piece) in pieces {
            if let Some(whole) = wholes.get(geography::department(residence))
                && !publication::is_department(residence)
            {
                whole_of.insert(*piece, *whole);
                let parts: &mut Vec<usize> = parts_of.entry(*whole).or_default();
                parts.push(*piece);
            }
        }
        Self { whole_of, parts_of }
    }

    /// Where a piece counts in a publication: as itself, or in its département where the publication does not tell
    /// communes apart.
    fn place(&self, piece: usize, covered: &BTreeMap<usize, Whereabouts>) -> Option<usize> {
        if covered.contains_key(&piece) {
            return Some(piece);
        }
        let whole = *self.whole_of.get(&piece)?;
        let mut parts = self.parts_of.get(&whole).into_iter().flatten();
        let is_told_apart = parts.any(|part| covered.contains_key(part));
        (covered.contains_key(&whole) && !is_told_apart).then_some(whole)
    }
}
