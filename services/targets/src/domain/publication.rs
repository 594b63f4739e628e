//! What may be published of a table of rates, given everything that was published before about the same cases.
//!
//! A publication tells, for each territory and activity and for their totals, the cases and among them those without a
//! night. Earlier publications told the same of other divisions of the region, of other activities, or before a
//! correction. Whoever adds and subtracts across all of them must not obtain a count of 1 to 10 (see
//! [`statistics::disclosure`]).
//!
//! The elementary counts are those of the smallest pieces that all divisions are made of: places of residence that are
//! always in the same territories together, by activity, with and without a night. Two publications share an
//! elementary count when it has the same value in both: whoever knows what a correction changed knows the rest.

use std::collections::{BTreeMap, HashMap};

use statistics::disclosure::{self, Sum};

/// Cases of the residents of one place in one activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Base {
    pub cases: u64,
    /// Among them, without a night.
    pub ambulatory: u64,
}

/// Counts by activity and place of residence.
pub type Bases = BTreeMap<String, BTreeMap<String, Base>>;

/// What one count is about: all of the territories, or one; all of the activities, or one; all modes, or without a
/// night.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// Place in the release’s territories; none for their total.
    pub territory: Option<usize>,
    /// Place in the release’s activities; none for their total.
    pub activity: Option<usize>,
    pub ambulatory: bool,
}

/// One publication: its division, its activities and the counts behind it.
#[derive(Debug, Clone, Default)]
pub struct Release {
    /// Places of residence of each territory.
    pub territories: Vec<Vec<String>>,
    pub activities: Vec<String>,
    pub bases: Bases,
    /// Whether counts without a night are told too.
    pub tells_ambulatory: bool,
}

impl Release {
    /// Everything that it would tell.
    pub fn subjects(&self) -> Vec<Subject> {
        let with_total = |count: usize| (0..count).map(Some).chain([None]).collect::<Vec<_>>();
        let mut subjects = Vec::new();
        for territory in with_total(self.territories.len()) {
            for activity in with_total(self.activities.len()) {
                for ambulatory in [false, true] {
                    if !ambulatory || self.tells_ambulatory {
                        subjects.push(Subject {
                            territory,
                            activity,
                            ambulatory,
                        });
                    }
                }
            }
        }
        subjects
    }

    fn residences(&self, territory: Option<usize>) -> impl Iterator<Item = &String> {
        let one = territory.and_then(|place| self.territories.get(place));
        let all = self.territories.iter().filter(move |_| territory.is_none());
        one.into_iter().chain(all).flatten()
    }

    fn activities(&self, activity: Option<usize>) -> impl Iterator<Item = &String> {
        let one = activity.and_then(|place| self.activities.get(place));
        let all = self.activities.iter().filter(move |_| activity.is_none());
        one.into_iter().chain(all)
    }

    fn base(&self, activity: &str, residence: &str) -> Base {
        let places = self.bases.get(activity);
        places
            .and_then(|places| places.get(residence))
            .copied()
            .unwrap_or_default()
    }
}

/// A publication that is out: what it told.
#[derive(Debug, Clone)]
pub struct Published {
    pub release: Release,
    pub told: Vec<Subject>,
}

/// Which subjects of a release may be told, in the order of [`Release::subjects`], when counts from 1 to
/// `largest_hidden` are not.
pub fn tellable(
    largest_hidden: u64,
    release: &Release,
    before: &[Published],
) -> Vec<(Subject, bool)> {
    let releases: Vec<&Release> = before.iter().map(|p| &p.release).chain([release]).collect();
    let mut elements = Elements::new(&releases);
    let (mut earlier, mut secrets) = (Vec::new(), Vec::new());
    for published in before {
        let sums = |subjects: &[Subject], elements: &mut Elements| -> Vec<Sum> {
            let release = &published.release;
            subjects
                .iter()
                .map(|subject| elements.sum(release, subject))
                .collect()
        };
        earlier.extend(sums(&published.told, &mut elements));
        secrets.extend(sums(&published.release.subjects(), &mut elements));
    }
    let subjects = release.subjects();
    let candidates: Vec<Sum> = subjects
        .iter()
        .map(|subject| elements.sum(release, subject))
        .collect();
    let admitted = disclosure::publishable(
        largest_hidden,
        &elements.counts,
        &earlier,
        &secrets,
        &candidates,
    );
    subjects.into_iter().zip(admitted).collect()
}

/// Elementary counts, numbered as they are met.
struct Elements {
    /// The piece that each place of residence is in.
    pieces: HashMap<String, usize>,
    numbers: HashMap<(usize, String, bool, u64), usize>,
    counts: Vec<u64>,
}

impl Elements {
    fn new(releases: &[&Release]) -> Self {
        let mut signatures: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
        for (number, release) in releases.iter().enumerate() {
            for (place, residences) in release.territories.iter().enumerate() {
                for residence in residences {
                    signatures
                        .entry(residence)
                        .or_default()
                        .push((number, place));
                }
            }
        }
        let mut numbered: HashMap<Vec<(usize, usize)>, usize> = HashMap::new();
        let pieces = signatures
            .into_iter()
            .map(|(residence, signature)| {
                let next = numbered.len();
                (
                    residence.to_owned(),
                    *numbered.entry(signature).or_insert(next),
                )
            })
            .collect();
        Self {
            pieces,
            numbers: HashMap::new(),
            counts: Vec::new(),
        }
    }

    /// The elementary counts that a subject adds up.
    fn sum(&mut self, release: &Release, subject: &Subject) -> Sum {
        let mut sum = Sum::new();
        for activity in release.activities(subject.activity) {
            let mut pieces: BTreeMap<usize, Base> = BTreeMap::new();
            for residence in release.residences(subject.territory) {
                let Some(piece) = self.pieces.get(residence) else {
                    continue;
                };
                let base = release.base(activity, residence);
                let total = pieces.entry(*piece).or_default();
                total.cases += base.cases;
                total.ambulatory += base.ambulatory;
            }
            for (piece, base) in pieces {
                sum.push(self.number(piece, activity, true, base.ambulatory));
                if !subject.ambulatory {
                    let rest = base.cases.saturating_sub(base.ambulatory);
                    sum.push(self.number(piece, activity, false, rest));
                }
            }
        }
        sum
    }

    fn number(&mut self, piece: usize, activity: &str, ambulatory: bool, count: u64) -> usize {
        let next = self.counts.len();
        let key = (piece, activity.to_owned(), ambulatory, count);
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.counts.push(count);
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use statistics::suppression::LARGEST_HIDDEN;

    use super::*;

    fn release(territories: &[&[&str]], cases: &[(&str, &str, u64, u64)]) -> Release {
        let mut bases = Bases::new();
        for (activity, residence, cases, ambulatory) in cases {
            let base = Base {
                cases: *cases,
                ambulatory: *ambulatory,
            };
            bases
                .entry((*activity).to_owned())
                .or_default()
                .insert((*residence).to_owned(), base);
        }
        Release {
            territories: territories
                .iter()
                .map(|areas| areas.iter().map(|area| (*area).to_owned()).collect())
                .collect(),
            activities: bases.keys().cloned().collect(),
            bases,
            tells_ambulatory: true,
        }
    }

    fn is_told(
        told: &[(Subject, bool)],
        territory: Option<usize>,
        activity: Option<usize>,
        ambulatory: bool,
    ) -> bool {
        told.iter().any(|(subject, ok)| {
            *ok && (subject.territory, subject.activity, subject.ambulatory)
                == (territory, activity, ambulatory)
        })
    }

    fn publish(release: Release, before: &[Published]) -> Published {
        let told = tellable(LARGEST_HIDDEN, &release, before);
        Published {
            told: told
                .into_iter()
                .filter(|(_, ok)| *ok)
                .map(|(subject, _)| subject)
                .collect(),
            release,
        }
    }

    #[test]
    fn a_small_count_is_hidden_with_what_would_give_it_back() {
        let release = release(
            &[&["a"], &["b"], &["c"]],
            &[("X", "a", 5, 0), ("X", "b", 400, 0), ("X", "c", 500, 0)],
        );
        let told = tellable(LARGEST_HIDDEN, &release, &[]);
        assert!(!is_told(&told, Some(0), Some(0), false));
        assert!(!is_told(&told, Some(1), Some(0), false));
        assert!(is_told(&told, Some(2), Some(0), false));
        assert!(is_told(&told, None, Some(0), false));
    }

    #[test]
    fn the_few_that_stayed_a_night_are_not_told_by_difference() {
        let release = release(
            &[&["a"], &["b"]],
            &[("X", "a", 103, 100), ("X", "b", 400, 200)],
        );
        let told = tellable(LARGEST_HIDDEN, &release, &[]);
        let both =
            is_told(&told, Some(0), Some(0), false) && is_told(&told, Some(0), Some(0), true);
        assert!(!both);
    }

    #[test]
    fn a_commune_that_moves_to_another_zone_is_not_told_by_comparing_two_versions() {
        // Commune b has seven cases; it was in the first zone and is now in the second.
        let cases = [("X", "a", 300, 0), ("X", "b", 7, 0), ("X", "c", 500, 0)];
        let first = publish(release(&[&["a", "b"], &["c"]], &cases), &[]);
        assert!(
            first
                .told
                .iter()
                .any(|s| s.territory == Some(0) && !s.ambulatory)
        );
        let second = release(&[&["a"], &["b", "c"]], &cases);
        let told = tellable(LARGEST_HIDDEN, &second, std::slice::from_ref(&first));
        assert!(!is_told(&told, Some(0), Some(0), false));
        assert!(!is_told(&told, Some(1), Some(0), false));
        assert!(is_told(&told, None, Some(0), false));
        // By itself the second version would tell both.
        let alone = tellable(LARGEST_HIDDEN, &second, &[]);
        assert!(is_told(&alone, Some(0), Some(0), false));
    }

    #[test]
    fn a_correction_elsewhere_does_not_uncover_what_was_hidden() {
        let before = [("X", "a", 5, 0), ("X", "b", 400, 0), ("X", "c", 500, 0)];
        let after = [("X", "a", 5, 0), ("X", "b", 400, 0), ("X", "c", 530, 0)];
        let division: &[&[&str]] = &[&["a"], &["b"], &["c"]];
        let first = publish(release(division, &before), &[]);
        let second = publish(release(division, &after), std::slice::from_ref(&first));
        let is_out = |published: &Published, territory| {
            published
                .told
                .iter()
                .any(|s| s.territory == Some(territory) && s.activity.is_some() && !s.ambulatory)
        };
        assert!(!is_out(&second, 0));
        // Either its partner stays hidden in both, or neither total is told.
        assert_eq!(is_out(&first, 1), is_out(&second, 1));
    }
}
