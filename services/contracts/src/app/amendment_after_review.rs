//! A person who concludes a review proposes an amendment: it opens with nothing to change yet, in the same unit of work.

use kernel::legal_time::legal_day;
use rpc::Error;
use store::Unit;

use crate::{
    domain::{
        Amendment, AmendmentId, ContractId, Person, Side,
        amendment::{Changes, Event, Proposal, Reason, acts::propose},
    },
    events::published,
    store as rows,
};

/// Opens amendment `id` of a contract, about these objectives of its targets.
pub async fn open(
    unit: &mut Unit,
    id: AmendmentId,
    contract: ContractId,
    objectives: &[String],
    reasons: &str,
    by: &Person,
) -> Result<(), Error> {
    let contract = rows::contract::lock(unit.connection(), contract)
        .await?
        .ok_or_else(|| Error::NotFound(contract.to_string()))?;
    let today = legal_day(unit.at(), contract.region);
    let about = objectives.join(", ");
    let title = match about.as_str() {
        "" => "Suites du contrôle".to_owned(),
        about => format!("Suites du contrôle : {about}"),
    };
    let proposal = Proposal {
        contract: contract.id,
        region: contract.region,
        reason: Reason::PostControl,
        title: title.chars().take(300).collect(),
        effect_date: today.max(contract.text.effect_date),
        changes: Changes::default(),
        consultations: [].into(),
        side: Side::Ars,
    };
    let text = contract.text.clone();
    let day = proposal.effect_date;
    let defence = rows::procedure_defence::concerned(unit.connection(), contract.id, day).await?;
    let proposal = proposal.consulting_defence(defence);
    let proposal = propose(proposal, &[].into(), &text, &contract, by)?;
    let proposed = Amendment::proposed(id, proposal.clone(), unit.at());
    rows::amendment::insert(unit.connection(), &proposed).await?;
    let event = Event::Proposed(Box::new(proposal));
    let fact = published::amendment(&proposed, &event, None)?.because(reasons);
    unit.append(vec![fact]).await?;
    Ok(())
}
