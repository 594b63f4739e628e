//! Aggregates of the PMSI, cell by cell.
//!
//! A cell counts cases of one establishment, year, activity, mode and place of residence in one class of age and sex.
//! The cells of all classes are kept together: that is how rates read them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::Hash,
};

use kernel::Finess;

use super::demography::CLASSES;

kernel::typed_id!(
    /// A case-mix file that was applied.
    CaseMixImportId,
    "caseMixImports"
);

/// Field of the PMSI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PmsiField {
    Mco,
    Smr,
    Had,
    Psy,
}

/// How the care was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Hospitalisation complète.
    Full,
    /// Without a night.
    Ambulatory,
    Session,
    /// Hospitalisation à temps partiel.
    PartTime,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    Stays,
    Patients,
    Days,
    Sessions,
}

macro_rules! stored_as_text {
    ($type:ident: $($variant:ident = $text:literal),+) => {
        impl $type {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),+
                }
            }

            /// The value of a stored text.
            pub fn from_text(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

stored_as_text!(PmsiField: Mco = "MCO", Smr = "SMR", Had = "HAD", Psy = "PSY");
stored_as_text!(Mode: Full = "full", Ambulatory = "ambulatory", Session = "session", PartTime = "part_time");
stored_as_text!(Measure: Stays = "stays", Patients = "patients", Days = "days", Sessions = "sessions");

impl Measure {
    /// Whether cases of this mode are counted in this measure: stays are counted without sessions.
    pub fn counts(self, mode: Mode) -> bool {
        self != Self::Stays || mode != Mode::Session
    }
}

/// A number of cases, or the word of its producer that it is 1 to 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    Known(u32),
    Masked,
}

/// The cells of all classes; a class without cell has no case or was not told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells([i32; CLASSES]);

/// How an absent cell and a masked one are kept.
pub const ABSENT: i32 = -2;
pub const MASKED: i32 = -1;

impl Default for Cells {
    fn default() -> Self {
        Self([ABSENT; CLASSES])
    }
}

impl Cells {
    /// Reads what [`Cells::raw`] gave.
    pub fn from_raw(raw: &[i32]) -> Option<Self> {
        raw.try_into().ok().map(Self)
    }

    /// One number for each class: the cases, [`MASKED`] or [`ABSENT`].
    pub fn raw(&self) -> &[i32; CLASSES] {
        &self.0
    }

    /// Sets a cell that was not told before.
    pub fn set(&mut self, class: usize, cell: Cell) -> Result<(), CellError> {
        let count = match cell {
            Cell::Known(count) => i32::try_from(count).unwrap_or(i32::MAX),
            Cell::Masked => MASKED,
        };
        match self.0.get_mut(class) {
            Some(slot) if *slot == ABSENT => {
                *slot = count;
                Ok(())
            }
            Some(slot) if *slot == count => Err(CellError::Repeated),
            _ => Err(CellError::Contradicted),
        }
    }

    /// Adds known cells up; where one of the two is not told, the other is the sum.
    fn add(&mut self, more: &Self) {
        for (sum, cell) in self.0.iter_mut().zip(&more.0) {
            *sum = match (*sum, *cell) {
                (ABSENT, cell) => cell,
                (sum, ABSENT) => sum,
                (sum, cell) => sum.saturating_add(cell),
            };
        }
    }

    /// How many cells are told, masked ones included.
    pub fn told(&self) -> usize {
        self.0.iter().filter(|cell| **cell != ABSENT).count()
    }

    /// Sum of the known cells.
    pub fn known(&self) -> i64 {
        self.0
            .iter()
            .filter(|c| **c > 0)
            .map(|c| i64::from(*c))
            .sum()
    }

    /// How many cells are masked.
    pub fn masked(&self) -> i64 {
        self.0.iter().map(|cell| i64::from(*cell == MASKED)).sum()
    }
}

/// Texts that repeat, each once.
#[derive(Debug, Default)]
pub struct Names {
    places: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    /// The place of a name.
    pub fn place(&mut self, name: &str) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        place
    }

    pub fn name(&self, place: u32) -> &str {
        usize::try_from(place)
            .ok()
            .and_then(|place| self.names.get(place))
            .map_or("", String::as_str)
    }
}

/// Whose cells they are. Activity and residence are places in [`Names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub year: i16,
    /// Cumulative from January to this month.
    pub month: u8,
    pub finess: Finess,
    pub activity: u32,
    pub mode: Mode,
    pub measure: Measure,
    pub residence: u32,
}

/// Everything a file says.
#[derive(Debug, Default)]
pub struct CaseMix {
    pub activities: Names,
    pub residences: Names,
    pub cells: HashMap<Key, Box<Cells>>,
    /// Months that the file jumps over, by establishment and year.
    pub missing_months: BTreeSet<(Finess, i16, u8)>,
    /// Where cumulative figures of the file go down.
    pub falls: Vec<Fall>,
}

/// A cumulative figure that is smaller than that of an earlier month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fall {
    pub finess: Finess,
    pub year: i16,
    pub month: u8,
    pub activity: u32,
    pub measure: Measure,
    pub before: i64,
    pub now: i64,
}

/// Why a cell was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellError {
    /// The cell was told before, with the same count.
    Repeated,
    /// The cell was told before, with another count.
    Contradicted,
    TooMany,
}

/// Combinations of establishment, activity, mode and residence that one file may have: about half a gigabyte.
pub const MAX_KEYS: usize = 2_000_000;

impl CaseMix {
    pub fn set(&mut self, key: Key, class: usize, cell: Cell) -> Result<(), CellError> {
        if self.cells.len() >= MAX_KEYS && !self.cells.contains_key(&key) {
            return Err(CellError::TooMany);
        }
        self.cells.entry(key).or_default().set(class, cell)
    }

    /// The last month of each establishment and year.
    pub fn months(&self) -> BTreeMap<(Finess, i16), u8> {
        let mut months = BTreeMap::new();
        for key in self.cells.keys() {
            let month = months.entry((key.finess, key.year)).or_insert(key.month);
            *month = key.month.max(*month);
        }
        months
    }

    /// Keeps the last month only: figures are cumulative, so it holds the earlier ones. Returns how many cells went.
    /// What the earlier months say against the last is noted before.
    pub fn keep_last_months(&mut self) -> u64 {
        self.look_at_months();
        let months = self.months();
        let mut dropped = 0;
        self.cells.retain(|key, cells| {
            let is_last = months.get(&(key.finess, key.year)) == Some(&key.month);
            if !is_last {
                dropped += u64::try_from(cells.told()).unwrap_or(0);
            }
            is_last
        });
        dropped
    }

    /// Adds figures of single months up to cumulative ones of the last month.
    pub fn add_months_up(&mut self) {
        let told = self.told_months();
        let months = self.months();
        for ((finess, year), told) in told {
            let last = told.last().copied().unwrap_or_default();
            let missing = (1..last).filter(|month| !told.contains(month));
            self.missing_months
                .extend(missing.map(|month| (finess, year, month)));
        }
        for (key, cells) in std::mem::take(&mut self.cells) {
            let last = months.get(&(key.finess, key.year)).copied();
            let key = Key {
                month: last.unwrap_or(key.month),
                ..key
            };
            self.cells.entry(key).or_default().add(&cells);
        }
    }

    fn told_months(&self) -> BTreeMap<(Finess, i16), BTreeSet<u8>> {
        let mut told: BTreeMap<(Finess, i16), BTreeSet<u8>> = BTreeMap::new();
        for key in self.cells.keys() {
            let months = told.entry((key.finess, key.year)).or_default();
            months.insert(key.month);
        }
        told
    }

    /// Notes months that are jumped over and figures that go down, where a file tells several months.
    fn look_at_months(&mut self) {
        let mut told = self.told_months();
        told.retain(|_, months| months.len() > 1);
        let mut lines: BTreeMap<(Finess, i16, u32, Measure), BTreeMap<u8, Figure>> =
            BTreeMap::new();
        for (key, cells) in &self.cells {
            if told.contains_key(&(key.finess, key.year)) {
                let line = (key.finess, key.year, key.activity, key.measure);
                let figure = lines.entry(line).or_default().entry(key.month).or_default();
                figure.known += cells.known();
                figure.masked += cells.masked();
            }
        }
        for ((finess, year), told) in told {
            let (first, last) = (told.first().copied(), told.last().copied());
            let between = first.unwrap_or_default()..last.unwrap_or_default();
            let missing = between.filter(|month| !told.contains(month));
            self.missing_months
                .extend(missing.map(|month| (finess, year, month)));
        }
        for ((finess, year, activity, measure), months) in lines {
            let mut highest = 0;
            for (month, figure) in months.into_iter().filter(|(_, figure)| figure.masked == 0) {
                if figure.known < highest {
                    self.falls.push(Fall {
                        finess,
                        year,
                        month,
                        activity,
                        measure,
                        before: highest,
                        now: figure.known,
                    });
                }
                highest = highest.max(figure.known);
            }
        }
    }
}

/// Cases of one activity, mode, measure and residence, whichever establishment treated them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub cases: [i32; CLASSES],
    /// Masked cells: each adds 1 to 10 to an unknown class.
    pub masked: i32,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            cases: [0; CLASSES],
            masked: 0,
        }
    }
}

impl Profile {
    pub fn add(&mut self, cells: &Cells) {
        for (sum, cell) in self.cases.iter_mut().zip(cells.raw()) {
            if *cell > 0 {
                *sum = sum.saturating_add(*cell);
            }
        }
        self.masked = self
            .masked
            .saturating_add(i32::try_from(cells.masked()).unwrap_or(i32::MAX));
    }
}

/// A figure of one establishment, without residence and class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figure {
    pub known: i64,
    pub masked: i64,
}

/// Adds cells up by any part of their keys.
pub fn figures<K: Ord + Hash>(case_mix: &CaseMix, by: impl Fn(&Key) -> K) -> BTreeMap<K, Figure> {
    let mut figures: BTreeMap<K, Figure> = BTreeMap::new();
    for (key, cells) in &case_mix.cells {
        let figure = figures.entry(by(key)).or_default();
        figure.known += cells.known();
        figure.masked += cells.masked();
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(month: u8) -> Key {
        Key {
            year: 2024,
            month,
            finess: "010000040".parse().unwrap(),
            activity: 0,
            mode: Mode::Full,
            measure: Measure::Stays,
            residence: 0,
        }
    }

    #[test]
    fn only_the_last_of_cumulative_months_counts() {
        let mut case_mix = CaseMix::default();
        for (month, count) in [(1, 10), (3, 30), (2, 20)] {
            case_mix.set(key(month), 0, Cell::Known(count)).unwrap();
        }
        assert_eq!(case_mix.keep_last_months(), 2);
        let left: Vec<i64> = case_mix.cells.values().map(|cells| cells.known()).collect();
        assert_eq!(left, [30]);
    }

    #[test]
    fn what_the_months_of_a_file_say_against_each_other_is_noted() {
        let mut case_mix = CaseMix::default();
        for (month, count) in [(1, 10), (2, 30), (5, 25), (6, 28)] {
            case_mix.set(key(month), 0, Cell::Known(count)).unwrap();
        }
        case_mix.keep_last_months();
        let missing: Vec<u8> = case_mix.missing_months.iter().map(|m| m.2).collect();
        assert_eq!(missing, [3, 4]);
        let falls: Vec<_> = case_mix
            .falls
            .iter()
            .map(|f| (f.month, f.before, f.now))
            .collect();
        assert_eq!(falls, [(5, 30, 25), (6, 30, 28)]);
    }

    #[test]
    fn a_file_of_one_month_says_nothing_of_the_others() {
        let mut case_mix = CaseMix::default();
        case_mix.set(key(6), 0, Cell::Known(10)).unwrap();
        case_mix.keep_last_months();
        assert!(case_mix.missing_months.is_empty() && case_mix.falls.is_empty());
    }

    #[test]
    fn single_months_add_up_to_the_last_from_january_on() {
        let mut case_mix = CaseMix::default();
        for (month, count) in [(4, 10), (2, 30)] {
            case_mix.set(key(month), 0, Cell::Known(count)).unwrap();
        }
        case_mix.set(key(2), 1, Cell::Known(7)).unwrap();
        case_mix.add_months_up();
        assert_eq!(case_mix.cells.len(), 1);
        assert_eq!(case_mix.cells[&key(4)].raw()[..3], [40, 7, ABSENT]);
        let missing: Vec<u8> = case_mix.missing_months.iter().map(|m| m.2).collect();
        assert_eq!(missing, [1, 3]);
    }

    #[test]
    fn a_cell_can_be_told_once_and_zero_masked_and_absent_stay_apart() {
        let mut case_mix = CaseMix::default();
        case_mix.set(key(1), 3, Cell::Known(0)).unwrap();
        case_mix.set(key(1), 4, Cell::Masked).unwrap();
        assert_eq!(
            case_mix.set(key(1), 3, Cell::Known(1)),
            Err(CellError::Contradicted)
        );
        let cells = &case_mix.cells[&key(1)];
        assert_eq!(cells.raw()[2..5], [ABSENT, 0, MASKED]);
        assert_eq!((cells.known(), cells.masked()), (0, 1));
        let mut profile = Profile::default();
        profile.add(cells);
        assert_eq!((profile.cases[3], profile.masked), (0, 1));
    }

    #[test]
    fn every_stored_text_is_read_back() {
        for field in PmsiField::ALL {
            assert_eq!(PmsiField::from_text(field.as_str()), Some(*field));
        }
        for mode in Mode::ALL {
            assert_eq!(Mode::from_text(mode.as_str()), Some(*mode));
        }
        for measure in Measure::ALL {
            assert_eq!(Measure::from_text(measure.as_str()), Some(*measure));
        }
        assert!(!Measure::Stays.counts(Mode::Session) && Measure::Days.counts(Mode::Session));
    }
}
