//! What an operation on one contract costs among many contracts, against the same among few.

use std::time::{Duration, Instant};

use cpom_tests::{
    scenario::Scenario,
    suite::{Service, Suite},
};
use proto::contracts::v1::{
    GetContractRequest, MeetingKind, PlanMeetingRequest,
    follow_up_service_client::FollowUpServiceClient,
};
use testkit::{Persona, request_id};

use super::many_contracts;
use crate::{
    figure::{Figure, Target},
    statistics::Durations,
};

const FEW: u32 = 200;
/// What a run may differ by without growth.
const NOISE: f64 = 1.25;

pub(crate) async fn run(many: u32, times: u32) -> anyhow::Result<Vec<Figure>> {
    let (mut suite, real) = many_contracts::with_real(1).await?;
    let name = &real[0];
    suite.keep_connections();
    let manager = Scenario::new(&suite)?.people.contract_manager();
    many_contracts::multiply(&suite, name, FEW).await?;
    measure(&suite, name, &manager, times / 10).await?;
    let (few_reads, few_acts) = measure(&suite, name, &manager, times).await?;
    many_contracts::multiply(&suite, name, many).await?;
    measure(&suite, name, &manager, times / 10).await?;
    let (many_reads, many_acts) = measure(&suite, name, &manager, times).await?;
    let figure = |what: &str, many_times: Durations, few_times: Durations| {
        Figure::ratio(
            format!("{what} among {many} contracts, median"),
            "ms",
            many_times.percentile_ms(50),
            few_times.percentile_ms(50),
            Target::AtMost(NOISE),
        )
    };
    Ok(vec![
        figure("reading one contract", many_reads, few_reads),
        figure("an act on one contract", many_acts, few_acts),
    ])
}

/// Reads a contract and plans a meeting about it: an act that writes a row, an event and a deadline.
async fn measure(
    suite: &Suite,
    contract: &str,
    manager: &Persona,
    times: u32,
) -> anyhow::Result<(Durations, Durations)> {
    let (mut reads, mut acts): (Vec<Duration>, Vec<Duration>) = Default::default();
    for _ in 0..times {
        let begin = Instant::now();
        let request = GetContractRequest {
            name: contract.to_owned(),
        };
        suite.contracts(manager)?.get_contract(request).await?;
        reads.push(begin.elapsed());

        let begin = Instant::now();
        let request = PlanMeetingRequest {
            contract: contract.to_owned(),
            kind: MeetingKind::Review.into(),
            date: "2027-06-01".into(),
            agenda: "Revue annuelle".into(),
            request_id: request_id(),
        };
        let peer = suite.peer(Service::Contracts, manager)?;
        FollowUpServiceClient::new(peer)
            .plan_meeting(request)
            .await?;
        acts.push(begin.elapsed());
    }
    Ok((Durations::new(reads), Durations::new(acts)))
}
