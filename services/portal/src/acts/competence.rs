//! Whose competence an objective or a commitment is (CASF L313-3), as a person types it: in the fields of a row, or one a
//! line for a whole text.

use proto::contracts::v1::{
    Commitment, Competence, CompetenceMark, ContractText, StrategicObjective,
};
use tonic::Status;

use super::{Field, Values, choices, line::parts, wrong};
use crate::{
    pages::id_of,
    text::{dates, follow_up as words},
};

/// The field of a whole text.
pub(super) const FIELD: &str = "text.competences";
const HINT: &str = "Une ligne par élément : code | agence, département ou conjointe | code du conseil, facultatif s’il n’y en a qu’un | depuis le (AAAA-MM-JJ). Ce qui n’a pas de ligne est partagé par toutes les parties. Un élément nouveau prend le premier code libre : O1, O2…";

/// The three fields of a row, under the names they have there.
pub(super) fn fields([competence, department, since]: [&'static str; 3]) -> [Field; 3] {
    [
        Field::choice(
            competence,
            "De la compétence de",
            choices(&words::COMPETENCES),
        )
        .hint("Vide : partagé par toutes les parties."),
        Field::line(department, "Conseil départemental compétent")
            .hint("Par exemple 06. Vide : celui du contrat, s’il n’en a qu’un."),
        Field::day(since, "Compétent à compter du"),
    ]
}

/// What these fields hold.
pub(super) fn values(mark: Option<&CompetenceMark>) -> [String; 3] {
    mark.map_or_else(Default::default, |mark| {
        [
            mark.competence.to_string(),
            id_of(&mark.department).to_owned(),
            mark.since_date.clone(),
        ]
    })
}

/// The mark that these fields say; none where all are empty. What lacks is refused by the service.
pub(super) fn read(of: &mut Values) -> Option<CompetenceMark> {
    let mark = CompetenceMark {
        competence: of.whole(),
        department: council(&of.next()),
        since_date: of.next(),
    };
    Some(mark).filter(|mark| *mark != CompetenceMark::default())
}

fn council(code: &str) -> String {
    match id_of(code) {
        "" => String::new(),
        code => format!("departments/{code}"),
    }
}

/// The marks of a text, one a line.
pub(super) fn field(text: &ContractText) -> Field {
    let content = text.content.as_ref();
    let commitments = content
        .map(|content| content.commitments.as_slice())
        .unwrap_or_default();
    let objectives = text.objectives.iter();
    let objectives = objectives.map(|one| (&one.code, one.competence.as_ref()));
    let marked = commitments
        .iter()
        .map(|one| (&one.code, one.competence.as_ref()));
    let lines: Vec<String> = objectives
        .chain(marked)
        .filter_map(|(code, mark)| mark.map(|mark| shown(code, mark)))
        .collect();
    Field::text(FIELD, "Compétences")
        .hint(HINT)
        .holding(&lines.join("\n"))
        .optional()
}

fn shown(code: &str, mark: &CompetenceMark) -> String {
    let who = WORDS
        .iter()
        .find(|(competence, _)| *competence == mark.competence());
    let who = who.map_or("", |(_, word)| word);
    let council = id_of(&mark.department);
    format!("{code} | {who} | {council} | {}", mark.since_date)
}

/// How a competence is typed in a line.
const WORDS: [(Competence, &str); 3] = [
    (Competence::Ars, "agence"),
    (Competence::Department, "département"),
    (Competence::Joint, "conjointe"),
];

/// Gives their marks to the elements of a text; those that have no line have none.
pub(super) fn give(
    lines: &[String],
    objectives: &mut [StrategicObjective],
    commitments: &mut [Commitment],
) -> Result<(), Status> {
    let mut left = Vec::new();
    for text in lines {
        left.push(line(text)?);
    }
    let mut take = |code: &str| {
        let place = left.iter().position(|(own, _)| own == code)?;
        Some(left.remove(place).1)
    };
    for one in objectives {
        one.competence = take(&one.code);
    }
    for one in commitments {
        one.competence = take(&one.code);
    }
    match left.first() {
        None => Ok(()),
        Some((code, _)) => Err(wrong(
            FIELD,
            &format!(
                "« {code} » n’est pas, ou pas deux fois, le code d’un objectif ou d’un engagement de ce texte."
            ),
        )),
    }
}

/// `code | compétence | conseil | depuis`.
fn line(text: &str) -> Result<(String, CompetenceMark), Status> {
    let [code, who, department, since] = parts(text);
    let who = who.to_lowercase();
    let known = WORDS.iter().find(|(_, word)| *word == who);
    let Some((competence, _)) = known else {
        let why = format!("« {text} » : écrivez agence, département ou conjointe après le code.");
        return Err(wrong(FIELD, &why));
    };
    if dates::parse(since).is_none() {
        let why = format!("« {text} » : le jour s’écrit en dernier, sous la forme 2027-01-01.");
        return Err(wrong(FIELD, &why));
    }
    let mark = CompetenceMark {
        competence: (*competence).into(),
        department: council(department),
        since_date: since.to_owned(),
    };
    Ok((code.to_owned(), mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(competence: Competence, department: &str) -> CompetenceMark {
        CompetenceMark {
            competence: competence.into(),
            department: department.to_owned(),
            since_date: "2027-01-01".to_owned(),
        }
    }

    #[test]
    fn a_mark_goes_through_its_row_and_back() {
        for known in [
            Some(mark(Competence::Joint, "departments/06")),
            Some(mark(Competence::Ars, "")),
            None,
        ] {
            let mut of = Values::of(values(known.as_ref()).to_vec());
            assert_eq!(read(&mut of), known);
        }
    }

    #[test]
    fn a_line_without_its_element_its_word_or_its_day_is_refused() {
        let mut objectives = [StrategicObjective {
            code: "O1".to_owned(),
            ..Default::default()
        }];
        let mut given = |lines: &[&str]| {
            let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
            give(&lines, &mut objectives, &mut []).map(|()| objectives[0].competence.clone())
        };
        let own = given(&["O1 | Département | 06 | 2027-01-01"]).unwrap();
        assert_eq!(own, Some(mark(Competence::Department, "departments/06")));
        assert_eq!(given(&[]).unwrap(), None, "no line, no mark");
        for refused in [
            "O2 | agence | | 2027-01-01",
            "O1 | maire | | 2027-01-01",
            "O1 | agence | | demain",
        ] {
            assert!(given(&[refused]).is_err(), "{refused}");
        }
    }
}
