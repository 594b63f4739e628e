//! The `controls` process: `controls serve`, `controls migrate`.

use std::process::ExitCode;

fn main() -> ExitCode {
    kit::main(&controls::DEFINITION, controls::start)
}
