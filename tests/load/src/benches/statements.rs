//! The statements of a signature and of a step of a review, as scripts of pgbench. What the service does
//! between them, pgbench does not do; one more statement tells it which row is next.

/// Both signatures of one contract: the agency's, then the last one, which puts the contract in force.
pub(super) fn signatures() -> String {
    let next = "select contract, version, text_version, freeze_version, sha256, site, gen_random_uuid() as r1, gen_random_uuid() as r2, \
                gen_random_uuid() as e1, gen_random_uuid() as e2, gen_random_uuid() as e3, gen_random_uuid() as e4 \
                from load_contract where rank = (select nextval('load_contract_rank')) \\gset";
    let sign = |party: &str, role: &str| {
        format!(
            "insert into signature (contract_id, freeze_version, party, sha256, signatory, signatory_kind, signatory_role, \
             title, signed_at, mandate) values (:contract, :freeze_version, '{party}', :sha256, 'director', 'human', \
             '{role}', 'Directrice générale', now(), null);"
        )
    };
    let update = |version: u32, state: &str, at: &str| {
        format!(
            "update contract set version = :version::bigint + {version}, state = '{state}', text_version = :text_version, \
             agreed_by = null, freeze_version = :freeze_version, signed_at = {at}, in_force_at = {at}, expired_at = null, \
             abandoned_at = null, abandonment_reasons = null, updated_at = now(), moved_last_day = null, extensions = 0, \
             notice_procedure = null, terminated_at = null, successor = null, renewed_at = null, closed_at = null, \
             closure_reasons = null where id = :contract;"
        )
    };
    let site = "insert into contract_site (contract_id, establishment, period, exclusive) \
                select :contract, unnest(array[:site]::text[]), daterange('2023-01-01', '2028-01-01'), \
                regime.mandatory from legal_regime as regime where regime.code = 'R2020_2025';";
    let evidence = |party: &str| {
        format!(
            "insert into signature_evidence (contract_id, freeze_version, party, provider, content) values (:contract, \
             :freeze_version, '{party}', 'development', convert_to(repeat('x', 1400), 'UTF8'));"
        )
    };
    let due = "insert into deadline (subject, contract_id, region, kind, rank, due, side, role, shared) \
               select 'contracts/' || :contract::text, :contract, '93', kind, rank, due, side, role, shared \
               from unnest(array['CONTRACT_END', 'CONTRACT_RENEWAL_REQUEST', 'CONTRACT_MID_TERM']::text[], \
               array[0, 0, 0]::integer[], array['2027-12-31', '2026-12-31', '2025-07-01']::date[], \
               array['ARS', 'ESTABLISHMENT', 'ARS']::text[], \
               array['contract_manager', 'establishment_director', 'contract_manager']::text[], \
               array[true, true, true]::boolean[]) as due (kind, rank, due, side, role, shared) \
               on conflict on constraint deadline_pkey do update set due = excluded.due, side = excluded.side, \
               role = excluded.role, shared = excluded.shared;";
    let method = "cpom.contracts.v1.ContractService/SignContract";
    let read = [LOCK_CONTRACT, OPINIONS, SIGNATURES, REGIMES].map(str::to_owned);
    let first = [
        evidence("ars"),
        sign("ars", "director_general"),
        update(1, "PARTIALLY_SIGNED", "null"),
        append(
            "contract",
            "contracts/",
            ":contract",
            ":contract",
            &["e1"],
            0,
        ),
    ];
    let last = [
        evidence("legalEntities/130000010"),
        sign("legalEntities/130000010", "establishment_director"),
        site.to_owned(),
        update(4, "IN_FORCE", "now()"),
        append(
            "contract",
            "contracts/",
            ":contract",
            ":contract",
            &["e2", "e3", "e4"],
            1,
        ),
        due.to_owned(),
    ];
    [next.to_owned()]
        .into_iter()
        .chain(rehearsal("director-general", method, "r1", &read))
        .chain(transaction(
            "director-general",
            method,
            "r1",
            read.iter().chain(&first),
        ))
        .chain(rehearsal("director", method, "r2", &read))
        .chain(transaction(
            "director",
            method,
            "r2",
            read.iter().chain(&last),
        ))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The four steps of one review: invitation, answer, examination, conclusion.
pub(super) fn reviews() -> String {
    let next = "select review, contract, campaign, version, gen_random_uuid() as r1, gen_random_uuid() as r2, \
                gen_random_uuid() as r3, gen_random_uuid() as r4, gen_random_uuid() as e1, gen_random_uuid() as e2, \
                gen_random_uuid() as e3, gen_random_uuid() as e4 \
                from load_review where rank = (select nextval('load_review_rank')) \\gset";
    let text = "'Une unité a fermé pendant six mois.'";
    let set = |step: u32, columns: &str| {
        format!(
            "update review set version = :version::bigint + {step}, updated_at = now(), {columns} where id = :review;"
        )
    };
    let answer = format!(
        "with said as (insert into review_statement (review_id, position, author, author_kind, author_role, submitted_at, \
         kind, text, attachments, title, held_on, participants, sources) values (:review, 1, 'director', 'human', \
         'establishment_director', now(), 'OBSERVATIONS', {text}, '[]', null, null, '{{}}', '{{}}')) \
         update review set version = :version::bigint + 2, updated_at = now(), statements = 1, answers = 1 \
         where id = :review;"
    );
    let by = |verb: &str, who: &str| {
        format!(
            "{verb}_by = '{who}', {verb}_by_kind = 'human', {verb}_by_role = '{who}', {verb}_at = now()"
        )
    };
    let steps = [
        (
            "NotifyReview",
            vec![
                LOCK_REVIEW,
                FINDINGS,
                PARTIES,
                CONTROLLERS,
                MONTHS,
                CONSENTS,
                NUMBER,
            ],
            set(
                1,
                &format!(
                    "state = 'NOTIFIED', {}, notification = {text}, channel = 'PORTAL', consented = false, \
                     response_months = 1",
                    by("notified", "manager")
                ),
            ),
        ),
        (
            "SubmitObservations",
            vec![LOCK_REVIEW, FINDINGS, PARTIES, CONTROLLERS, NUMBER],
            answer,
        ),
        (
            "ExamineReview",
            vec![
                LOCK_REVIEW,
                FINDINGS,
                STATEMENTS,
                PARTIES,
                CONTROLLERS,
                NUMBER,
            ],
            set(
                3,
                &format!(
                    "state = 'EXAMINED', {}, analysis = {text}, recommended_outcome = 'NO_ACTION', answers_read = 1",
                    by("examined", "reviewer")
                ),
            ),
        ),
        (
            "ConcludeReview",
            vec![
                LOCK_REVIEW,
                FINDINGS,
                STATEMENTS,
                PARTIES,
                CONTROLLERS,
                NUMBER,
            ],
            set(
                4,
                &format!(
                    "state = 'CONCLUDED', {}, outcome = 'NO_ACTION', sanction_finding = null, \
                     sanction_finding_bears = null, procedure_id = null, milestones = null, objectives = null, \
                     amendment = null, reasons = {text}",
                    by("concluded", "director")
                ),
            ),
        ),
    ];
    let mut lines = vec![next.to_owned()];
    for (place, (method, read, change)) in (0_usize..).zip(steps) {
        let event = format!("e{}", place + 1);
        let append = append(
            "review",
            "reviews/",
            ":review",
            ":contract",
            &[&event],
            place,
        );
        let read: Vec<String> = read.into_iter().map(str::to_owned).collect();
        let method = format!("cpom.contracts.v1.ReviewService/{method}");
        let request = format!("r{}", place + 1);
        lines.extend(transaction(
            "somebody",
            &method,
            &request,
            read.iter().chain(&[change, append]),
        ));
    }
    lines.join("\n")
}

/// The look at a contract before its document goes to the signing provider: nothing of it is kept.
fn rehearsal(actor: &str, method: &str, request: &str, read: &[String]) -> Vec<String> {
    let mut lines = vec!["begin;".to_owned(), claim(actor, method, request)];
    lines.extend_from_slice(read);
    lines.extend([DOCUMENT.to_owned(), "rollback;".to_owned()]);
    lines
}

/// One command: its request is claimed, its work is done, its answer is recorded.
fn transaction<'a>(
    actor: &str,
    method: &str,
    request: &str,
    work: impl Iterator<Item = &'a String>,
) -> Vec<String> {
    let mut lines = vec!["begin;".to_owned(), claim(actor, method, request)];
    lines.extend(work.cloned());
    lines.push(format!(
        "update request set response = convert_to(repeat('x', 1000), 'UTF8') where actor = '{actor}' and \
         method = '{method}' and request_id = :{request};"
    ));
    lines.push("commit;".to_owned());
    lines
}

fn claim(actor: &str, method: &str, request: &str) -> String {
    format!(
        "with claimed as (insert into request (actor, method, request_id, fingerprint, recorded_at) \
         values ('{actor}', '{method}', :{request}, decode(repeat('ab', 32), 'hex'), now()) on conflict do nothing \
         returning true) select exists (select from claimed) as fresh, \
         (select commitment from person where subject = '{actor}') as person;"
    )
}

/// The head of the chain is read, the events are written and queued, in one statement each. `done` events
/// were appended before in the same script.
fn append(
    kind: &str,
    prefix: &str,
    aggregate: &str,
    contract: &str,
    events: &[&str],
    done: usize,
) -> String {
    let ids = events
        .iter()
        .map(|event| format!(":{event}"))
        .collect::<Vec<_>>()
        .join(", ");
    let column = |value: &str| vec![value; events.len()].join(", ");
    let versions = (1..=events.len())
        .map(|step| format!(":version::bigint + {}", done + step))
        .collect::<Vec<_>>()
        .join(", ");
    let (name, root) = (
        format!("'{prefix}' || {aggregate}::text"),
        format!("'contracts/' || {contract}::text"),
    );
    let hash = "decode(repeat('ab', 32), 'hex')";
    format!(
        "select event.aggregate, event.version, event.hash from unnest(array[{name}]::text[], \
         array[:version::bigint + {done}]::bigint[]) as head (aggregate, version) join event using (aggregate, version);\n\
         with fact as (select id, aggregate_kind, aggregate, version, type, root, region, reason, canonical, prev_hash, \
         hash, place from unnest(array[{ids}]::uuid[], array[{kinds}]::text[], array[{names}]::text[], \
         array[{versions}]::bigint[], array[{types}]::text[], array[{roots}]::text[], array[{regions}]::text[], \
         array[{reasons}]::text[], array[{bodies}]::bytea[], array[{hashes}]::bytea[], array[{hashes}]::bytea[]) \
         with ordinality as fact (id, aggregate_kind, aggregate, version, type, root, region, reason, canonical, \
         prev_hash, hash, place)), \
         appended as (insert into event (id, aggregate_kind, aggregate, version, type, root, region, reason, \
         canonical, prev_hash, hash, actor, actor_kind, actor_role, request_id, traceparent, recorded_at) \
         select id, aggregate_kind, aggregate, version, type, root, region, reason, canonical, prev_hash, hash, \
         'somebody', 'human', 'manager', :{request}, null, now() from fact order by place) \
         insert into outbox (event_id) select id from fact where true order by place;",
        request = if done == 0 {
            "r1".to_owned()
        } else {
            "r2".to_owned()
        },
        kinds = column(&format!("'{kind}'")),
        names = column(&name),
        types = column("'cpom.contracts.v1.Something'"),
        roots = column(&root),
        regions = column("'93'"),
        reasons = column("null"),
        bodies = column("convert_to(repeat('x', 900), 'UTF8')"),
        hashes = column(hash),
    )
}

const LOCK_CONTRACT: &str = "select contract.id, contract.region, contract.number, contract.legal_regime, contract.version, \
    contract.state, contract.text_version, contract.agreed_by, contract.freeze_version, contract.signed_at, \
    contract.in_force_at, contract.expired_at, contract.abandoned_at, contract.abandonment_reasons, \
    contract.moved_last_day, contract.extensions, contract.notice_procedure, contract.terminated_at, contract.successor, \
    contract.renewed_at, contract.closed_at, contract.closure_reasons, contract.created_at, contract.updated_at, \
    current.title, current.legal_entities, current.establishments, current.effect_date, current.end_date, \
    current.objectives, current.consultations, current.content, document.target_set, document.sha256, document.frozen_at \
    from contract join contract_version as current on current.contract_id = contract.id and \
    current.number = contract.text_version left join frozen_document as document on document.contract_id = contract.id \
    and document.freeze_version = contract.freeze_version where contract.id = :contract for update of contract;";
const OPINIONS: &str = "select opinion.contract_id, opinion.body, opinion.sense, opinion.date, opinion.comment from \
    unnest(array[:contract]::uuid[], array[:text_version]::integer[]) as current (contract_id, text_version) \
    join opinion using (contract_id, text_version) order by opinion.body collate \"C\";";
const SIGNATURES: &str = "select signature.contract_id, signature.party, signature.sha256, signature.signatory, \
    signature.signatory_kind, signature.signatory_role, signature.title, signature.signed_at, signature.mandate from \
    unnest(array[:contract]::uuid[], array[:freeze_version]::bigint[]) as current (contract_id, freeze_version) \
    join signature using (contract_id, freeze_version) order by signature.party collate \"C\";";
const REGIMES: &str = "select code, max_objectives, max_months, valid_from, valid_to, source, kind, title, mandatory, \
    departmental_councils, mid_term_months, renewal_notice_months, renewal_answer_months, extension_months, max_extensions, \
    max_total_months, extension_notice_months from legal_regime where code = 'R2020_2025';";
const DOCUMENT: &str = "select document.content, document.sha256 from contract join frozen_document as document on \
    document.contract_id = contract.id and document.freeze_version = contract.freeze_version where contract.id = :contract;";
const LOCK_REVIEW: &str = "select review.id, review.region, review.contract_id, review.campaign, review.year, review.version, \
    review.state, review.notification, review.notified_by, review.notified_by_kind, review.notified_by_role, \
    review.notified_at, review.channel, review.consented, review.response_months, review.received_on, \
    review.receipt_proof, review.received_by, review.received_by_kind, review.received_by_role, \
    review.extension_reasons, review.extended_by, review.extended_by_kind, review.extended_by_role, review.extended_at, \
    review.statements, review.reopenings, review.analysis, review.recommended_outcome, review.examined_by, \
    review.examined_by_kind, review.examined_by_role, review.examined_at, review.answers_read, review.outcome, \
    review.reasons, review.concluded_by, review.concluded_by_kind, review.concluded_by_role, review.concluded_at, \
    review.procedure_id, review.milestones, review.objectives, review.amendment, review.created_at, review.updated_at \
    from review where review.id = :review for update;";
const FINDINGS: &str = "select review_id, finding, objective, summary, severity, opposable, penalty_eligible, control, \
    attached_at, corrected_at, correction_reason, withdrawn_at, withdrawal_reason from review_finding \
    where review_id = any(array[:review]::uuid[]) order by objective collate \"C\", finding;";
const STATEMENTS: &str = "select review_id, kind, text, title, held_on, participants, sources, attachments, author, \
    author_kind, author_role, submitted_at from review_statement where review_id = any(array[:review]::uuid[]) \
    order by review_id, position;";
const PARTIES: &str = "select legal_entity from contract_party where contract_id = :contract;";
const NUMBER: &str = "select number from contract where id = :contract;";
const CONTROLLERS: &str =
    "select subject from campaign_controller_copy where campaign = :campaign;";
const MONTHS: &str = "select response_months from review_parameter where region in ('93', '*') and \
    valid_from <= '2026-01-01' order by region = '*', valid_from desc limit 1;";
const CONSENTS: &str = "select legal_entity, region, version, given, email, author, author_kind, author_role, updated_at \
    from delivery_consent where legal_entity = any(array['130000010']::text[]) order by legal_entity;";
