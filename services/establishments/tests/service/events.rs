//! What the other services are told.

use async_nats::jetstream::consumer::pull;
use bus::Envelope;
use futures::StreamExt as _;
use proto::establishments::v1::{
    EstablishmentChanged, EstablishmentClosed, EstablishmentRegistered, LegalEntityRegistered,
    RegistryImported, RegistryState,
};
use proto::history::v1::{
    ListEventsRequest, StreamEventsRequest, history_service_client::HistoryServiceClient,
};
use testkit::Persona;

use crate::support::{Registry, ej, et, line, sites_file};

/// The next `count` events of the stream, with their subjects.
async fn published(registry: &Registry, count: usize) -> Vec<(String, Envelope)> {
    let context = registry.service.running.runtime.bus.context();
    let stream = context
        .get_stream(bus::stream_name("establishments"))
        .await
        .unwrap();
    let consumer = stream
        .create_consumer(pull::Config::default())
        .await
        .unwrap();
    let messages = consumer.messages().await.unwrap();
    messages
        .take(count)
        .map(|message| {
            let message = message.unwrap();
            (
                message.subject.to_string(),
                Envelope::parse(&message.payload).unwrap(),
            )
        })
        .collect()
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_in_order_entities_first_with_the_whole_state() {
    let registry = Registry::start().await;
    registry.import(&sites_file(4)).await;
    registry
        .import(&[sites_file(0).remove(0), line(0, 1)])
        .await;
    registry.import_complete(&sites_file(3)).await.unwrap();

    let events = published(&registry, 2 + 4 + 1 + 2 + 4).await;
    let short = |envelope: &Envelope| {
        let name = envelope.event_type.rsplit('.').next().unwrap().to_owned();
        (name, envelope.version)
    };
    let told: Vec<(String, i64)> = events.iter().map(|(_, envelope)| short(envelope)).collect();
    let expected = [
        ("LegalEntityRegistered", 1),
        ("LegalEntityRegistered", 1),
        ("EstablishmentRegistered", 1),
        ("EstablishmentRegistered", 1),
        ("EstablishmentRegistered", 1),
        ("EstablishmentRegistered", 1),
        ("RegistryImported", 1),
        ("EstablishmentChanged", 2),
        ("RegistryImported", 1),
        ("EstablishmentChanged", 3),
        ("EstablishmentClosed", 2),
        ("LegalEntityClosed", 2),
        ("RegistryImported", 1),
    ];
    let expected: Vec<(String, i64)> = expected
        .into_iter()
        .map(|(name, version)| (name.to_owned(), version))
        .collect();
    assert_eq!(told, expected);

    let (subject, entity) = &events[0];
    assert_eq!(
        subject,
        &format!(
            "cpom.establishments.v1.legal_entity.{}.legal_entity_registered",
            ej(0)
        )
    );
    let registered: LegalEntityRegistered = entity.decode().unwrap();
    assert_eq!(
        registered.legal_entity.unwrap(),
        registry.entity(ej(0)).await.unwrap()
    );
    assert_eq!(
        (entity.root.as_str(), entity.region.as_str()),
        (entity.aggregate.as_str(), "93")
    );

    let (subject, site) = &events[3];
    assert_eq!(
        subject,
        &format!(
            "cpom.establishments.v1.establishment.{}.establishment_registered",
            et(1)
        )
    );
    assert_eq!(site.root, format!("legalEntities/{}", ej(0)));
    let registered: EstablishmentRegistered = site.decode().unwrap();
    assert_eq!(
        registered.establishment.unwrap(),
        registry.site(et(1)).await.unwrap()
    );

    let moved: EstablishmentChanged = events[7].1.decode().unwrap();
    assert_eq!(moved.changed_fields, ["legal_entity"]);
    assert_eq!(
        moved.establishment.unwrap().legal_entity,
        format!("legalEntities/{}", ej(1))
    );
    let closed: EstablishmentClosed = events[10].1.decode().unwrap();
    assert_eq!(closed.establishment.unwrap().state(), RegistryState::Closed);

    let imported: RegistryImported = events[6].1.decode().unwrap();
    assert_eq!(imported.region, "93");
    assert_eq!(imported.report.unwrap().file_name, "sites.csv");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_of_an_import_carries_a_hundred_rejections_and_the_table_all_it_told() {
    let registry = Registry::start().await;
    let mut lines = sites_file(1);
    lines.extend((0..300).map(|n| format!("{n};cut")));
    assert_eq!(registry.import(&lines).await.rejected_lines.len(), 300);
    let events = published(&registry, 3).await;
    let imported: RegistryImported = events[2].1.decode().unwrap();
    let report = imported.report.unwrap();
    assert_eq!((report.rejected, report.rejected_lines.len()), (300, 100));
    let mut owner = registry.service.database.owner().await;
    let kept: i64 = sqlx::query_scalar(
        "select jsonb_array_length(report -> 'rejectedLines')::bigint from registry_import",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(kept, 300);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_reads_who_changed_what_and_another_service_replays_it() {
    let registry = Registry::start().await;
    registry.import(&sites_file(3)).await;
    let auditor = registry
        .service
        .peer(&Persona::human("auditor").region("93"));
    let root = format!("legalEntities/{}", ej(0));
    let request = ListEventsRequest {
        root: root.clone(),
        ..Default::default()
    };
    let events = HistoryServiceClient::new(auditor)
        .list_events(request)
        .await
        .unwrap();
    let events = events.into_inner().events;
    assert_eq!(events.len(), 4, "the entity and its three sites");
    assert!(events.iter().all(|event| event.root == root));
    let actor = events[0].actor.clone().unwrap();
    assert_eq!(
        (actor.subject.as_str(), actor.role.as_str()),
        ("registry_administrator-1", "registry_administrator")
    );
    assert!(!events[0].request_id.is_empty());

    let service = registry.service.peer(&Persona::service());
    let request = StreamEventsRequest {
        aggregate_kind: "establishment".to_owned(),
    };
    let mut replay = HistoryServiceClient::new(service)
        .stream_events(request)
        .await
        .unwrap()
        .into_inner();
    let mut sites = Vec::new();
    while let Some(event) = replay.message().await.unwrap() {
        sites.push(event.aggregate);
    }
    let expected: Vec<String> = (0..3)
        .map(|n| format!("establishments/{}", et(n)))
        .collect();
    assert_eq!(sites, expected);
}
