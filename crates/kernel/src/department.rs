//! Départements, by INSEE code: what a departmental council answers for.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A département of France: `01` to `95` with `2A` and `2B` for Corsica, `971` to `978` overseas, and `00` of the synthetic
/// region.
///
/// Source: INSEE, code officiel géographique. `977` and `978` are collectivities that exercise the competences of a
/// département (CGCT LO6214-3, LO6314-3). A FINESS number begins with the département of its creation, which is not always
/// that of the site: the registry says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Department {
    digits: [u8; 3],
    length: usize,
}

/// The text is not the code of a département.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the code of a department, such as 06, 2A or 971")]
pub struct DepartmentError(pub String);

impl Department {
    /// The code, two or three characters.
    pub fn code(&self) -> &str {
        let code = self.digits.get(..self.length).unwrap_or_default();
        std::str::from_utf8(code).unwrap_or_default()
    }
}

impl FromStr for Department {
    type Err = DepartmentError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = match *text.as_bytes() {
            // Corsica has two départements in the place of 20.
            [b'2', b'0'] => None,
            [b'2', second @ (b'A' | b'B')] => Some([b'2', second, 0]),
            [first @ b'0'..=b'8', second @ b'0'..=b'9'] => Some([first, second, 0]),
            [b'9', second @ b'0'..=b'5'] => Some([b'9', second, 0]),
            [b'9', b'7', third @ b'1'..=b'8'] => Some([b'9', b'7', third]),
            _ => None,
        };
        let digits = digits.ok_or_else(|| DepartmentError(text.to_owned()))?;
        let length = text.len();
        Ok(Self { digits, length })
    }
}

impl TryFrom<String> for Department {
    type Error = DepartmentError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Department> for String {
    fn from(department: Department) -> Self {
        department.code().to_owned()
    }
}

/// The code.
impl fmt::Display for Department {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_the_official_list_are_read_and_no_others() {
        for code in [
            "01", "13", "19", "21", "2A", "2B", "95", "971", "976", "978", "00",
        ] {
            let read: Department = code.parse().unwrap();
            assert_eq!((read.code(), read.to_string()), (code, code.to_owned()));
        }
        for wrong in [
            "", "1", "20", "2C", "2a", "96", "97", "99", "970", "979", "131", "9A", "0é",
        ] {
            assert!(wrong.parse::<Department>().is_err(), "{wrong}");
        }
    }
}
