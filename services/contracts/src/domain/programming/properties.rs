//! Programming: the guards one by one, then any sequence of acts.

use std::collections::BTreeSet;

use kernel::{Department, Finess, Reasons};
use proptest::prelude::*;
use time::{Duration, Month, OffsetDateTime, macros::date};
use uuid::Uuid;

use super::{
    Event, Fit, Horizon, Line, Lines, Programming, Publication, Rule, Series, State,
    acts::{Act, Proposal, draft},
    fits,
};
use crate::domain::{
    Mandate, MandateId, Person, ProgrammingId, Refusal,
    fixtures::{NOW, council, delegation, entity, person, region, registry, site, text},
    mandate::{Matter, Terms},
    perimeter::RegistryView,
    person::role,
    regime::RegimeKind,
    signature::Party,
};

fn rule() -> Rule {
    Rule {
        horizon_years: 5,
        publish_month: Month::December,
        publish_day: 31,
        source: "CASF L313-12 IV ter".into(),
    }
}

fn horizon() -> Horizon {
    rule().horizon(2027)
}

fn line(sites: impl IntoIterator<Item = Finess>, planned_year: i32) -> Line {
    Line {
        legal_entity: entity(),
        establishments: sites.into_iter().collect(),
        planned_year,
        note: String::new(),
    }
}

fn lines(planned_year: i32) -> Lines {
    Lines::new(vec![line([site()], planned_year)], horizon()).unwrap()
}

/// The site needs the council of its department.
fn joint_registry() -> RegistryView {
    let mut registry = registry();
    registry.establishments.get_mut(&site()).unwrap().council = Some(council());
    registry
}

fn proposal(councils: BTreeSet<Department>) -> Proposal {
    Proposal {
        id: ProgrammingId(Uuid::from_u128(9)),
        series: Series {
            region: region(),
            kind: RegimeKind::Ehpad,
            councils,
        },
        number: 1,
        horizon: horizon(),
        lines: lines(2028),
        comment: String::new(),
    }
}

fn manager() -> Person {
    person("lou", role::CONTRACT_MANAGER)
}

fn drafted() -> Programming {
    let proposal = proposal([council()].into());
    draft(proposal, &joint_registry(), &manager(), NOW).unwrap()
}

fn presidency() -> Mandate {
    let of_agency = delegation("marie", Matter::Signature);
    Mandate {
        id: MandateId(Uuid::from_u128(5)),
        terms: Terms {
            party: Party::Department(council()),
            ..of_agency.terms
        },
        ..of_agency
    }
}

fn approve(authority: Party) -> Act {
    Act::Approve {
        authority,
        title: "Présidente".into(),
        mandates: vec![presidency()],
    }
}

fn publish(date: time::Date) -> Act {
    Act::Publish(Publication {
        act: "RAA R93-2026-241".into(),
        date,
    })
}

fn refused(answer: Result<Event, Refusal>) -> &'static str {
    answer.unwrap_err().reason()
}

#[test]
fn a_decision_looks_five_years_ahead_and_is_published_before_they_begin() {
    let horizon = horizon();
    assert_eq!((horizon.first_year, horizon.last_year), (2027, 2031));
    assert_eq!(horizon.due_date, date!(2026 - 12 - 31));
    let defects = |lines| Lines::new(lines, horizon).unwrap_err();
    let early = defects(vec![line([site()], 2026)]);
    assert_eq!(early[0].field, "lines[0].planned_year");
    assert!(Lines::new(vec![line([site()], 2031)], horizon).is_ok());
    assert_eq!(defects(vec![line([site()], 2032)]).len(), 1);
    let twice = defects(vec![line([site()], 2027), line([site()], 2028)]);
    assert_eq!(twice[0].field, "lines[1].establishments");
    assert_eq!(defects(vec![])[0].field, "lines");
}

#[test]
fn a_site_under_joint_competence_needs_its_council_among_those_who_decide() {
    let alone = draft(proposal([].into()), &joint_registry(), &manager(), NOW).unwrap_err();
    assert_eq!(alone.reason(), "SIGNATORY_MISSING");
    assert!(alone.to_string().contains("L313-12 IV ter"), "{alone}");
    assert!(draft(proposal([].into()), &registry(), &manager(), NOW).is_ok());
    let unknown = draft(
        proposal([].into()),
        &RegistryView::default(),
        &manager(),
        NOW,
    );
    assert_eq!(unknown.unwrap_err().reason(), "PERIMETER_NOT_IN_REGISTRY");
    let director = person("ana", role::ESTABLISHMENT_DIRECTOR);
    let theirs = draft(proposal([].into()), &registry(), &director, NOW);
    assert_eq!(theirs.unwrap_err().reason(), "ROLE_NOT_ENTITLED");
    let over = draft(
        proposal([].into()),
        &registry(),
        &manager(),
        NOW + Duration::days(800),
    );
    assert_eq!(over.unwrap_err().reason(), "DATE_OUT_OF_RANGE");
}

#[test]
fn it_is_published_once_every_authority_has_approved_the_lines_as_they_stand() {
    let general = person("dg", role::DIRECTOR_GENERAL);
    let president = person("marie", role::DEPARTMENT_PRESIDENT);
    let today = date!(2026 - 03 - 10);
    let mut programming = drafted();
    let decide = |programming: &Programming, act, who: &Person| programming.decide(act, who, NOW);

    let missing = decide(&programming, publish(today), &manager()).unwrap_err();
    assert_eq!(missing.reason(), "APPROVALS_MISSING");
    assert!(missing.to_string().contains("departments/13"), "{missing}");
    assert!(missing.to_string().contains("L313-12 IV ter"), "{missing}");
    let stranger = Party::Department("06".parse().unwrap());
    assert_eq!(
        refused(decide(&programming, approve(stranger), &president)),
        "NOT_AN_AUTHORITY"
    );
    let theirs = Party::Department(council());
    assert_eq!(
        refused(decide(&programming, approve(theirs), &general)),
        "WRONG_SIGNATORY"
    );
    assert_eq!(
        refused(decide(&programming, approve(Party::Ars), &president)),
        "WRONG_SIGNATORY"
    );

    // Under the same act, but with a token of another département.
    let human = president.human().clone();
    let elsewhere = Person::new(human, [role::DEPARTMENT_PRESIDENT.to_owned()], [])
        .for_councils(["06".parse().unwrap()]);
    assert_eq!(
        refused(decide(&programming, approve(theirs), &elsewhere)),
        "WRONG_SIGNATORY"
    );

    for (party, who) in [(Party::Ars, &general), (theirs, &president)] {
        let event = decide(&programming, approve(party), who).unwrap();
        programming = programming.evolve(&event, NOW);
        assert_eq!(
            refused(decide(&programming, approve(party), who)),
            "ALREADY_SIGNED"
        );
    }
    let revise = Act::Revise {
        lines: lines(2029),
        comment: "report".into(),
        registry: joint_registry(),
    };
    let revised = decide(&programming, revise, &manager()).unwrap();
    let again = programming.clone().evolve(&revised, NOW);
    assert_eq!(
        refused(decide(&again, publish(today), &manager())),
        "APPROVALS_MISSING"
    );

    let tomorrow = decide(&programming, publish(date!(2026 - 03 - 11)), &manager());
    assert_eq!(refused(tomorrow), "DATE_OUT_OF_RANGE");
    let before = decide(&programming, publish(date!(2026 - 03 - 09)), &manager());
    assert_eq!(refused(before), "DATE_OUT_OF_RANGE");
    let event = decide(&programming, publish(today), &manager()).unwrap();
    let published = programming.evolve(&event, NOW);
    assert!(!published.is_late());
    assert_eq!(
        refused(decide(&published, publish(today), &manager())),
        "WRONG_STATE"
    );
}

#[test]
fn a_publication_after_its_day_is_recorded_as_late() {
    let mut programming = drafted();
    programming.state = State::Published {
        approvals: Vec::new(),
        publication: Publication {
            act: "RAA".into(),
            date: date!(2027 - 01 - 01),
        },
    };
    assert!(programming.is_late());
}

#[test]
fn a_contract_is_told_how_it_stands_to_the_programming() {
    let text = text(1, date!(2031 - 03 - 31));
    let fit = |years: &[(Finess, i32)]| {
        let years = years.iter().copied().collect();
        fits(&text, &years).collect::<Vec<_>>()
    };
    assert_eq!(fit(&[(site(), 2026)]), [(site(), Fit::Programmed)]);
    assert_eq!(
        fit(&[(site(), 2028)]),
        [(site(), Fit::OtherYear { planned_year: 2028 })]
    );
    assert_eq!(fit(&[]), [(site(), Fit::NotProgrammed)]);
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Revise,
    ApproveArs,
    ApproveCouncil,
    Publish,
    Discard,
    TimePasses(i64),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Revise),
        Just(Step::ApproveArs),
        Just(Step::ApproveCouncil),
        Just(Step::Publish),
        Just(Step::Discard),
        (0_i64..500).prop_map(Step::TimePasses),
    ]
}

fn act(step: Step, now: OffsetDateTime) -> Option<Act> {
    Some(match step {
        Step::Revise => Act::Revise {
            lines: lines(2029),
            comment: String::new(),
            registry: joint_registry(),
        },
        Step::ApproveArs => approve(Party::Ars),
        Step::ApproveCouncil => approve(Party::Department(council())),
        Step::Publish => publish(now.date()),
        Step::Discard => Act::Discard {
            reasons: Reasons::try_from("abandon".to_owned()).unwrap(),
        },
        Step::TimePasses(_) => return None,
    })
}

proptest! {
    #[test]
    fn whatever_is_done_a_published_decision_has_both_approvals_and_never_changes(
        steps in prop::collection::vec(
            (any_step(), prop::sample::select(vec![
                person("lou", role::CONTRACT_MANAGER),
                person("dg", role::DIRECTOR_GENERAL),
                person("marie", role::DEPARTMENT_PRESIDENT),
                person("paul", role::DEPARTMENT_PRESIDENT),
                person("ana", role::ESTABLISHMENT_DIRECTOR),
                person("machine", role::SERVICE),
            ])),
            1..40,
        ),
    ) {
        let (mut programming, mut now) = (drafted(), NOW);
        for (step, who) in steps {
            let Some(act) = act(step, now) else {
                if let Step::TimePasses(hours) = step {
                    now += Duration::hours(hours);
                }
                continue;
            };
            let before = programming.clone();
            let Ok(event) = programming.decide(act, &who, now) else {
                continue;
            };
            prop_assert!(matches!(before.state, State::Draft { .. }), "only a draft changes");
            programming = programming.evolve(&event, now);
            prop_assert_eq!(programming.version, before.version + 1);
            if let State::Published { approvals, .. } = &programming.state {
                let by: Vec<_> = approvals.iter().map(|a| (a.authority, a.by.subject())).collect();
                prop_assert_eq!(
                    by,
                    vec![(Party::Ars, "dg"), (Party::Department(council()), "marie")]
                );
            }
        }
    }
}
