//! Files of nomenclatures, each in the layout of its publisher.

use std::collections::BTreeMap;

use time::Date;

use super::{
    Defect, Defects, Read,
    sheet::{self, Row},
};
use crate::{
    domain::{
        geography,
        nomenclature::{Entry, NomenclatureKind},
    },
    grpc::scalars,
};

/// Entries by level and code, as they are met.
#[derive(Default)]
struct Tree(BTreeMap<(String, String), Entry>);

impl Tree {
    /// Adds an entry, or finds that the file says two things of one code.
    fn add(&mut self, row: &Row<'_>, column: &str, entry: Entry) -> Result<(), Defect> {
        let key = (entry.level.clone(), entry.code.clone());
        if let Some(known) = self.0.get(&key) {
            if *known == entry {
                return Ok(());
            }
            let words = format!(
                "the code stands before with another label or another code above it (“{}”, “{}”)",
                known.label, known.parent
            );
            return Err(row.defect(column, "CONFLICTING_CODE", words, &entry.code));
        }
        self.0.insert(key, entry);
        Ok(())
    }
}

/// Puts what one line says into the tree.
type Line = fn(&Row<'_>, &mut Tree) -> Result<(), Defect>;

/// Reads a file of this kind.
pub(crate) fn read(kind: NomenclatureKind, bytes: &[u8]) -> Read<Vec<Entry>> {
    let mut defects = Defects::default();
    let mut tree = Tree::default();
    let (needed, line): (&[&str], Line) = match kind {
        NomenclatureKind::CareActivities => (&AMM_COLUMNS, care_activity),
        NomenclatureKind::GhmGroups => (
            &["ghm", "racine", "ga", "gp", "da", "cas", "aso"],
            ghm_group,
        ),
        NomenclatureKind::FinessCategories | NomenclatureKind::LegalStatuses => (
            &[
                "code",
                "libelle",
                "codeagr3",
                "libelleagr3",
                "codeagr2",
                "libelleagr2",
                "codeagr1",
                "libelleagr1",
            ],
            official_code,
        ),
        NomenclatureKind::Geography => (&["code", "nom", "departement"], commune),
        NomenclatureKind::FormerCareActivities
        | NomenclatureKind::Forms
        | NomenclatureKind::Competences
        | NomenclatureKind::MajorActivities
        | NomenclatureKind::GmeGroups => (&["level", "code", "label", "parent"], plain),
    };
    let lines = sheet::read(bytes, needed, &mut defects, |row| line(row, &mut tree));
    let content: Vec<Entry> = tree.0.into_values().collect();
    if content.is_empty() && defects.is_empty() {
        defects.push(Defect::of_file("EMPTY_FILE", "the file has no code"));
    }
    for entry in orphans(&content) {
        let words = format!("the code above it, “{}”, is not in the file", entry.parent);
        defects.push(Defect::new(
            0,
            "parent",
            "UNKNOWN_PARENT",
            words,
            &entry.code,
        ));
    }
    Read {
        content,
        lines: lines.read,
        skipped: 0,
        defects,
    }
}

fn orphans(entries: &[Entry]) -> impl Iterator<Item = &Entry> {
    let codes: std::collections::BTreeSet<&str> = entries.iter().map(|e| e.code.as_str()).collect();
    entries
        .iter()
        .filter(move |entry| !entry.parent.is_empty() && !codes.contains(entry.parent.as_str()))
}

fn entry(level: &str, code: &str, label: &str, parent: &str) -> Entry {
    Entry {
        level: level.to_owned(),
        code: code.to_owned(),
        // Official files hold the apostrophe of windows-1252 as it came, in the midst of UTF-8.
        label: label.replace('\u{92}', "’"),
        parent: parent.to_owned(),
        valid_from: None,
        valid_to: None,
    }
}

fn date(row: &Row<'_>, column: &str) -> Result<Option<Date>, Defect> {
    let text = row.text(column)?;
    if text.is_empty() {
        return Ok(None);
    }
    scalars::date(text)
        .map(Some)
        .ok_or_else(|| row.defect(column, "NOT_A_DAY", "a day is written YYYY-MM-DD", text))
}

fn plain(row: &Row<'_>, tree: &mut Tree) -> Result<(), Defect> {
    let entry = Entry {
        valid_from: date(row, "valid_from")?,
        valid_to: date(row, "valid_to")?,
        ..entry(
            row.required("level")?,
            row.required("code")?,
            row.required("label")?,
            row.text("parent")?,
        )
    };
    tree.add(row, "code", entry)
}

/// Pairs of code and label in the official file, from the activity to the declaration. The header of the file calls the
/// label of the mention “Code Libellé”.
const AMM_LEVELS: [(&str, &str, &str); 5] = [
    ("ACTIVITY", "code activité", "libellé activité"),
    ("MODALITY", "code modalité", "libellé modalité"),
    ("MENTION", "code mention", "code libellé"),
    (
        "PRACTICE",
        "code pratique thérapeutique spécifique",
        "libellé pratique thérapeutique spécifique",
    ),
    ("DECLARATION", "code déclaration", "libellé déclaration"),
];

const AMM_COLUMNS: [&str; 10] = [
    "code activité",
    "libellé activité",
    "code modalité",
    "libellé modalité",
    "code mention",
    "code libellé",
    "code pratique thérapeutique spécifique",
    "libellé pratique thérapeutique spécifique",
    "code déclaration",
    "libellé déclaration",
];

/// A line is a path from an activity down. The same modality stands under several activities, so each step is named by
/// the whole path to it.
fn care_activity(row: &Row<'_>, tree: &mut Tree) -> Result<(), Defect> {
    let mut path = String::new();
    for (level, code_column, label_column) in AMM_LEVELS {
        let code = row.text(code_column)?;
        if code.is_empty() && level != "ACTIVITY" {
            return Ok(());
        }
        let code = row.required(code_column)?;
        let label = row.required(label_column)?;
        let parent = path.clone();
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(code);
        tree.add(row, code_column, entry(level, &path, label, &parent))?;
    }
    Ok(())
}

fn ghm_group(row: &Row<'_>, tree: &mut Tree) -> Result<(), Defect> {
    let mut parent = String::new();
    for column in ["aso", "cas", "da", "gp", "ga", "racine", "ghm"] {
        let code = row.required(column)?;
        let label = row.text(&format!("libelle_{column}"))?;
        let label = if label.is_empty() { code } else { label };
        let level = column.to_uppercase();
        // A group may bear the code of the one above it (C under C): its level makes two names of it.
        let name = match column {
            "ghm" | "racine" => code.to_owned(),
            _ => format!("{level}:{code}"),
        };
        tree.add(row, column, entry(&level, &name, label, &parent))?;
        parent = name;
    }
    Ok(())
}

fn official_code(row: &Row<'_>, tree: &mut Tree) -> Result<(), Defect> {
    let mut parent = String::new();
    for rank in ["1", "2", "3"] {
        let column = format!("codeagr{rank}");
        let code = row.required(&column)?;
        let label = row.required(&format!("libelleagr{rank}"))?;
        let name = format!("AGR{rank}:{code}");
        tree.add(
            row,
            &column,
            entry(&format!("GROUP_{rank}"), &name, label, &parent),
        )?;
        parent = name;
    }
    let code = Entry {
        valid_from: date(row, "datedeb")?,
        valid_to: date(row, "datefin")?,
        ..entry(
            "CODE",
            row.required("code")?,
            row.required("libelle")?,
            &parent,
        )
    };
    tree.add(row, "code", code)
}

fn commune(row: &Row<'_>, tree: &mut Tree) -> Result<(), Defect> {
    let code = row.required("code")?;
    if code.len() != 5 || geography::normalised(code) != Some(code) {
        let words = "the INSEE code of a commune has 5 characters (13055, 2A004)";
        return Err(row.defect("code", "BAD_CODE", words, code));
    }
    let department = row.required("departement")?;
    if department != geography::department(code) {
        let words = "the commune is in another département by its code";
        return Err(row.defect("departement", "BAD_CODE", words, department));
    }
    tree.add(
        row,
        "departement",
        entry("DEPARTMENT", department, department, ""),
    )?;
    tree.add(
        row,
        "code",
        entry("COMMUNE", code, row.required("nom")?, department),
    )
}

#[cfg(test)]
mod tests;
