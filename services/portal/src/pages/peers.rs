//! A finding among its peers, beside the review that examines it: a picture, the same figures in tables, and what may be
//! taken into the file. Context only: what cannot be compared, or is refused, is left out.

use std::collections::BTreeMap;

use futures::future::join_all;
use kernel::Decimal;
use proto::{
    contracts::v1::Review,
    controls::v1::{GetPeerComparisonRequest, PeerComparison, PeerGroup},
};

use super::{id_of, names};
use crate::{
    acts::{ActForm, COMPARISON, Field, comparison_choice, review as review_acts},
    picture::{Strip, strips},
    services::{Services, within},
    table::{Cell, Table},
    text::numbers,
};

/// Findings of one review that are compared at most.
const MOST: usize = 10;

/// One finding among its peers.
pub(super) struct ShownComparison {
    pub(super) title: String,
    pub(super) path: String,
    /// None when no group may be told of.
    pub(super) picture: Option<String>,
    /// The statement, line by line.
    pub(super) lines: Vec<String>,
    pub(super) sha256: String,
}

/// What the control service tells of the standing findings of a review. A refusal leaves its finding out.
pub(super) async fn read(services: &Services, review: &Review) -> Vec<PeerComparison> {
    let standing = review
        .findings
        .iter()
        .filter(|finding| finding.withdraw_time.is_none())
        .take(MOST);
    let asked = standing.map(|finding| async move {
        let request = GetPeerComparisonRequest {
            finding: finding.finding.clone(),
        };
        let answer = services
            .comparisons()
            .get_peer_comparison(within(request))
            .await;
        answer.ok().map(tonic::Response::into_inner)
    });
    join_all(asked)
        .await
        .into_iter()
        .flatten()
        .filter(|comparison| !comparison.objective.is_empty())
        .collect()
}

pub(super) fn shown(comparisons: &[PeerComparison]) -> Vec<ShownComparison> {
    (1..)
        .zip(comparisons)
        .map(|(rank, comparison)| ShownComparison {
            title: comparison.title.clone(),
            path: format!("/constats/{}", id_of(&comparison.finding)),
            picture: picture(rank, comparison),
            lines: comparison.statement.lines().map(str::to_owned).collect(),
            sha256: comparison.statement_sha256.clone(),
        })
        .collect()
}

/// How an act on the review is done; a computed comparison may be taken into a note of context.
pub(super) fn form(method: &str, comparisons: &[PeerComparison]) -> Option<ActForm> {
    let form = review_acts::form(method)?;
    if method != "AddReviewContext" || comparisons.is_empty() {
        return Some(form);
    }
    let choices = comparisons
        .iter()
        .map(|comparison| {
            let choice = comparison_choice(&comparison.finding, &comparison.statement_sha256);
            (choice, comparison.title.clone())
        })
        .collect();
    let field = Field::choice(COMPARISON, "Comparaison à verser au dossier", choices)
        .hint("Le texte calculé, tel qu’affiché ici, est joint sous son empreinte.")
        .optional();
    Some(form.with(field))
}

/// The groups of a comparison, with what they are called.
fn groups(comparison: &PeerComparison) -> Vec<(String, &PeerGroup)> {
    let campaign = comparison.campaign_peers.as_ref();
    let department = comparison
        .department_peers
        .as_ref()
        .filter(|_| !comparison.department.is_empty());
    let named = format!("Département {}", comparison.department);
    campaign
        .map(|group| ("Toute la campagne".to_owned(), group))
        .into_iter()
        .chain(department.map(|group| (named, group)))
        .collect()
}

fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

fn picture(rank: usize, comparison: &PeerComparison) -> Option<String> {
    let rows: Vec<Strip> = groups(comparison)
        .into_iter()
        .filter(|(_, group)| group.told)
        .map(|(title, group)| Strip {
            title,
            points: group
                .points
                .iter()
                .filter_map(|point| Some((decimal(&point.ratio)?, point.has_finding)))
                .collect(),
            quartiles: decimal(&group.first_quartile).zip(decimal(&group.third_quartile)),
            median: decimal(&group.median),
            said: said(group),
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let title = format!(
        "Rapport du réalisé à la cible : {}, {}",
        comparison.title, comparison.year
    );
    let id = format!("pairs-{rank}");
    Some(strips(&id, &title, decimal(&comparison.ratio), &rows))
}

fn said(group: &PeerGroup) -> String {
    let mut said = vec![format!(
        "{} contrats, dont {} avec un constat",
        group.contracts, group.with_finding
    )];
    for (name, figure) in [
        ("médiane", &group.median),
        ("premier quartile", &group.first_quartile),
        ("troisième quartile", &group.third_quartile),
    ] {
        if !figure.is_empty() {
            said.push(format!("{name} {}", numbers::from_wire(figure)));
        }
    }
    said.join(", ")
}

/// What each group amounts to.
pub(super) fn table(comparisons: &[PeerComparison]) -> Table {
    let mut table = Table::new(
        "pairs",
        "Les mêmes objectifs dans les autres contrats",
        &[
            "Objectif",
            "Groupe",
            "Rapport de ce contrat#",
            "Contrats#",
            "Avec un constat#",
            "Sans rapport#",
            "Premier décile#",
            "Premier quartile#",
            "Médiane#",
            "Troisième quartile#",
            "Dernier décile#",
        ],
    );
    let figure = |text: &str| Cell::if_any(text, Cell::number);
    for comparison in comparisons {
        for (title, group) in groups(comparison) {
            let counted = |count: i32| Cell::when(group.told, || Cell::count(count.into()));
            let contracts = if group.told {
                Cell::count(group.contracts.into())
            } else {
                Cell::text(format!("moins de {}", comparison.minimum_contracts))
            };
            table.push(vec![
                Cell::text(comparison.title.as_str()),
                Cell::text(title),
                figure(&comparison.ratio),
                contracts,
                counted(group.with_finding),
                counted(group.without_ratio),
                figure(&group.first_tenth),
                figure(&group.first_quartile),
                figure(&group.median),
                figure(&group.third_quartile),
                figure(&group.last_tenth),
            ]);
        }
    }
    table
}

/// Numbers of the contracts that the reader sees one by one.
pub(super) async fn contracts(
    services: &Services,
    comparisons: &[PeerComparison],
) -> BTreeMap<String, String> {
    let groups = comparisons
        .iter()
        .filter_map(|one| one.campaign_peers.as_ref());
    let contracts = groups.flat_map(|group| group.points.iter().map(|one| one.contract.clone()));
    names::contracts(services, contracts.collect()).await
}

/// The dots of the pictures; none for who does not read them one by one.
pub(super) fn points(
    comparisons: &[PeerComparison],
    numbers: &BTreeMap<String, String>,
) -> Option<Table> {
    let mut table = Table::new(
        "pairs-contrats",
        "Contrat par contrat",
        &[
            "Objectif",
            "Contrat",
            "Rapport#",
            "Constat",
            "Même département",
        ],
    );
    for comparison in comparisons {
        let near = comparison.department_peers.iter();
        let near: Vec<&str> = near
            .flat_map(|group| &group.points)
            .map(|point| point.contract.as_str())
            .collect();
        let all = comparison.campaign_peers.iter();
        for point in all.flat_map(|group| &group.points) {
            table.push(vec![
                Cell::text(comparison.title.as_str()),
                names::contract_cell(numbers, &point.contract),
                Cell::number(&point.ratio),
                Cell::yes_or_no(point.has_finding),
                Cell::yes_or_no(near.contains(&point.contract.as_str())),
            ]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

#[cfg(test)]
mod tests {
    use proto::controls::v1::PeerPoint;

    use super::*;

    fn comparison() -> PeerComparison {
        PeerComparison {
            finding: "findings/1".to_owned(),
            title: "Séjours".to_owned(),
            ratio: "0.6667".to_owned(),
            department: "13".to_owned(),
            minimum_contracts: 3,
            statement: "Une ligne.\nUne autre.".to_owned(),
            statement_sha256: "ab".to_owned(),
            campaign_peers: Some(PeerGroup {
                told: true,
                contracts: 6,
                with_finding: 1,
                median: "0.975".to_owned(),
                points: vec![PeerPoint {
                    contract: "contracts/2".to_owned(),
                    ratio: "0.7".to_owned(),
                    has_finding: true,
                }],
                ..Default::default()
            }),
            department_peers: Some(PeerGroup::default()),
            ..Default::default()
        }
    }

    #[test]
    fn a_comparison_is_a_picture_and_the_same_figures_in_tables() {
        let all = [comparison()];
        let shown = shown(&all);
        assert_eq!(shown[0].lines.len(), 2);
        let drawn = shown[0].picture.as_deref().unwrap();
        assert!(drawn.contains("6 contrats, dont 1 avec un constat, médiane 0,975"));
        // A group that is too small is in the table as such, and not in the picture.
        assert!(!drawn.contains("Département 13"));
        let table = table(&all);
        assert_eq!(table.rows.len(), 2);
        assert_eq!(table.rows[1][3].shown(), "moins de 3");
        assert_eq!(points(&all, &BTreeMap::new()).unwrap().rows.len(), 1);
    }

    #[test]
    fn without_points_or_groups_nothing_breaks() {
        let mut quiet = comparison();
        quiet.campaign_peers = Some(PeerGroup::default());
        let all = [quiet];
        assert!(shown(&all)[0].picture.is_none());
        assert!(points(&all, &BTreeMap::new()).is_none());
    }

    #[test]
    fn only_a_note_of_context_takes_a_comparison() {
        let all = [comparison()];
        let has = |method: &str, all: &[PeerComparison]| {
            let form = form(method, all).unwrap();
            form.fields.iter().any(|field| field.name == COMPARISON)
        };
        assert!(has("AddReviewContext", &all));
        assert!(!has("AddReviewContext", &[]));
        assert!(!has("ExamineReview", &all));
    }
}
