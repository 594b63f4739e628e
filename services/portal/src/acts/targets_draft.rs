//! The draft of the objectives in figures of a contract, one a line. What a line does not carry stays as it was.

use std::collections::BTreeSet;

use proto::targets::v1::{
    Band, CreateTargetSetRequest, GetTargetSetRequest, Objective, ObjectiveKind,
    ReplaceObjectivesRequest, TargetSet, TargetSetState, YearlyTarget,
};
use tonic::Status;

use super::{ActForm, Field, decimal, line::parts, policy::UNITS, wrong};
use crate::{
    form::Form,
    services::{Services, within},
    text::{labels, numbers},
};

/// How the two kinds are typed.
const KINDS: [(ObjectiveKind, &str); 2] = [
    (ObjectiveKind::Quantified, "quantifié"),
    (ObjectiveKind::Pilot, "pilotage"),
];
const OPPOSABLE: &str = "opposable";
const PENALTY: &str = "pénalité";

/// The form: a first draft, or what replaces one that is not agreed on both sides. None once it is.
pub(crate) fn form(set: Option<&TargetSet>, page: &str) -> Option<ActForm> {
    let mut form = match set {
        None => ActForm::new(
            "CreateTargetSet",
            "Préparer les objectifs chiffrés",
            "Enregistrer les objectifs",
        ),
        Some(set) if set.state() == TargetSetState::Draft => ActForm::new(
            "ReplaceObjectives",
            "Modifier les objectifs chiffrés",
            "Remplacer les objectifs",
        )
        .intro("Les accords déjà donnés sur ces objectifs tombent.")
        .with(Field::hidden("name", &set.name)),
        Some(_) => return None,
    };
    form.action = format!("{page}/objectifs/{}", form.method);
    if let Some(set) = set {
        set.etag.clone_into(&mut form.etag);
    }
    let objectives = set.map_or(&[][..], |set| set.objectives.as_slice());
    let lines: Vec<String> = objectives.iter().map(typed).collect();
    Some(
        form.with(
            Field::text("objectives", "Objectifs chiffrés")
                .hint("Un par ligne : intitulé | quantifié ou pilotage | FINESS | code de l’indicateur | unité | année : cible ; année : cible | opposable, pénalité. Une cible est un nombre ou une fourchette. Par exemple « Séjours de chirurgie | pilotage | 130001647 | MCO_STAYS | séjours | 2026 : 1 000 ; 2027 : 1 000 à 1 050 ».")
                .holding(&lines.join("\n"))
                .optional(),
        )
        .with(
            Field::text("note", "S’il n’y en a aucun, pourquoi")
                .holding(set.map_or("", |set| set.note.as_str()))
                .optional(),
        ),
    )
}

/// One objective as one types it.
fn typed(objective: &Objective) -> String {
    let kind = KINDS.iter().find(|(kind, _)| *kind == objective.kind());
    let year = |target: &YearlyTarget| {
        let aim = target.band.as_ref().map_or_else(
            || numbers::from_wire(&target.point),
            |band| {
                let (min, max) = (numbers::from_wire(&band.min), numbers::from_wire(&band.max));
                format!("{min} à {max}")
            },
        );
        format!("{} : {aim}", target.year)
    };
    let years: Vec<String> = objective.yearly.iter().map(year).collect();
    let force: Vec<&str> = [
        (objective.opposable, OPPOSABLE),
        (objective.penalty_eligible, PENALTY),
    ]
    .into_iter()
    .filter_map(|(holds, word)| holds.then_some(word))
    .collect();
    let (title, years, force) = (
        objective.title.replace('|', "/"),
        years.join(" ; "),
        force.join(", "),
    );
    let (kind, unit) = (
        kind.map_or("", |(_, word)| word),
        labels::unit(objective.unit()),
    );
    let (subject, indicator) = (&objective.subject, &objective.indicator);
    format!("{title} | {kind} | {subject} | {indicator} | {unit} | {years} | {force}")
}

/// Sends it. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    contract: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    Some(match method {
        "CreateTargetSet" => create(services, contract, form).await,
        "ReplaceObjectives" => replace(services, form).await,
        _ => return None,
    })
}

async fn create(services: &Services, contract: String, form: &Form) -> Result<(), Status> {
    let request = CreateTargetSetRequest {
        contract,
        objectives: objectives(form, &[])?,
        note: form.text("note").to_owned(),
        request_id: form.text("request_id").to_owned(),
        ..Default::default()
    };
    let mut client = services.target_sets();
    client.create_target_set(within(request)).await.map(|_| ())
}

async fn replace(services: &Services, form: &Form) -> Result<(), Status> {
    let mut client = services.target_sets();
    let name = form.text("name").to_owned();
    let request = GetTargetSetRequest { name: name.clone() };
    let known = client.get_target_set(within(request)).await?.into_inner();
    let request = ReplaceObjectivesRequest {
        name,
        etag: form.text("etag").to_owned(),
        objectives: objectives(form, &known.objectives)?,
        note: form.text("note").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    client.replace_objectives(within(request)).await.map(|_| ())
}

/// The objectives that were typed, on what is known of those of the same site and indicator.
fn objectives(form: &Form, known: &[Objective]) -> Result<Vec<Objective>, Status> {
    let mut used = BTreeSet::new();
    let mut found = Vec::new();
    for (rank, line) in (1..).zip(form.lines("objectives")) {
        let mut objective = objective(rank, &line, known)?;
        if !used.insert(objective.id.clone()) {
            objective.id = format!("{}-{rank}", objective.id);
            used.insert(objective.id.clone());
        }
        found.push(objective);
    }
    Ok(found)
}

fn objective(rank: usize, line: &str, known: &[Objective]) -> Result<Objective, Status> {
    let [
        title,
        kind_typed,
        subject,
        indicator,
        unit_typed,
        years,
        force,
    ] = parts(line);
    let kind = KINDS.iter().find(|(_, word)| *word == kind_typed);
    let (kind, _) = kind.ok_or_else(|| {
        wrong(
            "objectives",
            &format!(
                "Ligne {rank} : après l’intitulé, écrivez « quantifié » ou « pilotage », non « {kind_typed} »."
            ),
        )
    })?;
    let unit = UNITS
        .into_iter()
        .find(|unit| labels::unit(*unit) == unit_typed);
    let unit = unit.ok_or_else(|| {
        wrong(
            "objectives",
            &format!("Ligne {rank} : « {unit_typed} » n’est pas une unité, comme « séjours »."),
        )
    })?;
    let yearly = years.split(';').map(|typed| {
        year(typed).ok_or_else(|| {
            wrong(
                "objectives",
                &format!(
                    "Ligne {rank} : « {} » ne dit pas une année et sa cible, comme « 2026 : 1 000 ».",
                    typed.trim()
                ),
            )
        })
    });
    let yearly = yearly.collect::<Result<Vec<_>, Status>>()?;
    let same = known
        .iter()
        .find(|one| one.subject == subject && one.indicator == indicator);
    let before = same.cloned().unwrap_or_else(|| Objective {
        id: identifier(subject, indicator),
        ..Default::default()
    });
    Ok(Objective {
        title: title.to_owned(),
        kind: (*kind).into(),
        subject: subject.to_owned(),
        indicator: indicator.to_owned(),
        unit: unit.into(),
        yearly,
        opposable: force.contains(OPPOSABLE),
        penalty_eligible: force.contains(PENALTY),
        ..before
    })
}

/// `2026 : 1 000`, or `2026 : 1 000 à 1 050`.
fn year(typed: &str) -> Option<YearlyTarget> {
    let (year, aim) = typed.split_once(':')?;
    let year = year.trim().parse().ok()?;
    if aim.trim().is_empty() {
        return None;
    }
    Some(match aim.split_once(" à ") {
        Some((min, max)) => YearlyTarget {
            year,
            band: Some(Band {
                min: decimal(min),
                max: decimal(max),
            }),
            ..Default::default()
        },
        None => YearlyTarget {
            year,
            point: decimal(aim),
            ..Default::default()
        },
    })
}

/// `mco-stays-130001647`.
fn identifier(subject: &str, indicator: &str) -> String {
    let indicator = indicator.to_lowercase().replace('_', "-");
    format!("{indicator}-{}", subject.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "Séjours | pilotage | 130001647 | MCO_STAYS | séjours | 2026 : 1 000 ; 2027 : 1 000 à 1 050,5 |";

    fn read(lines: &str, known: &[Objective]) -> Result<Vec<Objective>, Status> {
        let mut form = Form::default();
        form.push("objectives", lines);
        objectives(&form, known)
    }

    #[test]
    fn objectives_are_typed_one_a_line_and_come_back_as_they_were() {
        let read_once = read(LINE, &[]).unwrap();
        let one = &read_once[0];
        assert_eq!(one.id, "mco-stays-130001647");
        assert_eq!(one.kind(), ObjectiveKind::Pilot);
        assert_eq!(one.yearly[0].point, "1000");
        assert_eq!(one.yearly[1].band.as_ref().unwrap().max, "1050.5");
        assert_eq!(read(&typed(one), &[]).unwrap(), read_once);
    }

    #[test]
    fn what_a_line_does_not_carry_stays_as_it_was() {
        let known = Objective {
            id: "from-elsewhere".to_owned(),
            subject: "130001647".to_owned(),
            indicator: "MCO_STAYS".to_owned(),
            inflection: "inflections/1".to_owned(),
            ..Default::default()
        };
        let replaced = read(LINE, &[known]).unwrap();
        assert_eq!(replaced[0].id, "from-elsewhere");
        assert_eq!(replaced[0].inflection, "inflections/1");
        let twice = read(&format!("{LINE}\n{LINE}"), &[]).unwrap();
        assert_ne!(twice[0].id, twice[1].id);
    }

    #[test]
    fn a_line_that_says_too_little_is_told_apart() {
        for line in [
            "Séjours | autre | 130001647 | MCO_STAYS | séjours | 2026 : 1",
            "Séjours | pilotage | 130001647 | MCO_STAYS | chaises | 2026 : 1",
            "Séjours | pilotage | 130001647 | MCO_STAYS | séjours | 2026",
        ] {
            let refused = read(line, &[]).unwrap_err();
            assert!(refused.message().starts_with("Ligne 1"), "{refused:?}");
        }
    }

    #[test]
    fn objectives_that_both_sides_agreed_on_are_no_longer_drafted() {
        let mut set = TargetSet::default();
        set.set_state(TargetSetState::Draft);
        let method = |set: Option<&TargetSet>| form(set, "/contrats/1").map(|form| form.action);
        assert_eq!(
            method(None).unwrap(),
            "/contrats/1/objectifs/CreateTargetSet"
        );
        assert!(method(Some(&set)).unwrap().ends_with("ReplaceObjectives"));
        set.set_state(TargetSetState::Agreed);
        assert!(method(Some(&set)).is_none());
    }
}
