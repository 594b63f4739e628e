//! Départements, communes and the regions they belong to. Reference data: INSEE, code officiel
//! géographique; regions since 2016 (loi 2015-29); the FINESS files write overseas départements `9A` to `9F`.

use kernel::Region;

/// Départements by region. Saint-Barthélemy and Saint-Martin depend on the ARS of Guadeloupe.
const DEPARTMENTS: [(&str, &[&str]); 18] = [
    ("01", &["971", "977", "978"]),
    ("02", &["972"]),
    ("03", &["973"]),
    ("04", &["974"]),
    ("06", &["976"]),
    ("11", &["75", "77", "78", "91", "92", "93", "94", "95"]),
    ("24", &["18", "28", "36", "37", "41", "45"]),
    ("27", &["21", "25", "39", "58", "70", "71", "89", "90"]),
    ("28", &["14", "27", "50", "61", "76"]),
    ("32", &["02", "59", "60", "62", "80"]),
    (
        "44",
        &["08", "10", "51", "52", "54", "55", "57", "67", "68", "88"],
    ),
    ("52", &["44", "49", "53", "72", "85"]),
    ("53", &["22", "29", "35", "56"]),
    (
        "75",
        &[
            "16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87",
        ],
    ),
    (
        "76",
        &[
            "09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82",
        ],
    ),
    (
        "84",
        &[
            "01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74",
        ],
    ),
    ("93", &["04", "05", "06", "13", "83", "84"]),
    ("94", &["2A", "2B"]),
];

/// Territories of the Republic without an ARS: Saint-Pierre-et-Miquelon, the southern lands,
/// Wallis-et-Futuna, French Polynesia, New Caledonia, Clipperton.
const WITHOUT_AGENCY: [&str; 6] = ["975", "984", "986", "987", "988", "989"];

/// Overseas départements in FINESS and SAE files, and their INSEE codes.
const OVERSEAS: [(&str, &str); 6] = [
    ("9A", "971"),
    ("9B", "972"),
    ("9C", "973"),
    ("9D", "974"),
    ("9E", "975"),
    ("9F", "976"),
];

/// Communes that FINESS cuts into arrondissements: first, last, commune.
const ARRONDISSEMENTS: [(&str, &str, &str); 3] = [
    ("75101", "75120", "75056"),
    ("69381", "69389", "69123"),
    ("13201", "13216", "13055"),
];

/// Whose a département is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Territory {
    Region(Region),
    /// A territory of the Republic that has no ARS.
    WithoutAgency,
}

/// The INSEE code of a département, however the file writes it.
pub fn department_code(given: &str) -> String {
    let given = given.to_ascii_uppercase();
    OVERSEAS
        .iter()
        .find(|(finess, _)| *finess == given)
        .map_or(given, |(_, insee)| (*insee).to_owned())
}

/// Whose the département is (INSEE code), or none when there is no such département.
pub fn territory(department: &str) -> Option<Territory> {
    if WITHOUT_AGENCY.contains(&department) {
        return Some(Territory::WithoutAgency);
    }
    DEPARTMENTS
        .iter()
        .find(|(_, departments)| departments.contains(&department))
        .and_then(|(region, _)| region.parse().ok())
        .map(Territory::Region)
}

/// The INSEE code of a commune, however the file writes it; none when it has not the form of one.
pub fn commune_code(given: &str) -> Option<String> {
    let code = given.to_ascii_uppercase();
    let well_formed = matches!(code.as_bytes(), [d, x, rest @ ..]
        if d.is_ascii_digit() && (x.is_ascii_digit() || (b'A'..=b'F').contains(x))
            && rest.len() == 3 && rest.iter().all(u8::is_ascii_digit));
    if !well_formed {
        return None;
    }
    // `9A101` in FINESS is `97101` at INSEE: the third digit already says which département.
    let is_overseas = OVERSEAS.iter().any(|(finess, _)| code.starts_with(finess));
    let code = if is_overseas {
        format!("97{}", code.get(2..)?)
    } else {
        code
    };
    let whole = ARRONDISSEMENTS
        .iter()
        .find(|(first, last, _)| (*first..=*last).contains(&code.as_str()))
        .map(|(_, _, commune)| (*commune).to_owned());
    Some(whole.unwrap_or(code))
}

/// The département of a commune (both INSEE).
pub fn department_of_commune(commune: &str) -> Option<&str> {
    let overseas = commune.starts_with("97") || commune.starts_with("98");
    commune.get(..if overseas { 3 } else { 2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(department: &str) -> Option<String> {
        match territory(&department_code(department)) {
            Some(Territory::Region(region)) => Some(region.code().to_owned()),
            _ => None,
        }
    }

    #[test]
    fn the_hundred_and_one_departements_and_two_collectivities_have_one_ars_each() {
        let mut all: Vec<&str> = DEPARTMENTS
            .iter()
            .flat_map(|(_, d)| d.iter().copied())
            .collect();
        assert_eq!(all.len(), 103);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 103);
        for (code, _) in DEPARTMENTS {
            assert!(code.parse::<Region>().is_ok(), "{code}");
        }
    }

    #[test]
    fn corsica_and_overseas_are_found_under_their_finess_codes() {
        for (department, expected) in [
            ("2A", "94"),
            ("2b", "94"),
            ("13", "93"),
            ("9A", "01"),
            ("9B", "02"),
            ("9C", "03"),
            ("9D", "04"),
            ("9F", "06"),
            ("974", "04"),
            ("978", "01"),
            ("01", "84"),
        ] {
            assert_eq!(
                region(department).as_deref(),
                Some(expected),
                "{department}"
            );
        }
        assert_eq!(
            territory(&department_code("9E")),
            Some(Territory::WithoutAgency)
        );
        assert_eq!(territory("20"), None);
        assert_eq!(territory(""), None);
    }

    #[test]
    fn communes_take_their_insee_code() {
        for (given, expected) in [
            ("13055", Some("13055")),
            ("13201", Some("13055")),
            ("13216", Some("13055")),
            ("13217", Some("13217")),
            ("75112", Some("75056")),
            ("69385", Some("69123")),
            ("9A101", Some("97101")),
            ("9F611", Some("97611")),
            ("2a004", Some("2A004")),
            ("97411", Some("97411")),
            ("1055", None),
            ("", None),
            ("AB123", None),
            ("13é5", None),
        ] {
            assert_eq!(commune_code(given).as_deref(), expected, "{given}");
        }
    }

    #[test]
    fn a_commune_says_its_departement() {
        assert_eq!(department_of_commune("97411"), Some("974"));
        assert_eq!(department_of_commune("2A004"), Some("2A"));
        assert_eq!(department_of_commune(""), None);
    }
}
