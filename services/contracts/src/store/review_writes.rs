//! What people's acts change in a review: one statement an act.

use kernel::HumanActor;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Postgres, postgres::PgArguments, query::Query, types::Json};
use store::Error;
use time::{Date, OffsetDateTime};

use super::attachment;
use crate::domain::{
    Review,
    review::{Ending, Milestone, Outcome, human::HumanEvent},
};

type Statement<'q> = Query<'q, Postgres, PgArguments>;

time::serde::format_description!(day, Date, "[year]-[month]-[day]");

/// A milestone as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredMilestone {
    pub(super) title: String,
    #[serde(with = "day")]
    pub(super) due: Date,
    pub(super) note: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) reached_at: Option<OffsetDateTime>,
}

/// Writes what a person's act changed.
pub async fn save_human(
    connection: &mut PgConnection,
    after: &Review,
    event: &HumanEvent,
) -> Result<(), Error> {
    let statement = match event {
        HumanEvent::Notified {
            message,
            channel,
            consented,
            months,
            by,
        } => by_person(
            sqlx::query(step!(
                "review",
                "notified_by",
                "state = 'NOTIFIED',
                 notified_at = $3,
                 notification = $7,
                 channel = $8,
                 consented = $9,
                 response_months = $10"
            )),
            after,
            by,
        )
        .bind(message.as_str())
        .bind(channel.as_str())
        .bind(*consented && *channel == crate::domain::delivery::Channel::Portal)
        .bind(i32::try_from(*months).unwrap_or(i32::MAX)),
        HumanEvent::Received(receipt) => by_person(
            sqlx::query(step!(
                "review",
                "received_by",
                "received_on = $7,
                 receipt_proof = $8"
            )),
            after,
            &receipt.by,
        )
        .bind(receipt.day)
        .bind(&receipt.proof),
        HumanEvent::Extended { reasons, by } => by_person(
            sqlx::query(step!(
                "review",
                "extended_by",
                "extended_at = $3,
                 extension_reasons = $7"
            )),
            after,
            by,
        )
        .bind(reasons.as_str()),
        HumanEvent::ObservationsSubmitted {
            text,
            attachments,
            by,
        } => said(after, by, "OBSERVATIONS")
            .bind(text.as_str())
            .bind(attachment::column(attachments))
            .bind(None::<String>)
            .bind(None::<Date>)
            .bind(Vec::<String>::new())
            .bind(Vec::<String>::new()),
        HumanEvent::HearingRecorded { minutes, by } => said(after, by, "HEARING")
            .bind(minutes.text.as_str())
            .bind(attachment::column(&minutes.attachments))
            .bind(None::<String>)
            .bind(Some(minutes.date))
            .bind(&minutes.participants)
            .bind(Vec::<String>::new()),
        HumanEvent::ContextAdded {
            title,
            text,
            references,
            attachments,
            by,
        } => said(after, by, "CONTEXT")
            .bind(text.as_str())
            .bind(attachment::column(attachments))
            .bind(Some(title))
            .bind(None::<Date>)
            .bind(Vec::<String>::new())
            .bind(references),
        HumanEvent::Examined {
            analysis,
            recommended,
            answers_read,
            by,
        } => by_person(
            sqlx::query(step!(
                "review",
                "examined_by",
                "state = 'EXAMINED',
                 examined_at = $3,
                 analysis = $7,
                 recommended_outcome = $8,
                 answers_read = $9"
            )),
            after,
            by,
        )
        .bind(analysis.as_str())
        .bind(recommended.as_str())
        .bind(i32::try_from(*answers_read).unwrap_or(i32::MAX)),
        HumanEvent::Concluded {
            ending,
            reasons,
            by,
        } => concluded(after, ending, by).bind(reasons.as_str()),
        HumanEvent::MilestoneReached { .. } => sqlx::query(
            "update review set
                 version = $2,
                 updated_at = $3,
                 milestones = $4
             where id = $1",
        )
        .bind(after.id.0)
        .bind(after.version)
        .bind(after.updated_at)
        .bind(after.state.conclusion().and_then(|c| plan(&c.ending))),
        HumanEvent::Reopened { .. } => sqlx::query(REOPEN)
            .bind(after.id.0)
            .bind(after.version)
            .bind(after.updated_at),
    };
    statement.execute(connection).await?;
    Ok(())
}

/// The first six parameters: identifier, version, instant, and who acts.
fn by_person<'q>(statement: Statement<'q>, after: &Review, by: &'q HumanActor) -> Statement<'q> {
    statement
        .bind(after.id.0)
        .bind(after.version)
        .bind(after.updated_at)
        .bind(by.subject())
        .bind(by.actor().kind.as_str())
        .bind(by.role())
}

/// Something said: observations, a hearing or a note of context. Only the last is not to be read before closing.
fn said<'q>(after: &Review, by: &'q HumanActor, kind: &'static str) -> Statement<'q> {
    let statements = after.answers() + after.context.len();
    by_person(
        sqlx::query(
            "with said as (
                 insert into review_statement (
                     review_id,
                     position,
                     author,
                     author_kind,
                     author_role,
                     submitted_at,
                     kind,
                     text,
                     attachments,
                     title,
                     held_on,
                     participants,
                     sources
                 )
                 values ($1, $7, $4, $5, $6, $3, $9, $10, $11, $12, $13, $14, $15)
             )
             update review set
                 version = $2,
                 updated_at = $3,
                 statements = $7,
                 answers = $8
             where id = $1",
        ),
        after,
        by,
    )
    .bind(i32::try_from(statements).unwrap_or(i32::MAX))
    .bind(i32::try_from(after.answers()).unwrap_or(i32::MAX))
    .bind(kind)
}

/// A conclusion; its reasons are bound last.
fn concluded<'q>(after: &Review, ending: &'q Ending, by: &'q HumanActor) -> Statement<'q> {
    let ground = after
        .sanction_ground()
        .filter(|_| ending.outcome() == Outcome::SanctionProposed);
    let (amendment, objectives) = match ending {
        Ending::AmendmentProposed {
            amendment,
            objectives,
        } => (Some(amendment.0), Some(objectives)),
        Ending::NoAction | Ending::ActionPlan { .. } | Ending::SanctionProposed { .. } => {
            (None, None)
        }
    };
    by_person(
        sqlx::query(step!(
            "review",
            "concluded_by",
            "state = 'CONCLUDED',
             concluded_at = $3,
             outcome = $7,
             sanction_finding = $8,
             sanction_finding_bears = $9,
             procedure_id = $10,
             milestones = $11,
             objectives = $12,
             amendment = $13,
             reasons = $14"
        )),
        after,
        by,
    )
    .bind(ending.outcome().as_str())
    .bind(ground.map(|finding| finding.finding.0))
    .bind(ground.map(|_| true))
    .bind(ending.procedure().map(|id| id.0))
    .bind(plan(ending))
    .bind(objectives)
    .bind(amendment)
}

fn plan(ending: &Ending) -> Option<Json<Vec<StoredMilestone>>> {
    let stored = |milestone: &Milestone| {
        let reached = milestone.reached.as_ref();
        StoredMilestone {
            title: milestone.title.clone(),
            due: milestone.due,
            note: reached.map(|r| r.note.as_str().to_owned()),
            reached_at: reached.map(|r| r.at),
        }
    };
    match ending {
        Ending::ActionPlan { milestones } => Some(Json(milestones.iter().map(stored).collect())),
        Ending::NoAction | Ending::AmendmentProposed { .. } | Ending::SanctionProposed { .. } => {
            None
        }
    }
}

/// The history keeps what was concluded; the row goes back to where people notify.
const REOPEN: &str = "
    update review set
        version = $2,
        updated_at = $3,
        state = 'OPEN',
        reopenings = reopenings + 1,
        notification = null,
        notified_by = null,
        notified_by_kind = null,
        notified_by_role = null,
        notified_at = null,
        channel = null,
        consented = null,
        response_months = null,
        received_on = null,
        receipt_proof = null,
        received_by = null,
        received_by_kind = null,
        received_by_role = null,
        extension_reasons = null,
        extended_by = null,
        extended_by_kind = null,
        extended_by_role = null,
        extended_at = null,
        analysis = null,
        recommended_outcome = null,
        examined_by = null,
        examined_by_kind = null,
        examined_by_role = null,
        examined_at = null,
        answers_read = null,
        outcome = null,
        reasons = null,
        concluded_by = null,
        concluded_by_kind = null,
        concluded_by_role = null,
        concluded_at = null,
        milestones = null,
        objectives = null,
        amendment = null
    where id = $1";
