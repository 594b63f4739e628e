//! Standardised rates ([`rates`]), flows between places ([`flows`]), and disclosure control of one table
//! ([`suppression`]) or of everything that is ever published ([`disclosure`]).
//!
//! Pure functions over plain numbers, without a noun of the trade: the same code serves a statistician’s
//! file on the command line and a service’s publication.

pub mod disclosure;
pub mod flows;
pub mod rates;
pub mod suppression;
