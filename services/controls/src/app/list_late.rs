//! The copy of the contracts learnt of one that belongs to years whose data are frozen: it is listed as late, and
//! controlled unless the campaign is closed. Runs inside the transaction of the consumer.

use ::store::{Error, Unit};
use kernel::Region;
use time::Date;

use crate::{
    domain::{
        ContractId, ControlId,
        campaign::{Command, Event, LateReason, days_of},
    },
    events::published,
    store::{
        campaign::{self, Act},
        contract_copy, control, inconsistent,
        late_contract::{self, Late},
    },
};

/// Lists the contract in every frozen campaign of its term that lacks it.
pub async fn run(
    unit: &mut Unit,
    (contract, region): (ContractId, Region),
    (first, last): (Date, Date),
    reason: LateReason,
) -> Result<(), Error> {
    let years = (first.year(), last.year());
    for mut campaign in campaign::lock_of_years(unit.connection(), region, years).await? {
        let id = campaign.id;
        let is_known = control::id_of(unit.connection(), id, contract)
            .await?
            .is_some()
            || late_contract::is_listed(unit.connection(), id, contract).await?;
        if is_known {
            continue;
        }
        let command = Command::ListLate {
            contract,
            reason,
            control: ControlId::generate(),
        };
        for event in campaign.decide(&command).map_err(inconsistent)? {
            campaign = campaign.evolve(&event);
            unit.append(vec![published::campaign(&campaign, &event)?])
                .await?;
            let at = unit.at();
            campaign::update(unit.connection(), &campaign, Act::Other, at).await?;
            let Event::LateListed { control, .. } = event else {
                continue;
            };
            if let Some(control) = control {
                let listed =
                    contract_copy::listed_of(unit.connection(), contract, days_of(campaign.year))
                        .await?
                        .ok_or_else(|| inconsistent(format!("{contract} is not copied")))?;
                let late = (control, listed);
                control::schedule_late(unit.connection(), &campaign, late, reason).await?;
            }
            let late = Late {
                campaign: id,
                contract,
                reason,
                control,
                at,
            };
            late_contract::insert(unit.connection(), &late).await?;
        }
    }
    Ok(())
}
