//! The portal: `portal serve` and `portal migrate`.

use std::process::ExitCode;

fn main() -> ExitCode {
    portal::command_line::main()
}
