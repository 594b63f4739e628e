//! The list of deadlines, computed again from what it is about when the rules of the program are newer than those it was
//! computed with.

use std::collections::HashMap;

use sqlx::PgConnection;
use store::{By, Db, Error, Unit};
use uuid::Uuid;

use super::follow::{self, Subject};
use crate::{
    domain::{
        LegalRegime,
        deadline::{Deadline, of_series},
    },
    store::{self as rows, deadline::Owner},
};

/// Increased with each change of what a deadline is.
const RULES: i32 = 3;
/// Subjects of one unit of work.
const BATCH: i64 = 200;

/// What deadlines belong to.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Contract,
    Renewal,
    Withdrawal,
    Amendment,
    Evaluation,
    Meeting,
    Review,
    Procedure,
    Programming,
}

/// Subjects of one kind after an identifier, with what is due for each.
type Page = Vec<(Uuid, Owner, Vec<Deadline>)>;

/// Computes the list again if it has to be. Two processes that do it at once write the same rows.
pub async fn once(machine: &Db) -> Result<(), Error> {
    let now = machine.clock().now();
    let mut connection = machine.pool().acquire().await?;
    if rows::notice::is_built(&mut connection, RULES).await? {
        return Ok(());
    }
    drop(connection);
    let by = By::service("contracts-deadlines", now);
    for kind in [
        Kind::Contract,
        Kind::Renewal,
        Kind::Withdrawal,
        Kind::Amendment,
        Kind::Evaluation,
        Kind::Meeting,
        Kind::Review,
        Kind::Procedure,
        Kind::Programming,
    ] {
        let mut after = None;
        loop {
            let mut unit = machine.unit(by.clone()).await?;
            let page = kind.page(&mut unit, after).await?;
            let Some((last, ..)) = page.last() else {
                break;
            };
            after = Some(*last);
            for (_, owner, due) in &page {
                rows::deadline::rewrite(unit.connection(), owner, due).await?;
            }
            unit.done().await?;
        }
    }
    let mut unit = machine.unit(by).await?;
    rows::notice::built(unit.connection(), RULES, now).await?;
    unit.done().await
}

impl Kind {
    async fn page(self, unit: &mut Unit, after: Option<Uuid>) -> Result<Page, Error> {
        let connection = unit.connection();
        Ok(match self {
            Self::Contract => return contracts(unit, after).await,
            Self::Renewal => due(&rows::renewal::all_after(connection, after, BATCH).await?),
            Self::Withdrawal => due(&rows::withdrawal::all_after(connection, after, BATCH).await?),
            Self::Amendment => due(&rows::amendment::all_after(connection, after, BATCH).await?),
            Self::Evaluation => due(&rows::evaluation::all_after(connection, after, BATCH).await?),
            Self::Meeting => due(&rows::meeting::all_after(connection, after, BATCH).await?),
            Self::Review => due(&rows::review::all_after(connection, after, BATCH).await?),
            Self::Procedure => due(&rows::procedure::all_after(connection, after, BATCH).await?),
            Self::Programming => return programmings(connection, after).await,
        })
    }
}

fn due<S: Subject>(subjects: &[S]) -> Page {
    let entry = |subject: &S| (subject.id(), subject.owner(), subject.due());
    subjects.iter().map(entry).collect()
}

/// The versions of all series at once: a series is written as a whole, and there are few.
async fn programmings(connection: &mut PgConnection, after: Option<Uuid>) -> Result<Page, Error> {
    let mut page = Vec::new();
    if after.is_some() {
        return Ok(page);
    }
    for series in rows::programming_days::series(connection).await? {
        let versions = rows::programming_days::scheduled(connection, &series).await?;
        let due = of_series(&versions).into_iter();
        page.extend(due.map(|(id, due)| (id.0, follow::of_programming(id, series.region), due)));
    }
    Ok(page)
}

/// The contracts of a page share a few regimes: each is read once.
async fn contracts(unit: &mut Unit, after: Option<Uuid>) -> Result<Page, Error> {
    let mut regimes: HashMap<String, LegalRegime> = HashMap::new();
    let now = unit.at();
    let mut page = Vec::new();
    for contract in rows::contract::all_after(unit.connection(), after, BATCH).await? {
        let code = &contract.legal_regime;
        let regime = if let Some(regime) = regimes.get(code) {
            regime.clone()
        } else {
            let regime = rows::regime::of_code(unit.connection(), code).await?;
            regimes.insert(code.clone(), regime.clone());
            regime
        };
        let due = follow::under(unit.connection(), &contract, &regime, now).await?;
        page.push((contract.id.0, follow::of_contract(&contract), due));
    }
    Ok(page)
}
