//! The trace is enough to do the calculation again: a small evaluator, which shares nothing with the
//! code under test, reads only the trace and must reach the same verdict.

use std::{iter::Peekable, str::Chars};

use kernel::Decimal;
use proptest::prelude::*;

use super::{tests::*, *};
use crate::domain::objective::Unit;

/// An exact fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fraction(i128, i128);

impl Fraction {
    fn new(numerator: i128, denominator: i128) -> Self {
        let (mut a, mut b) = (numerator.abs(), denominator.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let sign = if denominator < 0 { -1 } else { 1 };
        Self(sign * numerator / a.max(1), sign * denominator / a.max(1))
    }

    fn parse(text: &str) -> Self {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let scale = 10i128.pow(u32::try_from(decimals.len()).unwrap());
        Self::new(format!("{whole}{decimals}").parse().unwrap(), scale)
    }

    fn less(self, other: Self) -> bool {
        self.0 * other.1 < other.0 * self.1
    }

    /// Four decimals, half away from zero.
    fn rounded(self) -> Self {
        let scaled = self.0.abs() * 10_000;
        let nearest = (2 * scaled + self.1) / (2 * self.1);
        Self::new(self.0.signum() * nearest, 10_000)
    }
}

/// Reads `+ − × ÷`, parentheses, bars and numbers with a decimal point.
struct Arithmetic<'a>(Peekable<Chars<'a>>);

impl<'a> Arithmetic<'a> {
    fn evaluate(text: &'a str) -> Fraction {
        let mut reader = Self(text.chars().peekable());
        let value = reader.sum();
        assert_eq!(reader.peek(), None, "unread: {text}");
        value
    }

    fn peek(&mut self) -> Option<char> {
        while self.0.next_if_eq(&' ').is_some() {}
        self.0.peek().copied()
    }

    fn sum(&mut self) -> Fraction {
        let mut left = self.product();
        while let Some(operator @ ('+' | '−')) = self.peek() {
            self.0.next();
            let right = self.product();
            let sign = if operator == '+' { 1 } else { -1 };
            left = Fraction::new(left.0 * right.1 + sign * right.0 * left.1, left.1 * right.1);
        }
        left
    }

    fn product(&mut self) -> Fraction {
        let mut left = self.atom();
        while let Some(operator @ ('×' | '÷')) = self.peek() {
            self.0.next();
            let Fraction(a, b) = self.atom();
            let (a, b) = if operator == '×' { (a, b) } else { (b, a) };
            left = Fraction::new(left.0 * a, left.1 * b);
        }
        left
    }

    fn atom(&mut self) -> Fraction {
        if let Some(bracket @ ('(' | '|')) = self.peek() {
            self.0.next();
            let inner = self.sum();
            self.peek();
            self.0.next();
            return if bracket == '|' {
                Fraction(inner.0.abs(), inner.1)
            } else {
                inner
            };
        }
        let mut digits = String::new();
        while let Some(c) = self.0.next_if(|c| c.is_ascii_digit() || *c == '.') {
            digits.push(c);
        }
        Fraction::parse(&digits)
    }
}

fn holds(test: &str) -> bool {
    test.split(" et ").all(|part| {
        let sides = |operator| {
            let (left, right) = part.split_once(operator)?;
            Some((Arithmetic::evaluate(left), Arithmetic::evaluate(right)))
        };
        if let Some((left, right)) = sides("≤") {
            return !right.less(left);
        }
        if let Some((left, right)) = sides("<") {
            return left.less(right);
        }
        let (left, right) = sides("=").unwrap();
        left == right
    })
}

/// Does every step of the trace again.
fn recompute_steps(trace: &CalculationTrace) {
    for step in trace
        .steps
        .iter()
        .filter(|step| !step.expression.starts_with("Byar"))
    {
        match step.result.as_str() {
            "vrai" => assert!(holds(&step.expression), "{step:?}"),
            "faux" => assert!(!holds(&step.expression), "{step:?}"),
            number => {
                let value = Arithmetic::evaluate(&step.expression);
                let is_share = step.expression.contains('÷');
                let value = if is_share { value.rounded() } else { value };
                assert_eq!(value, Fraction::parse(number), "{step:?}");
            }
        }
    }
}

/// Derives result and severity of an exact figure from the inputs and parameters of its trace alone.
fn rederive(trace: &CalculationTrace) -> (ComparisonResult, Option<Severity>) {
    let find = |lines: &[crate::domain::trace::Sourced], name: &str| {
        lines
            .iter()
            .find(|line| line.name == name)
            .map(|line| Fraction::parse(&line.value))
    };
    let input = |name| find(&trace.inputs, name);
    let parameter = |name| find(&trace.parameters, name);
    let value = input("réalisé").unwrap();
    let (low, high, is_point) = match input("cible") {
        Some(target) => (target, target, true),
        None => (
            input("borne basse").unwrap(),
            input("borne haute").unwrap(),
            false,
        ),
    };
    let zero = Fraction(0, 1);
    if high == zero && value == zero {
        return (ComparisonResult::Conforming, None);
    }
    if let Some(least) = parameter("effectif minimal")
        && value.less(least)
        && high.less(least)
    {
        return (ComparisonResult::TooSmall, None);
    }
    let below = value.less(low);
    if !below && !high.less(value) {
        return (ComparisonResult::Conforming, None);
    }
    let bound = if below { low } else { high };
    let result = if below {
        ComparisonResult::Below
    } else {
        ComparisonResult::Above
    };
    if bound == zero {
        return (result, Some(Severity::Major));
    }
    let difference = Fraction::new(value.0 * bound.1 - bound.0 * value.1, value.1 * bound.1);
    let share = Fraction::new(difference.0.abs() * bound.1 * 100, difference.1 * bound.0);
    let within = |name| !parameter(name).unwrap().less(share);
    match (
        is_point && within("tolérance (%)"),
        within("écart mineur (%)"),
    ) {
        (true, _) => (ComparisonResult::Conforming, None),
        (false, true) => (result, Some(Severity::Minor)),
        (false, false) => (result, Some(Severity::Major)),
    }
}

/// Where a verdict stands between far below and far above.
fn rank(comparison: &Comparison) -> i8 {
    let weight = if comparison.severity == Some(Severity::Major) {
        2
    } else {
        1
    };
    match comparison.result {
        ComparisonResult::Below => -weight,
        ComparisonResult::Above => weight,
        _ => 0,
    }
}

fn decimal(thousandths: i64) -> Quantity {
    Decimal::new(thousandths, 3).try_into().unwrap()
}

fn any_value() -> impl Strategy<Value = Quantity> {
    prop_oneof![
        (0i64..100).prop_map(|whole| decimal(whole * 1000)),
        (0i64..200_000).prop_map(decimal),
        (0i64..5_000_000_000).prop_map(decimal),
    ]
}

fn any_target() -> impl Strategy<Value = Target> {
    prop_oneof![
        any_value().prop_map(Target::Point),
        (any_value(), any_value()).prop_map(|(a, b)| Target::Band {
            min: a.min(b),
            max: a.max(b)
        }),
    ]
}

fn any_unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(vec![Unit::Stays, Unit::Days, Unit::Sites, Unit::Percent])
}

fn any_rules() -> impl Strategy<Value = ToleranceRules> {
    (0i64..300_000, 0i64..300_000, 0i64..60).prop_map(|(a, b, least)| {
        let text = |ten_thousandths| Decimal::new(ten_thousandths, 4).to_string();
        rules(&text(a.min(b)), &text(a.max(b)), &least.to_string())
    })
}

/// Any decimal there is, sign and scale included.
fn any_decimal() -> impl Strategy<Value = Decimal> {
    (any::<i128>(), 0u32..=28).prop_map(|(mantissa, scale)| {
        Decimal::from_i128_with_scale(mantissa % 79_228_162_514_264_337_593_543_950_335, scale)
    })
}

proptest! {
    #[test]
    fn a_trace_recomputes_to_the_same_result(
        target in any_target(), value in any_value(), unit in any_unit(), rules in any_rules()
    ) {
        let objective = objective(unit, target);
        let comparison = ask(&objective, &rules, 2024, &measure(Realised::Exact(value)));
        recompute_steps(&comparison.trace);
        prop_assert_eq!(rederive(&comparison.trace), (comparison.result, comparison.severity));
    }

    #[test]
    fn more_activity_never_moves_a_verdict_down(
        target in any_target(), a in any_value(), b in any_value(), unit in any_unit(), rules in any_rules()
    ) {
        let objective = objective(unit, target);
        let at = |value| rank(&ask(&objective, &rules, 2024, &measure(Realised::Exact(value))));
        prop_assert!(at(a.min(b)) <= at(a.max(b)));
    }

    #[test]
    fn a_wider_tolerance_never_makes_a_finding_graver(
        target in any_target(), value in any_value(), unit in any_unit(),
        steps in (0i64..100_000, 0i64..100_000, 0i64..100_000, 0i64..100_000)
    ) {
        let objective = objective(unit, target);
        let severity = |conforming: i64, minor: i64| {
            let text = |n| Decimal::new(n, 4).to_string();
            let rules = rules(&text(conforming), &text(minor), "30");
            ask(&objective, &rules, 2024, &measure(Realised::Exact(value))).severity
        };
        let (conforming, minor) = (steps.0, steps.0 + steps.1);
        let wider = conforming + steps.2;
        prop_assert!(severity(wider, wider.max(minor) + steps.3) <= severity(conforming, minor));
    }

    /// A masked figure says only what every value it may hide would say.
    #[test]
    fn what_a_masked_figure_says_holds_for_every_value_it_may_hide(
        target in any_target(), ends in (any_value(), any_value()), hidden in any_value(),
        unit in any_unit(), rules in any_rules()
    ) {
        let (lower, upper) = (ends.0.min(ends.1), ends.0.max(ends.1));
        let objective = objective(unit, target);
        let at = |realised| ask(&objective, &rules, 2024, &measure(realised));
        let masked = at(Realised::Masked { lower, upper });
        let exact = at(Realised::Exact(hidden.clamp(lower, upper)));
        if masked.result == ComparisonResult::UndecidedMasked {
            prop_assert_eq!(masked.severity, None);
            prop_assert_ne!(
                at(Realised::Exact(lower)).result,
                at(Realised::Exact(upper)).result
            );
        } else {
            prop_assert_eq!(masked.result, exact.result);
            prop_assert!(masked.severity <= exact.severity);
        }
        recompute_steps(&masked.trace);
    }

    #[test]
    fn no_decimal_makes_a_comparison_panic(
        numbers in prop::array::uniform4(any_decimal()), percents in (any_decimal(), any_decimal()),
        unit in any_unit()
    ) {
        // Numbers that are no quantities are refused; the largest quantity stands in for them.
        let largest = quantity("999999999999999.999999");
        let [a, b, c, d] = numbers.map(|n| Quantity::try_from(n).unwrap_or(largest));
        let percent = |n: Decimal| n.abs().min(Decimal::new(9_999_999, 4)).round_dp(4);
        let (p, q) = (percent(percents.0), percent(percents.1));
        let rules = rules(&p.min(q).to_string(), &p.max(q).to_string(), "999999.9999");
        for target in [Target::Point(a), Target::Band { min: a.min(b), max: a.max(b) }] {
            let objective = objective(unit, target);
            ask(&objective, &rules, 2024, &measure(Realised::Exact(c)));
            ask(&objective, &rules, 2024, &measure(Realised::Masked { lower: c.min(d), upper: c.max(d) }));
        }
    }
}
