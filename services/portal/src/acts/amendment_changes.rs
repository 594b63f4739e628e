//! The changes of an amendment as a person types them: one a line, parts between bars.

use proto::contracts::v1::{
    AmendmentChanges, Clause, Confidentiality, FundingLine, FundingSource, StrategicObjective,
};

use super::{ActForm, Field};
use crate::{form::Form, text::follow_up as words};

/// The fields, holding what is proposed so far.
pub(crate) fn fields(act: ActForm, changes: &AmendmentChanges) -> ActForm {
    let objectives: Vec<String> = changes
        .put_objectives
        .iter()
        .map(|one| line(&[&one.code, &one.axis, &one.title, &one.description]))
        .collect();
    let funding: Vec<String> = changes
        .put_funding
        .iter()
        .map(|one| {
            line(&[
                &one.code,
                words::funding_source(one.source()),
                &one.year.to_string(),
                &one.amount_eur,
                &one.label,
                &one.condition,
            ])
        })
        .collect();
    let clauses: Vec<String> = changes
        .put_clauses
        .iter()
        .map(|one| line(&[&one.code, &one.title, &one.text]))
        .collect();
    act.with(
        Field::day("changes.end_date", "Nouveau dernier jour du contrat")
            .hint("Vide : il ne change pas.")
            .holding(&changes.end_date)
            .optional(),
    )
    .with(
        lines("changes.put_objectives", "Objectifs ajoutés ou remplacés", &objectives)
            .hint("Un par ligne : code | axe | intitulé | description. Le code d’un objectif existant le remplace."),
    )
    .with(
        lines("changes.remove_objectives", "Objectifs retirés", &changes.remove_objectives)
            .hint("Un code par ligne."),
    )
    .with(
        lines("changes.put_funding", "Moyens ajoutés ou remplacés", &funding)
            .hint("Un par ligne : code | source | année | euros | intitulé | condition. Sources : FIR, MIG, AC, DAF, IFAQ, DRL, département, autre."),
    )
    .with(
        lines("changes.remove_funding", "Moyens retirés", &changes.remove_funding)
            .hint("Un code par ligne."),
    )
    .with(
        lines("changes.put_clauses", "Articles ajoutés ou remplacés", &clauses)
            .hint("Un par ligne : code | intitulé | texte. Ils sont communicables au public."),
    )
    .with(
        lines("changes.remove_clauses", "Articles retirés", &changes.remove_clauses)
            .hint("Un code par ligne."),
    )
    .with(
        lines(
            "changes.add_establishments",
            "Établissements qui entrent",
            &numbers(&changes.add_establishments),
        )
        .hint("Un numéro FINESS par ligne."),
    )
    .with(
        lines(
            "changes.remove_establishments",
            "Établissements qui sortent",
            &numbers(&changes.remove_establishments),
        )
        .hint("Un numéro FINESS par ligne."),
    )
}

fn lines(name: &'static str, label: &str, held: &[String]) -> Field {
    Field::text(name, label)
        .holding(&held.join("\n"))
        .optional()
}

fn line(parts: &[&str]) -> String {
    let flat: Vec<String> = parts.iter().map(|part| part.replace('\n', " ")).collect();
    flat.join(" | ").trim_end_matches(" | ").to_owned()
}

fn numbers(names: &[String]) -> Vec<String> {
    let number = |name: &String| name.rsplit('/').next().unwrap_or(name).to_owned();
    names.iter().map(number).collect()
}

/// The changes as they were typed; `before` keeps what the form does not show.
pub(crate) fn read(form: &Form, before: AmendmentChanges) -> AmendmentChanges {
    let sites = |field: &str| {
        form.lines(field)
            .iter()
            .map(|number| format!("establishments/{}", number.replace(char::is_whitespace, "")))
            .collect()
    };
    let parsed = |field: &str| {
        let lines = form.lines(field);
        lines
            .iter()
            .map(|line| Parts::of(line))
            .collect::<Vec<Parts>>()
    };
    // The form does not show whose competence an objective is.
    let marked = |one: StrategicObjective| {
        let mut known = before.put_objectives.iter();
        let known = known.find(|known| known.code == one.code);
        StrategicObjective {
            competence: known.and_then(|known| known.competence.clone()),
            ..one
        }
    };
    AmendmentChanges {
        end_date: form.text("changes.end_date").to_owned(),
        put_objectives: parsed("changes.put_objectives")
            .into_iter()
            .map(objective)
            .map(marked)
            .collect(),
        remove_objectives: form.lines("changes.remove_objectives"),
        put_funding: parsed("changes.put_funding")
            .into_iter()
            .map(funding)
            .collect(),
        remove_funding: form.lines("changes.remove_funding"),
        put_clauses: parsed("changes.put_clauses")
            .into_iter()
            .map(clause)
            .collect(),
        remove_clauses: form.lines("changes.remove_clauses"),
        add_establishments: sites("changes.add_establishments"),
        remove_establishments: sites("changes.remove_establishments"),
        ..before
    }
}

/// The parts of a line, in their order; what lacks is empty, and the service says what it needs.
struct Parts(std::vec::IntoIter<String>);

impl Parts {
    fn of(line: &str) -> Self {
        let parts: Vec<String> = line.split('|').map(|part| part.trim().to_owned()).collect();
        Self(parts.into_iter())
    }

    fn next(&mut self) -> String {
        self.0.next().unwrap_or_default()
    }

    /// Everything that is left: a text may hold bars.
    fn rest(self) -> String {
        self.0.collect::<Vec<String>>().join(" | ")
    }
}

fn objective(mut parts: Parts) -> StrategicObjective {
    StrategicObjective {
        code: parts.next(),
        axis: parts.next(),
        title: parts.next(),
        description: parts.rest(),
        competence: None,
    }
}

fn funding(mut parts: Parts) -> FundingLine {
    let code = parts.next();
    let source = parts.next().to_lowercase();
    let known = words::FUNDING
        .iter()
        .find(|(_, text)| text.to_lowercase() == source);
    FundingLine {
        code,
        source: known
            .map_or(FundingSource::Unspecified, |(one, _)| *one)
            .into(),
        year: parts.next().parse().unwrap_or_default(),
        amount_eur: parts
            .next()
            .replace([' ', '\u{202f}', '\u{a0}'], "")
            .replace(',', "."),
        label: parts.next(),
        condition: parts.rest(),
        reversible: false,
        department: String::new(),
    }
}

fn clause(mut parts: Parts) -> Clause {
    Clause {
        code: parts.next(),
        title: parts.next(),
        text: parts.rest(),
        confidentiality: Confidentiality::Public.into(),
    }
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::Annex;

    use super::*;

    #[test]
    fn changes_go_through_their_form_and_back_and_the_rest_is_kept() {
        let before = AmendmentChanges {
            put_objectives: vec![objective(Parts::of("O1 | A | Gradation | Urgences | nuit"))],
            put_funding: vec![funding(Parts::of(
                "F1 | FIR | 2027 | 120 000,50 | Équipe mobile",
            ))],
            put_clauses: vec![clause(Parts::of("ART-3 | Durée | Un an"))],
            remove_clauses: vec!["ART-9".to_owned()],
            add_establishments: vec!["establishments/130001647".to_owned()],
            put_annexes: vec![Annex::default()],
            end_date: "2029-12-31".to_owned(),
            ..Default::default()
        };
        assert_eq!(before.put_objectives[0].description, "Urgences | nuit");
        assert_eq!(before.put_funding[0].amount_eur, "120000.50");
        assert_eq!(before.put_funding[0].source(), FundingSource::Fir);
        let act = fields(ActForm::new("ReviseAmendment", "", ""), &before);
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        for field in &act.fields {
            encoded.append_pair(field.name, &field.value);
        }
        assert_eq!(
            read(&Form::parse(&encoded.finish()), before.clone()),
            before
        );
    }
}
