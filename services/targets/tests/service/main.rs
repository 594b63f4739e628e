//! The service as its clients see it: gRPC in, real Postgres, real NATS, real tokens.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, what does not work should stop it"
)]

mod amendments;
mod authorization;
mod bad_rows;
mod capacities;
mod case_mix_version;
mod compared;
mod cooperations;
mod council_places;
mod credits;
mod data;
mod departments;
mod dialogues;
mod finances;
mod following;
mod frameworks;
mod home_care;
mod importing;
mod needs;
mod outages;
mod outlines;
mod project_calls;
mod rates;
mod realisations;
mod rejections;
mod resuming;
mod schemes;
mod scope;
mod secrecy;
mod stale;
mod statements;
mod target_sets;
mod tariffs;
mod territory_context;
mod world;
mod year_to_date;
