//! Withdrawals from the single contract of a group.

use kit::timestamp;
use proto::contracts::v1 as pb;
use rpc::etag;

use super::actor;
use crate::domain::Withdrawal;

pub fn withdrawal(withdrawal: &Withdrawal) -> pb::Withdrawal {
    let mut message = pb::Withdrawal {
        name: withdrawal.id.to_string(),
        etag: etag::of(withdrawal.version),
        contract: withdrawal.contract.to_string(),
        region: withdrawal.region.to_string(),
        legal_entity: format!("legalEntities/{}", withdrawal.entity),
        reasons: withdrawal.reasons.as_str().to_owned(),
        notified_by: Some(actor(&withdrawal.notified_by)),
        receipt_date: withdrawal.received_on.to_string(),
        earliest_effect_date: withdrawal.earliest.to_string(),
        terms_due_date: withdrawal.terms_due.to_string(),
        create_time: Some(timestamp(withdrawal.created_at)),
        update_time: Some(timestamp(withdrawal.updated_at)),
        ..Default::default()
    };
    if let Some(terms) = &withdrawal.terms {
        message.effect_date = terms.effect_date.to_string();
        message.others_go_on = terms.others_go_on;
        terms.text.as_str().clone_into(&mut message.terms);
        terms
            .reasons
            .as_str()
            .clone_into(&mut message.terms_reasons);
        message.decided_by = Some(actor(&terms.by));
        message.decide_time = Some(timestamp(terms.at));
    }
    message
}
