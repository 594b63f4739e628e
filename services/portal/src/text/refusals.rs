//! What the refusals of the services mean in French, by their stable reason: what stands in the way, and what to do.
//! Each stands in the file of what refuses it, in the order of the alphabet.

mod any_service;
mod contracts;
mod controls;
mod establishments;
mod planning;
mod procedures;
mod rows;
mod targets;

/// The sentence of a reason.
pub fn sentence(reason: &str) -> Option<&'static str> {
    [
        any_service::sentence,
        establishments::sentence,
        contracts::sentence,
        procedures::sentence,
        targets::sentence,
        planning::sentence,
        controls::sentence,
        rows::sentence,
    ]
    .into_iter()
    .find_map(|known| known(reason))
}
