//! gRPC as every service does it.
//!
//! - [`Stack`] stands before every handler: trace, authentication, authorization, load limit, detached
//!   execution, deadline. A handler is never cancelled midway by a client that goes away.
//! - [`accept`] gives a handler its [`Call`] and the message, whose `buf.validate` rules hold.
//! - [`Error`] is what a use case answers instead of success; it alone becomes a `Status`.
//! - [`Upload`] receives a file that comes in a stream.
//! - [`Page`] reads and writes page tokens (AIP-158); [`etag`] the optimistic lock (AIP-154).
//!
//! A handler has no `if`: convert, call the use case, convert. [`answers!`] writes what is the same in all of them.

mod answers;
mod call;
mod caller;
pub mod client;
mod ending;
mod error;
pub mod etag;
mod keys;
mod mission;
mod page;
mod reading;
mod rules;
mod stack;
mod upload;

pub use call::{Call, accept, open};
pub use caller::Caller;
pub use ending::Ending;
pub use error::{COMMON_REASONS, Error, Reason, ReasonDoc, Refusal, Violation};
pub use keys::{AUDIENCE, Identity, IdentityError};
pub use mission::Mission;
pub use page::{Page, dated_key};
pub use rules::{Rule, Rules, RulesError};
pub use stack::{Limits, Stack, StackLayer};
pub use upload::{Broken, Upload};
