//! FINESS numbers that no real establishment can have: they begin with `00`, which is no département.

use kernel::{Finess, luhn};

/// The number of the legal entity of this rank (1 to 99,999).
pub fn legal_entity(rank: u32) -> Finess {
    with_key(&format!("001{rank:05}"))
}

/// The number of the establishment of this rank (1 to 99,999).
pub fn establishment(rank: u32) -> Finess {
    with_key(&format!("002{rank:05}"))
}

/// A number of an establishment as a slip of the finger makes it: its last digit is wrong.
pub fn with_wrong_key(rank: u32) -> String {
    let right = establishment(rank);
    let (stem, key) = right.as_str().split_at(8);
    let wrong = (key.parse::<u8>().unwrap_or_default() + 1) % 10;
    format!("{stem}{wrong}")
}

fn with_key(stem: &str) -> Finess {
    let numbers = (0..=9).map(|key| format!("{stem}{key}"));
    let mut valid = numbers.filter(|number| luhn::is_valid(number.bytes()));
    // Of ten consecutive keys exactly one is right.
    valid
        .find_map(|number| number.parse().ok())
        .unwrap_or_else(|| unreachable!("{stem} has a key"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_number_has_its_key_begins_with_00_and_is_given_once() {
        let numbers: BTreeSet<Finess> = (1..=500)
            .flat_map(|rank| [legal_entity(rank), establishment(rank)])
            .collect();
        assert_eq!(numbers.len(), 1_000);
        for number in numbers {
            assert!(number.as_str().starts_with("00"));
            assert!(luhn::is_valid(number.as_str().bytes()), "{number}");
        }
    }

    #[test]
    fn a_wrong_key_is_wrong() {
        for rank in 1..=100 {
            assert!(with_wrong_key(rank).parse::<Finess>().is_err());
        }
    }
}
