//! What standardised rates tell of classes of age and sex, and when that is too much.
//!
//! Classes are not published. But a direct rate is a sum of the cases of each class with weights that everybody can
//! compute, and so are expected cases: written with all their digits they tell the cases of every class, because few
//! whole numbers add up to them. So only two figures leave beside the counts, both rounded to one decimal; the index, its
//! interval and the indirect rate are computed from what is told.
//!
//! A rounded figure may still tell a class: of few inhabitants, or of few classes. So a line has standardised rates only
//! if, for each class with 1 to 10 cases, other cases would have been told in the same words: one case of that class may
//! stand in another class, be it that one stands in its place in another territory, without any figure changing.

use std::collections::BTreeSet;

use statistics::rates::{Rates, byar};

use super::{
    demography::STRATA,
    rates::{Cases, Inhabitants, classed, number},
};

/// A line of a table: territory and activity, in the order of the table; none for a total.
pub type Line = (Option<usize>, Option<usize>);

/// Figures of one decimal are whole numbers of tenths.
const GRAIN: f64 = 10.0;

/// Rates as they are published: rounded, or computed from what is. None when nothing is expected in one decimal.
pub fn published(rates: &Rates, cases: i64, reference_crude: f64) -> Option<Rates> {
    let expected = tenths(rates.expected) / GRAIN;
    if expected <= 0.0 {
        return None;
    }
    let observed = number(cases);
    let index = observed / expected;
    let (index_low, index_high) = byar(observed, expected);
    Some(Rates {
        crude: rates.crude,
        direct: tenths(rates.direct) / GRAIN,
        expected,
        index,
        index_low,
        index_high,
        indirect: index * reference_crude,
    })
}

/// Everything that standardised rates of one publication are computed from, totals last.
pub struct Structure {
    inhabitants: Vec<Inhabitants>,
    cases: Vec<Vec<Cases>>,
    reference_inhabitants: Inhabitants,
    reference_cases: Vec<Cases>,
    /// The reference is the territories together: a case that moves there moves here.
    is_own: bool,
    /// Cases over those that have a class, by territory and activity, and of the reference by activity.
    spread: Vec<Vec<f64>>,
    reference_spread: Vec<f64>,
    /// With all their digits.
    direct: Vec<Vec<f64>>,
    expected: Vec<Vec<f64>>,
}

/// A case that is counted in another class: in a territory and activity, from one class to another; and in another
/// territory the other way round, so that the reference does not change.
#[derive(Clone, Copy)]
struct Move {
    territory: usize,
    activity: usize,
    from: usize,
    to: usize,
    back_in: Option<usize>,
}

impl Structure {
    /// From inhabitants by territory, cases by territory and activity, and the reference; the reference is none when it
    /// is the territories together.
    pub fn new(
        inhabitants: &[Inhabitants],
        cases: &[Vec<Cases>],
        reference: Option<(&Inhabitants, &[Cases])>,
    ) -> Self {
        let activities = cases.first().map_or(0, Vec::len);
        let with_total = |row: &[Cases]| {
            let mut row = row.to_vec();
            let mut total = Cases::default();
            for cases in &row {
                total.add(cases);
            }
            row.push(total);
            row
        };
        let mut rows: Vec<Vec<Cases>> = cases.iter().map(|row| with_total(row)).collect();
        let mut total = vec![Cases::default(); activities + 1];
        let mut everybody = [0; STRATA];
        for (row, people) in rows.iter().zip(inhabitants) {
            for (sum, cases) in total.iter_mut().zip(row) {
                sum.add(cases);
            }
            for (sum, count) in everybody.iter_mut().zip(people) {
                *sum += count;
            }
        }
        let (reference_inhabitants, reference_cases) = match reference {
            Some((inhabitants, cases)) => (*inhabitants, with_total(cases)),
            None => (everybody, total.clone()),
        };
        rows.push(total);
        let mut inhabitants = inhabitants.to_vec();
        inhabitants.push(everybody);
        let spread_of =
            |cases: &Cases, people: &Inhabitants| ratio(cases.total(), classed(cases, people));
        let spread = rows.iter().zip(&inhabitants).map(|(row, people)| {
            let of = row.iter().map(|cases| spread_of(cases, people));
            of.collect::<Vec<f64>>()
        });
        let of_reference = reference_cases.iter();
        let of_reference = of_reference.map(|cases| spread_of(cases, &reference_inhabitants));
        let mut structure = Self {
            spread: spread.collect(),
            reference_spread: of_reference.collect(),
            inhabitants,
            cases: rows,
            reference_inhabitants,
            reference_cases,
            is_own: reference.is_none(),
            direct: Vec::new(),
            expected: Vec::new(),
        };
        structure.direct = structure.table(|row, column, class| {
            number(structure.at(row, column, class)) * structure.weight(row, column, class)
        });
        structure.expected = structure.table(|row, column, class| {
            number(structure.reference_at(column, class)) * structure.share(row, column, class)
        });
        structure
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

    /// Of lines that would have standardised rates, those that may.
    pub fn comparable(&self, largest_hidden: u64, asked: BTreeSet<Line>) -> BTreeSet<Line> {
        let is_small = |count: i64| {
            u64::try_from(count).is_ok_and(|count| (1..=largest_hidden).contains(&count))
        };
        let mut told = asked.clone();
        let activities: BTreeSet<Option<usize>> = asked.iter().map(|line| line.1).collect();
        for activity in activities {
            for class in 0..STRATA {
                if self.reference_people(class) > 0
                    && is_small(self.reference_at(self.activity(activity), class))
                {
                    let is_protected = |told: &BTreeSet<Line>| {
                        if self.is_own {
                            let all: Vec<usize> = (0..self.territory(None)).collect();
                            self.is_open(told, &all, activity, class, false)
                        } else {
                            self.reference_is_open(told, activity, class)
                        }
                    };
                    protect(&mut told, (None, activity), is_protected);
                }
            }
        }
        for line in asked {
            let (Some(territory), activity) = line else {
                continue;
            };
            for class in 0..STRATA {
                if self.people(territory, class) > 0
                    && is_small(self.at(territory, self.activity(activity), class))
                {
                    let is_protected = |told: &BTreeSet<Line>| {
                        self.is_open(told, &[territory], activity, class, true)
                    };
                    protect(&mut told, line, is_protected);
                }
            }
        }
        told
    }

    /// Whether one of the territories may have a case less in the class, in one of the activities of a line, for all
    /// that is told.
    fn is_open(
        &self,
        told: &BTreeSet<Line>,
        territories: &[usize],
        activity: Option<usize>,
        class: usize,
        may_come_back: bool,
    ) -> bool {
        let others = self.territory(None);
        for territory in territories {
            for activity in self.activities(activity) {
                if self.at(*territory, activity, class) < 1 {
                    continue;
                }
                for to in (0..STRATA).filter(|to| *to != class && self.is_lived_in(*territory, *to))
                {
                    let alone = Move {
                        territory: *territory,
                        activity,
                        from: class,
                        to,
                        back_in: None,
                    };
                    let partners = (0..others).filter(|other| {
                        may_come_back
                            && other != territory
                            && self.at(*other, activity, to) >= 1
                            && self.is_lived_in(*other, class)
                    });
                    let mut moves = [alone].into_iter().chain(partners.map(|other| Move {
                        back_in: Some(other),
                        ..alone
                    }));
                    if moves.any(|moved| self.is_unseen(told, moved)) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// The same of a reference of its own.
    fn reference_is_open(
        &self,
        told: &BTreeSet<Line>,
        activity: Option<usize>,
        class: usize,
    ) -> bool {
        self.activities(activity).any(|activity| {
            self.reference_at(activity, class) >= 1
                && (0..STRATA)
                    .filter(|to| *to != class && self.occurs(*to))
                    .any(|to| self.expects_the_same(told, activity, class, to))
        })
    }

    /// Whether no told figure changes.
    fn is_unseen(&self, told: &BTreeSet<Line>, moved: Move) -> bool {
        let Move {
            territory,
            activity,
            from,
            to,
            back_in,
        } = moved;
        self.has_the_same_rate(told, Some(territory), activity, from, to)
            && match back_in {
                Some(other) => self.has_the_same_rate(told, Some(other), activity, to, from),
                None => {
                    self.has_the_same_rate(told, None, activity, from, to)
                        && (!self.is_own || self.expects_the_same(told, activity, from, to))
                }
            }
    }

    /// Direct rates of a territory, in the activity and in all.
    fn has_the_same_rate(
        &self,
        told: &BTreeSet<Line>,
        territory: Option<usize>,
        activity: usize,
        from: usize,
        to: usize,
    ) -> bool {
        [Some(activity), None].into_iter().all(|activity| {
            let (row, column) = (self.territory(territory), self.activity(activity));
            let change = self.weight(row, column, to) - self.weight(row, column, from);
            !told.contains(&(territory, activity)) || is_same(&self.direct, row, column, change)
        })
    }

    /// Expected cases of every territory, in the activity and in all.
    fn expects_the_same(
        &self,
        told: &BTreeSet<Line>,
        activity: usize,
        from: usize,
        to: usize,
    ) -> bool {
        let territories = || (0..self.territory(None)).map(Some).chain([None]);
        [Some(activity), None].into_iter().all(|activity| {
            territories().all(|territory| {
                let (row, column) = (self.territory(territory), self.activity(activity));
                let change = self.share(row, column, to) - self.share(row, column, from);
                !told.contains(&(territory, activity))
                    || is_same(&self.expected, row, column, change)
            })
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

    fn territory(&self, territory: Option<usize>) -> usize {
        territory.unwrap_or(self.inhabitants.len().saturating_sub(1))
    }

    fn activity(&self, activity: Option<usize>) -> usize {
        activity.unwrap_or(self.reference_cases.len().saturating_sub(1))
    }

    /// The activities of a line, without their total.
    fn activities(&self, activity: Option<usize>) -> impl Iterator<Item = usize> {
        let all = self.activity(None);
        let (from, to) = activity.map_or((0, all), |one| (one, one + 1));
        from..to
    }

    fn cases_at(&self, row: usize, column: usize) -> Option<&Cases> {
        self.cases.get(row)?.get(column)
    }

    fn at(&self, row: usize, column: usize, class: usize) -> i64 {
        self.cases_at(row, column)
            .map_or(0, |cases| cases.of_class(class))
    }

    fn reference_at(&self, column: usize, class: usize) -> i64 {
        let cases = self.reference_cases.get(column);
        cases.map_or(0, |cases| cases.of_class(class))
    }

    fn people(&self, row: usize, class: usize) -> i64 {
        let of = self.inhabitants.get(row).and_then(|row| row.get(class));
        of.copied().unwrap_or_default()
    }

    fn reference_people(&self, class: usize) -> i64 {
        let of = self.reference_inhabitants.get(class);
        of.copied().unwrap_or_default()
    }

    /// Whether anybody of the class is treated at all: nobody would believe a case where there is none.
    fn occurs(&self, class: usize) -> bool {
        self.reference_people(class) > 0 && self.reference_at(self.activity(None), class) > 0
    }

    fn is_lived_in(&self, row: usize, class: usize) -> bool {
        self.people(row, class) > 0 && self.occurs(class)
    }
}

/// Takes lines back until the count is protected: the line itself, the territory’s total, the territory, the activity, the
/// totals, all.
/// What not even silence protects follows from something else.
fn protect(told: &mut BTreeSet<Line>, line: Line, is_protected: impl Fn(&BTreeSet<Line>) -> bool) {
    let (territory, activity) = line;
    let doubtful: [&dyn Fn(&Line) -> bool; 6] = [
        &|other: &Line| *other == line,
        &|other: &Line| *other == (territory, None),
        &|other: &Line| other.0 == territory,
        &|other: &Line| other.1 == activity,
        &|other: &Line| other.1.is_none(),
        &|_: &Line| true,
    ];
    if is_protected(told) || !is_protected(&BTreeSet::new()) {
        return;
    }
    for is_taken_back in doubtful {
        told.retain(|other| !is_taken_back(other));
        if is_protected(told) {
            return;
        }
    }
}

fn tenths(figure: f64) -> f64 {
    (figure * GRAIN).round()
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

#[cfg(test)]
mod tests;
