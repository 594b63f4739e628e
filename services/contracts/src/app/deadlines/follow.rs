//! The list of what is due follows each change, in its unit of work.

use std::collections::BTreeSet;

use kernel::{Region, legal_time::legal_day};
use sqlx::PgConnection;
use store::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    app::read_amendments,
    domain::{
        Amendment, Contract, LegalRegime, Procedure, Programming, ProgrammingId, Renewal, Review,
        Withdrawal,
        deadline::{Course, Deadline, Standing, of_series, pending_steps},
        follow_up::{Evaluation, Meeting},
        programming::State as ProgrammingState,
    },
    store::{
        self as rows,
        deadline::{Owner, replace, rewrite},
    },
};

/// A contract went on: its deadlines are computed again when what they hang on changed. `regime` spares reading it.
pub(crate) async fn contract(
    connection: &mut PgConnection,
    (before, after): (Option<Course>, &Contract),
    regime: Option<&LegalRegime>,
    now: OffsetDateTime,
) -> Result<(), Error> {
    if before == after.course() {
        return Ok(());
    }
    let (None, Some(regime)) = (before, regime) else {
        return contract_again(connection, after, now).await;
    };
    // Nothing was done yet about the term and the steps of a contract that has just been signed, and nothing amends it.
    let mut due = after.deadlines(regime, &Standing::default());
    due.extend(pending_steps(&after.text, &BTreeSet::new()));
    replace(connection, &of_contract(after), &[], &due).await
}

/// Something was done about the term or the steps of a contract: its deadlines are computed again.
pub(crate) async fn contract_again(
    connection: &mut PgConnection,
    contract: &Contract,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let due = if contract.course().is_some() {
        let regime = rows::regime::of_code(connection, &contract.legal_regime).await?;
        under(connection, contract, &regime, now).await?
    } else {
        Vec::new()
    };
    rewrite(connection, &of_contract(contract), &due).await
}

/// What a contract has due under its regime, with the steps of its text as amendments make it today.
pub(super) async fn under(
    connection: &mut PgConnection,
    contract: &Contract,
    regime: &LegalRegime,
    now: OffsetDateTime,
) -> Result<Vec<Deadline>, Error> {
    let standing = rows::deadline::standing(connection, contract.id).await?;
    let mut due = contract.deadlines(regime, &standing);
    if contract.course().is_some() {
        let today = legal_day(now, contract.region);
        let (text, _) = read_amendments::on(connection, contract.id, &contract.text, today).await?;
        let done = rows::step::done(connection, contract.id).await?;
        due.extend(pending_steps(&text, &done));
    }
    Ok(due)
}

/// A programming went on: what is due for each version of its series is written again.
pub(crate) async fn programming(
    connection: &mut PgConnection,
    after: &Programming,
) -> Result<(), Error> {
    let region = after.series.region;
    if matches!(after.state, ProgrammingState::Discarded { .. }) {
        rewrite(connection, &of_programming(after.id, region), &[]).await?;
    }
    let versions = rows::programming_days::scheduled(connection, &after.series).await?;
    for (id, due) in of_series(&versions) {
        rewrite(connection, &of_programming(id, region), &due).await?;
    }
    Ok(())
}

/// Something that has deadlines of its own went on.
pub(crate) async fn changed<S: Subject>(
    connection: &mut PgConnection,
    before: &[Deadline],
    after: &S,
) -> Result<(), Error> {
    replace(connection, &after.owner(), before, &after.due()).await
}

/// What deadlines belong to, beside contracts: these have theirs from their own facts alone.
pub(crate) trait Subject {
    fn id(&self) -> Uuid;
    fn owner(&self) -> Owner;
    fn due(&self) -> Vec<Deadline>;
}

macro_rules! subjects {
    ($($subject:ty),+) => {
        $(impl Subject for $subject {
            fn id(&self) -> Uuid {
                self.id.0
            }
            fn owner(&self) -> Owner {
                Owner {
                    subject: self.id.to_string(),
                    contract: Some(self.contract),
                    region: self.region,
                }
            }
            fn due(&self) -> Vec<Deadline> {
                self.deadlines()
            }
        })+
    };
}
subjects!(
    Renewal, Withdrawal, Amendment, Evaluation, Meeting, Review, Procedure
);

pub(super) fn of_contract(contract: &Contract) -> Owner {
    Owner {
        subject: contract.id.to_string(),
        contract: Some(contract.id),
        region: contract.region,
    }
}

pub(super) fn of_programming(id: ProgrammingId, region: Region) -> Owner {
    Owner {
        subject: id.to_string(),
        contract: None,
        region,
    }
}
