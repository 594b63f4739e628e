//! The changes of an amendment as a person types them: what has a text in rows, the rest one a line.

use proto::contracts::v1::{
    AmendmentChanges, Clause, Confidentiality, FundingLine, StrategicObjective,
};

use super::{ActForm, Field, Rows, Values, choices, commitments, competence, money, typed_rows};
use crate::{form::Form, pages::id_of, text::labels};

const OBJECTIVE: [&str; 7] = [
    "put_objectives.code",
    "put_objectives.axis",
    "put_objectives.title",
    "put_objectives.description",
    COMPETENCE[0],
    COMPETENCE[1],
    COMPETENCE[2],
];
const COMPETENCE: [&str; 3] = [
    "put_objectives.competence.competence",
    "put_objectives.competence.department",
    "put_objectives.competence.since_date",
];
const CLAUSE: [&str; 4] = [
    "put_clauses.code",
    "put_clauses.title",
    "put_clauses.text",
    "put_clauses.confidentiality",
];
const CODES: &str = "Un code par ligne.";
const SITES: &str = "Un numéro FINESS par ligne.";
/// The field that only the form of those who negotiate the whole has.
const WHOLE: &str = "changes.end_date";
const SUPPORT: &str = "changes.support_entity";

/// The fields, holding what is proposed so far.
pub(crate) fn fields(act: ActForm, changes: &AmendmentChanges) -> ActForm {
    let act = act.with(
        Field::day(WHOLE, "Nouveau dernier jour du contrat")
            .hint("Vide : il ne change pas.")
            .holding(&changes.end_date)
            .optional(),
    );
    let act = council_fields(act, changes).with(
        lines(
            "changes.remove_clauses",
            "Articles retirés",
            &changes.remove_clauses,
        )
        .hint(CODES),
    );
    let act = act.with(
        lines(
            "changes.remove_annexes",
            "Annexes du contrat retirées",
            &changes.remove_annexes,
        )
        .hint(CODES),
    );
    perimeter_fields(act, changes).repeating(clause_rows(&changes.put_clauses))
}

/// Sites and parties that come and go.
fn perimeter_fields(act: ActForm, changes: &AmendmentChanges) -> ActForm {
    let entities = |name, label: &str, held: &[String]| {
        lines(name, label, &numbers(held))
            .hint("Un numéro FINESS d’entité juridique par ligne. Elle signe l’avenant ; dites aussi ses sites.")
    };
    act.with(
        lines(
            "changes.add_establishments",
            "Établissements qui entrent",
            &numbers(&changes.add_establishments),
        )
        .hint(SITES),
    )
    .with(
        lines(
            "changes.remove_establishments",
            "Établissements qui sortent",
            &numbers(&changes.remove_establishments),
        )
        .hint(SITES),
    )
    .with(entities(
        "changes.add_legal_entities",
        "Membres qui entrent",
        &changes.add_legal_entities,
    ))
    .with(entities(
        "changes.remove_legal_entities",
        "Membres qui sortent",
        &changes.remove_legal_entities,
    ))
    .with(
        lines(
            "changes.add_departmental_councils",
            "Conseils départementaux qui entrent",
            &numbers(&changes.add_departmental_councils),
        )
        .hint("Un code de département par ligne : ceux que demandent les nouveaux sites. Ils signent l’avenant."),
    )
    .with(
        lines(
            "changes.remove_departmental_councils",
            "Conseils départementaux qui sortent",
            &numbers(&changes.remove_departmental_councils),
        )
        .hint("Un code de département par ligne. Ils signent l’avenant, qui retire ou modifie tout ce qui relève de leur compétence."),
    )
    .with(
        Field::line(SUPPORT, "Nouvel établissement support du groupement")
            .hint("Numéro FINESS d’un membre, qui signe l’avenant et signera pour tous. Vide : il ne change pas.")
            .holding(&number(&changes.support_entity))
            .optional(),
    )
}

/// What a departmental council may propose too: objectives, commitments and money, some of which are its own.
pub(crate) fn council_fields(act: ActForm, changes: &AmendmentChanges) -> ActForm {
    let funding: Vec<String> = changes.put_funding.iter().map(money::shown).collect();
    act.with(
        lines(
            "changes.remove_objectives",
            "Objectifs retirés",
            &changes.remove_objectives,
        )
        .hint(CODES),
    )
    .with(
        lines(
            "changes.remove_commitments",
            "Engagements retirés",
            &changes.remove_commitments,
        )
        .hint(CODES),
    )
    .with(
        lines(
            "changes.put_funding",
            "Moyens ajoutés ou remplacés",
            &funding,
        )
        .hint(money::HINT),
    )
    .with(
        lines(
            "changes.remove_funding",
            "Moyens retirés",
            &changes.remove_funding,
        )
        .hint(CODES),
    )
    .repeating(objective_rows(&changes.put_objectives))
    .repeating(commitments::rows(&changes.put_commitments))
}

fn objective_rows(objectives: &[StrategicObjective]) -> Rows {
    let mut blank = vec![
        Field::line(OBJECTIVE[0], "Code"),
        Field::line(OBJECTIVE[1], "Axe")
            .hint("A : positionnement territorial ; B : pilotage interne."),
        Field::line(OBJECTIVE[2], "Intitulé de l’objectif"),
        Field::text(OBJECTIVE[3], "Description"),
    ];
    blank.extend(competence::fields(COMPETENCE));
    let held = objectives.iter().map(|one| {
        let mut values = vec![
            one.code.clone(),
            one.axis.clone(),
            one.title.clone(),
            one.description.clone(),
        ];
        values.extend(competence::values(one.competence.as_ref()));
        values
    });
    Rows::new(
        "put_objectives",
        "Objectifs ajoutés ou remplacés",
        "Objectif",
        blank,
    )
    .hint("Le code d’un objectif du contrat le remplace.")
    .holding(held.collect())
}

/// Whether the public reads a passage, or why not.
pub(super) fn grounds() -> Vec<(String, String)> {
    choices(
        &[
            Confidentiality::Public,
            Confidentiality::BusinessSecret,
            Confidentiality::CareQuality,
            Confidentiality::Personal,
            Confidentiality::Preparatory,
        ]
        .map(|ground| (ground, labels::withheld(ground))),
    )
}

fn clause_rows(clauses: &[Clause]) -> Rows {
    let blank = vec![
        Field::line(CLAUSE[0], "Code"),
        Field::line(CLAUSE[1], "Intitulé de l’article"),
        Field::text(CLAUSE[2], "Texte"),
        Field::choice(CLAUSE[3], "Communication au public", grounds()).hint("Vide : communicable."),
    ];
    let held = clauses.iter().map(|one| {
        vec![
            one.code.clone(),
            one.title.clone(),
            one.text.clone(),
            one.confidentiality.to_string(),
        ]
    });
    Rows::new(
        "put_clauses",
        "Articles ajoutés ou remplacés",
        "Article",
        blank,
    )
    .hint("Le code d’un article du contrat le remplace.")
    .holding(held.collect())
}

fn lines(name: &'static str, label: &str, held: &[String]) -> Field {
    Field::text(name, label)
        .holding(&held.join("\n"))
        .optional()
}

fn numbers(names: &[String]) -> Vec<String> {
    names.iter().map(|name| number(name)).collect()
}

fn number(name: &str) -> String {
    id_of(name).to_owned()
}

/// The changes as they were typed; `before` keeps what the form does not show.
pub(crate) fn read(form: &Form, before: AmendmentChanges) -> AmendmentChanges {
    let funding: Vec<FundingLine> = form
        .lines("changes.put_funding")
        .iter()
        .map(|line| money::read(line, &before.put_funding))
        .collect();
    let drafted = AmendmentChanges {
        put_objectives: typed_rows(form, &OBJECTIVE)
            .into_iter()
            .map(|row| objective(row, &before.put_objectives))
            .collect(),
        remove_objectives: form.lines("changes.remove_objectives"),
        put_commitments: commitments::read(form, &before.put_commitments),
        remove_commitments: form.lines("changes.remove_commitments"),
        put_funding: funding,
        remove_funding: form.lines("changes.remove_funding"),
        ..before
    };
    if !form.has(WHOLE) {
        return drafted;
    }
    let named = |field: &str, collection: &str| -> Vec<String> {
        form.lines(field)
            .iter()
            .map(|number| format!("{collection}/{}", number.replace(char::is_whitespace, "")))
            .collect()
    };
    let support = named(SUPPORT, "legalEntities");
    AmendmentChanges {
        end_date: form.text(WHOLE).to_owned(),
        put_clauses: typed_rows(form, &CLAUSE).into_iter().map(clause).collect(),
        remove_clauses: form.lines("changes.remove_clauses"),
        remove_annexes: form.lines("changes.remove_annexes"),
        add_establishments: named("changes.add_establishments", "establishments"),
        remove_establishments: named("changes.remove_establishments", "establishments"),
        add_legal_entities: named("changes.add_legal_entities", "legalEntities"),
        remove_legal_entities: named("changes.remove_legal_entities", "legalEntities"),
        add_departmental_councils: named("changes.add_departmental_councils", "departments"),
        remove_departmental_councils: named("changes.remove_departmental_councils", "departments"),
        support_entity: support.into_iter().next().unwrap_or_default(),
        ..drafted
    }
}

/// An objective as it was typed; what the form does not show stays what it was in the objective of that code.
fn objective(row: Vec<String>, before: &[StrategicObjective]) -> StrategicObjective {
    let mut of = Values::of(row);
    let code = of.next();
    let known = before.iter().find(|one| one.code == code).cloned();
    let mut objective = StrategicObjective {
        code,
        axis: of.next(),
        title: of.next(),
        ..known.unwrap_or_default()
    };
    objective.description = of.next();
    objective.competence = competence::read(&mut of);
    objective
}

fn clause(row: Vec<String>) -> Clause {
    let mut of = Values::of(row);
    Clause {
        code: of.next(),
        title: of.next(),
        text: of.next(),
        confidentiality: match of.whole() {
            0 => Confidentiality::Public.into(),
            ground => ground,
        },
    }
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::{
        Annex, Commitment, CommitmentIndicator, CommitmentOwner, CommitmentStep, FundingSource,
        YearValue,
    };

    use super::*;

    fn commitment() -> Commitment {
        let indicator = CommitmentIndicator {
            code: "I1".to_owned(),
            label: "Lits".to_owned(),
            unit: "lits".to_owned(),
            baseline_year: 2025,
            baseline: "0".to_owned(),
            targets: vec![
                YearValue {
                    year: 2027,
                    value: "6".to_owned(),
                },
                YearValue {
                    year: 2028,
                    value: "12.5".to_owned(),
                },
            ],
            ..Default::default()
        };
        let mut commitment = Commitment {
            code: "E1".to_owned(),
            objective: "O1".to_owned(),
            owner: CommitmentOwner::Establishment.into(),
            text: "Ouvrir l’unité.\nEn deux temps.".to_owned(),
            indicators: vec![indicator],
            ..Default::default()
        };
        commitment.steps = vec![CommitmentStep {
            title: "Travaux | gros œuvre".to_owned(),
            due_date: "2027-06-30".to_owned(),
        }];
        commitment
    }

    fn typed(act: &ActForm) -> Form {
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        let rows = act.rows.iter().flat_map(|list| list.lines.iter().flatten());
        for field in act.fields.iter().chain(rows) {
            encoded.append_pair(field.name, &field.value);
        }
        Form::parse(&encoded.finish())
    }

    #[test]
    fn changes_go_through_their_form_and_back_and_the_rest_is_kept() {
        let before = AmendmentChanges {
            put_objectives: vec![objective(
                ["O1", "A", "Gradation", "Urgences | nuit\net week-end"]
                    .map(ToOwned::to_owned)
                    .to_vec(),
                &[],
            )],
            put_commitments: vec![commitment()],
            put_funding: vec![FundingLine {
                code: "F1".to_owned(),
                label: "Équipe mobile".to_owned(),
                source: FundingSource::Department.into(),
                year: 2027,
                amount_eur: "120000.50".to_owned(),
                reversible: true,
                department: "departments/06".to_owned(),
                ..Default::default()
            }],
            put_clauses: vec![Clause {
                code: "ART-3".to_owned(),
                title: "Durée".to_owned(),
                text: "Un an.\n\nReconductible.".to_owned(),
                confidentiality: Confidentiality::BusinessSecret.into(),
            }],
            remove_clauses: vec!["ART-9".to_owned()],
            remove_annexes: vec!["A9".to_owned()],
            remove_commitments: vec!["E9".to_owned()],
            add_establishments: vec!["establishments/130001647".to_owned()],
            add_legal_entities: vec!["legalEntities/060785011".to_owned()],
            remove_legal_entities: vec!["legalEntities/750712184".to_owned()],
            add_departmental_councils: vec!["departments/06".to_owned()],
            remove_departmental_councils: vec!["departments/84".to_owned()],
            support_entity: "legalEntities/060785011".to_owned(),
            put_annexes: vec![Annex::default()],
            end_date: "2029-12-31".to_owned(),
            ..Default::default()
        };
        let act = fields(ActForm::new("ReviseAmendment", "", ""), &before);
        assert_eq!(read(&typed(&act), before.clone()), before);
    }

    #[test]
    fn an_article_is_communicated_where_nobody_says_otherwise() {
        let act = fields(
            ActForm::new("ProposeAmendment", "", ""),
            &AmendmentChanges::default(),
        );
        let nothing = read(&typed(&act), AmendmentChanges::default());
        assert_eq!(nothing, AmendmentChanges::default());
        let form =
            Form::parse("changes.end_date=&put_clauses.code=ART-1&put_clauses.confidentiality=");
        let read = read(&form, AmendmentChanges::default());
        assert_eq!(
            read.put_clauses[0].confidentiality(),
            Confidentiality::Public
        );
    }
}
