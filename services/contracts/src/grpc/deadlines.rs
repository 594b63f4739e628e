//! `DeadlineService`.

use proto::contracts::v1::{
    ExportCalendarRequest, ExportCalendarResponse, GetNoticePreferencesRequest,
    ListDeadlinesRequest, ListDeadlinesResponse, NoticePreferences, UpdateNoticePreferencesRequest,
    deadline_service_server::DeadlineService,
};
use tonic::{Request, Response, Status};

use crate::app::{App, deadlines, notice_preferences};

/// Answers `DeadlineService`.
#[derive(Debug, Clone)]
pub(crate) struct Deadlines(pub(crate) App);

rpc::answers! {
    DeadlineService for Deadlines;

    fn list_deadlines(app, call, request: ListDeadlinesRequest) -> ListDeadlinesResponse {
        deadlines::list(app, &call, request).await?
    }
    fn export_calendar(app, call, request: ExportCalendarRequest) -> ExportCalendarResponse {
        deadlines::export(app, &call, request).await?
    }
    fn update_notice_preferences(app, call, request: UpdateNoticePreferencesRequest)
        -> NoticePreferences
    {
        notice_preferences::update(app, &call, request).await?
    }

    by hand {
        async fn get_notice_preferences(
            &self,
            request: Request<GetNoticePreferencesRequest>,
        ) -> Result<Response<NoticePreferences>, Status> {
            let (call, request) = rpc::open(request)?;
            Ok(Response::new(
                notice_preferences::get(&self.0, &call, request).await?,
            ))
        }
    }
}
