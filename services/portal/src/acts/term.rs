//! How a contract ends or goes on, or does not begin: renewal, extension, closure; withdrawals and the refusal to sign are in
//! their own files.

use proto::contracts::v1::{
    CloseContractRequest, ConfirmTacitRenewalRequest, Contract, ContractState,
    ExtendContractRequest, GrantRenewalRequest, LegalRegime, RefuseRenewalRequest, RegimeKind,
    Renewal, RenewalState, RequestRenewalRequest, Withdrawal,
};
use tonic::Status;

use super::{ActForm, Field, Refused, procedure, sending::sent, withdrawal};
use crate::{
    form::Form,
    services::{Services, within},
    text::dates,
};

/// What these acts are about, beside the contract.
#[derive(Debug, Default)]
pub(crate) struct Ground {
    /// Oldest first.
    pub(crate) renewals: Vec<Renewal>,
    pub(crate) withdrawals: Vec<Withdrawal>,
    /// The regime of the contract, for who may ask for its renewal or say that it is not signed.
    pub(crate) regime: Option<LegalRegime>,
    /// Contracts that could follow this one, for who may grant its renewal.
    pub(crate) successors: Vec<Contract>,
}

/// Who looks, as far as these acts are concerned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Who<'a> {
    /// FINESS numbers that the person directs; none for who is no director.
    pub(crate) directs: &'a [String],
    pub(crate) is_general: bool,
    pub(crate) is_manager: bool,
}

/// Whether it has been signed and has not ended.
pub(crate) fn binds(state: ContractState) -> bool {
    matches!(
        state,
        ContractState::Signed | ContractState::InForce | ContractState::NoticeOfTermination
    )
}

/// Whether it is negotiated, and not signed by all.
pub(crate) fn is_unsigned(state: ContractState) -> bool {
    matches!(
        state,
        ContractState::Negotiation
            | ContractState::Consultation
            | ContractState::ReadyToSign
            | ContractState::PartiallySigned
    )
}

impl Ground {
    /// Where the last request for renewal stands.
    fn renewal(&self) -> Option<RenewalState> {
        self.renewals.last().map(Renewal::state)
    }

    /// Members that the person may take out of the group.
    fn leaving(&self, contract: &Contract, who: &Who<'_>) -> Vec<String> {
        withdrawal::leaving(&self.withdrawals, contract, who.directs)
    }

    /// The acts that make sense now for who looks; the service decides.
    pub(crate) fn offered(&self, contract: &Contract, who: &Who<'_>) -> Vec<&'static str> {
        let is_in_force = contract.state() == ContractState::InForce;
        let is_director = !who.directs.is_empty();
        let renewal = self.renewal();
        let is_asked = who.is_general && renewal == Some(RenewalState::Requested);
        let may_ask = matches!(renewal, None | Some(RenewalState::Refused));
        let regime = self.regime.as_ref();
        let is_renewed = regime.is_none_or(|regime| regime.renewal_notice_months > 0);
        let is_tripartite = regime.is_some_and(|regime| regime.kind() == RegimeKind::Ehpad);
        let acts = [
            (
                who.is_manager && is_tripartite && is_unsigned(contract.state()),
                procedure::REFUSAL,
            ),
            (
                is_director && is_in_force && may_ask && is_renewed,
                "RequestRenewal",
            ),
            (is_asked && !self.successors.is_empty(), "GrantRenewal"),
            (is_asked, "RefuseRenewal"),
            (
                who.is_general && renewal == Some(RenewalState::Tacit),
                "ConfirmTacitRenewal",
            ),
            (
                is_in_force && !self.leaving(contract, who).is_empty(),
                "GiveWithdrawalNotice",
            ),
            (
                who.is_general
                    && binds(contract.state())
                    && withdrawal::are_awaited(&self.withdrawals),
                "SetWithdrawalTerms",
            ),
        ];
        let possible = acts.into_iter().filter(|(is_possible, _)| *is_possible);
        possible.map(|(_, method)| method).collect()
    }

    /// Why a renewal that waits for its answer cannot be granted yet.
    pub(crate) fn refused(&self, who: &Who<'_>) -> Option<Refused> {
        let is_asked = who.is_general && self.renewal() == Some(RenewalState::Requested);
        (is_asked && self.successors.is_empty()).then(|| Refused {
            title: "Accorder le renouvellement".to_owned(),
            why: "Aucun contrat signé des mêmes parties ne prend la suite de celui-ci. Il se négocie et se signe d’abord."
                .to_owned(),
        })
    }

    /// How an act is done, where the page of the contract is.
    pub(crate) fn form(
        &self,
        method: &str,
        contract: &Contract,
        who: &Who<'_>,
        titles: &[(String, String)],
        page: &str,
    ) -> Option<ActForm> {
        let act = |title: &str, button: &str| ActForm::new(method, title, button);
        let reasons = || Field::text("reasons", "Motifs");
        Some(match method {
            "RequestRenewal" => act("Demander le renouvellement du contrat", "Envoyer la demande")
                .intro(&self.renewal_rule(contract))
                .with(
                    Field::text("request", "Votre demande")
                        .hint("Ce que vous demandez pour les années qui viennent, et pourquoi."),
                )
                .on(page, ""),
            "GrantRenewal" => self.answer(
                act("Accorder le renouvellement", "Accorder le renouvellement")
                    .grave()
                    .intro("Le contrat qui prend la suite est déjà signé par les mêmes parties ; celui-ci va à son terme.")
                    .with(Field::choice(
                        "successor",
                        "Contrat qui prend la suite",
                        self.successors.iter().map(choice).collect(),
                    ))
                    .with(reasons()),
                page,
            )?,
            "RefuseRenewal" => self.answer(
                act("Refuser le renouvellement", "Refuser le renouvellement")
                    .grave()
                    .intro("Le refus est motivé et donné dans le délai de réponse (CSP, article L6114-1). Le contrat va alors à son terme.")
                    .with(reasons()),
                page,
            )?,
            "ConfirmTacitRenewal" => self.answer(
                act("Confirmer le terme du renouvellement tacite", "Confirmer le nouveau terme")
                    .grave()
                    .intro("Le silence de l’agence a renouvelé le contrat. Vous dites jusqu’à quel jour.")
                    .with(Field::day("end_date", "Nouveau dernier jour"))
                    .with(reasons()),
                page,
            )?,
            procedure::REFUSAL => procedure::refusal().on(page, ""),
            "GiveWithdrawalNotice" => {
                withdrawal::notice(&self.leaving(contract, who), titles).on(page, "")
            }
            "SetWithdrawalTerms" => withdrawal::terms(&self.withdrawals, titles).on(page, ""),
            _ => return None,
        })
    }

    /// On the last request for renewal.
    fn answer(&self, form: ActForm, page: &str) -> Option<ActForm> {
        let renewal = self.renewals.last()?;
        let form = form.with(Field::hidden("name", &renewal.name));
        Some(form.on(page, &renewal.etag))
    }

    /// What the regime says of a request, in words.
    fn renewal_rule(&self, contract: &Contract) -> String {
        let last_day = dates::from_wire(&contract.last_day);
        match &self.regime {
            Some(regime) => format!(
                "La demande arrive au moins {} mois avant le dernier jour, le {last_day} ; une demande plus tardive est reçue, et dite tardive. L’agence a {} mois pour répondre, avec ses motifs ; son silence renouvelle (CSP, article L6114-1).",
                regime.renewal_notice_months, regime.renewal_answer_months
            ),
            None => format!("Le dernier jour du contrat est le {last_day}."),
        }
    }
}

/// A contract in a choice.
fn choice(contract: &Contract) -> (String, String) {
    let text = contract.text.clone().unwrap_or_default();
    let effect = dates::from_wire(&text.effect_date);
    let told = format!(
        "{} : {}, à compter du {effect}",
        contract.number, text.title
    );
    (contract.name.clone(), told)
}

/// Acts on the contract itself, which the service tells.
pub(super) fn on_contract(method: &str) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button).grave();
    let reasons = Field::text("reasons", "Motifs");
    Some(match method {
        "ExtendContract" => act("Proroger le contrat", "Proroger le contrat")
            .intro("Le nouveau dernier jour vaut pour toutes les parties. Les prorogations et leur durée sont comptées par le régime du contrat.")
            .with(Field::day("end_date", "Nouveau dernier jour"))
            .with(reasons),
        "CloseContract" => act("Clore le dossier du contrat", "Clore le dossier")
            .intro("Le contrat est terminé et son évaluation finale conclue : son dossier est archivé.")
            .with(reasons),
        _ => return None,
    })
}

/// Sends an act. None: a method that is not one of ours.
pub(super) async fn send(
    services: &Services,
    contract: &str,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    let typed = |name: &str| form.text(name).to_owned();
    let name = match method {
        "RequestRenewal" => return Some(request(services, contract, form).await),
        "GiveWithdrawalNotice" => return Some(withdrawal::notify(services, contract, form).await),
        "SetWithdrawalTerms" => return Some(withdrawal::set_terms(services, form).await),
        procedure::REFUSAL => {
            return Some(procedure::propose_refusal(services, contract, form).await);
        }
        "ExtendContract" | "CloseContract" => contract.to_owned(),
        _ => typed("name"),
    };
    let reasons = typed("reasons");
    sent!(
        services.terms(),
        name,
        form,
        match method {
            "GrantRenewal" => grant_renewal(GrantRenewalRequest {
                successor: typed("successor"),
                reasons,
            }),
            "RefuseRenewal" => refuse_renewal(RefuseRenewalRequest { reasons }),
            "ConfirmTacitRenewal" => confirm_tacit_renewal(ConfirmTacitRenewalRequest {
                end_date: typed("end_date"),
                reasons,
            }),
            "ExtendContract" => extend_contract(ExtendContractRequest {
                end_date: typed("end_date"),
                reasons,
            }),
            "CloseContract" => close_contract(CloseContractRequest { reasons }),
        }
    )
}

async fn request(services: &Services, contract: &str, form: &Form) -> Result<(), Status> {
    let request = RequestRenewalRequest {
        contract: contract.to_owned(),
        request: form.text("request").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.terms();
    client.request_renewal(within(request)).await.map(|_| ())
}

/// What is said once it is done.
pub(super) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "RequestRenewal" => "La demande de renouvellement est reçue.",
        "GrantRenewal" => "Le renouvellement est accordé.",
        "RefuseRenewal" => "Le renouvellement est refusé.",
        "ConfirmTacitRenewal" => "Le nouveau terme est confirmé.",
        "ExtendContract" => "Le contrat est prorogé.",
        "CloseContract" => "Le dossier du contrat est clos.",
        "GiveWithdrawalNotice" => "Le retrait est notifié : ses modalités restent à fixer.",
        "SetWithdrawalTerms" => "Les modalités du retrait sont fixées.",
        procedure::REFUSAL => {
            "La procédure est proposée : la direction générale décide de l’ouvrir."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acts::withdrawal::tests::{MEMBER, in_force, noticed};

    fn asked(state: RenewalState) -> Ground {
        let mut renewal = Renewal {
            name: "renewals/1".to_owned(),
            etag: "\"1\"".to_owned(),
            ..Default::default()
        };
        renewal.set_state(state);
        Ground {
            renewals: vec![renewal],
            ..Ground::default()
        }
    }

    const GENERAL: Who<'_> = Who {
        directs: &[],
        is_general: true,
        is_manager: false,
    };

    fn director(own: &[String]) -> Who<'_> {
        Who {
            directs: own,
            is_general: false,
            is_manager: false,
        }
    }

    #[test]
    fn a_renewal_is_asked_for_once_where_the_regime_knows_it() {
        let own = [MEMBER.to_owned()];
        let who = director(&own);
        let contract = in_force(false);
        let mut ground = Ground::default();
        assert_eq!(ground.offered(&contract, &who), ["RequestRenewal"]);
        assert!(ground.offered(&contract, &GENERAL).is_empty());
        ground.regime = Some(LegalRegime::default());
        assert!(ground.offered(&contract, &who).is_empty());
        let mut ended = contract.clone();
        ended.set_state(ContractState::Expired);
        assert!(Ground::default().offered(&ended, &who).is_empty());
        assert!(
            asked(RenewalState::Requested)
                .offered(&contract, &who)
                .is_empty()
        );
        let again = asked(RenewalState::Refused).offered(&contract, &who);
        assert_eq!(again, ["RequestRenewal"]);
    }

    #[test]
    fn a_renewal_is_granted_when_a_contract_follows_and_refused_meanwhile() {
        let contract = in_force(false);
        let mut ground = asked(RenewalState::Requested);
        assert_eq!(ground.offered(&contract, &GENERAL), ["RefuseRenewal"]);
        assert!(ground.refused(&GENERAL).is_some());
        ground.successors.push(in_force(false));
        let offered = ground.offered(&contract, &GENERAL);
        assert_eq!(offered, ["GrantRenewal", "RefuseRenewal"]);
        assert!(ground.refused(&GENERAL).is_none());
        let silent = asked(RenewalState::Tacit).offered(&contract, &GENERAL);
        assert_eq!(silent, ["ConfirmTacitRenewal"]);
        let form = ground.form("RefuseRenewal", &contract, &GENERAL, &[], "/contrats/1");
        let form = form.unwrap();
        assert_eq!(form.action, "/contrats/1/actes/RefuseRenewal");
        assert_eq!(
            form.etag, "\"1\"",
            "it is about the request, not the contract"
        );
        assert!(form.fields.iter().any(|field| field.value == "renewals/1"));
    }

    #[test]
    fn the_terms_of_a_withdrawal_are_set_once() {
        let contract = in_force(true);
        let mut ground = Ground::default();
        ground.withdrawals.push(noticed());
        assert_eq!(ground.offered(&contract, &GENERAL), ["SetWithdrawalTerms"]);
        ground.withdrawals[0].effect_date = "2029-09-10".to_owned();
        assert!(ground.offered(&contract, &GENERAL).is_empty());
        let own = [MEMBER.to_owned()];
        let offered = Ground::default().offered(&contract, &director(&own));
        assert_eq!(offered, ["RequestRenewal", "GiveWithdrawalNotice"]);
    }

    #[test]
    fn a_refusal_to_sign_is_proposed_by_a_manager_before_the_signature_of_an_ehpad() {
        let manager = Who {
            is_manager: true,
            ..director(&[])
        };
        let mut contract = in_force(false);
        contract.set_state(ContractState::ReadyToSign);
        let mut regime = LegalRegime::default();
        regime.set_kind(RegimeKind::Ehpad);
        let ground = Ground {
            regime: Some(regime),
            ..Ground::default()
        };
        assert_eq!(ground.offered(&contract, &manager), [procedure::REFUSAL]);
        assert!(ground.offered(&contract, &GENERAL).is_empty());
        assert!(Ground::default().offered(&contract, &manager).is_empty());
        assert!(ground.offered(&in_force(false), &manager).is_empty());
    }

    #[test]
    fn every_act_has_a_form_and_says_that_it_is_done() {
        let contract = in_force(true);
        let ground = asked(RenewalState::Requested);
        for method in [
            "RequestRenewal",
            "GrantRenewal",
            "RefuseRenewal",
            "ConfirmTacitRenewal",
            "GiveWithdrawalNotice",
            "SetWithdrawalTerms",
            procedure::REFUSAL,
        ] {
            let form = ground.form(method, &contract, &GENERAL, &[], "/contrats/1");
            assert!(form.is_some() && done(method).is_some(), "{method}");
        }
        for method in ["ExtendContract", "CloseContract"] {
            assert!(
                on_contract(method).is_some() && done(method).is_some(),
                "{method}"
            );
        }
        assert!(on_contract("SignContract").is_none() && done("SignContract").is_none());
    }
}
