//! What waits for a signature: of the agency, of an establishment, of a departmental council.

use proto::contracts::v1::{
    Amendment, AmendmentState, Contract, ListAmendmentsRequest, ListContractsRequest, Signature,
};

use super::{MOST, Task};
use crate::{
    Failure,
    pages::id_of,
    services::every,
    store::Person,
    text::{dates, follow_up as words},
    visitor::Visitor,
};

/// The president of a departmental council, who signs for it.
pub(super) const PRESIDENT: &str = "department_president";

/// Whether this person signs for a party: a president for the council, a director for the entity, others for the agency.
fn signs_for(person: &Person, party: &str) -> bool {
    let has = |role: &str| person.roles.iter().any(|own| own == role);
    if has("establishment_director") {
        person.finess.iter().any(|number| number == id_of(party))
    } else if has(PRESIDENT) {
        let code = party.strip_prefix("departments/");
        code.is_some_and(|code| person.departments.iter().any(|own| own == code))
    } else {
        party == "ars"
    }
}

/// Whether one of the parties this person signs for has not signed.
pub(super) fn has_to_sign(person: &Person, required: &[String], signatures: &[Signature]) -> bool {
    let mut own = required.iter().filter(|party| signs_for(person, party));
    own.any(|party| !signatures.iter().any(|one| &one.party == party))
}

/// The amendments that wait for the signature of this person.
pub(super) async fn amendment_tasks(visitor: &Visitor) -> Result<(Vec<Task>, bool), Failure> {
    let signs =
        visitor.is("director_general") || visitor.is(PRESIDENT) || visitor.is_establishment();
    if !signs {
        return Ok((Vec::new(), false));
    }
    let request = ListContractsRequest {
        amendment_to_sign: true,
        ..Default::default()
    };
    let (contracts, is_cut) = every!(
        visitor.services.contracts(),
        list_contracts,
        request,
        contracts,
        MOST
    )?;
    let mut tasks = Vec::new();
    for contract in &contracts {
        let request = ListAmendmentsRequest {
            contract: contract.name.clone(),
            ..Default::default()
        };
        let (amendments, _) = every!(
            visitor.services.amendments(),
            list_amendments,
            request,
            amendments,
            MOST
        )?;
        let waiting = amendments.iter();
        tasks.extend(waiting.filter_map(|one| amendment_task(visitor, contract, one)));
    }
    Ok((tasks, is_cut))
}

fn amendment_task(visitor: &Visitor, contract: &Contract, amendment: &Amendment) -> Option<Task> {
    use AmendmentState::{PartiallySigned, ReadyToSign};
    let (required, signatures) = (&amendment.required_signatories, &amendment.signatures);
    let waits = matches!(amendment.state(), ReadyToSign | PartiallySigned)
        && has_to_sign(visitor.person(), required, signatures);
    if !waits {
        return None;
    }
    let due = dates::parse(&amendment.effect_date);
    let today = visitor.portal.clock.now().date();
    Some(Task {
        title: format!(
            "{}, avenant n° {} — {}",
            contract.number, amendment.number, amendment.title
        ),
        path: format!("/avenants/{}", id_of(&amendment.name)),
        badge: words::amendment_state(amendment.state()),
        why: "Le document figé attend votre signature, avant son jour d’effet.".to_owned(),
        is_late: due.is_some_and(|due| due < today),
        due,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(role: &str, departments: &[&str]) -> Person {
        Person {
            subject: "person:somebody".to_owned(),
            name: "Quelqu’un".to_owned(),
            roles: vec![role.to_owned()],
            regions: vec!["*".to_owned()],
            finess: Vec::new(),
            departments: departments.iter().map(|&code| code.to_owned()).collect(),
        }
    }

    #[test]
    fn a_president_signs_for_the_council_and_for_nobody_else() {
        let president = somebody(PRESIDENT, &["06"]);
        let required = ["ars", "legalEntities/130786049", "departments/06"].map(ToOwned::to_owned);
        assert!(has_to_sign(&president, &required, &[]));
        assert!(!has_to_sign(&somebody(PRESIDENT, &["83"]), &required, &[]));
        let signed = Signature {
            party: "departments/06".to_owned(),
            ..Default::default()
        };
        assert!(!has_to_sign(&president, &required, &[signed]));
        let general = somebody("director_general", &[]);
        assert!(signs_for(&general, "ars"));
        assert!(!signs_for(&general, "departments/06"));
    }
}
