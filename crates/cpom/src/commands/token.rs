//! `cpom token`.

use anyhow::Result;
use serde_json::json;

use super::Context;
use crate::{cli::TokenArgs, failure::Exit, issuer::TokenRequest, token::IssuerClient};

pub(super) async fn run(context: &Context, args: &TokenArgs) -> Result<Exit> {
    let region = args.region.map_or("*", kernel::Region::code);
    let request = TokenRequest {
        lifetime_seconds: args.lifetime,
        ..context.token_request(&args.role, region)
    };
    let token = IssuerClient::of(&context.stack)?.mint(&request).await?;
    let value = json!({"token": token, "sub": request.sub, "expiresInSeconds": args.lifetime});
    context.output.print(&value, || format!("{token}\n"))?;
    Ok(Exit::Success)
}
