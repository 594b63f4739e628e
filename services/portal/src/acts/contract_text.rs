//! The text of a contract as a person types it.

use proto::contracts::v1::{ContractContent, ContractText, StrategicObjective};
use tonic::Status;

use super::{ActForm, Field, competence, line::parts, money};
use crate::{form::Form, pages::id_of};

/// The field that the form of a whole text has, and that of a council has not.
const WHOLE: &str = "text.title";

/// What the people of a departmental council draft: the lines of their competence. The rest of the text stays.
pub(super) fn council_fields(act: ActForm, text: &ContractText) -> ActForm {
    let content = text.content.clone().unwrap_or_default();
    act.with(objective_field(text))
        .with(competence::field(text))
        .with(money_field(&content))
}

fn objective_field(text: &ContractText) -> Field {
    let lines: Vec<String> = text
        .objectives
        .iter()
        .map(|objective| {
            let description = objective.description.replace('\n', " ");
            format!("{} | {} | {description}", objective.axis, objective.title)
        })
        .collect();
    Field::text("text.objectives", "Objectifs stratégiques")
        .hint("Un par ligne : axe | intitulé | description. Axe A : positionnement territorial ; axe B : pilotage interne.")
        .holding(&lines.join("\n"))
        .optional()
}

fn money_field(content: &ContractContent) -> Field {
    let lines: Vec<String> = content.funding.iter().map(money::shown).collect();
    Field::text("text.content.funding", "Moyens")
        .hint(money::HINT)
        .holding(&lines.join("\n"))
        .optional()
}

/// The fields, holding a text.
pub(super) fn text_fields(act: ActForm, text: &ContractText) -> ActForm {
    let content = text.content.clone().unwrap_or_default();
    act.with(Field::line(WHOLE, "Intitulé").holding(&text.title))
        .with(
            Field::text("text.legal_entities", "Entités juridiques signataires")
                .hint("Un numéro FINESS d’entité juridique par ligne.")
                .holding(&numbers(&text.legal_entities)),
        )
        .with(
            Field::text("text.establishments", "Établissements couverts")
                .hint("Un numéro FINESS d’établissement par ligne.")
                .holding(&numbers(&text.establishments))
                .optional(),
        )
        .with(
            Field::text(
                "text.content.departmental_councils",
                "Conseils départementaux signataires",
            )
            .hint(
                "Un code de département par ligne, par exemple 06 (CASF, article L313-12, IV ter).",
            )
            .holding(&numbers(&content.departmental_councils))
            .optional(),
        )
        .with(Field::day("text.effect_date", "Premier jour d’effet").holding(&text.effect_date))
        .with(
            Field::day("text.end_date", "Dernier jour")
                .hint("Cinq ans au plus après le premier jour (CSP L6114-1).")
                .holding(&text.end_date),
        )
        .with(objective_field(text))
        .with(competence::field(text))
        .with(money_field(&content))
        .with(
            Field::text("text.consultations", "Instances à consulter")
                .hint("Une par ligne, par exemple : Conseil de surveillance.")
                .holding(&text.consultations.join("\n"))
                .optional(),
        )
}

/// The last parts of names, one a line.
fn numbers(names: &[String]) -> String {
    names
        .iter()
        .map(|name| id_of(name))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A text as it was typed; `before` keeps what the form does not show. What is said of competences and cannot be read is
/// refused here: the service would not know of it.
pub(super) fn text(form: &Form, before: &ContractText) -> Result<ContractText, Status> {
    let mut content = before.content.clone().unwrap_or_default();
    let funding = form.lines("text.content.funding");
    content.funding = funding
        .iter()
        .map(|line| money::read(line, &content.funding))
        .collect();
    let mut text = if form.has(WHOLE) {
        framed(form, &mut content)
    } else {
        before.clone()
    };
    text.objectives = objectives(form, &before.objectives);
    competence::give(
        &form.lines(competence::FIELD),
        &mut text.objectives,
        &mut content.commitments,
    )?;
    text.content = Some(content).filter(|content| *content != ContractContent::default());
    Ok(text)
}

/// The frame of a whole text, as it was typed.
fn framed(form: &Form, content: &mut ContractContent) -> ContractText {
    let names = |field: &str, collection: &str| -> Vec<String> {
        form.lines(field)
            .iter()
            .map(|number| format!("{collection}/{}", number.replace(char::is_whitespace, "")))
            .collect()
    };
    content.departmental_councils = names("text.content.departmental_councils", "departments");
    ContractText {
        title: form.text(WHOLE).to_owned(),
        legal_entities: names("text.legal_entities", "legalEntities"),
        establishments: names("text.establishments", "establishments"),
        effect_date: form.text("text.effect_date").to_owned(),
        end_date: form.text("text.end_date").to_owned(),
        consultations: form.lines("text.consultations"),
        ..Default::default()
    }
}

/// The objectives as they were typed. One that stood already keeps its code, which commitments name, and what the form
/// does not show; a new one takes the first code that is free, so that the same form sent twice is the same request.
fn objectives(form: &Form, before: &[StrategicObjective]) -> Vec<StrategicObjective> {
    let lines = form.lines("text.objectives");
    let mut typed: Vec<StrategicObjective> = lines.iter().map(|line| objective(line)).collect();
    let mut codes: Vec<String> = before.iter().map(|one| one.code.clone()).collect();
    let mut left: Vec<&StrategicObjective> = before.iter().collect();
    for one in &mut typed {
        let same = |known: &&StrategicObjective| known.axis == one.axis && known.title == one.title;
        if let Some(place) = left.iter().position(same) {
            let mut known = left.remove(place).clone();
            known.description = std::mem::take(&mut one.description);
            *one = known;
        }
    }
    for one in typed.iter_mut().filter(|one| one.code.is_empty()) {
        let free = (1..).map(|rank| format!("O{rank}"));
        if let Some(code) = free.take(1_000).find(|code| !codes.contains(code)) {
            codes.push(code.clone());
            one.code = code;
        }
    }
    typed
}

/// `axe | intitulé | description`.
fn objective(line: &str) -> StrategicObjective {
    let [axis, title, description] = parts(line);
    StrategicObjective {
        axis: axis.to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::{
        Commitment, Competence, CompetenceMark, FundingLine, FundingSource,
    };

    use super::*;

    fn before() -> ContractText {
        let mut first = objective("A | Gradation | Urgences");
        first.code = "O1".to_owned();
        ContractText {
            title: "CPOM".to_owned(),
            legal_entities: vec!["legalEntities/130786049".to_owned()],
            establishments: vec!["establishments/130001647".to_owned()],
            effect_date: "2026-01-01".to_owned(),
            end_date: "2030-12-31".to_owned(),
            objectives: vec![first],
            consultations: vec!["Conseil de surveillance".to_owned()],
            content: None,
        }
    }

    fn typed(text: &ContractText) -> Form {
        let form = text_fields(ActForm::new("ProposeVersion", "", ""), text);
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        for field in &form.fields {
            encoded.append_pair(field.name, &field.value);
        }
        Form::parse(&encoded.finish())
    }

    #[test]
    fn a_text_goes_through_its_form_and_back() {
        let before = before();
        assert_eq!(text(&typed(&before), &before).unwrap(), before);
    }

    #[test]
    fn marks_of_competence_are_kept_and_a_council_changes_what_its_form_shows() {
        let mark = |since: &str| {
            Some(CompetenceMark {
                competence: Competence::Department.into(),
                department: "departments/06".to_owned(),
                since_date: since.to_owned(),
            })
        };
        let mut before = before();
        before.objectives[0].competence = mark("2027-01-01");
        let marked = Commitment {
            code: "E1".to_owned(),
            competence: mark("2028-01-01"),
            ..Default::default()
        };
        before.content = Some(ContractContent {
            commitments: vec![marked],
            ..Default::default()
        });
        assert_eq!(text(&typed(&before), &before).unwrap(), before);
        let form = Form::parse(
            "text.objectives=A+%7C+Gradation+%7C+Nuit&text.competences=O1+%7C+conjointe+%7C+06+%7C+2027-01-01",
        );
        let drafted = text(&form, &before).unwrap();
        assert_eq!(drafted.title, before.title, "the frame stays");
        assert_eq!(drafted.objectives[0].description, "Nuit");
        let objective = drafted.objectives[0].competence.clone().unwrap();
        assert_eq!(objective.competence(), Competence::Joint);
        let content = drafted.content.unwrap();
        assert_eq!(content.commitments[0].competence, None, "its line is gone");
        let unknown = Form::parse("text.competences=O9+%7C+agence+%7C+%7C+2027-01-01");
        assert!(text(&unknown, &before).is_err());
    }

    #[test]
    fn money_names_its_council_and_what_is_not_shown_is_kept() {
        let mut before = before();
        before.objectives[0].code = "O-URG".to_owned();
        before.content = Some(ContractContent {
            departmental_councils: vec!["departments/06".to_owned(), "departments/83".to_owned()],
            commitments: vec![Commitment {
                code: "E1".to_owned(),
                objective: "O-URG".to_owned(),
                ..Default::default()
            }],
            funding: vec![FundingLine {
                code: "F1".to_owned(),
                label: "Aide sociale".to_owned(),
                source: FundingSource::Department.into(),
                year: 2027,
                amount_eur: "1200".to_owned(),
                department: "departments/83".to_owned(),
                ..Default::default()
            }],
            ..Default::default()
        });
        assert_eq!(text(&typed(&before), &before).unwrap(), before);
    }

    #[test]
    fn a_new_objective_takes_a_code_that_is_free() {
        let mut known = objective("A | Gradation | Urgences");
        known.code = "O1".to_owned();
        let form = Form::parse("text.objectives=B+%7C+Pilotage%0AA+%7C+Gradation+%7C+Nuit");
        let read = objectives(&form, &[known]);
        let codes: Vec<&str> = read.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes, ["O2", "O1"]);
        let again = objectives(&form, &read);
        assert_eq!(again, read, "the same form, sent twice");
    }
}
