//! Outlines of territories: imported wholly or not at all, simplified together, read by everybody.

use proto::targets::v1::{
    FileReport, GetOutlinesRequest, ImportOutlinesRequest, ListTerritoryVersionsRequest, Outlines,
    OutlinesHeader, territory_service_client::TerritoryServiceClient,
};
use serde_json::{Value, json};
use testkit::{Persona, reason, request_id};
use tonic::{Code, Status};

use crate::{
    data::upload,
    world::{World, manager},
};

const ZONES: &str = "territoryVersions/zones-2023";

fn header() -> OutlinesHeader {
    OutlinesHeader {
        parent: ZONES.to_owned(),
        source: "test".to_owned(),
        licence: "Licence Ouverte 2.0".to_owned(),
        file_name: "zones.geojson".to_owned(),
        request_id: request_id(),
        ..Default::default()
    }
}

/// A territory of one degree in width.
fn zone(code: &str, west: f64, north: f64) -> Value {
    let east = west + 1.0;
    json!({
        "type": "Feature",
        "properties": { "insee": code },
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[west, 43.0], [east, 43.0], [east, north], [west, north], [west, 43.0]]],
        },
    })
}

fn zones(north: f64) -> String {
    let features = [
        zone("A", 5.0, north),
        zone("B", 6.0, north),
        zone("C", 7.0, north),
    ];
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

async fn send(
    world: &World,
    persona: &Persona,
    header: OutlinesHeader,
    file: &str,
) -> Result<FileReport, Status> {
    let messages = upload(
        file.as_bytes(),
        |header, chunk| ImportOutlinesRequest { header, chunk },
        header,
    );
    let reply = world.territories(persona).import_outlines(messages).await?;
    Ok(reply.into_inner())
}

/// What anybody reads, without a token.
async fn read(world: &World, parent: &str) -> Result<Outlines, Status> {
    let address = format!("http://{}", world.service.running.address);
    let mut client = TerritoryServiceClient::new(rpc::client::channel(&address).unwrap());
    let request = GetOutlinesRequest {
        parent: parent.to_owned(),
    };
    Ok(client.get_outlines(request).await?.into_inner())
}

fn insee(header: OutlinesHeader) -> OutlinesHeader {
    OutlinesHeader {
        code_property: "insee".to_owned(),
        ..header
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn outlines_are_looked_at_imported_replaced_and_read_by_everybody() {
    let world = World::new().await;
    world.with_reference_data().await;
    assert!(read(&world, ZONES).await.unwrap().outlines.is_empty());

    let look = OutlinesHeader {
        dry_run: true,
        ..insee(header())
    };
    let report = send(&world, &manager(), look, &zones(44.0)).await.unwrap();
    assert!(report.dry_run && report.errors == 0, "{report:?}");
    assert!(read(&world, ZONES).await.unwrap().outlines.is_empty());

    let apply = insee(header());
    let report = send(&world, &manager(), apply.clone(), &zones(44.0))
        .await
        .unwrap();
    assert!(report.applied && report.records == 3, "{report:?}");
    let repeated = send(&world, &manager(), apply, &zones(44.0)).await.unwrap();
    assert_eq!(report, repeated, "one request, one answer");
    let again = send(&world, &manager(), insee(header()), &zones(44.0))
        .await
        .unwrap();
    assert!(again.unchanged);

    let drawn = read(&world, ZONES).await.unwrap();
    let codes: Vec<&str> = drawn
        .outlines
        .iter()
        .map(|outline| outline.territory.as_str())
        .collect();
    assert_eq!(codes, ["A", "B", "C"]);
    assert_eq!(
        (drawn.licence.as_str(), drawn.points_read, drawn.points),
        ("Licence Ouverte 2.0", 15, 12)
    );
    let ring = &drawn.outlines[0].polygons[0].rings[0].coordinates;
    assert_eq!(ring[..4], [500_000, 4_300_000, 600_000, 4_300_000]);

    let report = send(&world, &manager(), insee(header()), &zones(44.5))
        .await
        .unwrap();
    assert!(report.applied && !report.unchanged);
    let replaced = read(&world, ZONES).await.unwrap();
    assert_ne!(replaced.sha256, drawn.sha256);
    let ring = &replaced.outlines[0].polygons[0].rings[0].coordinates;
    assert!(ring.contains(&4_450_000), "{ring:?}");
    let history = world.history("territoryOutlines/zones-2023").await;
    assert_eq!(history.len(), 2, "each import is a fact");

    let versions = world
        .territories(&manager())
        .list_territory_versions(ListTerritoryVersionsRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(versions.versions[0].outlines, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_one_mistake_changes_nothing_and_says_where() {
    let world = World::new().await;
    world.with_reference_data().await;
    let report = send(&world, &manager(), header(), &zones(44.0))
        .await
        .unwrap();
    assert!(!report.applied);
    let error = &report.line_errors[0];
    assert_eq!(
        (error.line, error.field.as_str(), error.reason.as_str()),
        (1, "code", "MISSING_CODE")
    );
    let metres = zones(4_400_000.0);
    let report = send(&world, &manager(), insee(header()), &metres)
        .await
        .unwrap();
    assert_eq!(
        (report.errors, report.line_errors[0].reason.as_str()),
        (3, "OUT_OF_BOUNDS")
    );
    let missing = json!({ "type": "FeatureCollection", "features": [zone("A", 5.0, 44.0)] });
    let report = send(&world, &manager(), insee(header()), &missing.to_string())
        .await
        .unwrap();
    assert_eq!(
        (
            report.line_errors[0].reason.as_str(),
            report.line_errors[0].value.as_str()
        ),
        ("OUTLINE_MISSING", "B")
    );
    assert!(read(&world, ZONES).await.unwrap().outlines.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn outlines_are_imported_by_the_agency_of_the_region_for_territories_that_are_here() {
    let world = World::new().await;
    world.with_reference_data().await;
    let elsewhere = Persona::human("manager").region("11");
    let refused = send(&world, &elsewhere, insee(header()), &zones(44.0))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let unknown = OutlinesHeader {
        parent: "territoryVersions/zones-1999".to_owned(),
        ..insee(header())
    };
    let refused = send(&world, &manager(), unknown, &zones(44.0))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "TERRITORY_VERSION_UNKNOWN");
    let missing = read(&world, "territoryVersions/zones-1999")
        .await
        .unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
}
