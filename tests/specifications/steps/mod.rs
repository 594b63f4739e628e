//! What each sentence of the features does, through the generated clients.

mod amendment;
mod appeal;
mod cap;
mod control;
mod deadline;
mod defence;
mod difference;
mod follow_up;
mod given;
mod mandate;
mod members;
mod modulation;
mod negotiation;
mod outcome;
mod parties;
mod procedure;
mod programming;
mod proof;
mod public;
mod reasons;
mod review;
mod signature;
mod term;
mod termination;
mod withdrawal;
