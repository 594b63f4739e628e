//! Lists: for whose eyes, page by page, filtered.

use proto::controls::v1 as pb;
use testkit::{Persona, eventually};
use tonic::Code;

use crate::common::{REGION, World, contract, controller, registered};

#[tokio::test(flavor = "multi_thread")]
async fn an_establishment_sees_the_controls_and_findings_of_its_own_contracts_only() {
    let mine = contract().of("010000040").deviating();
    let other = contract().of("750712184").deviating();
    let world = World::with(&[mine.clone(), other.clone()]).await;
    let campaign = world.measured().await;
    // Nothing is theirs to read before the results are shared.
    let director_of_mine = Persona::human("establishment_director")
        .region(REGION)
        .finess("010000040");
    assert!(
        world
            .findings_as(&director_of_mine, &campaign.name)
            .await
            .is_empty()
    );
    let campaign = world.share(&campaign).await;
    let director = director_of_mine;

    let seen = world.findings_as(&director, &campaign.name).await;
    assert_eq!(
        seen.iter().map(|f| &f.contract).collect::<Vec<_>>(),
        [&mine.name]
    );
    let hidden = world.findings(&campaign.name).await;
    let hidden = hidden
        .iter()
        .find(|finding| finding.contract == other.name)
        .unwrap();
    let mut theirs = world.controls_as(&director);
    let get = pb::GetFindingRequest {
        name: hidden.name.clone(),
    };
    assert_eq!(
        theirs.get_finding(get).await.unwrap_err().code(),
        Code::NotFound
    );
    let get = pb::GetControlRequest {
        name: hidden.control.clone(),
    };
    assert_eq!(
        theirs.get_control(get).await.unwrap_err().code(),
        Code::NotFound
    );
    let controls = theirs
        .list_controls(pb::ListControlsRequest::default())
        .await
        .unwrap();
    assert_eq!(controls.into_inner().controls.len(), 1);
    let get = pb::GetControlRequest {
        name: seen[0].control.clone(),
    };
    assert_eq!(
        theirs.get_control(get).await.unwrap().into_inner().contract,
        mine.name
    );

    // A director of nothing sees nothing, and a reviewer of another region neither.
    for persona in [
        Persona::human("establishment_director"),
        Persona::human("reviewer").region("94"),
    ] {
        assert!(world.findings_as(&persona, &campaign.name).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_a_contract_sees_its_controls_and_who_leaves_it_sees_them_no_more() {
    let shared = contract().of("010000040").deviating();
    let world = World::with(std::slice::from_ref(&shared)).await;
    world.listening().await;
    let campaign = world.shared().await;
    let director = |finess: &'static str| {
        Persona::human("establishment_director")
            .region(REGION)
            .finess(finess)
    };
    let (holder, other) = (director("010000040"), director("750712184"));
    let sees = async |who: &Persona| world.findings_as(who, &campaign.name).await.len();
    assert_eq!((sees(&holder).await, sees(&other).await), (1, 0));

    let joined = shared.shared_with(1, "2025-02-01", &["010000040", "750712184"]);
    world.publish(&joined).await;
    eventually("the member sees them", || async {
        (sees(&other).await == 1).then_some(())
    })
    .await;
    assert_eq!(sees(&holder).await, 1);
    let left = shared.shared_with(2, "2025-03-01", &["010000040"]);
    world.publish(&left).await;
    eventually("who left sees them no more", || async {
        (sees(&other).await == 0).then_some(())
    })
    .await;

    // An amendment of an earlier day that is told late moves the term, and not who is party.
    let longer = shared.over("2022-01-01", "2027-12-31");
    let late = longer.shared_with(1, "2025-02-01", &["010000040", "750712184"]);
    world.publish(&late).await;
    eventually("what is told late is known", || async {
        let moved = "select count(*) from contract_copy where end_date = date '2027-12-31'";
        (world.count(moved).await == 1).then_some(())
    })
    .await;
    assert_eq!((sees(&holder).await, sees(&other).await), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_paged_and_filtered() {
    let contracts: Vec<_> = (0..7)
        .map(|n| {
            if n < 3 {
                contract().deviating()
            } else {
                contract().conforming()
            }
        })
        .collect();
    let world = World::with(&contracts).await;
    let campaign = world.measured().await;
    let ask = |result: pb::ControlResult, page_token: &str| pb::ListControlsRequest {
        campaign: campaign.name.clone(),
        result: result.into(),
        page_size: 2,
        page_token: page_token.to_owned(),
        ..Default::default()
    };
    let mut controls = world.controls();
    let mut sizes = vec![];
    let mut token = String::new();
    loop {
        let request = ask(pb::ControlResult::Conforming, &token);
        let page = controls.list_controls(request).await.unwrap().into_inner();
        assert!(
            page.controls
                .iter()
                .all(|c| c.result() == pb::ControlResult::Conforming)
        );
        sizes.push(page.controls.len());
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(sizes, [2, 2]);

    let first = controls
        .list_controls(ask(pb::ControlResult::Deviating, ""))
        .await
        .unwrap();
    let token = first.into_inner().next_page_token;
    let mixed = controls
        .list_controls(ask(pb::ControlResult::Conforming, &token))
        .await;
    assert_eq!(testkit::wrong_fields(&mixed.unwrap_err()), ["page_token"]);

    let one = pb::ListFindingsRequest {
        contract: contracts[0].name.clone(),
        ..Default::default()
    };
    let one = controls
        .list_findings(one)
        .await
        .unwrap()
        .into_inner()
        .findings;
    assert_eq!(one.len(), 1);
    let wrong = pb::ListFindingsRequest {
        contract: "contracts/7".into(),
        ..Default::default()
    };
    let refused = controls.list_findings(wrong).await.unwrap_err();
    assert_eq!(testkit::wrong_fields(&refused), ["contract"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_control_tells_the_departements_of_its_sites_as_the_registry_has_them() {
    const ENTITY: &str = "130786049";
    const UNKNOWN: &str = "840000012";
    let known = contract().of(ENTITY).conforming();
    let unknown = contract().of(UNKNOWN).conforming();
    let world = World::with(&[known.clone(), unknown.clone()]).await;
    world.listening().await;
    for event in [
        // One of its sites stands elsewhere than its number begins, the registry tells nothing of the other.
        registered("840000400", ENTITY, "2A"),
        registered("130000010", ENTITY, ""),
    ] {
        world.publish(&event).await;
    }
    eventually("the sites are known", || async {
        let sites = world.count("select count(*) from site_copy").await;
        (sites == 2).then_some(())
    })
    .await;
    let campaign = world.measured().await;
    let controls = world.all_controls(&campaign.name).await;
    let of = |name: &str| {
        let mut controls = controls.iter();
        controls.find(|control| control.contract == name).unwrap()
    };
    assert_eq!(of(&known.name).departments, ["13", "2A"]);
    assert_eq!(of(&unknown.name).departments, ["84"]);
    let get = pb::GetControlRequest {
        name: of(&known.name).name.clone(),
    };
    let read = world.controls_as(&controller()).get_control(get).await;
    assert_eq!(read.unwrap().into_inner().departments, ["13", "2A"]);
}
