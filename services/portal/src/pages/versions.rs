//! The negotiation of a text: what each side thinks of each objective, and what changed from version to version.

use std::collections::BTreeSet;

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::contracts::v1::{
    Attachment, Contract, ContractState, ContractVersion, DiffVersionsRequest,
    ListContractVersionsRequest, ListPositionsRequest, Position, Side,
};
use tonic::Status;

use super::annexes;
use super::{
    Attempt, Exports,
    acting::OnOne,
    amendment::{Difference, difference},
    contract, html_after, id_of, names, notice,
    pieces::Piece,
    resource,
};
use crate::{
    Failure,
    acts::{Acts, FieldKind, Refusal, contract_annexes, position},
    form::Form,
    frame::{Frame, Section},
    services::{Services, within},
    table::{Cell, Export, Table},
    text::{dates, follow_up as words, labels, labels::Badge},
    visitor::Visitor,
};

struct Shown {
    number: i32,
    when: String,
    who: String,
    comment: String,
    changes: Vec<Difference>,
    /// Of its annexes.
    files: Vec<Piece>,
    is_first: bool,
    /// Whether it is the version that is signed, which is no draft any more.
    is_frozen: bool,
}

/// What one side says of an objective.
struct Said {
    badge: Badge,
    comment: String,
    who: String,
}

/// An objective, with what every side says of it.
struct Negotiated {
    code: String,
    title: String,
    ars: Said,
    establishment: Said,
    /// In the order of the councils of the page.
    councils: Vec<Said>,
}

impl Negotiated {
    fn said(&self) -> impl Iterator<Item = &Said> {
        [&self.ars, &self.establishment]
            .into_iter()
            .chain(&self.councils)
    }
}

/// Two versions that somebody chose to compare.
struct Compared {
    from: i32,
    to: i32,
    changes: Vec<Difference>,
}

#[derive(Template)]
#[template(path = "versions.html")]
struct Page {
    frame: Frame,
    path: String,
    /// Of the contract.
    contract_path: String,
    title: String,
    answer: String,
    objectives: Vec<Negotiated>,
    /// Each council, as the head of a column.
    councils: Vec<String>,
    numbers: Vec<i32>,
    compared: Option<Compared>,
    /// Of the current version.
    annexes: Vec<annexes::Shown>,
    versions: Vec<Shown>,
    exports: Exports,
    acts: Acts,
}

const POSITION: &str = "RecordPosition";

/// Versions that are each compared with the one before: the latest.
const MOST_COMPARED: usize = 20;

/// `/contrats/{id}/versions`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(versions_page(&visitor, &id, None).await)
        .await
}

async fn differences(
    services: &Services,
    name: &str,
    from: i32,
    to: i32,
) -> Result<Vec<Difference>, Failure> {
    let request = DiffVersionsRequest {
        name: name.to_owned(),
        from_version: from,
        to_version: to,
    };
    let mut client = services.negotiation();
    let answer = client.diff_versions(within(request)).await?.into_inner();
    let mut shown: Vec<Difference> = answer.changes.iter().map(difference).collect();
    names::name_parties(services, &answer.changes, &mut shown).await;
    Ok(shown)
}

async fn versions_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let services = &visitor.services;
    let query = visitor.query();
    let name = resource("contracts", id)?;
    let contract = contract::read(services, id).await?;
    let mut contracts = services.contracts();
    let mut negotiation = services.negotiation();
    let listed = ListContractVersionsRequest { name: name.clone() };
    let asked = ListPositionsRequest {
        name: name.clone(),
        text_version: 0,
    };
    let (versions, positions) = tokio::try_join!(
        contracts.list_contract_versions(within(listed)),
        negotiation.list_positions(within(asked))
    )?;
    let versions = versions.into_inner().versions;
    let positions = positions.into_inner().positions;
    let compared = match (query.whole("de"), query.whole("a")) {
        (Some(from), Some(to)) if from != to => Some(Compared {
            from,
            to,
            changes: differences(services, &name, from, to).await?,
        }),
        _ => None,
    };
    let shown = shown(services, &contract, &versions).await?;
    let (contract_path, path) = (
        format!("/contrats/{id}"),
        format!("/contrats/{id}/versions"),
    );
    let councils = councils(&contract, &positions);
    let objectives = objectives(&contract, &positions, &councils);
    let heads: Vec<String> = councils.iter().map(|name| head(name)).collect();
    let table = table(&objectives, &heads);
    if let Some(export) = Export::asked(query.text("format")) {
        return table.export(export);
    }
    let page = Page {
        frame: visitor
            .frame("Négociation et versions", Section::Contracts)
            .under("Contrats", "/contrats")
            .under(&contract.number, &contract_path)
            .telling(notice(&query, done)),
        title: contract
            .text
            .as_ref()
            .map_or("", |text| text.title.as_str())
            .to_owned(),
        answer: answer(&objectives),
        acts: acts(visitor, &contract, &path, attempt),
        numbers: versions.iter().map(|version| version.number).collect(),
        objectives,
        councils: heads,
        compared,
        annexes: annexes::shown(
            &contract_path,
            contract_annexes::of(&contract),
            &contract.annex_files,
        ),
        versions: shown,
        exports: Exports::of(&path, &query),
        contract_path,
        path,
    };
    html_after(&page, attempt)
}

fn done(method: &str) -> Option<&'static str> {
    match method {
        POSITION => Some("La position de votre partie est enregistrée."),
        method => contract_annexes::done(method),
    }
}

/// The latest first, each with what it changed.
async fn shown(
    services: &Services,
    contract: &Contract,
    versions: &[ContractVersion],
) -> Result<Vec<Shown>, Failure> {
    let name = contract.name.as_str();
    let is_frozen =
        |number: i32| !contract.document_sha256.is_empty() && number == contract.text_version;
    let path = format!("/contrats/{}", id_of(name));
    let pieces = |files: &[Attachment]| {
        let files = files.iter().map(|one| Piece::of(&path, one));
        files.collect::<Vec<_>>()
    };
    let first = versions.len().saturating_sub(MOST_COMPARED);
    let compared = versions
        .iter()
        .enumerate()
        .skip(first)
        .map(|(place, version)| async move {
            let before = place.checked_sub(1).map(|before| versions[before].number);
            let changes = match before {
                Some(before) => differences(services, name, before, version.number).await?,
                None => Vec::new(),
            };
            Ok::<_, Failure>(Shown {
                number: version.number,
                when: dates::timestamp(version.create_time.as_ref()),
                who: labels::actor(version.author.as_ref()),
                comment: version.comment.clone(),
                is_first: before.is_none(),
                is_frozen: is_frozen(version.number),
                changes,
                files: pieces(&version.annex_files),
            })
        });
    let mut shown = futures::future::try_join_all(compared).await?;
    shown.reverse();
    Ok(shown)
}

/// Whoever may agree may say what their side thinks, while the text is negotiated; whoever drafts it brings its annexes. The
/// service decides.
fn acts(visitor: &Visitor, contract: &Contract, path: &str, attempt: Option<&Attempt>) -> Acts {
    let mut acts = Acts::default();
    let is_council = visitor.is("department_president") || visitor.is("department_manager");
    let is_negotiator = ["contract_manager", "manager", "establishment_director"]
        .iter()
        .any(|role| visitor.is(role));
    let is_negotiator = is_negotiator || is_council;
    let mut councils = signing(contract);
    councils.retain(|council| {
        visitor
            .person()
            .departments
            .iter()
            .any(|own| own == id_of(council))
    });
    let form = |method: &str| {
        let form = if method == POSITION {
            Some(position::form(contract, &councils))
        } else {
            contract_annexes::form(method, contract)
        };
        form.map(|form| form.on(path, &contract.etag))
    };
    if is_negotiator && contract.state() == ContractState::Negotiation {
        acts.forms.extend(form(POSITION));
    }
    let annexed = annexes::methods(visitor, &contract.allowed_actions, "ProposeVersion").iter();
    acts.forms.extend(annexed.filter_map(|method| form(method)));
    if let Some(attempt) = attempt
        && let Some(form) = form(&attempt.method)
    {
        acts.refuse(form, &Refusal::of(attempt));
    }
    acts
}

/// The councils that sign the current version, `departments/{code}`.
fn signing(contract: &Contract) -> Vec<String> {
    let text = contract.text.as_ref();
    let content = text.and_then(|text| text.content.as_ref());
    content.map_or_else(Vec::new, |content| content.departmental_councils.clone())
}

/// Those that sign, and those that spoke; empty for a council of which nothing tells which one it is.
fn councils(contract: &Contract, positions: &[Position]) -> Vec<String> {
    let spoke = positions
        .iter()
        .filter(|one| one.side() == Side::Department)
        .map(|one| one.department.clone());
    let all: BTreeSet<String> = signing(contract).into_iter().chain(spoke).collect();
    all.into_iter().collect()
}

/// A council as the head of a column.
fn head(council: &str) -> String {
    match council.strip_prefix("departments/") {
        Some(code) => format!("Conseil départemental {code}"),
        None => "Un conseil départemental".to_owned(),
    }
}

/// Every objective of the current version, whether somebody has spoken of it or not.
fn objectives(contract: &Contract, positions: &[Position], councils: &[String]) -> Vec<Negotiated> {
    let said = |code: &str, side: Side, council: &str| {
        let position = positions
            .iter()
            .find(|one| one.objective == code && one.side() == side && one.department == council);
        Said {
            badge: words::stance(position.map(Position::stance).unwrap_or_default()),
            comment: position.map(|one| one.comment.clone()).unwrap_or_default(),
            who: position.map_or_else(String::new, |one| {
                labels::signed(one.author.as_ref(), one.record_time.as_ref())
            }),
        }
    };
    let text = contract.text.iter();
    text.flat_map(|text| &text.objectives)
        .map(|one| Negotiated {
            code: one.code.clone(),
            title: one.title.clone(),
            ars: said(&one.code, Side::Ars, ""),
            establishment: said(&one.code, Side::Establishment, ""),
            councils: councils
                .iter()
                .map(|council| said(&one.code, Side::Department, council))
                .collect(),
        })
        .collect()
}

/// The positions of all sides as a file.
fn table(objectives: &[Negotiated], councils: &[String]) -> Table {
    let mut titles = vec![
        "Objectif",
        "Intitulé",
        "L’agence",
        "Ce qu’elle en dit",
        "L’établissement",
        "Ce qu’il en dit",
    ];
    for council in councils {
        titles.extend([council.as_str(), "Ce qu’il en dit"]);
    }
    let mut table = Table::new("positions", "Positions sur la version en cours", &titles);
    for one in objectives {
        let mut row = vec![
            Cell::text(one.code.as_str()),
            Cell::text(one.title.as_str()),
        ];
        for said in one.said() {
            row.push(Cell::Badge(said.badge));
            row.push(Cell::text(said.comment.as_str()));
        }
        table.push(row);
    }
    table
}

/// Where the sides differ, in one sentence.
fn answer(objectives: &[Negotiated]) -> String {
    const ACCEPTED: &str = "accepte";
    const SILENT: &str = "pas de position";
    let all = |one: &Negotiated, word: &str| one.said().all(|said| said.badge.text == word);
    let agreed = objectives.iter().filter(|one| all(one, ACCEPTED)).count();
    let silent = objectives.iter().filter(|one| all(one, SILENT)).count();
    let who = if objectives.iter().any(|one| !one.councils.is_empty()) {
        "Toutes les parties"
    } else {
        "Les deux parties"
    };
    match objectives.len() {
        0 => "Le texte ne comporte encore aucun objectif.".to_owned(),
        all if silent == all => {
            "Aucune partie n’a encore dit ce qu’elle pense des objectifs.".to_owned()
        }
        all if agreed == all => format!("{who} acceptent tous les objectifs."),
        all => format!("{who} acceptent {agreed} objectifs sur {all}."),
    }
}

async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    if method == POSITION {
        position::send(services, name, method, form).await
    } else {
        contract_annexes::send(services, name, method, form).await
    }
}

/// Acts on the versions of a contract.
pub(crate) static ACTS: OnOne = OnOne {
    of: "contracts",
    page: |id| format!("/contrats/{id}/versions"),
    send: |services, name, method, form| Box::pin(send(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(versions_page(visitor, id, Some(attempt))),
};

#[cfg(test)]
mod tests {
    use proto::contracts::v1::{ContractContent, ContractText, Stance, StrategicObjective};

    use super::*;

    #[test]
    fn silence_is_no_agreement() {
        let objective = |code: &str| StrategicObjective {
            code: code.to_owned(),
            ..Default::default()
        };
        let contract = Contract {
            text: Some(ContractText {
                objectives: vec![objective("O1"), objective("O2")],
                ..Default::default()
            }),
            ..Default::default()
        };
        let position = |code: &str, side: Side| Position {
            objective: code.to_owned(),
            side: side.into(),
            stance: Stance::Accepted.into(),
            ..Default::default()
        };
        let none = objectives(&contract, &[], &[]);
        assert!(answer(&none).contains("Aucune partie"));
        let one_side = [position("O1", Side::Ars), position("O2", Side::Ars)];
        assert!(
            answer(&objectives(&contract, &one_side, &[])).contains("acceptent 0 objectifs sur 2")
        );
        let mut both = one_side.to_vec();
        both.extend([
            position("O1", Side::Establishment),
            position("O2", Side::Establishment),
        ]);
        assert!(answer(&objectives(&contract, &both, &[])).contains("tous les objectifs"));
    }

    #[test]
    fn each_council_has_its_own_column_and_its_silence_counts() {
        let content = ContractContent {
            departmental_councils: vec!["departments/13".to_owned(), "departments/84".to_owned()],
            ..Default::default()
        };
        let contract = Contract {
            text: Some(ContractText {
                objectives: vec![StrategicObjective {
                    code: "O1".to_owned(),
                    ..Default::default()
                }],
                content: Some(content),
                ..Default::default()
            }),
            ..Default::default()
        };
        let position = |side: Side, department: &str| Position {
            objective: "O1".to_owned(),
            side: side.into(),
            stance: Stance::Accepted.into(),
            department: department.to_owned(),
            ..Default::default()
        };
        let mut positions = vec![
            position(Side::Ars, ""),
            position(Side::Establishment, ""),
            position(Side::Department, "departments/84"),
        ];
        let told = |positions: &[Position]| {
            let councils = councils(&contract, positions);
            let heads: Vec<String> = councils.iter().map(|name| head(name)).collect();
            let objectives = objectives(&contract, positions, &councils);
            (answer(&objectives), table(&objectives, &heads))
        };
        let (said, table) = told(&positions);
        assert_eq!(said, "Toutes les parties acceptent 0 objectifs sur 1.");
        assert_eq!(table.columns[6].title, "Conseil départemental 13");
        assert_eq!(table.rows[0][6].shown(), "pas de position");
        assert_eq!(table.rows[0][8].shown(), "accepte");
        positions.push(position(Side::Department, "departments/13"));
        assert!(told(&positions).0.contains("tous les objectifs"));
    }
}
