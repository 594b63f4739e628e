//! Communes, départements, and the codes by which files call them.

use super::texts::{text_of, value_of};

/// What territories and populations are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AreaKind {
    Commune,
    Department,
}

impl AreaKind {
    pub const ALL: [(Self, &'static str); 2] =
        [(Self::Commune, "commune"), (Self::Department, "department")];

    pub fn as_str(self) -> &'static str {
        text_of(&Self::ALL, self)
    }

    /// The kind of a stored text.
    pub fn from_text(text: &str) -> Option<Self> {
        value_of(&Self::ALL, text)
    }
}

/// The code of an area of this kind for a place of residence, if the place is precise enough: `13055` is in
/// département `13`, but `13` is in no commune.
pub fn area(residence: &str, kind: AreaKind) -> Option<&str> {
    match (kind, residence.len()) {
        (AreaKind::Commune, 5) | (AreaKind::Department, 2 | 3) => Some(residence),
        (AreaKind::Department, 5) => Some(department(residence)),
        _ => None,
    }
}

/// The département of a commune: the first two characters, three overseas (code officiel géographique).
pub fn department(commune: &str) -> &str {
    let length = if commune.starts_with("97") || commune.starts_with("98") {
        3
    } else {
        2
    };
    commune.get(..length).unwrap_or(commune)
}

/// A commune or département as it is called here, none when the text is neither. Arrondissements of Paris, Lyon and
/// Marseille are their commune.
pub fn normalised(code: &str) -> Option<&str> {
    let is_code = |code: &str| {
        code.bytes().enumerate().all(|(place, letter)| {
            letter.is_ascii_digit() || (place == 1 && matches!(letter, b'A' | b'B'))
        })
    };
    if !matches!(code.len(), 2 | 3 | 5) || !is_code(code) {
        return None;
    }
    let is_overseas = code.starts_with("97") || code.starts_with("98");
    if code.len() == 3 && !is_overseas {
        return None;
    }
    Some(match code.parse::<u32>() {
        Ok(75_101..=75_120) => "75056",
        Ok(69_381..=69_389) => "69123",
        Ok(13_201..=13_216) => "13055",
        _ => code,
    })
}

/// Residence abroad or unknown, in PMSI files.
pub const ELSEWHERE: &str = "99";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commune_is_in_its_department_and_an_arrondissement_in_its_commune() {
        assert_eq!(area("13055", AreaKind::Department), Some("13"));
        assert_eq!(area("2A004", AreaKind::Department), Some("2A"));
        assert_eq!(area("97411", AreaKind::Department), Some("974"));
        assert_eq!(area("13055", AreaKind::Commune), Some("13055"));
        assert_eq!(area("13", AreaKind::Commune), None);
        assert_eq!(area("974", AreaKind::Department), Some("974"));
        assert_eq!(normalised("13208"), Some("13055"));
        assert_eq!(normalised("75120"), Some("75056"));
        assert_eq!(normalised("2B"), Some("2B"));
        for text in ["", "1", "133", "1305", "130555", "13O55", "Apt"] {
            assert_eq!(normalised(text), None, "{text}");
        }
    }
}
