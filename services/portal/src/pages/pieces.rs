//! Files that accompany what people say, downloaded by whoever may read what they said.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use proto::contracts::v1::{Attachment, DownloadAttachmentRequest};

use super::resource;
use crate::{Failure, services::within, visitor::Visitor};

/// A file as a page shows it.
pub(super) struct Piece {
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) path: String,
}

impl Piece {
    /// A file that is named on the page at this path.
    pub(super) fn of(page: &str, attachment: &Attachment) -> Self {
        Self {
            name: attachment.file_name.clone(),
            sha256: attachment.sha256.clone(),
            path: format!("{page}/pieces/{}", attachment.sha256),
        }
    }
}

/// `/revues/{id}/pieces/{sha256}`.
pub(crate) async fn of_review(
    Path((id, sha256)): Path<(String, String)>,
    visitor: Visitor,
) -> Response {
    let answer = file(&visitor, "reviews", &id, sha256).await;
    visitor.answer(answer).await
}

/// `/procedures/{id}/pieces/{sha256}`.
pub(crate) async fn of_procedure(
    Path((id, sha256)): Path<(String, String)>,
    visitor: Visitor,
) -> Response {
    let answer = file(&visitor, "procedures", &id, sha256).await;
    visitor.answer(answer).await
}

/// `/contrats/{id}/pieces/{sha256}`.
pub(crate) async fn of_contract(
    Path((id, sha256)): Path<(String, String)>,
    visitor: Visitor,
) -> Response {
    let answer = file(&visitor, "contracts", &id, sha256).await;
    visitor.answer(answer).await
}

/// `/avenants/{id}/pieces/{sha256}`.
pub(crate) async fn of_amendment(
    Path((id, sha256)): Path<(String, String)>,
    visitor: Visitor,
) -> Response {
    let answer = file(&visitor, "amendments", &id, sha256).await;
    visitor.answer(answer).await
}

async fn file(
    visitor: &Visitor,
    collection: &str,
    id: &str,
    sha256: String,
) -> Result<Response, Failure> {
    let request = DownloadAttachmentRequest {
        parent: resource(collection, id)?,
        sha256,
    };
    let mut client = visitor.services.attachments();
    let mut messages = client
        .download_attachment(within(request))
        .await?
        .into_inner();
    let (mut told, mut bytes) = (Attachment::default(), Vec::new());
    while let Some(message) = messages.message().await? {
        told = message.attachment.unwrap_or(told);
        bytes.extend(message.chunk);
    }
    Ok((headers(&told), bytes).into_response())
}

/// A browser saves the file and shows nothing of it: it is somebody else’s.
fn headers(told: &Attachment) -> HeaderMap {
    let name = form_urlencoded::byte_serialize(told.file_name.as_bytes())
        .collect::<String>()
        .replace('+', "%20");
    let disposition = format!("attachment; filename*=UTF-8''{name}");
    let mut headers = HeaderMap::new();
    for (header, value) in [
        (header::CONTENT_TYPE, told.media_type.as_str()),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(header, value);
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        let told = Attachment {
            file_name: "bilan \"2024\"\r\nX: é.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            ..Default::default()
        };
        let headers = headers(&told);
        assert_eq!(
            headers[header::CONTENT_DISPOSITION],
            "attachment; filename*=UTF-8''bilan%20%222024%22%0D%0AX%3A%20%C3%A9.pdf"
        );
        assert_eq!(headers[header::CONTENT_TYPE], "application/pdf");
    }
}
