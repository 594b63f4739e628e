//! Commitments of a text as a person types them: one a row, their steps and indicators one a line.

use proto::contracts::v1::{Commitment, CommitmentIndicator, CommitmentStep, YearValue};

use super::{Field, Rows, Values, choices, competence, decimal, line::parts, typed_rows};
use crate::{form::Form, text::follow_up as words};

const COMMITMENT: [&str; 9] = [
    "put_commitments.code",
    "put_commitments.objective",
    "put_commitments.owner",
    "put_commitments.text",
    "put_commitments.steps",
    "put_commitments.indicators",
    COMPETENCE[0],
    COMPETENCE[1],
    COMPETENCE[2],
];
const COMPETENCE: [&str; 3] = [
    "put_commitments.competence.competence",
    "put_commitments.competence.department",
    "put_commitments.competence.since_date",
];

/// The rows, holding what is proposed so far.
pub(super) fn rows(commitments: &[Commitment]) -> Rows {
    let mut blank = vec![
        Field::line(COMMITMENT[0], "Code"),
        Field::line(COMMITMENT[1], "Objectif servi").hint("Son code, s’il y en a un."),
        Field::choice(COMMITMENT[2], "Qui s’engage", choices(&words::OWNERS)),
        Field::text(COMMITMENT[3], "Engagement pris"),
        Field::text(COMMITMENT[4], "Échéancier")
            .hint("Une étape par ligne : jour (AAAA-MM-JJ) | intitulé."),
        Field::text(COMMITMENT[5], "Indicateurs").hint(
            "Un par ligne : code | intitulé | unité | source | année de départ | valeur de départ | cibles. Cibles : 2027 = 6 ; 2028 = 12.",
        ),
    ];
    blank.extend(competence::fields(COMPETENCE));
    let held = commitments.iter().map(|one| {
        let mut values = vec![
            one.code.clone(),
            one.objective.clone(),
            one.owner.to_string(),
            one.text.clone(),
            lines(one.steps.iter().map(step_line)),
            lines(one.indicators.iter().map(indicator_line)),
        ];
        values.extend(competence::values(one.competence.as_ref()));
        values
    });
    Rows::new(
        "put_commitments",
        "Engagements ajoutés ou remplacés",
        "Engagement",
        blank,
    )
    .hint("Le code d’un engagement du contrat le remplace, échéancier et indicateurs compris.")
    .holding(held.collect())
}

fn lines(all: impl Iterator<Item = String>) -> String {
    all.collect::<Vec<String>>().join("\n")
}

fn step_line(step: &CommitmentStep) -> String {
    format!("{} | {}", step.due_date, step.title.replace('\n', " "))
}

fn indicator_line(one: &CommitmentIndicator) -> String {
    let year = match one.baseline_year {
        0 => String::new(),
        year => year.to_string(),
    };
    let targets: Vec<String> = one
        .targets
        .iter()
        .map(|target| format!("{} = {}", target.year, target.value))
        .collect();
    let targets = targets.join(" ; ");
    let parts: [&str; 7] = [
        &one.code,
        &one.label,
        &one.unit,
        &one.source,
        &year,
        &one.baseline,
        &targets,
    ];
    parts.map(|part| part.replace('\n', " ")).join(" | ")
}

/// The commitments as they were typed. What lacks is empty, and the service says what it needs; what the form does not
/// show stays what it was in the commitment of that code.
pub(super) fn read(form: &Form, before: &[Commitment]) -> Vec<Commitment> {
    typed_rows(form, &COMMITMENT)
        .into_iter()
        .map(|row| {
            let mut of = Values::of(row);
            let code = of.next();
            let known = before.iter().find(|one| one.code == code).cloned();
            let mut commitment = Commitment {
                code,
                objective: of.next(),
                owner: of.whole(),
                text: of.next(),
                ..known.unwrap_or_default()
            };
            commitment.steps = filled(&of.next()).map(step).collect();
            commitment.indicators = filled(&of.next()).map(indicator).collect();
            commitment.competence = competence::read(&mut of);
            commitment
        })
        .collect()
}

fn filled(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn step(line: &str) -> CommitmentStep {
    let [day, title] = parts(line);
    CommitmentStep {
        title: title.to_owned(),
        due_date: day.to_owned(),
    }
}

fn indicator(line: &str) -> CommitmentIndicator {
    let [code, label, unit, source, year, baseline, targets] = parts(line);
    CommitmentIndicator {
        code: code.to_owned(),
        label: label.to_owned(),
        unit: unit.to_owned(),
        source: source.to_owned(),
        baseline_year: match year {
            "" => 0,
            // What is no year is refused by the service, never taken for none.
            text => text.parse().unwrap_or(-1),
        },
        baseline: decimal(baseline),
        targets: targets
            .split(';')
            .map(str::trim)
            .filter(|target| !target.is_empty())
            .map(target)
            .collect(),
    }
}

/// `2027 = 6`.
fn target(text: &str) -> YearValue {
    let (year, value) = text.split_once('=').unwrap_or((text, ""));
    YearValue {
        year: year.trim().parse().unwrap_or_default(),
        value: decimal(value),
    }
}
