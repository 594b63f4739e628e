//! The service from outside: the generated client, real Postgres, real NATS, real tokens.

mod authorization;
mod closing;
mod concurrency;
mod events;
mod importing;
mod outages;
mod reading;
mod real_files;
mod rejections;
mod support;
mod uploading;
