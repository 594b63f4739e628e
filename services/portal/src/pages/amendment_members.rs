//! Who joins and who leaves a contract by an amendment. All of them sign it, beside those who are party.

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

/// Somebody who comes or goes.
pub(super) struct Member {
    pub(super) title: String,
    pub(super) comes: Badge,
    pub(super) signs: Badge,
}

/// Those who come, then those who go. What the registry does not know keeps its number.
pub(super) async fn read(visitor: &Visitor, amendment: &Amendment) -> Vec<Member> {
    let changes = amendment.changes.clone().unwrap_or_default();
    let joins = changes
        .add_legal_entities
        .into_iter()
        .chain(changes.add_departmental_councils);
    let moves = joins.map(|party| (party, true)).chain(
        changes
            .remove_legal_entities
            .into_iter()
            .map(|party| (party, false)),
    );
    let members = moves.map(|(party, joins)| async move {
        let titles = title(visitor, &party).await;
        Member {
            title: party_title(&party, &titles),
            comes: if joins {
                badge("entre", "fr-badge--success")
            } else {
                badge("sort", "fr-badge--warning")
            },
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
