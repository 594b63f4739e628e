//! Territorial dialogues: who was invited, what was said, what was diagnosed, projected and inflected.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::targets::v1::{
    DialogueState, Evidence, GetDialogueRequest, Inflection, ListDialoguesRequest,
    ListInflectionsRequest, Stance, TerritoryDialogue,
};

use super::{
    Option3, dialogue_acts,
    retained::{Projected, projected_table, retained, titles},
};
use crate::{
    Failure,
    acts::{self, Acts, FieldKind, dialogue::PATH},
    frame::{Frame, Section},
    pages::{Attempt, html, html_refused, id_of, notice, region_name, resource},
    services::{every, within},
    table::Table,
    text::{counted, dates, labels, labels::Badge, numbers, territory as words},
    visitor::Visitor,
};

struct Line {
    path: String,
    title: String,
    badge: Badge,
    territory: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "dialogues.html")]
struct List {
    frame: Frame,
    regions: Vec<Option3>,
    dialogues: Vec<Line>,
    /// For who opens dialogues.
    acts: Option<Acts>,
}

/// A figure that somebody cited.
pub(crate) struct Cited {
    pub(crate) kind: &'static str,
    pub(crate) figure: String,
    pub(crate) locator: String,
    pub(crate) reference: String,
    /// Where it can be read, for what is public.
    pub(crate) path: Option<String>,
}

/// An inflection as a list shows it.
pub(crate) struct Inflected {
    path: String,
    title: String,
    badge: Badge,
    change: String,
    positions: String,
    disputed: bool,
}

struct Said {
    date: String,
    subject: String,
    minutes: String,
    present: String,
}

struct Diagnosed {
    statement: String,
    evidence: Vec<Cited>,
}

#[derive(Template)]
#[template(path = "dialogue.html")]
struct Page {
    frame: Frame,
    title: String,
    badge: Badge,
    region: String,
    territory: String,
    answer: String,
    participants: Vec<(String, String)>,
    sessions: Vec<Said>,
    diagnosis: Vec<Diagnosed>,
    projections: Vec<Projected>,
    /// What each retained projection says of each producer.
    projected: Table,
    inflections: Vec<Inflected>,
    conclusion: String,
    acts: Acts,
}

const MOST: usize = 500;

/// `/territoires/dialogues`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor, None).await).await
}

pub(super) async fn list_page(
    visitor: &Visitor,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let query = visitor.query();
    let (region, regions) = super::regions(visitor, &query);
    let request = ListDialoguesRequest {
        region: query.text("region").to_owned(),
        ..Default::default()
    };
    let (mut dialogues, _) = every!(
        visitor.services.dialogues(),
        list_dialogues,
        request,
        dialogues,
        MOST
    )?;
    dialogues.reverse();
    let page = List {
        frame: visitor
            .frame("Dialogues de territoire", Section::Territories)
            .under("Territoires", "/territoires"),
        regions,
        dialogues: dialogues.iter().map(line).collect(),
        acts: dialogue_acts::opening(visitor, &region, attempt).await,
    };
    match attempt {
        Some(attempt) => html_refused(&page, attempt),
        None => html(&page),
    }
}

fn line(dialogue: &TerritoryDialogue) -> Line {
    let count = |items: usize| i64::try_from(items).unwrap_or(0);
    Line {
        path: format!("{PATH}/{}", id_of(&dialogue.name)),
        title: dialogue.title.clone(),
        badge: words::dialogue_state(dialogue.state()),
        territory: id_of(&dialogue.territory).to_owned(),
        detail: format!(
            "{}, {}",
            counted(
                count(dialogue.participants.len()),
                "participant",
                "participants"
            ),
            counted(count(dialogue.sessions.len()), "séance", "séances")
        ),
    }
}

/// `/territoires/dialogues/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(dialogue_page(&visitor, &id, None).await)
        .await
}

pub(super) async fn dialogue_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let name = resource("dialogues", id)?;
    let services = &visitor.services;
    let asked = ListInflectionsRequest {
        dialogue: name.clone(),
        ..Default::default()
    };
    let dialogue = services
        .dialogues()
        .get_dialogue(within(GetDialogueRequest { name }))
        .await?
        .into_inner();
    let (inflections, _) = every!(
        services.dialogues(),
        list_inflections,
        asked,
        inflections,
        MOST
    )?;
    let titles = titles(visitor, &dialogue).await;
    let path = format!("{PATH}/{id}");
    let query = visitor.query();
    let projected = projected_table(&dialogue.projections, &titles).at(&path, &query);
    if let Some(file) = Table::asked_among(&query, [&projected]) {
        return file;
    }
    let acts = dialogue_acts::of(visitor, &dialogue, &path, attempt).await;
    let page = Page {
        frame: visitor
            .frame(&dialogue.title, Section::Territories)
            .under("Territoires", "/territoires")
            .under("Dialogues", PATH)
            .telling(notice(&query, acts::dialogue::done)),
        title: dialogue.title.clone(),
        badge: words::dialogue_state(dialogue.state()),
        region: region_name(&dialogue.region),
        territory: id_of(&dialogue.territory).to_owned(),
        answer: answer(&dialogue, &inflections),
        participants: dialogue
            .participants
            .iter()
            .map(|one| (one.title.clone(), one.finess.clone()))
            .collect(),
        sessions: dialogue
            .sessions
            .iter()
            .map(|session| Said {
                date: dates::from_wire(&session.date),
                subject: session.subject.clone(),
                minutes: session.minutes.clone(),
                present: present(&dialogue, &session.present),
            })
            .collect(),
        diagnosis: dialogue
            .diagnosis
            .iter()
            .map(|finding| Diagnosed {
                statement: finding.statement.clone(),
                evidence: finding.evidence.iter().map(cited).collect(),
            })
            .collect(),
        projections: dialogue.projections.iter().map(retained).collect(),
        projected,
        inflections: inflections.iter().map(inflected).collect(),
        conclusion: dialogue.conclusion,
        acts,
    };
    match attempt {
        Some(attempt) => html_refused(&page, attempt),
        None => html(&page),
    }
}

/// Who was there, by the titles of participants; a number that is not theirs stays.
fn present(dialogue: &TerritoryDialogue, present: &[String]) -> String {
    let title = |number: &String| {
        let mut known = dialogue.participants.iter();
        let one = known.find(|one| !one.finess.is_empty() && one.finess == *number);
        one.map_or_else(|| number.clone(), |one| one.title.clone())
    };
    present.iter().map(title).collect::<Vec<_>>().join(", ")
}

fn answer(dialogue: &TerritoryDialogue, inflections: &[Inflection]) -> String {
    let count = |items: usize| i64::try_from(items).unwrap_or(0);
    let proposed = counted(
        count(inflections.len()),
        "inflexion proposée",
        "inflexions proposées",
    );
    let disputed = inflections.iter().filter(|one| one.disputed).count();
    let disagreement = match disputed {
        0 => "aucun désaccord".to_owned(),
        some => counted(count(some), "avec un désaccord", "avec un désaccord"),
    };
    let participants = counted(
        count(dialogue.participants.len()),
        "participant",
        "participants",
    );
    match dialogue.state() {
        DialogueState::Closed => format!("Dialogue clos. {proposed}, {disagreement}."),
        _ => format!("{participants}. {proposed}, {disagreement}."),
    }
}

/// A cited figure, with the way to it where it is public.
pub(crate) fn cited(evidence: &Evidence) -> Cited {
    let path = evidence
        .reference
        .strip_prefix("publishedRateSets/")
        .and_then(|rest| rest.split_once("/versions/"))
        .map(|(series, version)| format!("/taux/{series}/{version}"));
    let places = evidence.locator.split(';');
    Cited {
        kind: words::evidence(evidence.kind()),
        figure: evidence.figure.clone(),
        locator: places.map(words::activity).collect::<Vec<_>>().join(", "),
        reference: source(&evidence.reference),
        path,
    }
}

/// Where a figure stands, without the words of addresses.
fn source(reference: &str) -> String {
    let (collection, id) = reference.split_once('/').unwrap_or(("", reference));
    match (collection, id.split_once("/versions/")) {
        ("publishedRateSets", Some((series, version))) => {
            format!("Taux {series}, version {version}")
        }
        ("caseMixImports", _) => format!("Import {id}"),
        _ => reference.to_owned(),
    }
}

/// What an inflection changes, in words.
pub(crate) fn change(inflection: &Inflection) -> String {
    let proposal = inflection.proposal.clone().unwrap_or_default();
    format!(
        "de {} {unit} en {} à {} en {}",
        numbers::from_wire(&proposal.from_value),
        proposal.from_year,
        numbers::from_wire(&proposal.to_value),
        proposal.horizon,
        unit = labels::unit(proposal.unit()),
    )
}

/// `Développer : Chirurgie, ambulatoire`.
pub(crate) fn inflection_title(inflection: &Inflection) -> String {
    let proposal = inflection.proposal.clone().unwrap_or_default();
    let direction = words::direction(proposal.direction());
    let mut letters = direction.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!(
        "{}{} : {}, {}",
        first.unwrap_or_default(),
        letters.as_str(),
        words::activity(&proposal.activity),
        words::mode(proposal.mode())
    )
}

fn inflected(inflection: &Inflection) -> Inflected {
    let count = |wanted: Stance| {
        let found = inflection
            .positions
            .iter()
            .filter(|one| one.stance() == wanted);
        found.count()
    };
    Inflected {
        path: format!("/inflexions/{}", id_of(&inflection.name)),
        title: inflection_title(inflection),
        badge: words::inflection_state(inflection.state()),
        change: change(inflection),
        positions: format!(
            "pour : {}, contre : {}, sans avis : {}",
            count(Stance::InFavour),
            count(Stance::Against),
            count(Stance::Abstains) + count(Stance::Absent)
        ),
        disputed: inflection.disputed,
    }
}

#[cfg(test)]
mod tests {
    use proto::targets::v1::{EvidenceKind, InflectionDirection, InflectionProposal};

    use super::*;

    #[test]
    fn a_published_rate_that_is_cited_can_be_read() {
        let evidence = Evidence {
            kind: EvidenceKind::PublishedRate.into(),
            reference: "publishedRateSets/mco-2023/versions/2".to_owned(),
            ..Default::default()
        };
        assert_eq!(cited(&evidence).path.as_deref(), Some("/taux/mco-2023/2"));
        assert_eq!(cited(&evidence).reference, "Taux mco-2023, version 2");
        let study = Evidence {
            reference: "Étude de 2024".to_owned(),
            ..Default::default()
        };
        assert_eq!(cited(&study).path, None);
    }

    #[test]
    fn an_inflection_reads_as_a_sentence() {
        let inflection = Inflection {
            proposal: Some(InflectionProposal {
                activity: "CHIRURGIE".to_owned(),
                direction: InflectionDirection::Develop.into(),
                from_value: "1000".to_owned(),
                from_year: 2022,
                to_value: "1100".to_owned(),
                horizon: 2026,
                unit: proto::types::v1::Unit::Stays.into(),
                ..Default::default()
            }),
            ..Default::default()
        };
        assert_eq!(
            inflection_title(&inflection),
            "Développer : Chirurgie, tous modes"
        );
        assert_eq!(
            change(&inflection),
            "de 1\u{202f}000 séjours en 2022 à 1\u{202f}100 en 2026"
        );
    }
}
