//! A figure: what was reached, the raw limit beside it, and what is asked for.

use std::fmt;

use serde::Serialize;

use crate::machine::Machine;

/// Whether more or less is better, and from where on it is enough.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
    /// Measured to be known.
    None,
}

/// One line of the report.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    pub name: String,
    pub unit: &'static str,
    pub reached: f64,
    /// The raw limit in the same run; none for an absolute figure.
    pub raw: Option<f64>,
    pub target: Target,
}

impl Figure {
    /// A figure that is judged by its ratio to a raw limit.
    pub(crate) fn ratio(
        name: impl Into<String>,
        unit: &'static str,
        reached: f64,
        raw: f64,
        target: Target,
    ) -> Self {
        Self {
            name: name.into(),
            unit,
            reached,
            raw: Some(raw),
            target,
        }
    }

    /// A figure that is judged by itself.
    pub(crate) fn absolute(
        name: impl Into<String>,
        unit: &'static str,
        reached: f64,
        target: Target,
    ) -> Self {
        Self {
            name: name.into(),
            unit,
            reached,
            raw: None,
            target,
        }
    }

    fn judged(&self) -> f64 {
        self.raw.map_or(self.reached, |raw| self.reached / raw)
    }

    /// What was asked for, and whether it was reached.
    fn verdict(&self) -> (String, &'static str) {
        let told = |is_met| if is_met { "met" } else { "missed" };
        match self.target {
            Target::AtLeast(least) => (format!("≥ {}", bound(least)), told(self.judged() >= least)),
            Target::AtMost(most) => (format!("≤ {}", bound(most)), told(self.judged() <= most)),
            Target::None => ("–".to_owned(), ""),
        }
    }

    /// The cells of its line.
    pub(crate) fn cells(&self) -> [String; 6] {
        let (asked, verdict) = self.verdict();
        let ratio = self.raw.map_or_else(
            || "–".to_owned(),
            |raw| format!("{:.2}", self.reached / raw),
        );
        [
            self.name.clone(),
            format!("{} {}", number(self.reached), self.unit),
            self.raw.map_or_else(
                || "–".to_owned(),
                |raw| format!("{} {}", number(raw), self.unit),
            ),
            ratio,
            asked,
            verdict.to_owned(),
        ]
    }
}

/// Three significant places are what a figure of one run is worth.
fn number(value: f64) -> String {
    if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

/// The line over the figures.
pub(crate) const HEADER: [&str; 6] = ["Figure", "Reached", "Raw limit", "Ratio", "Asked", ""];

/// The figures of one run, and where they were measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub machine: Machine,
    pub figures: Vec<Figure>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.machine)?;
        let mut rows = vec![HEADER.map(str::to_owned)];
        rows.extend(self.figures.iter().map(Figure::cells));
        for row in &rows {
            let [name, reached, raw, ratio, asked, verdict] = row;
            writeln!(
                f,
                "{name:<44} {reached:>18} {raw:>18} {ratio:>8} {asked:>8}  {verdict}"
            )?;
        }
        Ok(())
    }
}

/// As it was asked: a third is 0.33, a half is 0.5.
fn bound(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
