//! A finding among its peers.

use kernel::Decimal;
use proto::controls::v1 as pb;
use sha2::{Digest as _, Sha256};

use crate::domain::{
    Finding,
    peers::{Comparison, Group, SecrecyRule, statement},
};

/// What is told of a finding that is about no objective of a target set.
pub fn without_objective(finding: &Finding, rule: &SecrecyRule) -> pb::PeerComparison {
    let text =
        "Ce constat ne porte sur aucun objectif chiffré\u{202f}: rien n’est comparé.".to_owned();
    with_rule(finding, rule, text)
}

/// `names_others`: whether the figures of the others are told one by one.
pub fn comparison(finding: &Finding, of: &Comparison, names_others: bool) -> pb::PeerComparison {
    let group = |group: Option<&Group>| Some(self::group(group, names_others));
    let (department, near) = match &of.department {
        Some((code, near)) => (code.clone(), near.as_ref()),
        None => (String::new(), None),
    };
    pb::PeerComparison {
        objective: finding.facts.objective.clone(),
        title: of.title.clone(),
        indicator: of.indicator.clone(),
        ratio: decimal(of.ratio),
        campaign_peers: group(of.campaign_peers.as_ref()),
        department_peers: group(near),
        department,
        ..with_rule(finding, &of.rule, statement(of))
    }
}

fn with_rule(finding: &Finding, rule: &SecrecyRule, text: String) -> pb::PeerComparison {
    pb::PeerComparison {
        finding: finding.id.to_string(),
        campaign: finding.facts.campaign.to_string(),
        contract: finding.facts.contract.to_string(),
        year: finding.facts.year,
        minimum_contracts: count(rule.minimum_contracts),
        minimum_source: rule.source.clone(),
        minimum_first_day: rule.first_day.to_string(),
        statement_sha256: hex::encode(Sha256::digest(&text)),
        statement: text,
        campaign_peers: Some(pb::PeerGroup::default()),
        department_peers: Some(pb::PeerGroup::default()),
        ..Default::default()
    }
}

fn group(group: Option<&Group>, names_others: bool) -> pb::PeerGroup {
    let Some(group) = group else {
        return pb::PeerGroup::default();
    };
    let (first_quartile, third_quartile) = group.quartiles.unzip();
    let (first_tenth, last_tenth) = group.tenths.unzip();
    let points = group.points.iter().filter(|_| names_others);
    pb::PeerGroup {
        told: true,
        contracts: count(group.contracts),
        with_finding: count(group.with_finding),
        without_ratio: count(group.without_ratio),
        median: decimal(group.median),
        first_quartile: decimal(first_quartile),
        third_quartile: decimal(third_quartile),
        first_tenth: decimal(first_tenth),
        last_tenth: decimal(last_tenth),
        points: points
            .map(|point| pb::PeerPoint {
                contract: point.contract.to_string(),
                ratio: point.ratio.to_string(),
                has_finding: point.has_finding,
            })
            .collect(),
    }
}

/// Empty when there is none.
fn decimal(number: Option<Decimal>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
