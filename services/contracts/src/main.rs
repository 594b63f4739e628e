//! The contracts service: `contracts serve` and `contracts migrate`.

use std::process::ExitCode;

fn main() -> ExitCode {
    kit::main(&contracts::DEFINITION, contracts::start)
}
