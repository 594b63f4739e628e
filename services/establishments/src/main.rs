//! The process.

use std::process::ExitCode;

fn main() -> ExitCode {
    kit::main(&establishments::DEFINITION, establishments::start)
}
