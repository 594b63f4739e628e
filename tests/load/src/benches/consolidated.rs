//! A contract with forty amendments read as they make it, against pgbench reading the same rows.

use cpom_tests::{scenario::Scenario, suite::Service};
use prost::Message as _;
use proto::contracts::v1::{
    GetConsolidatedContractRequest, amendment_service_client::AmendmentServiceClient,
};
use sqlx::{AssertSqlSafe, Executor as _};

use super::{many_contracts, reading, undecoded::Undecoded};
use crate::{
    figure::{Figure, Target},
    raw_database::{settle, vacuum},
};

const AMENDMENTS: usize = 40;
const GET_CONSOLIDATED: &str = "/cpom.contracts.v1.AmendmentService/GetConsolidatedContract";

pub(crate) async fn run(contracts: u32, seconds: u32) -> anyhow::Result<Vec<Figure>> {
    let (mut suite, real) = many_contracts::with_real(1).await?;
    many_contracts::multiply(&suite, &real[0], contracts).await?;
    let database = suite.database(Service::Contracts)?;
    let url = database.owner_url.clone();
    let mut owner = database.owner().await;
    owner.execute(AssertSqlSafe(amend_all())).await?;
    vacuum(&mut owner).await?;
    settle().await?;
    let names: Vec<String> =
        sqlx::query_scalar("select 'contracts/' || id from contract order by id")
            .fetch_all(&mut owner)
            .await?;
    suite.keep_connections();
    // What an auditor reads is recorded besides.
    let manager = Scenario::new(&suite)?.people.manager();
    let peer = suite.peer(Service::Contracts, &manager)?;
    let first = request(&names[0]);
    let whole = AmendmentServiceClient::new(peer.clone())
        .get_consolidated_contract(first)
        .await?
        .into_inner();
    let applied = whole.amendments.len();
    anyhow::ensure!(applied == AMENDMENTS, "{applied} amendments");
    let least = whole.encoded_len() / 2;
    let (names, consolidated) = (&names, &Undecoded::new(peer, GET_CONSOLIDATED));
    let reached = reading::calls(seconds, |client, made| async move {
        let place = usize::try_from(client * 7_919 + made)? % names.len();
        let answer = consolidated.clone().call(request(&names[place])).await?;
        anyhow::ensure!(answer.len() > least, "{} bytes", answer.len());
        Ok(())
    })
    .await?;
    let raw = reading::pgbench(&url, &script(contracts), seconds)?;
    Ok(vec![Figure::ratio(
        format!("consolidated contracts with {AMENDMENTS} amendments"),
        "/s",
        reached,
        raw,
        Target::AtLeast(0.5),
    )])
}

fn request(name: &str) -> GetConsolidatedContractRequest {
    GetConsolidatedContractRequest {
        name: name.to_owned(),
        as_of: "2027-12-31".into(),
    }
}

/// Forty signed amendments of each contract: each puts one funding line and rewrites the same objective.
fn amend_all() -> String {
    format!(
        "create table load_place as
             select id, row_number() over (order by id) - 1 as place from contract;
         alter table load_place add primary key (place);
         grant select on load_place to cpom_app;
         begin;
         create temp table load_amendment on commit drop as
         select gen_random_uuid() as id, contract.id as contract_id, contract.region, n,
             convert_to('avenant ' || n, 'UTF8') as content
         from contract cross join generate_series(1, {AMENDMENTS}) as n;
         insert into amendment (id, contract_id, region, number, version, state, reason, title, effect_date, changes,
             revision, proposed_by, consultations, impact_sha256, acknowledged_by, acknowledged_kind,
             acknowledged_role, created_at, updated_at)
         select id, contract_id, region, null, 9, 'CONSULTATION', 'FUNDING', 'Avenant n° ' || n,
             date '2023-01-02' + n * 30,
             jsonb_build_object(
                 'objectives', jsonb_build_object('remove', '[]'::jsonb, 'put', jsonb_build_array(jsonb_build_object(
                     'code', 'O1', 'axis', 'A', 'title', 'Objectif après avenant ' || n, 'description', ''))),
                 'commitments', '{{\"put\": [], \"remove\": []}}'::jsonb,
                 'funding', jsonb_build_object('remove', '[]'::jsonb, 'put', jsonb_build_array(jsonb_build_object(
                     'code', 'F' || n, 'label', 'Aide', 'source', 'FIR', 'year', 2024, 'amount_eur', '1000.00',
                     'condition', '', 'reversible', true))),
                 'clauses', '{{\"put\": [], \"remove\": []}}'::jsonb,
                 'annexes', '{{\"put\": [], \"remove\": []}}'::jsonb,
                 'add_establishments', '[]'::jsonb, 'remove_establishments', '[]'::jsonb, 'end_date', null),
             1, 'ARS', '{{}}', decode(repeat('00', 32), 'hex'), 'manager', 'human', 'manager', now(), now()
         from load_amendment;
         insert into amendment_document (amendment_id, freeze_version, sha256, content)
         select id, 5, sha256(content), content from load_amendment;
         update amendment set number = made.n, freeze_version = 5, state = 'IN_EFFECT', signed_at = now()
         from load_amendment as made where made.id = amendment.id;
         commit"
    )
}

/// The statements of the service: the text of the contract, and the amendments in effect.
fn script(contracts: u32) -> String {
    format!(
        "\\set place random(0, {last})
select id as contract from load_place where place = :place \\gset
select contract.region, current.title, current.legal_entities, current.establishments, current.effect_date,
    current.end_date, current.objectives, current.consultations, current.content
from contract
join contract_version as current on current.contract_id = contract.id and current.number = contract.text_version
where contract.id = :contract::uuid;
select amendment.id, amendment.number, amendment.title, amendment.effect_date, amendment.changes, document.sha256
from amendment
join amendment_document as document
    on document.amendment_id = amendment.id and document.freeze_version = amendment.freeze_version
where amendment.contract_id = :contract::uuid and amendment.state in ('SIGNED', 'IN_EFFECT')
    and amendment.effect_date <= '2027-12-31'
order by amendment.effect_date, amendment.number;",
        last = contracts - 1
    )
}
