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

#[tonic::async_trait]
impl DeadlineService for Deadlines {
    async fn list_deadlines(
        &self,
        request: Request<ListDeadlinesRequest>,
    ) -> Result<Response<ListDeadlinesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            deadlines::list(&self.0, &call, request).await?,
        ))
    }

    async fn export_calendar(
        &self,
        request: Request<ExportCalendarRequest>,
    ) -> Result<Response<ExportCalendarResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            deadlines::export(&self.0, &call, request).await?,
        ))
    }

    async fn get_notice_preferences(
        &self,
        request: Request<GetNoticePreferencesRequest>,
    ) -> Result<Response<NoticePreferences>, Status> {
        let (call, request) = rpc::open(request)?;
        Ok(Response::new(
            notice_preferences::get(&self.0, &call, request).await?,
        ))
    }

    async fn update_notice_preferences(
        &self,
        request: Request<UpdateNoticePreferencesRequest>,
    ) -> Result<Response<NoticePreferences>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            notice_preferences::update(&self.0, &call, request).await?,
        ))
    }
}
