//! A service that has nothing of its own: what every service gets from here, seen from outside.

mod history;
mod life;
mod support;
