//! What people's acts change in a procedure: one statement an act.

use kernel::{HumanActor, legal_time::legal_day};
use sqlx::{PgConnection, Postgres, postgres::PgArguments, query::Query};
use store::Error;
use time::Date;
use uuid::Uuid;

use super::{attachment, procedure_defence};
use crate::domain::{
    Procedure,
    delivery::{Channel, Receipt},
    procedure::{AppealEnd, AppealOutcome, Event, Ground, Sanction},
};

pub(super) type Statement<'q> = Query<'q, Postgres, PgArguments>;

/// Writes a procedure that a person proposed. `event` is the recorded act; the database accepts it only
/// when its actor is a person.
pub async fn insert(
    connection: &mut PgConnection,
    procedure: &Procedure,
    event: Uuid,
) -> Result<(), Error> {
    let (review, outcome, campaign, year, finding, control) = match &procedure.ground {
        Ground::Review {
            review,
            campaign,
            year,
            finding,
            control,
        } => (
            Some(review.0),
            Some("SANCTION_PROPOSED"),
            Some(campaign.0),
            Some(*year),
            Some(finding.0),
            control.map(|id| id.0),
        ),
        Ground::Refusal => (None, None, None, None, None, None),
    };
    let proposal = &procedure.proposal;
    sqlx::query(
        "insert into procedure (
             id,
             region,
             contract_id,
             kind,
             review_id,
             review_outcome,
             campaign,
             year,
             finding,
             control,
             version,
             state,
             proposer,
             proposer_role,
             reasons,
             proposed_at,
             updated_at,
             proposal_event,
             proposal_actor_kind
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, 'PROPOSED', $11, $12, $13, $14, $14, $15, $16)",
    )
    .bind(procedure.id.0)
    .bind(procedure.region.code())
    .bind(procedure.contract.0)
    .bind(procedure.kind.as_str())
    .bind(review)
    .bind(outcome)
    .bind(campaign)
    .bind(year)
    .bind(finding)
    .bind(control)
    .bind(proposal.by.subject())
    .bind(proposal.by.role())
    .bind(proposal.reasons.as_str())
    .bind(proposal.at)
    .bind(event)
    .bind(proposal.by.actor().kind.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes what a person's act changed.
pub async fn save(
    connection: &mut PgConnection,
    after: &Procedure,
    event: &Event,
) -> Result<(), Error> {
    let statement = match event {
        Event::Opened {
            reasons,
            by,
            mandate,
        } => by_person(sqlx::query(OPEN), after, by)
            .bind(reasons.as_str())
            .bind(mandate.map(|id| id.0)),
        Event::NoticeSent {
            reasons,
            measures,
            channel,
            consented,
            months,
            by,
            mandate,
        } => by_person(sqlx::query(SEND_NOTICE), after, by)
            .bind(reasons.as_str())
            .bind(measures.as_str())
            .bind(channel.as_str())
            .bind(*consented && *channel == Channel::Portal)
            .bind(i32::try_from(*months).unwrap_or(i32::MAX))
            .bind(mandate.map(|id| id.0)),
        Event::NoticeReceived(receipt) => received(RECEIVE_NOTICE, after, receipt),
        Event::Answered {
            text,
            attachments,
            by,
        } => by_person(sqlx::query(SAY), after, by)
            .bind(number(after.answers()))
            .bind("OBSERVATIONS")
            .bind(text.as_str())
            .bind(None::<Date>)
            .bind(Vec::<String>::new())
            .bind(attachment::column(attachments)),
        Event::HearingRecorded { minutes, by } => by_person(sqlx::query(SAY), after, by)
            .bind(number(after.answers()))
            .bind("HEARING")
            .bind(minutes.text.as_str())
            .bind(Some(minutes.date))
            .bind(&minutes.participants)
            .bind(attachment::column(&minutes.attachments)),
        Event::FileRequested { by } => {
            by_person(sqlx::query(REQUEST_FILE), after, by).bind(number(after.file_requests.len()))
        }
        Event::FileGranted { documents, .. } => touched(GRANT_FILE, after).bind(documents.as_str()),
        Event::Extended {
            reasons,
            by,
            mandate,
        } => by_person(sqlx::query(EXTEND), after, by)
            .bind(reasons.as_str())
            .bind(mandate.map(|id| id.0)),
        Event::Acknowledged { answers_read, by } => {
            by_person(sqlx::query(ACKNOWLEDGE), after, by).bind(number(*answers_read))
        }
        Event::Dropped {
            reasons,
            by,
            mandate,
        } => by_person(sqlx::query(DROP), after, by)
            .bind(reasons.as_str())
            .bind(mandate.map(|id| id.0)),
        Event::Decided {
            reasons,
            sanction,
            remedies,
            algorithmic_notice,
            by,
            mandate,
        } => decided(after, sanction, by)
            .bind(reasons.as_str())
            .bind(remedies)
            .bind(algorithmic_notice)
            .bind(mandate.map(|id| id.0)),
        Event::DecisionNotified {
            channel,
            consented,
            months,
            ..
        } => touched(NOTIFY_DECISION, after)
            .bind(channel.as_str())
            .bind(*consented && *channel == Channel::Portal)
            .bind(i32::try_from(*months).unwrap_or(i32::MAX)),
        Event::DecisionReceived(receipt) => received(RECEIVE_DECISION, after, receipt),
        Event::Paid(payment) => by_person(sqlx::query(PAY), after, &payment.by)
            .bind(number(after.payments.len()))
            .bind(payment.amount)
            .bind(payment.date)
            .bind(&payment.reference),
        Event::Referred { fund, by } => by_person(sqlx::query(REFER), after, by).bind(fund),
        Event::AppealFiled { appeal, .. } => touched(APPEAL, after)
            .bind(number(after.appeals.len()))
            .bind(appeal.kind.as_str())
            .bind(appeal.date)
            .bind(appeal.grounds.as_str()),
        Event::AppealEnded { rank, end, .. } => appeal_ended(after, *rank, end),
        Event::DefenceConsulted(asked) => procedure_defence::consulted(after, asked),
        Event::DefenceAnswered(answer) => procedure_defence::answered(after, answer),
    };
    statement.execute(connection).await?;
    Ok(())
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// The first three parameters: identifier, version and instant.
fn touched<'q>(sql: &'static str, after: &Procedure) -> Statement<'q> {
    sqlx::query(sql)
        .bind(after.id.0)
        .bind(after.version)
        .bind(after.updated_at)
}

/// The first six parameters: identifier, version, instant, and who acts.
pub(super) fn by_person<'q>(
    statement: Statement<'q>,
    after: &Procedure,
    by: &'q HumanActor,
) -> Statement<'q> {
    statement
        .bind(after.id.0)
        .bind(after.version)
        .bind(after.updated_at)
        .bind(by.subject())
        .bind(by.actor().kind.as_str())
        .bind(by.role())
}

fn received<'q>(sql: &'static str, after: &Procedure, receipt: &'q Receipt) -> Statement<'q> {
    by_person(sqlx::query(sql), after, &receipt.by)
        .bind(receipt.day)
        .bind(&receipt.proof)
}

/// A decision; its reasons, its remedies and its notice are bound last.
fn decided<'q>(after: &Procedure, sanction: &'q Sanction, by: &'q HumanActor) -> Statement<'q> {
    let due = after
        .state
        .notice()
        .and_then(|notice| notice.delay.due(after.region));
    let statement = by_person(sqlx::query(DECIDE), after, by)
        .bind(legal_day(after.updated_at, after.region))
        .bind(due);
    match sanction {
        Sanction::Penalty { amount, cap } => statement
            .bind(Some(*amount))
            .bind(Some(cap.entity.to_string()))
            .bind(Some(cap.year))
            .bind(i32::try_from(cap.basis_points).ok())
            .bind(Some(&cap.source))
            .bind(Some(cap.base))
            .bind(Some(&cap.base_source))
            .bind(Some(cap.earlier))
            .bind(None::<Date>),
        Sanction::Termination { on } => statement
            .bind(None::<kernel::Decimal>)
            .bind(None::<String>)
            .bind(None::<i32>)
            .bind(None::<i32>)
            .bind(None::<String>)
            .bind(None::<kernel::Decimal>)
            .bind(None::<String>)
            .bind(None::<kernel::Decimal>)
            .bind(Some(*on)),
    }
}

fn appeal_ended<'q>(after: &Procedure, rank: usize, end: &'q AppealEnd) -> Statement<'q> {
    let reduced = match end.outcome {
        AppealOutcome::Reduced(reduced) => Some(reduced),
        AppealOutcome::Upheld | AppealOutcome::Annulled | AppealOutcome::Withdrawn => None,
    };
    touched(END_APPEAL, after)
        .bind(after.state.as_str())
        .bind(after.penalty())
        .bind(number(rank))
        .bind(end.outcome.as_str())
        .bind(end.date)
        .bind(end.reasons.as_str())
        .bind(reduced)
}

const OPEN: &str = step!(
    "procedure",
    "opened_by",
    "state = 'OPENED',
     opened_at = $3,
     opening_reasons = $7,
     opened_mandate = $8"
);

const SEND_NOTICE: &str = step!(
    "procedure",
    "noticed_by",
    "state = 'UNDER_NOTICE',
     noticed_at = $3,
     notice_reasons = $7,
     notice_measures = $8,
     notice_channel = $9,
     notice_consented = $10,
     notice_months = $11,
     noticed_mandate = $12"
);

const RECEIVE_NOTICE: &str = step!(
    "procedure",
    "notice_received_by",
    "notice_received_on = $7,
     notice_proof = $8"
);

const SAY: &str = "
    with said as (
        insert into procedure_statement (
            procedure_id,
            position,
            author,
            author_kind,
            author_role,
            recorded_at,
            kind,
            text,
            held_on,
            participants,
            attachments
        )
        values ($1, $7, $4, $5, $6, $3, $8, $9, $10, $11, $12)
    )
    update procedure set
        version = $2,
        updated_at = $3,
        answers = $7
    where id = $1";

const REQUEST_FILE: &str = "
    with asked as (
        insert into procedure_file_request (
            procedure_id,
            position,
            requester,
            requester_kind,
            requester_role,
            requested_at
        )
        values ($1, $7, $4, $5, $6, $3)
    )
    update procedure set
        version = $2,
        updated_at = $3
    where id = $1";

const GRANT_FILE: &str = "
    with granted as (
        update procedure_file_request set
            documents = $4,
            granted_at = $3
        where procedure_id = $1 and granted_at is null
    )
    update procedure set
        version = $2,
        updated_at = $3
    where id = $1";

const EXTEND: &str = step!(
    "procedure",
    "extended_by",
    "extended_at = $3,
     extension_reasons = $7,
     extended_mandate = $8"
);

const ACKNOWLEDGE: &str = step!("procedure", "read_by", "answers_read = $7");

const DROP: &str = step!(
    "procedure",
    "dropped_by",
    "state = 'DROPPED',
     dropped_at = $3,
     drop_reasons = $7,
     dropped_mandate = $8"
);

const DECIDE: &str = step!(
    "procedure",
    "decided_by",
    "state = 'DECIDED',
     decided_at = $3,
     decided_on = $7,
     notice_due = $8,
     amount = $9,
     standing_amount = $9,
     holder = $10,
     cap_year = $11,
     cap_basis_points = $12,
     cap_source = $13,
     cap_base = $14,
     cap_base_source = $15,
     cap_earlier = $16,
     termination_on = $17,
     decision_reasons = $18,
     remedies = $19,
     algorithmic_notice = $20,
     decided_mandate = $21"
);

const NOTIFY_DECISION: &str = "
    update procedure set
        version = $2,
        updated_at = $3,
        state = 'NOTIFIED',
        decision_sent_at = $3,
        decision_channel = $4,
        decision_consented = $5,
        payment_months = $6
    where id = $1";

const RECEIVE_DECISION: &str = step!(
    "procedure",
    "decision_received_by",
    "decision_received_on = $7,
     decision_proof = $8"
);

const PAY: &str = "
    with paid as (
        insert into procedure_payment (
            procedure_id,
            position,
            amount,
            paid_on,
            reference,
            recorder,
            recorder_kind,
            recorder_role
        )
        values ($1, $7, $8, $9, $10, $4, $5, $6)
    )
    update procedure set
        version = $2,
        updated_at = $3
    where id = $1";

const REFER: &str = step!(
    "procedure",
    "referred_by",
    "referred_at = $3,
     fund = $7"
);

const APPEAL: &str = "
    with appealed as (
        insert into procedure_appeal (
            procedure_id,
            position,
            kind,
            filed_on,
            grounds
        )
        values ($1, $4, $5, $6, $7)
    )
    update procedure set
        version = $2,
        updated_at = $3
    where id = $1";

const END_APPEAL: &str = "
    with ended as (
        update procedure_appeal set
            outcome = $7,
            ended_on = $8,
            outcome_reasons = $9,
            reduced_amount = $10
        where procedure_id = $1 and position = $6
    )
    update procedure set
        version = $2,
        updated_at = $3,
        state = $4,
        standing_amount = $5
    where id = $1";
