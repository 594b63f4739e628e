//! The `request_id` of commands: what makes sending one twice harmless.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A new one, for a command that a person gives once.
pub fn fresh() -> String {
    kernel::new_id().to_string()
}

/// The same parts always give the same identifier (`UUIDv8`, RFC 9562 section 5.8, from SHA-256), so
/// that a program that is started again repeats its requests instead of making new ones.
pub fn derived(parts: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    for part in parts {
        // The length first: ["ab", "c"] is not ["a", "bc"].
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_identifiers_are_stable_and_depend_on_every_part() {
        let id = derived(&["demo", "42", "CreateContract"]);
        assert_eq!(id, derived(&["demo", "42", "CreateContract"]));
        assert_eq!(id.get_version_num(), 8);
        assert_ne!(id, derived(&["demo", "4", "2CreateContract"]));
        assert_ne!(fresh(), fresh());
    }
}
