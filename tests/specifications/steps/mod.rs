//! What each sentence of the features does, through the generated clients.

mod amendment;
mod control;
mod given;
mod negotiation;
mod outcome;
mod procedure;
mod proof;
mod review;
mod signature;
mod term;
mod termination;
