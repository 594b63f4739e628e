//! The real programs, killed and cut off at the worst moments.
