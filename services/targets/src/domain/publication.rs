//! What may be published of a table of rates, given everything that was published before about the same cases.
//!
//! A publication tells, for each territory and activity and for their totals, the cases and among them those without a
//! night; by its standardised rates it tells the cases of the reference too. Earlier publications told the same of other
//! divisions of the region, of other activities, in another unit, or before a correction. Whoever adds and subtracts
//! across all of them must not obtain a count of 1 to 10 (see [`statistics::disclosure`]).
//!
//! The elementary counts are those of the smallest pieces that all divisions are made of: places of residence that are
//! always in the same territories together, by activity, with and without a night. A group of activities is made of its
//! members that were published, and of a rest; so is a département whose communes were not told apart. Two publications share an elementary count when it has the same value in
//! both: whoever knows what a correction changed knows the rest, and where each patient had one stay, patients tell stays.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use statistics::disclosure::{self, Sum};

use super::{activity_groups::ActivityGroups, geography};

/// Cases of the residents of one place in one activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Base {
    pub cases: u64,
    /// Among them, without a night.
    pub ambulatory: u64,
}

/// Counts by activity and place of residence.
pub type Bases = BTreeMap<String, BTreeMap<String, Base>>;

/// Whose cases are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Of one of the release’s territories.
    Territory(usize),
    /// Of all of them.
    All,
    /// Of what they are compared with, when that is not all of them.
    Reference,
}

/// What one count is about: a place; all of the activities, or one; all modes, or without a night.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    pub place: Place,
    /// Place in the release’s activities; none for their total.
    pub activity: Option<usize>,
    pub ambulatory: bool,
}

/// One publication: its division, its activities and the counts behind it.
#[derive(Debug, Clone, Default)]
pub struct Release {
    /// Places of residence of each territory.
    pub territories: Vec<Vec<String>>,
    /// Places of residence of the reference; none when it is the territories together.
    pub reference: Option<Vec<String>>,
    pub activities: Vec<String>,
    pub bases: Bases,
    /// Whether counts without a night are told too.
    pub tells_ambulatory: bool,
}

impl Release {
    /// Everything that it would tell.
    pub fn subjects(&self) -> Vec<Subject> {
        let places = (0..self.territories.len())
            .map(Place::Territory)
            .chain([Place::All])
            .chain(self.reference.is_some().then_some(Place::Reference));
        let mut subjects = Vec::new();
        for place in places {
            for activity in (0..self.activities.len()).map(Some).chain([None]) {
                for ambulatory in [false, true] {
                    if !ambulatory || (self.tells_ambulatory && place != Place::Reference) {
                        subjects.push(Subject {
                            place,
                            activity,
                            ambulatory,
                        });
                    }
                }
            }
        }
        subjects
    }

    /// The cases that any standardised rate of an activity tells: those of the reference. Expected cases add up to
    /// them, and the indirect rate over the index is their rate.
    pub fn compared_with(&self, activity: Option<usize>) -> Subject {
        Subject {
            place: match self.reference {
                Some(_) => Place::Reference,
                None => Place::All,
            },
            activity,
            ambulatory: false,
        }
    }

    fn residences(&self, place: Place) -> impl Iterator<Item = &String> {
        let sets: Vec<&Vec<String>> = match place {
            Place::Territory(number) => self.territories.get(number).into_iter().collect(),
            Place::All => self.territories.iter().collect(),
            Place::Reference => self.reference.iter().collect(),
        };
        sets.into_iter().flatten()
    }

    fn activities(&self, activity: Option<usize>) -> impl Iterator<Item = &String> {
        let one = activity.and_then(|place| self.activities.get(place));
        let all = self.activities.iter().filter(move |_| activity.is_none());
        one.into_iter().chain(all)
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
    groups: &ActivityGroups,
    release: &Release,
    before: &[Published],
) -> Vec<(Subject, bool)> {
    let releases: Vec<&Release> = before.iter().map(|p| &p.release).chain([release]).collect();
    let mut elements = Elements::new(groups, releases);
    let (mut earlier, mut secrets) = (Vec::new(), Vec::new());
    for (number, published) in before.iter().enumerate() {
        for subject in &published.told {
            earlier.push(elements.sum(number, subject));
        }
        for subject in published.release.subjects() {
            secrets.push(elements.sum(number, &subject));
        }
    }
    let subjects = release.subjects();
    let candidates: Vec<Sum> = subjects
        .iter()
        .map(|subject| elements.sum(before.len(), subject))
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

/// Residences are communes or, in less precise files, départements.
pub(super) fn is_department(residence: &str) -> bool {
    geography::area(residence, geography::AreaKind::Department) == Some(residence)
}

/// The smallest pieces that all divisions are made of, numbered: which one each place of residence is in.
pub(super) fn pieces<'a>(releases: &[&'a Release]) -> HashMap<&'a str, usize> {
    let mut signatures: BTreeMap<&'a str, Vec<(usize, Place)>> = BTreeMap::new();
    for (number, release) in releases.iter().enumerate() {
        let territories = release.territories.iter().enumerate();
        let places = territories
            .map(|(place, residences)| (Place::Territory(place), residences))
            .chain(release.reference.iter().map(|r| (Place::Reference, r)));
        for (place, residences) in places {
            for residence in residences {
                let of = signatures.entry(residence.as_str()).or_default();
                of.push((number, place));
            }
        }
    }
    // Where some residences are départements, no piece is of two of them, nor of both grains.
    let has_departments = signatures.keys().any(|residence| is_department(residence));
    let mut numbered = HashMap::new();
    signatures
        .into_iter()
        .map(|(residence, signature)| {
            let grain = (geography::department(residence), is_department(residence));
            let key = (has_departments.then_some(grain), signature);
            let next = numbered.len();
            (residence, *numbered.entry(key).or_insert(next))
        })
        .collect()
}

/// Elementary counts, numbered as they are met.
struct Elements<'a> {
    groups: &'a ActivityGroups,
    releases: Vec<&'a Release>,
    /// The piece that each place of residence is in.
    pieces: HashMap<&'a str, usize>,
    /// Pieces of communes in the pieces that are départements.
    inside: BTreeMap<usize, BTreeSet<usize>>,
    /// By release: cases by piece and activity.
    bases: Vec<HashMap<(usize, &'a str), Base>>,
    /// By release: the pieces that it tells of.
    covered: Vec<BTreeSet<usize>>,
    /// By piece, activity, whether it is the rest of a group, whether it is without a night, and value.
    numbers: HashMap<(usize, String, bool, bool, u64), usize>,
    counts: Vec<u64>,
}

impl<'a> Elements<'a> {
    fn new(groups: &'a ActivityGroups, releases: Vec<&'a Release>) -> Self {
        let pieces = pieces(&releases);
        let mut departments: BTreeMap<&str, (BTreeSet<usize>, BTreeSet<usize>)> = BTreeMap::new();
        for (residence, piece) in &pieces {
            let of = departments.entry(geography::department(residence));
            let (whole, parts) = of.or_default();
            let same_grain = if is_department(residence) {
                whole
            } else {
                parts
            };
            same_grain.insert(*piece);
        }
        let inside = departments.into_values().flat_map(|(whole, parts)| {
            let with_parts = whole.into_iter().map(move |piece| (piece, parts.clone()));
            with_parts.collect::<Vec<_>>()
        });
        let inside = inside.collect();
        let of_release = |release: &&'a Release| {
            let mut bases: HashMap<(usize, &'a str), Base> = HashMap::new();
            for (activity, residences) in &release.bases {
                for (residence, base) in residences {
                    let Some(piece) = pieces.get(residence.as_str()) else {
                        continue;
                    };
                    let total = bases.entry((*piece, activity.as_str())).or_default();
                    total.cases += base.cases;
                    total.ambulatory += base.ambulatory;
                }
            }
            bases
        };
        let bases = releases.iter().map(of_release).collect();
        let covered = releases.iter().map(|release| {
            let residences = release.residences(Place::All);
            residences
                .chain(release.residences(Place::Reference))
                .filter_map(|residence| pieces.get(residence.as_str()).copied())
                .collect::<BTreeSet<usize>>()
        });
        Self {
            groups,
            covered: covered.collect(),
            releases,
            pieces,
            inside,
            bases,
            numbers: HashMap::new(),
            counts: Vec::new(),
        }
    }

    /// The elementary counts that a subject of a release adds up.
    fn sum(&mut self, number: usize, subject: &Subject) -> Sum {
        let mut sum = Sum::new();
        let Some(release) = self.releases.get(number).copied() else {
            return sum;
        };
        let pieces: BTreeSet<usize> = release
            .residences(subject.place)
            .filter_map(|residence| self.pieces.get(residence.as_str()).copied())
            .collect();
        let modes: &[bool] = if subject.ambulatory {
            &[true]
        } else {
            &[true, false]
        };
        for activity in release.activities(subject.activity) {
            for piece in &pieces {
                for ambulatory in modes {
                    self.add_parts(&mut sum, number, (*piece, *ambulatory), activity);
                }
            }
        }
        sum
    }

    /// The elementary counts of one piece, mode and activity: itself, or what a département or a group is made of.
    fn add_parts(&mut self, sum: &mut Sum, number: usize, at: (usize, bool), activity: &'a str) {
        let count = self.count(number, at, activity);
        let communes = self.communes(number, at.0, activity);
        let of_communes: u64 = communes
            .iter()
            .map(|(number, piece)| self.count(*number, (*piece, at.1), activity))
            .sum();
        if !communes.is_empty() && of_communes <= count {
            for (number, piece) in communes {
                self.add_parts(sum, number, (piece, at.1), activity);
            }
            sum.push(self.number(at, activity, true, count - of_communes));
            return;
        }
        let groups = self.groups;
        let members: Vec<(usize, &'a str)> = groups
            .members(activity)
            .filter_map(|member| Some((self.release_of(number, at.0, member)?, member)))
            .collect();
        let of_members: u64 = members
            .iter()
            .map(|(number, member)| self.count(*number, at, member))
            .sum();
        // More in the members than in the group: they are not of the same data, and nothing links them.
        if members.is_empty() || of_members > count {
            sum.push(self.number(at, activity, false, count));
            return;
        }
        for (number, member) in members {
            self.add_parts(sum, number, at, member);
        }
        sum.push(self.number(at, activity, true, count - of_members));
    }

    /// The pieces of a piece that is a département, each with the release that tells of the activity there; none where
    /// the release tells communes apart itself.
    fn communes(&self, number: usize, piece: usize, activity: &str) -> Vec<(usize, usize)> {
        let parts = self.inside.get(&piece).into_iter().flatten();
        let of_release = self.covered.get(number);
        let is_told_apart =
            of_release.is_some_and(|covered| parts.clone().any(|part| covered.contains(part)));
        if is_told_apart {
            return Vec::new();
        }
        parts
            .filter_map(|part| Some((self.release_of(number, *part, activity)?, *part)))
            .collect()
    }

    /// The release that tells of an activity in a piece: this one, or else the first.
    fn release_of(&self, number: usize, piece: usize, activity: &str) -> Option<usize> {
        let tells = |number: &usize| {
            let release = self.releases.get(*number);
            let covered = self.covered.get(*number);
            covered.is_some_and(|pieces| pieces.contains(&piece))
                && release.is_some_and(|r| r.activities.iter().any(|code| code == activity))
        };
        [number]
            .into_iter()
            .chain(0..self.releases.len())
            .find(tells)
    }

    fn count(&self, number: usize, (piece, ambulatory): (usize, bool), activity: &str) -> u64 {
        let bases = self.bases.get(number);
        let base = bases
            .and_then(|bases| bases.get(&(piece, activity)))
            .copied()
            .unwrap_or_default();
        if ambulatory {
            base.ambulatory
        } else {
            base.cases.saturating_sub(base.ambulatory)
        }
    }

    fn number(
        &mut self,
        (piece, ambulatory): (usize, bool),
        activity: &str,
        is_rest: bool,
        count: u64,
    ) -> usize {
        let next = self.counts.len();
        let key = (piece, activity.to_owned(), is_rest, ambulatory, count);
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.counts.push(count);
        }
        number
    }
}

#[cfg(test)]
mod tests;
