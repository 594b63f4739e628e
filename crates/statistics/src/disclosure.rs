//! Which of many related counts may be published, given everything that was published before.
//!
//! Published counts are sums of elementary ones: a table with its totals, territories inside territories, a later
//! version with other borders. Whoever reads all of it can add and subtract. So the counts form a linear system whose
//! unknowns are the elementary counts, and a small count is safe as long as no combination of what is published yields
//! it.
//!
//! Counts are admitted one by one, the largest first, each only if everything admitted so far and itself still yield
//! no small count. What is published is thus safe by construction, and nothing more could be added to it. Three things
//! that an attacker may also use are granted to it: every zero (a count is not negative, so a total of zero gives all
//! its parts away), every one (a hidden count is at least 1, so hidden counts that are all 1 follow from their sum) and
//! every count that did not change between two versions.
//!
//! The elimination is exact, modulo the prime 2⁶¹ − 1: what is a combination over the rational numbers is one there too,
//! unless the prime divides a denominator.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A published or publishable count: the elementary counts that it adds up, by their places.
pub type Sum = Vec<usize>;

/// Which candidates may be published beside what already is.
///
/// `elementary` are the true counts. `published` can no longer be withdrawn; a small count that it yields by itself is
/// lost and is not protected any more. `hidden` are sums that were candidates before: the small ones among them stay
/// protected. A count is small from 1 to `largest_hidden`. The answer has one entry for each candidate.
pub fn publishable(
    largest_hidden: u64,
    elementary: &[u64],
    published: &[Sum],
    hidden: &[Sum],
    candidates: &[Sum],
) -> Vec<bool> {
    let mut attacker = Attacker::new(largest_hidden, elementary, hidden.iter().chain(candidates));
    for sum in published {
        attacker.concede(sum);
    }
    let total = |sum: &Sum| -> u64 { sum.iter().filter_map(|part| elementary.get(*part)).sum() };
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    // A fixed order, so that the same counts are always published in the same way.
    order.sort_by_key(|place| {
        let sum = candidates.get(*place);
        (std::cmp::Reverse(sum.map_or(0, total)), *place)
    });
    let mut admitted = vec![false; candidates.len()];
    for place in order {
        let (Some(sum), Some(slot)) = (candidates.get(place), admitted.get_mut(place)) else {
            continue;
        };
        let count = total(sum);
        let is_small = (1..=largest_hidden).contains(&count);
        *slot = !is_small && attacker.admit(sum);
    }
    admitted
}

/// What an attacker knows: two systems in reduced form.
struct Attacker {
    zero: BTreeSet<usize>,
    /// As published, with one more unknown for each small sum that is to be protected.
    plain: System,
    /// The same with every elementary count of 1 given away.
    hardened: System,
}

impl Attacker {
    fn new<'a>(
        largest_hidden: u64,
        elementary: &[u64],
        sums: impl Iterator<Item = &'a Sum>,
    ) -> Self {
        let with = |wanted: &dyn Fn(u64) -> bool| -> BTreeSet<usize> {
            let places = elementary.iter().enumerate();
            places
                .filter(|(_, count)| wanted(**count))
                .map(|(place, _)| place)
                .collect()
        };
        let zero = with(&|count| count == 0);
        let small = with(&|count| (1..=largest_hidden).contains(&count));
        let ones = with(&|count| count == 1);
        let mut plain = System {
            targets: small.clone(),
            ..System::default()
        };
        // A small sum of several counts is an unknown of its own, equal to its parts.
        let mut next = elementary.len();
        for sum in sums {
            // A part that stands twice in a sum counts twice.
            let mut row = Row::new();
            for part in sum.iter().filter(|part| !zero.contains(part)) {
                *row.entry(*part).or_insert(0) += 1;
            }
            let count: u64 = sum.iter().filter_map(|part| elementary.get(*part)).sum();
            if row.len() > 1 && (1..=largest_hidden).contains(&count) {
                row.insert(next, MODULUS - 1);
                plain.targets.insert(next);
                plain.take(&row, true);
                next += 1;
            }
        }
        let hardened = System {
            targets: small,
            given: ones,
            ..System::default()
        };
        Self {
            zero,
            plain,
            hardened,
        }
    }

    fn row(&self, sum: &Sum) -> Row {
        let mut row = Row::new();
        for part in sum.iter().filter(|part| !self.zero.contains(part)) {
            let coefficient = row.entry(*part).or_insert(0);
            *coefficient = add(*coefficient, 1);
        }
        row.retain(|_, coefficient| *coefficient != 0);
        row
    }

    /// Takes in what cannot be withdrawn.
    fn concede(&mut self, sum: &Sum) {
        let row = self.row(sum);
        self.plain.take(&row, true);
        self.hardened.take(&row, true);
    }

    /// Takes in a sum unless it would give a small count away.
    fn admit(&mut self, sum: &Sum) -> bool {
        let row = self.row(sum);
        if !self.plain.is_harmless(&row) || !self.hardened.is_harmless(&row) {
            return false;
        }
        self.plain.take(&row, false);
        self.hardened.take(&row, false);
        true
    }
}

/// A linear form: coefficients of unknowns, none of them zero.
type Row = BTreeMap<usize, u64>;

/// Linear forms whose values are known, in reduced row echelon form: each row has a pivot that no other row has.
#[derive(Default)]
struct System {
    rows: HashMap<usize, Row>,
    /// Rows by each of the unknowns they have.
    having: HashMap<usize, BTreeSet<usize>>,
    /// Unknowns that no combination may yield.
    targets: BTreeSet<usize>,
    /// Unknowns that are known anyway, but for the one that is looked at.
    given: BTreeSet<usize>,
}

impl System {
    fn reduce(&self, row: &Row) -> Row {
        let mut reduced = row.clone();
        let pivots: Vec<usize> = row
            .keys()
            .copied()
            .filter(|unknown| self.rows.contains_key(unknown))
            .collect();
        for pivot in pivots {
            let (Some(known), Some(factor)) = (self.rows.get(&pivot), reduced.get(&pivot).copied())
            else {
                continue;
            };
            subtract(&mut reduced, known, factor);
        }
        reduced
    }

    /// The unknown of a reduced row that other rows shall do without.
    fn pivot(&self, row: &Row) -> Option<usize> {
        let free = |unknown: &&usize| !self.given.contains(unknown);
        let mut unknowns = row.keys().filter(free);
        let first = unknowns.next()?;
        let harmless = |unknown: &&usize| !self.targets.contains(unknown);
        let preferred = row.keys().filter(free).find(harmless);
        Some(*preferred.unwrap_or(first))
    }

    /// Whether the row yields an unknown that it must not: alone, or beside unknowns that are given.
    fn betrays(&self, row: &Row) -> bool {
        let mut free = row.keys().filter(|unknown| !self.given.contains(unknown));
        match (free.next(), free.next()) {
            (None, _) => row.keys().any(|unknown| self.targets.contains(unknown)),
            (Some(only), None) => self.targets.contains(only),
            (Some(_), Some(_)) => false,
        }
    }

    /// Whether nothing small follows from the row and what is known.
    fn is_harmless(&self, row: &Row) -> bool {
        let reduced = self.reduce(row);
        if reduced.is_empty() {
            return true;
        }
        if self.betrays(&reduced) {
            return false;
        }
        let Some(pivot) = self.pivot(&reduced) else {
            return true;
        };
        let reduced = normalised(reduced, pivot);
        let touched = self.having.get(&pivot).into_iter().flatten();
        touched
            .filter_map(|other| self.rows.get(other))
            .all(|other| {
                self.stays_wide(other, &reduced) || !self.betrays(&without(other, &reduced, pivot))
            })
    }

    /// Whether two unknowns of the row are left whatever is done with the other one: a look that is cheap.
    fn stays_wide(&self, row: &Row, other: &Row) -> bool {
        row.keys()
            .filter(|unknown| !self.given.contains(unknown) && !other.contains_key(unknown))
            .nth(1)
            .is_some()
    }

    /// Adds a row. What it betrays is, when `conceded`, no longer a target.
    fn take(&mut self, row: &Row, conceded: bool) {
        let reduced = self.reduce(row);
        let Some(pivot) = self.pivot(&reduced) else {
            self.lose(&reduced, conceded);
            return;
        };
        let reduced = normalised(reduced, pivot);
        let touched: Vec<usize> = self
            .having
            .get(&pivot)
            .into_iter()
            .flatten()
            .copied()
            .collect();
        for other in touched {
            let Some(mut changed) = self.rows.remove(&other) else {
                continue;
            };
            let Some(factor) = changed.get(&pivot).copied() else {
                continue;
            };
            subtract(&mut changed, &reduced, factor);
            for unknown in reduced.keys() {
                let rows = self.having.entry(*unknown).or_default();
                if changed.contains_key(unknown) {
                    rows.insert(other);
                } else {
                    rows.remove(&other);
                }
            }
            self.lose(&changed, conceded);
            self.rows.insert(other, changed);
        }
        self.lose(&reduced, conceded);
        for unknown in reduced.keys() {
            self.having.entry(*unknown).or_default().insert(pivot);
        }
        self.rows.insert(pivot, reduced);
    }

    fn lose(&mut self, row: &Row, conceded: bool) {
        if conceded && self.betrays(row) {
            for unknown in row.keys() {
                self.targets.remove(unknown);
            }
        }
    }
}

/// `row` with the coefficient of `pivot` made 1.
fn normalised(mut row: Row, pivot: usize) -> Row {
    let factor = row.get(&pivot).copied().map_or(1, inverse);
    for coefficient in row.values_mut() {
        *coefficient = multiply(*coefficient, factor);
    }
    row
}

/// `row` freed of `pivot` by means of a normalised row that has it.
fn without(row: &Row, by: &Row, pivot: usize) -> Row {
    let mut freed = row.clone();
    if let Some(factor) = row.get(&pivot) {
        subtract(&mut freed, by, *factor);
    }
    freed
}

fn subtract(row: &mut Row, other: &Row, factor: u64) {
    for (unknown, coefficient) in other {
        let slot = row.entry(*unknown).or_insert(0);
        *slot = add(*slot, MODULUS - multiply(*coefficient, factor));
        if *slot == 0 {
            row.remove(unknown);
        }
    }
}

/// 2⁶¹ − 1, a prime.
const MODULUS: u64 = (1 << 61) - 1;

fn add(a: u64, b: u64) -> u64 {
    (a + b) % MODULUS
}

fn multiply(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b) % u128::from(MODULUS);
    u64::try_from(product).unwrap_or(0)
}

/// By Fermat’s little theorem.
fn inverse(a: u64) -> u64 {
    let (mut base, mut exponent, mut power) = (a, MODULUS - 2, 1);
    while exponent > 0 {
        if exponent % 2 == 1 {
            power = multiply(power, base);
        }
        base = multiply(base, base);
        exponent /= 2;
    }
    power
}

#[cfg(test)]
mod tests;
