//! Reads nomenclatures.

use proto::targets::v1 as pb;
use rpc::{Error, Page};

use crate::{
    app::App,
    domain::nomenclature::{Entry, NomenclatureId},
    grpc::{data::kinds, scalars::parse},
    store::nomenclature::{self, Filter, Version},
};

pub(crate) async fn versions(
    app: &App,
    request: &pb::ListNomenclatureVersionsRequest,
) -> Result<pb::ListNomenclatureVersionsResponse, Error> {
    let kind = kinds::nomenclature(request.kind());
    let arguments = [request.kind.to_string()];
    let page = Page::read(
        request.page_size,
        &request.page_token,
        &arguments.each_ref().map(String::as_str),
    )?;
    let after = page.key(0)?.zip(page.key(1)?);
    let mut versions = nomenclature::list(app.db.pool(), kind, after, page.limit()).await?;
    let next_page_token = page.next(&mut versions, |version| {
        vec![
            version.id.kind.as_str().to_owned(),
            version.id.version.clone(),
        ]
    });
    Ok(pb::ListNomenclatureVersionsResponse {
        versions: versions.iter().map(write_version).collect(),
        next_page_token,
    })
}

fn write_version(version: &Version) -> pb::NomenclatureVersion {
    pb::NomenclatureVersion {
        name: version.id.to_string(),
        kind: kinds::write_nomenclature(version.id.kind).into(),
        version: version.id.version.clone(),
        valid_from: version.valid_from.to_string(),
        source: version.source.clone(),
        file_name: version.file_name.clone(),
        sha256: version.sha256.clone(),
        entries: version.entries,
        create_time: Some(kit::timestamp(version.created_at)),
    }
}

pub(crate) async fn entries(
    app: &App,
    request: &pb::ListNomenclatureEntriesRequest,
) -> Result<pb::ListNomenclatureEntriesResponse, Error> {
    let id: NomenclatureId = parse("parent", &request.parent)?;
    let arguments = [
        request.parent.as_str(),
        request.level.as_str(),
        request.parent_code.as_str(),
    ];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let given = |text| Some(text).filter(|text: &&str| !text.is_empty());
    let filter = Filter {
        level: given(request.level.as_str()),
        parent: given(request.parent_code.as_str()),
        after: page.key(0)?.zip(page.key(1)?),
    };
    let mut entries = nomenclature::entries(app.db.pool(), &id, filter, page.limit()).await?;
    if entries.is_empty() && nomenclature::find(app.db.pool(), &id).await?.is_none() {
        return Err(Error::NotFound(id.to_string()));
    }
    let next_page_token = page.next(&mut entries, |entry| {
        vec![entry.level.clone(), entry.code.clone()]
    });
    Ok(pb::ListNomenclatureEntriesResponse {
        entries: entries.into_iter().map(write_entry).collect(),
        next_page_token,
    })
}

fn write_entry(entry: Entry) -> pb::NomenclatureEntry {
    let day = |day: Option<time::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    pb::NomenclatureEntry {
        level: entry.level,
        code: entry.code,
        label: entry.label,
        parent: entry.parent,
        valid_from: day(entry.valid_from),
        valid_to: day(entry.valid_to),
    }
}
