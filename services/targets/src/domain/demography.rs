//! Classes of age and sex: twenty five-year classes for each sex, and one for cases of unknown age or sex.

/// Five-year classes, 0–4 to 95 and over.
pub const AGE_CLASSES: usize = 20;
/// Classes of age and sex.
pub const STRATA: usize = 2 * AGE_CLASSES;
/// Place of what has no class.
pub const UNCLASSED: usize = STRATA;
/// Classes and the one for the unknown.
pub const CLASSES: usize = STRATA + 1;

/// Sex as population and hospital statistics count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    Male,
    Female,
}

impl Sex {
    /// Reads `1`, `H`, `M`, `hommes` or `2`, `F`, `femmes`.
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "1" | "H" | "M" | "hommes" => Some(Self::Male),
            "2" | "F" | "femmes" => Some(Self::Female),
            _ => None,
        }
    }
}

/// A five-year class: its place from 0 (0–4) to 19 (95 and over).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AgeClass(usize);

impl AgeClass {
    /// Reads `0-4` … `90-94` or `95+`.
    pub fn read(text: &str) -> Option<Self> {
        if text == "95+" {
            return Some(Self(AGE_CLASSES - 1));
        }
        let (from, to) = text.split_once('-')?;
        let (from, to): (usize, usize) = (from.parse().ok()?, to.parse().ok()?);
        (from.is_multiple_of(5) && to == from + 4 && from < 95).then_some(Self(from / 5))
    }
}

/// Place of a class of age and sex, from 0 to [`STRATA`].
pub fn stratum(sex: Sex, age: AgeClass) -> usize {
    match sex {
        Sex::Male => age.0,
        Sex::Female => AGE_CLASSES + age.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_place_and_anything_else_none() {
        assert_eq!(AgeClass::read("0-4"), Some(AgeClass(0)));
        assert_eq!(AgeClass::read("90-94"), Some(AgeClass(18)));
        assert_eq!(AgeClass::read("95+"), Some(AgeClass(19)));
        for text in ["", "0-5", "3-7", "95-99", "100+", "75+", "total", "-5-0"] {
            assert_eq!(AgeClass::read(text), None, "{text}");
        }
        let old_woman = stratum(Sex::Female, AgeClass(19));
        assert_eq!(
            (old_woman, stratum(Sex::Male, AgeClass(0))),
            (STRATA - 1, 0)
        );
    }
}
