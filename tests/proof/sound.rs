//! Exports that nobody touched, and exports that somebody touched afterwards.

use std::fs;

use cpom::audit::{
    export::Request,
    format::{PersonLine, Scope},
    verify::{Kind, Trust},
};
use prost_types::Timestamp;
use tonic_types::StatusExt;

use crate::support::{World, kinds, of_kind, read};

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_touched_is_sound_whatever_part_of_it_is_taken() -> anyhow::Result<()> {
    let world = World::new().await?;
    let whole = world.export("whole", &Request::default()).await?;
    let report = world.verify("whole", None)?;
    assert!(
        report.is_sound && report.is_complete && report.keys_are_trusted,
        "{report:?}"
    );
    let contracts = &whole.services[1];
    assert_eq!(
        (contracts.service.as_str(), contracts.events),
        ("contracts", contracts.tree_size)
    );
    assert!(contracts.events > 10);

    let of_contract = Request {
        scope: Scope {
            root: Some(world.contracts[0].clone()),
            ..Scope::default()
        },
        ..Request::default()
    };
    let part = world.export("contract", &of_contract).await?;
    assert!(0 < part.services[1].events && part.services[1].events < contracts.events);
    let report = world.verify("contract", Some("whole"))?;
    assert!(report.is_sound && !report.is_complete, "{report:?}");

    let of_nothing = Request {
        scope: Scope {
            end: Some("1970-01-02T00:00:00Z".to_owned()),
            ..Scope::default()
        },
        end: Some(Timestamp {
            seconds: 86_400,
            nanos: 0,
        }),
        ..Request::default()
    };
    assert_eq!(
        world.export("nothing", &of_nothing).await?.services[1].events,
        0
    );
    assert!(world.verify("nothing", None)?.is_sound);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_chosen_by_type_or_by_actor_is_proved_fact_by_fact_and_says_what_was_asked_for()
-> anyhow::Result<()> {
    let world = World::new().await?;
    let chosen = |scope: Scope| Request {
        scope,
        ..Request::default()
    };
    let signatures = Scope {
        event_type: Some("ContractSigned".to_owned()),
        ..Scope::default()
    };
    let manifest = world
        .export("signatures", &chosen(signatures.clone()))
        .await?;
    assert_eq!(manifest.scope, signatures);
    let contracts = &manifest.services[1];
    assert!(0 < contracts.events && contracts.events < contracts.tree_size);
    assert!(
        read(&world.path("signatures/manifest.json"))?.contains("\"type\": \"ContractSigned\"")
    );
    let file = world.path("signatures/contracts/events.ndjson");
    let sound = read(&file)?;
    assert!(sound.lines().all(|line| line.contains("ContractSigned")));
    // Between two of these facts of a contract lie others: their place is proved, not what they are.
    let report = world.verify("signatures", None)?;
    assert!(report.is_sound && !report.is_complete, "{report:?}");
    assert_eq!(report.scope, signatures);
    assert!(printed_verifier(&world.path("signatures/contracts"))?);

    let without_one: String = sound.split_inclusive('\n').skip(1).collect();
    fs::write(&file, without_one)?;
    let report = world.verify("signatures", None)?;
    assert!(kinds(&report).contains(&Kind::OutOfOrder), "{report:?}");

    let persons = read(&world.path("signatures/contracts/persons.ndjson"))?;
    let person: PersonLine = serde_json::from_str(persons.lines().next().unwrap_or_default())?;
    let of_person = Scope {
        actor: Some(person.subject.clone()),
        ..Scope::default()
    };
    let manifest = world.export("person", &chosen(of_person)).await?;
    assert!(manifest.services[1].events > 0);
    let by = format!("\"actor\":\"{}\"", person.commitment);
    let lines = read(&world.path("person/contracts/events.ndjson"))?;
    assert!(lines.lines().all(|line| line.contains(&by)));
    assert!(world.verify("person", None)?.is_sound);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_too_large_is_refused_and_leaves_nothing_behind() -> anyhow::Result<()> {
    let world = World::new().await?;
    let request = Request {
        max_events: 3,
        ..Request::default()
    };
    let refused = world.export("large", &request).await.unwrap_err();
    let status = refused
        .downcast_ref::<tonic::Status>()
        .or_else(|| refused.chain().find_map(|cause| cause.downcast_ref()));
    let info = status.and_then(StatusExt::get_details_error_info);
    let info = info.expect("a typed refusal");
    assert_eq!(info.reason, "EXPORT_TOO_LARGE");
    assert_eq!(info.metadata["narrow"], "period, region or contract");
    assert!(!world.path("large").exists() && !world.path("large.partial").exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_changed_after_the_export_is_found_with_its_line() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.export("whole", &Request::default()).await?;
    let file = world.path("whole/contracts/events.ndjson");
    let sound = read(&file)?;
    let lines: Vec<&str> = sound.lines().collect();
    let with = |changed: Vec<&str>| changed.join("\n") + "\n";

    let changed = sound.replacen("\"specversion\":\"1.0\"", "\"specversion\":\"1.1\"", 1);
    fs::write(&file, changed)?;
    let report = world.verify("whole", None)?;
    let fault = of_kind(&report, Kind::BytesChanged)[0];
    assert_eq!(
        (fault.file.as_str(), fault.line),
        ("contracts/events.ndjson", Some(1))
    );
    assert_eq!((fault.version, fault.leaf_index), (Some(1), Some(0)));
    assert!(kinds(&report).contains(&Kind::FileChanged));

    let mut shorter = lines.clone();
    shorter.remove(4);
    fs::write(&file, with(shorter))?;
    let report = world.verify("whole", None)?;
    let fault = of_kind(&report, Kind::OutOfOrder)[0];
    assert_eq!((fault.line, fault.leaf_index), (Some(5), Some(5)));

    let mut swapped = lines.clone();
    swapped.swap(2, 3);
    fs::write(&file, with(swapped))?;
    let report = world.verify("whole", None)?;
    assert_eq!(of_kind(&report, Kind::OutOfOrder)[0].line, Some(3));

    let mut broken = lines.clone();
    broken[6] = "{}";
    fs::write(&file, with(broken))?;
    let report = world.verify("whole", None)?;
    assert_eq!(of_kind(&report, Kind::Malformed)[0].line, Some(7));

    fs::write(&file, &sound)?;
    assert!(world.verify("whole", None)?.is_sound);
    fs::remove_file(world.path("whole/targets/persons.ndjson"))?;
    fs::write(world.path("whole/contracts/more.txt"), "more")?;
    let report = world.verify("whole", None)?;
    assert_eq!(of_kind(&report, Kind::FileSet).len(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_the_auditor_decides_not_the_one_in_the_export() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.export("whole", &Request::default()).await?;
    let stranger = transparency::SigningKey::new("cpom.test/contracts", &[7; 32])?;
    let trust = Trust {
        keys: vec![stranger.verifying()],
        known: Vec::new(),
    };
    let report = cpom::audit::verify::run(&world.path("whole"), &trust)?;
    assert!(kinds(&report).contains(&Kind::Signature), "{report:?}");
    let report = cpom::audit::verify::run(&world.path("whole"), &Trust::default())?;
    assert!(report.is_sound && !report.keys_are_trusted, "{report:?}");
    Ok(())
}

/// Runs the verifier that `docs/AUDIT.md` prints, and says whether it was content.
fn printed_verifier(folder: &std::path::Path) -> anyhow::Result<bool> {
    let guide = read(&cpom_tests::repository::root().join("docs/AUDIT.md"))?;
    let script = guide
        .split_once("```python\n")
        .and_then(|(_, rest)| rest.split_once("```"))
        .map(|(script, _)| script)
        .expect("the guide prints a verifier");
    let done = std::process::Command::new("python3")
        .args(["-c", script])
        .arg(folder)
        .output()?;
    Ok(done.status.success())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verifier_printed_in_the_guide_finds_the_same() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.export("whole", &Request::default()).await?;
    let of_contract = Request {
        scope: Scope {
            root: Some(world.contracts[1].clone()),
            ..Scope::default()
        },
        ..Request::default()
    };
    world.export("contract", &of_contract).await?;
    assert!(printed_verifier(&world.path("whole/contracts"))?);
    assert!(printed_verifier(&world.path("contract/contracts"))?);
    let file = world.path("contract/contracts/events.ndjson");
    let changed = read(&file)?.replacen("\"specversion\":\"1.0\"", "\"specversion\":\"1.1\"", 1);
    fs::write(&file, changed)?;
    assert!(!printed_verifier(&world.path("contract/contracts"))?);
    Ok(())
}
