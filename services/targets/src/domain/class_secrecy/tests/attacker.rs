//! The attacker: knows the cases of every line, by how much a correction changed each class, and every rounded figure that
//! was ever published; tries every world.

use proptest::prelude::*;

use super::*;

const COMMUNES: usize = 2;
type World = [Three; COMMUNES];

/// One publication.
#[derive(Debug)]
struct Step {
    zones: Vec<Vec<usize>>,
    inhabitants: World,
    /// Cases more than in the first publication.
    more: World,
}

impl Step {
    fn counts(&self, world: &World) -> World {
        std::array::from_fn(|place| {
            std::array::from_fn(|class| world[place][class] + self.more[place][class])
        })
    }

    /// Direct rate and expected cases of each zone, then of all.
    fn figures(&self, world: &World) -> Vec<(f64, f64)> {
        let counts = self.counts(world);
        let everywhere: Vec<usize> = (0..COMMUNES).collect();
        let people = together(&everywhere, &self.inhabitants);
        let sick = together(&everywhere, &counts);
        let everybody: i64 = people.iter().sum();
        let zones = self.zones.iter().chain([&everywhere]);
        zones
            .map(|zone| {
                let (here, cases) = (together(zone, &self.inhabitants), together(zone, &counts));
                let direct = (0..CLASSES).map(|class| {
                    let rate = ratio_of(cases[class], here[class]) * 1_000.0;
                    rate * ratio_of(people[class], everybody)
                });
                let expected = (0..CLASSES)
                    .map(|class| ratio_of(sick[class], people[class]) * number(here[class]));
                (direct.sum::<f64>(), expected.sum::<f64>())
            })
            .collect()
    }

    fn is_told(&self, told: &BTreeSet<Line>, row: usize) -> bool {
        let territory = (row < self.zones.len()).then_some(row);
        told.iter().any(|line| line.0 == territory)
    }

    /// Whether everything that is told reads the same.
    fn fits(&self, told: &BTreeSet<Line>, truth: &[(f64, f64)], guess: &World) -> bool {
        let figures = truth.iter().zip(self.figures(guess)).enumerate();
        let mut told = figures.filter(|(row, _)| self.is_told(told, *row));
        told.all(|(_, (truth, guess))| is_told_as(truth.0, guess.0) && is_told_as(truth.1, guess.1))
    }
}

/// Publishes one after the other.
fn publish(steps: &[Step], world: &World) -> Vec<BTreeSet<Line>> {
    let groups = ActivityGroups::default();
    let kept: Vec<(Release, Classes)> = steps
        .iter()
        .map(|step| {
            let counts = step.counts(world);
            (release(ACTIVITY, &step.zones), classes(ACTIVITY, &counts))
        })
        .collect();
    let mut out: Vec<Sheet<'_>> = Vec::new();
    for (step, (release, classes)) in steps.iter().zip(&kept) {
        let mut sheet = sheet(release, classes, &step.zones, &step.inhabitants);
        sheet.lines = comparable(LARGEST_HIDDEN, &groups, &sheet, &out);
        out.push(sheet);
    }
    out.into_iter().map(|sheet| sheet.lines).collect()
}

/// Every world that fits, for who knows how many cases each commune has.
fn worlds(steps: &[Step], told: &[BTreeSet<Line>], truth: &World) -> Vec<World> {
    let truths: Vec<Vec<(f64, f64)>> = steps.iter().map(|step| step.figures(truth)).collect();
    let spreads_of = |place: usize| spreads(truth[place].iter().sum()).collect::<Vec<Three>>();
    let (first, second) = (spreads_of(0), spreads_of(1));
    let pairs = first
        .iter()
        .flat_map(|a| second.iter().map(move |b| [*a, *b]));
    pairs
        .filter(|guess| {
            let mut publications = steps.iter().zip(told).zip(&truths);
            publications.all(|((step, told), truth)| step.fits(told, truth, guess))
        })
        .collect()
}

fn world(range: std::ops::Range<i64>) -> impl Strategy<Value = World> {
    prop::array::uniform2(three(range))
}

fn step(more: std::ops::Range<i64>) -> impl Strategy<Value = Step> {
    let division = prop_oneof![Just(vec![vec![0_usize], vec![1]]), Just(vec![vec![0, 1]])];
    (division, world(200..20_000), world(more)).prop_map(|(zones, inhabitants, more)| Step {
        zones,
        inhabitants,
        more,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Three publications of the same cases: nested territories in any order, other inhabitants, a correction.
    #[test]
    fn no_small_class_follows_from_everything_ever_published(
        first in step(0..1),
        second in step(0..1),
        corrected in step(0..3),
        truth in world(1..5),
    ) {
        let steps = [first, second, corrected];
        let told = publish(&steps, &truth);
        let worlds = worlds(&steps, &told, &truth);
        for class in 0..CLASSES {
            for place in 0..COMMUNES {
                let values: BTreeSet<i64> = worlds.iter().map(|world| world[place][class]).collect();
                prop_assert!(values.len() > 1, "class {class} of {place}: {steps:?} {truth:?} {told:?}");
            }
            let sum = |world: &World| world.iter().map(|of| of[class]).sum::<i64>();
            if (1..=10).contains(&sum(&truth)) {
                let values: BTreeSet<i64> = worlds.iter().map(sum).collect();
                prop_assert!(values.len() > 1, "class {class}: {steps:?} {truth:?} {told:?}");
            }
        }
    }
}

#[test]
fn this_attacker_finds_what_is_told_to_the_last_digit() {
    // Rates of few inhabitants are precise: two of them, told without looking, leave one world of the first commune.
    let step = |inhabitants| Step {
        zones: vec![vec![0], vec![1]],
        inhabitants,
        more: [[0; CLASSES]; COMMUNES],
    };
    let steps = [
        step([[201, 307, 411], [5_000, 6_000, 7_000]]),
        step([[290, 205, 350], [5_000, 6_000, 7_000]]),
    ];
    let truth = [[3, 2, 4], [5, 4, 3]];
    let everything = [everything(2), everything(2)];
    let found = worlds(&steps, &everything, &truth);
    let first: BTreeSet<Three> = found.iter().map(|world| world[0]).collect();
    assert_eq!(first, [truth[0]].into());
    // Judged together they are not both told.
    let told = publish(&steps, &truth);
    let first: BTreeSet<Three> = worlds(&steps, &told, &truth)
        .iter()
        .map(|world| world[0])
        .collect();
    assert!(first.len() > 1, "{told:?}");
}
