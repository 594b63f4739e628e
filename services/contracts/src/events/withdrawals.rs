//! Withdrawals from the single contract of a group as the public events of `events.proto`.

use prost::{Message, Name};
use proto::contracts::v1 as pb;
use store::{Error, Fact};

use crate::domain::Withdrawal;

/// What a withdrawal has just become.
pub fn withdrawal(withdrawal: &Withdrawal) -> Result<Fact, Error> {
    let contract = withdrawal.contract.to_string();
    match &withdrawal.terms {
        None => {
            let notified = pb::WithdrawalNotified {
                contract,
                legal_entity: format!("legalEntities/{}", withdrawal.entity),
                reasons: withdrawal.reasons.as_str().to_owned(),
                receipt_date: withdrawal.received_on.to_string(),
                earliest_effect_date: withdrawal.earliest.to_string(),
                terms_due_date: withdrawal.terms_due.to_string(),
            };
            Ok(of_withdrawal(withdrawal, &notified)?.because(withdrawal.reasons.as_str()))
        }
        Some(terms) => {
            let set = pb::WithdrawalTermsSet {
                contract,
                effect_date: terms.effect_date.to_string(),
                others_go_on: terms.others_go_on,
                terms: terms.text.as_str().to_owned(),
                reasons: terms.reasons.as_str().to_owned(),
            };
            Ok(of_withdrawal(withdrawal, &set)?.because(terms.reasons.as_str()))
        }
    }
}

fn of_withdrawal<M: Message + Name>(withdrawal: &Withdrawal, message: &M) -> Result<Fact, Error> {
    let (id, version) = (withdrawal.id, withdrawal.version);
    let (root, region) = (withdrawal.contract, withdrawal.region);
    Fact::new("withdrawal", id, version, root, region, message)
}
