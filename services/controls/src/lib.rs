//! Ex-post control of the contracts of a region: systematic, explained, and without any power to
//! sanction (circulaire DGOS/R5/2011/74).

pub mod domain;
