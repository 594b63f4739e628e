//! Personal data stand outside of what is hashed, and can be erased.

use std::{fs, path::Path};

use cpom::audit::{
    export::Request,
    format::{PersonLine, Scope},
};
use cpom_tests::{
    scenario::{Registry, Scenario},
    suite::Service,
};

use crate::support::{World, read};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_erased_and_every_proof_holds() -> anyhow::Result<()> {
    let world = World::new().await?;
    let scenario = Scenario::new(&world.suite)?;
    let subject = "contract_manager-1";
    world.export("before", &Request::default()).await?;
    let persons = read(&world.path("before/contracts/persons.ndjson"))?;
    for role in ["contract_manager", "director_general", "director"] {
        assert!(persons.contains(role), "no {role} among {persons}");
    }
    for service in Service::ALL {
        let folder = world.path(&format!("before/{}", service.name()));
        let events = read(&folder.join("events.ndjson"))?;
        for line in read(&folder.join("persons.ndjson"))?.lines() {
            let person: PersonLine = serde_json::from_str(line)?;
            assert!(events.contains(&person.commitment));
            assert!(
                !events.contains(&format!("\"{}\"", person.subject)),
                "{} stands in the hashed bytes of {}",
                person.subject,
                service.name()
            );
        }
    }
    let signed = |events: Vec<cpom_tests::scenario::Recorded>| {
        let drafted = events
            .into_iter()
            .find(|event| event.name() == "ContractDrafted");
        drafted
            .and_then(|event| event.event.actor)
            .map(|actor| actor.subject)
    };
    let contract = &world.contracts[0];
    let events = scenario.events(Service::Contracts, contract).await?;
    assert_eq!(
        signed(events).as_deref(),
        Some(subject),
        "readers are told who acted"
    );

    // That an auditor asked about the person is recorded too.
    let about = Request {
        scope: Scope {
            actor: Some(subject.to_owned()),
            ..Scope::default()
        },
        ..Request::default()
    };
    world.export("about", &about).await?;

    let db = &world.suite.runtime(Service::Contracts)?.machine;
    let commitment = store::person::erase(db, subject, "dpo", "request of the person").await?;
    let commitment = commitment.expect("the person acted");
    assert_eq!(
        store::person::erase(db, subject, "dpo", "again").await?,
        None
    );
    world.wait_until_sealed().await?;

    let events = scenario.events(Service::Contracts, contract).await?;
    assert_eq!(signed(events), Some(commitment.clone()));
    world.export("after", &Request::default()).await?;
    let report = world.verify("after", Some("before"))?;
    assert!(report.is_sound, "{report:?}");
    for file in fs::read_dir(world.path("after/contracts"))? {
        let path = file?.path();
        assert!(!read(&path)?.contains(subject), "{}", path.display());
    }
    let history = read(&world.path("after/contracts/events.ndjson"))?;
    assert!(
        history.contains("cpom.history.v1.PersonErased"),
        "the erasure is recorded"
    );
    assert!(is_gone(&world, subject).await?);

    // Who acts again is somebody else.
    let registry = Registry::generate(scenario.people.region, 3, 1)?;
    scenario.import(&registry).await?;
    scenario.draft(&registry.entities[2]).await?;
    world.wait_until_sealed().await?;
    world.export("again", &Request::default()).await?;
    assert!(world.verify("again", Some("after"))?.is_sound);
    let persons = read(Path::new(&world.path("again/contracts/persons.ndjson")))?;
    assert!(persons.contains(subject) && !persons.contains(&commitment));
    Ok(())
}

/// Whether no table of the history, nor the record of what was read, names the person.
async fn is_gone(world: &World, subject: &str) -> anyhow::Result<bool> {
    let mut owner = world.suite.database(Service::Contracts)?.owner().await;
    let left: i64 = sqlx::query_scalar(
        "select (select count(*) from event where actor = $1 or convert_from(canonical, 'UTF8') like '%' || $1 || '%')
             + (select count(*) from person where subject = $1)
             + (select count(*) from request where actor = $1)
             + (select count(*) from audit_read where actor = $1 or position($1 in request) > 0)",
    )
    .bind(subject)
    .fetch_one(&mut owner)
    .await?;
    Ok(left == 0)
}
