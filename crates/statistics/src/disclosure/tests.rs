//! The attacker: an elimination written apart from the one under test, over fractions of whole numbers.

use proptest::prelude::*;

use super::*;
use crate::suppression::LARGEST_HIDDEN;

/// Whether the unit vector of `target` is a combination of the rows: Gaussian elimination in 128-bit fractions, which
/// small systems of zeros and ones do not overflow.
fn recovers(rows: &[Vec<i128>], unknowns: usize, target: usize) -> bool {
    let mut unit = vec![0i128; unknowns];
    unit[target] = 1;
    let mut with_unit = rows.to_vec();
    with_unit.push(unit);
    rank(rows.to_vec(), unknowns) == rank(with_unit, unknowns)
}

/// Whether a sum is a combination of the rows.
fn yields(rows: &[Vec<i128>], unknowns: usize, sum: &Sum) -> bool {
    let mut with = rows.to_vec();
    with.extend(known(&[sum], unknowns));
    rank(with, unknowns) == rank(rows.to_vec(), unknowns)
}

fn rank(mut rows: Vec<Vec<i128>>, unknowns: usize) -> usize {
    let mut rank = 0;
    for column in 0..unknowns {
        let Some(pivot) = (rank..rows.len()).find(|row| rows[*row][column] != 0) else {
            continue;
        };
        rows.swap(rank, pivot);
        let by = rows[rank].clone();
        for row in rows.iter_mut().skip(rank + 1) {
            if row[column] == 0 {
                continue;
            }
            let (a, b) = (by[column], row[column]);
            for (value, known) in row.iter_mut().zip(&by) {
                *value = *value * a - known * b;
            }
            let divisor = row.iter().fold(0i128, |d, value| gcd(d, value.abs()));
            if divisor > 1 {
                for value in row.iter_mut() {
                    *value /= divisor;
                }
            }
        }
        rank += 1;
    }
    rank
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn known(sums: &[&Sum], unknowns: usize) -> Vec<Vec<i128>> {
    let row = |sum: &&Sum| {
        let mut row = vec![0i128; unknowns];
        for part in *sum {
            row[*part] += 1;
        }
        row
    };
    sums.iter().map(row).collect()
}

fn total(elementary: &[u64], sum: &Sum) -> u64 {
    sum.iter().map(|part| elementary[*part]).sum()
}

/// Communes in three zones, in two départements and in the region, by activity, each with the total of activities.
fn release(zone_of: &[usize], activities: usize, offset: usize) -> Vec<Sum> {
    let communes = zone_of.len();
    let cell = |commune: usize, activity: usize| offset + commune * activities + activity;
    let mut territories: Vec<Vec<usize>> = (0..3)
        .map(|zone| (0..communes).filter(|c| zone_of[*c] == zone).collect())
        .collect();
    territories.push((0..communes / 2).collect());
    territories.push((communes / 2..communes).collect());
    territories.push((0..communes).collect());
    let mut sums = Vec::new();
    for territory in territories.iter().filter(|t| !t.is_empty()) {
        for activity in 0..activities {
            sums.push(territory.iter().map(|c| cell(*c, activity)).collect());
        }
        let all = |c: &usize| (0..activities).map(|a| cell(*c, a)).collect::<Vec<_>>();
        sums.push(territory.iter().flat_map(all).collect());
    }
    sums
}

const COMMUNES: usize = 6;
const ACTIVITIES: usize = 3;

fn counts() -> impl Strategy<Value = Vec<u64>> {
    let count = prop_oneof![Just(0u64), 1u64..4, 4u64..11, 11u64..40, 40u64..500];
    prop::collection::vec(count, COMMUNES * ACTIVITIES)
}

fn zones() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0usize..3, COMMUNES)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    /// Nested territories, totals, then a second version with other borders: everything ever published yields no
    /// small count, neither of a commune nor of a territory.
    #[test]
    fn an_attacker_with_everything_ever_published_recovers_no_small_count(
        counts in counts(), first in zones(), second in zones(),
    ) {
        let unknowns = counts.len();
        let one = release(&first, ACTIVITIES, 0);
        let admitted = publishable(LARGEST_HIDDEN, &counts, &[], &[], &one);
        let mut public: Vec<Sum> = one.iter().zip(&admitted).filter(|(_, ok)| **ok).map(|(s, _)| s.clone()).collect();
        let zeros: Vec<Sum> = (0..unknowns).filter(|u| counts[*u] == 0).map(|u| vec![u]).collect();
        let first_rows = known(&public.iter().chain(&zeros).collect::<Vec<_>>(), unknowns);
        let two = release(&second, ACTIVITIES, 0);
        let admitted = publishable(LARGEST_HIDDEN, &counts, &public, &one, &two);
        public.extend(two.iter().zip(&admitted).filter(|(_, ok)| **ok).map(|(s, _)| s.clone()));

        // It also knows every zero.
        let rows = known(&public.iter().chain(&zeros).collect::<Vec<_>>(), unknowns);
        for (place, count) in counts.iter().enumerate() {
            if (1..=LARGEST_HIDDEN).contains(count) {
                prop_assert!(!recovers(&rows, unknowns, place), "elementary count {place} of {counts:?}");
            }
        }
        // A territory of the second version may follow from the first, which could not foresee it.
        let foreseen = |sum: &&Sum| !yields(&first_rows, unknowns, sum);
        for sum in one.iter().chain(two.iter().filter(foreseen)) {
            if (1..=LARGEST_HIDDEN).contains(&total(&counts, sum)) {
                prop_assert!(!yields(&rows, unknowns, sum), "sum {sum:?} of {counts:?}");
            }
        }
    }

    /// A correction: some communes changed, the others are known to be what they were.
    #[test]
    fn a_correction_gives_nothing_away_by_difference(
        counts in counts(), zone_of in zones(), changed in prop::collection::vec(any::<bool>(), COMMUNES * ACTIVITIES),
        new in counts(),
    ) {
        // Unknowns 0.. are the first values, the others the changed ones.
        let cells = counts.len();
        let mut elementary = counts.clone();
        let mut place_after = Vec::new();
        for cell in 0..cells {
            if changed[cell] && new[cell] != counts[cell] {
                place_after.push(elementary.len());
                elementary.push(new[cell]);
            } else {
                place_after.push(cell);
            }
        }
        let one = release(&zone_of, ACTIVITIES, 0);
        let two: Vec<Sum> = one.iter().map(|sum| sum.iter().map(|cell| place_after[*cell]).collect()).collect();
        let admitted = publishable(LARGEST_HIDDEN, &elementary, &[], &[], &one);
        let mut public: Vec<Sum> = one.iter().zip(&admitted).filter(|(_, ok)| **ok).map(|(s, _)| s.clone()).collect();
        let admitted = publishable(LARGEST_HIDDEN, &elementary, &public, &one, &two);
        public.extend(two.iter().zip(&admitted).filter(|(_, ok)| **ok).map(|(s, _)| s.clone()));
        let rows = known(&public.iter().collect::<Vec<_>>(), elementary.len());
        for (place, count) in elementary.iter().enumerate() {
            if (1..=LARGEST_HIDDEN).contains(count) {
                prop_assert!(!recovers(&rows, elementary.len(), place), "{place} of {elementary:?}");
            }
        }
    }

    /// Nothing is hidden without need: what is hidden is small, or would have given something small away.
    #[test]
    fn a_table_without_small_counts_is_published_whole(
        counts in prop::collection::vec(11u64..900, COMMUNES * ACTIVITIES), zone_of in zones(),
    ) {
        let sums = release(&zone_of, ACTIVITIES, 0);
        prop_assert!(publishable(LARGEST_HIDDEN, &counts, &[], &[], &sums).into_iter().all(|ok| ok));
    }
}

#[test]
fn the_attacker_of_these_tests_recovers_what_is_not_protected() {
    // Two communes, their sum and one of them: the other follows.
    let sums = [vec![0, 1], vec![0]];
    assert!(recovers(&known(&[&sums[0], &sums[1]], 2), 2, 1));
    assert!(!recovers(&known(&[&sums[0]], 2), 2, 1));
}

#[test]
fn the_partner_of_a_small_count_is_hidden_or_their_total_is() {
    let counts = [5, 100, 60];
    let candidates = [vec![0], vec![1], vec![2], vec![0, 1, 2]];
    assert_eq!(
        publishable(LARGEST_HIDDEN, &counts, &[], &[], &candidates),
        [false, true, false, true]
    );
    // Once the partner is public, the total can no longer be.
    let public = [vec![1], vec![2]];
    assert_eq!(
        publishable(LARGEST_HIDDEN, &counts, &public, &[], &candidates),
        [false, true, true, false]
    );
}

#[test]
fn ones_are_not_given_away_by_their_sum() {
    // Twelve communes with one case each: their sum is large, and says that each is one.
    let counts = [1; 12];
    let all: Sum = (0..12).collect();
    let mut candidates: Vec<Sum> = (0..12).map(|place| vec![place]).collect();
    candidates.push(all);
    assert!(
        publishable(LARGEST_HIDDEN, &counts, &[], &[], &candidates)
            .into_iter()
            .all(|ok| !ok)
    );
}

#[test]
fn of_a_hundred_territories_and_thirty_activities_little_more_than_the_small_is_hidden() {
    let (territories, activities) = (100usize, 30usize);
    let count = |t: usize, a: usize| ((t * 7_919 + a * 104_729) % 997) as u64;
    let counts: Vec<u64> = (0..territories)
        .flat_map(|t| (0..activities).map(move |a| count(t, a)))
        .collect();
    let mut sums: Vec<Sum> = (0..counts.len()).map(|cell| vec![cell]).collect();
    sums.extend((0..territories).map(|t| (0..activities).map(|a| t * activities + a).collect()));
    sums.extend((0..activities).map(|a| (0..territories).map(|t| t * activities + a).collect()));
    sums.push((0..counts.len()).collect());
    let admitted = publishable(LARGEST_HIDDEN, &counts, &[], &[], &sums);
    let hidden = admitted.iter().filter(|ok| !**ok).count();
    let small = counts.iter().filter(|c| (1..=10).contains(*c)).count();
    assert!(
        hidden >= small && hidden < 3 * small,
        "{hidden} hidden for {small} small"
    );
}
