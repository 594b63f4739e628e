//! What other services are told. This one listens to nobody.

pub(crate) mod published;
