//! Templates of documents as the public events of `events.proto`.

use proto::contracts::v1 as pb;
use store::{Error, Fact};

use crate::{domain::document::Template, grpc::convert::document::template as message};

/// A region published a version of its own.
pub fn published(template: &Template) -> Result<Fact, Error> {
    let published = pb::TemplatePublished {
        template: Some(message(template, false)),
    };
    let (id, region) = (template.id, template.region);
    Fact::new("template", id, 1, id, region, &published)
}
