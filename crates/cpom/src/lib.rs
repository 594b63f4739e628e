//! The command-line client of the suite, the development token issuer, and the demonstration that runs
//! the whole loop through the public APIs.

pub mod audit;
pub mod cli;
pub mod client;
pub mod commands;
pub mod data_args;
pub mod demo;
pub mod failure;
pub mod following;
pub mod issuer;
pub mod output;
pub mod pages;
pub mod private_file;
pub mod progress;
pub mod request_id;
pub mod retry;
pub mod stack;
pub mod submission;
pub mod text;
pub mod token;
pub mod upload;
