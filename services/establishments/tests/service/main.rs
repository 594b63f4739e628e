//! The service from outside: the generated client, real Postgres, real NATS, real tokens.
//!
//! Modules that hold helpers beside tests say `cfg(test)`, by which the linter knows them for what they are.

mod authorization;
mod closing;
mod concurrency;
#[cfg(test)]
mod events;
mod importing;
mod outages;
#[cfg(test)]
mod reading;
mod real_files;
mod rejections;
#[cfg(test)]
mod support;
mod uploading;
