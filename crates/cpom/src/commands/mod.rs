//! One file per command.

pub(crate) mod audit;
pub(crate) mod campaign;
mod contracts;
mod data;
mod demo;
pub(crate) mod document;
pub(crate) mod history;
mod import;
mod issuer;
pub(crate) mod programming;
mod rates;
mod reviews;
mod submit;
mod token;

use std::env::current_dir;

use anyhow::{Context as _, Result};

use crate::{
    cli::{Cli, Command, Common},
    client::{Session, Suite},
    failure::Exit,
    issuer::{Kind, TokenRequest},
    output::Output,
    stack::{Service, Stack},
    token::IssuerClient,
};

/// Does what the command line says.
pub async fn run(cli: Cli) -> Result<Exit> {
    let context = Context::of(cli.common)?;
    match cli.command {
        Command::Issuer(args) => issuer::run(&args).await,
        Command::Token(args) => token::run(&context, &args).await,
        Command::Import(args) => import::run(&context, &args).await,
        Command::Submit(args) => submit::run(&context, &args).await,
        Command::Campaign(command) => campaign::run(&context, command).await,
        Command::Reviews(command) => reviews::run(&context, command).await,
        Command::Contracts(command) => contracts::run(&context, command).await,
        Command::Programming(command) => programming::run(&context, command).await,
        Command::Document(args) => document::run(&context, args).await,
        Command::History(args) => history::run(&context, &args).await,
        Command::Audit(command) => audit::run(&context, command).await,
        Command::Rates(command) => rates::run(&context, &command),
        Command::Data(command) => data::run(&context, command).await,
        Command::Demo(args) => demo::run(&context, &args).await,
    }
}

/// What every command needs.
struct Context {
    common: Common,
    stack: Stack,
    output: Output,
}

impl Context {
    fn of(common: Common) -> Result<Self> {
        let folder = current_dir().context("the current folder is gone")?;
        let output = Output { json: common.json };
        Ok(Self {
            common,
            stack: Stack::find(&folder)?,
            output,
        })
    }

    /// Connects to `needed` with the given token, or one for `usual_role`.
    async fn session(&self, needed: &[Service], usual_role: &str) -> Result<Session> {
        let token = self.token(usual_role).await?;
        Suite::connect(&self.stack, needed).await?.session(&token)
    }

    async fn token(&self, usual_role: &str) -> Result<String> {
        if let Some(token) = &self.common.token {
            return Ok(token.trim().to_owned());
        }
        let role = self.common.acting_as.as_deref().unwrap_or(usual_role);
        IssuerClient::of(&self.stack)?
            .mint(&self.token_request(role, "*"))
            .await
    }

    /// A development token for a role, with the subject and FINESS numbers of the command line.
    fn token_request(&self, role: &str, region: &str) -> TokenRequest {
        let (kind, usual_sub) = match role {
            "establishment_system" => (Kind::System, "system:command-line".to_owned()),
            "service" => (Kind::Service, "service:command-line".to_owned()),
            _ => (Kind::Human, format!("person:{}", role.replace('_', "-"))),
        };
        let sub = self.common.sub.clone().unwrap_or(usual_sub);
        let mut request = TokenRequest::new(kind, role, &sub, &sub, &[region]);
        request.finess = self.common.finess.iter().map(ToString::to_string).collect();
        let departments = &self.common.departments;
        request.departments = departments.iter().map(ToString::to_string).collect();
        request
    }
}
