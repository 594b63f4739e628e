//! From what happened to the message that says it. Each carries the whole new state, so that a
//! consumer needs nothing else.

use kernel::Region;
use proto::establishments::v1::{
    EstablishmentChanged, EstablishmentClosed, EstablishmentRegistered, ImportReport,
    LegalEntityChanged, LegalEntityClosed, LegalEntityRegistered, RegistryImported,
};
use store::{Error, Fact};
use time::OffsetDateTime;

use crate::{
    domain::{Change, Establishment, Event, LegalEntity, registry::RegistryImportId},
    grpc::convert,
};

/// Lines that a report brings along when it travels: a broker's message is small.
const REPORTED_LINES: usize = 100;

pub(crate) fn legal_entity(
    change: &Change<LegalEntity>,
    at: OffsetDateTime,
) -> Result<Fact, Error> {
    let legal_entity = Some(convert::legal_entity(&change.after, at));
    let content = &change.after.content;
    let name = convert::legal_entity_name(content.finess);
    let version = change.after.version;
    let region = content.region;
    match &change.event {
        Event::Registered { .. } => {
            let message = LegalEntityRegistered { legal_entity };
            Fact::new("legal_entity", &name, version, &name, region, &message)
        }
        Event::Changed { fields, .. } => {
            let message = LegalEntityChanged {
                legal_entity,
                changed_fields: texts(fields),
            };
            Fact::new("legal_entity", &name, version, &name, region, &message)
        }
        Event::Closed { .. } => {
            let message = LegalEntityClosed { legal_entity };
            Fact::new("legal_entity", &name, version, &name, region, &message)
        }
    }
}

pub(crate) fn establishment(
    change: &Change<Establishment>,
    at: OffsetDateTime,
) -> Result<Fact, Error> {
    let establishment = Some(convert::establishment(&change.after, at));
    let content = &change.after.content;
    let name = convert::establishment_name(content.finess);
    let root = convert::legal_entity_name(content.legal_entity);
    let version = change.after.version;
    let region = content.region;
    match &change.event {
        Event::Registered { .. } => {
            let message = EstablishmentRegistered { establishment };
            Fact::new("establishment", name, version, root, region, &message)
        }
        Event::Changed { fields, .. } => {
            let message = EstablishmentChanged {
                establishment,
                changed_fields: texts(fields),
            };
            Fact::new("establishment", name, version, root, region, &message)
        }
        Event::Closed { .. } => {
            let message = EstablishmentClosed { establishment };
            Fact::new("establishment", name, version, root, region, &message)
        }
    }
}

pub(crate) fn imported(
    id: RegistryImportId,
    region: Region,
    report: &ImportReport,
) -> Result<Fact, Error> {
    let mut report = report.clone();
    report.rejected_lines.truncate(REPORTED_LINES);
    report.line_warnings.truncate(REPORTED_LINES);
    let message = RegistryImported {
        report: Some(report),
        region: region.code().to_owned(),
    };
    Fact::new("registry_import", id, 1, id, region, &message)
}

fn texts(fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| (*field).to_owned()).collect()
}
