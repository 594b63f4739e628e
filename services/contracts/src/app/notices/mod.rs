//! The scheduler: who is to be reminded of what, and the e-mails. It changes nothing but these: a deadline that passes
//! decides nothing.
//!
//! Every replica runs it. A unique key keeps each notice from being queued twice, a row lock keeps it from being sent by
//! two, and its identifier is the `Message-ID`, for the one that was sent just before a crash.

pub mod mailer;
pub mod templates;

use std::time::Duration;

use kernel::legal_time::legal_day;
use store::{By, Db, Error};
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use self::mailer::Mailer;
use super::deadlines::rebuild;
use crate::{
    domain::reminder,
    store::{
        self as rows,
        deadline::Listed,
        notice::{Frequency, Letter, Preference},
    },
};

const PERIOD: Duration = Duration::from_mins(1);
/// Persons looked at in one unit of work.
const PEOPLE: i64 = 50;
/// Deadlines that one person is told of at a time, the latest last days first.
const PER_PERSON: i64 = 200;
/// Attempts after which an e-mail is left to an operator.
const MAX_ATTEMPTS: i32 = 12;

/// Plans and sends until `stop`. `machine` has the rights of a machine, which reach no procedure and no decision.
pub async fn run(machine: Db, mailer: Option<Mailer>, stop: CancellationToken) {
    if mailer.is_none() {
        info!("CPOM_MAIL_URL is not set: no e-mail is sent");
    }
    while !stop.is_cancelled() {
        if let Err(error) = once(&machine, mailer.as_ref()).await {
            warn!(%error, "notices could not be planned or sent; they will at the next tick");
        }
        tokio::select! {
            () = tokio::time::sleep(PERIOD) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Brings the list of deadlines up to the rules, plans the reminders of the day, and sends what is queued. Again at the
/// same instant, it does nothing.
pub async fn once(machine: &Db, mailer: Option<&Mailer>) -> Result<(), Error> {
    rebuild::once(machine).await?;
    let Some(mailer) = mailer else {
        return Ok(());
    };
    plan(machine).await?;
    while send_one(machine, mailer).await? {}
    Ok(())
}

async fn plan(machine: &Db) -> Result<(), Error> {
    let now = machine.clock().now();
    let mut after = String::new();
    loop {
        let mut unit = machine.unit(By::service("contracts-notices", now)).await?;
        let connection = unit.connection();
        let people = rows::notice::wanting(connection, &after, now.date(), PEOPLE).await?;
        let Some(last) = people.last() else {
            return Ok(());
        };
        after.clone_from(&last.subject);
        let steps = rows::notice::steps(connection, now.date()).await?;
        let horizon = steps.iter().copied().max().unwrap_or_default();
        let until = now
            .date()
            .saturating_add(time::Duration::days(i64::from(horizon) + 1));
        let mut letters = Vec::new();
        for person in &people {
            let due = rows::notice::due_for(connection, person, until, PER_PERSON).await?;
            letters.extend(letters_to(person, due, &steps, now));
        }
        rows::notice::enqueue(connection, letters, now).await?;
        unit.done().await?;
    }
}

/// What one person is told today.
fn letters_to(
    person: &Preference,
    due: Vec<Listed>,
    steps: &[i32],
    now: OffsetDateTime,
) -> Vec<Letter> {
    match person.frequency {
        Frequency::Never => Vec::new(),
        Frequency::Each => due
            .iter()
            .filter_map(|listed| each(person, listed, steps, now))
            .collect(),
        Frequency::Daily => daily(person, due, now).into_iter().collect(),
    }
}

fn each(
    person: &Preference,
    listed: &Listed,
    steps: &[i32],
    now: OffsetDateTime,
) -> Option<Letter> {
    let today = legal_day(now, listed.region);
    let deadline = &listed.deadline;
    let step = reminder::step(deadline.due, today, steps)?;
    let code = deadline.kind.meaning().code;
    Some(Letter {
        key: format!(
            "due/{}/{code}/{}/{}/{step}/{}",
            listed.subject, deadline.rank, deadline.due, person.subject
        ),
        recipient: person.email.clone(),
        content: templates::reminder(listed, today),
    })
}

fn daily(person: &Preference, mut due: Vec<Listed>, now: OffsetDateTime) -> Option<Letter> {
    due.sort_by_key(|listed| listed.deadline.due);
    let today = legal_day(now, due.first()?.region);
    Some(Letter {
        key: format!("digest/{today}/{}", person.subject),
        recipient: person.email.clone(),
        content: templates::digest(&due, today),
    })
}

/// Sends the next e-mail, if any. One that cannot be sent waits longer each time.
async fn send_one(machine: &Db, mailer: &Mailer) -> Result<bool, Error> {
    let now = machine.clock().now();
    let mut unit = machine.unit(By::service("contracts-notices", now)).await?;
    let Some(queued) = rows::notice::lock_next(unit.connection(), now).await? else {
        return Ok(false);
    };
    match mailer.send(&queued).await {
        Ok(()) => rows::notice::sent(unit.connection(), queued.id, now).await?,
        Err(error) => {
            let attempts = queued.attempts + 1;
            warn!(notice = %queued.id, attempts, %error, "an e-mail could not be sent");
            let error = error.to_string();
            let next = now + pause(attempts);
            rows::notice::failed(unit.connection(), queued.id, &error, next).await?;
        }
    }
    unit.done().await?;
    Ok(true)
}

/// Two minutes, then twice as long each time; ten years once an operator has to look.
fn pause(attempts: i32) -> time::Duration {
    if attempts >= MAX_ATTEMPTS {
        return time::Duration::days(3_650);
    }
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or_default();
    time::Duration::minutes(2_i64.saturating_mul(2_i64.saturating_pow(doublings)))
}
