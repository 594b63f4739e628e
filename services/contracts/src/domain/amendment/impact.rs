//! What an amendment would change, computed and shown before anybody signs. Nothing here changes anything.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Decimal;
use time::Date;

use crate::domain::{
    Contract, ContractText, LegalRegime,
    content::{Content, FundingSource},
    deadline::{Deadline as Due, Kind, Standing},
    diff::{Change, diff},
};

/// The last day of the contract among the days that move.
const END: &str = "end";

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

impl Impact {
    /// The same with the days that a new last day moves: the end, wherever an extension or a renewal had moved it since the
    /// signature, and what has to be done before it.
    #[must_use]
    pub fn with_course(
        mut self,
        contract: &Contract,
        last_day: Option<Date>,
        (regime, standing): (&LegalRegime, &Standing),
    ) -> Self {
        let Some(last_day) = last_day else {
            return self;
        };
        let mut amended = contract.clone();
        amended.moved_last_day = Some(last_day);
        let days = |contract: &Contract| -> BTreeMap<String, Date> {
            let due = contract.deadlines(regime, standing).into_iter();
            due.map(|one| (name(&one), one.due)).collect()
        };
        let mut deadlines: Vec<Deadline> = moved(&days(contract), &days(&amended))
            .map(|(what, before, after)| Deadline {
                what,
                before,
                after,
            })
            .collect();
        let steps = self.deadlines.into_iter().filter(|one| one.what != END);
        deadlines.extend(steps);
        self.deadlines = deadlines;
        self
    }
}

/// What a deadline of a contract is called; the year tells those of each year apart.
fn name(due: &Due) -> String {
    match (due.kind, due.rank) {
        (Kind::ContractEnd, _) => END.to_owned(),
        (kind, 0) => kind.meaning().title.to_owned(),
        (kind, year) => format!("{} : {year}", kind.meaning().title),
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
    let mut days = BTreeMap::from([(END.to_owned(), text.end_date)]);
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
