//! Who joins and who leaves a contract by an amendment, and who becomes the support establishment of its group. All of
//! them sign it, beside those who are party.

use proto::{
    contracts::v1::{Amendment, AmendmentState},
    establishments::v1::GetLegalEntityRequest,
};

use crate::{
    acts::contract::party_title,
    services::within,
    text::labels::{Badge, badge},
    visitor::Visitor,
};

/// Somebody who comes, goes, or becomes the support establishment.
pub(super) struct Member {
    pub(super) title: String,
    pub(super) comes: Badge,
    pub(super) signs: Badge,
}

/// Those who come, those who go, then whoever supports the group. What the registry does not know keeps its number.
pub(super) async fn read(visitor: &Visitor, amendment: &Amendment) -> Vec<Member> {
    let changes = amendment.changes.clone().unwrap_or_default();
    let joins = changes
        .add_legal_entities
        .into_iter()
        .chain(changes.add_departmental_councils);
    let leaves = changes
        .remove_legal_entities
        .into_iter()
        .chain(changes.remove_departmental_councils);
    let supports = Some(changes.support_entity).filter(|party| !party.is_empty());
    let enters = || badge("entre", "fr-badge--success");
    let goes = || badge("sort", "fr-badge--warning");
    let supporting = || badge("devient établissement support", "fr-badge--info");
    let moves = joins
        .map(|party| (party, enters()))
        .chain(leaves.map(|party| (party, goes())))
        .chain(supports.map(|party| (party, supporting())));
    let members = moves.map(|(party, comes)| async move {
        let titles = title(visitor, &party).await;
        Member {
            title: party_title(&party, &titles),
            comes,
            signs: signs(amendment, &party),
        }
    });
    futures::future::join_all(members).await
}

/// The name of a legal entity, beside its number; none of a council.
async fn title(visitor: &Visitor, party: &str) -> Vec<(String, String)> {
    if !party.starts_with("legalEntities/") {
        return Vec::new();
    }
    let request = GetLegalEntityRequest {
        name: party.to_owned(),
    };
    let mut client = visitor.services.registry();
    let answer = client.get_legal_entity(within(request)).await;
    answer
        .into_iter()
        .map(|entity| (party.to_owned(), entity.into_inner().title))
        .collect()
}

fn signs(amendment: &Amendment, party: &str) -> Badge {
    use AmendmentState::{Rejected, Withdrawn};
    if amendment.signatures.iter().any(|one| one.party == party) {
        badge("a signé", "fr-badge--success")
    } else if matches!(amendment.state(), Rejected | Withdrawn) {
        badge("n’a pas signé", "")
    } else {
        badge("doit signer", "fr-badge--new")
    }
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::Signature;

    use super::*;

    #[test]
    fn who_comes_or_goes_signs() {
        let mut amendment = Amendment::default();
        amendment.set_state(AmendmentState::ReadyToSign);
        let party = "legalEntities/060785011";
        assert_eq!(signs(&amendment, party).text, "doit signer");
        amendment.signatures.push(Signature {
            party: party.to_owned(),
            ..Default::default()
        });
        assert_eq!(signs(&amendment, party).text, "a signé");
        amendment.signatures.clear();
        amendment.set_state(AmendmentState::Withdrawn);
        assert_eq!(signs(&amendment, party).text, "n’a pas signé");
    }
}
