//! Reads outlines, for everybody.

use proto::targets::v1 as pb;
use rpc::Error;

use crate::{
    app::App,
    domain::outline::{Outline, Polygon},
    grpc::scalars::id_of,
    store::{outline, territory},
};

pub(crate) async fn outlines(
    app: &App,
    request: &pb::GetOutlinesRequest,
) -> Result<pb::Outlines, Error> {
    let id = id_of(&request.parent);
    let pool = app.db.pool();
    let Some(drawing) = outline::find(pool, id).await? else {
        // A version without outlines has none; one that is not here is another answer.
        return match territory::find(pool, id).await? {
            Some(_) => Ok(pb::Outlines {
                parent: request.parent.clone(),
                ..Default::default()
            }),
            None => Err(Error::NotFound(request.parent.clone())),
        };
    };
    let outlines = outline::all(pool, id).await?;
    Ok(pb::Outlines {
        parent: request.parent.clone(),
        outlines: outlines.iter().map(write_outline).collect(),
        source: drawing.source,
        licence: drawing.licence,
        file_name: drawing.file_name,
        sha256: drawing.sha256,
        points_read: drawing.points_read,
        points: drawing.points,
        create_time: Some(kit::timestamp(drawing.created_at)),
    })
}

fn write_outline(outline: &Outline) -> pb::Outline {
    pb::Outline {
        territory: outline.territory.clone(),
        polygons: outline.polygons.iter().map(write_polygon).collect(),
    }
}

fn write_polygon(polygon: &Polygon) -> pb::OutlinePolygon {
    let rings = polygon.iter().map(|ring| pb::OutlineRing {
        coordinates: ring
            .iter()
            .flat_map(|point| [point.longitude, point.latitude])
            .collect(),
    });
    pb::OutlinePolygon {
        rings: rings.collect(),
    }
}
