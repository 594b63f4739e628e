//! What would follow from an amendment: differences of the text, money, deadlines, targets, findings. Nothing is applied.

use proto::contracts::v1::{AppliedAmendment, FindingImpact, ImpactReview};

use super::{
    amendment::{Difference, difference},
    id_of,
};
use crate::{
    form::Form,
    table::{Cell, Table},
    text::{dates, follow_up as words, indicators},
};

/// A finding that a person still reviews.
pub(super) struct Finding {
    pub(super) path: String,
    pub(super) review: String,
    pub(super) summary: String,
}

/// What would follow.
pub(super) struct Impact {
    pub(super) changes: Vec<Difference>,
    pub(super) money: Option<Table>,
    pub(super) deadlines: Option<Table>,
    pub(super) targets: Option<Table>,
    pub(super) findings: Vec<Finding>,
    /// Signed amendments that take effect after it: the page of each, and what it is.
    pub(super) later: Vec<(String, String)>,
    pub(super) keeps_targets: bool,
}

/// The same in words and tables.
pub(super) fn shown(impact: &ImpactReview, path: &str, query: &Form) -> Impact {
    let or_none = |text: &str| Cell::if_any(text, Cell::number);
    let day = |text: &str| Cell::if_any(text, Cell::day);
    let mut money = Table::new(
        "moyens",
        "Moyens, en euros",
        &["Année", "Source", "Avant#", "Après#", "Différence#"],
    );
    for one in &impact.money {
        money.push(vec![
            Cell::text(one.year.to_string()),
            Cell::text(words::funding_source(one.source())),
            or_none(&one.before_eur),
            or_none(&one.after_eur),
            or_none(&one.difference_eur),
        ]);
    }
    let mut deadlines = Table::new(
        "echeances",
        "Échéances qui bougent",
        &["Échéance", "Avant", "Après"],
    );
    for one in &impact.deadlines {
        let what = if one.what == "end" {
            "Fin du contrat"
        } else {
            one.what.as_str()
        };
        deadlines.push(vec![Cell::text(what), day(&one.before), day(&one.after)]);
    }
    let mut targets = Table::new(
        "cibles",
        "Cibles annuelles qui changent",
        &[
            "Engagement",
            "Indicateur",
            "Unité",
            "Année",
            "Avant#",
            "Après#",
        ],
    );
    for one in &impact.targets {
        targets.push(vec![
            Cell::text(one.commitment.as_str()),
            Cell::text(indicators::title(&one.indicator)),
            Cell::if_any(indicators::unit(&one.indicator), Cell::text),
            Cell::text(one.year.to_string()),
            or_none(&one.before),
            or_none(&one.after),
        ]);
    }
    let some = |table: Table| (!table.rows.is_empty()).then(|| table.at(path, query));
    Impact {
        changes: impact.changes.iter().map(difference).collect(),
        money: some(money),
        deadlines: some(deadlines),
        targets: some(targets),
        findings: impact.findings.iter().map(finding).collect(),
        later: impact.later_amendments.iter().map(later).collect(),
        keeps_targets: !impact.target_set.is_empty(),
    }
}

fn later(amendment: &AppliedAmendment) -> (String, String) {
    let told = format!(
        "Avenant n° {} : {}, effet au {}",
        amendment.number,
        amendment.title,
        dates::from_wire(&amendment.effect_date)
    );
    (format!("/avenants/{}", id_of(&amendment.name)), told)
}

fn finding(finding: &FindingImpact) -> Finding {
    Finding {
        path: format!("/constats/{}", id_of(&finding.finding)),
        review: format!("/revues/{}", id_of(&finding.review)),
        summary: finding.summary.clone(),
    }
}
