//! The warning that something was sent on the portal (CRPA R112-20: an e-mail to the address that was given).

use std::collections::BTreeSet;

use kernel::Finess;
use rpc::Error;
use store::Unit;

use super::notices::templates;
use crate::{
    domain::{ContractId, delivery::Channel},
    store as rows,
};

/// What is sent.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) subject: String,
    /// Version of its aggregate when it is sent: the same thing is announced once.
    pub(super) version: i64,
    pub(super) contract: ContractId,
    /// In French, with its article.
    pub(super) what: &'static str,
}

/// Whether every party consents to the portal; if so, each is warned. Nothing is looked up for another channel.
pub(super) async fn send(
    unit: &mut Unit,
    sent: &Sent,
    channel: Channel,
    legal_entities: &BTreeSet<Finess>,
) -> Result<bool, Error> {
    if channel != Channel::Portal {
        return Ok(false);
    }
    let mut consents = rows::consent::of(unit.connection(), legal_entities).await?;
    consents.retain(|consent| consent.given);
    if consents.is_empty() {
        return Ok(false);
    }
    let number = rows::notice::contract_number(unit.connection(), sent.contract).await?;
    let at = unit.at();
    let letters = consents.iter().map(|consent| rows::notice::Letter {
        key: format!("sent/{}/{}/{}", sent.subject, sent.version, consent.entity),
        recipient: consent.email.clone(),
        content: templates::available(sent.what, number.as_deref().unwrap_or_default()),
    });
    rows::notice::enqueue(unit.connection(), letters.collect(), at).await?;
    Ok(consents.len() == legal_entities.len())
}
