//! What changed between two texts, element by element and value by value.

use std::collections::BTreeMap;

use super::{
    ContractText,
    content::{Annex, AssociatedParty, Clause, Commitment, FundingLine},
    mark::CompetenceMark,
    signature::Party,
    text::StrategicObjective,
};

/// A part of a text, in reading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Frame,
    Perimeter,
    Objective,
    Commitment,
    Funding,
    Clause,
    Annex,
    AssociatedParty,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub section: Section,
    /// Code of the element.
    pub code: String,
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A whole element came; its summary.
    Added(String),
    /// A whole element went; its summary.
    Removed(String),
    /// A field of an element that stays.
    Changed {
        field: String,
        before: String,
        after: String,
    },
}

/// An element as fields in words; the first is its summary.
type Fields = Vec<(String, String)>;

/// A text, element by element.
type Elements<'a> = BTreeMap<(Section, &'a str), Fields>;

/// The differences between two texts, in reading order. Empty exactly when they say the same; the order in which a
/// list writes its elements is not a difference.
pub fn diff(before: &ContractText, after: &ContractText) -> Vec<Change> {
    let (before, after) = (elements(before), elements(after));
    let mut changes = Vec::new();
    let keys: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (section, code) = *key;
        let change = |what| Change {
            section,
            code: code.to_owned(),
            what,
        };
        match (before.get(key), after.get(key)) {
            (Some(old), Some(new)) if old != new => {
                changes.extend(fields(old, new).into_iter().map(change));
            }
            (Some(old), None) => changes.push(change(What::Removed(summary(old)))),
            (None, Some(new)) => changes.push(change(What::Added(summary(new)))),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }
    changes
}

fn summary(fields: &Fields) -> String {
    fields
        .first()
        .map(|(_, value)| value.clone())
        .unwrap_or_default()
}

fn fields(old: &Fields, new: &Fields) -> Vec<What> {
    let value = |fields: &Fields, name: &str| {
        let found = fields.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let gone = old
        .iter()
        .filter(|(name, _)| !new.iter().any(|(other, _)| other == name));
    new.iter()
        .chain(gone)
        .filter_map(|(field, _)| {
            let (before, after) = (value(old, field), value(new, field));
            let field = field.clone();
            (before != after).then_some(What::Changed {
                field,
                before,
                after,
            })
        })
        .collect()
}

fn elements(text: &ContractText) -> Elements<'_> {
    let mut elements = Elements::new();
    let frame = [
        ("title", text.title.clone()),
        ("effect_date", text.effect_date.to_string()),
        ("end_date", text.end_date.to_string()),
        (
            "consultations",
            text.consultations
                .iter()
                .cloned()
                .collect::<Vec<_>>()
                .join(" ; "),
        ),
    ];
    for (code, value) in frame {
        elements.insert((Section::Frame, code), one("value", value));
    }
    for entity in &text.legal_entities {
        let name = format!("legalEntities/{entity}");
        elements.insert((Section::Perimeter, entity.as_str()), one("party", name));
    }
    for site in &text.establishments {
        let name = format!("establishments/{site}");
        elements.insert((Section::Perimeter, site.as_str()), one("site", name));
    }
    for council in &text.content.departmental_councils {
        elements.insert(
            (Section::Perimeter, council.code()),
            one("party", Party::Department(*council).to_string()),
        );
    }
    for objective in &text.objectives {
        elements.insert(
            (Section::Objective, &objective.code),
            of_objective(objective),
        );
    }
    for commitment in &text.content.commitments {
        elements.insert(
            (Section::Commitment, &commitment.code),
            of_commitment(commitment),
        );
    }
    for line in &text.content.funding {
        elements.insert((Section::Funding, &line.code), of_funding(line));
    }
    for clause in &text.content.clauses {
        elements.insert((Section::Clause, &clause.code), of_clause(clause));
    }
    for annex in &text.content.annexes {
        elements.insert((Section::Annex, &annex.code), of_annex(annex));
    }
    for party in &text.content.associated_parties {
        elements.insert(
            (Section::AssociatedParty, &party.code),
            of_associated(party),
        );
    }
    if let Some(grouping) = &text.content.grouping {
        let fields = named(vec![
            ("name", grouping.name.clone()),
            ("support_entity", grouping.support_entity.to_string()),
            ("request_date", grouping.request_date.to_string()),
        ]);
        elements.insert((Section::Frame, "grouping"), fields);
    }
    elements
}

fn one(field: &str, value: String) -> Fields {
    vec![(field.to_owned(), value)]
}

fn named(pairs: Vec<(&str, String)>) -> Fields {
    pairs
        .into_iter()
        .map(|(field, value)| (field.to_owned(), value))
        .collect()
}

fn marked(mark: Option<CompetenceMark>) -> String {
    mark.map(|mark| mark.in_words()).unwrap_or_default()
}

fn of_objective(objective: &StrategicObjective) -> Fields {
    named(vec![
        ("title", objective.title.clone()),
        ("axis", objective.axis.clone()),
        ("description", objective.description.clone()),
        ("competence", marked(objective.competence)),
    ])
}

fn of_commitment(commitment: &Commitment) -> Fields {
    let mut fields = named(vec![
        ("text", commitment.text.clone()),
        ("objective", commitment.objective.clone()),
        ("owner", commitment.owner.as_str().to_owned()),
        ("competence", marked(commitment.competence)),
    ]);
    let steps = commitment.steps.iter().enumerate();
    fields.extend(steps.map(|(i, step)| {
        (
            format!("steps[{}]", i + 1),
            format!("{} : {}", step.due_date, step.title),
        )
    }));
    for indicator in &commitment.indicators {
        let field = format!("indicators[{}]", indicator.code);
        let baseline = indicator
            .baseline
            .map(|b| format!("{} ({})", b.value.normalize(), b.year));
        fields.push((field.clone(), indicator.label.clone()));
        fields.push((format!("{field}.unit"), indicator.unit.clone()));
        fields.push((format!("{field}.source"), indicator.source.clone()));
        fields.push((format!("{field}.baseline"), baseline.unwrap_or_default()));
        fields.extend(indicator.targets.iter().map(|target| {
            let field = format!("{field}.targets[{}]", target.year);
            (field, target.value.normalize().to_string())
        }));
    }
    fields
}

fn of_funding(line: &FundingLine) -> Fields {
    let department = line.department.map(|d| Party::Department(d).to_string());
    named(vec![
        ("label", line.label.clone()),
        ("source", line.source.as_str().to_owned()),
        ("year", line.year.to_string()),
        ("amount_eur", format!("{:.2}", line.amount_eur)),
        ("condition", line.condition.clone()),
        ("reversible", line.reversible.to_string()),
        ("department", department.unwrap_or_default()),
    ])
}

fn of_clause(clause: &Clause) -> Fields {
    named(vec![
        ("title", clause.title.clone()),
        ("text", clause.text.clone()),
        (
            "confidentiality",
            clause.confidentiality.as_str().to_owned(),
        ),
    ])
}

fn of_annex(annex: &Annex) -> Fields {
    named(vec![
        ("title", annex.title.clone()),
        ("text", annex.text.clone()),
        ("file_sha256", annex.file_sha256.clone()),
        ("confidentiality", annex.confidentiality.as_str().to_owned()),
    ])
}

fn of_associated(party: &AssociatedParty) -> Fields {
    named(vec![
        ("name", party.name.clone()),
        ("clauses", party.clauses.join(", ")),
    ])
}
