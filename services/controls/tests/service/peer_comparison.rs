//! A finding among its peers: context, told within statistical secrecy.

use proto::controls::v1 as pb;
use sha2::{Digest as _, Sha256};
use testkit::{Persona, eventually, wrong_fields};
use tonic::Code;

use crate::common::{Realised, TestContract, World, contract, controller, registered};

const OWN: &str = "130786049";
const OTHER: &str = "010000040";

/// A contract of another establishment, with what it realised of 1,000.
fn other(realised: &str, site: &str) -> TestContract {
    contract()
        .of(OTHER)
        .objective("stays", "1000", Realised::Exact(realised))
        .on(site)
}

/// One contract that deviates, and six others: three on sites of its département.
fn seven() -> Vec<TestContract> {
    vec![
        contract().deviating(),
        other("700", OWN),
        other("960", OWN),
        other("970", OWN),
        other("980", OTHER),
        other("990", OTHER),
        other("1010", OTHER),
    ]
}

async fn compare(
    world: &World,
    persona: &Persona,
    finding: &str,
) -> Result<pb::PeerComparison, tonic::Status> {
    let request = pb::GetPeerComparisonRequest {
        finding: finding.to_owned(),
    };
    let answer = world
        .comparisons_as(persona)
        .get_peer_comparison(request)
        .await?;
    Ok(answer.into_inner())
}

/// The finding of the contract that deviates by a third.
async fn own_finding(world: &World, campaign: &str, own: &TestContract) -> pb::Finding {
    let findings = world.findings(campaign).await;
    let mut findings = findings.into_iter();
    findings.find(|f| f.contract == own.name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_is_told_among_its_peers_one_by_one_to_the_agency_alone() {
    let contracts = seven();
    let world = World::with(&contracts).await;
    let campaign = world.shared().await;
    let finding = own_finding(&world, &campaign.name, &contracts[0]).await;

    let told = compare(&world, &controller(), &finding.name).await.unwrap();
    assert_eq!(
        (told.ratio.as_str(), told.indicator.as_str()),
        ("0.6667", "MCO_STAYS")
    );
    assert_eq!(told.contract, contracts[0].name);
    assert_eq!(
        (told.minimum_contracts, told.department.as_str()),
        (3, "13")
    );
    assert!(told.minimum_source.contains("51-711"), "{told:?}");
    let all = told.campaign_peers.clone().unwrap();
    assert!(all.told);
    assert_eq!(
        (all.contracts, all.with_finding, all.without_ratio),
        (6, 1, 0)
    );
    assert_eq!(
        (all.median.as_str(), all.first_quartile.as_str()),
        ("0.975", "")
    );
    let ratios: Vec<_> = all
        .points
        .iter()
        .map(|point| point.ratio.as_str())
        .collect();
    assert_eq!(ratios, ["0.7", "0.96", "0.97", "0.98", "0.99", "1.01"]);
    assert_eq!(all.points[0].contract, contracts[1].name);
    assert!(all.points[0].has_finding && !all.points[1].has_finding);
    let near = told.department_peers.clone().unwrap();
    assert_eq!(
        (near.told, near.contracts, near.median.as_str()),
        (true, 3, "")
    );
    assert_eq!(near.points.len(), 3);

    // The same figures give the same text, under its hash, and the text says what it is not.
    let again = compare(&world, &controller(), &finding.name).await.unwrap();
    assert_eq!(again, told);
    assert_eq!(told.statement_sha256, hex_of(&told.statement));
    assert!(
        told.statement.contains("médiane 0,975"),
        "{}",
        told.statement
    );
    assert!(told.statement.contains("ni une note ni une conclusion"));

    // The establishment reads what the groups amount to, and nobody else's figure.
    let director = Persona::human("establishment_director").finess(OWN);
    let seen = compare(&world, &director, &finding.name).await.unwrap();
    assert_eq!(seen.statement, told.statement);
    let groups = [seen.campaign_peers.unwrap(), seen.department_peers.unwrap()];
    assert!(
        groups
            .iter()
            .all(|group| group.told && group.points.is_empty())
    );
    assert_eq!(groups[0].median, "0.975");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_departement_is_that_of_the_registry_and_of_the_number_where_it_says_none() {
    const ENTITY: &str = "840000012";
    let mut contracts = seven();
    contracts.push(other("1020", ENTITY));
    let world = World::with(&contracts).await;
    world.listening().await;
    for event in [
        // It stands in the département of the contract, whatever its number begins with.
        registered(OTHER, ENTITY, "13"),
        // A registry that says nothing: the number does.
        registered(OWN, OWN, ""),
    ] {
        world.publish(&event).await;
    }
    eventually("the sites are known", || async {
        let known = world.count("select count(*) from site_copy").await;
        (known == 2).then_some(())
    })
    .await;
    let campaign = world.shared().await;
    let finding = own_finding(&world, &campaign.name, &contracts[0]).await;
    let told = compare(&world, &controller(), &finding.name).await.unwrap();
    assert_eq!(told.department, "13");
    let near = told.department_peers.unwrap();
    // The legal entity counts too: all of its sites are there.
    assert_eq!((near.told, near.contracts), (true, 7));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_finding_of_a_peer_is_not_counted_any_more() {
    let contracts = seven();
    let world = World::with(&contracts).await;
    let campaign = world.measured().await;
    let finding = own_finding(&world, &campaign.name, &contracts[0]).await;
    let peers = own_finding(&world, &campaign.name, &contracts[1]).await;
    let withdrawal = pb::WithdrawFindingRequest {
        name: peers.name.clone(),
        etag: peers.etag.clone(),
        reasons: "Le fichier de mai avait été transmis deux fois.".to_owned(),
        request_id: testkit::request_id(),
    };
    world.controls().withdraw_finding(withdrawal).await.unwrap();
    let told = compare(&world, &controller(), &finding.name).await.unwrap();
    assert_eq!(told.campaign_peers.unwrap().with_finding, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_peers_are_not_told_of() {
    let contracts = [
        contract().deviating(),
        other("960", OWN),
        // The same contract twice is one peer.
        other("970", OTHER)
            .objective("more-stays", "1000", Realised::Exact("975"))
            .on(OTHER),
    ];
    let world = World::with(&contracts).await;
    let campaign = world.measured().await;
    let finding = own_finding(&world, &campaign.name, &contracts[0]).await;
    let told = compare(&world, &controller(), &finding.name).await.unwrap();
    assert_eq!(told.campaign_peers, Some(pb::PeerGroup::default()));
    assert_eq!(told.department_peers, Some(pb::PeerGroup::default()));
    assert!(told.statement.contains("moins de 3 ont cet indicateur"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_see_the_finding_sees_no_comparison() {
    let contracts = seven();
    let world = World::with(&contracts).await;
    let campaign = world.measured().await;
    let finding = own_finding(&world, &campaign.name, &contracts[0]).await;
    for (persona, why) in [
        (Persona::human("controller").region("84"), "another region"),
        (
            Persona::human("establishment_director").finess(OTHER),
            "another establishment",
        ),
        (
            Persona::human("establishment_director").finess(OWN),
            "the campaign is not shared yet",
        ),
    ] {
        let refused = compare(&world, &persona, &finding.name).await.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound, "{why}");
    }
    let machine = Persona::system("establishment_system").finess(OWN);
    let refused = compare(&world, &machine, &finding.name).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let refused = compare(&world, &controller(), "controls/1").await;
    assert_eq!(wrong_fields(&refused.unwrap_err()), ["finding"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rule_of_secrecy_is_dated_and_never_rewritten() {
    let world = World::with(&[]).await;
    let mut owner = world.database.owner().await;
    let rewrite = "update secrecy_rule set minimum_contracts = 2";
    assert!(sqlx::query(rewrite).execute(&mut owner).await.is_err());
    for pool in [
        world.running.runtime.db.pool(),
        world.running.runtime.machine.pool(),
    ] {
        let later = "insert into secrecy_rule values (date '2025-01-01', 2, 'une autre')";
        assert!(sqlx::query(later).execute(pool).await.is_err());
    }
}

fn hex_of(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
