//! French words, numbers and dates, as people read them.

pub(crate) mod altered;
pub(crate) mod changed;
pub(crate) mod criteria;
pub(crate) mod dates;
pub(crate) mod defects;
pub(crate) mod finances;
pub(crate) mod follow_up;
pub(crate) mod help;
pub(crate) mod indicators;
pub(crate) mod labels;
pub(crate) mod missions;
pub(crate) mod numbers;
pub(crate) mod readings;
pub(crate) mod refusals;
pub(crate) mod region;
pub(crate) mod tariff;
pub(crate) mod territory;
pub(crate) mod typography;
pub(crate) mod upkeep;

/// Narrow no-break space, before `;`, `?`, `!`, `%` and between thousands.
pub(crate) const NARROW: char = '\u{202f}';

/// `1 contrat`, `2 contrats`: French agrees in the plural from 2 on.
pub(crate) fn counted(count: i64, one: &str, many: &str) -> String {
    let noun = if count.abs() < 2 { one } else { many };
    format!("{} {noun}", numbers::whole(count))
}
