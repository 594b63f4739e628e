use proptest::prelude::*;

use super::*;

const LARGEST_HIDDEN: u64 = 10;
const CLASSES: usize = 3;
type Three = [i64; CLASSES];

fn people(of: Three) -> Inhabitants {
    let mut inhabitants = [0; STRATA];
    inhabitants[..CLASSES].copy_from_slice(&of);
    inhabitants
}

fn cells(of: Three) -> Vec<i32> {
    of.iter()
        .map(|count| i32::try_from(*count).unwrap())
        .collect()
}

fn everything(territories: usize) -> BTreeSet<Line> {
    let places = (0..territories).map(Some).chain([None]);
    places
        .flat_map(|territory| [(territory, Some(0)), (territory, None)])
        .collect()
}

const ACTIVITY: &str = "X";

fn residence(place: usize) -> String {
    format!("commune {place}")
}

/// Cases of one activity, by commune.
fn classes(activity: &str, counts: &[Three]) -> Classes {
    let places = counts.iter().enumerate();
    let places = places.map(|(place, of)| (residence(place), cells(*of)));
    let places: BTreeMap<String, Vec<i32>> = places.collect();
    [(activity.to_owned(), places)].into()
}

/// Communes by territory.
fn release(activity: &str, zones: &[Vec<usize>]) -> Release {
    let residences = |zone: &Vec<usize>| zone.iter().map(|place| residence(*place)).collect();
    Release {
        territories: zones.iter().map(residences).collect(),
        activities: vec![activity.to_owned()],
        ..Release::default()
    }
}

/// What would be told of these zones, whose communes have these inhabitants.
fn sheet<'a>(
    release: &'a Release,
    classes: &'a Classes,
    zones: &[Vec<usize>],
    inhabitants: &[Three],
) -> Sheet<'a> {
    Sheet {
        release,
        measure: Measure::Stays,
        classes,
        inhabitants: zones
            .iter()
            .map(|zone| people(together(zone, inhabitants)))
            .collect(),
        reference: None,
        lines: everything(zones.len()),
    }
}

fn together(zone: &[usize], of: &[Three]) -> Three {
    std::array::from_fn(|class| zone.iter().map(|place| of[*place][class]).sum())
}

/// The lines that have rates in a first publication, of one activity and compared with the territories together.
fn told_first(inhabitants: &[Three], counts: &[Three]) -> BTreeSet<Line> {
    let zones: Vec<Vec<usize>> = (0..counts.len()).map(|place| vec![place]).collect();
    let (release, classes) = (release(ACTIVITY, &zones), classes(ACTIVITY, counts));
    let sheet = sheet(&release, &classes, &zones, inhabitants);
    comparable(LARGEST_HIDDEN, &ActivityGroups::default(), &sheet, &[])
}

#[test]
fn what_is_told_is_rounded_or_follows_from_what_is_told() {
    let rates = Rates {
        crude: 147.0,
        direct: 142.424_242,
        expected: 13_570.04,
        index: 0.0,
        index_low: 0.0,
        index_high: 0.0,
        indirect: 0.0,
    };
    let told = published(&rates, 14_700, 131.363_636).unwrap();
    assert_eq!(
        format!("{} {} {}", told.crude, told.direct, told.expected),
        "147 142.4 13570"
    );
    let followed = [told.index, told.index_low, told.index_high, told.indirect];
    assert_eq!(
        followed.map(|figure| format!("{figure:.4}")),
        ["1.0833", "1.0658", "1.1009", "142.3025"]
    );
    let rare = Rates {
        expected: 0.04,
        ..rates
    };
    assert_eq!(published(&rare, 3, 1.0), None);
}

#[test]
fn a_class_of_two_inhabitants_takes_the_rates_of_its_territory_back() {
    let inhabitants = [[2, 1_000, 1_000], [50_000, 100_000, 100_000]];
    let counts = [[1, 20, 30], [15_000, 30_000, 30_000]];
    let told = told_first(&inhabitants, &counts);
    let expected: BTreeSet<Line> = everything(2)
        .into_iter()
        .filter(|(territory, _)| *territory != Some(0))
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn classes_without_small_counts_keep_every_line() {
    let inhabitants = [[900, 1_000, 1_100], [500, 1_000, 700]];
    let counts = [[11, 20, 30], [15, 30, 0]];
    let told = told_first(&inhabitants, &counts);
    assert_eq!(told, everything(2));
}

/// What everybody can compute: direct rates and expected cases, in tenths.
struct Figures {
    direct: Vec<f64>,
    expected: Vec<f64>,
}

fn ratio_of(part: i64, whole: i64) -> f64 {
    number(part) / number(whole)
}

fn figures(inhabitants: &[Three], counts: &[Three]) -> Figures {
    let all: Vec<i64> = (0..CLASSES)
        .map(|c| inhabitants.iter().map(|of| of[c]).sum())
        .collect();
    let sick: Vec<i64> = (0..CLASSES)
        .map(|c| counts.iter().map(|of| of[c]).sum())
        .collect();
    let everybody: i64 = all.iter().sum();
    let pairs = || inhabitants.iter().zip(counts);
    let direct = pairs().map(|(people, cases)| {
        let classes = (0..CLASSES)
            .map(|c| ratio_of(cases[c], people[c]) * 1_000.0 * ratio_of(all[c], everybody));
        classes.sum::<f64>()
    });
    let expected = pairs().map(|(people, _)| {
        let classes = (0..CLASSES).map(|c| ratio_of(sick[c], all[c]) * number(people[c]));
        classes.sum::<f64>()
    });
    Figures {
        direct: direct.collect(),
        expected: expected.collect(),
    }
}

fn is_told_as(one: f64, other: f64) -> bool {
    ((one * 10.0).round() - (other * 10.0).round()).abs() < 0.5
}

/// Every way to spread cases over the classes.
fn spreads(total: i64) -> impl Iterator<Item = Three> {
    (0..=total).flat_map(move |first| {
        (0..=total - first).map(move |second| [first, second, total - first - second])
    })
}

/// All that two territories may be, for who knows their cases and the rates that are told.
fn worlds(inhabitants: &[Three; 2], counts: &[Three; 2], told: &BTreeSet<Line>) -> Vec<[Three; 2]> {
    let truth = figures(inhabitants, counts);
    let is_out = |territory: usize| told.iter().any(|line| line.0 == Some(territory));
    let likely = |territory: usize| -> Vec<Three> {
        let total = counts[territory].iter().sum();
        spreads(total)
            .filter(|guess| {
                let mut guesses = *counts;
                guesses[territory] = *guess;
                let direct = figures(inhabitants, &guesses).direct[territory];
                !is_out(territory) || is_told_as(direct, truth.direct[territory])
            })
            .collect()
    };
    let (first, second) = (likely(0), likely(1));
    let pairs = first
        .iter()
        .flat_map(|a| second.iter().map(move |b| [*a, *b]));
    pairs
        .filter(|guess| {
            let expected = figures(inhabitants, guess).expected;
            (0..2).all(|place| !is_out(place) || is_told_as(expected[place], truth.expected[place]))
        })
        .collect()
}

fn three(range: std::ops::Range<i64>) -> impl Strategy<Value = Three> {
    prop::array::uniform3(range)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The attacker tries every world: none of the small classes is the same in all that fit what is told.
    #[test]
    fn no_small_class_follows_from_the_rates(
        inhabitants in prop::array::uniform2(three(200..90_000)),
        counts in prop::array::uniform2(three(1..8)),
    ) {
        let told = told_first(&inhabitants, &counts);
        let worlds = worlds(&inhabitants, &counts, &told);
        for (place, of) in counts.iter().enumerate() {
            for (class, count) in of.iter().enumerate() {
                if (1..=10).contains(count) {
                    let values: BTreeSet<i64> = worlds.iter().map(|world| world[place][class]).collect();
                    prop_assert!(values.len() > 1, "class {class} of {place}: {inhabitants:?} {counts:?} {told:?}");
                }
            }
        }
        for class in 0..CLASSES {
            let sum = |world: &[Three; 2]| world.iter().map(|of| of[class]).sum::<i64>();
            if (1..=10).contains(&sum(&counts)) {
                let values: BTreeSet<i64> = worlds.iter().map(sum).collect();
                prop_assert!(values.len() > 1, "class {class}: {inhabitants:?} {counts:?} {told:?}");
            }
        }
    }
}

#[test]
fn with_all_their_digits_rates_tell_every_class() {
    let inhabitants = [[811, 1_013, 977], [1_501, 997, 2_003]];
    let counts = [[3, 8, 5], [9, 4, 7]];
    let truth = figures(&inhabitants, &counts);
    let total = counts[0].iter().sum();
    let found: Vec<Three> = spreads(total)
        .filter(|guess| {
            let direct = figures(&inhabitants, &[*guess, counts[1]]).direct[0];
            (direct - truth.direct[0]).abs() < 1e-9
        })
        .collect();
    assert_eq!(found, [counts[0]]);
    // Rounded they do not.
    assert!(worlds(&inhabitants, &counts, &everything(2)).len() > 1);
}

mod attacker;
mod several;
