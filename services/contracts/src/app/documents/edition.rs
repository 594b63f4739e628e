//! Setting a document: its template, the program, and the shelf on which it stays.

use kernel::Region;
use proto::contracts::v1 as pb;
use rpc::{Call, Error};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::{Postgres, pool::PoolConnection};
use time::Date;
use typeset::{Request, Typesetter};

use super::{
    Source,
    templates::{National, request},
};
use crate::{
    app::App,
    domain::{
        Refusal,
        document::{Kind, Rendition},
        signature::DocumentHash,
    },
    grpc::convert::document::rendition,
    store::{self as rows, document_names::Names, edition::Kept},
};

/// A document before it is set.
pub(super) struct Edition {
    pub(super) kind: Kind,
    pub(super) region: Region,
    /// Name of the resource it shows.
    pub(super) subject: String,
    /// The day that the document bears; it chooses the version of the template.
    pub(super) day: Date,
    pub(super) rendition: Rendition,
    /// Without extension.
    pub(super) file_name: String,
    pub(super) data: Value,
    /// What the registry called its entities and sites when it was made; none for a document from before they were recorded.
    pub(super) names: Option<Names>,
    pub(super) source: Option<Source>,
}

/// A document that is ready to be set: what the typesetter is asked, and the name of the template.
struct Composed {
    request: Request,
    template: String,
}

impl Composed {
    /// Of everything the document is made of.
    fn inputs(&self) -> Result<DocumentHash, Error> {
        let bytes = serde_json::to_vec(&self.request).map_err(Error::internal)?;
        Ok(DocumentHash(Sha256::digest(bytes).into()))
    }

    async fn pdf(&self, app: &App) -> Result<Kept, Error> {
        let content = pdf(&app.typesetter, &self.request, &self.template).await?;
        let sha256 = DocumentHash(Sha256::digest(&content).into());
        Ok(Kept { content, sha256 })
    }
}

impl Edition {
    /// The document as it was set the first time, or as it is set now and ever after.
    pub(super) async fn kept(
        self,
        app: &App,
        call: &Call,
        mut connection: PoolConnection<Postgres>,
    ) -> Result<pb::Pdf, Error> {
        let composed = self.compose(&mut connection).await?;
        let inputs = composed.inputs()?;
        if let Some(kept) = rows::edition::find(&mut connection, inputs).await? {
            return Ok(self.answer(composed, kept));
        }
        // No connection is held while the typesetter works.
        drop(connection);
        let set = composed.pdf(app).await?;
        let edition = rows::edition::Edition {
            subject: &self.subject,
            template: &composed.template,
            rendition: self.rendition,
            set_at: call.at,
        };
        let mut connection = app.db.pool().acquire().await?;
        let is_first = rows::edition::keep(&mut connection, inputs, &edition, &set).await?;
        let kept = if is_first {
            None
        } else {
            rows::edition::find(&mut connection, inputs).await?
        };
        Ok(self.answer(composed, kept.unwrap_or(set)))
    }

    /// The document, set now.
    pub(super) async fn set(
        self,
        app: &App,
        mut connection: PoolConnection<Postgres>,
    ) -> Result<pb::Pdf, Error> {
        let composed = self.compose(&mut connection).await?;
        drop(connection);
        let set = composed.pdf(app).await?;
        Ok(self.answer(composed, set))
    }

    async fn compose(&self, connection: &mut PoolConnection<Postgres>) -> Result<Composed, Error> {
        let of = (self.region, self.kind);
        let own = rows::template::for_day(connection, of, self.day).await?;
        let (template, text) = if let Some(own) = own {
            (own.label(), own.text)
        } else {
            let missing = || format!("no template for a document of {}", self.day);
            let national = National::of(self.kind, self.day, self.names.is_some());
            let national = national.ok_or_else(|| Error::internal(missing()))?;
            (national.name.to_owned(), national.text.to_owned())
        };
        // What is withheld from the public is not enclosed either.
        let enclosed = match (&self.source, self.rendition) {
            (Some(source), Rendition::Full) => source.text.as_str(),
            _ => "",
        };
        let mut data = self.data.clone();
        data["sha256"] = self.source_sha256().into();
        if let Some(names) = &self.names {
            data["names"] = json!(names);
        }
        Ok(Composed {
            request: request(text, data, enclosed),
            template,
        })
    }

    fn source_sha256(&self) -> String {
        let source = self.source.as_ref();
        source
            .map(|source| source.sha256.to_string())
            .unwrap_or_default()
    }

    fn answer(&self, composed: Composed, kept: Kept) -> pb::Pdf {
        let suffix = match self.rendition {
            Rendition::Full => "",
            Rendition::Public => "-public",
        };
        pb::Pdf {
            content: kept.content,
            sha256: kept.sha256.to_string(),
            template: composed.template,
            rendition: rendition(self.rendition).into(),
            source_sha256: self.source_sha256(),
            file_name: format!("{}{suffix}.pdf", self.file_name),
        }
    }
}

/// A program that is late may be in time later; a template that is wrong is to be corrected.
async fn pdf(typesetter: &Typesetter, request: &Request, template: &str) -> Result<Vec<u8>, Error> {
    let error = match typesetter.pdf(request).await {
        Ok(pdf) => return Ok(pdf),
        Err(error) => error,
    };
    tracing::error!(%error, template, "no document was set");
    Err(match error {
        typeset::Error::TooLong(_) => Error::Unavailable("the typesetter"),
        typeset::Error::Defective(_) | typeset::Error::TooLarge => Refusal::DocumentDefective {
            template: template.to_owned(),
            defects: error.to_string(),
        }
        .into(),
        typeset::Error::NotInstalled { .. } => Refusal::NoTypesetter.into(),
        typeset::Error::NotStarted { .. } | typeset::Error::Broken(_) => Error::internal(error),
    })
}
