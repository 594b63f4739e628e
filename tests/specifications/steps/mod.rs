//! What each sentence of the features does, through the generated clients.

mod amendment;
mod appeal;
mod control;
mod deadline;
mod given;
mod mandate;
mod members;
mod negotiation;
mod outcome;
mod procedure;
mod programming;
mod proof;
mod review;
mod signature;
mod term;
mod termination;
