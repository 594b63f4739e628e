//! `targets serve` and `targets migrate`.

use std::process::ExitCode;

fn main() -> ExitCode {
    kit::main(&targets::DEFINITION, targets::start)
}
