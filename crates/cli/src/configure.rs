//! From arguments and environment variables to a `Config`, by CPython's rules (`Python/initconfig.c`,
//! `Python/preconfig.c`).
//!
//! An option beats a variable, and a variable that is empty is not set.

use bredli::config::{Config, DEFAULT_MAX_STR_DIGITS, HashSeed, Shown};
use bredli::host::Host;

use crate::args::Arguments;
use crate::locale;

/// A value that makes starting impossible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fatal {
    /// What is wrong, with the place CPython names.
    pub message: String,
    /// How far CPython says it had come.
    pub state: &'static str,
}

impl Fatal {
    /// What is written to standard error before exiting with 1.
    pub fn text(&self) -> String {
        format!("Fatal Python error: {}\nPython runtime state: {}\n\n", self.message, self.state)
    }
}

fn fatal<T>(message: &str) -> Result<T, Fatal> {
    Err(Fatal { message: message.to_owned(), state: "preinitialized" })
}

fn early<T>(message: &str) -> Result<T, Fatal> {
    Err(Fatal { message: message.to_owned(), state: "preinitializing" })
}

/// The values of options and variables while a configuration is made.
struct Sources<'a> {
    host: &'a dyn Host,
    arguments: &'a Arguments,
    use_environment: bool,
}

impl Sources<'_> {
    /// A variable that is set and counts.
    fn variable(&self, name: &str) -> Option<Vec<u8>> {
        if !self.use_environment {
            return None;
        }
        self.host.getenv(name.as_bytes()).ok().flatten().filter(|value| !value.is_empty())
    }

    fn has(&self, name: &str) -> bool {
        self.variable(name).is_some()
    }

    /// How often an option was given, or the larger number in its variable; a text there counts as 1.
    fn level(&self, letter: char, name: &str) -> u32 {
        self.arguments.count(letter).max(self.flag(name))
    }

    fn flag(&self, name: &str) -> u32 {
        self.variable(name).map_or(0, |value| integer(&value).and_then(|value| value.try_into().ok()).unwrap_or(1))
    }
}

/// Makes the configuration; may set `LC_CTYPE` in the host's environment and warn about it on standard error.
pub fn configure(arguments: &Arguments, host: &dyn Host) -> Result<Config, Fatal> {
    let isolated = arguments.has('I');
    let sources = Sources { host, arguments, use_environment: !isolated && !arguments.has('E') };
    let mut config = Config {
        run: arguments.run.clone(),
        argv: arguments.argv.clone(),
        orig_argv: arguments.all.clone(),
        x_options: arguments.x_options.clone(),
        check_hash_pycs: arguments.check_hash_pycs,
        isolated,
        use_environment: sources.use_environment,
        ..Config::default()
    };
    config.dev_mode = config.x_option("dev").is_some() || sources.has("PYTHONDEVMODE");
    check_allocator(&sources)?;
    encodings(&mut config, &sources)?;
    switches(&mut config, &sources);
    paths(&mut config, &sources);
    x_options(&mut config, &sources)?;
    warn_options(&mut config, &sources);
    Ok(config)
}

fn switches(config: &mut Config, sources: &Sources) {
    let arguments = sources.arguments;
    config.inspect = arguments.has('i') || sources.has("PYTHONINSPECT");
    config.interactive = arguments.has('i');
    config.optimization_level = sources.level('O', "PYTHONOPTIMIZE");
    config.parser_debug = sources.level('d', "PYTHONDEBUG");
    config.verbose = sources.level('v', "PYTHONVERBOSE");
    config.quiet = arguments.count('q');
    config.bytes_warning = arguments.count('b');
    config.write_bytecode = sources.level('B', "PYTHONDONTWRITEBYTECODE") == 0;
    config.site_import = !arguments.has('S');
    config.user_site_directory = !config.isolated && sources.level('s', "PYTHONNOUSERSITE") == 0;
    config.safe_path = config.isolated || arguments.has('P') || sources.has("PYTHONSAFEPATH");
    config.buffered_stdio = sources.level('u', "PYTHONUNBUFFERED") == 0;
    config.skip_source_first_line = arguments.has('x');
    let stress = sources.host.getenv(b"BREDLI_GC_STRESS").ok().flatten();
    config.gc_stress = stress.and_then(|value| integer(&value)).and_then(|value| value.try_into().ok()).filter(|value| *value > 0);
}

fn paths(config: &mut Config, sources: &Sources) {
    config.program_name = config.orig_argv.first().filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| b"bredli".to_vec());
    config.executable = find_executable(sources.host, &config.program_name);
    config.python_path = sources.variable("PYTHONPATH");
    config.home = sources.variable("PYTHONHOME");
    config.platlibdir = sources.variable("PYTHONPLATLIBDIR").unwrap_or_else(|| b"lib".to_vec());
    config.stdlib = sources.arguments.stdlib.clone().or_else(|| sources.variable("BREDLIHOME"));
    let prefix = config.x_option("pycache_prefix").map(<[u8]>::to_vec).or_else(|| sources.variable("PYTHONPYCACHEPREFIX"));
    config.pycache_prefix = prefix.filter(|path| !path.is_empty());
    config.pycache_tag = config.x_option("pycache_tag").filter(|tag| !tag.is_empty()).map(<[u8]>::to_vec);
}

/// Where the program called `name` is: as given when it has a slash, else found on `PATH`.
fn find_executable(host: &dyn Host, name: &[u8]) -> Vec<u8> {
    if name.contains(&b'/') {
        return absolute(host, name);
    }
    let path = host.getenv(b"PATH").ok().flatten().unwrap_or_default();
    for directory in path.split(|byte| *byte == b':').filter(|directory| !directory.is_empty()) {
        let candidate = [directory, b"/", name].concat();
        if host.access(&candidate, X_OK, None, false, true).unwrap_or(false) {
            return absolute(host, &candidate);
        }
    }
    host.executable().unwrap_or_default()
}

/// `X_OK`, the same on every Unix.
const X_OK: i32 = 1;

fn absolute(host: &dyn Host, path: &[u8]) -> Vec<u8> {
    if path.starts_with(b"/") {
        return path.to_vec();
    }
    let relative = path.strip_prefix(b"./").unwrap_or(path);
    match host.getcwd() {
        Ok(directory) => [directory.as_slice(), if directory.ends_with(b"/") { b"" } else { b"/" }, relative].concat(),
        Err(_) => path.to_vec(),
    }
}

fn check_allocator(sources: &Sources) -> Result<(), Fatal> {
    const KNOWN: [&[u8]; 8] =
        [b"default", b"debug", b"pymalloc", b"pymalloc_debug", b"malloc", b"malloc_debug", b"mimalloc", b"mimalloc_debug"];
    match sources.variable("PYTHONMALLOC") {
        Some(name) if !KNOWN.contains(&name.as_slice()) => early("preconfig_init_allocator: PYTHONMALLOC: unknown allocator"),
        _ => Ok(()),
    }
}

fn encodings(config: &mut Config, sources: &Sources) -> Result<(), Fatal> {
    let coercion = sources.variable("PYTHONCOERCECLOCALE");
    let ctype = locale::character_type(sources.host, coercion.as_deref());
    config.utf8_mode = match (config.x_option("utf8"), sources.variable("PYTHONUTF8").as_deref()) {
        (Some(b"1"), _) => true,
        (Some(b"0"), _) => false,
        (Some(b""), _) if !config.x_options.iter().any(|option| option == b"utf8=") => true,
        (Some(_), _) => return early("preconfig_init_utf8_mode: invalid -X utf8 option value"),
        (None, Some(b"1")) => true,
        (None, Some(b"0")) => false,
        (None, Some(_)) => return early("preconfig_init_utf8_mode: invalid PYTHONUTF8 environment variable value"),
        (None, None) => ctype.is_c,
    };
    let encoding = if config.utf8_mode { "utf-8".to_owned() } else { ctype.encoding };
    config.filesystem_encoding = encoding.clone();
    config.stdio_encoding = encoding;
    config.stdio_errors = if config.utf8_mode || ctype.escapes { "surrogateescape" } else { "strict" }.to_owned();
    if let Some(wanted) = sources.variable("PYTHONIOENCODING") {
        let wanted = String::from_utf8_lossy(&wanted);
        let (encoding, errors) = wanted.split_once(':').unwrap_or((&wanted, ""));
        if !encoding.is_empty() {
            config.stdio_encoding = encoding.to_owned();
            config.stdio_errors = "strict".to_owned();
        }
        if !errors.is_empty() {
            config.stdio_errors = errors.to_owned();
        }
    }
    Ok(())
}

fn warn_options(config: &mut Config, sources: &Sources) {
    let mut options: Vec<Vec<u8>> = Vec::new();
    if config.dev_mode {
        options.push(b"default".to_vec());
    }
    if let Some(list) = sources.variable("PYTHONWARNINGS") {
        options.extend(list.split(|byte| *byte == b',').filter(|option| !option.is_empty()).map(<[u8]>::to_vec));
    }
    options.extend(sources.arguments.warn_options.iter().cloned());
    match config.bytes_warning {
        0 => {}
        1 => options.push(b"default::BytesWarning".to_vec()),
        _ => options.push(b"error::BytesWarning".to_vec()),
    }
    config.warn_options = options;
}

fn x_options(config: &mut Config, sources: &Sources) -> Result<(), Fatal> {
    config.hash_seed = hash_seed(sources)?;
    config.faulthandler = config.dev_mode || config.x_option("faulthandler").is_some() || sources.has("PYTHONFAULTHANDLER");
    config.code_debug_ranges = config.x_option("no_debug_ranges").is_none() && !sources.has("PYTHONNODEBUGRANGES");
    config.warn_default_encoding = config.x_option("warn_default_encoding").is_some() || sources.has("PYTHONWARNDEFAULTENCODING");
    config.remote_debug = config.x_option("disable-remote-debug").is_none() && !sources.has("PYTHON_DISABLE_REMOTE_DEBUG");
    config.show_exec = config.x_option("showexec").map(|name| match name {
        b"" => Shown::Program,
        name => Shown::Named(name.to_vec()),
    });
    check_gil(config, sources)?;
    config.tracemalloc = tracemalloc(config, sources)?;
    config.import_time = import_time(config, sources)?;
    config.use_frozen_modules = frozen_modules(config, sources)?;
    config.int_max_str_digits = int_max_str_digits(config, sources)?;
    config.cpu_count = cpu_count(config, sources)?;
    config.thread_inherit_context = on_or_off(config, sources, "thread_inherit_context", "PYTHON_THREAD_INHERIT_CONTEXT")?;
    config.context_aware_warnings = on_or_off(config, sources, "context_aware_warnings", "PYTHON_CONTEXT_AWARE_WARNINGS")?;
    Ok(())
}

fn hash_seed(sources: &Sources) -> Result<HashSeed, Fatal> {
    match sources.variable("PYTHONHASHSEED") {
        Some(seed) if !sources.arguments.has('R') && seed != b"random" => match integer(&seed).and_then(|seed| seed.try_into().ok()) {
            Some(seed) => Ok(HashSeed::Fixed(seed)),
            None => fatal(r#"config_init_hash_seed: PYTHONHASHSEED must be "random" or an integer in range [0; 4294967295]"#),
        },
        _ => Ok(HashSeed::Random),
    }
}

fn check_gil(config: &Config, sources: &Sources) -> Result<(), Fatal> {
    let wanted = sources.variable("PYTHON_GIL").or_else(|| config.x_option("gil").map(<[u8]>::to_vec));
    match wanted.as_deref() {
        None | Some(b"1") => Ok(()),
        Some(b"0") => fatal("config_read_gil: Disabling the GIL is not supported by this build"),
        Some(_) => fatal(r#"config_read_gil: PYTHON_GIL / -X gil must be "0" or "1""#),
    }
}

fn tracemalloc(config: &Config, sources: &Sources) -> Result<u32, Fatal> {
    let frames = |value: &[u8]| integer(value).and_then(|frames| i32::try_from(frames).ok()).and_then(|frames| frames.try_into().ok());
    match (config.x_option("tracemalloc"), sources.variable("PYTHONTRACEMALLOC")) {
        (Some(b""), _) => Ok(1),
        (Some(value), _) => {
            frames(value).map_or_else(|| fatal("config_init_tracemalloc: -X tracemalloc=NFRAME: invalid number of frames"), Ok)
        }
        (None, Some(value)) => {
            frames(&value).map_or_else(|| fatal("config_init_tracemalloc: PYTHONTRACEMALLOC: invalid number of frames"), Ok)
        }
        (None, None) => Ok(0),
    }
}

fn import_time(config: &Config, sources: &Sources) -> Result<u32, Fatal> {
    let (level, place) = match (config.x_option("importtime"), sources.variable("PYTHONPROFILEIMPORTTIME")) {
        (Some(value), _) => (integer(value), "-X importtime: "),
        (None, Some(value)) => (integer(&value), "PYTHONPROFILEIMPORTTIME: numeric "),
        (None, None) => return Ok(0),
    };
    match level {
        None | Some(1) => Ok(1),
        Some(2) => Ok(2),
        Some(_) => fatal(&format!("config_init_import_time: {place}values other than 1 and 2 are reserved for future use.")),
    }
}

fn frozen_modules(config: &Config, sources: &Sources) -> Result<bool, Fatal> {
    let variable = sources.variable("PYTHON_FROZEN_MODULES");
    let (value, source) = match (config.x_option("frozen_modules"), &variable) {
        (Some(value), _) => (value, "option -X frozen_modules"),
        (None, Some(value)) => (value.as_slice(), "PYTHON_FROZEN_MODULES"),
        (None, None) => return Ok(true),
    };
    match value {
        b"" | b"on" => Ok(true),
        b"off" => Ok(false),
        _ => fatal(&format!(r#"bad value for {source} (expected "on" or "off")"#)),
    }
}

fn int_max_str_digits(config: &Config, sources: &Sources) -> Result<u32, Fatal> {
    /// Smaller limits would break programs that print ordinary numbers.
    const SMALLEST: u32 = 640;
    let valid = |value: &[u8]| {
        integer(value).and_then(|digits| i32::try_from(digits).ok()?.try_into().ok()).filter(|digits| *digits == 0 || *digits >= SMALLEST)
    };
    let (value, source) = match (config.x_option("int_max_str_digits"), sources.variable("PYTHONINTMAXSTRDIGITS")) {
        (Some(value), _) => (valid(value), "-X int_max_str_digits"),
        (None, Some(value)) => (valid(&value), "PYTHONINTMAXSTRDIGITS"),
        (None, None) => return Ok(DEFAULT_MAX_STR_DIGITS),
    };
    value.map_or_else(
        || fatal(&format!("config_init_int_max_str_digits: {source}: invalid limit; must be >= {SMALLEST} or 0 for unlimited.")),
        Ok,
    )
}

fn cpu_count(config: &Config, sources: &Sources) -> Result<Option<u32>, Fatal> {
    let variable = sources.variable("PYTHON_CPU_COUNT");
    let Some(value) = config.x_option("cpu_count").or(variable.as_deref()) else {
        return Ok(None);
    };
    if value == b"default" {
        return Ok(None);
    }
    match integer(value).and_then(|count| i32::try_from(count).ok()?.try_into().ok()) {
        Some(count @ 1..) => Ok(Some(count)),
        _ => fatal("config_init_cpu_count: -X cpu_count=n option: n is missing or an invalid number, n must be greater than 0"),
    }
}

fn on_or_off(config: &Config, sources: &Sources, option: &str, name: &str) -> Result<bool, Fatal> {
    let (value, complaint) = match (config.x_option(option), sources.variable(name)) {
        (Some(value), _) => (integer(value), format!("config_init_{option}: -X {option}=n: n is missing or invalid")),
        (None, Some(value)) => (integer(&value), format!("config_init_{option}: {name}=N: N is missing or invalid")),
        (None, None) => return Ok(false),
    };
    match value {
        Some(0) => Ok(false),
        Some(1) => Ok(true),
        _ => fatal(&complaint),
    }
}

/// A whole number as C's `strtol` reads it, with nothing after it.
fn integer(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.trim_start_matches(|c: char| c.is_ascii_whitespace()).parse().ok()
}

#[cfg(test)]
mod tests;
