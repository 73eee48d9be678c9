//! Runs scripts and compares what they print with the `.out` file beside each.
//!
//! A suite is a directory under `tests/` of Python scripts, and of shell scripts that find the interpreter in
//! `$PYTHON`. Expected outputs come from CPython only: `--reference PROGRAM` runs the scripts on it and `--bless`
//! writes its output down (`cargo xtask test-python --oracle --bless`). An `.out` file holds standard output, then,
//! where there is something to say, `-- stderr` with standard error and `-- exit N`. What Bredli is known to get
//! wrong stands in the suite's `known_failures.txt`, which `--update` writes anew; a listed script has to fail.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a suite does with each script.
pub struct Suite {
    /// The directory under `tests/`.
    pub directory: &'static str,
    /// Arguments before the script's name.
    pub arguments: &'static [&'static str],
    /// Whether standard error is compared too.
    pub errors: bool,
}

/// How long one script may take, in seconds, unless `BREDLI_TEST_TIMEOUT` says otherwise.
const TIMEOUT: u64 = 120;

struct Options {
    program: PathBuf,
    /// Whether the program is CPython, which has no known failures.
    reference: bool,
    bless: bool,
    update: bool,
    filters: Vec<String>,
}

/// The scripts known to fail, each with the reason.
type KnownFailures = BTreeMap<String, String>;

impl Options {
    /// Takes what it knows from the arguments of `cargo test` and leaves other switches alone.
    fn read() -> Self {
        let program = env!("CARGO_BIN_EXE_bredli").into();
        let mut options = Options { program, reference: false, bless: false, update: false, filters: Vec::new() };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--program" => options.program = arguments.next().expect("--program needs a path").into(),
                "--reference" => {
                    options.program = arguments.next().expect("--reference needs a path").into();
                    options.reference = true;
                }
                "--update" => options.update = true,
                "--bless" => options.bless = true,
                switch if switch.starts_with('-') => {}
                _ => options.filters.push(argument),
            }
        }
        options
    }
}

impl Suite {
    /// Runs every script of the suite that a filter names, or all of them.
    pub fn run(&self) -> ExitCode {
        let options = Options::read();
        if options.bless && !options.reference {
            eprintln!("expected outputs come from CPython: --bless needs --reference");
            return ExitCode::FAILURE;
        }
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests").join(self.directory);
        let Ok(top) = top.canonicalize() else {
            println!("{}: no scripts", self.directory);
            return ExitCode::SUCCESS;
        };
        let mut scripts = Vec::new();
        collect(&top, &mut scripts);
        scripts.sort();
        let name = |script: &Path| script.strip_prefix(&top).unwrap_or(script).display().to_string();
        scripts.retain(|script| options.filters.is_empty() || options.filters.iter().any(|filter| name(script).contains(filter)));
        let (next, failures) = (AtomicUsize::new(0), Mutex::new(KnownFailures::new()));
        let list = top.join("known_failures.txt");
        let known = if options.reference { KnownFailures::new() } else { read_known(&list) };
        std::thread::scope(|scope| {
            for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
                scope.spawn(|| {
                    while let Some(script) = scripts.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if let Err(difference) = self.check(script, &options) {
                            if !known.contains_key(&name(script)) && !options.update {
                                println!("{}/{} ... FAILED\n{difference}", self.directory, name(script));
                            }
                            failures.lock().expect("no test panics").insert(name(script), difference);
                        }
                    }
                });
            }
        });
        let failures = failures.into_inner().expect("no test panics");
        if options.update {
            return update_known(&list, known, &failures, scripts.iter().map(|script| name(script)));
        }
        let new = failures.keys().filter(|name| !known.contains_key(*name)).count();
        let mended: Vec<_> =
            scripts.iter().map(|script| name(script)).filter(|name| known.contains_key(name) && !failures.contains_key(name)).collect();
        for name in &mended {
            println!("{}/{name} passes now: take it off known_failures.txt (or run with --update)", self.directory);
        }
        println!("{}: {} scripts, {new} failed, {} known to fail", self.directory, scripts.len(), failures.len() - new);
        if new == 0 && mended.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn check(&self, script: &Path, options: &Options) -> Result<(), String> {
        let (actual, complaint) = self.output(script, &options.program)?;
        let file = script.with_extension("out");
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        if actual == expected {
            return Ok(());
        }
        if options.bless {
            return std::fs::write(&file, actual).map_err(|error| format!("{}: {error}", file.display()));
        }
        Err(format!("{}{complaint}", difference(&expected, &actual)))
    }

    /// What the program prints for a script, in the form of an `.out` file, and the last thing it complained about.
    fn output(&self, script: &Path, program: &Path) -> Result<(String, String), String> {
        let (directory, file) = (script.parent().expect("a file"), script.file_name().expect("a file"));
        let mut command = if script.extension().is_some_and(|extension| extension == "sh") {
            Command::new("sh")
        } else {
            let mut command = Command::new(program);
            command.args(self.arguments);
            command
        };
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PYTHON")) {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C.UTF-8").env("PYTHONDONTWRITEBYTECODE", "1").env("NO_COLOR", "1").env("PYTHON", program);
        command.arg(file).current_dir(directory);
        let (mut text, errors, status) = run(&mut command)?;
        if self.errors && !errors.is_empty() {
            write!(text, "-- stderr\n{errors}").expect("writing to a string");
        }
        if status != 0 {
            writeln!(text, "-- exit {status}").expect("writing to a string");
        }
        let text = text
            .replace(&format!("{}/", directory.display()), "")
            .replace(&*program.to_string_lossy(), "PYTHON")
            .replace("`bredli -h'", "`python -h'");
        let complaint = errors
            .lines()
            .next_back()
            .map_or(String::new(), |line| format!("  ! {}\n", line.replace(&*program.to_string_lossy(), "PYTHON")));
        Ok((without_addresses(&text), complaint))
    }
}

/// Reads `NAME: REASON` lines.
fn read_known(list: &Path) -> KnownFailures {
    let text = std::fs::read_to_string(list).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(": ")).map(|(name, reason)| (name.to_owned(), reason.to_owned())).collect()
}

/// Writes the list after a run of `scripts`; reasons given by hand stay.
fn update_known(list: &Path, mut known: KnownFailures, failures: &KnownFailures, scripts: impl Iterator<Item = String>) -> ExitCode {
    for script in scripts {
        match failures.get(&script) {
            None => drop(known.remove(&script)),
            Some(difference) => {
                let shown = difference
                    .lines()
                    .rfind(|line| line.starts_with("  ! ") || line.starts_with("  + "))
                    .unwrap_or("  + prints too little");
                known.entry(script).or_insert_with(|| shown[4..].chars().take(100).collect());
            }
        }
    }
    let mut text = "# Scripts that Bredli does not get right yet, and what it says instead.\n".to_owned();
    for (name, reason) in &known {
        let _ = writeln!(text, "{name}: {reason}");
    }
    let outcome = if known.is_empty() && !list.exists() { Ok(()) } else { std::fs::write(list, text) };
    println!("{}: {} known failures", list.display(), known.len());
    if outcome.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Addresses (`at 0x7f...`) differ from run to run.
fn without_addresses(text: &str) -> String {
    const MARK: &str = " at 0x";
    let mut pieces = text.split(MARK);
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_hexdigit).count();
        plain += MARK;
        plain += if digits >= 6 { "..." } else { &piece[..digits] };
        plain += &piece[digits..];
    }
    plain
}

fn collect(directory: &Path, scripts: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        // Names with an underscore are modules that the scripts import.
        if entry.file_name().to_string_lossy().starts_with('_') {
            continue;
        }
        if path.is_dir() {
            collect(&path, scripts);
        } else if path.extension().is_some_and(|extension| extension == "py" || extension == "sh") {
            scripts.push(path);
        }
    }
}

/// Runs a command to its end: standard output, standard error, and the exit status (negative for a signal).
fn run(command: &mut Command) -> Result<(String, String, i32), String> {
    let seconds = std::env::var("BREDLI_TEST_TIMEOUT").ok().and_then(|text| text.parse().ok()).unwrap_or(TIMEOUT);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    let output = reader(child.stdout.take().expect("piped"));
    let errors = reader(child.stderr.take().expect("piped"));
    let end = Instant::now() + Duration::from_secs(seconds);
    let status = loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) => break status,
            None if Instant::now() > end => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("did not end within {seconds} seconds"));
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let status = status.code().unwrap_or_else(|| -std::os::unix::process::ExitStatusExt::signal(&status).unwrap_or(0));
    let text = |thread: std::thread::JoinHandle<Vec<u8>>| String::from_utf8_lossy(&thread.join().expect("no panic")).into_owned();
    Ok((text(output), text(errors), status))
}

fn reader(mut stream: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What arrived before an error is still worth showing.
        let _ = stream.read_to_end(&mut bytes);
        bytes
    })
}

/// The first lines in which two outputs differ, with a little of what comes before.
fn difference(expected: &str, actual: &str) -> String {
    let (expected, actual): (Vec<_>, Vec<_>) = (expected.lines().collect(), actual.lines().collect());
    let same = expected.iter().zip(&actual).take_while(|(a, b)| a == b).count();
    let mut text = String::new();
    for line in &expected[same.saturating_sub(3)..same] {
        let _ = writeln!(text, "    {line}");
    }
    for (mark, lines) in [('-', &expected), ('+', &actual)] {
        for line in lines.iter().skip(same).take(8) {
            let _ = writeln!(text, "  {mark} {line}");
        }
    }
    let _ = writeln!(text, "  (line {}; - expected, + actual)", same + 1);
    text
}
