//! `cargo xtask dist`: the binary to distribute, a release build guided by a profile of what usually runs.
//!
//! A first build counts which way every branch goes while it runs our own scripts and programs; a second one lays out, inlines and
//! unrolls by those counts, and what a start runs is put together, so that it takes little memory. pyperformance's programs are left
//! out: they are what speed and memory are measured with.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::tasks::{self, Outcome, cargo, python_files, shown, target};
use crate::{dispatch, root};

/// Scripts that exhaust the stack or memory, which must not pass for what usually runs.
const EXTREME: [&str; 2] = ["nasty_recursion.py", "no_memory.py"];
/// The directories of `tools/bench` with programs of our own.
const PROGRAMS: [&str; 2] = ["micro", "native"];
/// Seconds of sampling, at least, for each program.
const BUDGET: &str = "0.2";
/// What is compiled, and how often. The compiler has no loop that stands out: it takes many rounds before any of it counts as much as the
/// loops of the programs, and nothing is laid out or inlined for what counts little. More rounds make for a larger parser, of which every
/// program that is compiled takes memory.
const SOURCES: [&str; 2] = ["tests/python", "tools"];
const COMPILATIONS: usize = 20;
/// Where rustc links with the LLD that comes with it (others may not know how to order functions), and where programs may be linked for a
/// fixed address.
const LINUX: &str = "x86_64-unknown-linux-gnu";
/// For one script, or for all programs of a directory.
const TIMEOUT: Duration = Duration::from_secs(120);

pub fn run(_: &[String]) -> Outcome {
    let directory = target().join("dist");
    let [counts, start, profile, order, product] =
        ["counts", "start.profraw", "bredli.profdata", "order.txt", "bredli"].map(|name| directory.join(name));
    let host = answer(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let counting = build(&directory, &host, &[format!("-Cprofile-generate={}", counts.display())])?;
    train(&counting, &counts, &start)?;
    let profiler = merge(&counts, &profile)?;
    let mut flags = vec![format!("-Cprofile-use={}", profile.display())];
    if host == LINUX {
        // The programs may have been given up; then nothing comes before the rest.
        let usual = covered(&profiler, &counts_of(&counts, PROGRAMS[0])).unwrap_or_default();
        let text = in_order(&covered(&profiler, &start)?, &usual, &covered(&profiler, &profile)?);
        std::fs::write(&order, text).map_err(|error| format!("{}: {error}", order.display()))?;
        flags.push(format!("-Clink-arg=-Wl,--symbol-ordering-file={}", order.display()));
        // Some names come twice, and what was inlined everywhere is no symbol any more.
        flags.push("-Clink-arg=-Wl,--no-warn-symbol-ordering".to_owned());
    }
    let guided = build(&directory, &host, &flags)?;
    std::fs::copy(&guided, &product).map_err(|error| format!("{}: {error}", product.display()))?;
    dispatch::check(&product)?;
    println!("{}", product.display());
    Ok(())
}

/// A release build with more flags for the compiler.
fn build(directory: &Path, host: &str, flags: &[String]) -> Result<PathBuf, String> {
    // With a target named, flags are kept from build scripts and macros. Those given by --config follow the ones in
    // .cargo/config.toml; those in the environment would replace them.
    let mut flags = flags.to_vec();
    if host == LINUX {
        // The jump table of the interpreter then holds addresses and not distances, which saves two instructions at each jump.
        flags.push("-Crelocation-model=static".to_owned());
        // A start calls a third of the C library's functions that are named; the loader looks those up when they are called, as in Debian's
        // CPython, and not all before the program begins.
        flags.push("-Crelro-level=partial".to_owned());
    }
    let mut command = cargo(&["build", "--release", "--package", "bredli-cli", "--target", host]);
    command.arg("--target-dir").arg(directory).arg("--config").arg(format!("build.rustflags={flags:?}"));
    tasks::run(command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS"))?;
    Ok(directory.join(host).join("release/bredli"))
}

/// What a command prints.
fn answer(command: &mut Command) -> Result<String, String> {
    let output = command.current_dir(root()).output().map_err(|error| format!("{}: {error}", shown(command)))?;
    if !output.status.success() {
        return Err(format!("{} ended with {}: {}", shown(command), output.status, String::from_utf8_lossy(&output.stderr).trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs scripts and programs. Each process adds its counts to a file in the directory that the binary was built with, but those of
/// a mere start are kept apart.
fn train(binary: &Path, counts: &Path, start: &Path) -> Outcome {
    if counts.exists() {
        std::fs::remove_dir_all(counts).map_err(|error| format!("{}: {error}", counts.display()))?;
    }
    let mut scripts = Vec::new();
    python_files(&root().join("tests/python"), &mut scripts);
    scripts.retain(|script| !EXTREME.iter().any(|name| script.ends_with(name)));
    eprintln!("training on {} scripts and the programs {}", scripts.len(), PROGRAMS.join(", "));
    for script in &scripts {
        exercise(python(binary).arg(script).current_dir(script.parent().expect("a file")))?;
    }
    let bench = root().join("tools/bench");
    for name in PROGRAMS {
        let mut command = python(binary);
        command.arg(bench.join("bench_worker.py")).arg(bench.join(name)).args(["", "0", "0", "cpu", BUDGET]);
        exercise(command.env("LLVM_PROFILE_FILE", counts_of(counts, name)))?;
    }
    let mut compile = python(binary);
    compile.args(["-m", "compileall", "-qq", "-f"]).args(SOURCES).current_dir(root());
    compile.env("PYTHONPYCACHEPREFIX", counts.with_file_name("pycache"));
    for _ in 0..COMPILATIONS {
        exercise(&mut compile)?;
    }
    exercise(python(binary).args(["-c", "pass"]).env("LLVM_PROFILE_FILE", start))?;
    if counts.exists() { Ok(()) } else { Err(format!("the training left nothing in {}", counts.display())) }
}

/// The counts of the programs of a directory, which are part of all counts.
fn counts_of(counts: &Path, programs: &str) -> PathBuf {
    counts.join(programs).with_extension("profraw")
}

/// The interpreter, to be run for its counts alone.
fn python(binary: &Path) -> Command {
    let mut command = Command::new(binary);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("PYTHONDONTWRITEBYTECODE", "1").env_remove("LLVM_PROFILE_FILE");
    command
}

/// Runs a program. One that fails has counted, too; one that does not end is given up.
fn exercise(command: &mut Command) -> Outcome {
    match status(command).map_err(|error| format!("{}: {error}", shown(command)))? {
        Some(status) if status.success() => {}
        Some(status) => eprintln!("{} ended with {status}", shown(command)),
        None => eprintln!("{} took more than {} seconds", shown(command), TIMEOUT.as_secs()),
    }
    Ok(())
}

/// How a program ended, if it did in time.
fn status(command: &mut Command) -> io::Result<Option<ExitStatus>> {
    let (mut child, end) = (command.spawn()?, Instant::now() + TIMEOUT);
    while Instant::now() < end {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

/// Makes one profile of all counts, with the first `llvm-profdata` that understands this compiler's; the answer is which.
fn merge(counts: &Path, profile: &Path) -> Result<PathBuf, String> {
    let mut complaints = String::new();
    for tool in profilers()? {
        let Ok(output) = Command::new(&tool).arg("merge").arg("--output").arg(profile).arg(counts).output() else {
            continue; // Not installed.
        };
        if output.status.success() {
            return Ok(tool);
        }
        complaints += &format!("\n{}: {}", tool.display(), String::from_utf8_lossy(&output.stderr).trim());
    }
    Err(format!("no llvm-profdata reads what was counted: `rustup component add llvm-tools`, or install LLVM 19 or newer{complaints}"))
}

/// The functions that ran, by their symbols.
fn covered(profiler: &Path, profile: &Path) -> Result<Vec<String>, String> {
    let list = answer(Command::new(profiler).args(["show", "--covered"]).arg(profile))?;
    // Functions local to a unit have its name before theirs.
    Ok(list.lines().map(|line| line.rsplit_once(';').map_or(line, |(_, name)| name).to_owned()).collect())
}

/// Which function comes after which: memory is taken by the page, so what a start runs should lie together, then what usual programs run.
/// Of instances of generic functions that came out the same, the linker sees but one; which one is unknown, so all follow those that
/// the start ran.
fn in_order(start: &[String], usual: &[String], all: &[String]) -> String {
    let generic: HashSet<&str> = start.iter().map(|name| without_hash(name)).collect();
    let (near, far): (Vec<&String>, Vec<&String>) = all.iter().partition(|name| generic.contains(without_hash(name)));
    start.iter().chain(near).chain(usual).chain(far).flat_map(|name| [name, "\n"]).collect()
}

/// A symbol without the hash that tells instances apart.
fn without_hash(name: &str) -> &str {
    name.rsplit_once("17h").map_or(name, |(stem, _)| stem)
}

/// Where `llvm-profdata` may be: the toolchain's own, the usual one, and those that Debian installs beside each other.
fn profilers() -> Result<impl Iterator<Item = PathBuf>, String> {
    let libraries = PathBuf::from(answer(Command::new("rustc").args(["--print", "target-libdir"]))?);
    let versions = (19..40).rev().map(|version| format!("llvm-profdata-{version}").into());
    Ok([libraries.with_file_name("bin/llvm-profdata"), "llvm-profdata".into()].into_iter().chain(versions))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_of_what_a_start_runs_come_before_the_rest() {
        let start = ["_ZN4main17h01E", "_ZN4grow17h02E"].map(str::to_owned);
        let usual = ["_ZN4loop17h05E"].map(str::to_owned);
        let all = ["_ZN4else17h03E", "_ZN4grow17h02E", "_ZN4grow17h04E", "_ZN4main17h01E"].map(str::to_owned);
        let near = "_ZN4main17h01E\n_ZN4grow17h02E\n_ZN4grow17h02E\n_ZN4grow17h04E\n_ZN4main17h01E\n";
        assert_eq!(in_order(&start, &usual, &all), format!("{near}_ZN4loop17h05E\n_ZN4else17h03E\n"));
    }
}
