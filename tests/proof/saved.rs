//! Exports that a service made in the background hold what an auditor takes away with the command line.

use std::fs;

use cpom::audit::{export::Request, format::Scope};
use cpom_tests::suite::Service;
use proto::history::v1::{
    CreateSavedExportRequest, DownloadSavedExportRequest, GetSavedExportRequest, SavedExportState,
    saved_export_service_client::SavedExportServiceClient,
};
use testkit::{Persona, eventually, request_id};

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_export_is_byte_for_byte_the_file_of_events_of_the_command() -> anyhow::Result<()> {
    let world = World::new().await?;
    let root = world.contracts[0].clone();
    let auditor = Persona::human("auditor").region("*");
    let peer = world.suite.peer(Service::Contracts, &auditor)?;
    let mut client = SavedExportServiceClient::new(peer);
    let order = CreateSavedExportRequest {
        root: root.clone(),
        request_id: request_id(),
        ..Default::default()
    };
    let name = client.create_saved_export(order).await?.into_inner().name;
    let ready = eventually("the file is made", || {
        let (mut client, name) = (client.clone(), name.clone());
        async move {
            let found = client
                .get_saved_export(GetSavedExportRequest { name })
                .await;
            let found = found.ok()?.into_inner();
            (found.state() == SavedExportState::Ready).then_some(found)
        }
    })
    .await;
    let request = DownloadSavedExportRequest { name };
    let mut messages = client.download_saved_export(request).await?.into_inner();
    let mut saved = Vec::new();
    while let Some(message) = messages.message().await? {
        saved.extend(message.chunk);
    }

    let of_contract = Request {
        scope: Scope {
            root: Some(root),
            ..Scope::default()
        },
        ..Request::default()
    };
    let manifest = world.export("contract", &of_contract).await?;
    let taken = fs::read(world.path("contract").join("contracts/events.ndjson"))?;
    assert!(!taken.is_empty() && saved == taken);
    let listed = manifest
        .files
        .iter()
        .find(|file| file.path == "contracts/events.ndjson");
    assert_eq!(listed.map(|file| file.sha256.clone()), Some(ready.sha256));
    Ok(())
}
