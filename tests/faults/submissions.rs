//! `targets` dies in the middle of a submission.

use cpom_tests::{
    scenario::{Registry, Scenario, Submission, Trace},
    suite::Service,
};
use proto::targets::v1::{GetSubmissionRequest, IndicatorValue, indicator_value::Content};

use crate::{count, programs};

const BATCHES: i64 = 24;
/// Acknowledged before the kill.
const BEFORE: i64 = 5;

/// Two years of months of one site, each batch with other figures.
fn batch(subject: &str, sequence: i64) -> Vec<IndicatorValue> {
    let months = (2023..=2024).flat_map(|year| (1..=12).map(move |month| (year, month)));
    [
        "MCO_STAYS",
        "MCO_SESSIONS",
        "MCO_FULL_STAYS",
        "MCO_DAY_STAYS",
    ]
    .iter()
    .flat_map(|indicator| {
        months.clone().map(move |(year, month)| IndicatorValue {
            subject: subject.to_owned(),
            indicator: (*indicator).to_owned(),
            period: format!("{year}-{month:02}"),
            content: Some(Content::Value(sequence.to_string())),
        })
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_goes_on_after_targets_was_killed() -> anyhow::Result<()> {
    let mut suite = programs().await?;
    let (submitter, subject, region) = {
        let scenario = Scenario::new(&suite)?;
        let registry = Registry::generate(scenario.people.region, 1, 1)?;
        scenario.import(&registry).await?;
        scenario.contracts_in_force(&registry.entities).await?;
        let entity = &registry.entities[0];
        let region = scenario.people.region;
        (
            scenario.people.system_of(entity.finess),
            entity.sites[0].to_string(),
            region,
        )
    };
    let id = kernel::new_id().to_string();
    let trace = Trace::begin();
    let client = suite.indicators(&submitter)?;
    let mut submission = Submission::open(client, &id, region.code(), &trace).await?;
    for sequence in 1..=BEFORE {
        submission.send(sequence, batch(&subject, sequence)).await?;
        assert_eq!(submission.acknowledgement().await?.sequence, sequence);
    }
    // More are on their way when the lights go out.
    for sequence in BEFORE + 1..=BEFORE + 3 {
        submission.send(sequence, batch(&subject, sequence)).await?;
    }
    suite.kill(Service::Targets)?;
    suite.start_service(Service::Targets).await?;

    let client = suite.indicators(&submitter)?;
    let mut submission = Submission::open(client, &id, region.code(), &trace).await?;
    let durable = submission.last_sequence;
    assert!(
        (BEFORE..=BEFORE + 3).contains(&durable),
        "what was acknowledged is there: {durable}"
    );
    // A client that is not sure may send again what it has sent: nothing is applied twice.
    for sequence in BEFORE..=BATCHES {
        submission.send(sequence, batch(&subject, sequence)).await?;
        let acknowledged = submission.acknowledgement().await?;
        assert_eq!(acknowledged.sequence, sequence);
        assert_eq!(acknowledged.already_received, sequence <= durable);
    }

    let rows = BATCHES * 96;
    let name = format!("submissions/{id}");
    let mut client = suite.indicators(&submitter)?;
    let submission = client
        .get_submission(GetSubmissionRequest { name })
        .await?
        .into_inner();
    assert_eq!(
        (
            submission.last_sequence,
            submission.accepted,
            submission.rejected
        ),
        (BATCHES, rows, 0)
    );
    let stored = count(
        &suite,
        Service::Targets,
        "select count(*) from indicator_value",
    )
    .await?;
    let distinct = count(
        &suite,
        Service::Targets,
        "select count(*) from (select distinct submission, sequence, position from indicator_value) as row",
    )
    .await?;
    assert_eq!((stored, distinct), (rows, rows));
    Ok(())
}
