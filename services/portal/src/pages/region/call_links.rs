//! What followed the authorisation of a call: the places that were recorded under its act, and the amendment of the
//! contract of its candidate.

use proto::{
    contracts::v1::{ListAmendmentsRequest, ListContractsRequest},
    targets::v1::{ProjectCall, ProjectCallState},
};

use super::{capacities, with_region};
use crate::{
    Failure,
    acts::{call as acts, capacity as places_acts},
    pages::id_of,
    services::{Services, every},
    table::{Cell, Table},
    visitor::Visitor,
};

/// Amendments of one contract.
const MOST: usize = 200;
/// Contracts of a candidate whose amendments are offered.
const MOST_CONTRACTS: usize = 20;

/// The way to the page that records the places of an authorisation.
pub(super) fn record_places(
    reader: acts::Reader,
    call: &ProjectCall,
) -> Option<(String, &'static str)> {
    let authorisation = call.authorisation.as_ref()?;
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("region", &call.region)
        .append_pair("acte", &authorisation.decision);
    let address = format!("{}?{}", places_acts::PATH, query.finish());
    reader.runs.then_some((address, "Enregistrer les places"))
}

/// What may be linked to an authorised call.
pub(super) async fn followed(
    visitor: &Visitor,
    call: &ProjectCall,
) -> Result<acts::Followed, Failure> {
    let Some(authorisation) = &call.authorisation else {
        return Ok(acts::Followed::default());
    };
    if call.state() != ProjectCallState::Authorised {
        return Ok(acts::Followed::default());
    }
    let services = &visitor.services;
    let recordings =
        capacities::recordings(services, &call.region, &authorisation.decision).await?;
    let candidate = call
        .candidates
        .iter()
        .find(|one| one.id == authorisation.candidate);
    let finess = candidate.map_or("", |one| one.finess.as_str());
    Ok(acts::Followed {
        recordings: recordings
            .iter()
            .map(|one| (one.name.clone(), capacities::told(one)))
            .collect(),
        amendments: amendments(services, finess).await?,
    })
}

/// The amendments of the contracts of a legal entity; none of one that has no number yet.
async fn amendments(services: &Services, finess: &str) -> Result<Vec<(String, String)>, Failure> {
    if finess.is_empty() {
        return Ok(Vec::new());
    }
    let request = ListContractsRequest {
        legal_entity: format!("legalEntities/{finess}"),
        ..Default::default()
    };
    let (contracts, _) = every!(
        services.contracts(),
        list_contracts,
        request,
        contracts,
        MOST_CONTRACTS
    )?;
    let mut known = Vec::new();
    for contract in contracts {
        let request = ListAmendmentsRequest {
            contract: contract.name.clone(),
            ..Default::default()
        };
        let (amendments, _) = every!(
            services.amendments(),
            list_amendments,
            request,
            amendments,
            MOST
        )?;
        known.extend(amendments.into_iter().map(|one| {
            let told = format!("{} — {}", contract.number, one.title);
            (one.name, told)
        }));
    }
    Ok(known)
}

pub(super) fn linked_table(call: &ProjectCall, followed: &acts::Followed) -> Table {
    let mut table = Table::new("suites", "Ce qui a suivi", &["Quoi", "Lequel"]);
    let told = |among: &[(String, String)], name: &str| {
        let known = among.iter().find(|(one, _)| one == name);
        known.map_or_else(|| id_of(name).to_owned(), |(_, told)| told.clone())
    };
    for recording in &call.capacity_recordings {
        table.push(vec![
            Cell::text("Places"),
            Cell::link(
                format!(
                    "{}#enregistrements",
                    with_region(places_acts::PATH, &call.region)
                ),
                told(&followed.recordings, recording),
            ),
        ]);
    }
    if !call.amendment.is_empty() {
        table.push(vec![
            Cell::text("Avenant"),
            Cell::link(
                format!("/avenants/{}", id_of(&call.amendment)),
                told(&followed.amendments, &call.amendment),
            ),
        ]);
    }
    table
}
