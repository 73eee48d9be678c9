//! The project's tasks: `cargo xtask TASK`.
//!
//! Each task is a module or a script under `tools/`; this file only says which there are.

mod dispatch;
mod dist;
mod tasks;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tasks::Outcome;

/// A task: its name, what it does, and its function, which gets the remaining arguments.
type Task = (&'static str, &'static str, fn(&[String]) -> Outcome);

const TASKS: &[Task] = &[
    ("check", "format, clippy, tidy and all tests: what must pass before a change lands", tasks::check),
    ("tidy", "layers, unsafe, host access, file sizes, docs (rules: xtask/tidy.toml)", tidy::run),
    ("test-python", "tests/{python,dis,tracebacks,command_line} [--oracle [--bless] | --update] [FILTER...]", tasks::test_python),
    ("dist", "build the binary to distribute, guided by a profile, into target/dist (10 minutes)", dist::run),
    ("dispatch", "check that the release build replicates the dispatch jump", dispatch::run),
    ("oracle", "install CPython 3.14 with its tests, CPython 3.15 and PyPy", tasks::oracle),
    ("conformance", "CPython's own tests: run, hold, docs, report, failures, list (--help)", tasks::conformance),
    ("fuzz", "compare with CPython on random inputs: [TARGET...] [--seed S] [--count N] [--show CASE] (--help)", tasks::fuzz),
    ("parity", "compare our code objects with CPython's: SOURCES... [--show N]", tasks::parity),
    ("bench", "time programs on Bredli and CPython, write docs/performance: setup, [--set dev,micro | --bench nbody] ...", tasks::bench),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        return help();
    };
    let Some((_, _, task)) = TASKS.iter().find(|task| task.0 == name) else {
        return help();
    };
    match task(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask {name}: {message}");
            ExitCode::FAILURE
        }
    }
}

fn help() -> ExitCode {
    eprintln!("cargo xtask TASK [ARGUMENTS]\n");
    for (name, text, _) in TASKS {
        eprintln!("  {name:12} {text}");
    }
    ExitCode::from(2)
}

/// The top of the source tree.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies below the top").to_owned()
}
