//! Starting, telling one's health, and stopping.

use std::time::{Duration, Instant};

use testkit::{Setup, TestDatabase, eventually};
use tokio_stream::StreamExt as _;
use tonic::Code;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

use crate::support::{DEFINITION, service, start};

#[tokio::test(flavor = "multi_thread")]
async fn health_follows_postgres_and_ends_its_streams_when_the_process_stops() {
    let service = service().await;
    let address = format!("http://{}", service.running.address);
    let mut health = HealthClient::new(rpc::client::channel(&address).unwrap());
    for name in ["", "cpom.history.v1.HistoryService"] {
        eventually("serving", || {
            let mut health = health.clone();
            async move {
                let request = HealthCheckRequest {
                    service: name.to_owned(),
                };
                let status = health.check(request).await.unwrap().into_inner().status();
                (status == ServingStatus::Serving).then_some(())
            }
        })
        .await;
    }
    let mut watch = health
        .watch(HealthCheckRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        watch.next().await.unwrap().unwrap().status(),
        ServingStatus::Serving
    );
    service.database.cut().await;
    assert_eq!(
        watch.next().await.unwrap().unwrap().status(),
        ServingStatus::NotServing
    );
    service.database.restore().await;
    assert_eq!(
        watch.next().await.unwrap().unwrap().status(),
        ServingStatus::Serving
    );

    let begun = Instant::now();
    service.running.stop().await;
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    let mut said = Vec::new();
    let ended = loop {
        match watch.next().await {
            Some(Ok(answer)) => said.push(answer.status()),
            Some(Err(status)) => break status.code(),
            None => break Code::Ok,
        }
    };
    assert_eq!(ended, Code::Unavailable, "clients connect elsewhere");
    assert!(
        said.iter()
            .all(|status| *status == ServingStatus::NotServing),
        "{said:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_refuses_a_database_that_is_not_migrated() {
    let setup = Setup::new().await;
    let database = TestDatabase::new(&DEFINITION).await;
    sqlx::query("delete from _sqlx_migrations")
        .execute(&mut database.owner().await)
        .await
        .unwrap();
    let config = setup.config(&database);
    let refused = kit::serve(&DEFINITION, config, setup.clock.clone(), None, start).await;
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("targets migrate"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn reflection_answers_in_both_versions() {
    use tonic_reflection::pb::{v1, v1alpha};
    let service = service().await;
    let address = format!("http://{}", service.running.address);
    let channel = rpc::client::channel(&address).unwrap();
    let request = v1::ServerReflectionRequest {
        message_request: Some(v1::server_reflection_request::MessageRequest::ListServices(
            String::new(),
        )),
        ..Default::default()
    };
    let mut answers = v1::server_reflection_client::ServerReflectionClient::new(channel.clone())
        .server_reflection_info(tokio_stream::once(request))
        .await
        .unwrap()
        .into_inner();
    let answer = format!("{:?}", answers.message().await.unwrap().unwrap());
    assert!(
        answer.contains("cpom.history.v1.HistoryService"),
        "{answer}"
    );
    let request = v1alpha::ServerReflectionRequest {
        message_request: Some(
            v1alpha::server_reflection_request::MessageRequest::ListServices(String::new()),
        ),
        ..Default::default()
    };
    let mut answers = v1alpha::server_reflection_client::ServerReflectionClient::new(channel)
        .server_reflection_info(tokio_stream::once(request))
        .await
        .unwrap()
        .into_inner();
    let answer = format!("{:?}", answers.message().await.unwrap().unwrap());
    assert!(
        answer.contains("cpom.history.v1.HistoryService"),
        "{answer}"
    );
}
