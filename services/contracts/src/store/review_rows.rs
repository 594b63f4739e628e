//! Rows of a review, read back into the domain.

use std::collections::HashMap;

use sqlx::{PgConnection, Row as _, postgres::PgRow, types::Json};
use store::Error;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{
    attachment, channel, parsed, person, present, reasons, review_writes::StoredMilestone,
    severity, unexpected,
};
use crate::domain::{
    AmendmentId, CampaignId, ContractId, ControlId, FindingId, ProcedureId, Review, ReviewId,
    delivery::{Delay, Delivery, Extension, Receipt},
    review::{
        AttachedFinding, Conclusion, Correction, Ending, Examination, Milestone, Notification,
        Outcome, Reached, State, Withdrawal,
    },
    statement::{ContextNote, Hearing, Minutes, Observations},
};

/// Reviews from their rows, with their findings and what was said, in the order of the rows.
pub(super) async fn complete(
    connection: &mut PgConnection,
    rows: &[PgRow],
) -> Result<Vec<Review>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.get("id")).collect();
    let mut findings = findings(connection, &ids).await?;
    let has_statements = |row: &PgRow| row.get::<i32, _>("statements") > 0;
    let mut said = if rows.iter().any(has_statements) {
        statements(connection, &ids).await?
    } else {
        HashMap::new()
    };
    rows.iter()
        .map(|row| {
            let id: Uuid = row.get("id");
            let said = said.remove(&id).unwrap_or_default();
            let reopenings: i32 = row.get("reopenings");
            Ok(Review {
                id: ReviewId(id),
                region: parsed("region", row.get("region"))?,
                contract: ContractId(row.get("contract_id")),
                campaign: CampaignId(row.get("campaign")),
                year: row.get("year"),
                findings: findings.remove(&id).unwrap_or_default(),
                observations: said.observations,
                hearings: said.hearings,
                context: said.context,
                reopenings: u32::try_from(reopenings).unwrap_or_default(),
                state: state(row)?,
                version: row.get("version"),
                created_at: row.get("created_at"),
                updated_at: row.get("updated_at"),
            })
        })
        .collect()
}

fn state(row: &PgRow) -> Result<State, Error> {
    let state: &str = row.get("state");
    Ok(match state {
        "OPEN" => State::Open,
        "NOTIFIED" => State::Notified {
            notification: notification(row)?,
        },
        "EXAMINED" => State::Examined {
            notification: notification(row)?,
            examination: examination(row)?,
        },
        "CONCLUDED" => State::Concluded {
            notification: notification(row)?,
            examination: examination(row)?,
            conclusion: conclusion(row)?,
        },
        other => return Err(unexpected("state of a review", other)),
    })
}

fn author(row: &PgRow, verb: &str) -> Result<kernel::HumanActor, Error> {
    let column = |suffix: &str| {
        let column = format!("{verb}_by{suffix}");
        present(&column, row.get::<Option<String>, _>(column.as_str()))
    };
    person(column("")?, &column("_kind")?, column("_role")?)
}

fn notification(row: &PgRow) -> Result<Notification, Error> {
    let months: i32 = present("response_months", row.get("response_months"))?;
    Ok(Notification {
        message: reasons(present("notification", row.get("notification"))?)?,
        by: author(row, "notified")?,
        delay: Delay {
            delivery: delivery(row)?,
            months: u32::try_from(months).unwrap_or(1),
            extension: extension(row)?,
        },
    })
}

fn delivery(row: &PgRow) -> Result<Delivery, Error> {
    let received_on: Option<Date> = row.get("received_on");
    let receipt = received_on
        .map(|day| {
            let (proof, by) = (row.get("receipt_proof"), author(row, "received")?);
            Ok::<_, Error>(Receipt { day, proof, by })
        })
        .transpose()?;
    Ok(Delivery {
        channel: channel(present("channel", row.get("channel"))?)?,
        consented: present("consented", row.get("consented"))?,
        sent_at: present("notified_at", row.get("notified_at"))?,
        receipt,
    })
}

fn extension(row: &PgRow) -> Result<Option<Extension>, Error> {
    let Some(why) = row.get::<Option<String>, _>("extension_reasons") else {
        return Ok(None);
    };
    Ok(Some(Extension {
        reasons: reasons(why)?,
        by: author(row, "extended")?,
        at: present("extended_at", row.get("extended_at"))?,
    }))
}

fn examination(row: &PgRow) -> Result<Examination, Error> {
    let answers_read: i32 = present("answers_read", row.get("answers_read"))?;
    Ok(Examination {
        analysis: reasons(present("analysis", row.get("analysis"))?)?,
        recommended: outcome(present("recommendation", row.get("recommended_outcome"))?)?,
        by: author(row, "examined")?,
        at: present("examined_at", row.get("examined_at"))?,
        answers_read: usize::try_from(answers_read).unwrap_or_default(),
    })
}

fn conclusion(row: &PgRow) -> Result<Conclusion, Error> {
    Ok(Conclusion {
        ending: ending(row)?,
        reasons: reasons(present("reasons", row.get("reasons"))?)?,
        by: author(row, "concluded")?,
        at: present("concluded_at", row.get("concluded_at"))?,
    })
}

fn ending(row: &PgRow) -> Result<Ending, Error> {
    Ok(match outcome(present("outcome", row.get("outcome"))?)? {
        Outcome::NoAction => Ending::NoAction,
        Outcome::ActionPlan => {
            let Json(stored) = present(
                "milestones",
                row.get::<Option<Json<Vec<StoredMilestone>>>, _>("milestones"),
            )?;
            let milestones = stored.into_iter().map(milestone);
            Ending::ActionPlan {
                milestones: milestones.collect::<Result<_, _>>()?,
            }
        }
        Outcome::AmendmentProposed => Ending::AmendmentProposed {
            amendment: AmendmentId(present("amendment", row.get("amendment"))?),
            objectives: present("objectives", row.get("objectives"))?,
        },
        Outcome::SanctionProposed => Ending::SanctionProposed {
            procedure: ProcedureId(present("procedure", row.get("procedure_id"))?),
        },
    })
}

fn milestone(stored: StoredMilestone) -> Result<Milestone, Error> {
    let reached = match (stored.note, stored.reached_at) {
        (Some(note), Some(at)) => {
            let note = reasons(note)?;
            Some(Reached { note, at })
        }
        _ => None,
    };
    Ok(Milestone {
        title: stored.title,
        due: stored.due,
        reached,
    })
}

fn outcome(text: &str) -> Result<Outcome, Error> {
    match text {
        "NO_ACTION" => Ok(Outcome::NoAction),
        "ACTION_PLAN" => Ok(Outcome::ActionPlan),
        "AMENDMENT_PROPOSED" => Ok(Outcome::AmendmentProposed),
        "SANCTION_PROPOSED" => Ok(Outcome::SanctionProposed),
        other => Err(unexpected("outcome", other)),
    }
}

/// Findings in the order of the objectives, so that the order of their arrival does not show.
async fn findings(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<AttachedFinding>>, Error> {
    let rows = sqlx::query(
        r#"select
             review_id,
             finding,
             objective,
             summary,
             severity,
             opposable,
             penalty_eligible,
             control,
             attached_at,
             corrected_at,
             correction_reason,
             withdrawn_at,
             withdrawal_reason
         from review_finding
         where review_id = any($1)
         order by objective collate "C", finding"#,
    )
    .bind(ids)
    .fetch_all(connection)
    .await?;
    let mut findings: HashMap<Uuid, Vec<AttachedFinding>> = HashMap::new();
    for row in rows {
        let reason: Option<String> = row.get("withdrawal_reason");
        let withdrawn = row
            .get::<Option<OffsetDateTime>, _>("withdrawn_at")
            .map(|at| Withdrawal {
                reason: reason.unwrap_or_default(),
                at,
            });
        let correction: Option<String> = row.get("correction_reason");
        let corrected = row
            .get::<Option<OffsetDateTime>, _>("corrected_at")
            .map(|at| Correction {
                reason: correction.unwrap_or_default(),
                at,
            });
        findings
            .entry(row.get("review_id"))
            .or_default()
            .push(AttachedFinding {
                finding: FindingId(row.get("finding")),
                objective: row.get("objective"),
                summary: row.get("summary"),
                severity: severity(row.get("severity"))?,
                opposable: row.get("opposable"),
                penalty_eligible: row.get("penalty_eligible"),
                control: row.get::<Option<Uuid>, _>("control").map(ControlId),
                attached_at: row.get("attached_at"),
                corrected,
                withdrawn,
            });
    }
    Ok(findings)
}

/// What was said in a review.
#[derive(Debug, Default)]
struct Said {
    observations: Vec<Observations>,
    hearings: Vec<Hearing>,
    context: Vec<ContextNote>,
}

async fn statements(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Said>, Error> {
    let rows = sqlx::query(
        "select
             review_id,
             kind,
             text,
             title,
             held_on,
             participants,
             sources,
             attachments,
             author,
             author_kind,
             author_role,
             submitted_at
         from review_statement
         where review_id = any($1)
         order by review_id, position",
    )
    .bind(ids)
    .fetch_all(connection)
    .await?;
    let mut all: HashMap<Uuid, Said> = HashMap::new();
    for row in rows {
        let (kind, role) = (row.get("author_kind"), row.get("author_role"));
        let by = person(row.get("author"), kind, role)?;
        let (text, at) = (reasons(row.get("text"))?, row.get("submitted_at"));
        let attachments = attachment::of(&row)?;
        let said = all.entry(row.get("review_id")).or_default();
        match row.get("kind") {
            "OBSERVATIONS" => said.observations.push(Observations {
                text,
                attachments,
                by,
                at,
            }),
            "HEARING" => said.hearings.push(Hearing {
                minutes: Minutes {
                    date: present("held_on", row.get("held_on"))?,
                    participants: row.get("participants"),
                    text,
                    attachments,
                },
                by,
                at,
            }),
            "CONTEXT" => said.context.push(ContextNote {
                title: present("title", row.get("title"))?,
                text,
                references: row.get("sources"),
                attachments,
                by,
                at,
            }),
            other => return Err(unexpected("kind of statement", other)),
        }
    }
    Ok(all)
}
