//! Reads dialogues within the caller's scope.

use proto::targets::v1 as pb;
use rpc::{Call, Error, Page};
use uuid::Uuid;

use crate::{
    app::App,
    domain::planning::DialogueId,
    grpc::{planning::dialogues, scalars::parse},
    store::planning::dialogue::{self, Filter},
};

/// Bytes of a page: a dialogue may hold long minutes.
const PAGE_BYTES: usize = 2 * 1024 * 1024;

/// One dialogue by its name.
pub(crate) async fn get(
    app: &App,
    call: &Call,
    request: &pb::GetDialogueRequest,
) -> Result<pb::TerritoryDialogue, Error> {
    let id: DialogueId = parse("name", &request.name)?;
    let found = dialogue::find(app.db.pool(), id)
        .await?
        .filter(|found| super::sees(call, &found.value))
        .ok_or_else(|| Error::NotFound(request.name.clone()))?;
    Ok(dialogues::write(&found))
}

/// A page of dialogues, the oldest first.
pub(crate) async fn list(
    app: &App,
    call: &Call,
    request: &pb::ListDialoguesRequest,
) -> Result<pb::ListDialoguesResponse, Error> {
    let state = request.state();
    let page = Page::read(
        request.page_size,
        &request.page_token,
        &[&request.region, &request.territory, state.as_str_name()],
    )?;
    let filter = Filter {
        regions: super::regions(call, &request.region)?,
        territory: Some(request.territory.clone()).filter(|territory| !territory.is_empty()),
        state: dialogues::read_state(state),
        invited: super::own(call),
        after: page.key::<Uuid>(0)?,
    };
    let found = dialogue::list(app.db.pool(), &filter, page.limit()).await?;
    let mut written: Vec<pb::TerritoryDialogue> = found.iter().map(dialogues::write).collect();
    let next_page_token = page.next_within(
        PAGE_BYTES,
        &mut written,
        prost::Message::encoded_len,
        |dialogue| {
            vec![
                dialogue
                    .name
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            ]
        },
    );
    Ok(pb::ListDialoguesResponse {
        dialogues: written,
        next_page_token,
    })
}
