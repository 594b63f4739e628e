//! The last wall: what Postgres refuses, whoever writes the SQL.

use sqlx::{Connection as _, Executor as _, PgConnection};

use crate::support::{Finding, SITE, World, campaign, director_general, text};

/// A connection with the service's own login, under one of its two roles.
async fn connected(world: &World, role: &'static str) -> PgConnection {
    let mut connection = PgConnection::connect(&world.service.database.url)
        .await
        .unwrap();
    connection
        .execute(sqlx::AssertSqlSafe(format!("set role {role}")))
        .await
        .unwrap();
    connection
}

/// The SQLSTATE that a statement is refused with, or how many rows it wrote.
async fn outcome(connection: &mut PgConnection, sql: &'static str) -> Result<u64, String> {
    match connection.execute(sql).await {
        Ok(done) => Ok(done.rows_affected()),
        Err(error) => Err(error
            .as_database_error()
            .unwrap()
            .code()
            .unwrap()
            .into_owned()),
    }
}

const FORBIDDEN: &str = "42501";
const CHECK: &str = "23514";
const FOREIGN_KEY: &str = "23503";
const APPEND_ONLY: &str = "23001";

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_has_no_right_on_what_only_people_do() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    world
        .examined(&[Finding::new(&contract.name, &campaign())])
        .await;
    let mut machine = connected(&world, "cpom_machine").await;
    for sql in [
        "insert into procedure (id, region, contract_id, review_id, review_outcome, version, state, proposer,
             proposer_role, reasons, proposed_at, proposal_event, proposal_actor_kind)
         select gen_random_uuid(), region, contract_id, id, 'SANCTION_PROPOSED', 1, 'PROPOSED', 'x', 'manager',
             'motif', now(), gen_random_uuid(), 'human' from review",
        "update procedure set reasons = 'x'",
        "delete from procedure",
        "update review set state = 'CONCLUDED'",
        "update review set outcome = 'SANCTION_PROPOSED', reasons = 'x', concluded_by = 'x'",
        "update review set analysis = 'x'",
        "update review set examined_by = 'x'",
        "update review set received_on = current_date",
        "update review set milestones = '[]'",
        "update procedure set state = 'OPENED', opened_by = 'x'",
        "update procedure set decided_at = now(), amount = 1",
        "insert into procedure_payment (procedure_id) select id from procedure",
        "insert into procedure_appeal (procedure_id) select id from procedure",
        "insert into procedure_statement (procedure_id) select id from procedure",
        "update procedure_parameter set cap_basis_points = 9999",
        "insert into delivery_consent (legal_entity) values ('x')",
        "delete from review",
        "delete from review_finding",
        "update review_finding set attached_at = now()",
        "insert into review_statement (review_id, position, text, author, author_kind, author_role, submitted_at)
         select id, 9, 'x', 'x', 'human', 'x', now() from review",
        "insert into contract (id) values (gen_random_uuid())",
        "update contract set freeze_version = null",
        "update contract set signed_at = now()",
        "update contract set text_version = 2",
        "insert into signature (contract_id) select id from contract",
        "insert into document_names (kind, subject, version, names) values ('CONTRACT', 'x', 0, '{}')",
        "insert into contract_site (contract_id) select id from contract",
        "update legal_regime set max_objectives = 99",
        "update review_parameter set response_months = 2",
        "update event set actor_kind = 'human'",
        "delete from event",
    ] {
        assert_eq!(outcome(&mut machine, sql).await, Err(FORBIDDEN.to_owned()), "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_can_only_let_time_pass_over_contracts() {
    let world = World::new().await;
    let ready = world.ready_to_sign(text(&[SITE])).await;
    world
        .sign(&ready, "ars", &director_general())
        .await
        .unwrap();
    let mut machine = connected(&world, "cpom_machine").await;
    // A contract that is not fully signed is out of its reach: no row is even seen.
    for sql in [
        "update contract set state = 'SIGNED'",
        "update contract set state = 'IN_FORCE', in_force_at = now()",
        "update contract set state = 'DRAFT'",
    ] {
        assert_eq!(outcome(&mut machine, sql).await, Ok(0), "{sql}");
    }
    let ready = world.get(&ready, &director_general()).await.unwrap();
    let party = format!("legalEntities/{}", crate::support::ENTITY);
    world
        .sign(&ready, &party, &crate::support::director())
        .await
        .unwrap();
    for sql in [
        "update contract set state = 'NEGOTIATION'",
        "update contract set state = 'ABANDONED'",
        "update contract set state = 'SIGNED', version = version + 1",
    ] {
        assert_eq!(
            outcome(&mut machine, sql).await,
            Err(FORBIDDEN.to_owned()),
            "{sql}"
        );
    }
    let in_force =
        "update contract set state = 'IN_FORCE', in_force_at = now(), version = version + 1";
    assert_eq!(outcome(&mut machine, in_force).await, Ok(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_neither_open_reviews_nor_touch_their_findings() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    world
        .examined(&[Finding::new(&contract.name, &campaign()).minor()])
        .await;
    let mut people = connected(&world, "cpom_app").await;
    for sql in [
        "insert into review (id, region, contract_id, campaign, year, version, state, created_at, updated_at)
         select gen_random_uuid(), region, id, gen_random_uuid(), 2027, 1, 'OPEN', now(), now() from contract",
        "insert into review_finding (review_id, finding, objective, summary, severity, opposable,
             penalty_eligible, attached_at)
         select id, gen_random_uuid(), 'x', 'x', 'GRAVE', true, true, now() from review",
        "update review_finding set severity = 'GRAVE'",
        "delete from contract",
        "update opinion set sense = 'FAVOURABLE'",
        "update signature set title = 'x'",
        "update frozen_document set content = ''",
        "update document_names set names = '{}'",
        "delete from procedure",
        "delete from event",
    ] {
        assert_eq!(outcome(&mut people, sql).await, Err(FORBIDDEN.to_owned()), "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sanction_is_not_written_without_its_conditions_even_by_the_owner() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    world
        .examined(&[Finding::new(&contract.name, &campaign()).not_opposable()])
        .await;
    let mut owner = world.service.database.owner().await;
    let same_person = "
        update review set state = 'CONCLUDED', outcome = 'SANCTION_PROPOSED', reasons = 'motif',
            concluded_by = examined_by, concluded_by_kind = 'human', concluded_by_role = 'manager',
            concluded_at = now(), sanction_finding = null,
            sanction_finding_bears = true, procedure_id = gen_random_uuid()";
    assert_eq!(
        outcome(&mut owner, same_person).await,
        Err(CHECK.to_owned())
    );
    let machine_made = "
        update review set state = 'CONCLUDED', outcome = 'NO_ACTION', reasons = 'motif',
            concluded_by = 'service:x', concluded_by_kind = 'service', concluded_by_role = 'service',
            concluded_at = now()";
    assert_eq!(
        outcome(&mut owner, machine_made).await,
        Err(CHECK.to_owned())
    );
    let without_reasons = "
        update review set state = 'CONCLUDED', outcome = 'NO_ACTION', reasons = ' ',
            concluded_by = 'x', concluded_by_kind = 'human', concluded_by_role = 'manager',
            concluded_at = now()";
    assert_eq!(
        outcome(&mut owner, without_reasons).await,
        Err(CHECK.to_owned())
    );
    let without_finding = "
        update review set state = 'CONCLUDED', outcome = 'SANCTION_PROPOSED', reasons = 'motif',
            concluded_by = 'x', concluded_by_kind = 'human', concluded_by_role = 'manager',
            concluded_at = now(), procedure_id = gen_random_uuid()";
    assert_eq!(
        outcome(&mut owner, without_finding).await,
        Err(CHECK.to_owned())
    );
    // The finding is of this review, and not opposable.
    let on_a_pilot_indicator = "
        update review set state = 'CONCLUDED', outcome = 'SANCTION_PROPOSED', reasons = 'motif',
            concluded_by = 'x', concluded_by_kind = 'human', concluded_by_role = 'manager',
            concluded_at = now(), sanction_finding = (select finding from review_finding),
            sanction_finding_bears = true, procedure_id = gen_random_uuid()";
    assert_eq!(
        outcome(&mut owner, on_a_pilot_indicator).await,
        Err(FOREIGN_KEY.to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_procedure_rests_on_the_recorded_act_of_a_machine() {
    use proto::contracts::v1::Outcome;
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let review = world
        .examined(&[Finding::new(&contract.name, &campaign())])
        .await;
    let manager = crate::support::manager();
    world
        .conclude(&review, Outcome::SanctionProposed, &manager)
        .await
        .unwrap();
    let mut owner = world.service.database.owner().await;
    let opened_by_a_machine = "
        with machine_made as (select id from event where type = 'cpom.contracts.v1.ReviewOpened')
        update procedure set proposal_event = (select id from machine_made)";
    assert_eq!(
        outcome(&mut owner, opened_by_a_machine).await,
        Err(FOREIGN_KEY.to_owned())
    );
    let admitted = "
        update procedure set proposal_actor_kind = 'service',
            proposal_event = (select id from event where type = 'cpom.contracts.v1.ReviewOpened')";
    assert_eq!(outcome(&mut owner, admitted).await, Err(CHECK.to_owned()));
    let another_conclusion = "update review set outcome = 'NO_ACTION', sanction_finding = null,
        sanction_finding_bears = null, procedure_id = null";
    assert_eq!(
        outcome(&mut owner, another_conclusion).await,
        Err(FOREIGN_KEY.to_owned())
    );
    for history in [
        "update event set actor_kind = 'human'",
        "delete from signature",
    ] {
        assert_eq!(
            outcome(&mut owner, history).await,
            Err(APPEND_ONLY.to_owned()),
            "{history}"
        );
    }
}
