//! How a contract ends or goes on, as its page tells it: renewals that were asked for, withdrawals from a group.

use proto::contracts::v1::{
    Contract, ContractState, GetRegimeRequest, LegalRegime, ListContractsRequest,
    ListRenewalsRequest, ListWithdrawalsRequest, Renewal, RenewalState, Withdrawal,
};

use super::{id_of, visible};
use crate::{
    Failure,
    acts::{
        contract::party_title,
        term::{Ground, Who, binds, is_unsigned},
        withdrawal::group,
    },
    services::{Services, every, within},
    text::{dates, follow_up as words, labels, labels::Badge},
    visitor::Visitor,
};

/// Contracts of the same party among which one may follow: the latest have no need to be found.
const MOST: usize = 100;

/// A renewal or a withdrawal, and what became of it.
pub(crate) struct Told {
    pub(crate) title: String,
    pub(crate) badge: Badge,
    pub(crate) days: Vec<(&'static str, String)>,
    /// What follows from where it stands.
    pub(crate) note: &'static str,
    pub(crate) texts: Vec<(String, String)>,
    pub(crate) successor: Option<String>,
}

/// Who looks at a contract.
pub(super) fn who(visitor: &Visitor) -> Who<'_> {
    let own = visitor.person().finess.as_slice();
    Who {
        directs: if visitor.is_establishment() { own } else { &[] },
        is_general: visitor.is("director_general"),
        is_manager: visitor.is("manager"),
    }
}

/// Whether it has been in force: what was never signed neither goes on nor ends.
fn has_been_signed(state: ContractState) -> bool {
    let has_ended = matches!(
        state,
        ContractState::Expired
            | ContractState::Renewed
            | ContractState::Terminated
            | ContractState::Closed
    );
    binds(state) || has_ended
}

/// Reads what the acts on the term are about, as far as this person needs it.
pub(super) async fn read(visitor: &Visitor, contract: &Contract) -> Result<Ground, Failure> {
    let services = &visitor.services;
    let (renewals, withdrawals, regime) = tokio::try_join!(
        renewals(services, contract),
        withdrawals(services, contract),
        regime(visitor, contract)
    )?;
    let last = renewals.last().map(Renewal::state);
    let is_asked = last == Some(RenewalState::Requested) && visitor.is("director_general");
    let successors = if is_asked {
        successors(services, contract).await?
    } else {
        Vec::new()
    };
    Ok(Ground {
        renewals,
        withdrawals,
        regime,
        successors,
    })
}

async fn renewals(services: &Services, contract: &Contract) -> Result<Vec<Renewal>, Failure> {
    if !has_been_signed(contract.state()) {
        return Ok(Vec::new());
    }
    let request = ListRenewalsRequest {
        contract: contract.name.clone(),
    };
    let answer = services.terms().list_renewals(within(request)).await;
    Ok(visible(answer)?.map_or_else(Vec::new, |page| page.into_inner().renewals))
}

/// Of the single contract of a group; there are none from others.
async fn withdrawals(services: &Services, contract: &Contract) -> Result<Vec<Withdrawal>, Failure> {
    if group(contract).is_none() || !has_been_signed(contract.state()) {
        return Ok(Vec::new());
    }
    let request = ListWithdrawalsRequest {
        contract: contract.name.clone(),
    };
    let answer = services.terms().list_withdrawals(within(request)).await;
    Ok(visible(answer)?.map_or_else(Vec::new, |page| page.into_inner().withdrawals))
}

/// For who may ask for a renewal, or propose a procedure for a refusal to sign.
async fn regime(visitor: &Visitor, contract: &Contract) -> Result<Option<LegalRegime>, Failure> {
    let state = contract.state();
    let may_ask = visitor.is_establishment() && state == ContractState::InForce;
    let may_propose = visitor.is("manager") && is_unsigned(state);
    if !may_ask && !may_propose {
        return Ok(None);
    }
    let request = GetRegimeRequest {
        name: format!("regimes/{}", contract.legal_regime),
    };
    let answer = visitor.services.regimes().get_regime(within(request)).await;
    Ok(visible(answer)?.map(tonic::Response::into_inner))
}

/// Signed contracts of the same party that begin later; whether the parties are the same is for the service.
async fn successors(services: &Services, contract: &Contract) -> Result<Vec<Contract>, Failure> {
    let text = contract.text.clone().unwrap_or_default();
    let Some(party) = text.legal_entities.first() else {
        return Ok(Vec::new());
    };
    let request = ListContractsRequest {
        legal_entity: party.clone(),
        ..Default::default()
    };
    let listed = every!(
        services.contracts(),
        list_contracts,
        request,
        contracts,
        MOST
    );
    let (mut listed, _) = visible(listed)?.unwrap_or_default();
    listed.retain(|other| {
        let begins = other.text.as_ref().map(|text| text.effect_date.as_str());
        let is_later = begins.is_some_and(|day| day > text.effect_date.as_str());
        other.name != contract.name && is_later && binds(other.state())
    });
    Ok(listed)
}

/// All of it, in words.
pub(super) fn told(ground: &Ground, titles: &[(String, String)]) -> Vec<Told> {
    let renewals = ground.renewals.iter().map(renewal);
    let withdrawals = ground.withdrawals.iter();
    renewals
        .chain(withdrawals.map(|one| withdrawal(one, titles)))
        .collect()
}

fn renewal(one: &Renewal) -> Told {
    let received = dates::from_wire(&one.receipt_date);
    let received = if one.late {
        format!("{received}, après le jour prévu")
    } else {
        received
    };
    let mut days = vec![
        ("Demande reçue le", received),
        (
            "Réponse au plus tard le",
            dates::from_wire(&one.answer_due_date),
        ),
    ];
    if !one.new_end_date.is_empty() {
        days.push(("Nouveau dernier jour", dates::from_wire(&one.new_end_date)));
    }
    let asked = format!("Demande, par {}", labels::actor(one.requested_by.as_ref()));
    let mut texts = vec![(asked, one.request.clone())];
    if !one.reasons.is_empty() {
        let decided = format!(
            "Motifs, par {}",
            labels::signed(one.decided_by.as_ref(), one.decide_time.as_ref())
        );
        texts.push((decided, one.reasons.clone()));
    }
    Told {
        title: "Demande de renouvellement".to_owned(),
        badge: words::renewal_state(one.state()),
        days,
        note: match one.state() {
            RenewalState::Requested => {
                "Passé ce jour, le silence de l’agence renouvelle le contrat (CSP, article L6114-1)."
            }
            RenewalState::Refused => "Le contrat va à son terme.",
            RenewalState::Tacit => {
                "L’agence n’a pas répondu à temps : la loi renouvelle. Le nouveau terme reste à confirmer."
            }
            RenewalState::Granted | RenewalState::TacitConfirmed | RenewalState::Unspecified => "",
        },
        texts,
        successor: (!one.successor.is_empty())
            .then(|| format!("/contrats/{}", id_of(&one.successor))),
    }
}

fn withdrawal(one: &Withdrawal, titles: &[(String, String)]) -> Told {
    let mut days = vec![
        ("Notifié le", dates::from_wire(&one.receipt_date)),
        (
            "Effet au plus tôt le",
            dates::from_wire(&one.earliest_effect_date),
        ),
    ];
    let notified = labels::actor(one.notified_by.as_ref());
    let mut texts = vec![(format!("Motifs, par {notified}"), one.reasons.clone())];
    let is_set = !one.effect_date.is_empty();
    if is_set {
        days.push(("Effet le", dates::from_wire(&one.effect_date)));
        let decided = format!(
            "Motifs des modalités, par {}",
            labels::signed(one.decided_by.as_ref(), one.decide_time.as_ref())
        );
        texts.push(("Modalités".to_owned(), one.terms.clone()));
        texts.push((decided, one.terms_reasons.clone()));
    } else {
        days.push((
            "Modalités attendues pour le",
            dates::from_wire(&one.terms_due_date),
        ));
    }
    Told {
        title: format!("Retrait de {}", party_title(&one.legal_entity, titles)),
        badge: words::withdrawal_state(is_set),
        days,
        note: match (is_set, one.others_go_on) {
            (false, _) => {
                "La direction générale de l’agence fixe les modalités du retrait (CSP, article R6132-19-3)."
            }
            (true, true) => {
                "Le contrat continue entre les autres membres. Un avenant change les membres : rien ne s’applique seul."
            }
            (true, false) => {
                "Le contrat ne continue pas entre les autres membres. Rien ne s’applique seul."
            }
        },
        texts,
        successor: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renewal_says_until_when_it_is_answered_and_what_silence_does() {
        let mut one = Renewal {
            receipt_date: "2026-03-02".to_owned(),
            answer_due_date: "2026-07-02".to_owned(),
            late: true,
            request: "Cinq ans de plus".to_owned(),
            ..Default::default()
        };
        one.set_state(RenewalState::Requested);
        let asked = renewal(&one);
        assert_eq!(asked.days[0].1, "2 mars 2026, après le jour prévu");
        assert_eq!(asked.days[1].1, "2 juillet 2026");
        assert!(asked.note.contains("silence"));
        assert_eq!((asked.texts.len(), asked.successor), (1, None));
        one.set_state(RenewalState::Granted);
        one.reasons = "Bilan favorable".to_owned();
        one.successor = "contracts/7".to_owned();
        let granted = renewal(&one);
        assert_eq!(granted.successor.as_deref(), Some("/contrats/7"));
        assert_eq!(granted.texts[1].1, "Bilan favorable");
    }

    #[test]
    fn a_withdrawal_says_what_it_waits_for_then_what_was_decided() {
        let mut one = Withdrawal {
            legal_entity: "legalEntities/750000001".to_owned(),
            receipt_date: "2029-03-10".to_owned(),
            earliest_effect_date: "2029-09-10".to_owned(),
            terms_due_date: "2029-06-10".to_owned(),
            ..Default::default()
        };
        let titles = [("legalEntities/750000001".to_owned(), "CH du Val".to_owned())];
        let notified = withdrawal(&one, &titles);
        assert_eq!(notified.title, "Retrait de CH du Val (750000001)");
        assert_eq!(notified.days[2].0, "Modalités attendues pour le");
        assert_eq!(notified.texts.len(), 1);
        one.effect_date = "2029-12-31".to_owned();
        one.others_go_on = true;
        let set = withdrawal(&one, &titles);
        assert_eq!(set.days[2], ("Effet le", "31 décembre 2029".to_owned()));
        assert_eq!(set.texts.len(), 3);
        assert!(set.note.contains("entre les autres membres"));
    }

    #[test]
    fn what_was_never_signed_has_no_term_to_speak_of() {
        assert!(!has_been_signed(ContractState::Draft));
        assert!(!has_been_signed(ContractState::Abandoned));
        assert!(has_been_signed(ContractState::InForce));
        assert!(has_been_signed(ContractState::Renewed));
    }
}
