//! Somebody with every right on a database changes it behind the service's back: whatever it was, the auditor's
//! verification finds it and says where.

mod crime;
mod personal;
mod saved;
mod sound;
mod support;
mod tampering;
