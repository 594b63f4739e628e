//! The list of what is due follows each change, in its unit of work.

use sqlx::PgConnection;
use store::Error;
use uuid::Uuid;

use crate::{
    domain::{
        Amendment, Contract, LegalRegime, Procedure, Renewal, Review,
        deadline::{Course, Deadline, Standing},
        follow_up::{Evaluation, Meeting},
    },
    store::{
        self as rows,
        deadline::{Owner, replace, rewrite},
    },
};

/// A contract went on: its deadlines are computed again when what they hang on changed. `regime` spares reading it.
pub(crate) async fn contract(
    connection: &mut PgConnection,
    before: Option<Course>,
    after: &Contract,
    regime: Option<&LegalRegime>,
) -> Result<(), Error> {
    if before == after.course() {
        return Ok(());
    }
    let (None, Some(regime)) = (before, regime) else {
        return contract_again(connection, after).await;
    };
    // Nothing was done yet about the term of a contract that has just been signed.
    let due = after.deadlines(regime, Standing::default());
    replace(connection, &of_contract(after), &[], &due).await
}

/// Something was done about the term of a contract: its deadlines are computed again.
pub(crate) async fn contract_again(
    connection: &mut PgConnection,
    contract: &Contract,
) -> Result<(), Error> {
    let due = if contract.course().is_some() {
        let regime = rows::regime::of_code(connection, &contract.legal_regime).await?;
        under(connection, contract, &regime).await?
    } else {
        Vec::new()
    };
    rewrite(connection, &of_contract(contract), &due).await
}

/// What a contract has due under its regime.
pub(super) async fn under(
    connection: &mut PgConnection,
    contract: &Contract,
    regime: &LegalRegime,
) -> Result<Vec<Deadline>, Error> {
    let standing = rows::deadline::standing(connection, contract.id).await?;
    Ok(contract.deadlines(regime, standing))
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
                    contract: self.contract,
                    region: self.region,
                }
            }
            fn due(&self) -> Vec<Deadline> {
                self.deadlines()
            }
        })+
    };
}
subjects!(Renewal, Amendment, Evaluation, Meeting, Review, Procedure);

pub(super) fn of_contract(contract: &Contract) -> Owner {
    Owner {
        subject: contract.id.to_string(),
        contract: contract.id,
        region: contract.region,
    }
}
