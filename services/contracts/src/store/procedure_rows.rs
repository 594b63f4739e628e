//! Rows of a procedure, read back into the domain.

use std::collections::HashMap;

use kernel::{Decimal, HumanActor};
use sqlx::{PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{attachment, channel, parsed, person, present, procedure_defence, reasons, unexpected};
use crate::domain::{
    CampaignId, ContractId, ControlId, FindingId, MandateId, Procedure, ProcedureId, ReviewId,
    delivery::{Delay, Delivery, Extension, Receipt},
    procedure::{
        Appeal, AppealEnd, AppealKind, AppealOutcome, Before, CapCheck, Decision, Ending,
        FileRequest, Grant, Ground, Kind, Notice, Opening, Payment, Proposal, Reading, Referral,
        Sanction, State,
    },
    statement::{Hearing, Minutes, Observations},
};

/// Procedures from their rows, with all that belongs to them, in the order of the rows.
pub(super) async fn complete(
    connection: &mut PgConnection,
    rows: &[PgRow],
) -> Result<Vec<Procedure>, Error> {
    let is_proposed = |row: &PgRow| row.get::<&str, _>("state") == "PROPOSED";
    let ids: Vec<Uuid> = rows
        .iter()
        .filter(|row| !is_proposed(row))
        .map(|row| row.get("id"))
        .collect();
    let mut belongings = if ids.is_empty() {
        HashMap::new()
    } else {
        belongings(connection, &ids).await?
    };
    rows.iter()
        .map(|row| {
            let id: Uuid = row.get("id");
            let belongs = belongings.remove(&id).unwrap_or_default();
            Ok(Procedure {
                id: ProcedureId(id),
                region: parsed("region", row.get("region"))?,
                contract: ContractId(row.get("contract_id")),
                kind: kind(row.get("kind"))?,
                ground: ground(row)?,
                proposal: Proposal {
                    reasons: reasons(row.get("reasons"))?,
                    by: author(row, "proposer")?,
                    at: row.get("proposed_at"),
                },
                state: state(row)?,
                observations: belongs.observations,
                hearings: belongs.hearings,
                file_requests: belongs.file_requests,
                payments: belongs.payments,
                referral: referral(row)?,
                appeals: belongs.appeals,
                defence: procedure_defence::of(row)?,
                version: row.get("version"),
                updated_at: row.get("updated_at"),
            })
        })
        .collect()
}

fn ground(row: &PgRow) -> Result<Ground, Error> {
    let Some(review) = row.get::<Option<Uuid>, _>("review_id") else {
        return Ok(Ground::Refusal);
    };
    Ok(Ground::Review {
        review: ReviewId(review),
        campaign: CampaignId(present("campaign", row.get("campaign"))?),
        year: present("year", row.get("year"))?,
        finding: FindingId(present("finding", row.get("finding"))?),
        control: row.get::<Option<Uuid>, _>("control").map(ControlId),
    })
}

fn state(row: &PgRow) -> Result<State, Error> {
    let state: &str = row.get("state");
    Ok(match state {
        "PROPOSED" => State::Proposed,
        "OPENED" => State::Opened(opening(row)?),
        "UNDER_NOTICE" => State::UnderNotice(opening(row)?, notice(row)?),
        "DECIDED" => State::Decided(opening(row)?, notice(row)?, decision(row)?),
        "NOTIFIED" => State::Notified(opening(row)?, notice(row)?, decision(row)?, payment(row)?),
        "ANNULLED" => State::Annulled(opening(row)?, notice(row)?, decision(row)?, payment(row)?),
        "DROPPED" => State::Dropped(before(row)?, ending(row)?),
        other => return Err(unexpected("state of a procedure", other)),
    })
}

fn before(row: &PgRow) -> Result<Before, Error> {
    let has = |column: &str| row.get::<Option<OffsetDateTime>, _>(column).is_some();
    if has("noticed_at") {
        return Ok(Before::UnderNotice(opening(row)?, Box::new(notice(row)?)));
    }
    if has("opened_at") {
        return Ok(Before::Opened(opening(row)?));
    }
    Ok(Before::Proposed)
}

/// Somebody whose columns begin with `who`.
pub(super) fn author(row: &PgRow, who: &str) -> Result<HumanActor, Error> {
    let column = |suffix: &str| {
        let column = format!("{who}{suffix}");
        present(&column, row.get::<Option<String>, _>(column.as_str()))
    };
    person(column("")?, &column("_kind")?, column("_role")?)
}

fn delegation(row: &PgRow, column: &str) -> Option<MandateId> {
    row.get::<Option<Uuid>, _>(column).map(MandateId)
}

pub(super) fn why(row: &PgRow, column: &str) -> Result<kernel::Reasons, Error> {
    reasons(present(column, row.get(column))?)
}

fn opening(row: &PgRow) -> Result<Opening, Error> {
    Ok(Opening {
        reasons: why(row, "opening_reasons")?,
        by: author(row, "opened_by")?,
        mandate: delegation(row, "opened_mandate"),
        at: present("opened_at", row.get("opened_at"))?,
    })
}

fn months(row: &PgRow, column: &str) -> Result<u32, Error> {
    let months: i32 = present(column, row.get(column))?;
    Ok(u32::try_from(months).unwrap_or(1))
}

/// A delivery whose columns begin with `what`, sent at the instant of another column.
fn delivery(row: &PgRow, what: &str, sent_at: &str) -> Result<Delivery, Error> {
    let column = |suffix: &str| format!("{what}_{suffix}");
    let received_on: Option<Date> = row.get(column("received_on").as_str());
    let receipt = received_on
        .map(|day| {
            let by = author(row, &column("received_by"))?;
            let proof = row.get(column("proof").as_str());
            Ok::<_, Error>(Receipt { day, proof, by })
        })
        .transpose()?;
    Ok(Delivery {
        channel: channel(present("channel", row.get(column("channel").as_str()))?)?,
        consented: present("consented", row.get(column("consented").as_str()))?,
        sent_at: present(sent_at, row.get(sent_at))?,
        receipt,
    })
}

fn notice(row: &PgRow) -> Result<Notice, Error> {
    let extension = match row.get::<Option<OffsetDateTime>, _>("extended_at") {
        Some(at) => Some(Extension {
            reasons: why(row, "extension_reasons")?,
            by: author(row, "extended_by")?,
            at,
        }),
        None => None,
    };
    let reading = match row.get::<Option<i32>, _>("answers_read") {
        Some(answers_read) => Some(Reading {
            answers_read: usize::try_from(answers_read).unwrap_or_default(),
            by: author(row, "read_by")?,
        }),
        None => None,
    };
    Ok(Notice {
        reasons: why(row, "notice_reasons")?,
        measures: why(row, "notice_measures")?,
        by: author(row, "noticed_by")?,
        mandate: delegation(row, "noticed_mandate"),
        delay: Delay {
            delivery: delivery(row, "notice", "noticed_at")?,
            months: months(row, "notice_months")?,
            extension,
        },
        reading,
    })
}

fn decision(row: &PgRow) -> Result<Decision, Error> {
    Ok(Decision {
        reasons: why(row, "decision_reasons")?,
        sanction: sanction(row)?,
        remedies: present("remedies", row.get("remedies"))?,
        algorithmic_notice: row.get("algorithmic_notice"),
        by: author(row, "decided_by")?,
        mandate: delegation(row, "decided_mandate"),
        at: present("decided_at", row.get("decided_at"))?,
    })
}

fn sanction(row: &PgRow) -> Result<Sanction, Error> {
    if let Some(on) = row.get("termination_on") {
        return Ok(Sanction::Termination { on });
    }
    let points: i32 = present("cap_basis_points", row.get("cap_basis_points"))?;
    let holder: String = present("holder", row.get("holder"))?;
    Ok(Sanction::Penalty {
        amount: present("amount", row.get("amount"))?,
        cap: CapCheck {
            entity: parsed("holder", &holder)?,
            year: present("cap_year", row.get("cap_year"))?,
            basis_points: u32::try_from(points).unwrap_or_default(),
            source: present("cap_source", row.get("cap_source"))?,
            base: present("cap_base", row.get("cap_base"))?,
            base_source: present("cap_base_source", row.get("cap_base_source"))?,
            earlier: present("cap_earlier", row.get("cap_earlier"))?,
        },
    })
}

fn payment(row: &PgRow) -> Result<Delay, Error> {
    Ok(Delay {
        delivery: delivery(row, "decision", "decision_sent_at")?,
        months: months(row, "payment_months")?,
        extension: None,
    })
}

fn ending(row: &PgRow) -> Result<Ending, Error> {
    Ok(Ending {
        reasons: why(row, "drop_reasons")?,
        by: author(row, "dropped_by")?,
        mandate: delegation(row, "dropped_mandate"),
        at: present("dropped_at", row.get("dropped_at"))?,
    })
}

fn referral(row: &PgRow) -> Result<Option<Referral>, Error> {
    let Some(at) = row.get("referred_at") else {
        return Ok(None);
    };
    Ok(Some(Referral {
        fund: present("fund", row.get("fund"))?,
        by: author(row, "referred_by")?,
        at,
    }))
}

fn kind(text: &str) -> Result<Kind, Error> {
    match text {
        "PENALTY" => Ok(Kind::Penalty),
        "TERMINATION" => Ok(Kind::Termination),
        "REFUSAL_TO_SIGN" => Ok(Kind::RefusalToSign),
        other => Err(unexpected("kind of procedure", other)),
    }
}

/// What belongs to a procedure and grows.
#[derive(Debug, Default)]
struct Belongings {
    observations: Vec<Observations>,
    hearings: Vec<Hearing>,
    file_requests: Vec<FileRequest>,
    payments: Vec<Payment>,
    appeals: Vec<Appeal>,
}

async fn belongings(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Belongings>, Error> {
    let mut all: HashMap<Uuid, Belongings> = HashMap::new();
    let rows = sqlx::query(
        "select procedure_id, kind, text, held_on, participants, attachments, author, author_kind, author_role,
             recorded_at
         from procedure_statement
         where procedure_id = any($1)
         order by procedure_id, position",
    )
    .bind(ids)
    .fetch_all(&mut *connection)
    .await?;
    for row in rows {
        statement(&row, all.entry(row.get("procedure_id")).or_default())?;
    }
    let rows = sqlx::query(
        "select procedure_id, requester, requester_kind, requester_role, requested_at, documents, granted_at
         from procedure_file_request
         where procedure_id = any($1)
         order by procedure_id, position",
    )
    .bind(ids)
    .fetch_all(&mut *connection)
    .await?;
    for row in rows {
        let request = file_request(&row)?;
        let belongs = all.entry(row.get("procedure_id")).or_default();
        belongs.file_requests.push(request);
    }
    let rows = sqlx::query(
        "select procedure_id, amount, paid_on, reference, recorder, recorder_kind, recorder_role
         from procedure_payment
         where procedure_id = any($1)
         order by procedure_id, position",
    )
    .bind(ids)
    .fetch_all(&mut *connection)
    .await?;
    for row in rows {
        let payment = Payment {
            amount: row.get("amount"),
            date: row.get("paid_on"),
            reference: row.get("reference"),
            by: author(&row, "recorder")?,
        };
        let belongs = all.entry(row.get("procedure_id")).or_default();
        belongs.payments.push(payment);
    }
    let rows = sqlx::query(
        "select procedure_id, kind, filed_on, grounds, outcome, ended_on, outcome_reasons, reduced_amount
         from procedure_appeal
         where procedure_id = any($1)
         order by procedure_id, position",
    )
    .bind(ids)
    .fetch_all(connection)
    .await?;
    for row in rows {
        let appeal = appeal(&row)?;
        let belongs = all.entry(row.get("procedure_id")).or_default();
        belongs.appeals.push(appeal);
    }
    Ok(all)
}

fn statement(row: &PgRow, belongs: &mut Belongings) -> Result<(), Error> {
    let by = author(row, "author")?;
    let (text, at) = (reasons(row.get("text"))?, row.get("recorded_at"));
    let attachments = attachment::of(row)?;
    match row.get::<Option<Date>, _>("held_on") {
        None => belongs.observations.push(Observations {
            text,
            attachments,
            by,
            at,
        }),
        Some(date) => belongs.hearings.push(Hearing {
            minutes: Minutes {
                date,
                participants: row.get("participants"),
                text,
                attachments,
            },
            by,
            at,
        }),
    }
    Ok(())
}

fn file_request(row: &PgRow) -> Result<FileRequest, Error> {
    let granted = match row.get("granted_at") {
        Some(at) => Some(Grant {
            documents: why(row, "documents")?,
            at,
        }),
        None => None,
    };
    Ok(FileRequest {
        by: author(row, "requester")?,
        at: row.get("requested_at"),
        granted,
    })
}

fn appeal(row: &PgRow) -> Result<Appeal, Error> {
    let kind = match row.get("kind") {
        "GRACIOUS" => AppealKind::Gracious,
        "HIERARCHICAL" => AppealKind::Hierarchical,
        "JUDICIAL" => AppealKind::Judicial,
        other => return Err(unexpected("kind of appeal", other)),
    };
    let reduced: Option<Decimal> = row.get("reduced_amount");
    let outcome = match row.get::<Option<&str>, _>("outcome") {
        None => None,
        Some("UPHELD") => Some(AppealOutcome::Upheld),
        Some("REDUCED") => Some(AppealOutcome::Reduced(present("reduced_amount", reduced)?)),
        Some("ANNULLED") => Some(AppealOutcome::Annulled),
        Some("WITHDRAWN") => Some(AppealOutcome::Withdrawn),
        Some(other) => return Err(unexpected("outcome of an appeal", other)),
    };
    let ended = match outcome {
        Some(outcome) => Some(AppealEnd {
            outcome,
            date: present("ended_on", row.get("ended_on"))?,
            reasons: why(row, "outcome_reasons")?,
        }),
        None => None,
    };
    Ok(Appeal {
        kind,
        date: row.get("filed_on"),
        grounds: why(row, "grounds")?,
        ended,
    })
}
