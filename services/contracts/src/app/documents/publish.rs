//! Templates of regions: tried on every sample, then published.

use kernel::legal_time::legal_day;
use proto::contracts::v1 as pb;
use rpc::{Call, Error, Page};
use store::{Begun, Unit};

use super::templates::{SAMPLES, Sample, request as question};
use crate::{
    app::{App, scope},
    domain::{
        Refusal, TemplateId,
        document::{Draft, Template},
    },
    events::templates::published,
    grpc::convert::{
        self,
        document::{kind_filter, kind_from, template},
    },
    store as rows,
};

/// Publishes the next version of a region's own template.
pub async fn run(
    app: &App,
    call: &Call,
    request: pb::PublishTemplateRequest,
) -> Result<pb::Template, Error> {
    // A first look, so that no lock is held while the typesetter works, and nothing is tried in vain.
    let draft = match Opened::new(app, call, &request).await? {
        Opened::Replayed(reply) => return Ok(*reply),
        Opened::Fresh(_, draft) => draft,
    };
    for sample in SAMPLES.iter().filter(|sample| sample.kind == draft.kind) {
        try_on(app, &draft, sample).await?;
    }
    let (mut unit, version) = match Opened::new(app, call, &request).await? {
        Opened::Replayed(reply) => return Ok(*reply),
        Opened::Fresh(unit, version) => (unit, version),
    };
    rows::template::insert(unit.connection(), &version).await?;
    unit.append(vec![published(&version)?]).await?;
    let reply = template(&version, true);
    unit.commit(&reply).await?;
    Ok(reply)
}

/// A request that was answered before, or the version that it publishes.
enum Opened {
    Replayed(Box<pb::Template>),
    Fresh(Box<Unit>, Box<Template>),
}

impl Opened {
    async fn new(
        app: &App,
        call: &Call,
        request: &pb::PublishTemplateRequest,
    ) -> Result<Self, Error> {
        let person = scope::acting(call)?;
        let region = request
            .region
            .parse()
            .map_err(|e| Error::invalid("region", e))?;
        call.caller.require_region(region, &call.permission)?;
        let draft = Draft {
            region,
            kind: kind_from(request.kind())?,
            first_day: convert::date("first_day", &request.first_day)?,
            text: request.text.clone(),
        };
        let command = call.command(&request.request_id, request)?;
        let mut unit = match app.db.command(&command).await? {
            Begun::Replayed(reply) => return Ok(Self::Replayed(Box::new(reply))),
            Begun::Fresh(unit) => unit,
        };
        let of = (draft.region, draft.kind);
        let last = rows::template::lock_last(unit.connection(), of).await?;
        let (at, today) = (unit.at(), legal_day(unit.at(), region));
        let (id, author) = (TemplateId::generate(), person.human().clone());
        let version = Template::publish(id, draft, last.as_ref(), today, author, at)?;
        Ok(Self::Fresh(Box::new(unit), Box::new(version)))
    }
}

/// Sets a sample with the template.
async fn try_on(app: &App, version: &Template, sample: &Sample) -> Result<(), Error> {
    let data = serde_json::from_str(sample.data).map_err(Error::internal)?;
    let question = question(version.text.clone(), data, sample.data);
    match app.typesetter.pdf(&question).await {
        Ok(_) => Ok(()),
        Err(typeset::Error::NotInstalled { .. }) => Err(Refusal::NoTypesetter.into()),
        Err(error @ typeset::Error::NotStarted { .. }) => Err(Error::internal(error)),
        // Too slow, too large, or out of memory: so would every document be.
        Err(error) => Err(Refusal::TemplateDefective {
            sample: sample.name.to_owned(),
            defects: error.to_string(),
        }
        .into()),
    }
}

/// One template with its text.
pub async fn get(
    app: &App,
    call: &Call,
    request: pb::GetTemplateRequest,
) -> Result<pb::Template, Error> {
    let id: TemplateId = convert::name("name", &request.name)?;
    let mut connection = app.db.pool().acquire().await?;
    let found = rows::template::find(&mut connection, id).await?;
    let seen = found.filter(|found| call.caller.sees(found.region));
    let seen = seen.ok_or_else(|| Error::NotFound(request.name.clone()))?;
    Ok(template(&seen, true))
}

/// The templates of regions.
pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListTemplatesRequest,
) -> Result<pb::ListTemplatesResponse, Error> {
    let arguments = [request.region.as_str(), request.kind().as_str_name()];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let filter = rows::template::Filter {
        regions: call.caller.regions(),
        region: convert::filter(&request.region),
        kind: kind_filter(request.kind()),
    };
    let after = page.dated()?;
    let mut connection = app.db.pool().acquire().await?;
    let mut found = rows::template::list(&mut connection, &filter, after, page.limit()).await?;
    let next_page_token = page.next(&mut found, |t| rpc::dated_key(t.published_at, t.id.0));
    Ok(pb::ListTemplatesResponse {
        templates: found.iter().map(|found| template(found, false)).collect(),
        next_page_token,
    })
}
