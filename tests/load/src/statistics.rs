//! Medians and percentiles of durations.

use std::time::Duration;

/// A set of durations, in order.
#[derive(Debug)]
pub(crate) struct Durations(Vec<Duration>);

impl Durations {
    pub(crate) fn new(mut durations: Vec<Duration>) -> Self {
        durations.sort_unstable();
        Self(durations)
    }

    /// The duration that this many per cent do not exceed, in milliseconds.
    pub(crate) fn percentile_ms(&self, percent: usize) -> f64 {
        let place = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0
            .get(place)
            .map_or(f64::NAN, |duration| duration.as_secs_f64() * 1_000.0)
    }
}

/// How many a second.
pub(crate) fn rate(count: u32, elapsed: Duration) -> f64 {
    f64::from(count) / elapsed.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_stands_in_the_middle() {
        let durations = Durations::new((1..=100).rev().map(Duration::from_millis).collect());
        assert!((durations.percentile_ms(50) - 51.0).abs() < 1e-9);
        assert!((durations.percentile_ms(99) - 100.0).abs() < 1e-9);
        assert!(Durations::new(Vec::new()).percentile_ms(50).is_nan());
    }
}
