//! `TaskService`.

use proto::contracts::v1::{
    CompleteTaskRequest, ListTasksRequest, ListTasksResponse, Task,
    task_service_server::TaskService,
};

use crate::app::{App, tasks};

/// Answers `TaskService`.
#[derive(Debug, Clone)]
pub(crate) struct Tasks(pub(crate) App);

rpc::answers! {
    TaskService for Tasks;

    fn list_tasks(app, call, request: ListTasksRequest) -> ListTasksResponse {
        tasks::list(app, &call, request).await?
    }
    fn complete_task(app, call, request: CompleteTaskRequest) -> Task {
        tasks::complete(app, &call, request).await?
    }
}
