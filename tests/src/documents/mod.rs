//! The documents that follow from the code: nobody writes them, so they cannot be wrong.

mod authorization;
mod errors;
pub mod events;
mod markdown;

/// A generated document.
pub struct Document {
    /// From the root of the repository.
    pub path: &'static str,
    pub content: String,
}

/// All of them.
pub fn all() -> anyhow::Result<Vec<Document>> {
    Ok(vec![
        Document {
            path: "docs/ERRORS.md",
            content: errors::render(),
        },
        Document {
            path: "docs/EVENTS.md",
            content: events::render()?,
        },
        Document {
            path: "docs/AUTHORIZATION.md",
            content: authorization::render()?,
        },
    ])
}
