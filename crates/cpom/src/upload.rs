//! Streams a registry file to the establishments service.

use std::time::Duration;

use futures::{Stream, stream};
use indicatif::ProgressBar;
use proto::establishments::v1::{
    ImportHeader, ImportRegistryRequest, ImportReport,
    establishment_service_client::EstablishmentServiceClient,
};
use tonic::Status;

use crate::{client::Link, retry};

/// What the service takes at a time.
const CHUNK: usize = 64 * 1024;

/// An import reads, compares and writes a whole extract before it answers.
const DEADLINE: Duration = Duration::from_mins(10);

/// Sends the file and returns the report. Sent again when the connection breaks: the `request_id` of the
/// header makes that harmless.
pub async fn import(
    client: EstablishmentServiceClient<Link>,
    header: ImportHeader,
    content: &[u8],
    progress: &ProgressBar,
) -> Result<ImportReport, Status> {
    retry::unary((), DEADLINE, |request| {
        let mut client = client.clone();
        let messages = messages(header.clone(), content.to_vec(), progress.clone());
        async move {
            let mut streaming = tonic::Request::new(messages);
            *streaming.metadata_mut() = request.metadata().clone();
            client.import_registry(streaming).await
        }
    })
    .await
}

fn messages(
    header: ImportHeader,
    content: Vec<u8>,
    progress: ProgressBar,
) -> impl Stream<Item = ImportRegistryRequest> + Send + 'static {
    progress.set_position(0);
    let header = ImportRegistryRequest {
        header: Some(header),
        ..Default::default()
    };
    let chunks = stream::unfold(content, move |mut content| {
        let progress = progress.clone();
        async move {
            if content.is_empty() {
                return None;
            }
            let rest = content.split_off(content.len().min(CHUNK));
            progress.inc(content.len() as u64);
            Some((
                ImportRegistryRequest {
                    chunk: content,
                    ..Default::default()
                },
                rest,
            ))
        }
    });
    stream::StreamExt::chain(stream::iter([header]), chunks)
}
