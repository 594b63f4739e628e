//! The verdict on one exact value. Every test that decides is written into the trace as it is made, so
//! the trace cannot tell another story than the verdict.

use kernel::Decimal;

use super::{
    objective::{Target, Unit},
    quantity::Quantity,
    tolerance::Band,
    trace::{CalculationTrace, rounded},
};

/// How far beyond the tolerance. Graver than major is for a person to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    Minor,
    Major,
}

/// What one value amounts to. For a given target, each verdict holds on an interval of values: so an
/// interval of values has one verdict exactly when its two ends have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Conforming,
    /// Target and value are both too small to be told from chance.
    TooSmall,
    /// It deviates, and chance alone may explain it: the policy does not judge that.
    Chance,
    Below(Gravity),
    Above(Gravity),
}

/// How far a value is from what it is compared with: the point, or the bound of the band it crossed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    pub reference: Quantity,
    /// Value minus reference.
    pub difference: Decimal,
    /// Share of the reference, rounded to 4 decimals. None when the reference is 0.
    pub percent: Option<Decimal>,
}

/// A verdict and the distance it rests on; no distance inside a band or when too small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: Verdict,
    pub gap: Option<Gap>,
}

/// Compares one value with the target of the year.
///
/// - A target of 0 is met by 0 only; anything else is above it by its absolute difference, and major
///   because no share of 0 exists.
/// - Counts of activity are not judged when target and value are both under the minimum count.
/// - A point conforms within `conforming_percent` of it; a band conforms between its bounds.
/// - Beyond, up to `minor_percent` of the point or of the bound crossed is minor, the rest is major.
///
/// Comparisons are exact: they multiply instead of dividing, and [`Quantity`] bounds the products.
pub fn judge(
    target: Target,
    value: Quantity,
    unit: Unit,
    band: &Band,
    trace: &mut CalculationTrace,
) -> Judgement {
    let without_gap = |verdict| Judgement { verdict, gap: None };
    let (min, max) = match target {
        Target::Point(point) => (point, point),
        Target::Band { min, max } => (min, max),
    };
    if max == Quantity::ZERO && value == Quantity::ZERO {
        trace.test("0 = 0", true);
        return without_gap(Verdict::Conforming);
    }
    if unit.counts_activity() {
        let least = band.minimum_count;
        let test = format!("{max} < {least} et {value} < {least}");
        if trace.test(test, band.is_small(max) && band.is_small(value)) {
            return without_gap(Verdict::TooSmall);
        }
    }
    let is_band = matches!(target, Target::Band { .. });
    if is_band {
        let test = format!("{min} ≤ {value} et {value} ≤ {max}");
        if trace.test(test, min <= value && value <= max) {
            return without_gap(Verdict::Conforming);
        }
    }
    let reference = if value < min { min } else { max };
    let gap = measure_gap(value, reference, trace);
    let within = |percent: Decimal, trace: &mut CalculationTrace| {
        let test = format!("|{value} − {reference}| × 100 ≤ {percent} × {reference}");
        let holds = gap.difference.abs() * Decimal::ONE_HUNDRED <= percent * reference.value();
        trace.test(test, holds)
    };
    if gap.percent.is_some() && !is_band && within(band.conforming_percent, trace) {
        return Judgement {
            verdict: Verdict::Conforming,
            gap: Some(gap),
        };
    }
    let gravity = if gap.percent.is_some() && within(band.minor_percent, trace) {
        Gravity::Minor
    } else {
        Gravity::Major
    };
    let verdict = if value < reference {
        Verdict::Below(gravity)
    } else {
        Verdict::Above(gravity)
    };
    Judgement {
        verdict,
        gap: Some(gap),
    }
}

fn measure_gap(value: Quantity, reference: Quantity, trace: &mut CalculationTrace) -> Gap {
    let difference = value.value() - reference.value();
    if reference == Quantity::ZERO {
        trace.step(format!("{value} − {reference}"), difference);
        return Gap {
            reference,
            difference,
            percent: None,
        };
    }
    // At most 17 digits before the point and 10^-6 as a divisor: the quotient fits in 28 digits.
    let percent = rounded(difference / reference.value() * Decimal::ONE_HUNDRED);
    trace.step(
        format!("({value} − {reference}) ÷ {reference} × 100"),
        format!("{percent:.4}"),
    );
    Gap {
        reference,
        difference,
        percent: Some(percent),
    }
}
