//! Thousands of contracts in force, copied in the database from one that went the whole way.

use cpom_tests::{
    scenario::{Registry, Scenario},
    suite::{Mode, Service, Suite},
};
use sqlx::{AssertSqlSafe, Executor as _};

use crate::raw_database::{settle, vacuum};

/// A suite with some contracts that people brought into force, each of its own entity.
pub(super) async fn with_real(count: u32) -> anyhow::Result<(Suite, Vec<String>)> {
    let suite = Suite::start(Mode::Programs).await?;
    let contracts = {
        let scenario = Scenario::new(&suite)?;
        let registry = Registry::generate(scenario.people.region, count, 1)?;
        scenario.import(&registry).await?;
        scenario.contracts_in_force(&registry.entities).await?
    };
    Ok((suite, contracts))
}

/// Copies a contract in force, with what the list of deadlines says of it, until there are so many.
pub(super) async fn multiply(suite: &Suite, model: &str, until: u32) -> anyhow::Result<()> {
    let mut owner = suite.database(Service::Contracts)?.owner().await;
    let model = model.trim_start_matches("contracts/");
    for statement in statements(model, until) {
        owner.execute(AssertSqlSafe(statement)).await?;
    }
    vacuum(&mut owner).await?;
    settle().await
}

/// The copies of contract number n have identifiers and sites of their own, and days that spread over ten years.
fn statements(model: &str, until: u32) -> [String; 9] {
    let copies = format!(
        "create table load_copy as
         select n, gen_random_uuid() as id, 'LOAD-' || lpad(n::text, 6, '0') as number
         from generate_series((select count(*) + 1 from contract), {until}) as n"
    );
    let insert = |columns: &str, values: &str, table: &str, condition: &str| {
        format!(
            "insert into {table} ({columns}) select {values} from {table} as model cross join load_copy as copy \
             where {condition} = '{model}'"
        )
    };
    [
        copies,
        "begin".to_owned(),
        insert(
            "id, region, number, legal_regime, version, state, text_version, freeze_version, signed_at, in_force_at, \
             created_at, updated_at",
            "copy.id, model.region, copy.number, model.legal_regime, model.version, 'DRAFT', model.text_version, null, \
             null, null, model.created_at + copy.n * interval '1 ms', model.updated_at",
            "contract",
            "model.id",
        ),
        insert(
            "contract_id, number, title, legal_entities, establishments, effect_date, end_date, objectives, \
             consultations, content, comment, author, author_kind, author_role, created_at",
            "copy.id, model.number, model.title, model.legal_entities, model.establishments, model.effect_date, \
             model.end_date, model.objectives, model.consultations, model.content, model.comment, model.author, \
             model.author_kind, model.author_role, model.created_at",
            "contract_version",
            "model.contract_id",
        ),
        insert(
            "contract_id, legal_entity",
            "copy.id, model.legal_entity",
            "contract_party",
            "model.contract_id",
        ),
        insert(
            "contract_id, establishment, period, exclusive",
            "copy.id, 'L' || lpad(copy.n::text, 8, '0'), model.period, model.exclusive",
            "contract_site",
            "model.contract_id",
        ),
        insert(
            "contract_id, freeze_version, target_set, sha256, content, frozen_at",
            "copy.id, model.freeze_version, model.target_set, model.sha256, model.content, model.frozen_at",
            "frozen_document",
            "model.contract_id",
        ),
        format!(
            "update contract set state = model.state, freeze_version = model.freeze_version, \
             signed_at = model.signed_at, in_force_at = model.in_force_at \
             from contract as model where model.id = '{model}' and contract.id in (select id from load_copy)"
        ),
        format!(
            "insert into deadline (subject, kind, rank, contract_id, region, due, side, role, shared)
             select 'contracts/' || copy.id, model.kind, model.rank, copy.id, model.region,
                 model.due - 1825 + (copy.n % 3650)::integer, model.side, model.role, model.shared
             from deadline as model
             cross join load_copy as copy
             where model.subject = 'contracts/{model}';
             drop table load_copy; commit"
        ),
    ]
}
