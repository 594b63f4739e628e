//! The comparison in French prose: what a person may take into a review.

use kernel::{Decimal, french as number};

use super::{Group, SecrecyRule};
use crate::domain::{CampaignId, ContractId};

/// A comparison with all that its text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub campaign: CampaignId,
    pub contract: ContractId,
    pub year: i32,
    pub title: String,
    pub indicator: String,
    /// Data received after this instant are not part of the campaign; RFC 3339.
    pub received_before: String,
    pub ratio: Option<Decimal>,
    pub campaign_peers: Option<Group>,
    /// Code of the département, and its group.
    pub department: Option<(String, Option<Group>)>,
    pub rule: SecrecyRule,
}

const SPACE: char = '\u{202f}';

/// The same figures give the same text, to the byte.
pub fn statement(of: &Comparison) -> String {
    let mut lines = vec![
        format!(
            "Objectif «{SPACE}{}{SPACE}» (indicateur {}), {}. {} de la campagne {}, données reçues avant le {}.",
            of.title, of.indicator, of.year, of.contract, of.campaign, of.received_before
        ),
        own(of.ratio),
        told(
            "Autres contrats de la campagne",
            of.campaign_peers.as_ref(),
            &of.rule,
        ),
    ];
    if let Some((code, group)) = &of.department {
        let title = format!("Autres contrats du département {code}");
        lines.push(told(&title, group.as_ref(), &of.rule));
    }
    lines.push(format!(
        "Secret statistique{SPACE}: rien n’est dit d’un groupe de moins de {} contrats{SPACE}; une valeur qui partage le \
         groupe (médiane, quartiles, déciles) en demande autant dans chaque part. Source{SPACE}: {}.",
        of.rule.minimum_contracts, of.rule.source
    ));
    lines.push(
        "Ce contexte aide à examiner un constat. Ce n’est ni une note ni une conclusion, et il n’a aucun effet par \
         lui-même."
            .to_owned(),
    );
    lines.join("\n")
}

fn own(ratio: Option<Decimal>) -> String {
    match ratio {
        Some(ratio) => format!(
            "Rapport du réalisé à la cible pour ce contrat{SPACE}: {}.",
            number(ratio)
        ),
        None => {
            "Aucun rapport du réalisé à la cible ne se calcule pour ce contrat (valeur masquée ou manquante, ou cible \
             nulle)."
                .to_owned()
        }
    }
}

fn told(title: &str, group: Option<&Group>, rule: &SecrecyRule) -> String {
    let Some(group) = group else {
        return format!(
            "{title}{SPACE}: moins de {} ont cet indicateur{SPACE}; rien n’en est dit.",
            rule.minimum_contracts
        );
    };
    let mut facts = vec![
        format!("{} ont cet indicateur", group.contracts),
        format!("dont {} avec un constat", group.with_finding),
    ];
    if group.without_ratio > 0 {
        facts.push(format!(
            "{} sans rapport calculable",
            plural(group.without_ratio, "valeur", "valeurs")
        ));
    }
    match group.median {
        Some(median) => facts.push(format!("médiane {}", number(median))),
        None => facts.push("trop peu de rapports pour une médiane".to_owned()),
    }
    if let Some((low, high)) = group.quartiles {
        facts.push(format!("quartiles {} et {}", number(low), number(high)));
    }
    if let Some((low, high)) = group.tenths {
        facts.push(format!(
            "déciles extrêmes {} et {}",
            number(low),
            number(high)
        ));
    }
    format!("{title}{SPACE}: {}.", facts.join(", "))
}

fn plural(count: usize, one: &str, many: &str) -> String {
    let noun = if count < 2 { one } else { many };
    format!("{count} {noun}")
}
