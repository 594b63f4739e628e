//! The portal: HTML in French, made on the server, over the public interfaces of the four services.
//!
//! It owns nothing but sessions. Every call carries the token of the person who is signed in, so that the portal has
//! no right of its own, and what a person may do is decided where it always is. Every page works without a script.
//!
//! - [`identity`]: OpenID Connect. [`store`]: all SQL, of sessions. [`visitor`]: who asks for a page.
//! - [`pages`]: one file a part of the portal. [`acts`]: what may be done, as forms.
//! - [`picture`], [`table`], [`text`]: figures as SVG, as tables and files, and in French; pure.

mod acts;
mod assets;
pub mod command_line;
mod compression;
mod config;
mod cookies;
mod failure;
mod form;
mod frame;
mod identity;
mod indicators;
mod pages;
mod picture;
mod portal;
mod routes;
mod security;
mod server;
mod services;
mod store;
mod table;
mod text;
mod upload;
mod visitor;

use kit::Definition;
use sqlx::migrate::Migrator;

pub use config::{Config, Provider};
pub use server::{Running, serve};
/// What happened, in French, for the test that no fact of a history is left without words.
pub use text::labels::known_fact as fact_in_french;
/// What auditors read, in French, for the test that no method they may call is left without words.
pub use text::readings::given as reading_in_french;
/// What a refusal means in French, for the test that no reason of a service is left without a sentence.
pub use text::refusals::sentence as refusal_in_french;

use failure::Failure;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// What the portal is, for those who prepare its database.
pub static DEFINITION: Definition = Definition {
    name: "portal",
    migrations: &MIGRATIONS,
    // It answers no gRPC.
    authorization: "",
};
