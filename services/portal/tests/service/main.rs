//! The portal alone, black box: signing in at a provider that speaks as ProConnect does, sessions, forms. The services
//! are away, which it must say well.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod provider;
mod sessions;
mod sign_in;
mod support;
mod theme;
mod upload;
