//! Reading reviews.

use proto::contracts::v1 as pb;
use rpc::{Call, Error, Page};

use super::{App, review_act, scope};
use crate::{
    domain::{Review, ReviewId, review::human::Circumstances},
    grpc::convert,
    store as rows,
};

pub async fn get(
    app: &App,
    call: &Call,
    request: pb::GetReviewRequest,
) -> Result<pb::Review, Error> {
    let id: ReviewId = convert::name("name", &request.name)?;
    let not_found = || Error::NotFound(request.name.clone());
    let mut connection = app.db.pool().acquire().await?;
    let review = rows::review::find(&mut connection, id)
        .await?
        .ok_or_else(not_found)?;
    let legal_entities = rows::review::parties(&mut connection, review.contract).await?;
    if !review_act::sees(call, &review, &legal_entities) {
        return Err(not_found());
    }
    let controllers = rows::review::controllers(&mut connection, &review).await?;
    let circumstances = Circumstances {
        legal_entities: &legal_entities,
        controllers: &controllers,
        now: call.at,
    };
    let actions = review.allowed_actions(scope::viewer(call).as_ref(), &circumstances);
    let number = rows::notice::contract_number(&mut connection, review.contract).await?;
    Ok(convert::review(
        &review,
        &number.unwrap_or_default(),
        scope::side(call),
        &actions,
        call.at,
    ))
}

pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListReviewsRequest,
) -> Result<pb::ListReviewsResponse, Error> {
    let state = convert::review_state_filter(request.state());
    let arguments = [
        &request.region,
        &request.contract,
        &request.campaign,
        state.unwrap_or_default(),
    ];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let filter = rows::review::Filter {
        scope: scope::of_list(call),
        region: convert::filter(&request.region),
        contract: convert::name_filter("contract", &request.contract)?,
        campaign: convert::name_filter("campaign", &request.campaign)?,
        state,
    };
    let after = page.dated()?;
    let mut connection = app.db.pool().acquire().await?;
    let mut reviews = rows::review::list(&mut connection, &filter, after, page.limit()).await?;
    let next_page_token = page.next(&mut reviews, |r| rpc::dated_key(r.created_at, r.id.0));
    let numbers = rows::review::contract_numbers(&mut connection, &reviews).await?;
    let number = |review: &Review| numbers.get(&review.contract.0).map_or("", String::as_str);
    let side = scope::side(call);
    let reviews = reviews
        .iter()
        .map(|review| convert::review(review, number(review), side, &[], call.at))
        .collect();
    Ok(pb::ListReviewsResponse {
        reviews,
        next_page_token,
    })
}
