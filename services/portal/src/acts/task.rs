//! A task that the registry or the clock raised: somebody has dealt with it, and says how.

use proto::contracts::v1::{CompleteTaskRequest, Task};
use tonic::Status;

use super::{ActForm, Field};
use crate::{
    form::Form,
    services::{Services, within},
};

/// Where tasks are.
pub(crate) const PATH: &str = "/taches";

/// The form that completes one.
pub(crate) fn complete(task: &Task) -> ActForm {
    ActForm::new("CompleteTask", "Dire ce qui a été fait", "Clore la tâche")
        .intro(&task.explanation)
        .with(Field::hidden("name", &task.name))
        .with(Field::text(
            "note",
            "Ce qui a été fait, ou pourquoi rien n’est à faire",
        ))
        .on(PATH, &task.etag)
}

/// Completes it.
pub(crate) async fn send(services: &Services, form: &Form) -> Result<(), Status> {
    let request = CompleteTaskRequest {
        name: form.text("name").to_owned(),
        etag: form.text("etag").to_owned(),
        note: form.text("note").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.tasks();
    client.complete_task(within(request)).await.map(|_| ())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    (method == "CompleteTask").then_some("La tâche est close.")
}
