//! Amendments and what they would change.

use std::collections::BTreeSet;

use kernel::{Decimal, Finess};
use kit::timestamp;
use proto::contracts::v1 as pb;
use rpc::{Error, Violation, etag};
use time::Date;

use super::{
    actor, allowed_actions, change,
    content::{Reader, annex, clause, commitment, councils, funding, funding_source, objective},
    date, opinion,
    programming::councils_from,
    side, signature,
};
use crate::{
    domain::{
        AllowedAction, Amendment, Contract,
        amendment::{Changes, Edits, Reason, State, impact::Impact},
    },
    store::amendment::{OpenFinding, Signed},
};

/// An amendment, with what its reader may do.
pub fn amendment(
    amendment: &Amendment,
    contract: &Contract,
    actions: &[AllowedAction],
) -> pb::Amendment {
    let frozen = amendment.state.frozen();
    let acknowledged = amendment.acknowledged.as_ref();
    let required = amendment.required_signatories(contract);
    pb::Amendment {
        name: amendment.id.to_string(),
        etag: etag::of(amendment.version),
        contract: amendment.contract.to_string(),
        region: amendment.region.to_string(),
        number: frozen.map(|frozen| frozen.number).unwrap_or_default(),
        state: state(&amendment.state).into(),
        reason: reason(amendment.reason).into(),
        title: amendment.title.clone(),
        effect_date: amendment.effect_date.to_string(),
        changes: Some(changes(&amendment.changes)),
        revision: amendment.revision,
        proposed_by: side(amendment.proposed_by).into(),
        agreed_by: amendment
            .state
            .agreed_by()
            .into_iter()
            .map(|s| side(s).into())
            .collect(),
        consultations: amendment.consultations.iter().cloned().collect(),
        opinions: amendment.opinions.iter().map(opinion).collect(),
        acknowledged_impact_sha256: acknowledged
            .map(|a| a.impact.to_string())
            .unwrap_or_default(),
        acknowledged_by: acknowledged.map(|a| actor(&a.by)),
        document_sha256: frozen
            .map(|frozen| frozen.sha256.to_string())
            .unwrap_or_default(),
        required_signatories: required.iter().map(ToString::to_string).collect(),
        signatures: amendment
            .state
            .signatures()
            .iter()
            .map(|given| signature(given, &contract.text.content.associated_parties))
            .collect(),
        end_reasons: amendment
            .state
            .end_reasons()
            .map(|r| r.as_str().to_owned())
            .unwrap_or_default(),
        create_time: Some(timestamp(amendment.created_at)),
        update_time: Some(timestamp(amendment.updated_at)),
        allowed_actions: allowed_actions(actions),
        contract_number: contract.number.clone(),
        annex_files: Vec::new(),
    }
}

fn state(state: &State) -> pb::AmendmentState {
    match state {
        State::Proposed => pb::AmendmentState::Proposed,
        State::Negotiation { .. } => pb::AmendmentState::Negotiation,
        State::Consultation => pb::AmendmentState::Consultation,
        State::ReadyToSign { .. } => pb::AmendmentState::ReadyToSign,
        State::PartiallySigned { .. } => pb::AmendmentState::PartiallySigned,
        State::Signed { .. } => pb::AmendmentState::Signed,
        State::InEffect { .. } => pb::AmendmentState::InEffect,
        State::Rejected { .. } => pb::AmendmentState::Rejected,
        State::Withdrawn { .. } => pb::AmendmentState::Withdrawn,
    }
}

pub fn reason(reason: Reason) -> pb::AmendmentReason {
    match reason {
        Reason::RevisionPrs => pb::AmendmentReason::RevisionPrs,
        Reason::NewAuthorisation => pb::AmendmentReason::NewAuthorisation,
        Reason::MissionDesignation => pb::AmendmentReason::MissionDesignation,
        Reason::Funding => pb::AmendmentReason::Funding,
        Reason::PostControl => pb::AmendmentReason::PostControl,
        Reason::PerimeterChange => pb::AmendmentReason::PerimeterChange,
        Reason::Cref => pb::AmendmentReason::Cref,
        Reason::MidtermRevision => pb::AmendmentReason::MidtermRevision,
        Reason::ReconnaissanceAsr => pb::AmendmentReason::ReconnaissanceAsr,
        Reason::ErrorCorrection => pb::AmendmentReason::ErrorCorrection,
        Reason::MembershipChange => pb::AmendmentReason::MembershipChange,
    }
}

pub fn reason_from(given: pb::AmendmentReason) -> Result<Reason, Error> {
    Reason::ALL
        .into_iter()
        .find(|known| reason(*known) == given)
        .ok_or_else(|| Error::invalid("reason", "is required"))
}

pub fn changes(changes: &Changes) -> pb::AmendmentChanges {
    let codes = |codes: &BTreeSet<String>| codes.iter().cloned().collect();
    let sites = |sites: &BTreeSet<Finess>| {
        sites
            .iter()
            .map(|site| format!("establishments/{site}"))
            .collect()
    };
    let entities = |entities: &BTreeSet<Finess>| {
        entities
            .iter()
            .map(|entity| format!("legalEntities/{entity}"))
            .collect()
    };
    pb::AmendmentChanges {
        put_objectives: changes.objectives.put.iter().map(objective).collect(),
        remove_objectives: codes(&changes.objectives.remove),
        put_commitments: changes.commitments.put.iter().map(commitment).collect(),
        remove_commitments: codes(&changes.commitments.remove),
        put_funding: changes.funding.put.iter().map(funding).collect(),
        remove_funding: codes(&changes.funding.remove),
        put_clauses: changes.clauses.put.iter().map(clause).collect(),
        remove_clauses: codes(&changes.clauses.remove),
        put_annexes: changes.annexes.put.iter().map(annex).collect(),
        remove_annexes: codes(&changes.annexes.remove),
        add_establishments: sites(&changes.add_establishments),
        remove_establishments: sites(&changes.remove_establishments),
        end_date: changes
            .end_date
            .map(|day| day.to_string())
            .unwrap_or_default(),
        legal_entities: Vec::new(),
        add_legal_entities: entities(&changes.add_legal_entities),
        remove_legal_entities: entities(&changes.remove_legal_entities),
        add_departmental_councils: councils(&changes.add_departmental_councils),
        remove_departmental_councils: councils(&changes.remove_departmental_councils),
        support_entity: changes
            .support_entity
            .map(|entity| format!("legalEntities/{entity}"))
            .unwrap_or_default(),
    }
}

/// The changes of a request and the holders it names; all fields that cannot be read are told.
pub fn changes_from(
    changes: Option<&pb::AmendmentChanges>,
) -> Result<(Changes, BTreeSet<Finess>), Error> {
    let changes = changes.ok_or_else(|| Error::invalid("changes", "is required"))?;
    let mut reader = Reader::default();
    let codes = |codes: &[String]| codes.iter().cloned().collect();
    let numbers = |reader: &mut Reader, field: &str, names: &[String]| {
        reader
            .each(field, names, |reader, field, name| {
                let number = name
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .parse::<Finess>();
                number
                    .map_err(|e| reader.violations.push(Violation::new(field, e)))
                    .ok()
            })
            .into_iter()
            .collect::<BTreeSet<_>>()
    };
    let support: &[String] = match changes.support_entity.as_str() {
        "" => &[],
        _ => std::slice::from_ref(&changes.support_entity),
    };
    let read = Changes {
        objectives: Edits {
            put: reader.each(
                "changes.put_objectives",
                &changes.put_objectives,
                Reader::objective,
            ),
            remove: codes(&changes.remove_objectives),
        },
        commitments: Edits {
            put: reader.each(
                "changes.put_commitments",
                &changes.put_commitments,
                Reader::commitment,
            ),
            remove: codes(&changes.remove_commitments),
        },
        funding: Edits {
            put: reader.each("changes.put_funding", &changes.put_funding, Reader::funding),
            remove: codes(&changes.remove_funding),
        },
        clauses: Edits {
            put: reader.each("changes.put_clauses", &changes.put_clauses, Reader::clause),
            remove: codes(&changes.remove_clauses),
        },
        annexes: Edits {
            put: reader.each("changes.put_annexes", &changes.put_annexes, Reader::annex),
            remove: codes(&changes.remove_annexes),
        },
        add_establishments: numbers(
            &mut reader,
            "changes.add_establishments",
            &changes.add_establishments,
        ),
        remove_establishments: numbers(
            &mut reader,
            "changes.remove_establishments",
            &changes.remove_establishments,
        ),
        add_legal_entities: numbers(
            &mut reader,
            "changes.add_legal_entities",
            &changes.add_legal_entities,
        ),
        remove_legal_entities: numbers(
            &mut reader,
            "changes.remove_legal_entities",
            &changes.remove_legal_entities,
        ),
        add_departmental_councils: councils_from(&changes.add_departmental_councils)?,
        remove_departmental_councils: councils_from(&changes.remove_departmental_councils)?,
        support_entity: numbers(&mut reader, "changes.support_entity", support)
            .into_iter()
            .next(),
        end_date: match changes.end_date.as_str() {
            "" => None,
            text => Some(date("changes.end_date", text)?),
        },
    };
    let holders = numbers(
        &mut reader,
        "changes.legal_entities",
        &changes.legal_entities,
    );
    let nameless = changes
        .put_objectives
        .iter()
        .position(|objective| objective.code.is_empty());
    if let Some(place) = nameless {
        let field = format!("changes.put_objectives[{place}].code");
        reader.violations.push(Violation::new(
            field,
            "names the objective that is added or replaced",
        ));
    }
    if reader.violations.is_empty() {
        Ok((read, holders))
    } else {
        Err(Error::Invalid(reader.violations))
    }
}

/// What an amendment would change, without its hash.
pub fn impact(
    amendment: &Amendment,
    contract: &Contract,
    impact: &Impact,
    (findings, later): (&[OpenFinding], &[Signed]),
) -> pb::ImpactReview {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let value =
        |value: Option<Decimal>| value.map(|v| v.normalize().to_string()).unwrap_or_default();
    let target_set = contract
        .state
        .frozen()
        .map(|frozen| frozen.target_set.to_string());
    pb::ImpactReview {
        amendment: amendment.id.to_string(),
        changes: impact.changes.iter().map(change).collect(),
        money: impact
            .money
            .iter()
            .map(|money| pb::MoneyImpact {
                year: money.year,
                source: funding_source(money.source).into(),
                before_eur: format!("{:.2}", money.before_eur),
                after_eur: format!("{:.2}", money.after_eur),
                difference_eur: format!("{:.2}", money.difference_eur()),
            })
            .collect(),
        deadlines: impact
            .deadlines
            .iter()
            .map(|deadline| pb::DeadlineImpact {
                what: deadline.what.clone(),
                before: day(deadline.before),
                after: day(deadline.after),
            })
            .collect(),
        targets: impact
            .targets
            .iter()
            .map(|target| pb::TargetImpact {
                commitment: target.commitment.clone(),
                indicator: target.indicator.clone(),
                year: target.year,
                before: value(target.before),
                after: value(target.after),
            })
            .collect(),
        findings: findings
            .iter()
            .map(|finding| pb::FindingImpact {
                review: finding.review.to_string(),
                finding: finding.finding.to_string(),
                objective: finding.objective.clone(),
                summary: finding.summary.clone(),
            })
            .collect(),
        target_set: target_set.unwrap_or_default(),
        sha256: String::new(),
        later_amendments: later.iter().map(applied).collect(),
    }
}

/// An amendment that is part of a consolidated text.
pub fn applied(signed: &Signed) -> pb::AppliedAmendment {
    pb::AppliedAmendment {
        name: signed.id.to_string(),
        number: signed.number,
        title: signed.title.clone(),
        effect_date: signed.effect_date.to_string(),
        document_sha256: signed.sha256.to_string(),
    }
}
