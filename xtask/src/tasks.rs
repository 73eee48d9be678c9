//! The tasks that run other programs: cargo, and the Python scripts under `tools/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::root;

/// A task's outcome; the text says what failed.
pub type Outcome = Result<(), String>;

/// Where the oracle is installed: `BREDLI_ORACLE`, or a place in the home directory.
fn oracle_root() -> PathBuf {
    std::env::var_os("BREDLI_ORACLE").map(PathBuf::from).unwrap_or_else(|| {
        let home = std::env::var_os("HOME").unwrap_or_else(|| "/".into());
        Path::new(&home).join(".cache/bredli-oracle")
    })
}

fn oracle_python() -> Result<PathBuf, String> {
    let python = oracle_root().join("py/python3.14");
    if python.exists() { Ok(python) } else { Err("no oracle: run `cargo xtask oracle` first".to_owned()) }
}

/// The machine's own Python, which runs our scripts.
fn script(path: &str) -> Command {
    let mut command = Command::new("python3");
    command.arg(root().join("tools").join(path));
    command
}

/// Cargo, at the top of the source tree.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Runs a command to its end and shows it first.
pub fn run(command: &mut Command) -> Outcome {
    eprintln!("$ {}", shown(command));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{} ended with {status}", shown(command))),
        Err(error) => Err(format!("cannot run {}: {error}", shown(command))),
    }
}

/// A command as one would type it.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// The directory cargo builds into.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map(|path| root().join(path)).unwrap_or_else(|| root().join("target"))
}

/// Builds `bredli` in a profile and gives its path; `BREDLI` names a ready one instead.
pub fn bredli(profile: &str) -> Result<PathBuf, String> {
    if let Some(ready) = std::env::var_os("BREDLI") {
        return Ok(ready.into());
    }
    run(&mut cargo(&["build", "--profile", profile, "--package", "bredli-cli"]))?;
    Ok(target().join(profile).join("bredli"))
}

pub fn check(_: &[String]) -> Outcome {
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    run(&mut cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    crate::tidy::run(&[])?;
    // What only Miri runs must compile, although some helpers of the other tests are of no use to it.
    let heap = ["rustc", "--quiet", "--package", "bredli-heap", "--lib", "--profile", "test"];
    run(cargo(&heap).args(["--", "--cfg", "miri", "--cap-lints", "allow"]))?;
    run(&mut cargo(&["test", "--quiet", "--workspace"]))
}

pub fn test_python(arguments: &[String]) -> Outcome {
    let mut command = cargo(&[
        "test",
        "--quiet",
        "--no-fail-fast",
        "--package",
        "bredli-cli",
        "--test",
        "python",
        "--test",
        "dis",
        "--test",
        "tracebacks",
        "--test",
        "command_line",
        "--",
    ]);
    for argument in arguments {
        match argument.as_str() {
            "--oracle" => command.arg("--reference").arg(oracle_python()?),
            other => command.arg(other),
        };
    }
    run(&mut command)
}

pub fn oracle(arguments: &[String]) -> Outcome {
    run(Command::new("bash").arg(root().join("tools/oracle/setup.sh")).args(arguments))
}

/// Arguments given once more by the user win, since the last one counts.
pub fn conformance(arguments: &[String]) -> Outcome {
    let Some((action, rest)) = arguments.split_first() else {
        return run(script("conformance/conformance.py").arg("--help"));
    };
    if action == "docs" {
        return conformance_docs(rest);
    }
    let mut command = script("conformance/conformance.py");
    command.arg(action);
    if matches!(action.as_str(), "run" | "list" | "hold") {
        command.arg("--testdir").arg(oracle_python()?.with_file_name("../usr/lib/python3.14/test"));
    }
    if matches!(action.as_str(), "run" | "hold") {
        command.arg("--python").arg(bredli("release")?);
        command.arg("--out").arg(target().join("conformance"));
        command.args(["--install", "--stub", "_testcapi,_testinternalcapi,_testlimitedcapi,_testmultiphase"]);
    }
    if action == "hold" {
        command.arg("--expectations").arg(expectations());
    }
    run(command.args(rest))
}

fn expectations() -> PathBuf {
    root().join("tests/conformance/expectations.txt")
}

/// Run CPython's tests of the language, the built-in types and the pure-Python library, and write what came out into `docs/` and the README.
fn conformance_docs(arguments: &[String]) -> Outcome {
    let run_arguments = ["run", "--group", "lang,types,pure", "--timeout", "300", "--test-timeout", "60"].map(str::to_owned);
    conformance(&[&run_arguments, arguments].concat())?;
    let out = target().join("conformance");
    let mut docs = script("conformance/conformance.py");
    docs.arg("docs").arg(&out).arg("--expectations").arg(expectations()).arg("--to").arg(root().join("docs/conformance.md"));
    run(&mut docs)?;
    run(script("measured.py").arg("conformance").arg(out.join("summary.json")))
}

pub fn fuzz(arguments: &[String]) -> Outcome {
    run(script("fuzz/fuzz.py").arg("--oracle").arg(oracle_python()?).arg("--program").arg(bredli("quick")?).args(arguments))
}

/// Our side comes from an example of the compiler, so that it can be compared before anything runs.
pub fn parity(arguments: &[String]) -> Outcome {
    let is_option = |argument: &String| argument.starts_with('-') || argument.parse::<u32>().is_ok();
    let (options, sources): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|argument| is_option(argument));
    let sources: Vec<PathBuf> = match sources.is_empty() {
        true => vec![oracle_root().join("usr/lib/python3.14")],
        false => sources
            .iter()
            .map(|source| Path::new(source).canonicalize().map_err(|error| format!("{source}: {error}")))
            .collect::<Result<_, _>>()?,
    };
    let file = |name: &str| target().join(format!("parity-{name}"));
    let (records, ours, theirs) = (file("records"), file("bredli.jsonl"), file("cpython.jsonl"));
    let mut files = Vec::new();
    sources.iter().for_each(|source| python_files(source, &mut files));
    run(&mut cargo(&["build", "--quiet", "--profile", "quick", "--package", "bredli-compile", "--example", "dump"]))?;
    let mut dump = Command::new(target().join("quick/examples/dump"));
    eprintln!("$ dump {} files", files.len());
    let outcome = dump.arg(&records).args(files).status().map_err(|error| error.to_string())?;
    if !outcome.success() {
        return Err(format!("the compiler ended with {outcome}"));
    }
    let script_path = root().join("tools/parity/bytecode_dump.py");
    let python = oracle_python()?;
    run(Command::new(&python).arg(&script_path).args(&sources).arg("-o").arg(&theirs))?;
    run(Command::new(&python).arg(&script_path).args(&sources).arg("--records").arg(&records).arg("-o").arg(&ours))?;
    run(script("parity/bytecode_compare.py").args([theirs, ours]).args(options))
}

/// Every Python file at or below a path.
pub fn python_files(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            python_files(&entry.path(), files);
        }
    } else if path.extension().is_some_and(|extension| extension == "py") {
        files.push(path.to_owned());
    }
}

/// Programs named with `--bench` are only timed; whole sets are written about in `docs/performance`, and the README's figures follow.
pub fn bench(arguments: &[String]) -> Outcome {
    if arguments.first().is_some_and(|argument| argument == "setup") {
        return run(Command::new("bash").arg(root().join("tools/bench/setup.sh")).args(&arguments[1..]));
    }
    let given = |option: &str| arguments.iter().any(|argument| argument.split('=').next() == Some(option));
    let mut command = script("bench/bench_runner.py");
    if given("--list") {
        return run(command.args(arguments));
    }
    if !given("--impl") && !given("--again") {
        command.arg("--impl").arg(format!("CPython={}", oracle_python()?.display()));
        command.arg("--impl").arg(format!("Bredli={}", bredli("release")?.display()));
    }
    if given("--bench") {
        return run(command.args(arguments));
    }
    let (measurements, docs) = (target().join("bench"), root().join("docs/performance"));
    command.args(["--set", "dev,micro,native,startup,memory,collector", "--rounds", "2"]);
    run(command.arg("--json").arg(&measurements).arg("--to").arg(docs).args(arguments))?;
    run(script("measured.py").arg("speed").arg(measurements))
}
