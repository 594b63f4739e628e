//! The withdrawal of a member from the single contract of its group: its notice, and the terms of the director general.

use proto::contracts::v1::{
    Contract, GiveWithdrawalNoticeRequest, Grouping, SetWithdrawalTermsRequest, Withdrawal,
};
use tonic::Status;

use super::{ActForm, Field, contract::party_title, version, wrong};
use crate::{
    form::Form,
    services::{Services, within},
    text::dates,
};

/// The group of hospitals whose single contract this is.
pub(crate) fn group(contract: &Contract) -> Option<&Grouping> {
    let content = contract.text.as_ref()?.content.as_ref()?;
    content.grouping.as_ref()
}

/// Those who have given notice and wait for their terms.
fn awaited(withdrawals: &[Withdrawal]) -> impl Iterator<Item = &Withdrawal> {
    let all = withdrawals.iter();
    all.filter(|one| one.effect_date.is_empty())
}

/// Whether terms are to be set.
pub(super) fn are_awaited(withdrawals: &[Withdrawal]) -> bool {
    awaited(withdrawals).next().is_some()
}

/// Members that whoever directs these entities may take out of the group.
pub(super) fn leaving(
    withdrawals: &[Withdrawal],
    contract: &Contract,
    directs: &[String],
) -> Vec<String> {
    let Some(group) = group(contract) else {
        return Vec::new();
    };
    let text = contract.text.as_ref();
    let parties = text.map_or(&[][..], |text| text.legal_entities.as_slice());
    let own = directs.iter();
    let own = own.map(|finess| format!("legalEntities/{finess}"));
    // Of those who joined later, the text says nothing.
    let (of_text, others): (Vec<String>, Vec<String>) = own.partition(|one| parties.contains(one));
    let mut own = if of_text.is_empty() { others } else { of_text };
    own.retain(|one| {
        let has_left = withdrawals.iter().any(|w| &w.legal_entity == one);
        *one != group.support_entity && !has_left
    });
    own
}

/// How one of these members gives notice.
pub(super) fn notice(members: &[String], titles: &[(String, String)]) -> ActForm {
    let members = members.iter();
    let members = members.map(|one| (one.clone(), party_title(one, titles)));
    ActForm::new(
        "GiveWithdrawalNotice",
        "Notifier le retrait du contrat unique",
        "Notifier le retrait",
    )
    .grave()
    .intro("Un membre du groupement peut dénoncer le contrat unique, avec un préavis (CSP, article R6132-19-3). La direction générale de l’agence fixe ensuite les modalités du retrait ; un avenant change alors les membres. Une notification ne se reprend pas.")
    .with(Field::choice(
        "legal_entity",
        "Membre qui se retire",
        members.collect(),
    ))
    .with(Field::text("reasons", "Motifs"))
}

/// How the terms are set.
pub(super) fn terms(withdrawals: &[Withdrawal], titles: &[(String, String)]) -> ActForm {
    let awaited = awaited(withdrawals).map(|one| {
        let who = party_title(&one.legal_entity, titles);
        let earliest = dates::from_wire(&one.earliest_effect_date);
        (
            version::key(&one.name, &one.etag),
            format!("{who}, au plus tôt le {earliest}"),
        )
    });
    let yes_or_no = [("oui", "Oui"), ("non", "Non")];
    let yes_or_no = yes_or_no.map(|(value, told)| (value.to_owned(), told.to_owned()));
    ActForm::new(
        "SetWithdrawalTerms",
        "Fixer les modalités d’un retrait",
        "Fixer les modalités",
    )
    .grave()
    .intro(
        "Rien ne s’applique seul au jour dit : un avenant change les membres et ce qui en dépend.",
    )
    .with(Field::choice(
        "name",
        "Membre qui se retire",
        awaited.collect(),
    ))
    .with(Field::day("effect_date", "Jour d’effet du retrait"))
    .with(Field::radio(
        "others_go_on",
        "Le contrat continue-t-il entre les autres membres ?",
        yes_or_no.into(),
    ))
    .with(Field::text("terms", "Modalités"))
    .with(Field::text("reasons", "Motifs"))
}

/// Gives notice.
pub(super) async fn notify(services: &Services, contract: &str, form: &Form) -> Result<(), Status> {
    let request = GiveWithdrawalNoticeRequest {
        contract: contract.to_owned(),
        legal_entity: form.text("legal_entity").to_owned(),
        reasons: form.text("reasons").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.terms();
    let sent = client.give_withdrawal_notice(within(request)).await;
    sent.map(|_| ())
}

/// Sets the terms.
pub(super) async fn set_terms(services: &Services, form: &Form) -> Result<(), Status> {
    let request = wanted(form)?;
    let mut client = services.terms();
    let sent = client.set_withdrawal_terms(within(request)).await;
    sent.map(|_| ())
}

/// Terms as they were typed; whether the contract goes on is never guessed.
fn wanted(form: &Form) -> Result<SetWithdrawalTermsRequest, Status> {
    let others_go_on = match form.text("others_go_on") {
        "oui" => true,
        "non" => false,
        _ => return Err(wrong("others_go_on", "Ce champ est à remplir.")),
    };
    let (name, etag) = version::chosen(form, "name");
    Ok(SetWithdrawalTermsRequest {
        name,
        etag,
        effect_date: form.text("effect_date").to_owned(),
        others_go_on,
        terms: form.text("terms").to_owned(),
        reasons: form.text("reasons").to_owned(),
        request_id: form.text("request_id").to_owned(),
    })
}

#[cfg(test)]
pub(super) mod tests {
    use proto::contracts::v1::{ContractContent, ContractState, ContractText};

    use super::*;

    pub(crate) const MEMBER: &str = "750000001";
    const SUPPORT: &str = "750000002";

    fn entity(finess: &str) -> String {
        format!("legalEntities/{finess}")
    }

    /// A contract in force, of a group or not.
    pub(crate) fn in_force(is_group: bool) -> Contract {
        let grouping = is_group.then(|| Grouping {
            support_entity: entity(SUPPORT),
            ..Default::default()
        });
        let mut contract = Contract {
            last_day: "2030-12-31".to_owned(),
            text: Some(ContractText {
                legal_entities: vec![entity(SUPPORT), entity(MEMBER)],
                content: Some(ContractContent {
                    grouping,
                    ..Default::default()
                }),
                ..Default::default()
            }),
            ..Default::default()
        };
        contract.set_state(ContractState::InForce);
        contract
    }

    /// A notice that waits for its terms.
    pub(crate) fn noticed() -> Withdrawal {
        Withdrawal {
            name: "withdrawals/1".to_owned(),
            etag: "\"3\"".to_owned(),
            legal_entity: entity(MEMBER),
            ..Default::default()
        }
    }

    #[test]
    fn a_member_leaves_a_group_once_and_its_support_establishment_does_not() {
        let own = [MEMBER.to_owned(), "750000003".to_owned()];
        let group = in_force(true);
        assert_eq!(leaving(&[], &group, &own), [entity(MEMBER)]);
        assert!(leaving(&[], &in_force(false), &own).is_empty());
        assert!(leaving(&[], &group, &[SUPPORT.to_owned()]).is_empty());
        let later = ["750000004".to_owned()];
        let joined = leaving(&[], &group, &later);
        assert_eq!(joined, [entity(&later[0])], "who joined by an amendment");
        assert!(leaving(&[noticed()], &group, &own).is_empty());
    }

    #[test]
    fn whether_the_others_go_on_is_said_and_the_version_is_that_of_the_choice() {
        let unsaid = Form::parse("name=withdrawals%2F1+%223%22");
        assert!(wanted(&unsaid).is_err());
        let said = Form::parse("name=withdrawals%2F1+%223%22&others_go_on=non");
        let request = wanted(&said).unwrap();
        assert_eq!(
            (request.name.as_str(), request.etag.as_str()),
            ("withdrawals/1", "\"3\"")
        );
        assert!(!request.others_go_on);
    }
}
