//! What establishments and contracts are called, for the pages that show several by their numbers. They are asked a few
//! at once; what may not be read, or is unknown, keeps its number.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};
use proto::{
    contracts::v1::{GetContractRequest, TextChange},
    establishments::v1::GetEstablishmentRequest,
};

use super::{amendment::Difference, contracts::titles_of, id_of, procedures::reviews::short};
use crate::{
    services::{Services, within},
    table::Cell,
};

/// Names that one page asks for at most.
const MOST: usize = 500;
const AT_ONCE: usize = 12;

/// Titles of establishments, by their FINESS numbers. `named` says which, by those or by their resource names.
pub(super) async fn sites(
    services: &Services,
    named: BTreeSet<String>,
) -> BTreeMap<String, String> {
    stream::iter(named.into_iter().take(MOST))
        .map(|name| async move {
            let number = id_of(&name).to_owned();
            let request = GetEstablishmentRequest {
                name: format!("establishments/{number}"),
            };
            let answer = services.registry().get_establishment(within(request)).await;
            Some((number, answer.ok()?.into_inner().title))
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await
}

/// Titles of what may be an establishment or a legal entity, by their FINESS numbers.
pub(super) async fn holders(
    services: &Services,
    named: BTreeSet<String>,
) -> BTreeMap<String, String> {
    let entities = named.iter().take(MOST);
    let entities = entities.map(|number| format!("legalEntities/{number}"));
    let entities = titles_of(services, entities.collect());
    let (entities, mut titles) = tokio::join!(entities, sites(services, named));
    for (name, title) in entities {
        titles.insert(id_of(&name).to_owned(), title);
    }
    titles
}

/// A site as people name it: `Les Tilleuls (130783293)`.
pub(super) fn site(titles: &BTreeMap<String, String>, name: &str) -> String {
    let number = id_of(name);
    titles
        .get(number)
        .map_or_else(|| number.to_owned(), |title| format!("{title} ({number})"))
}

/// The name of a site beside its number.
pub(super) fn site_cell(titles: &BTreeMap<String, String>, name: &str) -> Cell {
    titles
        .get(id_of(name))
        .map_or(Cell::Empty, |title| Cell::text(title.as_str()))
}

/// Gives the parties and sites that differences tell of by their numbers their names.
pub(super) async fn name_parties(
    services: &Services,
    changes: &[TextChange],
    shown: &mut [Difference],
) {
    let told = |collection: &str| -> BTreeSet<String> {
        changes
            .iter()
            .flat_map(|change| [&change.before, &change.after])
            .filter(|text| text.starts_with(collection))
            .cloned()
            .collect()
    };
    let (entities, sites) = (told("legalEntities/"), told("establishments/"));
    let (entities, sites) =
        tokio::join!(titles_of(services, entities), self::sites(services, sites));
    for text in shown
        .iter_mut()
        .flat_map(|one| [&mut one.before, &mut one.after])
    {
        let entity = entities.get(&format!("legalEntities/{text}"));
        if let Some(title) = entity.or_else(|| sites.get(text.as_str())) {
            *text = format!("{title} ({text})");
        }
    }
}

/// Numbers of contracts, by their resource names.
pub(super) async fn contracts(
    services: &Services,
    named: BTreeSet<String>,
) -> BTreeMap<String, String> {
    stream::iter(named.into_iter().take(MOST))
        .map(|name| async move {
            let request = GetContractRequest { name: name.clone() };
            let answer = services.contracts().get_contract(within(request)).await;
            Some((name, answer.ok()?.into_inner().number))
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await
}

/// The way to a contract, said by its number; by the end of its identifier where that is not known.
pub(super) fn contract_cell(numbers: &BTreeMap<String, String>, name: &str) -> Cell {
    let id = id_of(name);
    let told = numbers
        .get(name)
        .cloned()
        .unwrap_or_else(|| unknown_contract(name));
    Cell::link(format!("/contrats/{id}"), told)
}

/// A contract whose number is not known, by the end of its identifier.
fn unknown_contract(name: &str) -> String {
    format!("contrat …{}", short(id_of(name)))
}

/// How a text begins, for who hears it.
pub(super) fn begun(text: &str) -> String {
    const LONGEST: usize = 80;
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_its_name_beside_its_number() {
        let titles = BTreeMap::from([("130783293".to_owned(), "Les Tilleuls".to_owned())]);
        let told = |name: &str| (site(&titles, name), site_cell(&titles, name).shown());
        assert_eq!(
            told("establishments/130783293"),
            (
                "Les Tilleuls (130783293)".to_owned(),
                "Les Tilleuls".to_owned()
            )
        );
        assert_eq!(
            told("010000040"),
            ("010000040".to_owned(), "—".to_owned()),
            "without the registry, its number"
        );
    }

    #[test]
    fn a_long_text_is_heard_by_its_beginning() {
        assert_eq!(begun("Une ligne\nUne autre"), "Une ligne");
        assert_eq!(begun(&"é".repeat(100)), format!("{}…", "é".repeat(80)));
        assert_eq!(begun(""), "");
    }

    #[test]
    fn two_contracts_are_never_said_the_same_way() {
        let numbers = BTreeMap::from([("contracts/1".to_owned(), "93-2026-0042".to_owned())]);
        assert_eq!(
            contract_cell(&numbers, "contracts/1").shown(),
            "93-2026-0042"
        );
        let unknown = contract_cell(&numbers, "contracts/0198c0de-0000-7000-8000-00000000000a");
        assert_eq!(unknown.shown(), "contrat …0000000a");
    }
}
