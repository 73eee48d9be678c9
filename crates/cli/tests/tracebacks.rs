//! Errors: every script under `tests/tracebacks` fails with CPython 3.14's message, traceback and exit status.

mod runner;

fn main() -> std::process::ExitCode {
    runner::Suite { directory: "tracebacks", arguments: &[], errors: true }.run()
}
