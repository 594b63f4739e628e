//! Publications that say more together than each of them.

use super::*;

fn all(territories: usize) -> BTreeSet<Line> {
    everything(territories)
}

/// Told beside a first publication of other zones or inhabitants.
fn told_second(
    counts: &[Three],
    first: (&[Vec<usize>], &[Three]),
    second: (&[Vec<usize>], &[Three]),
) -> BTreeSet<Line> {
    let classes = classes(ACTIVITY, counts);
    let releases = [release(ACTIVITY, first.0), release(ACTIVITY, second.0)];
    let mut before = sheet(&releases[0], &classes, first.0, first.1);
    let groups = ActivityGroups::default();
    before.lines = comparable(LARGEST_HIDDEN, &groups, &before, &[]);
    let sheet = sheet(&releases[1], &classes, second.0, second.1);
    comparable(LARGEST_HIDDEN, &groups, &sheet, &[before])
}

fn zones(of: &[&[usize]]) -> Vec<Vec<usize>> {
    of.iter().map(|zone| zone.to_vec()).collect()
}

#[test]
fn the_same_figures_again_tell_nothing_more() {
    let counts = [[3, 8, 15], [9, 24, 7]];
    let inhabitants = [[90_000, 91_000, 92_000], [88_000, 95_000, 99_000]];
    let division = zones(&[&[0], &[1]]);
    let once = told_first(&inhabitants, &counts);
    let again = told_second(
        &counts,
        (&division, &inhabitants),
        (&division, &inhabitants),
    );
    assert_eq!((again, once), (all(2), all(2)));
}

#[test]
fn other_inhabitants_take_back_what_two_rates_of_the_same_cases_would_tell() {
    // A case of the first class weighs as much as one of the second for the first inhabitants, of the third for the others.
    let counts = [[3, 20, 30], [4_000, 4_000, 4_000]];
    let one = [[500, 500, 2_500], [100_000, 100_000, 100_000]];
    let other = [[500, 2_500, 500], [100_000, 100_000, 100_000]];
    let division = zones(&[&[0], &[1]]);
    assert_eq!(told_first(&one, &counts), all(2));
    assert_eq!(told_first(&other, &counts), all(2));
    let after = told_second(&counts, (&division, &one), (&division, &other));
    assert!(!after.contains(&(Some(0), Some(0))), "{after:?}");
    assert!(!after.contains(&(Some(0), None)), "{after:?}");
}

#[test]
fn nested_territories_are_one_system() {
    let counts = [[3, 8, 15], [9, 24, 7]];
    let inhabitants = [[90_000, 91_000, 92_000], [88_000, 95_000, 99_000]];
    let whole = zones(&[&[0, 1]]);
    let parts = zones(&[&[0], &[1]]);
    // Nothing here is precise enough to tell: both are told.
    let after = told_second(&counts, (&whole, &inhabitants), (&parts, &inhabitants));
    assert_eq!(after, all(2));
}

#[test]
fn cases_that_the_nomenclature_counts_again_in_a_group_move_in_both() {
    let counts = [[3, 20, 30], [4_000, 4_000, 4_000]];
    let one = [[500, 500, 2_500], [100_000, 100_000, 100_000]];
    let other = [[500, 2_500, 500], [100_000, 100_000, 100_000]];
    let division = zones(&[&[0], &[1]]);
    let groups = ActivityGroups::new([("X".to_owned(), "G".to_owned())]);
    // The group is its only member, and its rates were told for other inhabitants.
    let of_group = classes("G", &counts);
    let group = release("G", &division);
    let mut before = sheet(&group, &of_group, &division, &one);
    before.lines = comparable(LARGEST_HIDDEN, &groups, &before, &[]);
    assert_eq!(before.lines, all(2));
    let of_member = classes(ACTIVITY, &counts);
    let member = release(ACTIVITY, &division);
    let sheet = sheet(&member, &of_member, &division, &other);
    let blind = ActivityGroups::default();
    let before = [before];
    let told = comparable(LARGEST_HIDDEN, &groups, &sheet, &before);
    let told_blindly = comparable(LARGEST_HIDDEN, &blind, &sheet, &before);
    assert!(!told.contains(&(Some(0), Some(0))), "{told:?}");
    assert_eq!(told_blindly, all(2));
}

#[test]
fn a_publication_without_standardised_rates_is_not_looked_at() {
    let counts = [[3, 20, 30], [4_000, 4_000, 4_000]];
    let one = [[500, 500, 2_500], [100_000, 100_000, 100_000]];
    let division = zones(&[&[0], &[1]]);
    let (classes, release) = (classes(ACTIVITY, &counts), release(ACTIVITY, &division));
    let mut silent = sheet(&release, &classes, &division, &one);
    silent.lines.clear();
    let sheet = sheet(&release, &classes, &division, &one);
    let groups = ActivityGroups::default();
    assert_eq!(
        comparable(LARGEST_HIDDEN, &groups, &sheet, &[silent.clone()]),
        all(2)
    );
    assert!(comparable(LARGEST_HIDDEN, &groups, &silent, &[]).is_empty());
}
