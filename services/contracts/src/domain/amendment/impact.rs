//! What an amendment would change, computed and shown before anybody signs. Nothing here changes anything.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Decimal;
use time::Date;

use crate::domain::{
    ContractText,
    content::{Content, FundingSource},
    diff::{Change, diff},
};

/// The consequences of an amendment on the day it would take effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impact {
    pub changes: Vec<Change>,
    pub money: Vec<Money>,
    pub deadlines: Vec<Deadline>,
    pub targets: Vec<Target>,
}

/// Money of a year from a source, in euros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    pub year: i32,
    pub source: FundingSource,
    pub before_eur: Decimal,
    pub after_eur: Decimal,
}

impl Money {
    /// What the amendment adds, or takes away when below zero.
    pub fn difference_eur(&self) -> Decimal {
        self.after_eur - self.before_eur
    }
}

/// A day that moves, comes or goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    pub what: String,
    pub before: Option<Date>,
    pub after: Option<Date>,
}

/// A yearly target that moves, comes or goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub commitment: String,
    pub indicator: String,
    pub year: i32,
    pub before: Option<Decimal>,
    pub after: Option<Decimal>,
}

impl Impact {
    /// What differs between the contract without and with the amendment.
    pub fn between(before: &ContractText, after: &ContractText) -> Self {
        let zero = Decimal::ZERO;
        Self {
            changes: diff(before, after),
            money: moved(&money(&before.content), &money(&after.content))
                .map(|((year, source), before, after)| Money {
                    year,
                    source,
                    before_eur: before.unwrap_or(zero),
                    after_eur: after.unwrap_or(zero),
                })
                // A line of nothing that comes or goes moves no money.
                .filter(|money| money.before_eur != money.after_eur)
                .collect(),
            deadlines: moved(&deadlines(before), &deadlines(after))
                .map(|(what, before, after)| Deadline {
                    what,
                    before,
                    after,
                })
                .collect(),
            targets: moved(&targets(&before.content), &targets(&after.content))
                .map(|((commitment, indicator, year), before, after)| Target {
                    commitment,
                    indicator,
                    year,
                    before,
                    after,
                })
                .collect(),
        }
    }
}

/// What two maps do not hold alike, by key.
fn moved<K: Ord + Clone, V: PartialEq + Copy>(
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
) -> impl Iterator<Item = (K, Option<V>, Option<V>)> {
    let keys: BTreeSet<&K> = before.keys().chain(after.keys()).collect();
    let moved: Vec<_> = keys
        .into_iter()
        .map(|key| {
            (
                key.clone(),
                before.get(key).copied(),
                after.get(key).copied(),
            )
        })
        .filter(|(_, before, after)| before != after)
        .collect();
    moved.into_iter()
}

fn money(content: &Content) -> BTreeMap<(i32, FundingSource), Decimal> {
    let mut sums = BTreeMap::new();
    for line in &content.funding {
        let sum = sums
            .entry((line.year, line.source))
            .or_insert(Decimal::ZERO);
        *sum = sum.saturating_add(line.amount_eur);
    }
    sums
}

fn deadlines(text: &ContractText) -> BTreeMap<String, Date> {
    let mut days = BTreeMap::from([("end".to_owned(), text.end_date)]);
    for commitment in &text.content.commitments {
        for step in &commitment.steps {
            days.insert(
                format!("{} : {}", commitment.code, step.title),
                step.due_date,
            );
        }
    }
    days
}

fn targets(content: &Content) -> BTreeMap<(String, String, i32), Decimal> {
    let mut values = BTreeMap::new();
    for commitment in &content.commitments {
        for indicator in &commitment.indicators {
            for target in &indicator.targets {
                let key = (commitment.code.clone(), indicator.code.clone(), target.year);
                values.insert(key, target.value);
            }
        }
    }
    values
}
