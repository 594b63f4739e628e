//! People, texts and instants for the tests of the domain.

use std::collections::BTreeSet;

use kernel::{Actor, ActorKind, Department, Finess, Region};
use time::{Date, OffsetDateTime, macros::date, macros::datetime};
use uuid::Uuid;

use super::{
    Contract, ContractId, ContractText, LegalRegime, Mandate, MandateId, Person, TargetSetId,
    content::Content,
    contract::Event,
    mandate::{Matter, Terms},
    perimeter::{RegistryView, Site},
    person::role,
    regime::{RegimeKind, RenewalRule},
    signature::{DocumentHash, Party, Signature},
    text::{StrategicObjective, TextParts},
};

pub(crate) const NOW: OffsetDateTime = datetime!(2026-03-10 09:00 UTC);
pub(crate) const HASH: DocumentHash = DocumentHash([7; 32]);
pub(crate) const TARGETS: TargetSetId = TargetSetId(Uuid::from_u128(2));

pub(crate) fn region() -> Region {
    "93".parse().unwrap()
}

pub(crate) fn entity() -> Finess {
    "130786049".parse().unwrap()
}

pub(crate) fn site() -> Finess {
    "130783293".parse().unwrap()
}

pub(crate) fn council() -> Department {
    "13".parse().unwrap()
}

pub(crate) fn regime() -> LegalRegime {
    LegalRegime {
        code: "R2020_2025".into(),
        max_objectives: Some(10),
        max_months: 60,
        valid_from: date!(2025 - 02 - 25),
        valid_to: None,
        source: "décret 2025-180".into(),
        kind: RegimeKind::Hospital,
        title: "CPOM des établissements de santé".into(),
        mandatory: true,
        departmental_councils: false,
        mid_term_months: Some(30),
        annual: None,
        renewal: Some(RenewalRule {
            notice_months: 12,
            answer_months: 4,
        }),
        extension: None,
    }
}

pub(crate) fn person(subject: &str, role: &str) -> Person {
    let actor = Actor {
        subject: subject.into(),
        kind: ActorKind::Human,
        role: role.into(),
    };
    let entities = (role == role::ESTABLISHMENT_DIRECTOR).then(entity);
    let councils = role::COUNCIL.contains(&role).then(council);
    Person::new(actor.as_human().unwrap(), [role.to_owned()], entities).for_councils(councils)
}

/// The registry that knows the entity and its site.
pub(crate) fn registry() -> RegistryView {
    let site_row = Site {
        open: true,
        legal_entity: entity(),
        region: Some(region()),
        council: None,
    };
    RegistryView {
        legal_entities: [(entity(), true)].into(),
        establishments: [(site(), site_row)].into(),
    }
}

/// A text over `2026-04-01` to `end_date` with so many objectives.
pub(crate) fn text(objectives: usize, end_date: Date) -> ContractText {
    let objective = StrategicObjective {
        code: String::new(),
        axis: "A".into(),
        title: "Développer la chirurgie ambulatoire".into(),
        description: String::new(),
        competence: None,
    };
    ContractText::new(TextParts {
        title: "CPOM 2026-2031".into(),
        legal_entities: BTreeSet::from([entity()]),
        establishments: BTreeSet::from([site()]),
        effect_date: date!(2026 - 04 - 01),
        end_date,
        objectives: vec![objective; objectives],
        consultations: BTreeSet::from(["Conseil de surveillance".to_owned()]),
        content: Content::default(),
    })
    .unwrap()
}

pub(crate) fn drafted() -> Event {
    Event::Drafted {
        region: region(),
        number: "93-2026-0001".into(),
        legal_regime: regime().code,
        text: text(1, date!(2031 - 03 - 31)),
    }
}

pub(crate) fn signature(party: Party, signatory: &Person) -> Signature {
    let signatory = signatory.human().clone();
    Signature {
        party,
        signatory,
        title: "Directrice générale".into(),
        sha256: HASH,
        at: NOW,
        mandate: None,
    }
}

/// A contract with this history after its draft.
pub(crate) fn contract(history: &[Event]) -> Contract {
    let draft = drafted();
    let history = std::iter::once(&draft)
        .chain(history)
        .map(|event| (event, NOW));
    Contract::replay(ContractId(Uuid::from_u128(1)), history).unwrap()
}

/// From the draft to the day of effect.
pub(crate) fn until_in_force() -> [Event; 7] {
    let general = person("dg", role::DIRECTOR_GENERAL);
    let director = person("ana", role::ESTABLISHMENT_DIRECTOR);
    [
        Event::NegotiationOpened,
        Event::ConsultationOpened,
        Event::Frozen {
            target_set: TARGETS,
            sha256: HASH,
        },
        Event::SignedByParty(signature(Party::Ars, &general)),
        Event::SignedByParty(signature(Party::LegalEntity(entity()), &director)),
        Event::Signed { sha256: HASH },
        Event::TookEffect,
    ]
}

/// A contract in force, signed by the agency and the one legal entity of its text.
pub(crate) fn in_force() -> Contract {
    contract(&until_in_force())
}

/// A published delegation of the agency to a person, in force for a year from [`NOW`].
pub(crate) fn delegation(subject: &str, matter: Matter) -> Mandate {
    Mandate {
        id: MandateId(Uuid::from_u128(3)),
        region: region(),
        terms: Terms {
            party: Party::Ars,
            matters: [matter].into(),
            contract: None,
            subject: subject.into(),
            title: "Directeur délégué".into(),
            act: "Arrêté du 2 mars 2026, RAA R93-2026-041".into(),
            publication_date: date!(2026 - 03 - 05),
            valid_from: date!(2026 - 03 - 10),
            valid_to: Some(date!(2027 - 03 - 10)),
        },
        author: person("lou", role::CONTRACT_MANAGER).human().clone(),
        version: 1,
        created_at: NOW,
    }
}

/// What happened, in one word.
pub(crate) fn event_name(event: &Event) -> &'static str {
    match event {
        Event::Drafted { .. } => "Drafted",
        Event::NegotiationOpened => "NegotiationOpened",
        Event::VersionProposed { .. } => "VersionProposed",
        Event::VersionAgreed { .. } => "VersionAgreed",
        Event::ConsultationOpened => "ConsultationOpened",
        Event::OpinionRecorded(_) => "OpinionRecorded",
        Event::Frozen { .. } => "Frozen",
        Event::SignedByParty(_) => "SignedByParty",
        Event::Signed { .. } => "Signed",
        Event::SignatureWithdrawn { .. } => "SignatureWithdrawn",
        Event::TookEffect => "TookEffect",
        Event::Expired => "Expired",
        Event::Abandoned { .. } => "Abandoned",
        Event::PositionRecorded(_) => "PositionRecorded",
        Event::TermExtended { .. } => "TermExtended",
        Event::NoticeGiven { .. } => "NoticeGiven",
        Event::NoticeLifted { .. } => "NoticeLifted",
        Event::Terminated { .. } => "Terminated",
        Event::Renewed { .. } => "Renewed",
        Event::Closed { .. } => "Closed",
    }
}
