//! Files of territories: one line for each commune or département of each territory.

use std::collections::BTreeMap;

use super::{Defect, Defects, Read, sheet};
use crate::domain::{
    geography::{self, AreaKind},
    territory::Territory,
};

const CODE_CHARS: usize = 40;

/// What a file says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Composition {
    pub(crate) territories: Vec<Territory>,
    /// Where each area stands.
    pub(crate) lines: BTreeMap<String, u64>,
}

/// Reads `territory;title;area`.
pub(crate) fn read(kind: AreaKind, bytes: &[u8]) -> Read<Composition> {
    let mut defects = Defects::default();
    let mut territories: BTreeMap<String, Territory> = BTreeMap::new();
    let mut taken: BTreeMap<String, (String, u64)> = BTreeMap::new();
    let lines = sheet::read(
        bytes,
        &["territory", "title", "area"],
        &mut defects,
        |row| {
            let code = row.required("territory")?;
            let is_code = code.len() <= CODE_CHARS
                && code
                    .bytes()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-'));
            if !is_code {
                let words = "a code of a territory has at most 40 letters, digits, “-” or “_”";
                return Err(row.defect("territory", "BAD_CODE", words, code));
            }
            let title = row.required("title")?;
            let text = row.required("area")?;
            let area = geography::normalised(text)
                .filter(|area| geography::area(area, kind) == Some(area))
                .ok_or_else(|| {
                    let words = match kind {
                        AreaKind::Commune => {
                            "the INSEE code of a commune has 5 characters (13055, 2A004)"
                        }
                        AreaKind::Department => {
                            "the code of a département has 2 or 3 characters (13, 2A, 974)"
                        }
                    };
                    row.defect("area", "BAD_CODE", words, text)
                })?;
            if let Some((other, line)) = taken.get(area) {
                if other == code && text != area {
                    // Arrondissements of one commune, listed one by one.
                    return Ok(());
                }
                let words = format!(
                    "the area is already in {other} (line {line}); it can be in one territory only"
                );
                return Err(row.defect("area", "AREA_TWICE", words, text));
            }
            let territory = territories
                .entry(code.to_owned())
                .or_insert_with(|| Territory {
                    code: code.to_owned(),
                    title: title.to_owned(),
                    areas: Vec::new(),
                });
            if territory.title != title {
                let words = format!(
                    "the territory stands before under another title, “{}”",
                    territory.title
                );
                return Err(row.defect("title", "CONFLICTING_CODE", words, title));
            }
            taken.insert(area.to_owned(), (code.to_owned(), row.line));
            territory.areas.push(area.to_owned());
            Ok(())
        },
    );
    if territories.is_empty() && defects.is_empty() {
        defects.push(Defect::of_file("EMPTY_FILE", "the file has no territory"));
    }
    Read {
        content: Composition {
            territories: territories.into_values().collect(),
            lines: taken
                .into_iter()
                .map(|(area, (_, line))| (area, line))
                .collect(),
        },
        lines: lines.read,
        skipped: 0,
        defects,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn communes_are_gathered_by_territory_and_arrondissements_are_their_commune() {
        let file = "territory;title;area\nA;Aix;13001\nM;Marseille;13201\nM;Marseille;13202\nA;Aix;13003\n";
        let read = read(AreaKind::Commune, file.as_bytes());
        assert!(read.defects.is_empty(), "{:?}", read.defects);
        let territories = &read.content.territories;
        assert_eq!(territories[0].areas, ["13001", "13003"]);
        assert_eq!(territories[1].areas, ["13055"]);
        assert_eq!(read.content.lines["13055"], 3);
    }

    #[test]
    fn each_mistake_is_told_at_its_line() {
        let file = "territory;title;area\nA;Aix;13001\nB;Berre;13001\nA;Autre;13002\nC c;C;13004\nD;D;13\n";
        let read = read(AreaKind::Commune, file.as_bytes());
        let found: Vec<(u64, &str)> = read
            .defects
            .first()
            .iter()
            .map(|d| (d.line, d.reason))
            .collect();
        assert_eq!(
            found,
            [
                (3, "AREA_TWICE"),
                (4, "CONFLICTING_CODE"),
                (5, "BAD_CODE"),
                (6, "BAD_CODE")
            ]
        );
    }
}
