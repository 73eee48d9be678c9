//! The compiler: `-m dis` shows for every script under `tests/dis` what CPython 3.14 shows.

mod runner;

fn main() -> std::process::ExitCode {
    runner::Suite { directory: "dis", arguments: &["-m", "dis"], errors: false }.run()
}
