//! Standardised rates ([`rates`]) and disclosure control of tables ([`suppression`]).
//!
//! Pure functions over plain numbers, without a noun of the trade: the same code serves a statistician’s
//! file on the command line and a service’s publication.

pub mod rates;
pub mod suppression;
