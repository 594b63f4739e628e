//! Documents and their templates.

use kit::timestamp;
use proto::contracts::v1 as pb;
use rpc::Error;
use sha2::{Digest as _, Sha256};

use super::actor;
use crate::domain::{
    document::{Kind, Rendition, Template},
    signature::DocumentHash,
};

/// Full when nothing is said.
pub fn rendition_from(rendition: pb::Rendition) -> Rendition {
    match rendition {
        pb::Rendition::Unspecified | pb::Rendition::Full => Rendition::Full,
        pb::Rendition::Public => Rendition::Public,
    }
}

pub fn rendition(rendition: Rendition) -> pb::Rendition {
    match rendition {
        Rendition::Full => pb::Rendition::Full,
        Rendition::Public => pb::Rendition::Public,
    }
}

fn kind(kind: Kind) -> pb::DocumentKind {
    match kind {
        Kind::Contract => pb::DocumentKind::Contract,
        Kind::Consolidated => pb::DocumentKind::Consolidated,
        Kind::Amendment => pb::DocumentKind::Amendment,
        Kind::FormalNotice => pb::DocumentKind::FormalNotice,
        Kind::Decision => pb::DocumentKind::Decision,
        Kind::Draft => pb::DocumentKind::Draft,
    }
}

/// The kind that restricts a list; none for all of them.
pub fn kind_filter(given: pb::DocumentKind) -> Option<Kind> {
    Kind::ALL.into_iter().find(|known| kind(*known) == given)
}

pub fn kind_from(given: pb::DocumentKind) -> Result<Kind, Error> {
    kind_filter(given).ok_or_else(|| Error::invalid("kind", "is required"))
}

/// A template, with its text or without.
pub fn template(template: &Template, with_text: bool) -> pb::Template {
    let sha256 = DocumentHash(Sha256::digest(&template.text).into());
    pb::Template {
        name: template.id.to_string(),
        region: template.region.to_string(),
        kind: kind(template.kind).into(),
        number: template.number,
        first_day: template.first_day.to_string(),
        text: if with_text {
            template.text.clone()
        } else {
            String::new()
        },
        sha256: sha256.to_string(),
        author: Some(actor(&template.author)),
        publish_time: Some(timestamp(template.published_at)),
        label: template.label(),
    }
}
