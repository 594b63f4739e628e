//! The targets service as seen from here: it gives the agreed target set of a contract, or says why not.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use kernel::new_id;
use proto::targets::v1::{
    AgreeToTargetSetRequest, CreateTargetSetRequest, GetAgreedTargetSetRequest,
    GetTargetSetRequest, ListConsistencyWarningsRequest, ListConsistencyWarningsResponse,
    ListTargetSetsRequest, ListTargetSetsResponse, Objective, ReplaceObjectivesRequest, TargetSet,
    TargetSetState,
    target_set_service_server::{TargetSetService, TargetSetServiceServer},
};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status, transport::Server};

/// How the service behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Agreed,
    NotAgreed,
    Away,
    OfAnotherContract,
}

/// Services do not depend on each other, so this stands for the other side of one call.
#[derive(Clone)]
pub(crate) struct FakeTargets {
    address: SocketAddr,
    mood: Arc<Mutex<Mood>>,
}

impl FakeTargets {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let fake = Self {
            address,
            mood: Arc::new(Mutex::new(Mood::Agreed)),
        };
        let service = TargetSetServiceServer::new(fake.clone());
        tokio::spawn(
            Server::builder()
                .add_service(service)
                .serve_with_incoming(TcpListenerStream::new(listener)),
        );
        fake
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

#[tonic::async_trait]
impl TargetSetService for FakeTargets {
    async fn get_agreed_target_set(
        &self,
        request: Request<GetAgreedTargetSetRequest>,
    ) -> Result<Response<TargetSet>, Status> {
        let mood = *self.mood.lock().unwrap();
        let contract = match mood {
            Mood::Agreed => request.into_inner().contract,
            Mood::OfAnotherContract => format!("contracts/{}", new_id()),
            Mood::NotAgreed => return Err(Status::failed_precondition("one side has not agreed")),
            Mood::Away => return Err(Status::unavailable("restarting")),
        };
        Ok(Response::new(TargetSet {
            name: format!("targetSets/{}", new_id()),
            etag: "\"3\"".into(),
            contract,
            state: TargetSetState::Agreed.into(),
            objectives: vec![Objective {
                id: "implantations".into(),
                ..Default::default()
            }],
            ..Default::default()
        }))
    }

    async fn create_target_set(
        &self,
        _: Request<CreateTargetSetRequest>,
    ) -> Result<Response<TargetSet>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn get_target_set(
        &self,
        _: Request<GetTargetSetRequest>,
    ) -> Result<Response<TargetSet>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn list_target_sets(
        &self,
        _: Request<ListTargetSetsRequest>,
    ) -> Result<Response<ListTargetSetsResponse>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn replace_objectives(
        &self,
        _: Request<ReplaceObjectivesRequest>,
    ) -> Result<Response<TargetSet>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn list_consistency_warnings(
        &self,
        _: Request<ListConsistencyWarningsRequest>,
    ) -> Result<Response<ListConsistencyWarningsResponse>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn agree_to_target_set(
        &self,
        _: Request<AgreeToTargetSetRequest>,
    ) -> Result<Response<TargetSet>, Status> {
        Err(Status::unimplemented("not asked here"))
    }
}
