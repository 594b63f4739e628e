//! What the rules of a policy change.

use super::*;

/// The usual rules with something more.
fn rules_with(change: impl FnOnce(&mut Draft)) -> ToleranceRules {
    let mut draft = Draft::from(rules("5", "10", "30"));
    change(&mut draft);
    draft.try_into().unwrap()
}

#[test]
fn an_objective_is_judged_by_the_band_of_its_type() {
    let strict = rules_with(|draft| {
        draft.bands = vec![TypedBand {
            units: vec![Unit::Sites],
            band: Band::default(),
        }];
    });
    let sites = objective(Unit::Sites, point("100"));
    let stays = objective(Unit::Stays, point("100"));
    let one_less = measure(exactly("99"));
    assert_eq!(
        ask(&sites, &strict, 2024, &one_less).result,
        ComparisonResult::Below
    );
    assert_eq!(
        ask(&stays, &strict, 2024, &one_less).result,
        ComparisonResult::Conforming
    );
}

#[test]
fn a_neutralised_year_is_measured_and_not_judged() {
    let neutralised = rules_with(|draft| {
        draft.neutralised = vec![NeutralisedYear {
            year: 2024,
            reasons: "épidémie".to_owned(),
        }];
    });
    let objective = objective(Unit::Stays, point("1000"));
    let comparison = ask(&objective, &neutralised, 2024, &measure(exactly("1")));
    assert_eq!(
        (comparison.result, comparison.severity),
        (ComparisonResult::Neutralised, None)
    );
    assert!(comparison.trace.conclusion.contains("épidémie"));
    assert_eq!(comparison.basis.unwrap().realised, exactly("1"));
}

#[test]
fn a_deviation_that_chance_may_explain_is_left_alone_where_the_policy_says_so() {
    use ComparisonResult::{Above, TooSmall, UndecidedMasked};
    let excluded = rules_with(|draft| draft.chance_excluded = true);
    let result = |rules: &ToleranceRules, unit, target, realised| {
        ask(
            &objective(unit, point(target)),
            rules,
            2024,
            &measure(realised),
        )
        .result
    };
    assert_eq!(
        result(&rules("5", "10", "30"), Unit::Stays, "40", exactly("50")),
        Above
    );
    assert_eq!(
        result(&excluded, Unit::Stays, "40", exactly("50")),
        TooSmall
    );
    // Many events leave nothing to chance, and days of one stay are no separate events.
    assert_eq!(
        result(&excluded, Unit::Stays, "4000", exactly("5000")),
        Above
    );
    assert_eq!(result(&excluded, Unit::Days, "40", exactly("50")), Above);
    assert_eq!(
        result(&excluded, Unit::Stays, "40", between("50", "100")),
        UndecidedMasked
    );
    assert_eq!(
        result(&excluded, Unit::Stays, "40", between("90", "100")),
        Above
    );
}
