//! Between the domain and the wire.

use kernel::Finess;
use proto::establishments::v1 as pb;
use time::OffsetDateTime;

use crate::{
    domain::{Entry, Establishment, LegalEntity, State},
    import::{
        Extract, Format, Issue,
        reconcile::{Plan, Tally},
    },
};

/// Lines that a report tells one by one; all are counted.
const REPORTED_LINES: usize = 1_000;

pub(crate) fn legal_entity_name(finess: Finess) -> String {
    format!("legalEntities/{finess}")
}

pub(crate) fn establishment_name(finess: Finess) -> String {
    format!("establishments/{finess}")
}

pub(crate) fn format(format: pb::RegistryFormat) -> Option<Format> {
    match format {
        pb::RegistryFormat::FinessClassic => Some(Format::FinessClassic),
        pb::RegistryFormat::FinessStock => Some(Format::FinessStock),
        pb::RegistryFormat::SitesCsv => Some(Format::SitesCsv),
        pb::RegistryFormat::FinessPlus => Some(Format::FinessPlus),
        pb::RegistryFormat::Unspecified => None,
    }
}

fn state(state: State) -> i32 {
    match state {
        State::Open => pb::RegistryState::Open,
        State::Closed => pb::RegistryState::Closed,
    }
    .into()
}

pub(crate) fn legal_entity(
    entry: &Entry<LegalEntity>,
    updated_at: OffsetDateTime,
) -> pb::LegalEntity {
    let content = &entry.content;
    pb::LegalEntity {
        name: legal_entity_name(content.finess),
        etag: rpc::etag::of(entry.version),
        finess: content.finess.to_string(),
        title: content.title.clone(),
        region: content.region.to_string(),
        legal_status: content.legal_status.clone().unwrap_or_default(),
        siren: content
            .siren
            .map(|siren| siren.as_str().to_owned())
            .unwrap_or_default(),
        state: state(entry.state),
        update_time: Some(kit::timestamp(updated_at)),
        derived: content.derived,
    }
}

pub(crate) fn establishment(
    entry: &Entry<Establishment>,
    updated_at: OffsetDateTime,
) -> pb::Establishment {
    let content = &entry.content;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    pb::Establishment {
        name: establishment_name(content.finess),
        etag: rpc::etag::of(entry.version),
        finess: content.finess.to_string(),
        legal_entity: legal_entity_name(content.legal_entity),
        title: content.title.clone(),
        region: content.region.to_string(),
        department: text(&content.department),
        commune_code: text(&content.commune_code),
        commune: text(&content.commune),
        category: text(&content.category),
        category_title: text(&content.category_title),
        siret: content
            .siret
            .map(|siret| siret.to_string())
            .unwrap_or_default(),
        tariff_mode: text(&content.tariff_mode),
        latitude: content
            .location
            .map(|at| at.latitude().to_string())
            .unwrap_or_default(),
        longitude: content
            .location
            .map(|at| at.longitude().to_string())
            .unwrap_or_default(),
        state: state(entry.state),
        update_time: Some(kit::timestamp(updated_at)),
    }
}

pub(crate) fn report(
    header: &pb::ImportHeader,
    sha256: &str,
    extract: &Extract,
    plan: &Plan,
) -> pb::ImportReport {
    let rejected = || extract.rejected.iter().chain(&plan.rejected);
    let warnings = || extract.warnings.iter().chain(&plan.warnings);
    pb::ImportReport {
        dry_run: header.dry_run,
        file_name: header.file_name.clone(),
        sha256: sha256.to_owned(),
        encoding: extract.encoding.to_owned(),
        lines: wire_count(extract.lines),
        legal_entities: Some(tally(plan.entity_tally)),
        establishments: Some(tally(plan.site_tally)),
        skipped: wire_count(extract.skipped),
        rejected: wire_count(rejected().count()),
        rejected_lines: first_lines(rejected(), rejected_line),
        warned: wire_count(warnings().count()),
        line_warnings: first_lines(warnings(), line_warning),
    }
}

/// The first ones in the order of the file, whatever step noticed them.
fn first_lines<'a, T>(issues: impl Iterator<Item = &'a Issue>, to_wire: fn(&Issue) -> T) -> Vec<T> {
    let mut issues: Vec<&Issue> = issues.collect();
    issues.sort_by_key(|issue| issue.line);
    issues
        .into_iter()
        .take(REPORTED_LINES)
        .map(to_wire)
        .collect()
}

fn rejected_line(issue: &Issue) -> pb::RejectedLine {
    pb::RejectedLine {
        line: wire_count(issue.line),
        field: issue.field.clone(),
        reason: issue.reason.as_str().to_owned(),
        explanation: issue.explanation.clone(),
        value: issue.value.clone(),
    }
}

fn line_warning(issue: &Issue) -> pb::LineWarning {
    pb::LineWarning {
        line: wire_count(issue.line),
        field: issue.field.clone(),
        reason: issue.reason.as_str().to_owned(),
        explanation: issue.explanation.clone(),
        value: issue.value.clone(),
    }
}

fn tally(tally: Tally) -> pb::Tally {
    pb::Tally {
        created: wire_count(tally.created),
        changed: wire_count(tally.changed),
        unchanged: wire_count(tally.unchanged),
        closed: wire_count(tally.closed),
    }
}

/// Counts are far below the limit of the wire.
fn wire_count(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}
