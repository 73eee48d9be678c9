//! Behaviour, tested from Python: every script under `tests/python` prints what it prints on CPython 3.14.

mod runner;

fn main() -> std::process::ExitCode {
    runner::Suite { directory: "python", arguments: &[], errors: false }.run()
}
