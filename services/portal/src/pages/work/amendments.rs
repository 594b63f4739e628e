//! The amendments that wait for somebody: to talk, to agree, to be consulted on and frozen, to be signed; of the agency, of an
//! establishment, of a departmental council, and of whoever joins the contract by them.

use proto::contracts::v1::{Amendment, AmendmentState, ListAmendmentsRequest, Side, Signature};
use time::Date;

use super::{MOST, Task, follows, has};
use crate::{
    Failure,
    acts::contract::party_title,
    pages::id_of,
    services::every,
    store::Person,
    text::{dates, follow_up as words, labels},
    visitor::Visitor,
};

/// The president of a departmental council, who signs for it.
pub(super) const PRESIDENT: &str = "department_president";

/// Whether this person signs for a party: a president for the council, a director for the entity, others for the agency.
pub(super) fn signs_for(person: &Person, party: &str) -> bool {
    if has(person, "establishment_director") {
        person.finess.iter().any(|number| number == id_of(party))
    } else if has(person, PRESIDENT) {
        let code = party.strip_prefix("departments/");
        code.is_some_and(|code| person.departments.iter().any(|own| own == code))
    } else {
        party == "ars" && has(person, "director_general")
    }
}

/// Whether one of the parties this person signs for has not signed.
pub(super) fn has_to_sign(person: &Person, required: &[String], signatures: &[Signature]) -> bool {
    let mut own = required.iter().filter(|party| signs_for(person, party));
    own.any(|party| !signatures.iter().any(|one| &one.party == party))
}

/// The amendments that wait for this person, and for the others on the same contracts.
pub(super) async fn tasks(visitor: &Visitor) -> Result<(Vec<Task>, bool), Failure> {
    let person = visitor.person();
    if !follows(person) && !visitor.is("director_general") {
        return Ok((Vec::new(), false));
    }
    let request = ListAmendmentsRequest {
        open: true,
        ..Default::default()
    };
    let (amendments, is_cut) = every!(
        visitor.services.amendments(),
        list_amendments,
        request,
        amendments,
        MOST
    )?;
    let today = visitor.portal.clock.now().date();
    let waiting = amendments.iter();
    let tasks = waiting.filter_map(|one| task(person, one, today));
    Ok((tasks.collect(), is_cut))
}

fn task(person: &Person, amendment: &Amendment, today: Date) -> Option<Task> {
    let wait = wait(person, amendment)?;
    if !wait.is_own && !follows(person) {
        return None;
    }
    // Before it is frozen, no day is the last one.
    let due = dates::parse(&amendment.effect_date).filter(|_| is_frozen(amendment));
    let number = match amendment.number {
        0 => "avenant proposé".to_owned(),
        number => format!("avenant n° {number}"),
    };
    Some(Task {
        title: format!(
            "{}, {number} — {}",
            amendment.contract_number, amendment.title
        ),
        path: format!("/avenants/{}", id_of(&amendment.name)),
        badge: words::amendment_state(amendment.state()),
        why: wait.why,
        is_late: due.is_some_and(|due| due < today),
        due,
        who: (!wait.is_own).then_some(wait.who),
    })
}

fn is_frozen(amendment: &Amendment) -> bool {
    use AmendmentState::{PartiallySigned, ReadyToSign};
    matches!(amendment.state(), ReadyToSign | PartiallySigned)
}

/// What an amendment waits for.
struct Wait {
    /// It waits for whoever reads.
    is_own: bool,
    who: String,
    why: String,
}

/// None for what is signed, or ended.
fn wait(person: &Person, amendment: &Amendment) -> Option<Wait> {
    match amendment.state() {
        AmendmentState::Proposed => Some(negotiated(
            (person, amendment),
            |side| side != amendment.proposed_by(),
            "L’autre partie le propose : dites si vous acceptez d’en discuter, ou refusez-le.",
            "Il est proposé : l’autre partie dit si elle accepte d’en discuter.",
        )),
        AmendmentState::Negotiation => Some(negotiated(
            (person, amendment),
            |side| !amendment.agreed_by().any(|agreed| agreed == side),
            "Ses changements attendent l’accord de votre partie.",
            "Ses changements attendent un accord.",
        )),
        AmendmentState::Consultation => Some(consulted(person, amendment)),
        AmendmentState::ReadyToSign | AmendmentState::PartiallySigned => {
            Some(to_sign(person, amendment))
        }
        _ => None,
    }
}

/// The sides whose agreement makes it: a council proposes and signs.
const NEGOTIATING: [Side; 2] = [Side::Ars, Side::Establishment];

fn negotiated(
    (person, amendment): (&Person, &Amendment),
    is_awaited: impl Fn(Side) -> bool,
    own: &str,
    other: &str,
) -> Wait {
    let awaited: Vec<Side> = NEGOTIATING
        .into_iter()
        .filter(|side| is_awaited(*side))
        .collect();
    let side = negotiating_side(person, amendment);
    let is_own = side.is_some_and(|side| awaited.contains(&side));
    let who: Vec<&str> = awaited.into_iter().map(labels::side).collect();
    Wait {
        is_own,
        who: who.join(" et "),
        why: if is_own { own } else { other }.to_owned(),
    }
}

/// The side on which a person negotiates; none for who joins by the amendment, who signs it once it is frozen.
fn negotiating_side(person: &Person, amendment: &Amendment) -> Option<Side> {
    if has(person, "contract_manager") || has(person, "manager") {
        return Some(Side::Ars);
    }
    let joining = amendment.changes.as_ref();
    let joining = joining.map_or(&[][..], |changes| changes.add_legal_entities.as_slice());
    let mut parties = amendment.required_signatories.iter();
    let is_party = parties.any(|party| signs_for(person, party) && !joining.contains(party));
    (has(person, "establishment_director") && is_party).then_some(Side::Establishment)
}

/// Opinions, then a person who reads its consequences, then the freeze: all of it recorded by the agency.
fn consulted(person: &Person, amendment: &Amendment) -> Wait {
    let (asked, given) = (amendment.consultations.len(), amendment.opinions.len());
    let missing = asked.saturating_sub(given);
    let why = if missing > 0 {
        format!("Avis d’instances encore attendus : {missing}.")
    } else if amendment.acknowledged_by.is_none() {
        "Les deux parties sont d’accord : ses conséquences restent à lire avant de le figer."
            .to_owned()
    } else {
        "Les avis sont rendus et les conséquences lues : il peut être figé.".to_owned()
    };
    Wait {
        is_own: negotiating_side(person, amendment) == Some(Side::Ars),
        who: labels::side(Side::Ars).to_owned(),
        why,
    }
}

fn to_sign(person: &Person, amendment: &Amendment) -> Wait {
    let (required, signatures) = (&amendment.required_signatories, &amendment.signatures);
    let is_own = has_to_sign(person, required, signatures);
    let why = if is_own {
        "Le document figé attend votre signature, avant son jour d’effet."
    } else {
        "Le document figé attend des signatures, avant son jour d’effet."
    };
    Wait {
        is_own,
        who: unsigned(required, signatures),
        why: why.to_owned(),
    }
}

/// The parties that have not signed.
pub(super) fn unsigned(required: &[String], signatures: &[Signature]) -> String {
    let unsigned = required
        .iter()
        .filter(|party| !signatures.iter().any(|one| &one.party == *party));
    let titles: Vec<String> = unsigned.map(|party| party_title(party, &[])).collect();
    titles.join(", ")
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::AmendmentChanges;
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 23);

    fn somebody(role: &str, departments: &[&str], finess: &[&str]) -> Person {
        let owned = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect();
        Person {
            subject: "person:somebody".to_owned(),
            name: "Quelqu’un".to_owned(),
            roles: vec![role.to_owned()],
            regions: vec!["*".to_owned()],
            finess: owned(finess),
            departments: owned(departments),
        }
    }

    fn director(finess: &str) -> Person {
        somebody("establishment_director", &[], &[finess])
    }

    /// The agency proposes that the second entity and a council join the first one.
    fn amendment(state: AmendmentState) -> Amendment {
        let joining = "legalEntities/060785011".to_owned();
        let mut amendment = Amendment {
            contract_number: "93-2026-0042".to_owned(),
            title: "Entrée d’un membre".to_owned(),
            effect_date: "2026-11-01".to_owned(),
            required_signatories: [
                "ars",
                "legalEntities/130786049",
                joining.as_str(),
                "departments/06",
            ]
            .map(ToOwned::to_owned)
            .to_vec(),
            changes: Some(AmendmentChanges {
                add_legal_entities: vec![joining],
                ..Default::default()
            }),
            ..Default::default()
        };
        amendment.set_proposed_by(Side::Ars);
        amendment.set_state(state);
        amendment
    }

    /// Whether it waits for each of these, who follow it all.
    fn waits(amendment: &Amendment) -> [bool; 4] {
        [
            somebody("manager", &[], &[]),
            director("130786049"),
            director("060785011"),
            somebody(PRESIDENT, &["06"], &[]),
        ]
        .map(|person| task(&person, amendment, TODAY).unwrap().who.is_none())
    }

    #[test]
    fn an_amendment_waits_for_whoever_has_to_act_at_its_step() {
        let proposed = amendment(AmendmentState::Proposed);
        assert_eq!(waits(&proposed), [false, true, false, false]);
        let told = task(&somebody("manager", &[], &[]), &proposed, TODAY).unwrap();
        assert_eq!(told.who.as_deref(), Some("l’établissement"));
        assert!(told.due.is_none() && !told.is_late);

        let mut discussed = amendment(AmendmentState::Negotiation);
        assert_eq!(waits(&discussed), [true, true, false, false]);
        discussed.agreed_by = vec![Side::Establishment.into()];
        assert_eq!(waits(&discussed), [true, false, false, false]);

        let mut consulted = amendment(AmendmentState::Consultation);
        consulted.consultations = vec!["Conseil de surveillance".to_owned()];
        assert_eq!(waits(&consulted), [true, false, false, false]);
        let told = task(&director("130786049"), &consulted, TODAY).unwrap();
        assert!(told.why.ends_with(": 1."), "{}", told.why);
        assert!(
            task(
                &director("130786049"),
                &amendment(AmendmentState::Signed),
                TODAY
            )
            .is_none()
        );
    }

    #[test]
    fn everybody_who_has_not_signed_is_awaited_and_who_joins_too() {
        let mut frozen = amendment(AmendmentState::PartiallySigned);
        assert_eq!(waits(&frozen), [false, true, true, true]);
        frozen.signatures = vec![Signature {
            party: "legalEntities/130786049".to_owned(),
            ..Default::default()
        }];
        assert_eq!(waits(&frozen), [false, false, true, true]);
        let general = somebody("director_general", &[], &[]);
        let own = task(&general, &frozen, TODAY).unwrap();
        assert!(own.who.is_none() && own.is_late);
        frozen.signatures[0].party = "ars".to_owned();
        // A director general is told of what waits for the agency alone.
        assert!(task(&general, &frozen, TODAY).is_none());
    }

    #[test]
    fn a_president_signs_for_the_council_and_for_nobody_else() {
        let president = somebody(PRESIDENT, &["06"], &[]);
        let required = ["ars", "legalEntities/130786049", "departments/06"].map(ToOwned::to_owned);
        assert!(has_to_sign(&president, &required, &[]));
        let other = somebody(PRESIDENT, &["83"], &[]);
        assert!(!has_to_sign(&other, &required, &[]));
        let signed = Signature {
            party: "departments/06".to_owned(),
            ..Default::default()
        };
        assert!(!has_to_sign(&president, &required, &[signed]));
        let general = somebody("director_general", &[], &[]);
        assert!(signs_for(&general, "ars"));
        assert!(!signs_for(&general, "departments/06"));
    }
}
