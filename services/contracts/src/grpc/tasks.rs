//! `TaskService`.

use proto::contracts::v1::{
    CompleteTaskRequest, ListTasksRequest, ListTasksResponse, Task,
    task_service_server::TaskService,
};
use tonic::{Request, Response, Status};

use crate::app::{App, tasks};

/// Answers `TaskService`.
#[derive(Debug, Clone)]
pub(crate) struct Tasks(pub(crate) App);

#[tonic::async_trait]
impl TaskService for Tasks {
    async fn list_tasks(
        &self,
        request: Request<ListTasksRequest>,
    ) -> Result<Response<ListTasksResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(tasks::list(&self.0, &call, request).await?))
    }

    async fn complete_task(
        &self,
        request: Request<CompleteTaskRequest>,
    ) -> Result<Response<Task>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            tasks::complete(&self.0, &call, request).await?,
        ))
    }
}
