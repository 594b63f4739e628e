//! Identifiers: `UUIDv7`, one newtype per kind of thing, written on the wire as AIP resource names.

use uuid::Uuid;

/// A new time-ordered identifier.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that makes identifiers"
)]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// The text is not the resource name that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not a name of the form {collection}/{{uuid}}")]
pub struct NameError {
    pub collection: &'static str,
    pub given: String,
}

/// Declares a typed identifier whose resource name is `collection/{uuid}`:
/// `kernel::typed_id!(/** A contract. */ ContractId, "contracts");`
#[macro_export]
macro_rules! typed_id {
    ($(#[$meta:meta])* $name:ident, $collection:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub ::uuid::Uuid);

        impl $name {
            /// The collection part of the resource name.
            pub const COLLECTION: &'static str = $collection;

            /// A new identifier.
            pub fn generate() -> Self {
                Self($crate::new_id())
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, concat!($collection, "/{}"), self.0)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::id::NameError;
            fn from_str(name: &str) -> Result<Self, Self::Err> {
                name.strip_prefix(concat!($collection, "/"))
                    .and_then(|id| id.parse().ok())
                    .map(Self)
                    .ok_or_else(|| $crate::id::NameError {
                        collection: $collection,
                        given: name.to_owned(),
                    })
            }
        }
    };
}
