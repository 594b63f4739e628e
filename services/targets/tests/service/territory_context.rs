//! What was published about the territories of a contract: for whose eyes, from which version, and what is not told.

use proto::targets::v1::{GetTerritoryContextRequest, PublishedRate, RateState, TerritoryContext};
use sha2::{Digest as _, Sha256};
use testkit::{Persona, wrong_fields};
use tonic::{Code, Status};

use crate::{
    rates::{publish, told, with_cases},
    world::{Contract, OTHER_SITE, SITE, World, contract_manager, director, stays, system},
};

async fn context(
    world: &World,
    persona: &Persona,
    contract: &str,
    year: i32,
) -> Result<TerritoryContext, Status> {
    let request = GetTerritoryContextRequest {
        contract: contract.to_owned(),
        year,
    };
    let answer = world.rates(persona).get_territory_context(request).await?;
    Ok(answer.into_inner())
}

/// The total of a territory as everybody reads it.
fn total(rates: &[PublishedRate], territory: &str) -> PublishedRate {
    let mut rates = rates.iter().filter(|published| {
        let rate = published.rate.as_ref().unwrap();
        (rate.territory.as_str(), rate.activity.as_str()) == (territory, "*")
    });
    rates.next().unwrap().clone()
}

/// A contract that this service knows.
async fn known(world: &World, contract: &Contract) {
    world.drafted(contract).await;
    world
        .create(contract, vec![stays("stays", contract.site)])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_territories_of_the_sites_are_told_as_they_were_published() {
    let world = World::new().await;
    with_cases(&world).await;
    let contract = Contract::new();
    known(&world, &contract).await;
    let first = publish(&world, "mco-93-2023", "").await;
    let told_first = context(&world, &contract_manager(), &contract.name(), 2024)
        .await
        .unwrap();
    let [publication] = told_first.publications.as_slice() else {
        panic!("one publication: {told_first:?}");
    };
    assert_eq!(publication.set.as_ref().unwrap().name, first.name);
    // The site is in the zone A.
    let [near] = publication.territories.as_slice() else {
        panic!("one territory: {publication:?}");
    };
    let public = told(&world, &first).await;
    assert_eq!(near.sites, [SITE]);
    assert_eq!(near.rate, Some(total(&public, "A")));
    assert_eq!(publication.whole, Some(total(&public, "*")));
    assert!(publication.sites_elsewhere.is_empty());
    let text = &told_first.statement;
    assert!(text.contains(&first.name) && text.contains(&first.sha256));
    assert!(text.contains("Zone A") && text.contains("ni une note ni une conclusion"));
    assert_eq!(
        told_first.statement_sha256,
        hex::encode(Sha256::digest(text))
    );

    // The same figures give the same text to both sides; a correction gives another one, that cites it.
    let seen = context(&world, &director(SITE), &contract.name(), 2024)
        .await
        .unwrap();
    assert_eq!(seen, told_first);
    let second = publish(&world, "mco-93-2023", "Une erreur de population.").await;
    let told_second = context(&world, &contract_manager(), &contract.name(), 2024)
        .await
        .unwrap();
    assert_eq!(told_second.publications.len(), 1);
    assert!(told_second.statement.contains(&second.name));
    assert_ne!(told_second.statement_sha256, told_first.statement_sha256);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_stays_hidden_and_what_was_not_published_yet_is_not_told() {
    let world = World::new().await;
    with_cases(&world).await;
    let set = publish(&world, "mco-93-2023", "").await;
    // The other site is in the zone B, of which little is told.
    let contract = Contract::of("590782637", OTHER_SITE);
    known(&world, &contract).await;
    let told_now = context(&world, &contract_manager(), &contract.name(), 2023)
        .await
        .unwrap();
    let near = &told_now.publications[0].territories[0];
    let public = total(&told(&world, &set).await, "B");
    assert_eq!(near.rate.as_ref(), Some(&public));
    let is_hidden = public.rate.unwrap().state() == RateState::Suppressed;
    assert_eq!(told_now.statement.contains("secret statistique"), is_hidden);

    let before = context(&world, &contract_manager(), &contract.name(), 2022)
        .await
        .unwrap();
    assert!(before.publications.is_empty());
    assert!(before.statement.contains("aucun taux de recours"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_context_of_a_contract_is_read_by_who_reads_the_contract() {
    let world = World::new().await;
    let contract = Contract::new();
    known(&world, &contract).await;
    let name = contract.name();
    for (persona, why) in [
        (director(OTHER_SITE), "another establishment"),
        (Persona::human("reviewer").region("94"), "another region"),
    ] {
        let refused = context(&world, &persona, &name, 2024).await.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound, "{why}");
    }
    let machine = context(&world, &system(SITE), &name, 2024).await;
    assert_eq!(machine.unwrap_err().code(), Code::PermissionDenied);
    let reviewer = Persona::human("reviewer").region("93");
    let wrong = context(&world, &reviewer, "contracts", 2024).await;
    assert_eq!(wrong_fields(&wrong.unwrap_err()), ["contract"]);
    let wrong = context(&world, &reviewer, &name, 1800).await;
    assert_eq!(wrong_fields(&wrong.unwrap_err()), ["year"]);
}
