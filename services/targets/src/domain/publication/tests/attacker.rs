//! The attacker: knows every publication and how counts add up, and nothing of the code under test. Its unknowns are
//! the cases of each commune in each activity that has no members, with and without a night.

use proptest::prelude::*;

use super::*;

const COMMUNES: usize = 5;
/// Activities without members; the last two are the group `G`.
const LEAVES: [&str; 3] = ["X", "Y", "Z"];
const UNKNOWNS: usize = COMMUNES * LEAVES.len() * 2;

/// Another prime than the one of the code under test: 2³¹ − 1.
const PRIME: u64 = (1 << 31) - 1;

/// Rows in echelon form, modulo the prime.
fn echelon(mut rows: Vec<Vec<u64>>) -> Vec<Vec<u64>> {
    let mut rank = 0;
    for column in 0..UNKNOWNS {
        let Some(pivot) = (rank..rows.len()).find(|row| rows[*row][column] != 0) else {
            continue;
        };
        rows.swap(rank, pivot);
        let by = rows[rank].clone();
        for row in rows.iter_mut().skip(rank + 1) {
            clear(row, &by, column);
        }
        rank += 1;
    }
    rows.truncate(rank);
    rows
}

/// Takes a multiple of `by` from a row, so that it has nothing in the column.
fn clear(row: &mut [u64], by: &[u64], column: usize) {
    let (times, factor) = (by[column], PRIME - row[column]);
    for (value, known) in row.iter_mut().zip(by) {
        *value = (*value * times % PRIME + factor * known % PRIME) % PRIME;
    }
}

/// Whether a form is a combination of rows in echelon form.
fn yields(echelon: &[Vec<u64>], wanted: &[u64]) -> bool {
    let mut left = wanted.to_vec();
    for row in echelon {
        if let Some(column) = row.iter().position(|value| *value != 0) {
            clear(&mut left, row, column);
        }
    }
    left.iter().all(|value| *value == 0)
}

fn unknown(commune: usize, leaf: usize, ambulatory: bool) -> usize {
    (commune * LEAVES.len() + leaf) * 2 + usize::from(ambulatory)
}

fn leaves(activity: &str) -> Vec<usize> {
    match activity {
        "G" => vec![1, 2],
        code => LEAVES
            .iter()
            .position(|leaf| *leaf == code)
            .into_iter()
            .collect(),
    }
}

/// What a told count is the sum of.
fn row(release: &Release, subject: &Subject) -> Vec<u64> {
    let mut row = vec![0; UNKNOWNS];
    let places: Vec<&String> = match subject.place {
        Place::Territory(place) => release.territories[place].iter().collect(),
        Place::All => release.territories.iter().flatten().collect(),
        Place::Reference => release.reference.iter().flatten().collect(),
    };
    let activities = release.activities.iter().enumerate();
    for (_, activity) in
        activities.filter(|(place, _)| subject.activity.is_none_or(|asked| asked == *place))
    {
        for place in &places {
            let commune: usize = place.parse().unwrap();
            for leaf in leaves(activity) {
                row[unknown(commune, leaf, true)] += 1;
                if !subject.ambulatory {
                    row[unknown(commune, leaf, false)] += 1;
                }
            }
        }
    }
    row
}

fn value(counts: &[u64], row: &[u64]) -> u64 {
    counts
        .iter()
        .zip(row)
        .map(|(count, times)| count * times)
        .sum()
}

/// A publication of these activities, its communes in up to three zones, compared with some of the communes.
fn table(
    counts: &[u64],
    zone_of: &[usize],
    activities: &[&str],
    reference: Option<&[bool]>,
) -> Release {
    let mut bases = Bases::new();
    let is_covered =
        |commune: &usize| zone_of[*commune] < 3 || reference.is_some_and(|within| within[*commune]);
    for activity in activities {
        for commune in (0..COMMUNES).filter(is_covered) {
            let of = |ambulatory| -> u64 {
                let leaves = leaves(activity).into_iter();
                leaves
                    .map(|leaf| counts[unknown(commune, leaf, ambulatory)])
                    .sum()
            };
            let base = Base {
                cases: of(true) + of(false),
                ambulatory: of(true),
            };
            let places = bases.entry((*activity).to_owned()).or_default();
            places.insert(commune.to_string(), base);
        }
    }
    let zone = |zone| {
        let communes = (0..COMMUNES).filter(|commune| zone_of[*commune] == zone);
        communes.map(|commune| commune.to_string()).collect()
    };
    Release {
        // Zone 3 is in no territory of this division.
        territories: (0..3).map(zone).collect(),
        reference: reference.map(|within| {
            let communes = (0..COMMUNES).filter(|commune| within[*commune]);
            communes.map(|commune| commune.to_string()).collect()
        }),
        activities: activities.iter().map(|code| (*code).to_owned()).collect(),
        bases,
        tells_ambulatory: true,
    }
}

fn counts() -> impl Strategy<Value = Vec<u64>> {
    let count = prop_oneof![Just(0u64), 1u64..4, 4u64..11, 11u64..40, 40u64..500];
    prop::collection::vec(count, UNKNOWNS)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Divisions that overlap and leave communes out, a reference, a group before its members or beside them.
    #[test]
    fn everything_ever_published_yields_no_small_count(
        counts in counts(),
        zones in prop::collection::vec(prop::collection::vec(0usize..4, COMMUNES), 3),
        within in prop::collection::vec(any::<bool>(), COMMUNES),
        group_first in any::<bool>(),
    ) {
        let groups = ActivityGroups::new(
            [("Y", "G"), ("Z", "G")].map(|(code, group)| (code.to_owned(), group.to_owned())),
        );
        let (group, members): (&[&str], &[&str]) = (&["G", "X"], &["X", "Y"]);
        let (one, two) = if group_first { (group, members) } else { (members, group) };
        let releases = [
            table(&counts, &zones[0], one, None),
            table(&counts, &zones[1], two, Some(&within)),
            table(&counts, &zones[2], &["G", "Y", "Z"], None),
        ];
        let mut out: Vec<Published> = Vec::new();
        let mut rows: Vec<Vec<u64>> = (0..UNKNOWNS)
            .filter(|unknown| counts[*unknown] == 0)
            .map(|zero| (0..UNKNOWNS).map(|place| u64::from(place == zero)).collect())
            .collect();
        for release in releases {
            let before = echelon(rows.clone());
            let candidates = release.subjects();
            let published = publish_grouped(&groups, release, &out);
            rows.extend(published.told.iter().map(|subject| row(&published.release, subject)));
            let after = echelon(rows.clone());
            for subject in &published.told {
                let told = value(&counts, &row(&published.release, subject));
                prop_assert!(!(1..=LARGEST_HIDDEN).contains(&told), "{subject:?} of {counts:?}");
            }
            // What earlier publications give away by themselves is not this one’s.
            for subject in candidates {
                let wanted = row(&published.release, &subject);
                if (1..=LARGEST_HIDDEN).contains(&value(&counts, &wanted)) && !yields(&before, &wanted) {
                    prop_assert!(!yields(&after, &wanted), "{subject:?} of {counts:?}");
                }
            }
            for (place, count) in counts.iter().enumerate() {
                let unit: Vec<u64> = (0..UNKNOWNS).map(|other| u64::from(other == place)).collect();
                if (1..=LARGEST_HIDDEN).contains(count) && !yields(&before, &unit) {
                    prop_assert!(!yields(&after, &unit), "cell {place} of {counts:?}");
                }
            }
            out.push(published);
        }
    }
}

#[test]
fn this_attacker_subtracts() {
    let one = |place: usize| {
        (0..UNKNOWNS)
            .map(|p| u64::from(p == place))
            .collect::<Vec<_>>()
    };
    let both: Vec<u64> = one(0).iter().zip(one(1)).map(|(a, b)| a + b).collect();
    assert!(yields(&echelon(vec![both.clone(), one(0)]), &one(1)));
    assert!(!yields(&echelon(vec![both]), &one(1)));
}
