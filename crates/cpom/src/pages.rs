//! Reading a list to its end, page by page.

use std::future::Future;

use tonic::Status;

/// Largest page that the services give.
pub const PAGE_SIZE: i32 = 200;

/// Calls `page` with each page token, the empty one first, and gathers the items.
pub async fn all<T, F, Fut>(mut page: F) -> Result<Vec<T>, Status>
where
    F: FnMut(String) -> Fut,
    Fut: Future<Output = Result<(Vec<T>, String), Status>>,
{
    let mut everything = Vec::new();
    let mut token = String::new();
    loop {
        let (items, next) = page(token).await?;
        everything.extend(items);
        if next.is_empty() {
            return Ok(everything);
        }
        token = next;
    }
}

/// Lists everything of a list method: `list_all!(client, list_contracts, ListContractsRequest { … },
/// contracts)`; the last word is the field of the items.
#[macro_export]
macro_rules! list_all {
    ($client:expr, $method:ident, $request:expr, $items:ident $(,)?) => {
        $crate::pages::all(|page_token| {
            let mut request = $request;
            request.page_size = $crate::pages::PAGE_SIZE;
            request.page_token = page_token;
            let answer = $crate::call!($client, $method, request);
            async move {
                let answer = answer.await?;
                Ok((answer.$items, answer.next_page_token))
            }
        })
    };
}
