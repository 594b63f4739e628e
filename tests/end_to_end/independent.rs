//! A client of another make. `buf curl` shares no line with this workspace: it is written in Go, and learns services
//! and messages from reflection alone, as the systems of establishments do in whatever language they are written.

use std::{
    env,
    path::PathBuf,
    process::{Output, Stdio},
};

use anyhow::Context as _;
use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD as STANDARD_NO_PAD};
use cpom_tests::{
    repository,
    scenario::{Registry, Scenario, YEAR},
    suite::{Service, Suite},
};
use kernel::Finess;
use prost::Message;
use serde_json::{Value, json};
use testkit::Persona;
use tokio::{io::AsyncWriteExt as _, process::Command};
use tonic_types::pb::{BadRequest, ErrorInfo};

use crate::suite;

/// gRPC codes as the program's exit status: shifted three bits to the left.
const UNAUTHENTICATED: i32 = 16 << 3;
const PERMISSION_DENIED: i32 = 7 << 3;
const INVALID_ARGUMENT: i32 = 3 << 3;

#[tokio::test(flavor = "multi_thread")]
async fn reflection_tells_a_stranger_every_service() -> anyhow::Result<()> {
    let suite = suite().await?;
    for (service, expected) in [
        (
            Service::Establishments,
            "cpom.establishments.v1.EstablishmentService",
        ),
        (Service::Contracts, "cpom.contracts.v1.ContractService"),
        (Service::Targets, "cpom.targets.v1.IndicatorService"),
        (Service::Controls, "cpom.controls.v1.CampaignService"),
    ] {
        let url = suite.url(service)?;
        let listed = run(&["--list-services", &url], "").await?;
        let listed = String::from_utf8(listed.stdout)?;
        for service in [
            expected,
            "cpom.history.v1.HistoryService",
            "grpc.health.v1.Health",
        ] {
            assert!(listed.lines().any(|line| line == service), "{listed}");
        }
        // What an error carries is described too.
        let reflection = format!("{url}/grpc.reflection.v1.ServerReflection/ServerReflectionInfo");
        let asked = json!({"fileContainingSymbol": "google.rpc.ErrorInfo"}).to_string();
        let described = messages(&run(&["-d", "@-", &reflection], &asked).await?)?;
        assert!(
            described[0]["fileDescriptorResponse"].is_object(),
            "{described:?}"
        );
    }
    suite.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_of_another_make_submits_and_resumes() -> anyhow::Result<()> {
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    let registry = Registry::generate(scenario.people.region, 2, 1)?;
    scenario.import(&registry).await?;
    scenario.contracts_in_force(&registry.entities).await?;
    let [entity, neighbour] = registry.entities.as_slice() else {
        anyhow::bail!("two entities were asked for")
    };
    let system = scenario.people.system_of(entity.finess);
    let submission = kernel::new_id().to_string();
    let open = json!({"open": {
        "submissionId": submission,
        "region": scenario.people.region.code(),
        "source": "a system of another make",
    }});
    let first = batch(1, &[stays(entity.sites[0], "1010")]);
    let second = batch(
        2,
        &[stays(neighbour.sites[0], "3"), stays(entity.sites[0], "-3")],
    );

    let answers = call(&suite, &system, SUBMIT, &[&open, &first]).await?;
    let answers = messages(&answers)?;
    assert_eq!(answers.len(), 2, "{answers:?}");
    assert_eq!(answers[1]["acknowledged"]["sequence"], "1");
    assert_eq!(answers[1]["acknowledged"]["accepted"], "1");

    // The connection broke before the answer: the same again, and the next batch.
    let answers = call(&suite, &system, SUBMIT, &[&open, &first, &second]).await?;
    let answers = messages(&answers)?;
    assert_eq!(answers[0]["opened"]["lastSequence"], "1");
    assert_eq!(answers[1]["acknowledged"]["alreadyReceived"], true);
    let last = &answers.last().context("an answer")?["acknowledged"];
    assert_eq!(last["sequence"], "2");
    let rejected = last["rejected"].as_array().context("rejected values")?;
    let reasons: Vec<&str> = rejected
        .iter()
        .filter_map(|one| one["reason"].as_str())
        .collect();
    assert!(reasons.contains(&"NOT_YOUR_ESTABLISHMENT"), "{last}");
    assert_eq!(rejected.len(), 2, "{last}");

    let asked = json!({"name": format!("submissions/{submission}")});
    let read = call(
        &suite,
        &system,
        "cpom.targets.v1.IndicatorService/GetSubmission",
        &[&asked],
    )
    .await?;
    assert_eq!(messages(&read)?[0]["lastSequence"], "2");
    suite.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_tell_a_stranger_the_field_and_the_reason() -> anyhow::Result<()> {
    let suite = suite().await?;
    let people = Scenario::new(&suite)?.people;
    let listing = "cpom.contracts.v1.ContractService/ListContracts";

    let refused = run(&["-d", "{}", &address(&suite, listing)?], "").await?;
    assert_eq!(refused.status.code(), Some(UNAUTHENTICATED));
    let info: ErrorInfo = detail(&refused, "google.rpc.ErrorInfo")?;
    assert_eq!(info.reason, "UNAUTHENTICATED");

    let machine = people.machine_with_every_role();
    let signing = "cpom.contracts.v1.ContractService/AbandonContract";
    let refused = call(&suite, &machine, signing, &[&json!({})]).await?;
    assert_eq!(refused.status.code(), Some(PERMISSION_DENIED));

    let manager = people.contract_manager();
    let refused = call(&suite, &manager, listing, &[&json!({"pageSize": -1})]).await?;
    assert_eq!(refused.status.code(), Some(INVALID_ARGUMENT));
    let request: BadRequest = detail(&refused, "google.rpc.BadRequest")?;
    assert_eq!(request.field_violations[0].field, "page_size");
    suite.stop().await;
    Ok(())
}

const SUBMIT: &str = "cpom.targets.v1.IndicatorService/SubmitIndicators";

fn batch(sequence: u32, values: &[Value]) -> Value {
    json!({"batch": {"sequence": sequence, "values": values}})
}

fn stays(site: Finess, count: &str) -> Value {
    json!({
        "subject": site.to_string(),
        "indicator": "MCO_STAYS",
        "period": format!("{YEAR:04}"),
        "value": count,
    })
}

/// The address of a method: that of its service and its full name.
fn address(suite: &Suite, method: &str) -> anyhow::Result<String> {
    let service = Service::ALL
        .into_iter()
        .find(|service| method.starts_with(&format!("cpom.{}.", service.name())))
        .with_context(|| format!("nobody offers {method}"))?;
    Ok(format!("{}/{method}", suite.url(service)?))
}

/// Calls a method as somebody, with one message or several.
async fn call(
    suite: &Suite,
    who: &Persona,
    method: &str,
    messages: &[&Value],
) -> anyhow::Result<Output> {
    let token = format!("authorization: Bearer {}", suite.setup.issuer.token(who));
    let lines: Vec<String> = messages.iter().map(ToString::to_string).collect();
    run(
        &["-H", &token, "-d", "@-", &address(suite, method)?],
        &lines.join("\n"),
    )
    .await
}

async fn run(arguments: &[&str], input: &str) -> anyhow::Result<Output> {
    let mut client = Command::new(program()?)
        .args(["curl", "--protocol", "grpc", "--http2-prior-knowledge"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut pipe = client.stdin.take().context("a pipe")?;
    pipe.write_all(input.as_bytes()).await?;
    drop(pipe);
    Ok(client.wait_with_output().await?)
}

/// `CPOM_TEST_BUF`, as `cargo dev test` sets it; else where `cargo dev` installs it.
fn program() -> anyhow::Result<PathBuf> {
    if let Some(chosen) = env::var_os("CPOM_TEST_BUF") {
        return Ok(chosen.into());
    }
    let installed = repository::root().join(".cpom/venv/bin/buf");
    anyhow::ensure!(
        installed.is_file(),
        "buf is not installed: run `cargo dev proto-lint` once, or set CPOM_TEST_BUF"
    );
    Ok(installed)
}

/// The answers of a call that went well.
fn messages(output: &Output) -> anyhow::Result<Vec<Value>> {
    anyhow::ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let answers = serde_json::Deserializer::from_slice(&output.stdout).into_iter();
    Ok(answers.collect::<Result<_, _>>()?)
}

/// One detail of an error.
fn detail<M: Message + Default>(output: &Output, kind: &str) -> anyhow::Result<M> {
    let text = String::from_utf8_lossy(&output.stderr);
    let error: Value = serde_json::from_str(&text).with_context(|| text.to_string())?;
    let details = error["details"].as_array().context("details")?;
    let found = details.iter().find(|detail| detail["type"] == kind);
    let found = found.with_context(|| format!("no {kind} in {text}"))?;
    let bytes = STANDARD_NO_PAD.decode(found["value"].as_str().context("a value")?)?;
    Ok(M::decode(bytes.as_slice())?)
}
