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
        reference: None,
    }
}

fn is_told(
    told: &[(Subject, bool)],
    territory: Option<usize>,
    activity: Option<usize>,
    ambulatory: bool,
) -> bool {
    let place = territory.map_or(Place::All, Place::Territory);
    told.iter().any(|(subject, ok)| {
        *ok && (subject.place, subject.activity, subject.ambulatory)
            == (place, activity, ambulatory)
    })
}

fn publish(release: Release, before: &[Published]) -> Published {
    publish_grouped(&ActivityGroups::default(), release, before)
}

fn publish_grouped(groups: &ActivityGroups, release: Release, before: &[Published]) -> Published {
    let told = tellable(LARGEST_HIDDEN, groups, &release, before);
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
    let told = tellable(LARGEST_HIDDEN, &ActivityGroups::default(), &release, &[]);
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
    let told = tellable(LARGEST_HIDDEN, &ActivityGroups::default(), &release, &[]);
    let both = is_told(&told, Some(0), Some(0), false) && is_told(&told, Some(0), Some(0), true);
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
            .any(|s| s.place == Place::Territory(0) && !s.ambulatory)
    );
    let second = release(&[&["a"], &["b", "c"]], &cases);
    let told = tellable(
        LARGEST_HIDDEN,
        &ActivityGroups::default(),
        &second,
        std::slice::from_ref(&first),
    );
    assert!(!is_told(&told, Some(0), Some(0), false));
    assert!(!is_told(&told, Some(1), Some(0), false));
    assert!(is_told(&told, None, Some(0), false));
    // By itself the second version would tell both.
    let alone = tellable(LARGEST_HIDDEN, &ActivityGroups::default(), &second, &[]);
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
        published.told.iter().any(|s| {
            s.place == Place::Territory(territory) && s.activity.is_some() && !s.ambulatory
        })
    };
    assert!(!is_out(&second, 0));
    // Either its partner stays hidden in both, or neither total is told.
    assert_eq!(is_out(&first, 1), is_out(&second, 1));
}

fn tells(published: &Published, place: Place, activity: Option<usize>) -> bool {
    published.told.contains(&Subject {
        place,
        activity,
        ambulatory: false,
    })
}

#[test]
fn a_group_of_activities_does_not_tell_by_difference_the_member_that_was_hidden() {
    let groups = ActivityGroups::new(
        [("X", "G"), ("Y", "G")].map(|(code, group)| (code.to_owned(), group.to_owned())),
    );
    let division: &[&[&str]] = &[&["a"], &["b"]];
    let group = release(division, &[("G", "a", 305, 0), ("G", "b", 700, 0)]);
    let members = release(
        division,
        &[
            ("X", "a", 300, 0),
            ("Y", "a", 5, 0),
            ("X", "b", 400, 0),
            ("Y", "b", 300, 0),
        ],
    );
    let first = publish_grouped(&groups, group, &[]);
    assert!(tells(&first, Place::Territory(0), Some(0)));
    let second = publish_grouped(&groups, members.clone(), std::slice::from_ref(&first));
    // 305 − 300 = 5.
    assert!(!tells(&second, Place::Territory(0), Some(0)));
    // One member is not published at all: the rest of the group is as small.
    let only = Release {
        activities: vec!["X".to_owned()],
        ..members
    };
    let second = publish_grouped(&groups, only.clone(), std::slice::from_ref(&first));
    assert!(!tells(&second, Place::Territory(0), Some(0)));
    assert!(tells(&second, Place::All, Some(0)));
    // Without the nomenclature nobody would have known.
    let blind = publish(only, std::slice::from_ref(&first));
    assert!(tells(&blind, Place::Territory(0), Some(0)));
}

#[test]
fn members_that_two_publications_tell_of_two_places_are_both_taken_from_the_group() {
    let groups = ActivityGroups::new(
        [("X", "G"), ("Y", "G")].map(|(code, group)| (code.to_owned(), group.to_owned())),
    );
    let group = release(&[&["a"], &["b"]], &[("G", "a", 305, 0), ("G", "b", 708, 0)]);
    let first = publish_grouped(&groups, group, &[]);
    let second = publish_grouped(
        &groups,
        release(&[&["a"]], &[("X", "a", 200, 0)]),
        std::slice::from_ref(&first),
    );
    assert!(tells(&second, Place::All, Some(0)));
    // 708 − 700 = 8.
    let third = release(&[&["b"]], &[("X", "b", 700, 0)]);
    let third = publish_grouped(&groups, third, &[first, second]);
    assert!(!tells(&third, Place::All, Some(0)));
}

#[test]
fn a_departement_that_was_published_does_not_tell_the_commune_that_is_small() {
    let groups = ActivityGroups::default();
    // The year was imported by département first, then by commune.
    let coarse = release(
        &[&["04"], &["05"]],
        &[("X", "04", 305, 0), ("X", "05", 400, 0)],
    );
    let first = publish_grouped(&groups, coarse, &[]);
    assert!(tells(&first, Place::Territory(0), Some(0)));
    let fine = release(
        &[&["04001"], &["05001", "05002"]],
        &[
            ("X", "04001", 300, 0),
            ("X", "05001", 250, 0),
            ("X", "05002", 150, 0),
        ],
    );
    let second = publish_grouped(&groups, fine.clone(), std::slice::from_ref(&first));
    // 305 − 300 = 5, of communes that are in no zone.
    assert!(!tells(&second, Place::Territory(0), Some(0)));
    assert!(tells(&second, Place::Territory(1), Some(0)));
    assert!(tells(&publish(fine, &[]), Place::Territory(0), Some(0)));
}

#[test]
fn a_group_beside_its_members_in_one_table_counts_them_twice_and_tells_none_that_is_small() {
    let groups = ActivityGroups::new(
        [("X", "G"), ("Y", "G")].map(|(code, group)| (code.to_owned(), group.to_owned())),
    );
    let table = release(
        &[&["a"]],
        &[("G", "a", 305, 0), ("X", "a", 300, 0), ("Y", "a", 5, 0)],
    );
    let published = publish_grouped(&groups, table, &[]);
    let told =
        [Some(0), Some(1), Some(2), None].map(|activity| tells(&published, Place::All, activity));
    // The total, 610, is twice the group; the group less its large member would be the small one.
    assert_eq!(told, [true, false, false, true]);
}

#[test]
fn the_cases_of_a_reference_are_a_count_like_any_other() {
    // The reference is the territory and commune z, which has three cases.
    let release = Release {
        reference: Some(vec!["a".to_owned(), "b".to_owned(), "z".to_owned()]),
        ..release(
            &[&["a"], &["b"]],
            &[("X", "a", 300, 0), ("X", "b", 400, 0), ("X", "z", 3, 0)],
        )
    };
    let published = publish(release.clone(), &[]);
    let both =
        tells(&published, Place::Reference, Some(0)) && tells(&published, Place::All, Some(0));
    assert!(!both);
    // A reference that is small itself is not told.
    let small = Release {
        reference: Some(vec!["z".to_owned()]),
        ..release
    };
    assert!(!tells(&publish(small, &[]), Place::Reference, Some(0)));
}

#[test]
fn patients_who_had_one_stay_each_do_not_tell_the_stays_that_were_hidden() {
    let cases = [("X", "a", 5, 0), ("X", "b", 400, 0), ("X", "c", 500, 0)];
    let stays = publish(release(&[&["a"], &["b"], &["c"]], &cases), &[]);
    assert!(tells(&stays, Place::All, Some(0)));
    assert!(tells(&stays, Place::Territory(2), Some(0)));
    // In another unit, of the territory that was hidden as the partner of the small one: 905 − 500 − 400 = 5.
    let patients = Release {
        tells_ambulatory: false,
        ..release(&[&["b"]], &[("X", "b", 400, 0)])
    };
    let alone = publish(patients.clone(), &[]);
    assert!(tells(&alone, Place::Territory(0), Some(0)));
    let patients = publish(patients, std::slice::from_ref(&stays));
    assert!(!tells(&patients, Place::Territory(0), Some(0)));
}

mod attacker;
