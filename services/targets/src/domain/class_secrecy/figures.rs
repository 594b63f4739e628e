//! The rounded figures of one publication, and whether they would read the same in another world.

use super::{Line, Sheet, cells::Reach};
use crate::domain::{
    case_mix::Mode,
    demography::STRATA,
    rates::{Cases, Inhabitants, classed, number},
};

/// Figures of one decimal are whole numbers of tenths.
const GRAIN: f64 = 10.0;

fn tenths(figure: f64) -> f64 {
    (figure * GRAIN).round()
}

/// A figure as it is told.
pub(super) fn rounded(figure: f64) -> f64 {
    tenths(figure) / GRAIN
}

/// Everything that standardised rates of one publication are computed from, totals last.
pub(super) struct Figures {
    inhabitants: Vec<Inhabitants>,
    cases: Vec<Vec<Cases>>,
    reference_inhabitants: Inhabitants,
    reference_cases: Vec<Cases>,
    /// Cases over those that have a class, by territory and activity, and of the reference by activity.
    spread: Vec<Vec<f64>>,
    reference_spread: Vec<f64>,
    /// With all their digits.
    direct: Vec<Vec<f64>>,
    expected: Vec<Vec<f64>>,
    /// By activity, then territory: whether both are told.
    told: Vec<Vec<bool>>,
}

impl Figures {
    pub(super) fn new(sheet: &Sheet<'_>) -> Self {
        let release = sheet.release;
        let row = |residences: Vec<&String>| -> Vec<Cases> {
            let with_cases = release.activities.iter().map(|activity| {
                let mut sum = Cases::default();
                let places = sheet.classes.get(activity);
                for cells in residences
                    .iter()
                    .filter_map(|residence| places?.get(*residence))
                {
                    sum.add_cells(Mode::Full, cells, 0);
                }
                sum
            });
            let mut row: Vec<Cases> = with_cases.collect();
            let mut total = Cases::default();
            for cases in &row {
                total.add(cases);
            }
            row.push(total);
            row
        };
        let territories = release.territories.iter();
        let mut cases: Vec<Vec<Cases>> = territories
            .map(|residences| row(residences.iter().collect()))
            .collect();
        cases.push(row(release.territories.iter().flatten().collect()));
        let mut inhabitants = sheet.inhabitants.clone();
        inhabitants.resize(release.territories.len(), [0; STRATA]);
        let mut everybody = [0; STRATA];
        for people in &inhabitants {
            for (sum, count) in everybody.iter_mut().zip(people) {
                *sum += count;
            }
        }
        inhabitants.push(everybody);
        let (reference_inhabitants, reference_cases) = match (&sheet.reference, &release.reference)
        {
            (Some(people), Some(residences)) => (*people, row(residences.iter().collect())),
            _ => (everybody, cases.last().cloned().unwrap_or_default()),
        };
        let spread_of =
            |cases: &Cases, people: &Inhabitants| ratio(cases.total(), classed(cases, people));
        let spread = cases.iter().zip(&inhabitants).map(|(row, people)| {
            let of = row.iter().map(|cases| spread_of(cases, people));
            of.collect::<Vec<f64>>()
        });
        let of_reference = reference_cases.iter();
        let of_reference = of_reference.map(|cases| spread_of(cases, &reference_inhabitants));
        let (rows, columns) = (inhabitants.len(), reference_cases.len());
        let mut figures = Self {
            spread: spread.collect(),
            reference_spread: of_reference.collect(),
            told: vec![vec![false; rows]; columns],
            inhabitants,
            cases,
            reference_inhabitants,
            reference_cases,
            direct: Vec::new(),
            expected: Vec::new(),
        };
        figures.direct = figures.table(|row, column, class| {
            number(figures.at(row, column, class)) * figures.weight(row, column, class)
        });
        figures.expected = figures.table(|row, column, class| {
            number(figures.reference_at(column, class)) * figures.share(row, column, class)
        });
        for (territory, activity) in &sheet.lines {
            let (row, column) = (figures.row(*territory), figures.column(*activity));
            let told = figures.told.get_mut(column);
            if let Some(told) = told.and_then(|rows| rows.get_mut(row)) {
                *told = true;
            }
        }
        figures
    }

    /// A figure of every line, added up over classes.
    fn table(&self, of_class: impl Fn(usize, usize, usize) -> f64) -> Vec<Vec<f64>> {
        let columns = self.reference_cases.len();
        let sum = |row: usize, column: usize| -> f64 {
            (0..STRATA).map(|class| of_class(row, column, class)).sum()
        };
        let line =
            |row: usize| -> Vec<f64> { (0..columns).map(|column| sum(row, column)).collect() };
        (0..self.inhabitants.len()).map(line).collect()
    }

    /// The lines whose figures are told.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line> + '_ {
        let (rows, columns) = (self.row(None), self.column(None));
        self.told.iter().enumerate().flat_map(move |(column, of)| {
            of.iter().enumerate().filter_map(move |(row, told)| {
                let line = (
                    (row < rows).then_some(row),
                    (column < columns).then_some(column),
                );
                told.then_some(line)
            })
        })
    }

    /// Takes lines back.
    pub(super) fn withhold(&mut self, is_taken_back: &dyn Fn(Line) -> bool) {
        let (rows, columns) = (self.row(None), self.column(None));
        for (column, of) in self.told.iter_mut().enumerate() {
            for (row, told) in of.iter_mut().enumerate() {
                let line = (
                    (row < rows).then_some(row),
                    (column < columns).then_some(column),
                );
                *told = *told && !is_taken_back(line);
            }
        }
    }

    /// What is told, to be put back.
    pub(super) fn told(&self) -> Vec<Vec<bool>> {
        self.told.clone()
    }

    pub(super) fn put_back(&mut self, told: Vec<Vec<bool>>) {
        self.told = told;
    }

    /// Whether any figure of these activities, or of all together, is told.
    pub(super) fn tells(&self, columns: &[usize]) -> bool {
        let total = self.column(None);
        columns.iter().chain([&total]).any(|column| {
            let rows = self.told.get(*column);
            rows.is_some_and(|rows| rows.contains(&true))
        })
    }

    /// Whether every told figure reads the same when cases of one class stand in another: so many where each part reaches.
    pub(super) fn reads_the_same(&self, parts: &[(&Reach, i64)], from: usize, to: usize) -> bool {
        let mut columns: Vec<usize> = Vec::new();
        for (reach, _) in parts {
            columns.extend(&reach.columns);
        }
        columns.sort_unstable();
        columns.dedup();
        let total = self.column(None);
        columns.into_iter().chain([total]).all(|column| {
            let times = |reach: &Reach| -> i64 {
                let of = reach.columns.iter();
                of.map(|one| i64::from(column == total || *one == column))
                    .sum()
            };
            let moved = |counts: &dyn Fn(&Reach) -> bool| -> i64 {
                let counted = parts.iter().filter(|(reach, _)| counts(reach));
                counted.map(|(reach, amount)| amount * times(reach)).sum()
            };
            let here = parts.iter().filter_map(|(reach, _)| reach.row).all(|row| {
                let amount = moved(&|reach: &Reach| reach.row == Some(row));
                self.has_the_same_rate((row, column), amount, from, to)
            });
            let everywhere = moved(&|reach: &Reach| reach.row.is_some());
            let there = moved(&|reach: &Reach| reach.is_in_reference);
            here && self.has_the_same_rate((self.row(None), column), everywhere, from, to)
                && self.expects_the_same(column, there, from, to)
        })
    }

    fn has_the_same_rate(
        &self,
        (row, column): (usize, usize),
        amount: i64,
        from: usize,
        to: usize,
    ) -> bool {
        if amount == 0 || !self.is_told(row, column) {
            return true;
        }
        let change = self.weight(row, column, to) - self.weight(row, column, from);
        self.is_lived_in(row, from)
            && self.is_lived_in(row, to)
            && is_same(&self.direct, row, column, number(amount) * change)
    }

    /// Expected cases of every territory.
    fn expects_the_same(&self, column: usize, amount: i64, from: usize, to: usize) -> bool {
        if amount == 0 {
            return true;
        }
        (0..self.inhabitants.len())
            .filter(|row| self.is_told(*row, column))
            .all(|row| {
                let change = self.share(row, column, to) - self.share(row, column, from);
                self.occurs(from)
                    && self.occurs(to)
                    && is_same(&self.expected, row, column, number(amount) * change)
            })
    }

    /// What one case of a class adds to a direct rate.
    fn weight(&self, row: usize, column: usize, class: usize) -> f64 {
        let everybody: i64 = self.reference_inhabitants.iter().sum();
        let here = self.people(row, class);
        if here == 0 || everybody == 0 {
            return 0.0;
        }
        let standard = number(self.reference_people(class)) / number(everybody);
        standard / number(here) * 1_000.0 * at(&self.spread, row, column)
    }

    /// What one case of a class of the reference adds to the expected cases of a territory.
    fn share(&self, row: usize, column: usize, class: usize) -> f64 {
        let there = self.reference_people(class);
        if there == 0 {
            return 0.0;
        }
        let spread = self.reference_spread.get(column);
        number(self.people(row, class)) / number(there) * spread.copied().unwrap_or(1.0)
    }

    /// Place of a territory, or of all.
    pub(super) fn row(&self, territory: Option<usize>) -> usize {
        territory.unwrap_or(self.inhabitants.len().saturating_sub(1))
    }

    /// Place of an activity, or of all.
    pub(super) fn column(&self, activity: Option<usize>) -> usize {
        activity.unwrap_or(self.reference_cases.len().saturating_sub(1))
    }

    fn is_told(&self, row: usize, column: usize) -> bool {
        let rows = self.told.get(column);
        rows.and_then(|rows| rows.get(row)).copied() == Some(true)
    }

    pub(super) fn at(&self, row: usize, column: usize, class: usize) -> i64 {
        let cases = self.cases.get(row).and_then(|row| row.get(column));
        cases.map_or(0, |cases| cases.of_class(class))
    }

    pub(super) fn reference_at(&self, column: usize, class: usize) -> i64 {
        let cases = self.reference_cases.get(column);
        cases.map_or(0, |cases| cases.of_class(class))
    }

    pub(super) fn people(&self, row: usize, class: usize) -> i64 {
        let of = self.inhabitants.get(row).and_then(|row| row.get(class));
        of.copied().unwrap_or_default()
    }

    pub(super) fn reference_people(&self, class: usize) -> i64 {
        let of = self.reference_inhabitants.get(class);
        of.copied().unwrap_or_default()
    }

    /// Whether anybody of the class is treated at all: nobody would believe a case where there is none.
    fn occurs(&self, class: usize) -> bool {
        self.reference_people(class) > 0 && self.reference_at(self.column(None), class) > 0
    }

    fn is_lived_in(&self, row: usize, class: usize) -> bool {
        self.people(row, class) > 0 && self.occurs(class)
    }

    /// Whether a case of the class would be believed in a territory, or, without one, in the reference.
    pub(super) fn is_believed(&self, row: Option<usize>, class: usize) -> bool {
        match row {
            Some(row) => self.is_lived_in(row, class),
            None => self.occurs(class),
        }
    }
}

fn at(figures: &[Vec<f64>], row: usize, column: usize) -> f64 {
    let figure = figures.get(row).and_then(|row| row.get(column));
    figure.copied().unwrap_or_default()
}

/// Whether a figure is told in the same words after a change.
fn is_same(figures: &[Vec<f64>], row: usize, column: usize, change: f64) -> bool {
    let figure = at(figures, row, column);
    (tenths(figure) - tenths(figure + change)).abs() < 0.5
}

fn ratio(total: i64, part: i64) -> f64 {
    if part > 0 {
        number(total) / number(part)
    } else {
        1.0
    }
}
