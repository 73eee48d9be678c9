//! The command: options, variables, ways to give a program, and exit statuses are CPython 3.14's.

mod runner;

fn main() -> std::process::ExitCode {
    runner::Suite { directory: "command_line", arguments: &[], errors: true }.run()
}
