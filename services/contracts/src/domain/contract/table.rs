//! Every state of the contract against every act, cell by cell.

use kernel::Reasons;
use time::{Duration, macros::date};
use uuid::Uuid;

use super::{
    Contract, Event, Opinion, OpinionSense, Stance,
    acts::{Act, Circumstances, Command, draft},
};
use crate::domain::{
    ContractId, Person, ProcedureId, Refusal, Side,
    fixtures::{
        HASH, NOW, TARGETS, contract, drafted, entity, event_name as name, person, regime, region,
        registry, signature, site, text,
    },
    perimeter::{Overlap, RegistryView, Site},
    person::role,
    signature::{DocumentHash, Party},
};

fn reasons() -> Reasons {
    "Désaccord sur les objectifs."
        .to_owned()
        .try_into()
        .unwrap()
}

fn opinion(body: &str) -> Opinion {
    Opinion {
        body: body.into(),
        sense: OpinionSense::Favourable,
        date: date!(2026 - 03 - 01),
        comment: String::new(),
    }
}

fn director() -> Person {
    person("directrice", role::ESTABLISHMENT_DIRECTOR)
}

/// One history for each state, each the beginning of the next, but for the last.
fn histories() -> Vec<(&'static str, Vec<Event>)> {
    let dg = person("dg", role::DIRECTOR_GENERAL);
    let steps = [
        ("NEGOTIATION", vec![Event::NegotiationOpened]),
        (
            "CONSULTATION",
            vec![
                Event::VersionAgreed {
                    number: 1,
                    side: Side::Ars,
                },
                Event::VersionAgreed {
                    number: 1,
                    side: Side::Establishment,
                },
                Event::ConsultationOpened,
                Event::OpinionRecorded(opinion("Conseil de surveillance")),
            ],
        ),
        (
            "READY_TO_SIGN",
            vec![Event::Frozen {
                target_set: TARGETS,
                sha256: HASH,
            }],
        ),
        (
            "PARTIALLY_SIGNED",
            vec![Event::SignedByParty(signature(Party::Ars, &dg))],
        ),
        (
            "SIGNED",
            vec![
                Event::SignedByParty(signature(Party::LegalEntity(entity()), &director())),
                Event::Signed { sha256: HASH },
            ],
        ),
        ("IN_FORCE", vec![Event::TookEffect]),
    ];
    let mut histories = vec![("DRAFT", vec![])];
    let mut so_far = Vec::new();
    for (state, events) in steps {
        so_far.extend(events);
        histories.push((state, so_far.clone()));
    }
    let procedure = ProcedureId(Uuid::from_u128(9));
    let last_day = date!(2027 - 01 - 01);
    let successor = ContractId(Uuid::from_u128(8));
    let notice = Event::NoticeGiven { procedure };
    let terminated = Event::Terminated {
        procedure,
        last_day,
    };
    let closed = Event::Closed { reasons: reasons() };
    let ends: [(&'static str, Vec<Event>); 5] = [
        ("NOTICE_OF_TERMINATION", vec![notice.clone()]),
        ("TERMINATED", vec![notice, terminated]),
        ("EXPIRED", vec![Event::Expired]),
        ("RENEWED", vec![Event::Renewed { successor }]),
        ("CLOSED", vec![Event::Expired, closed]),
    ];
    for (state, end) in ends {
        histories.push((state, so_far.iter().cloned().chain(end).collect()));
    }
    histories.push(("ABANDONED", vec![Event::Abandoned { reasons: reasons() }]));
    histories
}

fn command(act: Act) -> Command {
    match act {
        Act::OpenNegotiation => Command::OpenNegotiation,
        Act::ProposeVersion => Command::ProposeVersion {
            text: Box::new(text(2, date!(2031 - 03 - 31))),
            comment: String::new(),
            registry: registry(),
        },
        Act::AgreeToVersion => Command::AgreeToVersion { overlaps: vec![] },
        Act::RecordOpinion => Command::RecordOpinion(opinion("Conseil de surveillance")),
        Act::Freeze => Command::Freeze {
            target_set: TARGETS,
            of_contract: contract(&[]).id,
            sha256: HASH,
        },
        Act::Sign => Command::Sign {
            party: Party::Ars,
            title: "Directrice générale".into(),
            sha256: HASH,
        },
        Act::Withdraw => Command::Withdraw { reasons: reasons() },
        Act::Abandon => Command::Abandon { reasons: reasons() },
        Act::RecordPosition => Command::RecordPosition {
            text_version: 1,
            objective: "O1".into(),
            stance: Stance::Accepted,
            comment: String::new(),
            council: None,
        },
        Act::Extend => Command::Extend {
            last_day: date!(2032 - 03 - 31),
            reasons: reasons(),
            overlaps: vec![],
        },
        Act::Close => Command::Close {
            reasons: reasons(),
            evaluated: true,
        },
    }
}

fn entitled(act: Act) -> Person {
    person("somebody", act.roles()[0])
}

fn decide(contract: &Contract, command: Command, person: &Person) -> Result<Vec<Event>, Refusal> {
    contract.decide(
        command,
        person,
        &Circumstances {
            regime: &regime(),
            mandates: &[],
            now: NOW,
        },
    )
}

#[test]
fn every_state_answers_every_act_as_the_table_says() {
    // Columns: open, propose, agree, opinion, freeze, sign as the agency, withdraw, abandon, take position, extend,
    // close.
    let no = "WRONG_STATE";
    let position = "PositionRecorded";
    #[rustfmt::skip]
    let table = [
        ("DRAFT", ["NegotiationOpened", "VersionProposed", no, no, no, no, no, "Abandoned", no, no, no]),
        ("NEGOTIATION", [no, "VersionProposed", "VersionAgreed", no, no, no, no, "Abandoned", position, no, no]),
        ("CONSULTATION", [no, no, no, "OPINION_ALREADY_RECORDED", "Frozen", no, no, "Abandoned", no, no, no]),
        ("READY_TO_SIGN", [no, no, no, no, no, "SignedByParty", "SignatureWithdrawn", "Abandoned", no, no, no]),
        ("PARTIALLY_SIGNED", [no, no, no, no, no, "ALREADY_SIGNED", "SignatureWithdrawn", no, no, no, no]),
        ("SIGNED", [no; 11]),
        ("IN_FORCE", [no, no, no, no, no, no, no, no, no, "NO_EXTENSION", no]),
        ("NOTICE_OF_TERMINATION", [no; 11]),
        ("TERMINATED", [no, no, no, no, no, no, no, no, no, no, "Closed"]),
        ("EXPIRED", [no, no, no, no, no, no, no, no, no, no, "Closed"]),
        ("RENEWED", [no, no, no, no, no, no, no, no, no, no, "Closed"]),
        ("CLOSED", [no; 11]),
        ("ABANDONED", [no; 11]),
    ];
    for ((state, history), (expected_state, expected)) in histories().into_iter().zip(table) {
        let contract = contract(&history);
        assert_eq!(
            (state, contract.state.as_str()),
            (expected_state, expected_state)
        );
        for (act, expected) in Act::ALL.into_iter().zip(expected) {
            let answer = match decide(&contract, command(act), &entitled(act)) {
                Ok(events) => events.iter().map(name).collect::<Vec<_>>().join("+"),
                Err(refusal) => refusal.reason().to_owned(),
            };
            assert_eq!(answer, expected, "{} in {state}", act.method());
        }
    }
}

#[test]
fn time_moves_signed_contracts_only() {
    let effect = Duration::days(22);
    let after_the_end = Duration::days(22 + 5 * 366);
    for (state, history) in histories() {
        let contract = contract(&history);
        let at = |later| {
            contract
                .pass_time(NOW + later, None)
                .iter()
                .map(name)
                .collect::<Vec<_>>()
        };
        let expected: [&[&str]; 3] = match state {
            "SIGNED" => [&[], &["TookEffect"], &["TookEffect", "Expired"]],
            "IN_FORCE" | "NOTICE_OF_TERMINATION" => [&[], &[], &["Expired"]],
            _ => [&[], &[], &[]],
        };
        let answers = [at(Duration::ZERO), at(effect), at(after_the_end)];
        assert_eq!(answers, expected.map(<[_]>::to_vec), "{state}");
    }
}

#[test]
fn a_contract_takes_effect_at_midnight_of_its_region() {
    let signed = contract(&histories()[5].1);
    let eve = time::macros::datetime!(2026-03-31 21:59:59 UTC);
    assert_eq!(signed.pass_time(eve, None), vec![]);
    assert_eq!(
        signed.pass_time(eve + Duration::SECOND, None),
        vec![Event::TookEffect]
    );
}

#[test]
fn no_act_is_open_to_somebody_of_another_role() {
    for (_, history) in histories() {
        let contract = contract(&history);
        for act in Act::ALL {
            for role in [
                role::REVIEWER,
                role::CONTROLLER,
                role::AUDITOR,
                role::SERVICE,
            ] {
                let refusal = decide(&contract, command(act), &person("p", role)).unwrap_err();
                assert_eq!(
                    refusal.reason(),
                    "ROLE_NOT_ENTITLED",
                    "{role} {}",
                    act.method()
                );
            }
        }
    }
}

#[test]
fn the_second_agreement_opens_consultations() {
    let agreed = Event::VersionAgreed {
        number: 1,
        side: Side::Ars,
    };
    let contract = contract(&[Event::NegotiationOpened, agreed]);
    let again = decide(
        &contract,
        command(Act::AgreeToVersion),
        &entitled(Act::AgreeToVersion),
    );
    assert_eq!(again.unwrap_err().reason(), "ALREADY_AGREED");
    let events = decide(&contract, command(Act::AgreeToVersion), &director()).unwrap();
    assert_eq!(
        events.iter().map(name).collect::<Vec<_>>(),
        ["VersionAgreed", "ConsultationOpened"]
    );
}

#[test]
fn nobody_agrees_to_what_the_regime_forbids() {
    let agree = |objectives, end| {
        let text = text(objectives, end);
        let proposed = Event::VersionProposed {
            number: 2,
            text,
            comment: String::new(),
        };
        let contract = contract(&[Event::NegotiationOpened, proposed]);
        decide(&contract, command(Act::AgreeToVersion), &director())
            .map(|_| ())
            .map_err(|refusal| refusal.reason())
    };
    let five_years = date!(2031 - 03 - 31);
    assert_eq!(agree(10, five_years), Ok(()));
    assert_eq!(agree(11, five_years), Err("TOO_MANY_OBJECTIVES"));
    assert_eq!(agree(0, five_years), Err("NO_OBJECTIVE"));
    assert_eq!(agree(1, date!(2031 - 04 - 01)), Err("TERM_TOO_LONG"));
}

#[test]
fn each_party_signs_for_itself_and_the_same_document() {
    let ready = contract(&histories()[3].1);
    let sign = |party, sha256, person: &Person| {
        let title = "Directrice".to_owned();
        decide(
            &ready,
            Command::Sign {
                party,
                title,
                sha256,
            },
            person,
        )
        .map(|events| events.len())
        .map_err(|refusal| refusal.reason())
    };
    let dg = person("dg", role::DIRECTOR_GENERAL);
    let theirs = Party::LegalEntity(entity());
    assert_eq!(sign(Party::Ars, HASH, &dg), Ok(1));
    assert_eq!(sign(theirs, HASH, &dg), Err("WRONG_SIGNATORY"));
    assert_eq!(sign(Party::Ars, HASH, &director()), Err("WRONG_SIGNATORY"));
    assert_eq!(
        sign(theirs, DocumentHash([8; 32]), &director()),
        Err("DOCUMENT_HASH_MISMATCH")
    );
    assert_eq!(
        sign(Party::LegalEntity(site()), HASH, &director()),
        Err("UNKNOWN_PARTY")
    );
    let elsewhere = Person::new(
        director().human().clone(),
        [role::ESTABLISHMENT_DIRECTOR.to_owned()],
        [site()],
    );
    assert_eq!(sign(theirs, HASH, &elsewhere), Err("OUTSIDE_MANDATE"));
}

#[test]
fn the_last_signature_signs_the_contract_and_may_bring_it_into_force() {
    let partially = contract(&histories()[4].1);
    let sign = Command::Sign {
        party: Party::LegalEntity(entity()),
        title: "Directrice".into(),
        sha256: HASH,
    };
    let at = |now| {
        let circumstances = Circumstances {
            regime: &regime(),
            mandates: &[],
            now,
        };
        let events = partially
            .decide(sign.clone(), &director(), &circumstances)
            .unwrap();
        events.iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(at(NOW), ["SignedByParty", "Signed"]);
    assert_eq!(
        at(NOW + Duration::days(30)),
        ["SignedByParty", "Signed", "TookEffect"]
    );
}

#[test]
fn a_withdrawal_voids_signatures_and_agreements_and_keeps_opinions() {
    let withdrawn = Event::SignatureWithdrawn {
        side: Side::Ars,
        reasons: reasons(),
    };
    let history: Vec<_> = histories()[4]
        .1
        .iter()
        .cloned()
        .chain([withdrawn])
        .collect();
    let contract = contract(&history);
    assert_eq!(contract.state.as_str(), "NEGOTIATION");
    assert!(contract.agreed_by().is_empty() && contract.state.signatures().is_empty());
    assert_eq!(contract.opinions.len(), 1);
}

#[test]
fn a_new_version_makes_opinions_on_the_old_one_void() {
    let consulted = &histories()[2].1;
    let frozen = Event::Frozen {
        target_set: TARGETS,
        sha256: HASH,
    };
    let withdrawn = Event::SignatureWithdrawn {
        side: Side::Ars,
        reasons: reasons(),
    };
    let text = text(2, date!(2031 - 03 - 31));
    let proposed = Event::VersionProposed {
        number: 2,
        text,
        comment: String::new(),
    };
    let history: Vec<_> = consulted
        .iter()
        .cloned()
        .chain([frozen, withdrawn, proposed])
        .collect();
    assert!(contract(&history).opinions.is_empty());
}

#[test]
fn a_draft_needs_open_entities_and_free_sites() {
    let start = |registry: &RegistryView, overlaps: &[Overlap]| {
        let text = text(1, date!(2031 - 03 - 31));
        draft(
            region(),
            "93-2026-0001".into(),
            text,
            registry,
            overlaps,
            (&regime(), date!(2026 - 03 - 10)),
        )
        .map_err(|refusal| (refusal.reason(), refusal.to_string()))
    };
    assert_eq!(start(&registry(), &[]), Ok(drafted()));
    let unknown = start(&RegistryView::default(), &[]).unwrap_err();
    assert_eq!(unknown.0, "PERIMETER_NOT_IN_REGISTRY");
    let sound = registry().establishments[&site()];
    for (open, row) in [
        (false, sound),
        (
            true,
            Site {
                open: false,
                ..sound
            },
        ),
        (
            true,
            Site {
                region: None,
                ..sound
            },
        ),
        (
            true,
            Site {
                legal_entity: site(),
                ..sound
            },
        ),
    ] {
        let view = RegistryView {
            legal_entities: [(entity(), open)].into(),
            establishments: [(site(), row)].into(),
        };
        assert_eq!(
            start(&view, &[]).unwrap_err().0,
            "PERIMETER_NOT_IN_REGISTRY",
            "{view:?}"
        );
    }
    let other = Overlap {
        establishment: site(),
        contract: "93-2024-0007".into(),
        effect_date: date!(2024 - 01 - 01),
        end_date: date!(2028 - 12 - 31),
    };
    let (reason, message) = start(&registry(), &[other]).unwrap_err();
    assert_eq!(reason, "PERIMETER_OVERLAP");
    assert!(message.contains("93-2024-0007"), "{message}");
}

#[test]
fn targets_of_another_contract_are_not_frozen() {
    let consultation = contract(&histories()[2].1);
    let of_contract = ContractId(uuid::Uuid::from_u128(99));
    let command = Command::Freeze {
        target_set: TARGETS,
        of_contract,
        sha256: HASH,
    };
    let refusal = decide(&consultation, command, &entitled(Act::Freeze)).unwrap_err();
    assert_eq!(refusal.reason(), "FOREIGN_TARGET_SET");
}
